//! LinkedIn organization pages: social action notifications in, the comments API out. Notifications come by push,
//! which needs LinkedIn's approval, or by [`poll()`], which reads the same ones.

mod calls;
mod errors;
mod link;
mod payload;
mod poll;
mod signature;
#[cfg(test)]
mod tests;
mod urn;

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
pub struct Linkedin;

impl Adapter for Linkedin {
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
        signature::handshake(query, &secrets.signing)
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        signature::verify(headers, body, secrets)
    }

    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        payload::parse(body, accounts)
    }

    /// LinkedIn repeats what is refused every five minutes for eight hours (docs/platforms.md, section 1.3), and it
    /// would not read better the next time.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }

    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        link::link(address, accounts)
    }

    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        calls::capability(surface, action)
    }

    /// LinkedIn's first tier allows 500 calls a day for the application and 100 for the member behind the token, which the
    /// replies share (docs/platforms.md, sections 0.1 and 5.2): hourly polls of two pages take 48.
    fn limits(&self) -> Limits {
        Limits { poll_every: Some(Duration::from_secs(60 * 60)), ..Limits::MODEST }
    }

    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        calls::calls(target, ask).into_iter().collect()
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
        let comments = targets.iter().filter(|target| target.surface == Surface::Comment);
        comments.filter_map(calls::read).collect()
    }

    /// What exists is visible: LinkedIn hides nothing.
    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        match answers.first().map_or(Presence::Unknown, errors::presence) {
            Presence::Present => State::Visible,
            Presence::Gone => State::Gone,
            Presence::Unknown => State::Unknown,
        }
    }
}
