//! What can be asked of a Facebook Page, and by which calls (docs/platforms.md, sections 3.1 and 3.2).

use http::Method;
use policy::{Account, ActionKind, Handwork, Metric, Obstacle, Surface};
use serde_json::json;

use super::Facebook;
use crate::meta::calls::{
    call, flag, form, get, is_listed, json, moderate, private_reply, segment, self_check, subscription_call,
};
use crate::{Ask, Asks, Call, Capability, CountCall, CountField, Host, Target};

/// The string that comes back with the echo of a message that we sent.
const METADATA: &str = "galateo";

/// The webhook fields of which [`super::payload`] reads contributions, removals and our own echoes.
pub(super) const SUBSCRIBED: [&str; 6] = ["feed", "mention", "ratings", "messages", "message_echoes", "message_edits"];

impl Asks for Facebook {
    /// Whether and how an action can be carried out. The texts are for the office.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
        use Capability::{Call, Conditional, Impossible, Manual};
        match (surface, action) {
            (_, Ban | Unban) => Call,
            (Surface::Comment | Surface::LiveComment, Hide | Unhide | Delete | Reply) => Call,
            (Surface::VisitorPost, Delete | Reply) => Call,
            // Facebook does not promise that visitors' posts can be hidden.
            (Surface::VisitorPost, Hide | Unhide) => Conditional,
            // One message, within seven days, and not to other Pages.
            (Surface::Comment | Surface::LiveComment | Surface::VisitorPost, PrivateReply) => Conditional,
            (Surface::Review, Hide) => Manual(Handwork::ReportReview),
            (Surface::Review, Unhide | Delete) => Impossible(Obstacle::ReviewStays),
            // Only where Facebook shows the review to the Page.
            (Surface::Review, Reply) => Conditional,
            (Surface::Review, PrivateReply) => Impossible(Obstacle::ReviewWithoutPrivateReply),
            (Surface::Mention, Hide | Unhide | Delete) => Impossible(Obstacle::OnAnothersPage),
            (Surface::Mention, Reply) => Manual(Handwork::AnswerMention),
            (Surface::Mention, PrivateReply) => Impossible(Obstacle::MentionWithoutPrivateReply),
            // Within 24 hours after the person's last message.
            (Surface::Message, PrivateReply) => Conditional,
            (Surface::Message, Hide | Unhide | Delete) => Impossible(Obstacle::MessageStays),
            (Surface::Message, Reply) => Impossible(Obstacle::MessageWithoutPublicReply),
        }
    }

    /// The calls that carry out an action, as alternatives.
    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        let object = || format!("/{}", segment(target.contribution.as_str()));
        if !self.capability(target.surface, ask.kind).is_called() {
            return Vec::new();
        }
        match (ask.kind, ask.text) {
            (ActionKind::Hide, _) => vec![hidden(target, object(), true)],
            (ActionKind::Unhide, _) => vec![hidden(target, object(), false)],
            (ActionKind::Delete, _) => {
                let name = if is_post(target) { "DELETE /{post-id}" } else { "DELETE /{comment-id}" };
                vec![call(name, Host::Main, Method::DELETE, object())]
            }
            (ActionKind::Reply, Some(text)) => {
                let name = if is_post(target) { "POST /{post-id}/comments" } else { "POST /{comment-id}/comments" };
                vec![form(name, Host::Main, format!("{}/comments", object()), vec![("message", text.to_owned())])]
            }
            (ActionKind::PrivateReply, Some(text)) => in_private(target, text),
            (ActionKind::Reply | ActionKind::PrivateReply, None) => Vec::new(),
            (ActionKind::Ban, _) => ban(target),
            (ActionKind::Unban, _) => unban(target),
        }
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(self_check(target, Host::Main))
    }

    /// The call that lists the answers below a contribution.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        let can_reply = self.capability(target.surface, action).is_called();
        (is_listed(action) && can_reply).then(|| {
            let path = format!("/{}/comments", segment(target.contribution.as_str()));
            let mut call = get("GET /{comment-id}/comments", Host::Main, path, "id,from,message");
            call.query.push(("limit", "100".to_owned()));
            call
        })
    }

    /// The call that reads a contribution. A private message is never sent without its text, and has no documented
    /// read.
    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        let (name, fields) = match target.surface {
            Surface::Comment | Surface::LiveComment | Surface::Review => {
                ("GET /{comment-id}", "id,from,message,created_time,parent,is_hidden,attachment,permalink_url")
            }
            Surface::VisitorPost => ("GET /{post-id}", "id,from,message,created_time,is_hidden,permalink_url"),
            // A post or a comment: only what both have.
            Surface::Mention => ("GET /{object-id}", "id,from,message,created_time,permalink_url"),
            Surface::Message => return None,
        };
        Some(get(name, Host::Main, format!("/{}", segment(target.contribution.as_str())), fields))
    }

    /// The calls that count, one for each field: a field that Meta has removed fails every other one that is asked for
    /// with it.
    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        const FOLLOWERS: &[CountField] = &[CountField::plain(Metric::Followers, "/followers_count")];
        const LIKES: &[CountField] = &[CountField::plain(Metric::PageLikes, "/fan_count")];
        let count = |name, field, fields| CountCall {
            call: get(name, Host::Main, format!("/{}", segment(account.id.as_str())), field),
            fields,
            counted: None,
        };
        vec![
            count("GET /{page-id}?fields=followers_count", "followers_count", FOLLOWERS),
            count("GET /{page-id}?fields=fan_count", "fan_count", LIKES),
        ]
    }

    /// Only of what can be hidden.
    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        targets.iter().filter_map(state_call).collect()
    }

    fn subscription_call(&self, account: &Account) -> Option<Call> {
        Some(subscription_call(Host::Main, &account.id))
    }
}

