//! Instagram professional accounts, through either login (docs/platforms.md, sections 3.3 and 4).

use policy::{Platform, Surface};
use serde_json::{Value, json};

use crate::memory::objects::{Comment, Visibility};
use crate::memory::state::State;
use crate::platforms::meta::{
    admit, bad_parameter, boolean, error, gone, list, message, moderate_conversations, no_such_path, project,
    subscribed_apps, success, text,
};
use crate::wire::request::{Answered, Reply, Request};

const INSTAGRAM: Platform = Platform::Instagram;

/// How an account lets an app in, which decides the host that answers about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// Through the Page that the account is linked to: `graph.facebook.com`.
    Facebook,
    /// Through the account itself: `graph.instagram.com`.
    Instagram,
}

/// The login of the account that has this id, whose Page has it, or below which the comment with it stands; `None`
/// for what is not known.
fn login_of(state: &State, id: &str) -> Option<Login> {
    // Of a comment that came into being when a call named it, the account is not known either.
    let comment = state.known(INSTAGRAM, id).filter(|comment| comment.author.is_some());
    let account = owner(state, id).or_else(|| Some(comment?.account.clone()))?;
    let page = &state.account(INSTAGRAM, &account)?.page;
    Some(if page.is_some() { Login::Facebook } else { Login::Instagram })
}

/// Answers one call to `graph.facebook.com` about Instagram, or to `graph.instagram.com`, which is for the accounts
/// that use Instagram Login. Neither host knows the other's accounts, nor what stands below them.
pub(crate) fn answer(state: &mut State, request: &Request, login: Login) -> Answered {
    admit(state, request)?;
    let (method, route) = request.route();
    if let Some(&id) = route.get(1)
        && login_of(state, id).is_some_and(|used| used != login)
    {
        return Err(gone(request, id));
    }
    match (method, &route[1..]) {
        ("GET", [id]) if state.is_account(INSTAGRAM, id) => account(state, request, id),
        ("GET", [id]) => {
            let comment = state.reach(INSTAGRAM, id).ok_or_else(|| gone(request, id))?;
            project(request, "IGComment", "timestamp,text", &fields(comment))
        }
        ("POST", [id]) if request.param("comment_enabled").is_some() => switch_comments(state, request, id),
        ("POST", [id]) => hide(state, request, id),
        ("DELETE", [id]) => {
            changeable(state, request, id)?;
            state.delete(INSTAGRAM, id).map_err(|_| gone(request, id))?;
            Ok(success())
        }
        ("GET", [id, "replies" | "comments"]) => comments(state, request, id),
        ("POST", [id, "replies"]) => reply(state, request, id),
        ("POST", [id, "mentions"]) if state.is_account(INSTAGRAM, id) => answer_mention(state, request, id),
        // Through Facebook Login these stand at the Page, through Instagram Login at the account itself.
        ("GET" | "POST", [id, edge @ ("messages" | "moderate_conversations" | "subscribed_apps")]) => {
            let account = owner(state, id).ok_or_else(|| gone(request, id))?;
            match (method, *edge) {
                ("POST", "messages") => message(state, request, INSTAGRAM, &account),
                ("POST", "moderate_conversations") => {
                    moderate_conversations(state, request, INSTAGRAM, &account)?;
                    // A text here, unlike everywhere else.
                    Ok(Reply::ok(json!({"success": "true"})))
                }
                (_, "subscribed_apps") => subscribed_apps(state, request, INSTAGRAM, &account),
                _ => Err(no_such_path()),
            }
        }
        _ => Err(no_such_path()),
    }
}

fn account(state: &mut State, request: &Request, id: &str) -> Answered {
    let asked = request.param("fields").unwrap_or_default();
    for (edge, of) in [("mentioned_comment", "comment_id"), ("mentioned_media", "media_id")] {
        if let Some(rest) = asked.strip_prefix(&format!("{edge}.{of}(")) {
            return mentioned(state, request, id, edge, rest);
        }
    }
    let followers = state.followers(INSTAGRAM, id);
    let username = state.account(INSTAGRAM, id).map(|account| account.handle.clone());
    let all = json!({"id": id, "username": username, "followers_count": followers, "follows_count": 0,
        "media_count": 1});
    project(request, "IGUser", "id", &all)
}

