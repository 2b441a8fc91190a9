//! X's API v2 (docs/platforms.md, sections 1.5, 3.6 and 4).

use http::StatusCode;
use jiff::ToSpan;
use policy::{Platform, Surface};
use serde_json::{Value, json};

use crate::memory::objects::{BlockKind, Comment, PrivateMessage};
use crate::memory::state::State;
use crate::memory::subscriptions::EVENTS;
use crate::webhooks::bodies;
use crate::wire::request::{Answered, Reply, Request, page};

const X: Platform = Platform::X;

/// The only webhook that there is.
const WEBHOOK: &str = "1700000000000000001";

/// A problem of the documented kinds (docs/platforms.md, section 5.4).
pub(crate) fn problem(status: StatusCode, kind: &str, detail: &str) -> Reply {
    let title = status.canonical_reason().unwrap_or("");
    let kind = format!("https://api.x.com/2/problems/{kind}");
    Reply::json(status, json!({"title": title, "detail": detail, "type": kind, "status": status.as_u16()}))
}

/// Answers one call to `api.x.com`.
pub(crate) fn answer(state: &mut State, request: &Request) -> Answered {
    if !state.settings.tokens.accept(request.bearer()) {
        let body = json!({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"});
        return Err(Reply::json(StatusCode::UNAUTHORIZED, body));
    }
    let (method, route) = request.route();
    let ["2", route @ ..] = route.as_slice() else { return Err(no_such_path()) };
    match (method, route) {
        ("PUT", ["tweets", id, "hidden"]) => hide(state, request, id),
        ("POST", ["tweets"]) => reply(state, request),
        ("GET", ["tweets", "search", "recent"]) => search(state, request),
        ("GET", ["tweets", id]) => read(state, request, id),
        ("DELETE", ["tweets", id]) => delete(state, id),
        ("POST", ["dm_conversations", "with", person, "messages"]) => message(state, request, person),
        ("POST", ["users", person, "dm", edge @ ("block" | "unblock")]) => {
            let (account, on) = (state.caller(X), *edge == "block");
            state.block(X, &account, person, BlockKind::Messages, on);
            Ok(Reply::ok(json!({"data": {"blocked": on}})))
        }
        ("GET", ["users", "me"]) => me(state, request),
        ("POST", ["users", own, "muting"]) => keep(state, request, own, BlockKind::Muted),
        ("DELETE", ["users", own, "muting", person]) => release(state, own, person, BlockKind::Muted),
        ("POST", ["users", own, "blocking"]) => keep(state, request, own, BlockKind::Everything),
        ("DELETE", ["users", own, "blocking", person]) => release(state, own, person, BlockKind::Everything),
        ("GET", ["users", own, "blocking"]) => blocked(state, request, own),
        ("GET", ["activity", "subscriptions"]) => Ok(subscriptions(state)),
        ("POST", ["activity", "subscriptions"]) => subscribe(state, request),
        _ => Err(no_such_path()),
    }
}

fn hide(state: &mut State, request: &Request, id: &str) -> Answered {
    let hidden = request.json["hidden"].as_bool().ok_or_else(|| invalid("The field hidden must be a boolean."))?;
    let comment = state.reach(X, id).ok_or_else(|| gone(id))?;
    // Only answers in a conversation that our account started can be hidden.
    if comment.own || comment.surface != Surface::Comment {
        return Err(forbidden("You are not permitted to hide this reply."));
    }
    state.set_hidden(X, id, hidden);
    Ok(Reply::ok(json!({"data": {"hidden": hidden}})))
}

fn reply(state: &mut State, request: &Request) -> Answered {
    let text = request.text("/text").ok_or_else(|| invalid("The field text must not be empty."))?;
    let to = request.text("/reply/in_reply_to_tweet_id");
    let to = to.ok_or_else(|| invalid("The field reply.in_reply_to_tweet_id is required by the sandbox."))?;
    let comment = state.reach(X, to).ok_or_else(|| gone(to))?.clone();
    if !comment.mentions_us && !state.settings.x_enterprise {
        return Err(forbidden("Reply to this conversation is not allowed because you have not been mentioned."));
    }
    let said = |own: &Comment| own.platform == X && own.own && !own.deleted && own.text == text;
    if state.comments.iter().any(said) {
        return Err(forbidden("You are not allowed to create a Tweet with duplicate content."));
    }
    // A mention begins a conversation of its own.
    let thread = if comment.surface == Surface::Mention { &comment.id } else { &comment.thread };
    let answer = state.answer(X, &comment.account, thread, Some(comment.id.clone()), text);
    let data = json!({"id": answer.id, "text": answer.text, "edit_history_tweet_ids": [answer.id]});
    Ok(Reply::json(StatusCode::CREATED, json!({ "data": data })))
}

fn read(state: &mut State, request: &Request, id: &str) -> Answered {
    match state.reach(X, id) {
        Some(comment) => Ok(Reply::ok(json!({"data": shown(request, comment)}))),
        // A read of what is gone is answered 200 with errors and no data.
        None => {
            let error = json!({"value": id, "resource_id": id, "resource_type": "tweet", "parameter": "id",
                "title": "Not Found Error", "detail": "Could not find tweet.",
                "type": "https://api.x.com/2/problems/resource-not-found"});
            Ok(Reply::ok(json!({"errors": [error]})))
        }
    }
}

fn search(state: &State, request: &Request) -> Answered {
    let query = request.query("query").unwrap_or("");
    let mut terms = query.split_whitespace();
    let conversation = terms.next().and_then(|term| term.strip_prefix("conversation_id:"));
    let conversation = conversation.ok_or_else(|| invalid("The sandbox searches by conversation_id only."))?;
    let author = match terms.next() {
        None => None,
        Some(term) => Some(term.strip_prefix("from:").ok_or_else(|| invalid("Unknown operator in query."))?),
    };
    let count = request.number("max_results", 10).filter(|count| (10..=100).contains(count));
    let count = count.ok_or_else(|| invalid("max_results must be between 10 and 100."))?;
    let start = request.number("next_token", 0).ok_or_else(|| invalid("next_token is not valid."))?;
    let oldest = state.now().checked_sub((7 * 24).hours()).unwrap_or(jiff::Timestamp::MIN);
    let mut found: Vec<Value> = state
        .comments
        .iter()
        // What we answered to a post never seen before belongs to a conversation that only the caller knows.
        .filter(|comment| comment.thread == conversation || (comment.own && comment.thread.is_empty()))
        .filter(|comment| comment.platform == X && !comment.deleted)
        .filter(|comment| comment.surface == Surface::Comment && comment.created >= oldest)
        .filter(|comment| author.is_none_or(|id| comment.author.as_ref().is_some_and(|author| author.id == id)))
        .map(|comment| shown(request, comment))
        .collect();
    found.reverse();
    Ok(listed(found, start, count))
}

/// One page of what was found. Nothing found means no `data` at all.
fn listed(found: Vec<Value>, start: usize, count: usize) -> Reply {
    let (data, next) = page(found, start, count);
    let mut body = json!({"meta": {"result_count": data.len()}});
    if let Some(next) = next {
        body["meta"]["next_token"] = json!(next.to_string());
    }
    if !data.is_empty() {
        body["data"] = json!(data);
    }
    Reply::ok(body)
}

fn delete(state: &mut State, id: &str) -> Answered {
    if !state.reach(X, id).ok_or_else(|| gone(id))?.own {
        return Err(forbidden("You are not permitted to delete the posts of others."));
    }
    state.delete(X, id).map_err(|_| gone(id))?;
    Ok(Reply::ok(json!({"data": {"deleted": true}})))
}

fn message(state: &mut State, request: &Request, person: &str) -> Answered {
    let text = request.text("/text").ok_or_else(|| invalid("The field text must not be empty."))?;
    let account = state.caller(X);
    let blocked = [BlockKind::Everything, BlockKind::Messages]
        .into_iter()
        .any(|kind| state.is_blocked(X, &account, person, kind));
    if blocked || state.unreachable.contains(person) {
        return Err(forbidden("You do not have permission to message one or more of the recipients."));
    }
    let id = (2_080_765_000_000_000_000 + state.next()).to_string();
    state.messages.push(PrivateMessage {
        platform: X,
        account: account.clone(),
        id: id.clone(),
        to: Some(person.to_owned()),
        comment: None,
        text: text.to_owned(),
    });
    let data = json!({"dm_conversation_id": format!("{account}-{person}"), "dm_event_id": id});
    Ok(Reply::json(StatusCode::CREATED, json!({ "data": data })))
}

fn me(state: &State, request: &Request) -> Answered {
    let id = state.caller(X);
    let account = state.account(X, &id).ok_or_else(|| gone("me"))?;
    let mut user = json!({"id": id, "name": account.name, "username": account.handle});
    if request.query("user.fields").is_some_and(|fields| fields.split(',').any(|field| field == "public_metrics")) {
        let followers = state.followers(X, &id);
        user["public_metrics"] =
            json!({"followers_count": followers, "following_count": 0, "tweet_count": 0, "listed_count": 0});
    }
    Ok(Reply::ok(json!({ "data": user })))
}

fn keep(state: &mut State, request: &Request, own: &str, kind: BlockKind) -> Answered {
    permit(state, own, kind)?;
    let person = request.text("/target_user_id").ok_or_else(|| invalid("The field target_user_id is required."))?;
    state.block(X, own, person, kind, true);
    Ok(Reply::ok(json!({"data": {verb(kind): true}})))
}

fn release(state: &mut State, own: &str, person: &str, kind: BlockKind) -> Answered {
    permit(state, own, kind)?;
    state.block(X, own, person, kind, false);
    Ok(Reply::ok(json!({"data": {verb(kind): false}})))
}

/// Our account's own id must be in the path, and blocking is for Enterprise only.
fn permit(state: &State, own: &str, kind: BlockKind) -> Result<(), Reply> {
    if !state.is_account(X, own) {
        return Err(forbidden("The authenticating user must be the one in the path."));
    }
    if kind == BlockKind::Everything && !state.settings.x_enterprise {
        let detail = "Your client is not permitted to use this endpoint.";
        return Err(problem(StatusCode::FORBIDDEN, "client-forbidden", detail));
    }
    Ok(())
}

fn blocked(state: &State, request: &Request, own: &str) -> Answered {
    if !state.is_account(X, own) {
        return Err(forbidden("The authenticating user must be the one in the path."));
    }
    let start = request.number("pagination_token", 0).ok_or_else(|| invalid("pagination_token is not valid."))?;
    let count = request.number("max_results", 100).ok_or_else(|| invalid("max_results must be a number."))?;
    let blocks = state.blocks.iter().filter(|block| block.platform == X && block.account == own);
    let everyone: Vec<_> =
        blocks.filter(|block| block.kind == BlockKind::Everything).map(|block| json!({"id": block.person})).collect();
    Ok(listed(everyone, start, count.max(1)))
}

/// Every event that is delivered; `data` is left out when there is none.
fn subscriptions(state: &State) -> Reply {
    let of_x = state.subscriptions.iter().filter(|((platform, _), _)| *platform == X);
    let data: Vec<_> =
        of_x.flat_map(|((_, account), events)| events.iter().map(|event| subscribed(account, event))).collect();
    let mut body = json!({"meta": {"result_count": data.len()}});
    if !data.is_empty() {
        body["data"] = json!(data);
    }
    Reply::ok(body)
}

fn subscribe(state: &mut State, request: &Request) -> Answered {
    let field = |pointer: &str| {
        let named = || invalid(&format!("The field {pointer} is required."));
        request.text(pointer).map(str::to_owned).ok_or_else(named)
    };
    let (event, account, webhook) = (field("/event_type")?, field("/filter/user_id")?, field("/webhook_id")?);
    if !EVENTS.contains(&event.as_str()) || webhook != WEBHOOK {
        return Err(invalid("There is no such event type, or no such webhook."));
    }
    if !state.is_account(X, &account) {
        return Err(forbidden("The account has not authorised the app."));
    }
    let subscription = subscribed(&account, &event);
    let events = state.subscriptions.entry((X, account)).or_default();
    if !events.contains(&event) {
        events.push(event);
    }
    Ok(Reply::json(StatusCode::CREATED, json!({"data": {"subscription": subscription}})))
}

fn subscribed(account: &str, event: &str) -> Value {
    json!({"event_type": event, "filter": {"user_id": account}, "webhook_id": WEBHOOK})
}

/// The asked fields of a post; without asking there are only its id, text and history.
fn shown(request: &Request, comment: &Comment) -> Value {
    let all = bodies::post(comment);
    let asked = request.query("tweet.fields").unwrap_or("");
    let names = ["id", "text", "edit_history_tweet_ids"].into_iter().chain(asked.split(','));
    names.filter_map(|name| Some((name.to_owned(), all.get(name)?.clone()))).collect::<serde_json::Map<_, _>>().into()
}

fn verb(kind: BlockKind) -> &'static str {
    if kind == BlockKind::Muted { "muting" } else { "blocking" }
}

fn gone(id: &str) -> Reply {
    problem(StatusCode::NOT_FOUND, "resource-not-found", &format!("Could not find the resource with id: [{id}]."))
}

fn invalid(detail: &str) -> Reply {
    problem(StatusCode::BAD_REQUEST, "invalid-request", detail)
}

/// Declined by X's rules about the content, not by the tier: that has no problem type of its own.
fn forbidden(detail: &str) -> Reply {
    let body = json!({"title": "Forbidden", "detail": detail, "type": "about:blank", "status": 403});
    Reply::json(StatusCode::FORBIDDEN, body)
}

fn no_such_path() -> Reply {
    problem(StatusCode::NOT_FOUND, "resource-not-found", "There is no such endpoint.")
}
