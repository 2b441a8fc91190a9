//! What can be asked of YouTube (docs/platforms.md, sections 3.1 and 3.5). Each write costs 50 units of the day's
//! 10,000, each read one.

use http::Method;
use policy::{Account, ActionKind, Handwork, Metric, Obstacle, Surface};
use serde_json::json;

use super::Youtube;
use crate::{Ask, Asks, Body, Call, Capability, CountCall, CountField, Host, Target};

/// Comments a page, the most that YouTube gives.
const COUNT: &str = "100";

/// Comments that one call names, the most that YouTube takes.
const IDS: usize = 50;

impl Asks for Youtube {
    /// Whether and how YouTube can do it.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        match (surface, action) {
            // For good: a comment that was rejected cannot be published again.
            (Surface::Comment, ActionKind::Delete) => Capability::Conditional,
            (Surface::Comment, ActionKind::Unban) => Capability::Manual(Handwork::UnhideUser),
            (Surface::Comment, ActionKind::PrivateReply) => Capability::Impossible(Obstacle::NoPrivateMessages),
            (Surface::Comment, ActionKind::Hide | ActionKind::Unhide | ActionKind::Reply | ActionKind::Ban) => {
                Capability::Call
            }
            _ => Capability::Impossible(Obstacle::NoSuchSurface),
        }
    }

    /// The call that carries out an action.
    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        if target.surface != Surface::Comment {
            return Vec::new();
        }
        let id = target.contribution.as_str();
        match (ask.kind, ask.text) {
            (ActionKind::Hide, _) => vec![moderate(
                "POST /youtube/v3/comments/setModerationStatus moderationStatus=heldForReview",
                id,
                "heldForReview",
            )],
            (ActionKind::Unhide, _) => {
                vec![moderate(
                    "POST /youtube/v3/comments/setModerationStatus moderationStatus=published",
                    id,
                    "published",
                )]
            }
            (ActionKind::Delete, _) => {
                vec![moderate(
                    "POST /youtube/v3/comments/setModerationStatus moderationStatus=rejected",
                    id,
                    "rejected",
                )]
            }
            (ActionKind::Ban, _) => {
                let mut call = moderate(
                    "POST /youtube/v3/comments/setModerationStatus moderationStatus=rejected banAuthor=true",
                    id,
                    "rejected",
                );
                call.query.push(("banAuthor", "true".to_owned()));
                vec![call]
            }
            (ActionKind::Reply, Some(text)) => vec![Call {
                name: "POST /youtube/v3/comments",
                method: Method::POST,
                query: vec![("part", "snippet".to_owned())],
                body: Body::Json(json!({ "snippet": { "parentId": top(target), "textOriginal": text } })),
                ..get("/youtube/v3/comments")
            }],
            (ActionKind::Reply | ActionKind::PrivateReply | ActionKind::Unban, _) => Vec::new(),
        }
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(exist(&[target.contribution.as_str()]))
    }

    /// The call that reads one comment.
    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(Call {
            name: "GET /youtube/v3/comments id",
            query: vec![
                ("part", "id,snippet".to_owned()),
                ("id", target.contribution.as_str().to_owned()),
                ("textFormat", "plainText".to_owned()),
            ],
            ..get("/youtube/v3/comments")
        })
    }

    /// The call that lists the replies among which ours stands.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        ((target.surface, action) == (Surface::Comment, ActionKind::Reply)).then(|| replies(top(target), None))
    }

    /// The call that counts subscribers, which YouTube rounds and a channel may hide, and videos. It costs one unit.
    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        const FIELDS: &[CountField] = &[
            CountField {
                metric: Metric::Followers,
                at: "/items/0/statistics/subscriberCount",
                is_text: true,
                hidden_at: Some("/items/0/statistics/hiddenSubscriberCount"),
                rounds: true,
            },
            CountField { is_text: true, ..CountField::plain(Metric::Posts, "/items/0/statistics/videoCount") },
        ];
        let call = Call {
            name: "GET /youtube/v3/channels id",
            query: vec![("part", "statistics".to_owned()), ("id", account.id.as_str().to_owned())],
            ..get("/youtube/v3/channels")
        };
        vec![CountCall { call, fields: FIELDS, counted: None }]
    }

    fn states_at_once(&self) -> usize {
        IDS
    }

    /// By its id a comment comes without its moderation status, so a second call lists what is held for review.
    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        let comments: Vec<_> = targets.iter().filter(|target| target.surface == Surface::Comment).collect();
        let Some(first) = comments.first() else { return Vec::new() };
        let ids: Vec<_> = comments.iter().map(|target| target.contribution.as_str()).collect();
        vec![exist(&ids), held(first.account.id.as_str())]
    }
}

fn moderate(name: &'static str, id: &str, status: &str) -> Call {
    Call {
        name,
        method: Method::POST,
        query: vec![("id", id.to_owned()), ("moderationStatus", status.to_owned())],
        ..get("/youtube/v3/comments/setModerationStatus")
    }
}

/// The call that tells which of some comments exist, at most [`IDS`].
fn exist(ids: &[&str]) -> Call {
    Call {
        name: "GET /youtube/v3/comments id",
        query: vec![("part", "id".to_owned()), ("id", ids.join(","))],
        ..get("/youtube/v3/comments")
    }
}

/// The call that lists the threads of a channel in which something is held for review, the newest first.
fn held(channel: &str) -> Call {
    let Call { mut query, .. } = threads(channel, None);
    query.push(("moderationStatus", "heldForReview".to_owned()));
    Call { name: "GET /youtube/v3/commentThreads moderationStatus=heldForReview", query, ..threads(channel, None) }
}

/// The call that lists a page of the replies to a comment.
pub(super) fn replies(parent: &str, page: Option<&str>) -> Call {
    let mut query = vec![
        ("part", "id,snippet".to_owned()),
        ("parentId", parent.to_owned()),
        ("maxResults", COUNT.to_owned()),
        ("textFormat", "plainText".to_owned()),
    ];
    query.extend(page.map(|page| ("pageToken", page.to_owned())));
    Call { name: "GET /youtube/v3/comments parentId", query, ..get("/youtube/v3/comments") }
}

/// The call that lists a page of the threads of a channel, the newest first.
pub(super) fn threads(channel: &str, page: Option<&str>) -> Call {
    let mut query = vec![
        ("part", "id,snippet,replies".to_owned()),
        ("allThreadsRelatedToChannelId", channel.to_owned()),
        ("order", "time".to_owned()),
        ("maxResults", COUNT.to_owned()),
        ("textFormat", "plainText".to_owned()),
    ];
    query.extend(page.map(|page| ("pageToken", page.to_owned())));
    Call { name: "GET /youtube/v3/commentThreads", query, ..get("/youtube/v3/commentThreads") }
}

/// The comment below which replies stand: a reply to a reply stands beside it.
fn top<'a>(target: &Target<'a>) -> &'a str {
    target.parent.unwrap_or(target.contribution).as_str()
}

fn get(path: &'static str) -> Call {
    Call {
        name: path,
        host: Host::Main,
        method: Method::GET,
        path: path.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Empty,
        shortfall: None,
    }
}
