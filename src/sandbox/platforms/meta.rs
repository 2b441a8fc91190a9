//! What Facebook and Instagram share: the Graph API's errors, fields, lists, private messages and conversations.

use http::StatusCode;
use jiff::ToSpan;
use policy::{Platform, Surface};
use serde_json::{Map, Value, json};

use crate::memory::objects::{BlockKind, PrivateMessage};
use crate::memory::state::State;
use crate::memory::subscriptions::{INSTAGRAM_FIELDS, PAGE_FIELDS};
use crate::webhooks::bodies;
use crate::wire::request::{Answered, Reply, Request, page};

/// An error of the Graph API (docs/platforms.md, section 5.1). Throttling is 400 here, as it often is there.
pub(crate) fn error(code: u32, subcode: Option<u32>, message: &str) -> Reply {
    let status = match code {
        190 => StatusCode::UNAUTHORIZED,
        1 | 2 => StatusCode::INTERNAL_SERVER_ERROR,
        10 | 200..=299 | 368 => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut error =
        json!({"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AGalateoSandbox"});
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    Reply::json(status, json!({ "error": error }))
}

/// Code 100: a parameter is wrong.
pub(crate) fn bad_parameter(what: &str) -> Reply {
    error(100, None, &format!("(#100) {what}"))
}

/// Code 100, subcode 33: the object is gone, or out of reach.
pub(crate) fn gone(request: &Request, id: &str) -> Reply {
    let method = request.method.as_str().to_lowercase();
    let message = format!(
        "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
         permissions, or does not support this operation."
    );
    error(100, Some(33), &message)
}

/// Code 2500: there is no such path.
pub(crate) fn no_such_path() -> Reply {
    error(2500, None, "Unknown path components")
}

pub(crate) fn success() -> Reply {
    Reply::ok(json!({"success": true}))
}

/// Checks token and version.
pub(crate) fn admit(state: &State, request: &Request) -> Result<(), Reply> {
    if !state.settings.tokens.accept(request.token().as_deref()) {
        return Err(error(190, None, "Invalid OAuth access token - Cannot parse access token"));
    }
    let version = request.segments[0].strip_prefix('v').and_then(|version| version.strip_suffix(".0"));
    // Older ones have expired (docs/platforms.md, section 1.2).
    if version.and_then(|version| version.parse::<u32>().ok()).is_some_and(|version| version >= 21) {
        Ok(())
    } else {
        Err(no_such_path())
    }
}

/// A boolean parameter.
pub(crate) fn boolean(request: &Request, name: &str) -> Result<bool, Reply> {
    match request.param(name).as_deref() {
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        _ => Err(bad_parameter(&format!("Param {name} must be a boolean"))),
    }
}

/// A text parameter with something in it.
pub(crate) fn text(request: &Request, name: &str) -> Result<String, Reply> {
    let text = request.param(name).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| bad_parameter(&format!("Param {name} is required and must not be empty")))
}

/// The asked fields of an object, of which `all` are there or, where `Null`, documented but not known.
pub(crate) fn project(request: &Request, node: &str, default: &str, all: &Value) -> Answered {
    let asked = request.param("fields").unwrap_or_else(|| default.to_owned());
    let mut object = Map::new();
    for name in std::iter::once("id").chain(asked.split(',').map(str::trim)) {
        match all.get(name) {
            Some(Value::Null) => {}
            Some(value) => {
                object.insert(name.to_owned(), value.clone());
            }
            None => {
                return Err(bad_parameter(&format!(
                    "Tried accessing nonexisting field ({name}) on node type ({node})"
                )));
            }
        }
    }
    Ok(Reply::ok(Value::Object(object)))
}

/// One page of a list, with the cursor of the next.
pub(crate) fn list(request: &Request, items: Vec<Value>) -> Answered {
    let limit = request.number("limit", 25).ok_or_else(|| bad_parameter("Param limit must be a number"))?;
    let after = request.number("after", 0).ok_or_else(|| bad_parameter("Invalid cursor"))?;
    let (items, next) = page(items, after, limit.max(1));
    let mut body = json!({ "data": items });
    if let Some(next) = next {
        body["paging"] = json!({"cursors": {"after": next.to_string()}, "next": format!("?after={next}")});
    }
    Ok(Reply::ok(body))
}

