//! One request of somebody who has signed in: who it is, what they may do, and what came with it.

use std::future::{Future, ready};
use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use jiff::{SignedDuration, Timestamp};
use ledger::{Session, SessionKey};
use moderation::{Office, OfficeError, Ruling};
use policy::{Language, Person, Policy};
use subtle::ConstantTimeEq;

use crate::Console;
use crate::answer::Answer;
use crate::cookie::Cookie;
use crate::form::Fields;
use crate::role::{Role, Roles};
use crate::route::{Access, Door, Route};
use crate::sign_in::attempt::derived;
use crate::trouble::Trouble;

/// How often at most it is written down that a session is used.
const RENEW_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The header of what a page asks for by itself, while nobody may be there: that keeps no session open.
const UNATTENDED: &str = "galateo-unattended";

/// The field of every form that proves that it came from a page of this session.
pub const TOKEN: &str = "form_token";

/// A page that is being made.
pub type Answering<'v> = Pin<Box<dyn Future<Output = Result<Answer, Trouble>> + Send + 'v>>;

/// A request of somebody who has signed in and may ask for this.
pub struct Visit<'v> {
    /// The console.
    pub console: &'v Console,
    /// Their session.
    pub key: SessionKey,
    /// Who.
    pub person: Person,
    /// What they may do.
    pub roles: Roles,
    /// What a form of theirs has to bring along: the same under another mask each time, so that no length of a compressed
    /// page tells of it.
    pub token: String,
    /// In which language they read.
    pub language: Language,
    /// What stands in the path in the place of the braces.
    pub place: String,
    /// What stands in the address.
    pub query: &'v Fields,
    /// Since when they have not looked, as their browser remembers.
    pub looked_at: Option<Timestamp>,
    /// What stands in the form.
    pub form: Fields,
    /// When.
    pub now: Timestamp,
}

/// A proof under a mask that is new each time, with the mask before it.
fn masked(proof: &str) -> String {
    let mask: Vec<u8> = proof.bytes().map(|_| rand::random()).collect();
    let covered = proof.bytes().zip(&mask).map(|(byte, mask)| byte ^ mask);
    URL_SAFE_NO_PAD.encode(mask.iter().copied().chain(covered).collect::<Vec<u8>>())
}

/// Whether this is the proof under some mask.
fn is_masked(given: &str, proof: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(given) else { return false };
    let Some((mask, covered)) = bytes.split_at_checked(proof.len()) else { return false };
    let found: Vec<u8> = covered.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    bool::from(found.ct_eq(proof.as_bytes()))
}

impl Console {
    /// Whose request it is, once it is clear that they may make it.
    pub(crate) async fn visit<'v>(
        &'v self,
        request: &Request<Bytes>,
        route: &Route,
        place: String,
        query: &'v Fields,
        language: Language,
        now: Timestamp,
    ) -> Result<Visit<'v>, Trouble> {
        let headers = request.headers();
        let secret = self.cookie(Cookie::Session).of(headers).ok_or(Trouble::NotSignedIn)?;
        let key = SessionKey::of(secret);
        let session = self.moderation.ledger().session(&key, now).await?.ok_or(Trouble::NotSignedIn)?;
        let proof = derived(secret, "form");
        let form = if route.method == Method::POST {
            if !self.is_from_here(headers) {
                return Err(Trouble::FromElsewhere);
            }
            let form = Fields::of_form(headers, request.body()).ok_or(Trouble::NoForm)?;
            if !is_masked(form.get(TOKEN), &proof) {
                return Err(Trouble::OldForm);
            }
            form
        } else {
            Fields::default()
        };
        let roles = Roles::of(session.roles.iter().filter_map(|role| role.parse().ok()));
        if let Access::Role(role) = route.access
            && !roles.may(role)
        {
            return Err(Trouble::NotAllowed { role, by: session.person });
        }
        if !headers.contains_key(UNATTENDED) {
            self.renew(&key, &session, now).await?;
        }
        let (person, token) = (session.person, masked(&proof));
        let looked_at = self.cookie(Cookie::Looked).of(headers).and_then(|at| at.parse().ok());
        Ok(Visit { console: self, key, person, roles, token, language, place, query, looked_at, form, now })
    }

    /// Whether a form was sent from a page of this server, as the browser says. One that says nothing sends none.
    fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let own = self.settings.origin().ascii_serialization();
        // Of two headers of a name each has to say so.
        let all_say = |name: &str, own: &[u8]| {
            let mut said = headers.get_all(name).iter().peekable();
            said.peek().is_some().then(|| said.all(|said| said.as_bytes() == own))
        };
        let origin = all_say(header::ORIGIN.as_str(), own.as_bytes());
        origin.or_else(|| all_say("sec-fetch-site", b"same-origin")).unwrap_or_default()
    }

    async fn renew(&self, key: &SessionKey, session: &Session, now: Timestamp) -> Result<(), Trouble> {
        if now.duration_since(session.seen_at) >= RENEW_EVERY {
            let until = now.saturating_add(self.settings.idle).unwrap_or(Timestamp::MAX);
            self.moderation.ledger().renew_session(key, session, until, now).await?;
        }
        Ok(())
    }
}

