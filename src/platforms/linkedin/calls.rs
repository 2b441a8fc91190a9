//! What can be asked of LinkedIn (docs/platforms.md, sections 3.1 and 3.4).

use http::Method;
use policy::{Account, ActionKind, Handwork, Metric, Obstacle, Surface};
use serde_json::json;

use super::Linkedin;
use super::urn::{CommentUrn, encode};
use crate::{Ask, Asks, Body, Call, Capability, CountCall, CountField, Host, Target};

/// Comments that are read back at once.
pub(super) const COUNT: usize = 50;

impl Asks for Linkedin {
    /// Whether and how LinkedIn can do it. It has no call to hide and none to ban.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
        match (surface, action) {
            (Surface::Comment, Hide) => Capability::Manual(Handwork::DeleteComment),
            (Surface::Comment, Unhide) => Capability::Impossible(Obstacle::DeletedByHand),
            // LinkedIn does not say whether a Page may delete the comments of others: its answer decides.
            (Surface::Comment, Delete) => Capability::Conditional,
            (Surface::Comment, Reply) => Capability::Call,
            (Surface::Mention, Hide | Unhide | Delete) => Capability::Impossible(Obstacle::OnAnothersPage),
            (Surface::Mention, Reply) => Capability::Manual(Handwork::AnswerMention),
            (Surface::Comment | Surface::Mention, PrivateReply) => Capability::Impossible(Obstacle::NoPrivateMessages),
            (Surface::Comment | Surface::Mention, Ban) => Capability::Manual(Handwork::RestrictPerson),
            (Surface::Comment | Surface::Mention, Unban) => Capability::Manual(Handwork::ReleasePerson),
            (Surface::LiveComment | Surface::VisitorPost | Surface::Review | Surface::Message, _) => {
                Capability::Impossible(Obstacle::NoSuchSurface)
            }
        }
    }

    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        let call = match (target.surface, ask.kind) {
            (Surface::Comment, ActionKind::Reply) => ask.text.and_then(|text| answer(target, text)),
            (Surface::Comment, ActionKind::Delete) => delete(target),
            _ => None,
        };
        call.into_iter().collect()
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        self.read_call(target)
    }

    /// The call that reads one comment. Only comments can be read: a share belongs to the member.
    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        let urn = CommentUrn::parse(target.contribution.as_str())?;
        Some(Call { name: "GET /rest/socialActions/{post}/comments/{comment}", path: comment_path(&urn), ..get() })
    }

    /// The call that lists what stands below a comment.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        if (target.surface, action) != (Surface::Comment, ActionKind::Reply) {
            return None;
        }
        Some(Call {
            name: "GET /rest/socialActions/{comment}/comments",
            path: comments_path(&upper(target)?),
            query: vec![("start", "0".to_owned()), ("count", COUNT.to_string())],
            ..get()
        })
    }

    /// The call that counts the followers of a Page. The unversioned API spelt the kind of edge in another way.
    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        const FIELDS: &[CountField] = &[CountField::plain(Metric::Followers, "/firstDegreeSize")];
        let call = Call {
            name: "GET /rest/networkSizes/{organization}",
            path: format!("/rest/networkSizes/{}", encode(account.id.as_str())),
            query: vec![("edgeType", "COMPANY_FOLLOWED_BY_MEMBER".to_owned())],
            ..get()
        };
        vec![CountCall { call, fields: FIELDS, counted: None }]
    }

    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        let comments = targets.iter().filter(|target| target.surface == Surface::Comment);
        comments.filter_map(|target| self.read_call(target)).collect()
    }
}

fn delete(target: &Target<'_>) -> Option<Call> {
    let urn = CommentUrn::parse(target.contribution.as_str())?;
    Some(Call {
        name: "DELETE /rest/socialActions/{post}/comments/{comment}",
        method: Method::DELETE,
        path: comment_path(&urn),
        query: vec![("actor", target.account.id.as_str().to_owned())],
        ..get()
    })
}

fn answer(target: &Target<'_>, text: &str) -> Option<Call> {
    let upper = upper(target)?;
    let body = json!({
        "actor": target.account.id.as_str(),
        "object": upper.post(),
        "parentComment": upper.to_string(),
        "message": { "text": text },
    });
    Some(Call {
        name: "POST /rest/socialActions/{comment}/comments",
        method: Method::POST,
        path: comments_path(&upper),
        body: Body::Json(body),
        ..get()
    })
}

/// The comment below which an answer stands: LinkedIn nests one level deep, so an answer to an answer stands beside
/// it.
fn upper(target: &Target<'_>) -> Option<CommentUrn> {
    CommentUrn::parse(target.parent.unwrap_or(target.contribution).as_str())
}

fn comment_path(urn: &CommentUrn) -> String {
    format!("/rest/socialActions/{}/comments/{}", encode(&urn.post()), urn.number())
}

fn comments_path(urn: &CommentUrn) -> String {
    format!("/rest/socialActions/{}/comments", encode(&urn.to_string()))
}

/// What the calls have in common.
pub(super) fn get() -> Call {
    Call {
        name: "",
        host: Host::Main,
        method: Method::GET,
        path: String::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Empty,
        shortfall: None,
    }
}
