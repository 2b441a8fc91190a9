//! The second key: what the reader may do about what the rules found, and what it may ask for alone.
//!
//! It may keep a rule of words from hiding, let go of a doubt, and agree with a doubtful rule that the policy names. Alone
//! it calls a person at most: no finding of its own has an outcome beyond that (invariant 13).

use std::sync::Arc;

use reader::{Class, Probability, Reader, Reading, Thresholds};
use text::Folded;

use crate::found::opinion::{Opinion, Stance, Weighed};
use crate::{Category, Finding, Kind, Outcome, Subject};

/// By what name findings of the reader are known: as their rule and as their detector.
pub(crate) const READER: &str = "reader";
/// The rule of its findings that somebody may be in danger, which is no violation.
pub(crate) const DANGER: &str = "reader-danger";

/// How many passages a finding names.
const MOST_PASSAGES: usize = 3;

/// What may become of personal cases that only the reader recognises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PersonalCases {
    /// Nothing.
    Leave,
    /// A person is shown them.
    Suggest,
    /// They are answered.
    Answer,
}

/// What a policy lets the reader do.
#[derive(Clone, Debug)]
pub(crate) struct Permissions {
    /// For how many of a thousand lawful lines it may call a person; 0: for none.
    pub(crate) calls: u32,
    /// What it may object to hiding; everything, if this is empty.
    pub(crate) objects_to: Vec<Category>,
    /// Of what it may let go a doubt; of everything, if this is empty.
    pub(crate) lets_go_of: Vec<Category>,
    /// The doubtful rules that may hide where it agrees, by their index.
    pub(crate) agrees_with: Vec<usize>,
    pub(crate) personal_cases: PersonalCases,
    /// The id of the service with which they are answered.
    pub(crate) service: Option<String>,
}

/// The reader with what this policy lets it do.
pub(crate) struct Keys {
    reader: Arc<Reader>,
    permissions: Permissions,
    /// From which probability of a violation on it calls a person.
    call: Option<Probability>,
    thresholds: Thresholds,
    /// The clause of each class, by its number, as far as the policy has one; of danger that of the rules about it.
    clauses: [Option<(String, Category)>; Class::COUNT],
}

/// What a rule found by words, as far as the second key turns by it.
pub(crate) struct Held {
    pub(crate) rule: usize,
    pub(crate) category: Category,
    pub(crate) outcome: Outcome,
}

/// What the reader makes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// It has nothing to say against it.
    Stays,
    /// It objects: a person decides.
    Objected,
    /// It agrees: the doubtful rule hides.
    Agreed,
    /// It is sure that nothing is violated, so the doubt is let go.
    LetGo,
}

impl Keys {
    /// The clause of each class is the first of its category among these, those about what is removed before others.
    pub(crate) fn new(
        (reader, thresholds): (Arc<Reader>, Thresholds),
        permissions: Permissions,
        clauses: impl Fn(Category) -> Option<String>,
        danger: Option<(String, Category)>,
    ) -> Self {
        let of = |class: Class| {
            if class == Class::Danger {
                return danger.clone();
            }
            let category = Category::ALL.into_iter().find(|category| category.as_str() == class.as_str())?;
            Some((clauses(category)?, category))
        };
        let call = thresholds.call(permissions.calls);
        Self { reader, call, thresholds, clauses: Class::ALL.map(of), permissions }
    }

    pub(crate) fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The same permissions for another reader.
    pub(crate) fn replace(&mut self, reader: Reader) {
        self.reader = Arc::new(reader);
    }

    /// What it says about a text; nothing where it does not understand it.
    pub(crate) fn read(&self, folded: &Folded<'_>) -> Option<Reading> {
        Some(self.reader.read(folded)).filter(Reading::is_understood)
    }

    /// What it makes of what a rule found by words. It objects where both the whole text and what stands around the match
    /// seem lawful: otherwise an insult behind enough kind words would stay up.
    pub(crate) fn turn(&self, reading: &Reading, held: &Held, around: impl FnOnce() -> Option<Reading>) -> Turned {
        let Permissions { objects_to, lets_go_of, agrees_with, .. } = &self.permissions;
        let none = |reading: &Reading| against(reading.of_concern());
        let objects = |reading: &Reading| none(reading) >= self.thresholds.objection();
        let may = |categories: &[Category]| categories.is_empty() || categories.contains(&held.category);
        match held.outcome {
            Outcome::Hide if may(objects_to) && objects(reading) && around().is_some_and(|near| objects(&near)) => {
                Turned::Objected
            }
            Outcome::Review
                if reading.of_violation() >= self.thresholds.agreement() && agrees_with.contains(&held.rule) =>
            {
                Turned::Agreed
            }
            Outcome::Review if none(reading) >= self.thresholds.doubt() && may(lets_go_of) => Turned::LetGo,
            Outcome::Hide | Outcome::Review | Outcome::Redirect | Outcome::Allow => Turned::Stays,
        }
    }

