//! What can be asked of an Instagram professional account, and by which calls (docs/platforms.md, sections 3.1 and
//! 3.3).

use http::Method;
use policy::{Account, AccountId, ActionKind, Metric, Obstacle, Surface};
use serde_json::json;

use super::Instagram;
use crate::meta::calls::{
    call, flag, form, get, is_listed, moderate, private_reply, segment, self_check, subscription_call,
};
use crate::{Ask, Asks, Call, Capability, CountCall, CountField, Host, Target};

/// The webhook fields to which our app has to be subscribed. An account that is linked to a Page is switched on by
/// any field of that Page, and then brings all the Instagram fields that the app has (docs/platforms.md, section 1.2).
pub(super) fn subscribed(account: &Account) -> &'static [&'static str] {
    if account.page.is_some() { &["feed"] } else { &["comments", "messages"] }
}

impl Asks for Instagram {
    /// Whether and how an action can be carried out. The texts are for the office.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability {
        use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
        use Capability::{Call, Conditional, Impossible};
        match (surface, action) {
            (Surface::VisitorPost | Surface::Review, _) => Impossible(Obstacle::NoSuchSurface),
            (Surface::Message, Ban | Unban) => Call,
            // Only who has a conversation with the profile already.
            (_, Ban | Unban) => Conditional,
            (Surface::Comment, Hide | Unhide | Delete | Reply) => Call,
            (Surface::LiveComment, Hide | Unhide | Delete) => Impossible(Obstacle::LiveCommentStays),
            (Surface::LiveComment, Reply) => Call,
            // One message, within seven days after the comment.
            (Surface::Comment, PrivateReply) => Conditional,
            // One message, and only as long as the live broadcast lasts.
            (Surface::LiveComment, PrivateReply) => Conditional,
            (Surface::Mention, Hide | Unhide | Delete) => Impossible(Obstacle::OnAnothersPage),
            (Surface::Mention, Reply) => Call,
            (Surface::Mention, PrivateReply) => Impossible(Obstacle::MentionWithoutPrivateReply),
            // Within 24 hours after the person's last message.
            (Surface::Message, PrivateReply) => Conditional,
            (Surface::Message, Hide | Unhide | Delete) => Impossible(Obstacle::MessageStays),
            (Surface::Message, Reply) => Impossible(Obstacle::MessageWithoutPublicReply),
        }
    }

    /// The calls that carry out an action.
    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call> {
        if !self.capability(target.surface, ask.kind).is_called() {
            return Vec::new();
        }
        let host = host(target.account);
        let object = || format!("/{}", segment(target.contribution.as_str()));
        match (ask.kind, ask.text) {
            (ActionKind::Hide, _) => vec![flag("POST /{ig-comment-id}?hide=true", host, object(), "hide", true)],
            (ActionKind::Unhide, _) => vec![flag("POST /{ig-comment-id}?hide=false", host, object(), "hide", false)],
            (ActionKind::Delete, _) => vec![call("DELETE /{ig-comment-id}", host, Method::DELETE, object())],
            (ActionKind::Reply, Some(text)) if target.surface == Surface::Mention => answer_mention(target, host, text),
            (ActionKind::Reply, Some(text)) => {
                let message = vec![("message", text.to_owned())];
                vec![form("POST /{ig-comment-id}/replies", host, format!("{}/replies", object()), message)]
            }
            (ActionKind::PrivateReply, Some(text)) => in_private(target, host, text),
            (ActionKind::Reply | ActionKind::PrivateReply, None) => Vec::new(),
            (ActionKind::Ban, _) => {
                let name = "POST /{node-id}/moderate_conversations block_user";
                moderate(name, host, node(target.account), target, "block_user")
            }
            (ActionKind::Unban, _) => {
                let name = "POST /{node-id}/moderate_conversations unblock_user";
                moderate(name, host, node(target.account), target, "unblock_user")
            }
        }
    }

    fn presence_call(&self, target: &Target<'_>) -> Option<Call> {
        Some(self_check(target, host(target.account)))
    }

    /// The call that lists the answers below a comment. All answers stand below the top-level comment, also those to
    /// other answers.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call> {
        let is_comment = matches!(target.surface, Surface::Comment | Surface::LiveComment);
        (is_listed(action) && is_comment).then(|| {
            let top = target.parent.unwrap_or(target.contribution);
            let path = format!("/{}/replies", segment(top.as_str()));
            get("GET /{ig-comment-id}/replies", host(target.account), path, "id,username,text,from")
        })
    }

    /// The call that reads a comment or a mention. A private message is never sent without its text.
    fn read_call(&self, target: &Target<'_>) -> Option<Call> {
        let host = host(target.account);
        let account = || format!("/{}", segment(target.account.id.as_str()));
        match target.surface {
            Surface::Comment | Surface::LiveComment => {
                let path = format!("/{}", segment(target.contribution.as_str()));
                let fields = "from,username,text,media,parent_id,hidden,timestamp";
                Some(get("GET /{ig-comment-id}", host, path, fields))
            }
            Surface::Mention if is_caption(target) => {
                let fields = format!("mentioned_media.media_id({}){{caption,timestamp,username}}", id(target));
                Some(get("GET /{ig-user-id}?fields=mentioned_media", host, account(), &fields))
            }
            Surface::Mention => {
                let fields = format!("mentioned_comment.comment_id({}){{text,timestamp,username}}", id(target));
                Some(get("GET /{ig-user-id}?fields=mentioned_comment", host, account(), &fields))
            }
            Surface::Message | Surface::VisitorPost | Surface::Review => None,
        }
    }

    /// The calls that count, one for each field: a field that Meta has removed fails every other one that is asked for
    /// with it.
    fn count_calls(&self, account: &Account) -> Vec<CountCall> {
        const FOLLOWERS: &[CountField] = &[CountField::plain(Metric::Followers, "/followers_count")];
        const MEDIA: &[CountField] = &[CountField::plain(Metric::Posts, "/media_count")];
        let count = |name, field, fields| CountCall {
            call: get(name, host(account), format!("/{}", segment(account.id.as_str())), field),
            fields,
            counted: None,
        };
        vec![
            count("GET /{ig-user-id}?fields=followers_count", "followers_count", FOLLOWERS),
            count("GET /{ig-user-id}?fields=media_count", "media_count", MEDIA),
        ]
    }

    /// Only of what can be hidden.
    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call> {
        targets.iter().filter_map(state_call).collect()
    }

    fn subscription_call(&self, account: &Account) -> Option<Call> {
        Some(subscription_call(host(account), node(account)))
    }
}

