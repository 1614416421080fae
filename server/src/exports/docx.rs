//! The harvest as a Word document: headings, true nested lists, marks; in the texts' own
//! languages and directions.
//!
//! The parts are written here, as plain XML, and packed by `zip`: what a library would write adds
//! ids from a counter or a clock, and knows neither the language nor the direction of a run.
//! The package holds what Word needs and nothing that it would have to repair.

use std::io::{Cursor, Write};

use oogst_core::export::{LEVELS_DRAWN, Labels, escaped, heading, one_line, walk};
use oogst_protocol::api::{ExportedInsight, HarvestExport};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::direction::is_right_to_left;

const STYLES: &str = include_str!("docx/styles.xml");
const NUMBERING: &str = include_str!("docx/numbering.xml");
const TYPES: &str = include_str!("docx/content-types.xml");
const RELATIONS: &str = include_str!("docx/relations.xml");
const DOCUMENT_RELATIONS: &str = include_str!("docx/document-relations.xml");
const FOOTER: &str = include_str!("docx/footer.xml");

const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// One package.
pub(super) fn docx(export: &HarvestExport) -> Result<Vec<u8>, ZipError> {
    let language = escaped(&export.language);
    let files = [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", properties(export)),
        ("word/document.xml", document(export)),
        ("word/styles.xml", STYLES.replace("{language}", &language)),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/footer1.xml", FOOTER.replace("{page}", Labels::of(&export.language).page)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
    ];
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        // The format's oldest moment: a file has the same bytes whenever it is made.
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        package.start_file(name, options)?;
        package.write_all(text.as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}

fn properties(export: &HarvestExport) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/\
         core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title>{}</dc:title><dc:language>{}</dc:language></cp:coreProperties>\n",
        escaped(&one_line(&export.title)),
        escaped(&export.language),
    )
}

fn document(export: &HarvestExport) -> String {
    let labels = Labels::of(&export.language);
    let mut body = Body { text: String::new(), labels, gathering: &export.language };
    body.paragraph("Title", None, &one_line(&export.title));
    if let Some(date) = &export.date {
        body.paragraph("Day", Some(labels.language), &labels.day(date));
    }
    for group in &export.groups {
        let (heading, name) = (heading(group), one_line(&group.name));
        body.paragraph("Heading1", None, &heading);
        if !name.is_empty() && name != heading {
            body.paragraph("Group", None, &name);
        }
        if group.insights.is_empty() {
            body.paragraph("Note", Some(labels.language), labels.nothing_yet);
        }
        body.list(&group.insights);
        if !group.guests_insights.is_empty() {
            body.paragraph("Heading2", Some(labels.language), labels.outside_heading);
            body.list(&group.guests_insights);
        }
    }
    if let Some(note) = labels.withheld(export.withheld) {
        body.paragraph("Note", Some(labels.language), &note);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:document xmlns:w=\"{NAMESPACE}\" xmlns:r=\"{RELATIONSHIPS}\"><w:body>{}\
         <w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1247\" w:right=\"1247\" \
         w:bottom=\"1247\" w:left=\"1247\" w:header=\"624\" w:footer=\"624\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>\n",
        body.text
    )
}

struct Body<'e> {
    text: String,
    labels: &'static Labels,
    /// What people write in, where they do not say otherwise.
    gathering: &'e str,
}

impl Body<'_> {
    /// A paragraph of one text; without a language it is in the gathering's.
    fn paragraph(&mut self, style: &str, language: Option<&str>, text: &str) {
        self.open(style, None, is_right_to_left(text));
        self.run("", language, text);
        self.close();
    }

    fn list(&mut self, insights: &[ExportedInsight]) {
        walk(insights, &mut |level, insight| self.insight(level, insight));
    }

    /// An insight, and what is told of it in paragraphs under it, all at its level.
    fn insight(&mut self, level: usize, insight: &ExportedInsight) {
        let level = level.min(LEVELS_DRAWN) - 1;
        let labels = self.labels;
        let language = insight.language.as_deref();
        self.open("Insight", Some(level), is_right_to_left(&insight.text));
        if insight.highlight {
            self.mark("KeyPoint", labels.highlight);
        }
        if let Some(kind) = labels.kind(insight.category.as_deref(), insight.from_outside) {
            self.mark("Mark", kind);
        }
        self.run("", language, &insight.text);
        self.close();
        for translation in &insight.translations {
            self.under(level, is_right_to_left(&translation.text));
            self.mark("Mark", labels.translation_by(translation.by_machine));
            self.run("", Some(&translation.language), &translation.text);
            self.close();
        }
        for (label, told) in labels.asides(insight) {
            self.under(level, false);
            self.run("", Some(labels.language), &format!("{label}: "));
            self.run("", None, &told);
            self.close();
        }
        if !insight.credits.is_empty() {
            self.under(level, false);
            self.run("", None, &insight.credits.join(", "));
            self.close();
        }
    }

    fn under(&mut self, level: usize, right_to_left: bool) {
        self.open(["Under1", "Under2", "Under3"][level], None, right_to_left);
    }

    fn open(&mut self, style: &str, level: Option<usize>, right_to_left: bool) {
        self.text.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>"));
        if let Some(level) = level {
            let number = format!("<w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/>");
            self.text.push_str(&format!("<w:numPr>{number}</w:numPr>"));
        }
        self.text.push_str(if right_to_left { "<w:bidi/></w:pPr>" } else { "</w:pPr>" });
    }

    fn close(&mut self) {
        self.text.push_str("</w:p>");
    }

    fn mark(&mut self, style: &str, words: &str) {
        self.run(&format!("<w:rStyle w:val=\"{style}\"/>"), Some(self.labels.language), words);
        self.run("", None, "  ");
    }

    /// A run of one language. Line breaks and tabs are Word's own.
    fn run(&mut self, style: &str, language: Option<&str>, text: &str) {
        let language = language.unwrap_or(self.gathering);
        let lang = format!("w:val=\"{0}\" w:bidi=\"{0}\"", escaped(language));
        let rtl = if is_right_to_left(text) { "<w:rtl/>" } else { "" };
        let properties = format!("<w:rPr>{style}{rtl}<w:lang {lang}/></w:rPr>");
        self.text.push_str(&format!("<w:r>{properties}"));
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.text.push_str("<w:br/>");
            }
            for (place, piece) in line.split('\t').enumerate() {
                if place > 0 {
                    self.text.push_str("<w:tab/>");
                }
                if !piece.is_empty() {
                    let piece = escaped(piece);
                    self.text.push_str(&format!("<w:t xml:space=\"preserve\">{piece}</w:t>"));
                }
            }
        }
        self.text.push_str("</w:r>");
    }
}
