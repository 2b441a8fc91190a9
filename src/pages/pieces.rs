//! What stands in a page.

use std::ops::Range;

use maud::{Markup, html};
use policy::Outcome;

use crate::{Mark, marks, visible};

/// A name and what is to be said about it; nothing where there is nothing to say. What would steer the page or does
/// not show is written as an escape.
pub fn field(name: &str, value: &str) -> Markup {
    html! {
        @if !value.is_empty() {
            dt { (name) }
            dd { bdi { (visible(value)) } }
        }
    }
}

/// What someone wrote, in its lines.
pub fn written(text: &str) -> Markup {
    html! { blockquote dir="auto" { (lines(text)) } }
}

/// The same, with each mark followed by the numbers of the findings that it belongs to.
pub fn written_and_marked(text: &str, matches: &[(Range<usize>, Outcome)]) -> Markup {
    let part = |span: Range<usize>| text.get(span.start..span.end.min(text.len())).unwrap_or_default();
    let marks = marks(matches, text.len());
    let begins = std::iter::once(0).chain(marks.iter().map(|mark| mark.span.end));
    let rest = marks.last().map_or(0, |mark| mark.span.end)..text.len();
    html! {
        blockquote dir="auto" {
            @for (begin, Mark { span, numbers, .. }) in begins.zip(&marks) {
                (lines(part(begin..span.start)))
                mark { (lines(part(span.clone()))) }
                sup { @for number in numbers { "[" (number) "]" } }
            }
            (lines(part(rest)))
        }
    }
}

/// Without what would steer the page: lines stay lines, which `pre-wrap` shows.
fn lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// An address, to follow only where it leads to a page.
pub fn link(address: &str) -> Markup {
    html! {
        @if address.starts_with("https://") {
            a class="address" rel="noopener noreferrer" href=(address) { (visible(address)) }
        } @else {
            bdi { (visible(address)) }
        }
    }
}

/// A text of ours: an empty line divides its paragraphs.
pub fn paragraphs(text: &str) -> Markup {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    html! {
        @for paragraph in paragraphs { p { (paragraph) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_wrote_cannot_become_markup_or_steer_the_page() {
        let text = "<script>alert(1)</script>\n\u{202e}rovescio\u{200b} & \"fine\"";
        let shown = written_and_marked(text, &[(0..8, Outcome::Hide)]).into_string();
        assert!(shown.contains("<mark>&lt;script&gt;</mark><sup>[1]</sup>alert(1)&lt;/script&gt;\n"), "{shown}");
        assert!(shown.contains("\\u{202e}rovescio\\u{200b} &amp;") && !shown.contains('\u{202e}'), "{shown}");
        assert!(field("Autore", "<b>\u{2066}x").into_string().contains("<bdi>&lt;b&gt;\\u{2066}x</bdi>"));
    }

    #[test]
    fn marks_that_overlap_are_one_with_both_numbers_and_a_cut_text_is_marked_as_far_as_it_goes() {
        let matches = [(4..10, Outcome::Hide), (8..40, Outcome::Review)];
        let shown = written_and_marked("due parole", &matches).into_string();
        assert!(shown.contains(">due <mark>parole</mark><sup>[1][2]</sup></blockquote>"), "{shown}");
    }

    #[test]
    fn only_an_address_of_a_page_can_be_followed() {
        assert!(link("https://example.it/1").into_string().contains("href=\"https://example.it/1\""));
        assert!(!link("javascript:alert(1)").into_string().contains("href"));
    }

    #[test]
    fn an_empty_line_divides_paragraphs() {
        assert_eq!(paragraphs("Uno\nsolo.\n\n\nDue & tre.\n").into_string(), "<p>Uno\nsolo.</p><p>Due &amp; tre.</p>");
    }
}
