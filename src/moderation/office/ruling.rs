//! Who decides, and why: both are on record for every decision.

use jiff::Timestamp;
use ledger::{Done, Held, salt};
use policy::{NotWords, Person, Reason};

use super::OfficeError;

/// Who decides, and why. There is none without a name and a reason, as [`Person`] and [`Reason`] bring them into form.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub(crate) by: Person,
    pub(crate) reason: Reason,
    /// How many decisions about the case its person had seen.
    pub(crate) seen: Option<usize>,
    /// The decision that was held, and counts by this.
    pub(crate) held: Option<Held>,
}

impl Ruling {
    /// The ruling of a person, for a reason as it was typed: in Italian, as it may be read by the citizen and by a court.
    ///
    /// # Errors
    /// When there is no reason, or what was typed is none.
    pub fn new(by: Person, reason: &str) -> Result<Self, OfficeError> {
        let reason = Reason::new(reason).map_err(|why| match why {
            NotWords::TooShort => OfficeError::NoReason,
            NotWords::TooLong { .. } | NotWords::NoLetters | NotWords::Stranger(_) => OfficeError::NotAReason(why),
        })?;
        Ok(Self { by, reason, seen: None, held: None })
    }

    /// The same ruling of somebody who had a case before their eyes with so many decisions. Of more, the last was another
    /// person's, and whoever rules is told of it instead.
    #[must_use]
    pub fn having_seen(self, decisions: usize) -> Self {
        Self { seen: Some(decisions), ..self }
    }

    /// That a task is done by this ruling.
    pub(crate) fn done(&self, now: Timestamp) -> Done {
        let (by, note) = (self.by.clone(), self.reason.as_str().to_owned());
        Done { by, at: now, note, salt: salt(), achieved: true }
    }
}

/// The person of this name, as it was typed.
///
/// # Errors
/// When nobody is named, or what was typed is no name.
pub fn person(typed: &str) -> Result<Person, OfficeError> {
    Person::new(typed).map_err(|why| match why {
        NotWords::TooShort => OfficeError::NoName,
        NotWords::TooLong { .. } | NotWords::NoLetters | NotWords::Stranger(_) => OfficeError::NotAName(why),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_ruling_without_a_name_and_a_reason() {
        assert!(matches!(person("  "), Err(OfficeError::NoName)));
        assert!(matches!(person("123"), Err(OfficeError::NotAName(_))));
        let anna = person(" Anna ").unwrap();
        assert!(matches!(Ruling::new(anna.clone(), " . "), Err(OfficeError::NoReason)));
        assert!(matches!(Ruling::new(anna.clone(), &"parola ".repeat(10_000)), Err(OfficeError::NotAReason(_))));
        let ruling = Ruling::new(anna, "Riletto: è come dice la regola").unwrap();
        assert_eq!((ruling.by.as_str(), ruling.reason.as_str()), ("Anna", "Riletto: è come dice la regola"));
    }
}
