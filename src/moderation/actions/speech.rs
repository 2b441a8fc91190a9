//! What the organisation says to an author: which channel can carry it, and the text from the policy's templates.

use ledger::NewAction;
use platforms::{Capability, adapter};
use policy::{ActionKind, Channel, MessageFacts, Notice, Platform, Policy, Surface, language_of};

/// The contribution that is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered<'a> {
    pub platform: Platform,
    pub surface: Surface,
    /// What its author wrote, by which the language of the answer is chosen. It is never repeated.
    pub text: &'a str,
    /// Whether it must not be said where others read it.
    pub in_private: bool,
}

/// Whether something can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    /// By this action, by call or, where the platform has none, by hand.
    Action(NewAction),
    /// The policy has no words for it.
    NoTemplate,
    /// The platform has no way to reach the author from here.
    NoWay,
}

/// A notice about a contribution, on the first channel of the policy that the platform offers. A channel that was
/// `used` for this contribution already comes last: some platforms take only one private message for each.
pub(crate) fn say(
    policy: &Policy,
    answered: Answered<'_>,
    notice: Notice,
    facts: &MessageFacts<'_>,
    used: &[ActionKind],
) -> Speech {
    let Some(kind) = way(policy, answered, notice, used) else { return Speech::NoWay };
    let limits = adapter(answered.platform).limits();
    let longest = if kind == ActionKind::Reply { limits.longest_reply } else { limits.longest_message };
    match policy.message(notice, language_of(answered.text), facts, longest) {
        Some(text) => Speech::Action(NewAction { text: Some(text), notice: Some(notice), ..NewAction::new(kind) }),
        None => Speech::NoTemplate,
    }
}

/// The action that says it, unless it would be public and must not be, or the policy leaves public answers to people: one
/// that the platform carries out by a call if there is any, else one for the office.
fn way(policy: &Policy, answered: Answered<'_>, notice: Notice, used: &[ActionKind]) -> Option<ActionKind> {
    let Answered { platform, surface, in_private, .. } = answered;
    let channels = policy.channels(platform, notice).iter();
    let may_be_public = policy.automation.public_replies && !in_private;
    let allowed = channels.filter(|channel| **channel == Channel::Private || may_be_public);
    let mut kinds: Vec<ActionKind> = allowed.map(|channel| action(*channel)).collect();
    kinds.sort_by_key(|kind| used.contains(kind));
    let capability = |kind: &&ActionKind| adapter(platform).capability(surface, **kind);
    let by_call = kinds.iter().find(|kind| matches!(capability(kind), Capability::Call | Capability::Conditional));
    by_call.or_else(|| kinds.iter().find(|kind| matches!(capability(kind), Capability::Manual(_)))).copied()
}

const fn action(channel: Channel) -> ActionKind {
    match channel {
        Channel::Private => ActionKind::PrivateReply,
        Channel::Public => ActionKind::Reply,
    }
}

#[cfg(test)]
mod tests;
