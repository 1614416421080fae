//! The harvest as Markdown: `# ` with the title, then per group `## ` with its question and its
//! nested items as `- `, two spaces a level, each on one line.

use oogst_protocol::api::{ExportedInsight, HarvestExport};

use super::{Labels, heading, one_line, walk};

/// The contract's form, to the letter.
#[must_use]
pub fn markdown(export: &HarvestExport) -> String {
    let labels = Labels::of(&export.language);
    let mut text = format!("# {}\n", one_line(&export.title));
    for group in &export.groups {
        text.push_str(&format!("\n## {}\n", heading(group)));
        push_list(&mut text, &group.insights);
        if !group.guests_insights.is_empty() {
            text.push_str(&format!("\n### {}\n", labels.outside_heading));
            push_list(&mut text, &group.guests_insights);
        }
    }
    text
}

fn push_list(text: &mut String, insights: &[ExportedInsight]) {
    if !insights.is_empty() {
        text.push('\n');
    }
    walk(insights, &mut |level, insight| {
        let indent = "  ".repeat(level - 1);
        text.push_str(&format!("{indent}- {}{}\n", one_line(&insight.text), credit(insight)));
    });
}

fn credit(insight: &ExportedInsight) -> String {
    let credits: Vec<_> = insight.credits.iter().map(|credit| one_line(credit)).collect();
    if credits.is_empty() { String::new() } else { format!(" ({})", credits.join(", ")) }
}