/// The call that tells whether a contribution is hidden: only of those that can be.
fn state_call(target: &Target<'_>) -> Option<Call> {
    let name = match target.surface {
        Surface::Comment | Surface::LiveComment => "GET /{comment-id}?fields=is_hidden",
        Surface::VisitorPost => "GET /{post-id}?fields=is_hidden",
        Surface::Review | Surface::Mention | Surface::Message => return None,
    };
    Some(get(name, Host::Main, format!("/{}", segment(target.contribution.as_str())), "id,is_hidden"))
}

fn is_post(target: &Target<'_>) -> bool {
    target.surface == Surface::VisitorPost
}

fn hidden(target: &Target<'_>, path: String, value: bool) -> Call {
    let name = match (is_post(target), value) {
        (true, true) => "POST /{post-id}?is_hidden=true",
        (true, false) => "POST /{post-id}?is_hidden=false",
        (false, true) => "POST /{comment-id}?is_hidden=true",
        (false, false) => "POST /{comment-id}?is_hidden=false",
    };
    flag(name, Host::Main, path, "is_hidden", value)
}

fn in_private(target: &Target<'_>, text: &str) -> Vec<Call> {
    const NAME: &str = "POST /{page-id}/messages";
    let page = &target.account.id;
    let contribution = target.contribution.as_str();
    match target.surface {
        Surface::Message => {
            let Some(author) = target.author else { return Vec::new() };
            let body = json!({
                "recipient": {"id": author.as_str()},
                "messaging_type": "RESPONSE",
                "message": {"text": text, "metadata": METADATA},
            });
            vec![json(NAME, Host::Main, format!("/{}/messages", segment(page.as_str())), body)]
        }
        Surface::VisitorPost => {
            vec![private_reply(NAME, Host::Main, page, json!({"post_id": contribution}), text)]
        }
        _ => vec![private_reply(NAME, Host::Main, page, json!({"comment_id": contribution}), text)],
    }
}

