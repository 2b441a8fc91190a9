//! Facebook Pages and Messenger: what Meta shares with Instagram stands in `meta`, what is the Page's own here.

mod calls;
mod errors;
mod link;
mod object;
mod payload;
mod signature;
mod value;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use policy::{Account, ActionKind, Contribution, Platform, Surface};
use url::Url;

use crate::meta::{self, calls::find_own};
use crate::{
    Accounts, Adapter, Answer, Ask, Call, Capability, Class, CountCall, Delivery, Found, Host, Limits, Link, Malformed,
    Presence, Query,
};
use crate::{Secret, State, Subscription, Target, Unverified, WebhookSecrets};

pub use crate::meta::signature::{SignedRequest, signed_request};
pub(crate) use payload::event;

/// The adapter.
pub struct Facebook;

impl Adapter for Facebook {
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
        signature::handshake(query, secrets)
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        signature::verify(headers, body, secrets)
    }

    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        meta::parse(Platform::Facebook, body, accounts)
    }

    /// 200: Meta would repeat it for 36 hours, and switches the messaging webhooks off after one.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }

    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        link::link(address, accounts)
    }

    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        calls::capability(surface, action)
    }

    /// Meta's budget of calls grows with the audience and begins small (docs/platforms.md, section 5.1).
    fn limits(&self) -> Limits {
        Limits { rounds_an_hour: 20, ..Limits::MODEST }
    }

    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        calls::calls(target, ask)
    }

    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        errors::classify(action, answer)
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(meta::calls::self_check(target, Host::Main))
    }

    fn presence(&self, answer: &Answer) -> Presence {
        meta::calls::presence(answer)
    }

    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        calls::read_back_call(target, action)
    }

    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        find_own(target, answer, text, "message")
    }

    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        calls::read_call(target)
    }

    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed> {
        object::read(target, answer, accounts)
    }

    /// `created_time` does not move with an edit (docs/platforms.md, section 1.6).
    fn dates_edits(&self) -> bool {
        false
    }

    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        calls::count_calls(account)
    }

    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        targets.iter().filter_map(calls::state_call).collect()
    }

    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        answers.first().map_or(State::Unknown, |answer| meta::calls::state(answer, "is_hidden"))
    }

    fn subscription_call(&self, account: &Account) -> Option<Call> {
        Some(meta::calls::subscription_call(Host::Main, &account.id))
    }

    fn subscription(&self, account: &Account, answer: &Answer) -> Subscription {
        meta::calls::subscription(Host::Main, &account.id, answer, &calls::SUBSCRIBED)
    }
}
