//! What became of what was asked to restrict a contribution or its author.

use jiff::Timestamp;
use ledger::Action;
use policy::ActionKind;
use serde::Serialize;

/// How a restriction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is decided, and not carried out yet.
    Pending,
    /// It holds.
    InForce,
    /// It held, and holds no more.
    Ended,
    /// Neither the platform nor a person carried it out.
    NotCarriedOut,
}

/// What became of the actions that restrict in one way.
pub(super) struct Restriction {
    pub(super) state: State,
    pub(super) begun: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
}

impl Restriction {
    /// What became of those of some kinds, which the kind `back` takes back; `None` where none was asked.
    pub(super) fn of(actions: &[Action], kinds: &[ActionKind], back: ActionKind) -> Option<Self> {
        let asked = asked(actions, |kind| kinds.contains(&kind));
        // By time: what was done by hand may have been done after what was asked later.
        let begun = asked.iter().filter_map(|action| action.carried_out_at()).min();
        let concerns = |kind: ActionKind| kinds.contains(&kind) || kind == back;
        let concerned = actions.iter().filter(|action| concerns(action.kind));
        let last =
            concerned.filter_map(|action| Some((action.carried_out_at()?, action.kind))).max_by_key(|(at, _)| *at);
        let ended = last.filter(|(_, kind)| *kind == back).map(|(at, _)| at);
        let state = match (begun, ended) {
            (Some(_), None) => State::InForce,
            (Some(_), Some(_)) => State::Ended,
            (None, _) if asked.iter().any(|action| action.effect.is_none()) => State::Pending,
            (None, _) => State::NotCarriedOut,
        };
        (!asked.is_empty()).then_some(Self { state, begun, ended })
    }
}

/// The state of several restrictions together: that of the one that holds most.
pub(super) fn state<'r>(restrictions: impl Iterator<Item = &'r Restriction>) -> State {
    let order = [State::InForce, State::Pending, State::Ended];
    let states: Vec<State> = restrictions.map(|restriction| restriction.state).collect();
    order.into_iter().find(|state| states.contains(state)).unwrap_or(State::NotCarriedOut)
}

/// The actions of some kinds that were asked or still will be, without those that were dropped before.
pub(super) fn asked(actions: &[Action], is_meant: impl Fn(ActionKind) -> bool) -> Vec<&Action> {
    actions.iter().filter(|action| is_meant(action.kind) && !action.was_dropped()).collect()
}

/// Whether an action of this kind restricts somebody.
pub(super) const fn restricts(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::Hide | ActionKind::Delete | ActionKind::Ban)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::testing::{CALL, settled};

    const HIDDEN: [ActionKind; 2] = [ActionKind::Hide, ActionKind::Delete];

    #[test]
    fn of_several_restrictions_the_one_that_holds_most_counts() {
        let of = |states: &[State]| {
            let of: Vec<_> =
                states.iter().map(|state| Restriction { state: *state, begun: None, ended: None }).collect();
            state(of.iter())
        };
        assert_eq!(of(&[State::Ended, State::InForce]), State::InForce);
        assert_eq!(of(&[State::NotCarriedOut, State::Pending]), State::Pending);
        assert_eq!(of(&[State::NotCarriedOut, State::Ended]), State::Ended);
        assert_eq!(of(&[State::NotCarriedOut]), State::NotCarriedOut);
    }

    #[test]
    fn what_was_dropped_before_the_platform_was_asked_restricts_nobody_and_was_not_declined() {
        let actions = [settled("hide", "already_so", None, 1)];
        assert!(asked(&actions, restricts).is_empty());
        assert!(Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).is_none());
        let declined = [settled("hide", "refused", CALL, 1)];
        let declined = Restriction::of(&declined, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!(declined.state, State::NotCarriedOut);
    }

    #[test]
    fn a_restriction_ends_by_its_own_reversal_whatever_happens_to_another() {
        let actions =
            [settled("hide", "done", CALL, 1), settled("unhide", "done", CALL, 2), settled("ban", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::Ended, actions[1].effect_at));
        let banned = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((banned.state, banned.ended), (State::InForce, None));
    }

    #[test]
    fn what_a_person_did_in_the_platforms_place_holds_until_it_is_taken_back() {
        let by_hand = |kind, minute: u32| Action {
            by_hand_at: Some(format!("2026-11-02T10:{minute:02}:00Z").parse().unwrap()),
            ..settled(kind, "manual", None, 1)
        };
        let left =
            Restriction::of(&[settled("ban", "manual", None, 1)], &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((left.state, left.begun), (State::NotCarriedOut, None));
        let actions = [by_hand("ban", 2), settled("unban", "manual", None, 3)];
        let banned = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((banned.state, banned.begun), (State::InForce, actions[0].by_hand_at));
        let actions = [by_hand("ban", 2), by_hand("unban", 3)];
        let lifted = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((lifted.state, lifted.ended), (State::Ended, actions[1].by_hand_at));
    }

    #[test]
    fn a_restriction_begins_with_what_was_done_first_and_ends_with_what_was_done_last() {
        let by_hand = |kind, minute: u32| Action {
            by_hand_at: Some(format!("2026-11-02T10:{minute:02}:00Z").parse().unwrap()),
            ..settled(kind, "failed", CALL, 1)
        };
        let actions = [by_hand("hide", 5), settled("delete", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.begun), (State::InForce, actions[1].effect_at));
        // The task of the first one was closed after it was shown again.
        let actions = [by_hand("hide", 5), settled("unhide", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::InForce, None));
        let actions = [settled("hide", "done", CALL, 1), by_hand("unhide", 5), settled("hide", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::Ended, actions[1].by_hand_at));
    }
}