/// The author's id is the user's. The page-scoped id of a conversation, which `psid` takes, is another, and of who
/// comments it is not known.
fn ban(target: &Target<'_>) -> Vec<Call> {
    if target.surface == Surface::Message {
        let name = "POST /{page-id}/moderate_conversations ban_user";
        return moderate(name, Host::Main, &target.account.id, target, "ban_user");
    }
    let Some(author) = target.author else { return Vec::new() };
    let user = vec![("user", author.as_str().to_owned())];
    vec![form("POST /{page-id}/blocked user", Host::Main, blocked(target), user)]
}

fn unban(target: &Target<'_>) -> Vec<Call> {
    if target.surface == Surface::Message {
        let name = "POST /{page-id}/moderate_conversations unban_user";
        return moderate(name, Host::Main, &target.account.id, target, "unban_user");
    }
    let Some(author) = target.author else { return Vec::new() };
    vec![Call {
        query: vec![("user", author.as_str().to_owned())],
        ..call("DELETE /{page-id}/blocked?user=", Host::Main, Method::DELETE, blocked(target))
    }]
}

fn blocked(target: &Target<'_>) -> String {
    format!("/{}/blocked", segment(target.account.id.as_str()))
}

#[cfg(test)]
mod tests {
    use policy::{ContributionId, Platform, PlatformUserId};

    use super::*;
    use crate::meta::testing::{PAGE, ours};

    /// All calls of an action, each as `method path?query body`.
    fn asked(surface: Surface, kind: ActionKind, text: Option<&str>, author: Option<&str>) -> Vec<String> {
        let account = ours(Platform::Facebook, PAGE);
        let contribution = ContributionId::new("901_903");
        let author = author.map(PlatformUserId::new);
        let target = Target {
            account: &account,
            surface,
            contribution: &contribution,
            thread: None,
            parent: None,
            author: author.as_ref(),
        };
        let calls = Facebook.calls(&target, &Ask { kind, text });
        for call in &calls {
            assert!(!call.name.contains("901") && !call.name.contains(PAGE), "{} holds an id", call.name);
            assert_eq!((call.host, call.headers.is_empty()), (Host::Main, true), "{}", call.name);
        }
        calls.iter().map(crate::meta::testing::spelled).collect()
    }