/// `POST /{account}/messages`: the one private reply to a comment, or a message to someone who wrote within a day.
pub(crate) fn message(state: &mut State, request: &Request, platform: Platform, account: &str) -> Answered {
    let text = request.text("/message/text").ok_or_else(|| bad_parameter("Param message is required"))?;
    let now = state.now();
    let answered = ["comment_id", "post_id"]
        .into_iter()
        .filter_map(|name| Some((name, request.text(&format!("/recipient/{name}"))?)))
        .collect::<Vec<_>>();
    let (person, comment) = match (answered.as_slice(), request.text("/recipient/id")) {
        (&[(name, comment)], None) => {
            let comment = state.reach(platform, comment).ok_or_else(|| gone(request, comment))?;
            // A visitor post is answered as a post, everything else as a comment.
            if (comment.surface == Surface::VisitorPost) != (name == "post_id") {
                return Err(bad_parameter(&format!("Param recipient[{name}] is not of this kind")));
            }
            if comment.own || comment.answered_privately {
                return Err(bad_parameter("This comment cannot be answered privately, or was already"));
            }
            if now.duration_since(comment.created).as_hours() >= 7 * 24 {
                return Err(outside_window(platform));
            }
            comment.answered_privately = true;
            (comment.author.as_ref().map(|author| author.id.clone()), Some(comment.id.clone()))
        }
        ([], Some(id)) => {
            let person = match platform {
                Platform::Facebook => {
                    state.behind_page_scoped(id).ok_or_else(|| bad_parameter("No matching user found"))?
                }
                _ => id.to_owned(),
            };
            let last = state.conversations.get(&(platform, account.to_owned(), person.clone())).copied();
            let in_time = last.is_some_and(|last| last.checked_add(24.hours()).is_ok_and(|end| now <= end));
            if !in_time {
                return Err(outside_window(platform));
            }
            (Some(person), None)
        }
        _ => return Err(bad_parameter("Param recipient must hold exactly one of id, comment_id and post_id")),
    };
    if let Some(person) = &person
        && [BlockKind::Everything, BlockKind::Messages]
            .into_iter()
            .any(|kind| state.is_blocked(platform, account, person, kind))
    {
        return Err(error(551, Some(1_545_041), "This person isn't available right now."));
    }
    let recipient = match (platform, &person) {
        (Platform::Facebook, Some(person)) => state.page_scoped(person),
        (_, Some(person)) => person.clone(),
        // An adopted comment has no author; the platform would still name one.
        (_, None) => (6_780_000_000_000_000 + state.next()).to_string(),
    };
    let id = format!("m_{:024}", state.next());
    let text = text.to_owned();
    state.send(platform, bodies::echo(platform, account, &recipient, &id, &text, now));
    let message = PrivateMessage { platform, account: account.to_owned(), id: id.clone(), to: person, comment, text };
    state.messages.push(message);
    Ok(Reply::ok(json!({"recipient_id": recipient, "message_id": id})))
}

/// `POST /{account}/moderate_conversations`: keeps people from writing to us, or lets them again.
pub(crate) fn moderate_conversations(
    state: &mut State,
    request: &Request,
    platform: Platform,
    account: &str,
) -> Result<(), Reply> {
    let ids: Vec<String> = match request.structure("user_ids") {
        Some(Value::Array(users)) => users.iter().filter_map(|user| user["id"].as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    if ids.is_empty() || ids.len() > 10 {
        return Err(bad_parameter("Param user_ids must hold 1 to 10 ids"));
    }
    let actions: Vec<String> = match request.structure("actions") {
        Some(Value::Array(actions)) => {
            actions.iter().filter_map(|action| action.as_str().map(str::to_lowercase)).collect()
        }
        _ => Vec::new(),
    };
    let known = |action: &String| {
        ["ban_user", "block_user", "unban_user", "unblock_user", "move_to_spam"].contains(&action.as_str())
    };
    let on = actions.iter().any(|action| action == "ban_user" || action == "block_user");
    let off = actions.iter().any(|action| action == "unban_user" || action == "unblock_user");
    if actions.is_empty() || actions.len() > 2 || !actions.iter().all(known) || (on && off) {
        return Err(bad_parameter("Param actions must hold 1 or 2 actions that do not contradict each other"));
    }
    // On Facebook a ban in Messenger keeps a person from writing to us; on Instagram a block keeps them out.
    let (people, kind) = if platform == Platform::Facebook {
        let person = |id: String| match state.behind_page_scoped(&id) {
            Some(person) => Ok(person),
            None if state.adopts() => Ok(id),
            None => Err(bad_parameter("No matching user found")),
        };
        (ids.into_iter().map(person).collect::<Result<Vec<_>, _>>()?, BlockKind::Messages)
    } else {
        let has_thread = |id: &String| state.conversations.contains_key(&(platform, account.to_owned(), id.clone()));
        if !ids.iter().all(has_thread) {
            return Err(error(1, None, "Instagram Direct thread not found between business and consumer"));
        }
        (ids, BlockKind::Everything)
    };
    for person in people.iter().filter(|_| on || off) {
        state.block(platform, account, person, kind, on);
    }
    Ok(())
}

/// `/{account}/subscribed_apps`: the webhook fields to which the account is subscribed.
pub(crate) fn subscribed_apps(state: &mut State, request: &Request, platform: Platform, account: &str) -> Answered {
    let key = state.subscriber(platform, account);
    if request.method == http::Method::GET {
        let data: Vec<_> =
            state.subscriptions.get(&key).map(|fields| json!({ "subscribed_fields": fields })).into_iter().collect();
        return list(request, data);
    }
    let documented = if key.0 == Platform::Facebook { PAGE_FIELDS } else { INSTAGRAM_FIELDS };
    let fields: Vec<String> =
        text(request, "subscribed_fields")?.split(',').map(|field| field.trim().to_owned()).collect();
    // One unknown name makes the whole call fail.
    if let Some(index) = fields.iter().position(|field| !documented.contains(&field.as_str())) {
        return Err(bad_parameter(&format!(
            "Param subscribed_fields[{index}] must be one of {}",
            documented.join(", ")
        )));
    }
    state.subscriptions.insert(key, fields);
    Ok(success())
}

fn outside_window(platform: Platform) -> Reply {
    let subcode = if platform == Platform::Facebook { 2_018_278 } else { 2_534_022 };
    error(10, Some(subcode), "(#10) This message is sent outside of allowed window.")
}