/// `fields=mentioned_comment.comment_id(ID){text,timestamp,username}`, or
/// `fields=mentioned_media.media_id(ID){caption,timestamp,username}`: the text behind a mention.
fn mentioned(state: &mut State, request: &Request, account: &str, edge: &str, rest: &str) -> Answered {
    let parts = rest.split_once(')').map(|(id, fields)| (id, fields.trim_matches(['{', '}'])));
    let (id, asked) = parts.ok_or_else(|| bad_parameter("Syntax error in fields"))?;
    let mention = state.reach(INSTAGRAM, id).ok_or_else(|| gone(request, id))?;
    let mut all = fields(mention);
    // A media has a caption where a comment has a text.
    if edge == "mentioned_media" {
        all = json!({"caption": all["text"], "timestamp": all["timestamp"], "username": all["username"]});
    }
    let mut read = json!({ "id": id });
    for name in asked.split(',').filter(|name| !name.is_empty()) {
        let value = all.get(name).ok_or_else(|| bad_parameter("Tried accessing nonexisting field"))?;
        read[name] = value.clone();
    }
    Ok(Reply::ok(json!({"id": account, edge: read})))
}

fn comments(state: &mut State, request: &Request, id: &str) -> Answered {
    let items: Vec<Value> = state.under(INSTAGRAM, id).into_iter().map(fields).collect();
    if items.is_empty() {
        state.reach(INSTAGRAM, id).ok_or_else(|| gone(request, id))?;
    }
    let shown = items
        .iter()
        .map(|item| project(request, "IGComment", "timestamp,text", item).map(|reply| reply.body.unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    list(request, shown)
}

fn hide(state: &mut State, request: &Request, id: &str) -> Answered {
    let comment = changeable(state, request, id)?;
    let hidden = boolean(request, "hide")?;
    // What the media's owner wrote stays visible, whatever is asked.
    if !comment.own {
        state.set_hidden(INSTAGRAM, id, hidden);
    }
    Ok(success())
}

fn reply(state: &mut State, request: &Request, id: &str) -> Answered {
    let to = state.reach(INSTAGRAM, id).ok_or_else(|| gone(request, id))?.clone();
    if matches!(to.surface, Surface::Mention | Surface::Message) {
        return Err(gone(request, id));
    }
    let text = text(request, "message")?;
    // Answers go under the top-level comment.
    let parent = to.parent.clone().unwrap_or_else(|| to.id.clone());
    let answer = state.answer(INSTAGRAM, &to.account, &to.thread, Some(parent), &text);
    Ok(Reply::ok(json!({"id": answer.id})))
}

fn answer_mention(state: &mut State, request: &Request, account: &str) -> Answered {
    let text = text(request, "message")?;
    let media = request.param("media_id").ok_or_else(|| bad_parameter("Param media_id is required"))?;
    // Without a comment the mention stands in the caption, and the answer under the media.
    let id = request.param("comment_id").unwrap_or_else(|| media.clone());
    let to = state.reach(INSTAGRAM, &id).ok_or_else(|| gone(request, &id))?.clone();
    let answer = state.answer(INSTAGRAM, account, &media, Some(to.id.clone()), &text);
    Ok(Reply::ok(json!({"id": answer.id})))
}

fn switch_comments(state: &mut State, request: &Request, media: &str) -> Answered {
    let key = (INSTAGRAM, media.to_owned());
    if boolean(request, "comment_enabled")? {
        state.closed_threads.remove(&key);
    } else {
        state.closed_threads.insert(key);
    }
    Ok(success())
}

/// The account behind its own id or behind the Page that it is linked to.
fn owner(state: &State, id: &str) -> Option<String> {
    let mut accounts = state.settings.accounts.iter().filter(|account| account.platform == INSTAGRAM);
    let linked = accounts.find(|account| account.page.as_ref().is_some_and(|page| page.as_str() == id));
    match linked {
        Some(account) => Some(account.id.as_str().to_owned()),
        None => state.is_account(INSTAGRAM, id).then(|| id.to_owned()),
    }
}

/// What can be hidden and deleted: comments under our media, but none during a live broadcast.
fn changeable(state: &mut State, request: &Request, id: &str) -> Result<Comment, Reply> {
    let comment = state.reach(INSTAGRAM, id).ok_or_else(|| gone(request, id))?;
    match comment.surface {
        Surface::Comment => Ok(comment.clone()),
        Surface::LiveComment => Err(error(100, None, "(#100) Live video comments do not support this operation.")),
        _ => Err(gone(request, id)),
    }
}

fn fields(comment: &Comment) -> Value {
    let author = comment.author.as_ref();
    json!({
        "id": comment.id,
        "from": author.map(|author| json!({"id": author.id, "username": author.name})),
        "username": author.map(|author| author.name.as_str()),
        "text": comment.text,
        "timestamp": comment.created.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string(),
        "media": json!({"id": comment.thread}),
        "parent_id": comment.parent,
        "hidden": comment.visibility != Visibility::Visible,
    })
}
