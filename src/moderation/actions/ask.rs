//! Asking a platform for an action, and finding out what is left open by its answer.

use ledger::{ActionWork, Case, Content};
use platforms::{Adapter, Ask, Call, Class, Found, Presence, Target, Unanswered};
use policy::{Account, Handwork, Obstacle};

use crate::Moderation;
use crate::actions::reach::Uncalled;

/// What an attempt leads to, before it is written down.
pub(crate) struct Attempt {
    pub class: Class,
    pub call: Option<&'static str>,
    pub status: Option<u16>,
    /// What the call does not achieve even if the platform does it.
    pub shortfall: Option<Handwork>,
    /// Whether it may have taken effect although nobody confirmed it.
    pub uncertain: bool,
}

impl Attempt {
    pub(crate) fn without_call(class: Class, uncertain: bool) -> Self {
        Self { class, call: None, status: None, shortfall: None, uncertain }
    }
}

impl Moderation {
    /// Makes the calls of the action, one alternative after the other.
    pub(crate) async fn ask(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork) -> Attempt {
        let kind = work.action.kind;
        let ask = Ask { kind, text: work.action.text.as_deref() };
        let nobody = Class::Permanent(Obstacle::Unnamed);
        let mut attempt = Attempt::without_call(nobody, false);
        for call in adapter.calls(target, &ask) {
            attempt = self.send(adapter, target, work, &call).await;
            if !matches!(attempt.class, Class::NextAlternative(_)) {
                break;
            }
        }
        if attempt.class == Class::Unsure {
            attempt.class = self.find_out(adapter, target).await;
        }
        attempt
    }

    async fn send(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork, call: &Call) -> Attempt {
        let platform = work.case.platform;
        match self.call(target.account, call).await {
            Ok(answer) => {
                let class = adapter.classify(work.action.kind, &answer);
                // What the answer means is left out: it may hold the id of our reply, and with it that of a comment.
                tracing::debug!(%platform, call = call.name, status = answer.status.as_u16(), "asked");
                // A server that fails may have failed after doing what it was asked.
                let uncertain = answer.status.is_server_error();
                Attempt {
                    class,
                    call: Some(call.name),
                    status: Some(answer.status.as_u16()),
                    shortfall: call.shortfall,
                    uncertain,
                }
            }
            Err(uncalled @ (Uncalled::Held(_) | Uncalled::Busy)) => {
                Attempt::without_call(uncalled.class(self.clock.now()), work.uncertain)
            }
            Err(uncalled @ Uncalled::Limited(..)) => {
                let class = uncalled.class(self.clock.now());
                Attempt { class, call: Some(call.name), status: None, shortfall: None, uncertain: false }
            }
            Err(uncalled @ Uncalled::Unanswered(unanswered)) => {
                tracing::warn!(%platform, call = call.name, %unanswered, "asked in vain");
                let uncertain = unanswered == Unanswered::Lost;
                let class = uncalled.class(self.clock.now());
                let call = (unanswered != Unanswered::NoToken).then_some(call.name);
                Attempt { class, call, status: None, shortfall: None, uncertain }
            }
        }
    }

    /// Whether the object of an action is gone, after an answer that left it open.
    async fn find_out(&self, adapter: &dyn Adapter, target: &Target<'_>) -> Class {
        let Some(call) = adapter.presence_call(target) else {
            return Class::Permanent(Obstacle::ForbiddenOrGone);
        };
        match self.call(target.account, &call).await {
            Ok(answer) => match adapter.presence(&answer) {
                Presence::Gone => Class::AlreadySo,
                Presence::Present => Class::Permanent(Obstacle::Forbidden),
                Presence::Unknown => Class::RetryBackoff("gone, or not permitted: not known yet"),
            },
            Err(uncalled) => uncalled.class(self.clock.now()),
        }
    }

    /// Whether a message of ours arrived although nobody confirmed it (docs/platforms.md, section 5.5).
    pub(crate) async fn read_back(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork) -> ReadBack {
        let (Some(call), Some(text)) = (adapter.read_back_call(target, work.action.kind), work.action.text.as_deref())
        else {
            return ReadBack::Unknowable;
        };
        match self.call(target.account, &call).await {
            Ok(answer) if answer.status.is_success() => match adapter.find_own(target, &answer, text) {
                Found::Arrived(reference) => ReadBack::Arrived(reference),
                Found::Absent => ReadBack::Absent,
                Found::Unknown => ReadBack::Unknowable,
            },
            Ok(answer) => match adapter.classify(work.action.kind, &answer) {
                class @ (Class::RetryAfter(_)
                | Class::RetryBackoff(_)
                | Class::Suspended(..)
                | Class::Reauthorise(_)) => ReadBack::Later(class),
                _ => ReadBack::Unknowable,
            },
            Err(uncalled) => ReadBack::Later(uncalled.class(self.clock.now())),
        }
    }
}

/// What reading back told.
pub(crate) enum ReadBack {
    /// It arrived; the platform's id of it.
    Arrived(String),
    /// It did not arrive: it may be sent.
    Absent,
    /// The platform does not let us look.
    Unknowable,
    /// Looking did not succeed, for this reason.
    Later(Class),
}

pub(crate) fn target<'a>(account: &'a Account, case: &'a Case, content: &'a Content) -> Target<'a> {
    Target {
        account,
        surface: case.surface,
        contribution: &content.contribution,
        thread: content.thread.as_ref(),
        parent: content.parent.as_ref(),
        author: content.author.as_ref().map(|author| &author.id),
    }
}
