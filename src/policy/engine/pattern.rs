//! Patterns: regular expressions over folded text, compiled when first needed.
//!
//! Compiling is what makes regular expressions slow to start (hundreds of microseconds each). So a policy only parses
//! them, which finds every mistake in them, and takes from each the literals with which all its matches begin, or all
//! end. A pattern is compiled and run in texts that hold one of those.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};
use text::fold;

/// How large a pattern may become when its repetitions are written out, in states. At this size compiling takes
/// milliseconds and stays far below the size limit of the compiler.
const LARGEST: usize = 5_000;
/// A shorter literal occurs in most texts and saves nothing.
const SHORTEST_LITERAL: usize = 3;

/// A regular expression over folded text: `\w`, `\d`, `\s` and `\b` mean ASCII, because folded letters are.
pub(crate) struct Pattern {
    source: String,
    literals: Vec<Vec<u8>>,
    /// `None` would mean that a pattern which was parsed and is not large does not compile.
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks a pattern.
    ///
    /// # Errors
    /// What was expected instead.
    pub(crate) fn new(source: &str) -> Result<Self, String> {
        let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(source).map_err(|error| {
            let reason = match &error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                _ => error.to_string(),
            };
            format!("a regular expression: {reason}")
        })?;
        match hir.properties().minimum_len() {
            None => return Err("a pattern that can match".to_owned()),
            Some(0) => return Err("a pattern that does not match the empty text".to_owned()),
            Some(_) => {}
        }
        if size(&hir) > LARGEST {
            return Err(format!("a pattern of at most {LARGEST} states with its repetitions written out"));
        }
        if let Some(letter) = unfolded_letter(&hir) {
            return Err(format!(
                "a pattern in folded form, lower case without accents: {:?} instead of {letter:?}",
                fold(letter.encode_utf8(&mut [0; 4]))
            ));
        }
        let literals = literals(&hir, ExtractKind::Prefix).or_else(|| literals(&hir, ExtractKind::Suffix));
        Ok(Self { source: source.to_owned(), literals: literals.unwrap_or_default(), compiled: OnceLock::new() })
    }

    /// One of these stands in every text that the pattern matches; empty when there are none to rely on.
    pub(crate) fn literals(&self) -> &[Vec<u8>] {
        &self.literals
    }

    /// The first match in a folded text that begins and ends with something that is said.
    pub(crate) fn find(&self, text: &str, is_said: impl Fn(usize) -> bool) -> Option<Range<usize>> {
        let compiled = self.compiled.get_or_init(|| RegexBuilder::new(&self.source).unicode(false).build().ok());
        let mut found = compiled.as_ref()?.find_iter(text.as_bytes()).map(|found| found.range());
        found.find(|span| is_said(span.start) && is_said(span.end.saturating_sub(1)))
    }
}

fn literals(hir: &Hir, kind: ExtractKind) -> Option<Vec<Vec<u8>>> {
    let sequence = Extractor::new().kind(kind).extract(hir);
    let useful = sequence.min_literal_len().is_some_and(|shortest| shortest >= SHORTEST_LITERAL);
    useful.then_some(sequence.literals()?.iter().map(|literal| literal.as_bytes().to_vec()).collect())
}

/// About how many states the pattern compiles to. The parser bounds how deep patterns nest.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            size(&repetition.sub).saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(size).fold(0, usize::saturating_add),
    }
}

/// A letter in the pattern that no folded text holds.
fn unfolded_letter(hir: &Hir) -> Option<char> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0)
            .chars()
            .find(|&letter| !letter.is_whitespace() && fold(letter.encode_utf8(&mut [0; 4])) != letter.to_string()),
        HirKind::Repetition(repetition) => unfolded_letter(&repetition.sub),
        HirKind::Capture(capture) => unfolded_letter(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(unfolded_letter),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals_of(source: &str) -> Vec<String> {
        let pattern = Pattern::new(source).expect("the pattern is good");
        pattern.literals().iter().map(|literal| String::from_utf8_lossy(literal).into_owned()).collect()
    }

    #[test]
    fn literals_are_taken_from_the_beginning_or_else_the_end() {
        assert_eq!(literals_of(r"\bscriv(?:i|ete) a \w+"), ["scrivi a ", "scrivete a "]);
        assert_eq!(literals_of(r"\w+ euro al mese\b"), [" euro al mese"]);
        assert_eq!(literals_of(r"\d{3} [a-z]+"), Vec::<String>::new());
        assert_eq!(literals_of("ab"), Vec::<String>::new(), "too short to save anything");
    }

    #[test]
    fn a_pattern_of_the_largest_size_still_compiles() {
        for source in [format!("a{{{LARGEST}}}"), r"[\w ]{4999}".to_owned(), "(?:[a-z]{2}[^a]){1600}".to_owned()] {
            let pattern = Pattern::new(&source).expect("the pattern is not too large");
            pattern.find("aaa", |_| true);
            assert!(pattern.compiled.get().is_some_and(Option::is_some), "{source}");
        }
        assert!(Pattern::new(&format!("a{{{}}}", LARGEST + 1)).is_err());
    }

    #[test]
    fn a_pattern_is_compiled_when_it_is_first_used() {
        let pattern = Pattern::new("casa").expect("the pattern is good");
        assert!(pattern.compiled.get().is_none());
        assert_eq!(pattern.find("la casa", |_| true), Some(3..7));
        assert_eq!(pattern.find("casa, casa", |at| at > 3), Some(6..10), "the first is not said");
        assert!(pattern.compiled.get().is_some());
    }
}
