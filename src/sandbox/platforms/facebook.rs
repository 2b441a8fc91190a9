//! Facebook Pages and Messenger (docs/platforms.md, sections 3.2 and 4).

use policy::{Platform, Surface};
use serde_json::{Value, json};

use crate::memory::objects::{BlockKind, Comment, Visibility};
use crate::memory::state::State;
use crate::platforms::meta::{
    admit, bad_parameter, boolean, error, gone, list, message, moderate_conversations, no_such_path, project,
    subscribed_apps, success, text,
};
use crate::wire::request::{Answered, Reply, Request};

const FACEBOOK: Platform = Platform::Facebook;

/// What a comment shows when no fields are asked for.
const COMMENT_DEFAULT: &str = "created_time,from,message";

/// Answers one call to `graph.facebook.com`.
pub(crate) fn answer(state: &mut State, request: &Request) -> Answered {
    admit(state, request)?;
    let (method, route) = request.route();
    match (method, &route[1..]) {
        ("GET", [id]) if state.is_account(FACEBOOK, id) => account(state, request, id),
        ("GET", [id]) => read(state, request, id),
        ("POST", [id]) => change(state, request, id),
        ("DELETE", [id]) => {
            writable(state, request, id)?;
            state.delete(FACEBOOK, id).map_err(|_| gone(request, id))?;
            Ok(success())
        }
        ("GET", [id, "comments"]) => comments(state, request, id),
        ("POST", [id, "comments"]) => reply(state, request, id),
        ("GET" | "POST" | "DELETE", [id, edge]) if state.is_account(FACEBOOK, id) => match (method, *edge) {
            ("POST", "messages") => message(state, request, FACEBOOK, id),
            ("POST", "moderate_conversations") => {
                moderate_conversations(state, request, FACEBOOK, id)?;
                Ok(success())
            }
            ("GET" | "POST", "subscribed_apps") => subscribed_apps(state, request, FACEBOOK, id),
            ("GET", "blocked") => blocked(state, request, id),
            ("POST", "blocked") => block(state, request, id, true),
            ("DELETE", "blocked") => block(state, request, id, false),
            _ => Err(no_such_path()),
        },
        (_, [id, "messages" | "moderate_conversations" | "subscribed_apps" | "blocked"]) => Err(gone(request, id)),
        _ => Err(no_such_path()),
    }
}

fn account(state: &State, request: &Request, id: &str) -> Answered {
    let followers = state.followers(FACEBOOK, id);
    let name = state.account(FACEBOOK, id).map(|account| account.name.clone());
    let all = json!({"id": id, "name": name, "followers_count": followers, "fan_count": followers});
    project(request, "Page", "name", &all)
}

fn read(state: &mut State, request: &Request, id: &str) -> Answered {
    let comment = state.reach(FACEBOOK, id).ok_or_else(|| gone(request, id))?;
    project(request, "Comment", COMMENT_DEFAULT, &fields(comment))
}