impl Visit<'_> {
    /// What is behind a door that asks who comes. Each page is a future of its own in the heap, and this function is over
    /// when one is waited for: all of them in one would be more than the stack of a thread should hold.
    pub(crate) fn answer(&self, door: Door) -> Answering<'_> {
        match door {
            Door::Today => Box::pin(self.today()),
            Door::Queue => Box::pin(self.queue()),
            Door::Case => Box::pin(self.case()),
            Door::Confirm
            | Door::Exposure
            | Door::Overturn
            | Door::Decline
            | Door::Escalate
            | Door::Assign
            | Door::Note => Box::pin(self.decide(door)),
            Door::TakeBack => Box::pin(self.take_back()),
            Door::Group => Box::pin(self.group()),
            Door::ConfirmGroup => Box::pin(self.confirm_group()),
            Door::Tasks => Box::pin(self.tasks()),
            Door::FinishTask => Box::pin(self.finish_task()),
            Door::Author => Box::pin(self.author()),
            Door::Unban => Box::pin(self.unban()),
            Door::NoteAuthor => Box::pin(self.note_author()),
            Door::Automation => Box::pin(self.automation()),
            Door::Halt => Box::pin(self.halt()),
            Door::Resume => Box::pin(self.resume()),
            Door::Try => Box::pin(ready(self.try_text())),
            Door::Search => Box::pin(self.search()),
            Door::Register => Box::pin(self.register()),
            Door::Since => Box::pin(self.since()),
            Door::Looked => Box::pin(ready(Ok(self.looked()))),
            Door::Reports => Box::pin(self.reports()),
            Door::ReportFile => Box::pin(self.report_file()),
            Door::Log => Box::pin(self.log()),
            Door::VerifyLog => Box::pin(self.verify_log()),
            Door::ExportLog => Box::pin(self.export_log()),
            Door::Dossier => Box::pin(self.dossier()),
            Door::GiveDossier => Box::pin(self.give_dossier()),
            Door::Export => Box::pin(self.export()),
            Door::GiveExport => Box::pin(self.give_export()),
            Door::Erasure => Box::pin(self.erasure()),
            Door::Erase => Box::pin(self.erase()),
            Door::Sessions => Box::pin(self.sessions()),
            Door::EndSession => Box::pin(self.end_session()),
            Door::EndSessions => Box::pin(self.end_sessions()),
            Door::SignOut => Box::pin(async { Ok(self.console.sign_out(&self.key).await?) }),
            // These ask nobody who they are.
            Door::Asset | Door::SignIn | Door::Callback | Door::SignedOut => Box::pin(ready(Err(Trouble::NoPage))),
        }
    }

    /// The door to what people do.
    pub fn office(&self) -> Office<'_> {
        self.console.moderation.office()
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        self.console.moderation.policy()
    }

    /// Whether they may do what a role may.
    pub fn may(&self, role: Role) -> bool {
        self.roles.may(role)
    }

    /// One of two, in their language.
    pub fn say<T>(&self, italian: T, english: T) -> T {
        match self.language {
            Language::Italian => italian,
            Language::English => english,
        }
    }

    /// A moment on the organisation's clock.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.policy().time_zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
    }

    /// What they decide, for the reason in the form. Who decides stands in the session, and in no form.
    pub fn ruling(&self) -> Result<Ruling, OfficeError> {
        // A reason that was prepared, and what was written to complete it.
        let reason = format!("{} {}", self.form.get("prepared"), self.form.get("reason"));
        Ruling::new(self.person.clone(), &reason)
    }
}
