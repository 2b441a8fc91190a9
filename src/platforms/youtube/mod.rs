//! YouTube channels: comments by [`poll()`], because YouTube pushes none; WebSub notifications, which tell of our own
//! videos; the Data API out.

mod atom;
mod calls;
mod errors;
mod link;
mod payload;
mod poll;
mod signature;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use policy::{Account, ActionKind, Contribution, Surface};
use url::Url;

use crate::{
    Accounts, Adapter, Answer, Ask, Call, Capability, Class, CountCall, Delivery, Found, Limits, Link, Malformed,
    Presence, Query, Secret,
};
use crate::{State, Target, Unverified, WebhookSecrets};

pub use poll::{Cursor, poll};

/// The adapter.
pub struct Youtube;

impl Adapter for Youtube {
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, accounts: &Accounts) -> Response<Bytes> {
        signature::handshake(query, secrets, accounts)
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        signature::verify(headers, body, secrets)
    }

    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        atom::parse(body, accounts)
    }

    /// YouTube asks for a 2xx even to malformed XML (docs/platforms.md, section 1.4).
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }

    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        link::link(address, accounts)
    }

    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        calls::capability(surface, action)
    }

    /// YouTube pushes no comments. A poll is one unit or two of 10,000 a day, a round of looking two, at 50 comments
    /// (docs/platforms.md, section 5.3).
    fn limits(&self) -> Limits {
        Limits { poll_every: Some(Duration::from_secs(2 * 60)), rounds_an_hour: 4, ..Limits::MODEST }
    }

    /// The ban rejects the comment as well, and a rejection is for good (docs/platforms.md, section 0.1, points 8 and 9).
    fn ban_rejects(&self) -> bool {
        true
    }

    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        calls::calls(target, ask)
    }

    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        errors::classify(action, answer)
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(calls::presence(target))
    }

    fn presence(&self, answer: &Answer) -> Presence {
        errors::presence(answer)
    }

    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        calls::read_back(target, action)
    }

    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        payload::find_own(target, answer, text)
    }

    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(calls::read(target))
    }

    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed> {
        payload::read(target, answer, accounts)
    }

    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        calls::count_calls(account)
    }

    fn states_at_once(&self) -> usize {
        calls::IDS
    }

    /// By its id a comment comes without its moderation status, so a second call lists what is held for review.
    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        let comments: Vec<_> = targets.iter().filter(|target| target.surface == Surface::Comment).collect();
        let Some(first) = comments.first() else { return Vec::new() };
        let ids: Vec<_> = comments.iter().map(|target| target.contribution.as_str()).collect();
        vec![calls::exist(&ids), calls::held(first.account.id.as_str())]
    }

    fn state(&self, target: &Target<'_>, answers: &[Answer]) -> State {
        match answers {
            [exist, held] => payload::state(target, exist, held),
            _ => State::Unknown,
        }
    }
}
