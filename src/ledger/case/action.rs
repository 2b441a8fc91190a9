//! Actions: what a platform is asked to do about a case.

use std::fmt;

use jiff::Timestamp;
use policy::{ActionKind, Effect, Notice};
use serde::{Deserialize, Serialize};

use crate::case::is_false;

/// An action to ask of the platform. Its id follows from its position in its case: `a1`, `a2`, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAction {
    /// What to ask.
    pub kind: ActionKind,
    /// The message, for the actions that speak.
    pub text: Option<String>,
    /// On which occasion, for the actions that speak.
    pub notice: Option<Notice>,
    /// The number of the author's sanction that it serves.
    pub sanction: Option<u32>,
    /// The time before which it is not to be asked.
    pub not_before: Option<Timestamp>,
}

impl NewAction {
    /// An action to ask at once, without a message and for no sanction.
    pub const fn new(kind: ActionKind) -> Self {
        Self { kind, text: None, notice: None, sanction: None, not_before: None }
    }
}

/// What the platform is asked to do about a case, how often it was asked, and what it did (invariant 7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Which of the case's actions: `a1`, `a2`, … in the order in which they are carried out.
    pub id: String,
    /// What is asked.
    pub kind: ActionKind,
    /// The message, for the actions that speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// On which occasion, for the actions that speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The number of the author's sanction that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sanction: Option<u32>,
    /// The time before which it is not to be asked. Until then nothing else waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Whether a person's decision led to it, or took it back.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_person: bool,
    /// How often it was taken up to be asked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempts: u32,
    /// Since when it has been tried, also while nothing could be asked: how long to go on is counted from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_since: Option<Timestamp>,
    /// When it was last taken up to be asked. Stored before the platform is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// Until when it is left alone: because it is being asked, or because it is to be asked again only then. Until
    /// then what comes after it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// Whether the outcome of the last attempt is not known: it is being made, or it ended without an answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outcome_unknown: bool,
    /// What the platform did; `None` while unsettled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// When that became known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_at: Option<Timestamp>,
    /// The call that was made, as method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The HTTP status of its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The platform's id of what came of it: our reply. On some platforms it holds the id of the contribution, so it is
    /// kept no longer than that, in an item of its own.
    #[serde(skip)]
    pub reference: Option<String>,
    /// What else there is to say about the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When a person said that they had done it themselves, in the platform's place. The effect stays what the platform
    /// did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand_at: Option<Timestamp>,
    /// When a person who was asked to do it themselves said that it was not possible, or not right: it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_not_at: Option<Timestamp>,
}

impl Action {
    /// An action that was not asked yet, the `position`-th of all that its case ever had, counted from 0.
    pub fn unasked(position: usize, new: &NewAction) -> Self {
        Self {
            id: format!("a{}", position + 1),
            kind: new.kind,
            text: new.text.clone(),
            notice: new.notice,
            sanction: new.sanction,
            not_before: new.not_before,
            by_person: false,
            attempts: 0,
            tried_since: None,
            asked_at: None,
            held_until: None,
            outcome_unknown: false,
            effect: None,
            effect_at: None,
            call: None,
            status: None,
            reference: None,
            note: None,
            by_hand_at: None,
            could_not_at: None,
        }
    }

    /// Whether nobody asked for it yet, and nobody is about to.
    pub(crate) fn is_unasked(&self) -> bool {
        self.effect.is_none() && self.attempts == 0 && !self.outcome_unknown
    }

    /// Whether it has no effect yet, and cannot be having one now: nobody is asking for it, and whoever asked was told
    /// that it did not happen.
    pub const fn is_idle(&self) -> bool {
        self.effect.is_none() && !self.outcome_unknown
    }

    /// Whether there is nothing left to do because the contribution is gone. What concerns its author still has to
    /// be done, and what is being asked just now has an effect that only its worker will know.
    pub(crate) fn is_moot(&self) -> bool {
        use ActionKind::{Delete, Hide, Reply, Unhide};
        self.effect.is_none() && !self.outcome_unknown && matches!(self.kind, Hide | Unhide | Delete | Reply)
    }

