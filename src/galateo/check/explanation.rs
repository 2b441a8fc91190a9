//! A verdict explained to a person: the text with what matched marked, and why each match counts.

use std::borrow::Cow;

use anstyle::Style;
use pages::visible;
use policy::{Finding, Language, Outcome, Policy, Verdict};

use crate::terminal::marked::{self, Marked};
use crate::terminal::output::Styled;

/// How much of what matched stands beside its rule, in characters.
const LONGEST_EXCERPT: usize = 80;

/// What `check` shows of one text. Comments are written by strangers: characters that would steer the terminal, or
/// that do not show, are written as escapes.
pub struct Explanation<'a> {
    pub policy: &'a Policy,
    pub text: &'a str,
    pub verdict: &'a Verdict,
    /// Whether to mark with colours as well, which only a terminal shows.
    pub colours: bool,
}

impl Explanation<'_> {
    /// The explanation in lines.
    pub fn styled(&self) -> Styled {
        let mut out = Styled::default();
        let outcome = self.verdict.outcome();
        out.part(self.style(outcome), outcome.as_str());
        out.text(&format!("\n{}\n", in_words(outcome)));
        if self.verdict.is_urgent() {
            out.part(self.style(Outcome::Hide), "URGENT");
            out.text(": someone may be in danger, a person must look at once.\n");
        }
        let matches = self.verdict.findings().iter().map(|finding| (finding.span.clone(), finding.outcome)).collect();
        out.text("\n");
        out.append(&Marked { text: self.text, matches, colours: self.colours }.styled());
        out.text("\n");
        for (number, finding) in (1..).zip(self.verdict.findings()) {
            self.finding(&mut out, number, finding);
        }
        out
    }

    fn style(&self, outcome: Outcome) -> Style {
        if self.colours { marked::style(outcome) } else { Style::new() }
    }

    fn finding(&self, out: &mut Styled, number: usize, finding: &Finding) {
        let Finding { clause, rule, detector, outcome, span, matched, folded, urgent, opinion, .. } = finding;
        let title = self.policy.clause(clause).map_or("", |clause| clause.title.as_str());
        out.text(&format!("\n({number}) {} {}\n    ", visible(clause), visible(title)));
        out.part(self.style(*outcome), outcome.as_str());
        let urgent = if *urgent { ", urgent" } else { "" };
        out.text(&format!("{urgent}, by rule {}, detector {detector}\n", visible(rule)));
        if let Some(service) = self.policy.rule_service(rule) {
            out.text(&format!("    answered with {}: {}\n", visible(&service.name), visible(&service.url)));
        }
        if let Some(opinion) = opinion {
            out.text(&format!("    {}\n", ::words::opinion::opinion(opinion, Language::English)));
            let passages = ::words::opinion::passages(opinion, self.text, Language::English);
            if !passages.is_empty() {
                out.text(&format!("    weighed most: {}\n", visible(&passages)));
            }
            return;
        }
        out.text(&format!("    matched «{}»", visible(&excerpt(matched))));
        if folded != matched {
            out.text(&format!(", read as «{}»", visible(&excerpt(folded))));
        }
        out.text(&format!(", bytes {}-{}\n", span.start, span.end));
    }
}

/// As much as one line shows; the marked text above has the rest.
fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "Nothing to do.",
        Outcome::Redirect => "Not a violation: a personal case, answered with the right online service.",
        Outcome::Review => "Doubt: a person decides, and it stays up meanwhile.",
        Outcome::Hide => "A violation, certain enough to hide it without asking.",
    }
}

#[cfg(test)]
mod tests {
    use policy::{Source, Subject};

    use super::*;

    /// A policy of its own: the real ones change.
    const POLICY: &str = r#"
            [policy]
            id = "prova"
            version = "1"
            date = 2026-11-21
            time_zone = "Europe/Rome"
            url = "https://www.example.org"

            [organisation]
            name = "Ente"
            office = "Ufficio"
            email = "urp@example.org"
            website = "https://www.example.org"

            [[service]]
            id = "pratiche"
            name = "Sportello pratiche"
            url = "https://pratiche.example.org"

            [[clause]]
            number = "N1"
            section = "netiquette"
            title = "Casi personali"
            text = "Altrove."
            category = "personal_case"
            gravity = "light"

            [[clause]]
            number = "R1"
            section = "removal"
            title = "Linguaggio"
            text = "No."
            category = "language"
            gravity = "ordinary"

            [[rule]]
            id = "parole"
            clause = "R1"
            outcome = "hide"
            patterns = ['fannullon[ei]']

            [[rule]]
            id = "recapiti"
            clause = "R1"
            outcome = "hide"
            detectors = ["email"]