fn comments(state: &mut State, request: &Request, id: &str) -> Answered {
    let items: Vec<Value> = state.under(FACEBOOK, id).into_iter().map(fields).collect();
    if items.is_empty() {
        state.reach(FACEBOOK, id).ok_or_else(|| gone(request, id))?;
    }
    let shown = items
        .iter()
        .map(|item| project(request, "Comment", COMMENT_DEFAULT, item).map(|reply| reply.body.unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    list(request, shown)
}

/// Hides and unhides; rewrites what is our own.
fn change(state: &mut State, request: &Request, id: &str) -> Answered {
    let comment = writable(state, request, id)?;
    if request.param("is_hidden").is_none() && comment.own {
        let text = text(request, "message")?;
        state.edit(FACEBOOK, id, &text).map_err(|_| gone(request, id))?;
        return Ok(success());
    }
    let hidden = boolean(request, "is_hidden")?;
    if comment.own {
        // Ours can be deleted, not hidden.
        return Err(error(200, None, "(#200) The comment cannot be hidden."));
    }
    state.set_hidden(FACEBOOK, id, hidden);
    Ok(success())
}

fn reply(state: &mut State, request: &Request, id: &str) -> Answered {
    let to = state.reach(FACEBOOK, id).ok_or_else(|| gone(request, id))?.clone();
    if to.surface == Surface::Message {
        return Err(gone(request, id));
    }
    let text = text(request, "message")?;
    // Below a post an answer is a comment of its own; the post is then its thread.
    let (thread, parent) = if to.surface == Surface::VisitorPost { (to.id, None) } else { (to.thread, Some(to.id)) };
    let answer = state.answer(FACEBOOK, &to.account, &thread, parent, &text);
    Ok(Reply::ok(json!({"id": answer.id})))
}

fn blocked(state: &State, request: &Request, page: &str) -> Answered {
    let name = |person: &str| {
        let authors = state.comments.iter().filter_map(|comment| comment.author.as_ref());
        authors.filter(|author| author.id == person).map(|author| author.name.clone()).next_back()
    };
    let blocks = state.blocks.iter().filter(|block| block.platform == FACEBOOK && block.account == page);
    let everything = blocks.filter(|block| block.kind == BlockKind::Everything);
    list(request, everything.map(|block| json!({"id": block.person, "name": name(&block.person)})).collect())
}

fn block(state: &mut State, request: &Request, page: &str, on: bool) -> Answered {
    let given: Vec<_> =
        ["user", "psid", "asid", "uid"].into_iter().filter_map(|name| Some((name, ids(request, name)?))).collect();
    let [(name, ids)] = given.as_slice() else {
        return Err(bad_parameter("Exactly one of user, psid, asid and uid is required"));
    };
    if ids.is_empty() {
        return Err(bad_parameter(&format!("Param {name} must be a list of ids")));
    }
    let mut answer = serde_json::Map::new();
    for id in ids {
        let person = match *name {
            "psid" => state.behind_page_scoped(id),
            _ => Some(id.clone()).filter(|id| state.adopts() || is_person(state, id)),
        };
        let person = person.ok_or_else(|| bad_parameter("No matching user found"))?;
        state.block(FACEBOOK, page, &person, BlockKind::Everything, on);
        answer.insert(id.clone(), json!(true));
    }
    Ok(if on { Reply::ok(Value::Object(answer)) } else { success() })
}

fn is_person(state: &State, id: &str) -> bool {
    let mut authors = state.comments.iter().filter(|comment| comment.platform == FACEBOOK && !comment.own);
    authors.any(|comment| comment.author.as_ref().is_some_and(|author| author.id == id))
}

/// A list of ids: a JSON list of texts or numbers, or a text with commas.
fn ids(request: &Request, name: &str) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match request.structure(name)? {
        Value::Array(ids) => ids.iter().map(one).collect(),
        other => one(&other).split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect(),
    })
}

/// What the Page can change: comments and visitor posts, but not reviews, mentions elsewhere and messages.
fn writable(state: &mut State, request: &Request, id: &str) -> Result<Comment, Reply> {
    let comment = state.reach(FACEBOOK, id).ok_or_else(|| gone(request, id))?;
    match comment.surface {
        Surface::Comment | Surface::VisitorPost => Ok(comment.clone()),
        _ => Err(gone(request, id)),
    }
}

fn fields(comment: &Comment) -> Value {
    let ours_to_change = matches!(comment.surface, Surface::Comment | Surface::VisitorPost);
    json!({
        "id": comment.id,
        "from": comment.author,
        "message": comment.text,
        "created_time": comment.created.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string(),
        "parent": comment.parent.as_ref().map(|parent| json!({"id": parent})),
        "is_hidden": comment.visibility != Visibility::Visible,
        "can_hide": ours_to_change && !comment.own,
        "can_remove": ours_to_change,
        "can_reply_privately": ours_to_change && !comment.own && !comment.answered_privately,
        "attachment": null,
        "permalink_url": format!("https://www.facebook.com/{}", comment.id),
    })
}