    /// Whether it was settled before anybody asked for it, and nobody was to be told anything by it.
    pub(crate) fn came_to_nothing(&self) -> bool {
        self.was_dropped() && self.sanction.is_none() && !self.kind.speaks()
    }

    /// Notes that it is taken up to be asked, by someone who has it until then.
    pub(crate) fn take_up(&mut self, now: Timestamp, until: Timestamp) {
        self.attempts += 1;
        self.tried_since.get_or_insert(now);
        self.asked_at = Some(now);
        self.held_until = Some(until);
        self.outcome_unknown = true;
    }

    /// Takes back that it was asked this time: it was taken up, and the platform was not called.
    pub(crate) fn take_back(&mut self) {
        self.attempts = self.attempts.saturating_sub(1);
        if self.attempts == 0 {
            self.asked_at = None;
        }
    }

    /// Notes the effect: nothing about it is unknown any more, and nobody has it.
    pub(crate) fn conclude(&mut self, effect: Effect, now: Timestamp) {
        self.effect = Some(effect);
        self.effect_at = Some(now);
        self.held_until = None;
        self.outcome_unknown = false;
    }
}

/// What became of it. Whoever wants to know asks here, so that no two answers differ.
impl Action {
    /// Whether it was settled without any call: it was taken back first, or what it is about was gone. It restricted
    /// nobody, the platform did not decline it, and who took it back did not decide it.
    pub const fn was_dropped(&self) -> bool {
        matches!(self.effect, Some(Effect::AlreadySo)) && self.call.is_none()
    }

    /// Whether the platform did it, or answered that it was so already.
    pub const fn took_effect(&self) -> bool {
        match self.effect {
            Some(Effect::Done) => true,
            Some(Effect::AlreadySo) => !self.was_dropped(),
            Some(Effect::Refused | Effect::Impossible | Effect::Manual | Effect::Failed) | None => false,
        }
    }

    /// Whether it is so as far as anybody knows, by call or by hand, at least in part, or may be becoming so now. What a
    /// person was asked for, and has not said that they did, is not.
    pub const fn may_be_so(&self) -> bool {
        let is_under_way = self.effect.is_none() && self.outcome_unknown;
        let is_in_part = self.is_left_to_a_person() && self.call.is_some();
        self.took_effect() || is_in_part || self.by_hand_at.is_some() || is_under_way
    }

    /// Whether a person was asked to do it, and has not said that they could not: perhaps they have, or will.
    pub const fn may_be_done_by_a_person(&self) -> bool {
        self.is_left_to_a_person() && self.could_not_at.is_none()
    }

    /// Whether it is certain not to be so: it was taken back first, or the platform declined it or has no call for it, and no
    /// person has said that they did it. What was asked in vain may be so all the same.
    pub const fn is_certainly_not_so(&self) -> bool {
        use Effect::{Impossible, Manual, Refused};
        let is_declined = matches!(self.effect, Some(Refused | Impossible | Manual)) || self.could_not_at.is_some();
        !self.may_be_so() && (self.was_dropped() || is_declined)
    }

    /// Whether the platform has no call for it, or did only a part, so that a person was asked to do it: perhaps they
    /// have.
    pub const fn is_left_to_a_person(&self) -> bool {
        matches!(self.effect, Some(Effect::Manual))
    }

    /// Whether the platform did not do it, and nobody knows of a way.
    pub const fn failed(&self) -> bool {
        matches!(self.effect, Some(Effect::Refused | Effect::Failed | Effect::Impossible))
    }

    /// Since when it is so, by the platform's doing or a person's.
    pub const fn carried_out_at(&self) -> Option<Timestamp> {
        if self.took_effect() { self.effect_at } else { self.by_hand_at }
    }

    /// Whether it is a message that reached nobody, because there was nothing left to answer to.
    pub fn reached_nobody(&self) -> bool {
        self.kind.speaks() && self.effect == Some(Effect::AlreadySo)
    }

    /// Whether it is a message that the platform has delivered.
    pub fn was_delivered(&self) -> bool {
        self.kind.speaks() && self.effect == Some(Effect::Done)
    }

