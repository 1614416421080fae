//! A bar chart as one SVG file: for a README, which shows it on a light page and on a dark one.
//!
//! It brings its own background, so that it reads alike on both, and its title and description for
//! those who hear it. Every bar says its value in words: no colour carries anything alone.

use std::fmt::Write;

use crate::sample::grouped;

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 24.0;
const LABEL_WIDTH: f64 = 220.0;
/// Room for a value right of the longest bar.
const VALUE_WIDTH: f64 = 96.0;
const TOP: f64 = 64.0;
const BAR_HEIGHT: f64 = 26.0;
const BAR_STEP: f64 = 42.0;

const INK: &str = "#1f2328";
const QUIET: &str = "#59636e";
const GRID: &str = "#d1d9e0";
const PAPER: &str = "#ffffff";
const OURS: &str = "#1a7f37";
const THEIRS: &str = "#818b98";

/// How values become lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From nothing on.
    Linear,
    /// Each step ten times the one before: for values that lie far apart.
    Logarithmic,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Whose it is.
    pub label: String,
    /// How much, in the chart's unit. What is not above nothing has no bar.
    pub value: f64,
    /// Whether it is the one that the chart is about.
    pub ours: bool,
}

/// A bar chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is compared, in a few words.
    pub title: String,
    /// The same with its figures and where they are from, for whoever cannot see it.
    pub description: String,
    /// Of the values: `edits a second`.
    pub unit: String,
    /// How long the bars are.
    pub scale: Scale,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

impl Chart {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let height = TOP + BAR_STEP * self.bars.iter().map(|_| 1.0).sum::<f64>() + 44.0;
        let mut svg = String::new();
        // Writing to a String has no error.
        self.write(&mut svg, height).unwrap_or_default();
        svg
    }

    fn write(&self, svg: &mut String, height: f64) -> std::fmt::Result {
        let (title, description, unit) =
            (escaped(&self.title), escaped(&self.description), escaped(&self.unit));
        let axis = Axis::of(self);
        let from = MARGIN + LABEL_WIDTH;
        let full = WIDTH - from - VALUE_WIDTH - MARGIN;
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             width=\"{WIDTH}\" height=\"{height}\" role=\"img\" \
             aria-labelledby=\"title description\" \
             font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">"
        )?;
        writeln!(svg, "<title id=\"title\">{title}</title>")?;
        writeln!(svg, "<desc id=\"description\">{description}</desc>")?;
        writeln!(
            svg,
            "<rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{PAPER}\" \
             stroke=\"{GRID}\"/>",
            WIDTH - 1.0,
            height - 1.0
        )?;
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"36\" font-size=\"17\" font-weight=\"600\" \
             fill=\"{INK}\">{title}</text>"
        )?;
        let bottom = height - 40.0;
        for (tick, part) in axis.ticks() {
            let x = from + full * part;
            writeln!(
                svg,
                "<path d=\"M{x:.1} {:.1}V{bottom:.1}\" stroke=\"{GRID}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12\" text-anchor=\"middle\" \
                 fill=\"{QUIET}\">{tick}</text>",
                TOP - 8.0,
                bottom + 16.0
            )?;
        }
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{:.1}\" font-size=\"12\" fill=\"{QUIET}\">{unit}</text>",
            bottom + 16.0
        )?;
        let mut y = TOP;
        for bar in &self.bars {
            let length = full * axis.part(bar.value);
            bar.write(svg, (from, y), length)?;
            y += BAR_STEP;
        }
        writeln!(svg, "</svg>")
    }
}