            [[rule]]
            id = "pratica"
            clause = "N1"
            outcome = "redirect"
            patterns = ['mia pratica']
            service = "pratiche"
        "#;

    fn policy() -> Policy {
        Policy::load(&Source { name: "prova.toml".to_owned(), text: POLICY.to_owned() }, &[]).unwrap()
    }

    fn explained(text: &str, colours: bool) -> String {
        let policy = policy();
        let subject = Subject::of(text);
        let verdict = policy.judge(&subject);
        Explanation { policy: &policy, text, verdict: &verdict, colours }.styled().as_str().to_owned()
    }

    fn urgent() -> Finding {
        Finding {
            clause: "R2".to_owned(),
            category: policy::Category::Language,
            rule: "rule".to_owned(),
            detector: "term",
            outcome: Outcome::Review,
            span: 0..4,
            matched: String::new(),
            folded: String::new(),
            urgent: true,
            opinion: None,
        }
    }

    #[test]
    fn what_matched_stands_in_brackets_with_clause_rule_and_the_form_that_matched() {
        let shown = explained("Perché FANNULLÒNI\ne scrivi a mario.rossi@example.org", false);
        let expected = "hide\n\
            A violation, certain enough to hide it without asking.\n\
            \n  Perché [FANNULLÒNI](1)\n  e scrivi a [mario.rossi@example.org](2)\n\
            \n(1) R1 Linguaggio\n    hide, by rule parole, detector pattern\n    \
            matched «FANNULLÒNI», read as «fannulloni», bytes 8-19\n\
            \n(2) R1 Linguaggio\n    hide, by rule recapiti, detector email\n    \
            matched «mario.rossi@example.org», bytes 31-54\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_text_that_is_allowed_is_shown_without_marks() {
        assert_eq!(explained("Grazie mille", false), "allow\nNothing to do.\n\n  Grazie mille\n");
    }

    #[test]
    fn a_redirect_names_the_service() {
        let shown = explained("A che punto è la mia pratica?", false);
        assert!(shown.starts_with("redirect\nNot a violation"), "{shown}");
        assert!(shown.contains("\n    answered with Sportello pratiche: https://pratiche.example.org\n"), "{shown}");
    }

    #[test]
    fn an_urgent_finding_is_marked() {
        let policy = policy();
        let verdict = Verdict::new(vec![urgent()]);
        let explanation = Explanation { policy: &policy, text: "aiuto", verdict: &verdict, colours: false }.styled();
        let shown = explanation.as_str();
        assert!(shown.starts_with("review\n") && shown.contains("\nURGENT: someone may be in danger"), "{shown}");
        assert!(shown.contains("    review, urgent, by rule"), "{shown}");
    }

    #[test]
    fn colours_appear_only_when_asked_for() {
        assert!(!explained("siete fannulloni", false).contains('\u{1b}'));
        assert!(explained("siete fannulloni", true).starts_with("\u{1b}[1m\u{1b}[31mhide\u{1b}[0m\n"));
    }

    #[test]
    fn a_comment_cannot_steer_the_terminal() {
        let shown = explained("ciao \u{1b}[2J\u{202e}\u{200b}\r 👩\u{200d}💻", false);
        assert!(shown.ends_with("\n  ciao \\u{1b}[2J\\u{202e}\\u{200b}\\r 👩\u{200d}💻\n"), "{shown}");
    }

    #[test]
    fn a_policy_cannot_either() {
        let mut text = POLICY.replace("Linguaggio", "Lingua\\u001b[31;40m\\n(2) R9 forgiato");
        text = text.replace("Sportello pratiche", "Sportello\\u001b[0m\\nx");
        let policy = Policy::load(&Source { name: "prova.toml".to_owned(), text }, &[]).unwrap();
        let text = "siete fannulloni, a che punto è la mia pratica?";
        let subject = Subject::of(text);
        let verdict = policy.judge(&subject);
        let shown = Explanation { policy: &policy, text, verdict: &verdict, colours: true }.styled();
        let shown = shown.as_str();
        assert!(
            shown.contains("R1 Lingua\\u{1b}[31;40m\\n(2) R9") && shown.contains("Sportello\\u{1b}[0m\\nx:"),
            "{shown}"
        );
        assert!(!shown.contains("31;40m\n") && !shown.contains("\u{1b}[31;40m"), "{shown}");
    }

    #[test]
    fn a_long_match_is_shortened_beside_its_rule() {
        assert_eq!(excerpt(&"è".repeat(80)), "è".repeat(80));
        assert_eq!(excerpt(&"è".repeat(81)), format!("{}…", "è".repeat(80)));
    }
}
