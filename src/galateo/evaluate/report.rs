//! What comes of comparing verdicts with labels.

use std::collections::BTreeMap;
use std::fmt;

use policy::{Category, Outcome, Verdict};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::interval::Share;
use crate::output::visible;

/// What people said of a line.
pub struct Label {
    /// The line's number in its file, counted from 1.
    pub line: usize,
    pub id: Value,
    pub expected: Outcome,
    /// Other verdicts that are as right.
    pub also: Vec<Outcome>,
    /// What it violates, or is about; all of them are right.
    pub categories: Vec<Category>,
    /// Of which group of lines it is, where groups are counted.
    pub group: Option<String>,
}

/// The verdicts counted against the labels, and what differs.
#[derive(Default)]
pub struct Report {
    /// How many lines of each label (the outer index) got each verdict.
    confusion: [[usize; Outcome::ALL.len()]; Outcome::ALL.len()],
    /// Of the hidden lines labelled with categories: how many there are, and those whose first finding is of one.
    hidden_with_categories: usize,
    first_category_right: usize,
    categories: BTreeMap<Category, Recall>,
    groups: BTreeMap<String, Group>,
    /// How many lines have a label that says nothing about a policy.
    left_out: usize,
    wrong: Vec<Wrong>,
}

/// What became of the lines of one group.
#[derive(Clone, Copy, Default)]
struct Group {
    lines: usize,
    right: usize,
    hidden: usize,
    reviewed: usize,
}

/// What became of the lines labelled with a category.
#[derive(Clone, Copy, Default)]
struct Recall {
    lines: usize,
    /// Not simply allowed, on whatever ground.
    noticed: usize,
    /// On the right ground: the verdict names the category.
    named: usize,
}

/// A line with another verdict than expected, or hidden for another category first.
#[derive(Debug, Serialize)]
struct Wrong {
    line: usize,
    id: Value,
    expected: Outcome,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    or_expected: Vec<Outcome>,
    expected_categories: Vec<Category>,
    got: Outcome,
    got_categories: Vec<Category>,
    /// The rule of the worst finding.
    rule: Option<String>,
}

impl Report {
    /// Counts one line.
    pub fn add(&mut self, label: Label, verdict: &Verdict) {
        let got = verdict.outcome();
        let got_categories = verdict.categories();
        self.confusion[label.expected as usize][got as usize] += 1;
        if label.expected != Outcome::Allow {
            for category in &label.categories {
                let recall = self.categories.entry(*category).or_default();
                recall.lines += 1;
                recall.noticed += usize::from(got != Outcome::Allow);
                recall.named += usize::from(got_categories.contains(category));
            }
        }
        let mut is_wrong = got != label.expected && !label.also.contains(&got);
        if got == Outcome::Hide && !label.categories.is_empty() {
            let is_right = got_categories.first().is_some_and(|first| label.categories.contains(first));
            self.hidden_with_categories += 1;
            self.first_category_right += usize::from(is_right);
            is_wrong |= !is_right;
        }
        if let Some(group) = label.group {
            let group = self.groups.entry(group).or_default();
            group.lines += 1;
            group.right += usize::from(!is_wrong);
            group.hidden += usize::from(got == Outcome::Hide);
            group.reviewed += usize::from(got == Outcome::Review);
        }
        if is_wrong {
            self.wrong.push(Wrong {
                line: label.line,
                id: label.id,
                expected: label.expected,
                or_expected: label.also,
                expected_categories: label.categories,
                got,
                got_categories,
                rule: verdict.findings().first().map(|finding| finding.rule.clone()),
            });
        }
    }

    /// Notes a line whose label says nothing about a policy.
    pub fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.lines() == 0
    }

    /// How many lines that are to be allowed were hidden.
    pub fn must_stay_hidden(&self) -> usize {
        self.count(&[Outcome::Allow], &[Outcome::Hide])
    }

    fn lines(&self) -> usize {
        self.count(&Outcome::ALL, &Outcome::ALL)
    }

    /// How many lines with one of these labels got one of these verdicts.
    fn count(&self, expected: &[Outcome], got: &[Outcome]) -> usize {
        expected
            .iter()
            .flat_map(|&label| got.iter().map(move |&verdict| (label, verdict)))
            .fold(0, |sum, (label, verdict)| sum + self.confusion[label as usize][verdict as usize])
    }

    /// Of the lines with one of these labels, those that got one of these verdicts.
    fn share(&self, expected: &[Outcome], got: &[Outcome]) -> Share {
        Share::new(self.count(expected, got), self.count(expected, &Outcome::ALL))
    }

    /// The figures, with the key and the words for each.
    fn measures(&self) -> [(&'static str, &'static str, Share); 8] {
        use Outcome::{Allow, Hide, Redirect, Review};
        [
            (
                "false_hides",
                "false hides: hidden, of lines not to hide",
                self.share(&[Allow, Redirect, Review], &[Hide]),
            ),
            ("must_stay_hidden", "must stay: hidden, of lines to allow", self.share(&[Allow], &[Hide])),
            ("must_stay_reviewed", "must stay: in review, of lines to allow", self.share(&[Allow], &[Review])),
            ("hide_recall", "hidden, of lines to hide", self.share(&[Hide], &[Hide])),
            ("surfaced", "hidden or in review, of lines to hide", self.share(&[Hide], &[Hide, Review])),
            ("redirect_recall", "redirected, of lines to redirect", self.share(&[Redirect], &[Redirect])),
            (
                "first_category",
                "first category right, of hidden lines",
                Share::new(self.first_category_right, self.hidden_with_categories),
            ),
            ("review_load", "review load: in review, of all lines", self.share(&Outcome::ALL, &[Review])),
        ]
    }
}

