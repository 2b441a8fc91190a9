//! From which probability on the reader may be believed in what, as it was measured on voices that were left out.

use crate::Probability;

/// What is measured: for each purpose the probability from which on it holds, and for which share of the lines.
const MEASURED: &str = include_str!("weights/reader.thresholds");

/// The thresholds of a reader: a share of lines is what people can decide about, a probability is not.
///
/// They are read from a table beside the weights, which `evaluate --thresholds` writes; nothing is computed at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    calls: Vec<(u32, Probability)>,
    objection: Probability,
    doubt: Probability,
    agreement: Probability,
    suggestion: Probability,
    answer: Option<Probability>,
    danger: Probability,
}

impl Thresholds {
    /// The thresholds that were measured for the shipped weights.
    ///
    /// # Errors
    /// The table is of other weights, or cannot be read.
    pub fn shipped(sha256: &str) -> Result<Self, ThresholdsError> {
        Self::parse(MEASURED, sha256)
    }

    /// Reads a table, which must be that of the weights with this hash.
    ///
    /// # Errors
    /// The table is of other weights, or cannot be read.
    pub fn parse(table: &str, sha256: &str) -> Result<Self, ThresholdsError> {
        let mut read = Read::default();
        let mut of = None;
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            match fields.as_slice() {
                ["weights", hash] => of = Some(*hash),
                [purpose, share, millionths] => {
                    let number = |text: &str| text.parse().map_err(|_| ThresholdsError::Line(line.to_owned()));
                    let at = Probability::from_millionths(number(millionths)?);
                    if !read.take(purpose, number(share)?, at) {
                        return Err(ThresholdsError::Line(line.to_owned()));
                    }
                }
                _ => return Err(ThresholdsError::Line(line.to_owned())),
            }
        }
        match of {
            Some(hash) if hash == sha256 => read.finish(),
            found => {
                Err(ThresholdsError::Weights { found: found.unwrap_or("none").to_owned(), expected: sha256.to_owned() })
            }
        }
    }

    /// The probability of a violation that so many of a thousand lawful lines reach. `None` where it was not measured.
    pub fn call(&self, of_a_thousand: u32) -> Option<Probability> {
        self.calls.iter().find(|(share, _)| *share == of_a_thousand).map(|(_, at)| *at)
    }

    /// The shares for which [`Thresholds::call`] was measured, of a thousand lawful lines.
    pub fn shares(&self) -> impl Iterator<Item = u32> {
        self.calls.iter().map(|(share, _)| *share)
    }

    /// From which probability that nothing is violated on it objects to hiding.
    pub const fn objection(&self) -> Probability {
        self.objection
    }

    /// From which probability that nothing is violated on nobody is called because of a doubtful rule.
    pub const fn doubt(&self) -> Probability {
        self.doubt
    }

    /// From which probability of a violation on it is nearly certain.
    pub const fn agreement(&self) -> Probability {
        self.agreement
    }

    /// From which probability of a personal case on it suggests that to the office.
    pub const fn suggestion(&self) -> Probability {
        self.suggestion
    }

    /// From which probability of a personal case on it is right in 95 of 100. `None` where no probability is.
    pub const fn answer(&self) -> Option<Probability> {
        self.answer
    }

    /// From which probability that somebody is in danger on a person is called at once.
    pub const fn danger(&self) -> Probability {
        self.danger
    }
}

/// A table as far as it is read.
#[derive(Default)]
struct Read {
    calls: Vec<(u32, Probability)>,
    objection: Option<Probability>,
    doubt: Option<Probability>,
    agreement: Option<Probability>,
    suggestion: Option<Probability>,
    answer: Option<Probability>,
    danger: Option<Probability>,
}

impl Read {
    /// Takes a line. False where it has no known purpose, or repeats one.
    fn take(&mut self, purpose: &str, share: u32, at: Probability) -> bool {
        let of = match purpose {
            "call" if self.calls.iter().all(|(known, _)| *known != share) => {
                self.calls.push((share, at));
                return true;
            }
            "object" => &mut self.objection,
            "doubt" => &mut self.doubt,
            "agree" => &mut self.agreement,
            "suggest" => &mut self.suggestion,
            "answer" => &mut self.answer,
            "danger" => &mut self.danger,
            _ => return false,
        };
        of.replace(at).is_none()
    }

    fn finish(self) -> Result<Thresholds, ThresholdsError> {
        let missing = ThresholdsError::Missing;
        if self.calls.is_empty() {
            return Err(missing("call"));
        }
        Ok(Thresholds {
            calls: self.calls,
            objection: self.objection.ok_or(missing("object"))?,
            doubt: self.doubt.ok_or(missing("doubt"))?,
            agreement: self.agreement.ok_or(missing("agree"))?,
            suggestion: self.suggestion.ok_or(missing("suggest"))?,
            answer: self.answer,
            danger: self.danger.ok_or(missing("danger"))?,
        })
    }
}

/// Thresholds that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdsError {
    /// They were measured for other weights.
    #[error("thresholds of the weights {found}, expected those of {expected}")]
    Weights {
        /// Of which.
        found: String,
        /// For which they are asked.
        expected: String,
    },
    /// A line says nothing that is known.
    #[error("found {0:?}, expected a purpose, a share of a thousand lines and a probability in millionths")]
    Line(String),
    /// A purpose has no line.
    #[error("found no line {0:?}")]
    Missing(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# purpose, lines of a thousand, millionths\nweights ab\ncall 10 651000\ncall 30 437000\n\
                         object 50 800000\ndoubt 20 950000\nagree 1 990000\nsuggest 5 635000\ndanger 5 400000\n";

    #[test]
    fn a_share_stands_for_the_probability_that_was_measured_and_for_none_in_between() {
        let table = Thresholds::parse(TABLE, "ab").unwrap();
        assert_eq!(table.call(10), Some(Probability::from_millionths(651_000)));
        assert_eq!((table.call(20), table.shares().collect::<Vec<_>>()), (None, vec![10, 30]));
        assert_eq!((table.doubt().millionths(), table.answer()), (950_000, None));
    }

    #[test]
    fn a_table_of_other_weights_or_with_gaps_is_refused() {
        for (from, to, message) in [
            ("weights ab", "weights cd", "thresholds of the weights cd, expected those of ab"),
            ("weights ab\n", "", "thresholds of the weights none, expected those of ab"),
            ("agree 1 990000\n", "", "found no line \"agree\""),
            ("call 30 437000", "call 10 437000", "found \"call 10 437000\""),
            ("call 30 437000", "call 30 much", "found \"call 30 much\""),
            ("call 30 437000", "hide 30 437000", "found \"hide 30 437000\""),
            ("call 30 437000", "call", "found \"call\""),
        ] {
            let error = Thresholds::parse(&TABLE.replace(from, to), "ab").unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn the_shipped_thresholds_are_those_of_the_shipped_weights() {
        crate::shipped().unwrap();
    }
}