impl Bar {
    fn write(&self, svg: &mut String, (x, y): (f64, f64), length: f64) -> std::fmt::Result {
        let (fill, weight) = if self.ours { (OURS, 600) } else { (THEIRS, 400) };
        let middle = y + BAR_HEIGHT / 2.0 + 5.0;
        let digits = if self.value < 10.0 && self.value.fract() > 0.0 {
            format!("{:.1}", self.value)
        } else {
            grouped(self.value)
        };
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{middle:.1}\" font-size=\"14\" font-weight=\"{weight}\" \
             fill=\"{INK}\">{}</text>\
             <rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{BAR_HEIGHT}\" \
             rx=\"3\" fill=\"{fill}\"/>\
             <text x=\"{:.1}\" y=\"{middle:.1}\" font-size=\"14\" font-weight=\"{weight}\" \
             fill=\"{INK}\">{digits}</text>",
            escaped(&self.label),
            x + length + 8.0
        )
    }
}

/// Where values lie between the chart's left and its right.
struct Axis {
    scale: Scale,
    from: f64,
    to: f64,
}

impl Axis {
    fn of(chart: &Chart) -> Self {
        let values = || chart.bars.iter().map(|bar| bar.value).filter(|value| *value > 0.0);
        let most = values().fold(1.0, f64::max);
        let (from, to) = match chart.scale {
            Scale::Linear => {
                let step = step_of(most);
                (0.0, (most / step).ceil() * step)
            }
            Scale::Logarithmic => {
                let least = values().fold(most, f64::min);
                // A power below the least, or its bar would be none.
                let from = 10_f64.powf((least.log10() - 0.001).floor());
                (from, 10_f64.powf(most.log10().ceil()).max(from * 10.0))
            }
        };
        Self { scale: chart.scale, from, to }
    }

    /// From 0 at the left to 1 at the right.
    fn part(&self, value: f64) -> f64 {
        if value <= self.from {
            return 0.0;
        }
        match self.scale {
            Scale::Linear => value / self.to,
            Scale::Logarithmic => (value / self.from).log10() / (self.to / self.from).log10(),
        }
    }

    fn ticks(&self) -> Vec<(String, f64)> {
        let mut ticks = Vec::new();
        let mut value = self.from;
        while value <= self.to * 1.001 {
            ticks.push((grouped(value), self.part(value)));
            value = match self.scale {
                Scale::Linear => value + step_of(self.to),
                Scale::Logarithmic => value * 10.0,
            };
        }
        ticks
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides up to `most` into at most five.
fn step_of(most: f64) -> f64 {
    let power = 10_f64.powf(most.log10().floor());
    let steps = [0.2, 0.5, 1.0, 2.0].map(|step| step * power);
    steps.into_iter().find(|step| most / step <= 5.001).unwrap_or(power)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(scale: Scale) -> Chart {
        let bar = |label: &str, value, ours| Bar { label: label.to_owned(), value, ours };
        let bars = vec![bar("Oogst", 12_345.0, true), bar("R&D <1>", 60.0, false)];
        let (title, unit) = ("Edits".to_owned(), "edits a second".to_owned());
        Chart { title, description: "Oogst 12,345".to_owned(), unit, scale, bars }
    }

    #[test]
    fn a_chart_speaks_and_has_its_own_background() {
        let svg = chart(Scale::Logarithmic).svg();
        assert!(svg.contains("<title id=\"title\">Edits</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"description\">Oogst 12,345</desc>"), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains(PAPER), "{svg}");
        assert!(svg.contains("R&amp;D &lt;1&gt;") && svg.contains(">12,345</text>"), "{svg}");
    }

    #[test]
    fn bars_are_as_long_as_their_scale_says() {
        let axis = Axis::of(&chart(Scale::Logarithmic));
        assert!((axis.from - 10.0).abs() < 1e-9 && (axis.to - 100_000.0).abs() < 1e-6);
        assert!((axis.part(1_000.0) - 0.5).abs() < 1e-9);
        assert_eq!(axis.ticks().len(), 5);
        let axis = Axis::of(&chart(Scale::Linear));
        assert!((axis.to - 15_000.0).abs() < 1e-9, "{}", axis.to);
        assert!((axis.part(7_500.0) - 0.5).abs() < 1e-9);
        assert!(axis.part(-1.0).abs() < 1e-9);
    }
}
