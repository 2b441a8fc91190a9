//! Charts as inline SVG: each with a title, a description of what there is to see, and its figures in words.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use policy::Language;

use crate::report::language::Writing;

/// The width of every chart in its own units, of which a phone shows one as one pixel.
const WIDTH: f64 = 360.0;
/// The height of charts with upright columns or lines.
const HEIGHT: f64 = 190.0;
/// Room for the numbers at the left and the labels at the bottom.
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 22.0;
const TOP: f64 = 10.0;
/// The most labels that fit below a chart.
const LABELS: usize = 8;
/// The height of one bar with its label above it.
const ROW: f64 = 34.0;

/// What a chart is called and says.
pub(super) struct Caption<'a> {
    /// Its id on the page.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'a str,
    /// What there is to see.
    pub(super) description: String,
}

/// Upright columns, in the order of time; a figure that is not published has no column.
pub(super) fn columns(caption: &Caption<'_>, values: &[(String, u64)], language: Language) -> Markup {
    let top = values.iter().map(|(_, value)| *value).max().unwrap_or_default();
    let scale = Scale::to(top);
    let step = (WIDTH - LEFT) / values.len().max(1) as f64;
    let mut drawing = scale.lines(language);
    for (position, (label, value)) in values.iter().enumerate() {
        let x = LEFT + step * position as f64;
        let y = scale.y(*value as f64);
        let (left, width, height) = (x + step * 0.1, step * 0.8, HEIGHT - BOTTOM - y);
        // What is not nought can be seen.
        if *value > 0 {
            let _ = write!(
                drawing,
                r#"<rect class="bar" x="{left:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"/>"#
            );
        }
        if position.is_multiple_of(values.len().div_ceil(LABELS)) {
            let middle = x + step / 2.0;
            label_below(&mut drawing, middle, label);
        }
    }
    figure(caption, HEIGHT, drawing)
}

/// A line through counts, in the order of time.
pub(super) fn line(caption: &Caption<'_>, values: &[(String, u64)], language: Language) -> Markup {
    let low = values.iter().map(|(_, value)| *value).min().unwrap_or_default();
    let high = values.iter().map(|(_, value)| *value).max().unwrap_or_default();
    let scale = Scale::between(low, high);
    let step = (WIDTH - LEFT - 10.0) / values.len().saturating_sub(1).max(1) as f64;
    let mut drawing = scale.lines(language);
    let mut points = String::new();
    for (position, (label, value)) in values.iter().enumerate() {
        let x = LEFT + 5.0 + step * position as f64;
        let _ = write!(points, "{x:.1},{:.1} ", scale.y(*value as f64));
        if position.is_multiple_of(values.len().div_ceil(LABELS)) {
            label_below(&mut drawing, x.clamp(LEFT + 14.0, WIDTH - 14.0), label);
        }
    }
    let _ = write!(drawing, r#"<polyline class="line" points="{}"/>"#, points.trim_end());
    figure(caption, HEIGHT, drawing)
}

/// Bars below each other, each with its label and figure; one that is not published has words instead.
pub(super) fn bars(caption: &Caption<'_>, values: &[(String, Option<u64>)], language: Language) -> Markup {
    let top = values.iter().filter_map(|(_, value)| *value).max().unwrap_or_default().max(1);
    let mut drawing = String::new();
    for (position, (label, value)) in values.iter().enumerate() {
        let y = ROW * position as f64;
        let figure = value
            .map_or_else(|| language.of(("non pubblicato", "not published")).to_owned(), |value| language.whole(value));
        let length = (WIDTH - 2.0) * value.unwrap_or_default() as f64 / top as f64;
        let text = html! { text x="0" y=(format!("{:.1}", y + 13.0)) { (shortened(label)) ": " (figure) } };
        let _ = write!(
            drawing,
            r#"{}<rect class="bar" x="0" y="{:.1}" width="{length:.1}" height="10"/>"#,
            text.into_string(),
            y + 19.0,
        );
    }
    figure(caption, ROW * values.len() as f64, drawing)
}

/// A label that fits on a line of a chart.
fn shortened(label: &str) -> String {
    const MOST: usize = 40;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    label.chars().take(MOST - 1).chain(['…']).collect()
}

fn label_below(drawing: &mut String, x: f64, label: &str) {
    let text = html! {
        text class="below" x=(format!("{x:.1}")) y=(format!("{:.1}", HEIGHT - 6.0)) { (label) }
    };
    drawing.push_str(&text.into_string());
}

fn figure(caption: &Caption<'_>, height: f64, drawing: String) -> Markup {
    let Caption { id, title, description } = caption;
    html! {
        figure {
            svg role="img" aria-labelledby=(format!("{id}-t {id}-d")) viewBox=(format!("0 0 {WIDTH} {height}")) {
                title id=(format!("{id}-t")) { (title) }
                desc id=(format!("{id}-d")) { (description) }
                (PreEscaped(drawing))
            }
            figcaption { (description) }
        }
    }
}

/// From figures to heights.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From nought to a round number above the highest figure.
    fn to(high: u64) -> Self {
        Self { low: 0.0, high: round_up(high.max(1) as f64) }
    }

    /// Around figures that are far from nought.
    fn between(low: u64, high: u64) -> Self {
        let (low, high) = (low as f64, high as f64);
        let margin = ((high - low) * 0.1).max(1.0);
        Self { low: (low - margin).max(0.0).floor(), high: (high + margin).ceil() }
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        TOP + (HEIGHT - BOTTOM - TOP) * (1.0 - share)
    }

    /// The lines at the bottom, the middle and the top, with their figures.
    fn lines(&self, language: Language) -> String {
        let mut drawing = String::new();
        let middle = (self.low + self.high) / 2.0;
        let figures = if middle.fract() == 0.0 { vec![self.low, middle, self.high] } else { vec![self.low, self.high] };
        for figure in figures {
            let y = self.y(figure);
            let text = language.whole(figure as u64);
            let _ = write!(
                drawing,
                r#"<line class="grid" x1="{LEFT}" y1="{y:.1}" x2="{WIDTH}" y2="{y:.1}"/><text class="beside" x="{}" y="{:.1}">{text}</text>"#,
                LEFT - 4.0,
                y + 4.0,
            );
        }
        drawing
    }
}

/// The next number of the form 1, 2 or 5 times a power of ten.
fn round_up(number: f64) -> f64 {
    let power = 10f64.powf(number.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.iter().map(|step| step * power).find(|round| *round >= number).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_with_round_numbers() {
        let rounded = [1.0, 3.0, 10.0, 11.0, 999.0, 1_001.0].map(round_up);
        assert_eq!(rounded, [1.0, 5.0, 10.0, 20.0, 1_000.0, 2_000.0]);
    }

    #[test]
    fn charts_of_nothing_are_still_drawn_without_broken_numbers() {
        let caption = Caption { id: "x", title: "T", description: "D".to_owned() };
        let none = vec![("a".to_owned(), 0)];
        for svg in [
            columns(&caption, &[], Language::Italian),
            columns(&caption, &none, Language::Italian),
            line(&caption, &none, Language::Italian),
            bars(&caption, &[("a<b>".to_owned(), None)], Language::Italian),
        ] {
            let svg = svg.into_string();
            assert!(!svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<b>"), "{svg}");
        }
    }
}
