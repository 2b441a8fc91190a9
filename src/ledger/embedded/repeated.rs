//! Transactions that are sent again, because their answer was lost.
//!
//! DynamoDB knows a transaction by its token for ten minutes. The engine keeps every answer that long, and looks through
//! all of them at each transaction: under sustained violations that was most of what a server's memory grew by. Whoever
//! repeats here does so within seconds, so the last answers are enough.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many answers are kept: those of some seconds, a few hundred bytes each.
const KEPT: usize = 1_000;

/// The answers to the last transactions that took effect, by their tokens.
#[derive(Default)]
pub(super) struct Repeated(Mutex<VecDeque<(String, String)>>);

impl Repeated {
    /// Carries a transaction out, or answers as it was answered before. One after the other, as the engine does it anyway:
    /// what is sent again while it is still being carried out waits for that.
    pub(super) fn once<E>(
        &self,
        token: Option<String>,
        transaction: impl FnOnce() -> Result<String, E>,
    ) -> Result<String, E> {
        let Some(token) = token else { return transaction() };
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = answers.iter().rev().find(|(known, _)| *known == token) {
            return Ok(answer.clone());
        }
        let answer = transaction()?;
        if answers.len() >= KEPT {
            answers.pop_front();
        }
        answers.push_back((token, answer.clone()));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_effect_is_carried_out_once_and_little_is_remembered() {
        let repeated = Repeated::default();
        let carried_out = std::cell::Cell::new(0);
        let send = |token: &str, succeeds: bool| {
            repeated.once(Some(token.to_owned()), || {
                carried_out.set(carried_out.get() + 1);
                if succeeds { Ok(format!("answer {}", carried_out.get())) } else { Err("unmet") }
            })
        };
        assert_eq!(send("a", false), Err("unmet"));
        assert_eq!(send("a", true), Ok("answer 2".to_owned()));
        assert_eq!(send("a", true), Ok("answer 2".to_owned()));
        assert_eq!(send("a", false), Ok("answer 2".to_owned()), "it took effect");
        for number in 0..3 * KEPT {
            send(&number.to_string(), true).unwrap();
        }
        assert_eq!(repeated.0.lock().unwrap().len(), KEPT);
        let without_token = || repeated.once::<&str>(None, || Ok("answer".to_owned()));
        assert_eq!((without_token(), repeated.0.lock().unwrap().len()), (Ok("answer".to_owned()), KEPT));
    }
}
