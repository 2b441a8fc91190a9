//! What comes of comparing verdicts with labels: counts, and what differs. Whoever prints it has the words.

use std::collections::BTreeMap;

use policy::{Category, Outcome, Verdict};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::interval::Share;
use crate::measure::Measure;

/// What people said of a line.
pub struct Label {
    /// The line's number in its file, counted from 1.
    pub line: usize,
    /// What its file calls it, `null` where that calls it nothing.
    pub id: Value,
    /// The verdict that it counts for.
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
#[derive(Clone, Copy, Debug, Default)]
pub struct Group {
    lines: usize,
    right: usize,
    hidden: usize,
    reviewed: usize,
}

/// What became of the lines labelled with a category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recall {
    lines: usize,
    /// Not simply allowed, on whatever ground.
    noticed: usize,
    /// On the right ground: the verdict names the category.
    named: usize,
}

/// A line with another verdict than expected, or hidden for another category first.
#[derive(Debug, Serialize)]
pub struct Wrong {
    /// The line's number in its file, counted from 1.
    pub line: usize,
    /// What its file calls it.
    pub id: Value,
    /// The verdict that it counts for.
    pub expected: Outcome,
    /// Others that had been as right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub or_expected: Vec<Outcome>,
    /// The categories of its label.
    pub expected_categories: Vec<Category>,
    /// The verdict of the policy.
    pub got: Outcome,
    /// The categories of what was found, the worst finding's first.
    pub got_categories: Vec<Category>,
    /// The rule of the worst finding.
    pub rule: Option<String>,
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
    pub(crate) fn leave_out(&mut self) {
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

    /// How many lines were counted.
    pub fn lines(&self) -> usize {
        self.count(&Outcome::ALL, &Outcome::ALL)
    }

    /// How many lines with one of these labels got one of these verdicts.
    pub fn count(&self, expected: &[Outcome], got: &[Outcome]) -> usize {
        expected
            .iter()
            .flat_map(|&label| got.iter().map(move |&verdict| (label, verdict)))
            .fold(0, |sum, (label, verdict)| sum + self.confusion[label as usize][verdict as usize])
    }

    /// Of the lines with one of these labels, those that got one of these verdicts.
    fn share(&self, expected: &[Outcome], got: &[Outcome]) -> Share {
        Share::new(self.count(expected, got), self.count(expected, &Outcome::ALL))
    }

    /// A figure.
    pub fn measure(&self, measure: Measure) -> Share {
        use Outcome::{Allow, Hide, Redirect, Review};
        match measure {
            Measure::FalseHides => self.share(&[Allow, Redirect, Review], &[Hide]),
            Measure::MustStayHidden => self.share(&[Allow], &[Hide]),
            Measure::MustStayReviewed => self.share(&[Allow], &[Review]),
            Measure::HideRecall => self.share(&[Hide], &[Hide]),
            Measure::Surfaced => self.share(&[Hide], &[Hide, Review]),
            Measure::RedirectRecall => self.share(&[Redirect], &[Redirect]),
            Measure::FirstCategory => Share::new(self.first_category_right, self.hidden_with_categories),
            Measure::ReviewLoad => self.share(&Outcome::ALL, &[Review]),
        }
    }

    /// What became of the lines of each category, but for those to be allowed.
    pub fn categories(&self) -> &BTreeMap<Category, Recall> {
        &self.categories
    }

    /// What became of the lines of each group, where groups are counted.
    pub fn groups(&self) -> &BTreeMap<String, Group> {
        &self.groups
    }

    /// How many lines have a label that says nothing about a policy.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The lines that were not judged as labelled, in their order.
    pub fn wrong(&self) -> &[Wrong] {
        &self.wrong
    }
}

impl Recall {
    /// Those that were not simply allowed, on whatever ground.
    pub fn noticed(self) -> Share {
        Share::new(self.noticed, self.lines)
    }

    /// Those of which the verdict names the category.
    pub fn named(self) -> Share {
        Share::new(self.named, self.lines)
    }
}

impl Group {
    /// Its figures, each with its key.
    pub fn shares(self) -> [(&'static str, Share); 3] {
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
            measures: Measure::ALL.map(|measure| (measure.as_str(), self.measure(measure))).into(),
            recall: self.categories.iter().map(|(category, found)| (*category, recall(found))).collect(),
            groups: self.groups.iter().map(|(name, group)| (name.as_str(), group.shares().into())).collect(),
            left_out: self.left_out,
            wrong: &self.wrong,
        }
        .serialize(serializer)
    }
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
            opinion: None,
        };
        Verdict::new(findings.iter().enumerate().map(finding).collect())
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
        let found: Vec<_> = Measure::ALL
            .map(|measure| {
                let Share { count, of, .. } = report().measure(measure);
                (measure.as_str(), count, of)
            })
            .into();
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
        assert_eq!(report.wrong.iter().map(|wrong| wrong.got).collect::<Vec<_>>(), [Outcome::Allow]);
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
        let report = report();
        assert_eq!(report.wrong.iter().map(|wrong| wrong.line).collect::<Vec<_>>(), [3, 4, 7, 8, 10]);
        let Wrong { got, got_categories, rule, .. } = &report.wrong[2];
        assert_eq!((*got, got_categories.as_slice()), (Outcome::Hide, [Category::Spam, Category::Language].as_slice()));
        assert_eq!(rule.as_deref(), Some("rule-spam"));
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
