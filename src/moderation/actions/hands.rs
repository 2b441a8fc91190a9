//! Many hands: what is due is carried out as it becomes due. What one platform keeps waiting does not keep the others.

use std::collections::{HashMap, HashSet};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use ledger::{LedgerError, WorkKey};

use crate::Moderation;
use crate::actions::retry::later;
use crate::actions::swept::{Acted, Swept};

/// How many pieces of work are in hand at the same time. More than are called for: what waits for a platform that does
/// not answer takes a place here, and calls nobody.
const IN_HAND: usize = 64;

/// How long a piece of work is left alone that cannot be read: it stays due, and would take the place of what can.
const SET_ASIDE: SignedDuration = SignedDuration::from_mins(1);

/// Takes up what is due while there is room, and goes on taking while some of it is still being done. A platform that
/// hangs takes as many places as may call it, for as long as a call may last; the rest of its work is put off at once.
pub struct Hands {
    moderation: Moderation,
    acts: FuturesUnordered<BoxFuture<'static, (WorkKey, Result<Acted, LedgerError>)>>,
    in_hand: HashSet<WorkKey>,
    /// What could not be read, until when it is left alone. It is due, and the longest of all.
    aside: HashMap<WorkKey, Timestamp>,
    /// Whether something came of a piece of work since what is due was read, or made room for others.
    progress: bool,
    swept: Swept,
}

impl Hands {
    /// Empty hands.
    pub fn new(moderation: Moderation) -> Self {
        let swept = Swept::default();
        let (acts, in_hand, aside) = (FuturesUnordered::new(), HashSet::new(), HashMap::new());
        Self { moderation, acts, in_hand, aside, progress: true, swept }
    }

    /// Takes up what is due, the longest due first, as much as there is room for. How many pieces.
    ///
    /// # Errors
    /// When what is due cannot be read. What is in hand stays there.
    pub async fn take(&mut self) -> Result<usize, LedgerError> {
        let room = IN_HAND - self.acts.len();
        if room == 0 {
            return Ok(0);
        }
        let now = self.moderation.clock.now();
        self.aside.retain(|_, until| *until > now);
        // What was taken a moment ago may still be listed.
        let listed = IN_HAND + self.acts.len() + self.aside.len();
        let mut due = self.moderation.ledger.due(now, listed).await?;
        self.progress = false;
        due.retain(|key| !self.in_hand.contains(key) && !self.aside.contains_key(key));
        due.truncate(room);
        let taken = due.len();
        for key in due {
            self.in_hand.insert(key.clone());
            let moderation = self.moderation.clone();
            let act = async move {
                let acted = moderation.act(&key).await;
                (key, acted)
            };
            self.acts.push(act.boxed());
        }
        self.swept.due += taken;
        Ok(taken)
    }

    /// Waits until a piece of work is done or put off; `None` when nothing is in hand. May be dropped and called again.
    pub async fn finish_one(&mut self) -> Option<()> {
        let (key, acted) = self.acts.next().await?;
        self.in_hand.remove(&key);
        if acted.as_ref().is_err_and(|error| !error.is_retryable()) {
            self.aside.insert(key, later(self.moderation.clock.now(), SET_ASIDE));
            self.progress = true;
        }
        self.progress |= self.swept.count(acted);
        Some(())
    }

    /// Whether what is due should be read again: there is room, and what was done may have led to more.
    pub fn wants_more(&self) -> bool {
        self.progress && self.acts.len() <= IN_HAND / 2
    }

    /// How much was done, put off, or set aside because it cannot be read: each makes room for something else.
    pub fn ended(&self) -> usize {
        self.swept.settled + self.swept.postponed + self.aside.len()
    }

    /// What was done since they were empty.
    pub const fn swept(&self) -> Swept {
        self.swept
    }
}