impl Recall {
    fn noticed(self) -> Share {
        Share::new(self.noticed, self.lines)
    }

    fn named(self) -> Share {
        Share::new(self.named, self.lines)
    }
}

impl Group {
    fn shares(self) -> [(&'static str, Share); 3] {
        let Self { lines, right, hidden, reviewed } = self;
        [("right", right), ("hidden", hidden), ("in review", reviewed)]
            .map(|(key, count)| (key, Share::new(count, lines)))
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            lines: usize,
            /// By label, then by verdict.
            confusion: BTreeMap<Outcome, BTreeMap<Outcome, usize>>,
            measures: BTreeMap<&'a str, Share>,
            recall: BTreeMap<Category, BTreeMap<&'a str, Share>>,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            groups: BTreeMap<&'a str, BTreeMap<&'a str, Share>>,
            left_out: usize,
            wrong: &'a [Wrong],
        }
        let row = |label: Outcome| Outcome::ALL.map(|verdict| (verdict, self.count(&[label], &[verdict]))).into();
        let recall = |recall: &Recall| [("noticed", recall.noticed()), ("named", recall.named())].into();
        Json {
            lines: self.lines(),
            confusion: Outcome::ALL.map(|label| (label, row(label))).into(),
            measures: self.measures().map(|(key, _, share)| (key, share)).into(),
            recall: self.categories.iter().map(|(category, found)| (*category, recall(found))).collect(),
            groups: self.groups.iter().map(|(name, group)| (name.as_str(), group.shares().into())).collect(),
            left_out: self.left_out,
            wrong: &self.wrong,
        }
        .serialize(serializer)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} lines, shares with their 95 % intervals\n", self.lines())?;
        write!(f, "{:<20}", "expected \\ verdict")?;
        for verdict in Outcome::ALL {
            write!(f, "{:>10}", verdict.as_str())?;
        }
        for label in Outcome::ALL {
            write!(f, "\n{:<20}", label.as_str())?;
            for verdict in Outcome::ALL {
                write!(f, "{:>10}", self.count(&[label], &[verdict]))?;
            }
        }
        writeln!(f, "\n")?;
        for (_, words, share) in self.measures() {
            writeln!(f, "{words:<42}{}", Figure(share))?;
        }
        if !self.categories.is_empty() {
            writeln!(f, "\n{:<24}{:<40}the verdict names the category", "of lines labelled", "not simply allowed")?;
        }
        for (category, recall) in &self.categories {
            let noticed = Figure(recall.noticed()).to_string();
            writeln!(f, "{:<24}{noticed:<40}{}", category.as_str(), Figure(recall.named()))?;
        }
        for (name, group) in &self.groups {
            write!(f, "{}{}", if Some(name) == self.groups.keys().next() { "\n" } else { "" }, visible(name))?;
            group.shares().into_iter().try_for_each(|(key, share)| write!(f, "; {key} {}", Figure(share)))?;
            writeln!(f)?;
        }
        if self.left_out > 0 {
            writeln!(f, "\n{} lines left out: they are about what no policy looks for", self.left_out)?;
        }
        writeln!(f, "\n{} wrong", self.wrong.len())?;
        self.wrong.iter().try_for_each(|wrong| writeln!(f, "{wrong}"))
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

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { line, id, expected, or_expected, expected_categories, got, got_categories, rule } = self;
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
    use policy::Finding;
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
        };
        Verdict::new(findings.iter().enumerate().map(finding).collect())
    }

    #[test]
    fn a_group_or_an_id_has_no_colours_and_no_lines_of_its_own() {
        let hostile = "it\u{1b}[31;40m\n10 lines, all right\u{202e}";
        let mut report = Report::default();
        let label = Label {
            line: 1,
            id: json!(hostile),
            expected: Outcome::Hide,
            also: Vec::new(),
            categories: Vec::new(),
            group: Some(hostile.to_owned()),
        };
        report.add(label, &verdict(&[]));
        let shown = report.to_string();
        assert!(shown.contains("it\\u{1b}[31;40m\\n10 lines, all right\\u{202e}; "), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.contains("\n10 lines"), "{shown}");
    }

    /// Expected, labelled with, found.
    type Judged = (Outcome, &'static [Category], &'static [(Outcome, Category)]);

    /// Ten lines, of which every figure below is counted by hand.
    fn report() -> Report {
        use Category::{Language, Offensive, PersonalCase, Spam};
        use Outcome::{Allow, Hide, Redirect, Review};
        let mut report = Report::default();
        let lines: [Judged; 10] = [
            (Allow, &[], &[]),
            (Allow, &[], &[]),
            (Allow, &[Offensive], &[(Review, Language)]),
            (Allow, &[], &[(Hide, Language)]),
            (Hide, &[Language], &[(Hide, Language)]),
            (Hide, &[Offensive, Language], &[(Hide, Language)]),
            (Hide, &[Language], &[(Hide, Spam), (Review, Language)]),
            (Hide, &[Spam], &[]),
            (Redirect, &[PersonalCase], &[(Redirect, PersonalCase)]),
            (Review, &[Offensive], &[(Hide, Offensive)]),
        ];
        for (number, (expected, categories, findings)) in (1..).zip(lines) {
            let label = Label {
                line: number,
                id: json!(number),
                expected,
                also: Vec::new(),
                categories: categories.to_vec(),
                group: Some(expected.as_str().to_owned()),
            };
            report.add(label, &verdict(findings));
        }
        report
    }

    #[test]
    fn every_figure_is_as_counted_by_hand() {
        let found: Vec<_> = report().measures().map(|(key, _, share)| (key, share.count, share.of)).into();
        let expected = [
            ("false_hides", 2, 6),
            ("must_stay_hidden", 1, 4),
            ("must_stay_reviewed", 1, 4),
            ("hide_recall", 3, 4),
            ("surfaced", 3, 4),
            ("redirect_recall", 1, 1),
            ("first_category", 3, 4),
            ("review_load", 1, 10),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn recall_counts_every_labelled_category() {
        let report = report();
        let found: Vec<_> = report.categories.iter().map(|(c, r)| (c.as_str(), r.lines, r.noticed, r.named)).collect();
        let expected = [("language", 3, 3, 3), ("offensive", 2, 2, 1), ("spam", 1, 0, 0), ("personal_case", 1, 1, 1)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_verdict_that_is_as_right_as_the_first_is_not_wrong() {
        let mut report = Report::default();
        for got in [Outcome::Review, Outcome::Allow] {
            let also = vec![Outcome::Review];
            let (expected, categories) = (Outcome::Hide, Vec::new());
            let label = Label { line: 1, id: Value::Null, expected, also, categories, group: None };
            report.add(label, &verdict(&[(got, Category::Language)][..usize::from(got != Outcome::Allow)]));
        }
        assert_eq!(
            report.wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["  line 1: expected hide or review, got allow"]
        );
        assert_eq!(report.share(&[Outcome::Hide], &[Outcome::Hide, Outcome::Review]).count, 1);
    }

    #[test]
    fn groups_are_counted_by_themselves() {
        let report = report();
        let found: Vec<_> = report.groups.iter().map(|(name, g)| (name.as_str(), g.lines, g.right, g.hidden)).collect();
        assert_eq!(found, [("allow", 4, 2, 1), ("hide", 4, 2, 3), ("redirect", 1, 1, 0), ("review", 1, 0, 1)]);
    }

    #[test]
    fn a_line_is_wrong_by_its_verdict_or_by_the_first_category_of_a_hide() {
        let wrong: Vec<String> = report().wrong.iter().map(ToString::to_string).collect();
        let expected = [
            "  3 (line 3): expected allow offensive, got review language, by rule rule-language",
            "  4 (line 4): expected allow, got hide language, by rule rule-language",
            "  7 (line 7): expected hide language, got hide spam language, by rule rule-spam",
            "  8 (line 8): expected hide spam, got allow",
            "  10 (line 10): expected review offensive, got hide offensive, by rule rule-offensive",
        ];
        assert_eq!(wrong, expected);
    }

    #[test]
    fn the_json_has_the_table_the_figures_and_the_wrong_lines() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["lines"], 10);
        assert_eq!(json["confusion"]["allow"], json!({ "allow": 2, "redirect": 0, "review": 1, "hide": 1 }));
        assert_eq!(json["measures"]["hide_recall"]["share"], 0.75);
        assert_eq!(json["recall"]["spam"]["noticed"]["high"].as_f64().unwrap().to_string().get(..5), Some("0.793"));
        assert_eq!(json["wrong"][3]["rule"], Value::Null);
        assert_eq!(json["wrong"].as_array().unwrap().len(), 5);
    }

    #[test]
    fn the_order_of_outcomes_is_the_order_of_the_table() {
        for (index, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, index);
        }
    }
}
