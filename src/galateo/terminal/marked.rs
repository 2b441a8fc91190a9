//! A stranger's text for a terminal, with what matters in it marked.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use pages::{Mark, marks};
use policy::Outcome;

use crate::terminal::output::Styled;

/// A text, each marked part in brackets and followed by the numbers of the matches that it belongs to, counted from 1.
/// Characters that would steer the terminal, or that do not show, are written as escapes.
pub struct Marked<'a> {
    /// The text as written.
    pub text: &'a str,
    /// What is marked: the bytes, and the outcome that gives the colour.
    pub matches: Vec<(Range<usize>, Outcome)>,
    /// Whether to mark with colours as well, which only a terminal shows.
    pub colours: bool,
}

impl Marked<'_> {
    /// The text, indented by two.
    pub fn styled(&self) -> Styled {
        let plain = Style::new();
        let mut out = Styled::default();
        out.text("  ");
        let mut at = 0;
        for Mark { span, numbers, outcome } in marks(&self.matches, self.text.len()) {
            add_lines(&mut out, self.part(at..span.start), plain);
            let style = if self.colours { style(outcome).underline() } else { plain };
            out.part(style, "[");
            add_lines(&mut out, self.part(span.clone()), style);
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            out.part(style, "]");
            out.text(&format!("({})", numbers.join(",")));
            at = span.end;
        }
        add_lines(&mut out, self.part(at..self.text.len()), plain);
        out
    }

    fn part(&self, span: Range<usize>) -> &str {
        self.text.get(span.start..span.end.min(self.text.len())).unwrap_or_default()
    }
}

/// The colour of an outcome.
pub fn style(outcome: Outcome) -> Style {
    let colour = match outcome {
        Outcome::Allow => AnsiColor::Green,
        Outcome::Redirect => AnsiColor::Cyan,
        Outcome::Review => AnsiColor::Yellow,
        Outcome::Hide => AnsiColor::Red,
    };
    colour.on_default().bold()
}

/// Adds a part of the text, indented where it begins a new line; the style does not reach into the indentation.
fn add_lines(out: &mut Styled, part: &str, style: Style) {
    for (index, line) in part.split('\n').enumerate() {
        if index > 0 {
            out.text("\n  ");
        }
        if !line.is_empty() {
            out.part(style, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_beyond_the_end_of_a_text_that_was_cut_is_marked_as_far_as_it_is_there() {
        let marked = Marked { text: "due parole", matches: vec![(4..40, Outcome::Hide)], colours: false };
        assert_eq!(marked.styled().as_str(), "  due [parole](1)");
        let marked = Marked { text: "due", matches: vec![(8..40, Outcome::Hide)], colours: false };
        assert_eq!(marked.styled().as_str(), "  due");
    }
}
