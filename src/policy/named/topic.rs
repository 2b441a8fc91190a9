//! Which office a case belongs to, and by when it should be dealt with.

use jiff::{SignedDuration, Timestamp};
use text::{fold, words};

use crate::{Kind, Outcome, Policy};

/// A subject that one office answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its key in the policy file and in the records.
    pub id: String,
    /// Its name, in Italian.
    pub name: String,
    /// The office that answers.
    pub office: String,
    /// Where that office can be reached.
    pub email: Option<String>,
    /// How much working time the office has.
    pub deadline: SignedDuration,
    /// The phrases by which it is recognised: folded words, with a space before, between and after them.
    pub(crate) terms: Vec<String>,
}

/// Words with a space around each, so that phrases can be looked for as they are.
pub(crate) fn spaced<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut spaced = String::from(" ");
    for word in words {
        spaced.push_str(word);
        spaced.push(' ');
    }
    spaced
}

/// How long a case may wait where no topic says otherwise, in hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadlines {
    /// Working hours until a doubt is decided: the contribution stands in public meanwhile.
    pub(crate) review: u32,
    /// Working hours until a person has looked at what was hidden automatically.
    pub(crate) hide: u32,
    /// Working hours until a private message is answered.
    pub(crate) message: u32,
    /// Hours on the clock, by day and night, until someone has read what is urgent.
    pub(crate) urgent: u32,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { review: 8, hide: 16, message: 16, urgent: 1 }
    }
}

impl Policy {
    /// The topic of a text: the first, in the order of the file, of which it holds a term as whole words. It reads the
    /// whole text once for each term, so it is for cases.
    pub fn topic_of(&self, text: &str) -> Option<&Topic> {
        let text = spaced(words(&fold(text)));
        self.topics.iter().find(|topic| topic.terms.iter().any(|term| text.contains(term.as_str())))
    }

    /// By when a person should have dealt with a case that began at `from`. What is urgent does not wait for the hours
    /// of service. Otherwise working time is counted: that of the topic, else that of private messages, else that of
    /// the outcome, where all that was not hidden counts as a review.
    pub fn deadline(
        &self,
        outcome: Outcome,
        kind: Kind,
        topic: Option<&Topic>,
        urgent: bool,
        from: Timestamp,
    ) -> Timestamp {
        let hours = |hours: u32| SignedDuration::from_hours(hours.into());
        if urgent {
            return from.saturating_add(hours(self.deadlines.urgent)).unwrap_or(Timestamp::MAX);
        }
        let working = match (topic, kind, outcome) {
            (Some(topic), ..) => topic.deadline,
            (None, Kind::Message, _) => hours(self.deadlines.message),
            (None, _, Outcome::Hide) => hours(self.deadlines.hide),
            (None, _, Outcome::Allow | Outcome::Redirect | Outcome::Review) => hours(self.deadlines.review),
        };
        self.calendar.deadline(from, working)
    }
}