    /// Whether what was asked is so now, whoever made it so; a message that reached nobody is not.
    pub(crate) fn is_so(&self) -> bool {
        (self.took_effect() || self.was_dropped()) && !self.reached_nobody()
    }

    /// Whether it was to take a sanction further and has lost its object, so that the author was not told.
    pub(crate) fn is_undelivered(&self) -> bool {
        self.sanction.is_some() && self.reached_nobody()
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("sanction", &self.sanction)
            .field("not_before", &self.not_before)
            .field("attempts", &self.attempts)
            .field("outcome_unknown", &self.outcome_unknown)
            .field("effect", &self.effect)
            .field("status", &self.status)
            .finish()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An action as it stands after it was settled so, and after a person did it in the platform's place.
    fn settled(kind: ActionKind, effect: Option<Effect>, called: bool, by_hand: bool) -> Action {
        let at = |text: &str| text.parse().unwrap();
        Action {
            effect,
            effect_at: effect.map(|_| at("2026-11-02T09:00:00Z")),
            call: called.then(|| "POST /{comment-id}".to_owned()),
            by_hand_at: by_hand.then(|| at("2026-11-02T10:00:00Z")),
            ..Action::unasked(0, &NewAction::new(kind))
        }
    }

    #[test]
    fn what_became_of_an_action_follows_from_effect_call_and_task() {
        use Effect::{AlreadySo, Done, Failed, Impossible, Manual, Refused};
        // Whether it was dropped, took effect by itself, is left to a person, failed, and is so now by either.
        let table = [
            (None, false, [false, false, false, false, false]),
            (None, true, [false, false, false, false, false]),
            (Some(Done), true, [false, true, false, false, true]),
            (Some(AlreadySo), true, [false, true, false, false, true]),
            (Some(AlreadySo), false, [true, false, false, false, false]),
            (Some(Refused), true, [false, false, false, true, false]),
            (Some(Impossible), false, [false, false, false, true, false]),
            (Some(Manual), false, [false, false, true, false, false]),
            (Some(Manual), true, [false, false, true, false, false]),
            (Some(Failed), true, [false, false, false, true, false]),
            (Some(Failed), false, [false, false, false, true, false]),
        ];
        for (effect, called, [dropped, took_effect, left, failed, is_so]) in table {
            for by_hand in [false, true] {
                let action = settled(ActionKind::Hide, effect, called, by_hand);
                let what = format!("{effect:?}, called {called}, by hand {by_hand}");
                assert_eq!(action.was_dropped(), dropped, "{what}");
                assert_eq!(action.took_effect(), took_effect, "{what}");
                assert_eq!(action.is_left_to_a_person(), left, "{what}");
                assert_eq!(action.failed(), failed, "{what}");
                assert_eq!(action.carried_out_at().is_some(), is_so || by_hand, "{what}");
                let is_in_part = left && called;
                assert_eq!(action.may_be_so(), took_effect || is_in_part || by_hand, "{what}");
                let declined = matches!(effect, Some(Refused | Impossible | Manual));
                assert_eq!(action.is_certainly_not_so(), (dropped || declined) && !action.may_be_so(), "{what}");
                let could_not =
                    Action { could_not_at: Some("2026-11-02T11:00:00Z".parse().unwrap()), ..action.clone() };
                assert_eq!(could_not.may_be_so(), action.may_be_so(), "{what}");
                assert_eq!(could_not.is_certainly_not_so(), !action.may_be_so(), "{what}");
            }
        }
        let called = settled(ActionKind::Ban, Some(Done), true, true);
        assert_eq!(called.carried_out_at(), called.effect_at, "the platform was first");
    }

    #[test]
    fn a_message_that_lost_its_object_reached_nobody() {
        for effect in Effect::ALL {
            let reply = settled(ActionKind::PrivateReply, Some(effect), true, false);
            assert_eq!(reply.reached_nobody(), effect == Effect::AlreadySo);
            assert_eq!(reply.was_delivered(), effect == Effect::Done);
            let hide = settled(ActionKind::Hide, Some(effect), true, false);
            assert!(!hide.reached_nobody() && !hide.was_delivered());
        }
    }
}
