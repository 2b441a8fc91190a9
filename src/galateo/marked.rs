//! A stranger's text for a terminal, with what matters in it marked.

use std::fmt;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use policy::Outcome;

use crate::output::visible;

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

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = Style::new();
        write!(f, "  ")?;
        let mut at = 0;
        for Mark { span, numbers, outcome } in marks(&self.matches, self.text.len()) {
            write_lines(f, self.part(at..span.start), plain)?;
            let style = if self.colours { style(outcome).underline() } else { plain };
            write!(f, "{style}[{style:#}")?;
            write_lines(f, self.part(span.clone()), style)?;
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            write!(f, "{style}]{style:#}({})", numbers.join(","))?;
            at = span.end;
        }
        write_lines(f, self.part(at..self.text.len()), plain)
    }
}

impl Marked<'_> {
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

/// A part of the text that matches share.
pub struct Mark {
    /// The bytes.
    pub span: Range<usize>,
    /// The matches, counted from 1.
    pub numbers: Vec<usize>,
    /// The worst of theirs.
    outcome: Outcome,
}

/// The marks of a text of `length` bytes, in its order. Matches that overlap share one; those beyond its end have none.
pub fn marks(matches: &[(Range<usize>, Outcome)], length: usize) -> Vec<Mark> {
    let numbered = (1..).zip(matches).filter(|(_, (span, _))| !span.is_empty() && span.start < length);
    let mut numbered: Vec<(usize, &(Range<usize>, Outcome))> = numbered.collect();
    numbered.sort_by_key(|(_, (span, _))| span.start);
    let mut marks: Vec<Mark> = Vec::new();
    for (number, (span, outcome)) in numbered {
        match marks.last_mut() {
            Some(mark) if span.start < mark.span.end => {
                mark.span.end = mark.span.end.max(span.end);
                mark.numbers.push(number);
                mark.outcome = mark.outcome.max(*outcome);
            }
            _ => marks.push(Mark { span: span.clone(), numbers: vec![number], outcome: *outcome }),
        }
    }
    for mark in &mut marks {
        mark.numbers.sort_unstable();
    }
    marks
}

/// Writes a part of the text, indented where it begins a new line; the style does not reach into the indentation.
fn write_lines(f: &mut fmt::Formatter<'_>, part: &str, style: Style) -> fmt::Result {
    for (index, line) in part.split('\n').enumerate() {
        if index > 0 {
            f.write_str("\n  ")?;
        }
        if !line.is_empty() {
            write!(f, "{style}{}{style:#}", visible(line))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_that_overlap_share_a_mark_of_the_worst_outcome() {
        use Outcome::{Hide, Review};
        let matches = [(9..12, Hide), (4..10, Review), (5..6, Review), (0..2, Hide)];
        let found: Vec<_> = marks(&matches, 20).into_iter().map(|m| (m.span, m.numbers, m.outcome)).collect();
        assert_eq!(found, [(0..2, vec![4], Hide), (4..12, vec![1, 2, 3], Hide)]);
    }

    #[test]
    fn what_matched_beyond_the_end_of_a_text_that_was_cut_is_marked_as_far_as_it_is_there() {
        let marked = Marked { text: "due parole", matches: vec![(4..40, Outcome::Hide)], colours: false };
        assert_eq!(marked.to_string(), "  due [parole](1)");
        let marked = Marked { text: "due", matches: vec![(8..40, Outcome::Hide)], colours: false };
        assert_eq!(marked.to_string(), "  due");
    }
}