    #[test]
    fn every_action_on_a_comment_is_the_documented_call() {
        let asked = |kind| asked(Surface::Comment, kind, Some("Avviso"), Some("7"));
        assert_eq!(asked(ActionKind::Hide), ["POST /901_903?is_hidden=true"]);
        assert_eq!(asked(ActionKind::Unhide), ["POST /901_903?is_hidden=false"]);
        assert_eq!(asked(ActionKind::Delete), ["DELETE /901_903"]);
        assert_eq!(asked(ActionKind::Reply), ["POST /901_903/comments form message=Avviso"]);
        assert_eq!(
            asked(ActionKind::PrivateReply),
            [r#"POST /1234567890321/messages {"message":{"text":"Avviso"},"recipient":{"comment_id":"901_903"}}"#]
        );
        assert_eq!(asked(ActionKind::Ban), ["POST /1234567890321/blocked form user=7"]);
        assert_eq!(asked(ActionKind::Unban), ["DELETE /1234567890321/blocked?user=7"]);
    }

    #[test]
    fn every_action_on_a_visitor_post_is_the_documented_call() {
        let asked = |kind| asked(Surface::VisitorPost, kind, Some("Avviso"), Some("7"));
        assert_eq!(asked(ActionKind::Hide), ["POST /901_903?is_hidden=true"]);
        assert_eq!(asked(ActionKind::Unhide), ["POST /901_903?is_hidden=false"]);
        assert_eq!(asked(ActionKind::Delete), ["DELETE /901_903"]);
        assert_eq!(asked(ActionKind::Reply), ["POST /901_903/comments form message=Avviso"]);
        assert_eq!(
            asked(ActionKind::PrivateReply),
            [r#"POST /1234567890321/messages {"message":{"text":"Avviso"},"recipient":{"post_id":"901_903"}}"#]
        );
    }

    #[test]
    fn a_private_message_is_answered_with_our_mark_and_its_author_banned_from_the_conversation() {
        let asked = |kind| asked(Surface::Message, kind, Some("Avviso"), Some("7"));
        assert_eq!(
            asked(ActionKind::PrivateReply),
            [concat!(
                r#"POST /1234567890321/messages {"message":{"metadata":"galateo","text":"Avviso"},"#,
                r#""messaging_type":"RESPONSE","recipient":{"id":"7"}}"#
            )]
        );
        assert_eq!(
            asked(ActionKind::Ban),
            [r#"POST /1234567890321/moderate_conversations {"actions":["ban_user"],"user_ids":[{"id":"7"}]}"#]
        );
        assert_eq!(
            asked(ActionKind::Unban),
            [r#"POST /1234567890321/moderate_conversations {"actions":["unban_user"],"user_ids":[{"id":"7"}]}"#]
        );
    }

    #[test]
    fn nothing_is_called_without_what_the_call_needs() {
        for surface in Surface::ALL {
            for kind in [ActionKind::Ban, ActionKind::Unban] {
                assert!(asked(surface, kind, None, None).is_empty(), "{surface:?} {kind:?} without an author");
            }
            for kind in [ActionKind::Reply, ActionKind::PrivateReply] {
                assert!(asked(surface, kind, None, Some("7")).is_empty(), "{surface:?} {kind:?} without a text");
            }
        }
        assert!(asked(Surface::Message, ActionKind::PrivateReply, Some("Avviso"), None).is_empty());
    }

    #[test]
    fn what_can_be_done_is_called_and_nothing_else() {
        for surface in Surface::ALL {
            for kind in ActionKind::ALL {
                let can = Facebook.capability(surface, kind).is_called();
                let calls = asked(surface, kind, Some("Avviso"), Some("7"));
                assert_eq!(!calls.is_empty(), can, "{surface:?} {kind:?}");
            }
        }
    }

    #[test]
    fn the_capabilities_are_those_of_the_matrix() {
        let row = |surface| crate::meta::testing::row(ActionKind::ALL.map(|kind| Facebook.capability(surface, kind)));
        // hide unhide delete reply private_reply ban unban: yes, conditional, manual, or not at all.
        assert_eq!(row(Surface::Comment), "YYYYCYY");
        assert_eq!(row(Surface::LiveComment), "YYYYCYY");
        assert_eq!(row(Surface::VisitorPost), "CCYYCYY");
        assert_eq!(row(Surface::Review), "M--C-YY");
        assert_eq!(row(Surface::Mention), "---M-YY");
        assert_eq!(row(Surface::Message), "----CYY");
    }

    #[test]
    fn only_public_answers_are_read_back() {
        let account = ours(Platform::Facebook, PAGE);
        let contribution = ContributionId::new("901_903");
        for surface in Surface::ALL {
            let target = Target {
                account: &account,
                surface,
                contribution: &contribution,
                thread: None,
                parent: None,
                author: None,
            };
            for kind in ActionKind::ALL {
                let call = Facebook.read_back_call(&target, kind).map(|call| crate::meta::testing::spelled(&call));
                let public = kind == ActionKind::Reply && !matches!(surface, Surface::Mention | Surface::Message);
                let listed = "GET /901_903/comments?fields=id,from,message&limit=100".to_owned();
                assert_eq!(call, public.then_some(listed), "{surface:?} {kind:?}");
            }
            let fields = match surface {
                Surface::Comment | Surface::LiveComment | Surface::Review => {
                    Some("id,from,message,created_time,parent,is_hidden,attachment,permalink_url")
                }
                Surface::VisitorPost => Some("id,from,message,created_time,is_hidden,permalink_url"),
                Surface::Mention => Some("id,from,message,created_time,permalink_url"),
                Surface::Message => None,
            };
            let call = Facebook.read_call(&target).map(|call| crate::meta::testing::spelled(&call));
            assert_eq!(call, fields.map(|fields| format!("GET /901_903?fields={fields}")), "{surface:?}");
        }
    }
}
