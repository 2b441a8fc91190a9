//! What `galateo evaluate` prints. Groups, ids and rules are others' words, and none of them steers a terminal.

use std::fmt;

use evaluation::{Measure, Report, Share, Wrong};
use pages::visible;
use policy::{Category, Outcome};
use serde_json::Value;

/// A report as it is printed.
pub struct Printed<'r>(pub &'r Report);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        writeln!(f, "{} lines, shares with their 95 % intervals\n", report.lines())?;
        write!(f, "{:<20}", "expected \\ verdict")?;
        for verdict in Outcome::ALL {
            write!(f, "{:>10}", verdict.as_str())?;
        }
        for label in Outcome::ALL {
            write!(f, "\n{:<20}", label.as_str())?;
            for verdict in Outcome::ALL {
                write!(f, "{:>10}", report.count(&[label], &[verdict]))?;
            }
        }
        writeln!(f, "\n")?;
        for measure in Measure::ALL {
            writeln!(f, "{:<42}{}", words(measure), Figure(report.measure(measure)))?;
        }
        if !report.categories().is_empty() {
            writeln!(f, "\n{:<24}{:<40}the verdict names the category", "of lines labelled", "not simply allowed")?;
        }
        for (category, recall) in report.categories() {
            let noticed = Figure(recall.noticed()).to_string();
            writeln!(f, "{:<24}{noticed:<40}{}", category.as_str(), Figure(recall.named()))?;
        }
        for (name, group) in report.groups() {
            write!(f, "{}{}", if Some(name) == report.groups().keys().next() { "\n" } else { "" }, visible(name))?;
            group.shares().into_iter().try_for_each(|(key, share)| write!(f, "; {key} {}", Figure(share)))?;
            writeln!(f)?;
        }
        if report.left_out() > 0 {
            writeln!(f, "\n{} lines left out: they are about what no policy looks for", report.left_out())?;
        }
        writeln!(f, "\n{} wrong", report.wrong().len())?;
        report.wrong().iter().try_for_each(|wrong| writeln!(f, "{}", Line(wrong)))
    }
}

/// What a figure is called.
fn words(measure: Measure) -> &'static str {
    match measure {
        Measure::FalseHides => "false hides: hidden, of lines not to hide",
        Measure::MustStayHidden => "must stay: hidden, of lines to allow",
        Measure::MustStayReviewed => "must stay: in review, of lines to allow",
        Measure::HideRecall => "hidden, of lines to hide",
        Measure::Surfaced => "hidden or in review, of lines to hide",
        Measure::RedirectRecall => "redirected, of lines to redirect",
        Measure::FirstCategory => "first category right, of hidden lines",
        Measure::ReviewLoad => "review load: in review, of all lines",
    }
}

/// A share as the report prints it.
struct Figure(Share);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Share { count, of, share, low, high } = self.0;
        write!(f, "{count:>4} of {of:>4}")?;
        if let (Some(share), Some(low), Some(high)) = (share, low, high) {
            write!(f, " {:>6.1} % ({:.1} to {:.1})", share * 100.0, low * 100.0, high * 100.0)?;
        }
        Ok(())
    }
}

/// A wrong line as it is listed.
struct Line<'w>(&'w Wrong);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { line, id, expected, or_expected, expected_categories, got, got_categories, rule } = self.0;
        match id {
            Value::Null => write!(f, "  line {line}")?,
            Value::String(id) => write!(f, "  {} (line {line})", visible(id))?,
            id => write!(f, "  {id} (line {line})")?,
        }
        write!(f, ": expected {}", judgement(*expected, expected_categories))?;
        or_expected.iter().try_for_each(|outcome| write!(f, " or {}", outcome.as_str()))?;
        write!(f, ", got {}", judgement(*got, got_categories))?;
        match rule {
            Some(rule) => write!(f, ", by rule {}", visible(rule)),
            None => Ok(()),
        }
    }
}

fn judgement(outcome: Outcome, categories: &[Category]) -> String {
    let words = std::iter::once(outcome.as_str()).chain(categories.iter().map(|category| category.as_str()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use evaluation::Label;
    use policy::{Finding, Verdict};
    use serde_json::json;

    use super::*;

    fn verdict(findings: &[(Outcome, Category)]) -> Verdict {
        let finding = |(start, &(outcome, category)): (usize, &(Outcome, Category))| Finding {
            clause: String::new(),
            category,
            rule: format!("rule-{}", category.as_str()),
            detector: "term",
            outcome,
            span: start..start + 1,
            matched: String::new(),
            folded: String::new(),
            urgent: false,
            opinion: None,
        };
        Verdict::new(findings.iter().enumerate().map(finding).collect())
    }

    fn label(line: usize, expected: Outcome, categories: &[Category]) -> Label {
        Label { line, id: json!(line), expected, also: Vec::new(), categories: categories.to_vec(), group: None }
    }

    fn wrong(report: &Report) -> Vec<String> {
        report.wrong().iter().map(|wrong| Line(wrong).to_string()).collect()
    }

    #[test]
    fn a_group_or_an_id_has_no_colours_and_no_lines_of_its_own() {
        let hostile = "it\u{1b}[31;40m\n10 lines, all right\u{202e}";
        let mut report = Report::default();
        let label = Label { id: json!(hostile), group: Some(hostile.to_owned()), ..label(1, Outcome::Hide, &[]) };
        report.add(label, &verdict(&[]));
        let shown = Printed(&report).to_string();
        assert!(shown.contains("it\\u{1b}[31;40m\\n10 lines, all right\\u{202e}; "), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.contains("\n10 lines"), "{shown}");
    }

    #[test]
    fn a_verdict_that_is_as_right_as_the_first_is_named() {
        let mut report = Report::default();
        let label = Label { id: Value::Null, also: vec![Outcome::Review], ..label(1, Outcome::Hide, &[]) };
        report.add(label, &verdict(&[]));
        assert_eq!(wrong(&report), ["  line 1: expected hide or review, got allow"]);
    }

    #[test]
    fn a_wrong_line_tells_what_was_expected_what_came_and_by_which_rule() {
        use Category::{Language, Offensive, Spam};
        use Outcome::{Allow, Hide, Review};
        let mut report = Report::default();
        report.add(label(3, Allow, &[Offensive]), &verdict(&[(Review, Language)]));
        report.add(label(4, Allow, &[]), &verdict(&[(Hide, Language)]));
        report.add(label(7, Hide, &[Language]), &verdict(&[(Hide, Spam), (Review, Language)]));
        report.add(label(8, Hide, &[Spam]), &verdict(&[]));
        report.add(label(10, Review, &[Offensive]), &verdict(&[(Hide, Offensive)]));
        let expected = [
            "  3 (line 3): expected allow offensive, got review language, by rule rule-language",
            "  4 (line 4): expected allow, got hide language, by rule rule-language",
            "  7 (line 7): expected hide language, got hide spam language, by rule rule-spam",
            "  8 (line 8): expected hide spam, got allow",
            "  10 (line 10): expected review offensive, got hide offensive, by rule rule-offensive",
        ];
        assert_eq!(wrong(&report), expected);
    }
}