    /// What it asks for alone, where the rules lead to no more than this: of a single word, nothing. In private nobody is
    /// exposed by personal data.
    pub(crate) fn alone(
        &self,
        reading: &Reading,
        subject: &Subject<'_>,
        folded: &Folded<'_>,
        rules: Outcome,
    ) -> Option<Finding> {
        if !reading.is_enough() {
            return None;
        }
        let Subject { text, kind, .. } = *subject;
        let danger = reading.of(Class::Danger);
        let may_alarm = self.call.is_some() && self.clauses[Class::Danger as usize].is_some();
        if rules < Outcome::Hide && may_alarm && danger >= self.thresholds.danger() {
            return self.finding(Stance::Alarms, danger, Class::Danger, None, text, folded);
        }
        let is_meant = |class: &Class| kind != Kind::Message || *class != Class::PersonalData;
        let concerns = Class::violations().chain([Class::Danger]).filter(is_meant);
        let concern = Probability::from_millionths(concerns.map(|class| reading.of(class).millionths()).sum());
        if rules < Outcome::Review && self.call.is_some_and(|call| concern >= call) {
            let class = Class::violations()
                .filter(|class| is_meant(class) && self.clauses[*class as usize].is_some())
                .max_by_key(|class| reading.of(*class))?;
            return self.finding(Stance::Calls, concern, class, None, text, folded);
        }
        let personal = reading.of(Class::PersonalCase);
        let stance = match self.permissions.personal_cases {
            _ if rules > Outcome::Allow => return None,
            PersonalCases::Leave => return None,
            PersonalCases::Answer if self.thresholds.answer().is_some_and(|at| personal >= at) => Stance::Answers,
            PersonalCases::Answer | PersonalCases::Suggest if personal >= self.thresholds.suggestion() => {
                Stance::Suggests
            }
            PersonalCases::Answer | PersonalCases::Suggest => return None,
        };
        self.finding(stance, personal, Class::PersonalCase, None, text, folded)
    }

    /// That it objects to or agrees with what a rule found, which is of this clause.
    pub(crate) fn about(
        &self,
        stance: Stance,
        reading: &Reading,
        clause: (&str, Category),
        text: &str,
        folded: &Folded<'_>,
    ) -> Option<Finding> {
        let violation = reading.of_violation();
        match stance {
            Stance::Objects => self.finding(stance, against(violation), Class::Lawful, Some(clause), text, folded),
            _ => self.finding(stance, violation, reading.worst().0, Some(clause), text, folded),
        }
    }

    fn finding(
        &self,
        stance: Stance,
        probability: Probability,
        class: Class,
        clause: Option<(&str, Category)>,
        text: &str,
        folded: &Folded<'_>,
    ) -> Option<Finding> {
        let own = self.clauses[class as usize].as_ref().map(|(number, category)| (number.as_str(), *category));
        let (clause, category) = clause.or(own)?;
        let passages = self.reader.passages(folded, class, MOST_PASSAGES);
        let span = passages.first().map_or(0..text.len(), |passage| passage.span.clone());
        let matched = text.get(span.clone()).unwrap_or_default().to_owned();
        let passages = passages.into_iter().map(|passage| Weighed {
            start: passage.span.start,
            end: passage.span.end,
            part: thousandths(passage.part),
        });
        Some(Finding {
            clause: clause.to_owned(),
            category,
            rule: if stance == Stance::Alarms { DANGER } else { READER }.to_owned(),
            detector: READER,
            outcome: if stance == Stance::Answers { Outcome::Redirect } else { Outcome::Review },
            folded: matched.clone(),
            matched,
            urgent: stance == Stance::Alarms,
            span,
            opinion: Some(Box::new(Opinion {
                stance,
                probability: thousandths(probability.millionths() / 1_000),
                passages: passages.collect(),
            })),
        })
    }
}

/// That it is not so.
fn against(probability: Probability) -> Probability {
    Probability::from_millionths(Probability::ONE.millionths() - probability.millionths())
}

fn thousandths(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(1_000).min(1_000)
}
