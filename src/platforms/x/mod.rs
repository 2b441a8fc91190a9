//! X: the Activity API, and the older Account Activity API, in; the API v2 out.

mod aaa;
mod calls;
mod errors;
mod link;
mod payload;
mod signature;
#[cfg(test)]
mod tests;
mod text;
mod xaa;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use policy::{Account, ActionKind, Contribution, Surface};
use url::Url;

use crate::{
    Accounts, Adapter, Answer, Ask, Call, Capability, Class, CountCall, Delivery, Found, Limits, Link, Malformed,
    Presence, Query, Secret,
};
use crate::{State, Subscription, Target, Unverified, WebhookSecrets};

/// The adapter.
pub struct X;

impl Adapter for X {
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
        signature::handshake(query, &secrets.signing)
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        signature::verify(headers, body, secrets)
    }

    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        payload::parse(body, accounts)
    }

    /// X documents no redelivery, nor that a refusal would switch the webhook off (docs/platforms.md, section 1.5), so
    /// it is told the truth: its replay can send the event again.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }

    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        link::link(address, accounts)
    }

    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        calls::capability(surface, action)
    }

    /// A post has at most 280 characters, and X bills every post that is read (docs/platforms.md, sections 1.5 and 5.4).
    fn limits(&self) -> Limits {
        Limits { longest_reply: 280, ..Limits::MODEST }
    }

    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        calls::calls(target, ask)
    }

    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        errors::classify(action, answer)
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        calls::read(target)
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
        calls::read(target)
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

    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        targets.iter().filter_map(calls::read).collect()
    }

    /// Of what exists X does not tell whether it is hidden.
    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        match answers.first().map_or(Presence::Unknown, errors::presence) {
            Presence::Gone => State::Gone,
            Presence::Present | Presence::Unknown => State::Unknown,
        }
    }

    fn subscription_call(&self, _: &Account) -> Option<Call> {
        Some(calls::subscriptions())
    }

    fn subscription(&self, account: &Account, answer: &Answer) -> Subscription {
        payload::subscription(account, answer)
    }
}