/// The call that tells whether a comment is hidden: only of those that can be.
fn state_call(target: &Target<'_>) -> Option<Call> {
    let path = || format!("/{}", segment(target.contribution.as_str()));
    let is_comment = target.surface == Surface::Comment;
    is_comment.then(|| get("GET /{ig-comment-id}?fields=hidden", host(target.account), path(), "id,hidden"))
}

/// Where the calls of an account go: the Graph host with Facebook Login, its own with Instagram Login.
pub(super) fn host(account: &Account) -> Host {
    if account.page.is_some() { Host::Main } else { Host::InstagramLogin }
}

/// Whether the mention is in the caption of a media: then the contribution is the media.
pub(super) fn is_caption(target: &Target<'_>) -> bool {
    target.thread.is_some_and(|media| media.as_str() == target.contribution.as_str())
}

/// The node that sends messages and blocks people: the linked Page with Facebook Login, the account itself without.
pub(super) fn node(account: &Account) -> &AccountId {
    account.page.as_ref().unwrap_or(&account.id)
}

/// The id of the contribution, without what would end the parentheses that it is put into.
fn id(target: &Target<'_>) -> String {
    target.contribution.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn answer_mention(target: &Target<'_>, host: Host, text: &str) -> Vec<Call> {
    let Some(media) = target.thread else { return Vec::new() };
    let mut fields = vec![("media_id", media.as_str().to_owned())];
    if !is_caption(target) {
        fields.push(("comment_id", target.contribution.as_str().to_owned()));
    }
    fields.push(("message", text.to_owned()));
    let path = format!("/{}/mentions", segment(target.account.id.as_str()));
    vec![form("POST /{ig-user-id}/mentions", host, path, fields)]
}

fn in_private(target: &Target<'_>, host: Host, text: &str) -> Vec<Call> {
    let name = "POST /{node-id}/messages";
    let recipient = match (target.surface, target.author) {
        (Surface::Message, Some(author)) => json!({"id": author.as_str()}),
        (Surface::Message, None) => return Vec::new(),
        _ => json!({"comment_id": target.contribution.as_str()}),
    };
    vec![private_reply(name, host, node(target.account), recipient, text)]
}

#[cfg(test)]
mod tests {
    use policy::{ContributionId, Platform, PlatformUserId, ThreadId};

    use super::*;
    use crate::meta::testing::{BIKE_ECONOMY, INSTAGRAM, ours, row, spelled};

    struct Case<'a> {
        account: &'a str,
        surface: Surface,
        id: &'a str,
        thread: Option<&'a str>,
        parent: Option<&'a str>,
        author: Option<&'a str>,
    }

    const COMMENT: Case<'_> = Case {
        account: INSTAGRAM,
        surface: Surface::Comment,
        id: "178",
        thread: Some("179"),
        parent: None,
        author: Some("7"),
    };

    impl Case<'_> {
        fn with<T>(&self, look: impl FnOnce(&Target<'_>) -> T) -> T {
            let account = ours(Platform::Instagram, self.account);
            let (contribution, thread) = (ContributionId::new(self.id), self.thread.map(ThreadId::new));
            let (parent, author) = (self.parent.map(ContributionId::new), self.author.map(PlatformUserId::new));
            look(&Target {
                account: &account,
                surface: self.surface,
                contribution: &contribution,
                thread: thread.as_ref(),
                parent: parent.as_ref(),
                author: author.as_ref(),
            })
        }

        /// All calls of an action, each as `method path?query body`, on the host that the account's login demands.
        fn asked(&self, kind: ActionKind) -> Vec<String> {
            let expected = if self.account == INSTAGRAM { Host::Main } else { Host::InstagramLogin };
            let calls = self.with(|target| Instagram.calls(target, &Ask { kind, text: Some("Avviso") }));
            assert!(calls.iter().all(|call| call.host == expected && !call.name.contains(self.id)), "{calls:?}");
            calls.iter().map(spelled).collect()
        }
    }

    #[test]
    fn every_action_on_a_comment_is_the_documented_call() {
        assert_eq!(COMMENT.asked(ActionKind::Hide), ["POST /178?hide=true"]);
        assert_eq!(COMMENT.asked(ActionKind::Unhide), ["POST /178?hide=false"]);
        assert_eq!(COMMENT.asked(ActionKind::Delete), ["DELETE /178"]);
        assert_eq!(COMMENT.asked(ActionKind::Reply), ["POST /178/replies form message=Avviso"]);
    }

    #[test]
    fn with_facebook_login_the_page_writes_and_blocks() {
        assert_eq!(
            COMMENT.asked(ActionKind::PrivateReply),
            [r#"POST /1234567890321/messages {"message":{"text":"Avviso"},"recipient":{"comment_id":"178"}}"#]
        );
        assert_eq!(
            COMMENT.asked(ActionKind::Ban),
            [r#"POST /1234567890321/moderate_conversations {"actions":["block_user"],"user_ids":[{"id":"7"}]}"#]
        );
        assert_eq!(
            COMMENT.asked(ActionKind::Unban),
            [r#"POST /1234567890321/moderate_conversations {"actions":["unblock_user"],"user_ids":[{"id":"7"}]}"#]
        );
    }

    #[test]
    fn with_instagram_login_the_account_does_it_itself_on_its_own_host() {
        let comment = Case { account: BIKE_ECONOMY, ..COMMENT };
        assert_eq!(comment.asked(ActionKind::Hide), ["POST /178?hide=true"]);
        assert_eq!(
            comment.asked(ActionKind::PrivateReply),
            [r#"POST /17841452691600098/messages {"message":{"text":"Avviso"},"recipient":{"comment_id":"178"}}"#]
        );
        assert_eq!(
            comment.asked(ActionKind::Ban),
            [r#"POST /17841452691600098/moderate_conversations {"actions":["block_user"],"user_ids":[{"id":"7"}]}"#]
        );
    }

    #[test]
    fn a_private_message_is_answered_to_its_author() {
        let message = Case { surface: Surface::Message, ..COMMENT };
        assert_eq!(
            message.asked(ActionKind::PrivateReply),
            [r#"POST /1234567890321/messages {"message":{"text":"Avviso"},"recipient":{"id":"7"}}"#]
        );
    }

    #[test]
    fn a_mention_is_answered_with_its_media() {
        let comment = Case { surface: Surface::Mention, ..COMMENT };
        assert_eq!(
            comment.asked(ActionKind::Reply),
            ["POST /17841405726653026/mentions form media_id=179&comment_id=178&message=Avviso"]
        );
        let caption = Case { id: "179", ..comment };
        assert_eq!(
            caption.asked(ActionKind::Reply),
            ["POST /17841405726653026/mentions form media_id=179&message=Avviso"]
        );
        assert!(Case { thread: None, ..caption }.asked(ActionKind::Reply).is_empty());
    }

    #[test]
    fn nothing_is_called_without_what_the_call_needs() {
        for surface in Surface::ALL {
            let nobody = Case { surface, author: None, ..COMMENT };
            assert!(nobody.asked(ActionKind::Ban).is_empty(), "{surface:?}");
            assert!(nobody.asked(ActionKind::Unban).is_empty(), "{surface:?}");
            for kind in [ActionKind::Reply, ActionKind::PrivateReply] {
                assert!(
                    nobody.with(|target| Instagram.calls(target, &Ask { kind, text: None })).is_empty(),
                    "{surface:?}"
                );
            }
        }
        let message = Case { surface: Surface::Message, author: None, ..COMMENT };
        assert!(message.asked(ActionKind::PrivateReply).is_empty());
    }

    #[test]
    fn what_can_be_done_is_called_and_nothing_else() {
        for surface in Surface::ALL {
            for kind in ActionKind::ALL {
                let can = Instagram.capability(surface, kind).is_called();
                assert_eq!(!Case { surface, ..COMMENT }.asked(kind).is_empty(), can, "{surface:?} {kind:?}");
            }
        }
    }

    #[test]
    fn the_capabilities_are_those_of_the_matrix() {
        let row = |surface| row(ActionKind::ALL.map(|kind| Instagram.capability(surface, kind)));
        // hide unhide delete reply private_reply ban unban: yes, conditional, manual, or not at all.
        assert_eq!(row(Surface::Comment), "YYYYCCC");
        assert_eq!(row(Surface::LiveComment), "---YCCC");
        assert_eq!(row(Surface::Mention), "---Y-CC");
        assert_eq!(row(Surface::Message), "----CYY");
        assert_eq!(row(Surface::VisitorPost), "-------");
        assert_eq!(row(Surface::Review), "-------");
    }

    #[test]
    fn answers_are_read_back_below_the_top_level_comment() {
        let listed = |case: &Case<'_>, kind| {
            case.with(|target| Instagram.read_back_call(target, kind).map(|call| spelled(&call)))
        };
        let expected = |id: &str| Some(format!("GET /{id}/replies?fields=id,username,text,from"));
        assert_eq!(listed(&COMMENT, ActionKind::Reply), expected("178"));
        assert_eq!(listed(&Case { parent: Some("177"), ..COMMENT }, ActionKind::Reply), expected("177"));
        assert_eq!(listed(&COMMENT, ActionKind::PrivateReply), None);
        assert_eq!(listed(&Case { surface: Surface::Mention, ..COMMENT }, ActionKind::Reply), None);
    }

    #[test]
    fn a_reference_is_read_by_the_documented_call() {
        let read = |case: Case<'_>| case.with(|target| Instagram.read_call(target).map(|call| spelled(&call)));
        assert_eq!(
            read(COMMENT).as_deref(),
            Some("GET /178?fields=from,username,text,media,parent_id,hidden,timestamp")
        );
        assert_eq!(
            read(Case { surface: Surface::Mention, ..COMMENT }).as_deref(),
            Some("GET /17841405726653026?fields=mentioned_comment.comment_id(178){text,timestamp,username}")
        );
        assert_eq!(
            read(Case { surface: Surface::Mention, id: "179", ..COMMENT }).as_deref(),
            Some("GET /17841405726653026?fields=mentioned_media.media_id(179){caption,timestamp,username}")
        );
        let escaping = Case { surface: Surface::Mention, id: "1){id},x(2", thread: None, ..COMMENT };
        assert_eq!(
            read(escaping).as_deref(),
            Some("GET /17841405726653026?fields=mentioned_comment.comment_id(1idx2){text,timestamp,username}")
        );
        assert_eq!(read(Case { surface: Surface::Message, ..COMMENT }), None);
    }
}
