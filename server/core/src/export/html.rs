//! The harvest as one HTML page that needs nothing else: to read, to print, to put on a site.
//!
//! Nothing is fetched, and nothing runs. Every text is escaped, keeps its own direction and names
//! its language where that is not the page's; headings, lists and marks are what they say. The page
//! is well-formed XML too, so that any tool can read it.

use oogst_protocol::api::{ExportedGroup, ExportedInsight, HarvestExport};

use super::{Labels, escaped, heading, one_line};

/// Colours keep a contrast of 4.5 and more on white, also of the small marks.
const STYLE: &str = "\
:root{color-scheme:light}\
body{margin:0;background:#fff;color:#1c2321;font:1rem/1.5 system-ui,sans-serif}\
main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}\
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}\
h2{font-size:1.35rem;line-height:1.3;margin:0;color:#14532d}\
h3{font-size:1.05rem;margin:1.25rem 0 0}\
section{margin-top:2.5rem;padding-top:1.25rem;border-top:2px solid #14532d}\
.day,.group,.note,.none{color:#4b5563;margin:.25rem 0 0}\
ul{margin:.75rem 0 0;padding-inline-start:1.35rem}\
ul ul{margin-top:.25rem}\
ul ul ul ul{padding-inline-start:0}\
li{margin:.5rem 0 0;padding-inline-start:.25rem}\
li::marker{color:#14532d}\
li p{margin:0}\
.text,.aside{white-space:pre-wrap;overflow-wrap:anywhere}\
.more,.credit{color:#4b5563;font-size:.9rem}\
.mark{display:inline-block;padding:0 .5em;border-radius:.75em;\
background:#e8f3ec;color:#14532d;font-size:.8rem}\
.key{background:#fdf0c8;color:#6b4400;font-weight:600}\
@media print{@page{margin:2cm}main{max-width:none;padding:0}\
h2,h3,.group{break-after:avoid}p{orphans:2;widows:2}body{font-size:11pt}}";

/// One page.
#[must_use]
pub fn html(export: &HarvestExport) -> String {
    let labels = Labels::of(&export.language);
    // The page's own words set its language; where it has none of the gathering's, they are
    // English, and what people wrote says what it is.
    let same = export.language.split('-').next() == labels.language.split('-').next();
    let language = if same { export.language.as_str() } else { labels.language };
    let page = Page { labels, gathering: &export.language, page: language };
    let title = escaped(&one_line(&export.title));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escaped(language),
        if title.is_empty() { "Oogst" } else { title.as_str() },
    );
    out.push_str(&format!("<h1 dir=\"auto\"{}>{title}</h1>\n", page.lang(None)));
    if let Some(date) = &export.date {
        out.push_str(&format!("<p class=\"day\">{}</p>\n", escaped(&labels.day(date))));
    }
    for group in &export.groups {
        page.push_group(&mut out, group);
    }
    if let Some(note) = labels.withheld(export.withheld) {
        out.push_str(&format!("<p class=\"note\">{}</p>\n", escaped(&note)));
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

struct Page<'e> {
    labels: &'static Labels,
    /// What people write in, where they do not say otherwise.
    gathering: &'e str,
    /// What the page's own words are in.
    page: &'e str,
}

impl Page<'_> {
    /// The language that a text is in, where that is not the page's.
    fn lang(&self, language: Option<&str>) -> String {
        let language = language.unwrap_or(self.gathering);
        if language == self.page || language.is_empty() {
            return String::new();
        }
        format!(" lang=\"{}\"", escaped(language))
    }

    fn push_group(&self, out: &mut String, group: &ExportedGroup) {
        let (heading, name) = (heading(group), one_line(&group.name));
        let lang = self.lang(None);
        out.push_str("<section>\n");
        out.push_str(&format!("<h2 dir=\"auto\"{lang}>{}</h2>\n", escaped(&heading)));
        if !name.is_empty() && name != heading {
            out.push_str(&format!(
                "<p class=\"group\" dir=\"auto\"{lang}>{}</p>\n",
                escaped(&name)
            ));
        }
        if group.insights.is_empty() {
            out.push_str(&format!("<p class=\"none\">{}</p>\n", escaped(self.labels.nothing_yet)));
        }
        self.push_list(out, &group.insights);
        if !group.guests_insights.is_empty() {
            out.push_str(&format!("<h3>{}</h3>\n", escaped(self.labels.outside_heading)));
            self.push_list(out, &group.guests_insights);
        }
        out.push_str("</section>\n");
    }

    fn push_list(&self, out: &mut String, insights: &[ExportedInsight]) {
        if insights.is_empty() {
            return;
        }
        out.push_str("<ul>\n");
        for insight in insights {
            self.push_insight(out, insight);
        }
        out.push_str("</ul>\n");
    }

    fn push_insight(&self, out: &mut String, insight: &ExportedInsight) {
        let kind = self.labels.kind(insight.category.as_deref(), insight.from_outside);
        let highlight = insight.highlight.then_some(self.labels.highlight);
        // A mark has a direction of its own, so that the paragraph's is that of its text.
        let mark = |class: &str, words: &str| {
            format!("<span class=\"{class}\" dir=\"ltr\">{}</span> ", escaped(words))
        };
        let key = highlight.map(|words| mark("mark key", words)).unwrap_or_default();
        let kind = kind.map(|words| mark("mark", words)).unwrap_or_default();
        let (lang, text) = (self.lang(insight.language.as_deref()), escaped(&insight.text));
        out.push_str(&format!("<li><p dir=\"auto\">{key}{kind}"));
        out.push_str(&format!("<span class=\"text\"{lang}>{text}</span></p>"));
        for translation in &insight.translations {
            let by = mark("mark", self.labels.translation_by(translation.by_machine));
            let lang = self.lang(Some(&translation.language));
            let text = escaped(&translation.text);
            out.push_str(&format!("<p class=\"more\" dir=\"auto\">{by}"));
            out.push_str(&format!("<span class=\"text\"{lang}>{text}</span></p>"));
        }
        for (label, told) in self.labels.asides(insight) {
            let (lang, told) = (self.lang(None), escaped(&told));
            out.push_str("<p class=\"more\">");
            out.push_str(&format!("{label}: <bdi class=\"aside\"{lang}>{told}</bdi></p>"));
        }
        if !insight.credits.is_empty() {
            let credits = escaped(&insight.credits.join(", "));
            out.push_str(&format!("<p class=\"credit\" dir=\"auto\">{credits}</p>"));
        }
        if !insight.insights.is_empty() {
            out.push('\n');
            self.push_list(out, &insight.insights);
        }
        out.push_str("</li>\n");
    }
}
