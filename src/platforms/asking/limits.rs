//! What a platform bears, where its answers do not say so.

use std::time::Duration;

/// How much may be said and asked on a platform. Limits that a platform tells when they are met are a
/// [`Class::Limited`](crate::Class::Limited).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most characters of a public answer.
    pub longest_reply: usize,
    /// The most characters of a private message.
    pub longest_message: usize,
    /// How often an account is asked what is new, `None` where the platform tells by itself.
    pub poll_every: Option<Duration>,
    /// How many times an hour an account is asked what the platform shows of our cases. A round may take several calls,
    /// and looks at [`Asks::states_at_once`](crate::Asks::states_at_once).
    pub rounds_an_hour: usize,
}

/// What every platform is known to take, Instagram's 1,000 bytes of a private message included.
const LONGEST: usize = 900;

impl Limits {
    /// Those of a platform that pushes what is new, with one round an hour.
    pub(crate) const MODEST: Limits =
        Limits { longest_reply: LONGEST, longest_message: LONGEST, poll_every: None, rounds_an_hour: 1 };
}
