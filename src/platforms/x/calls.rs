//! What can be asked of X (docs/platforms.md, sections 3.1 and 3.6).

use http::Method;
use policy::{Account, ActionKind, Handwork, Metric, Obstacle, Surface};
use serde_json::{Value, json};

use super::X;
use crate::{Ask, Asks, Body, Call, Capability, CountCall, CountField, Host, Target};

/// What is asked of a post when it is read.
const FIELDS: &str = "attachments,author_id,conversation_id,created_at,display_text_range,edit_history_tweet_ids,\
    in_reply_to_user_id,note_tweet,referenced_tweets";

impl Asks for X {
    /// Whether and how X can do it.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
        match (surface, action) {
            (Surface::LiveComment | Surface::VisitorPost | Surface::Review, _) => {
                Capability::Impossible(Obstacle::NoSuchSurface)
            }
            (Surface::Comment, Hide | Unhide) => Capability::Call,
            (Surface::Mention, Hide | Unhide) => Capability::Impossible(Obstacle::OnAnothersPage),
            (Surface::Message, Hide | Unhide | Delete) => Capability::Impossible(Obstacle::MessageStays),
            (Surface::Comment | Surface::Mention, Delete) => Capability::Impossible(Obstacle::NoDeletion),
            // X takes automatic answers only to those who mention or quote us: its answer decides.
            (Surface::Comment | Surface::Mention, Reply) => Capability::Conditional,
            (Surface::Message, Reply) => Capability::Impossible(Obstacle::MessageWithoutPublicReply),
            // A message arrives only with who takes messages from us.
            (Surface::Comment | Surface::Mention | Surface::Message, PrivateReply) => Capability::Conditional,
            // A whole block is for the Enterprise contract: without it messages alone are blocked.
            (Surface::Comment | Surface::Mention, Ban | Unban) => Capability::Conditional,
            (Surface::Message, Ban | Unban) => Capability::Call,
        }
    }

    /// The calls that carry out an action, alternatives in their order.
    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        if matches!(self.capability(target.surface, ask.kind), Capability::Impossible(_)) {
            return Vec::new();
        }
        let calls = match ask.kind {
            ActionKind::Hide => Some(vec![hidden(target, "PUT /2/tweets/{id}/hidden hidden=true", true)]),
            ActionKind::Unhide => Some(vec![hidden(target, "PUT /2/tweets/{id}/hidden hidden=false", false)]),
            ActionKind::Reply => ask.text.map(|text| vec![reply(target, text)]),
            ActionKind::PrivateReply => message(target, ask.text).map(|call| vec![call]),
            ActionKind::Ban | ActionKind::Unban => block(target, ask.kind == ActionKind::Ban),
            ActionKind::Delete => None,
        };
        calls.unwrap_or_default()
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        self.read_call(target)
    }

    /// The call that reads a post. Messages are not read again.
    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        if target.surface == Surface::Message {
            return None;
        }
        Some(Call {
            method: Method::GET,
            query: vec![
                ("tweet.fields", FIELDS.to_owned()),
                ("expansions", "author_id".to_owned()),
                ("user.fields", "username".to_owned()),
            ],
            ..post("GET /2/tweets/{id}", format!("/2/tweets/{}", target.contribution.as_str()), None)
        })
    }

    /// The call that finds our own posts in the conversation, of the last seven days.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        if action != ActionKind::Reply || !matches!(target.surface, Surface::Comment | Surface::Mention) {
            return None;
        }
        let query = format!("conversation_id:{} from:{}", target.thread?.as_str(), target.account.id);
        Some(Call {
            method: Method::GET,
            query: vec![
                ("query", query),
                ("max_results", "100".to_owned()),
                ("tweet.fields", "author_id,display_text_range,note_tweet,referenced_tweets".to_owned()),
            ],
            ..post("GET /2/tweets/search/recent", "/2/tweets/search/recent".to_owned(), None)
        })
    }

    /// The call that counts the followers and posts of the account to which the token belongs: X bills the read of one
    /// user, once a day.
    fn count_calls(&self, _: &Account) -> Vec<CountCall> {
        const FIELDS: &[CountField] = &[
            CountField::plain(Metric::Followers, "/data/public_metrics/followers_count"),
            CountField::plain(Metric::Posts, "/data/public_metrics/tweet_count"),
        ];
        let call = Call {
            method: Method::GET,
            query: vec![("user.fields", "public_metrics".to_owned())],
            ..post("GET /2/users/me", "/2/users/me".to_owned(), None)
        };
        vec![CountCall { call, fields: FIELDS, counted: Some("/data/id") }]
    }

    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        targets.iter().filter_map(|target| self.read_call(target)).collect()
    }

    /// The call that lists the events that are delivered to us (docs/platforms.md, section 1.5).
    fn subscription_call(&self, _: &Account) -> Option<Call> {
        let path = "/2/activity/subscriptions";
        Some(Call { method: Method::GET, ..post("GET /2/activity/subscriptions", path.to_owned(), None) })
    }
}

fn hidden(target: &Target<'_>, name: &'static str, hidden: bool) -> Call {
    let path = format!("/2/tweets/{}/hidden", target.contribution.as_str());
    Call { method: Method::PUT, ..post(name, path, Some(json!({ "hidden": hidden }))) }
}

fn reply(target: &Target<'_>, text: &str) -> Call {
    let body = json!({ "text": text, "reply": { "in_reply_to_tweet_id": target.contribution.as_str() } });
    post("POST /2/tweets", "/2/tweets".to_owned(), Some(body))
}

fn message(target: &Target<'_>, text: Option<&str>) -> Option<Call> {
    let path = format!("/2/dm_conversations/with/{}/messages", target.author?.as_str());
    Some(post("POST /2/dm_conversations/with/{user}/messages", path, Some(json!({ "text": text? }))))
}

/// Blocks or unblocks the author: altogether where the contract allows it, and else their messages.
fn block(target: &Target<'_>, block: bool) -> Option<Vec<Call>> {
    let (author, me) = (target.author?.as_str(), target.account.id.as_str());
    let (altogether, messages) = if block {
        let body = json!({ "target_user_id": author });
        (
            post("POST /2/users/{me}/blocking", format!("/2/users/{me}/blocking"), Some(body)),
            post("POST /2/users/{user}/dm/block", format!("/2/users/{author}/dm/block"), None),
        )
    } else {
        let path = format!("/2/users/{me}/blocking/{author}");
        (
            Call { method: Method::DELETE, ..post("DELETE /2/users/{me}/blocking/{user}", path, None) },
            post("POST /2/users/{user}/dm/unblock", format!("/2/users/{author}/dm/unblock"), None),
        )
    };
    if target.surface == Surface::Message {
        return Some(vec![messages]);
    }
    Some(vec![altogether, Call { shortfall: block.then_some(Handwork::BlockAltogether), ..messages }])
}

/// The call that has events of this type about our account delivered to a webhook.
pub(super) fn subscribe(account: &Account, event: &str, webhook: &str) -> Call {
    let body = json!({ "event_type": event, "filter": { "user_id": account.id.as_str() }, "webhook_id": webhook });
    post("POST /2/activity/subscriptions", "/2/activity/subscriptions".to_owned(), Some(body))
}

fn post(name: &'static str, path: String, body: Option<Value>) -> Call {
    Call {
        name,
        host: Host::Main,
        method: Method::POST,
        path,
        query: Vec::new(),
        headers: Vec::new(),
        body: body.map_or(Body::Empty, Body::Json),
        shortfall: None,
    }
}
