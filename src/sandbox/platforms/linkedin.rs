//! LinkedIn organization pages (docs/platforms.md, sections 1.3, 3.4 and 4).

use http::StatusCode;
use policy::Platform;
use serde_json::{Value, json};

use crate::memory::objects::Comment;
use crate::memory::state::State;
use crate::wire::request::{Answered, Reply, Request, page};

const LINKEDIN: Platform = Platform::Linkedin;

/// The oldest API version that still lives in November 2026 (docs/platforms.md, section 1.3).
const OLDEST_VERSION: u32 = 202_511;

/// An error of the REST API (docs/platforms.md, section 5.2).
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Reply {
    Reply::json(status, json!({"status": status.as_u16(), "code": code, "message": message}))
}

/// Answers one call to `api.linkedin.com`.
pub(crate) fn answer(state: &mut State, request: &Request) -> Answered {
    admit(state, request)?;
    let (method, route) = request.route();
    match (method, route.as_slice()) {
        ("GET", ["rest", "socialActions", urn, "comments"]) => list(state, request, urn),
        ("GET", ["rest", "socialActions", urn, "comments", id]) => {
            let id = comment_urn(urn, id);
            let comment = state.reach(LINKEDIN, &id).ok_or_else(not_found)?.clone();
            Ok(Reply::ok(resource(&comment)))
        }
        ("POST", ["rest", "socialActions", urn, "comments"]) => reply(state, request, urn),
        ("POST", ["rest", "socialActions", urn, "comments", id]) => edit(state, request, &comment_urn(urn, id)),
        ("DELETE", ["rest", "socialActions", urn, "comments", id]) => delete(state, request, &comment_urn(urn, id)),
        ("GET", ["rest", "networkSizes", urn]) => network_size(state, request, urn),
        ("GET", ["rest", "organizationalEntityNotifications"]) => notifications(state, request),
        _ => Err(error(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND", "No virtual resource found")),
    }
}

fn admit(state: &State, request: &Request) -> Result<(), Reply> {
    if !state.settings.tokens.accept(request.bearer()) {
        return Err(error(StatusCode::UNAUTHORIZED, "INVALID_ACCESS_TOKEN", "Invalid access token"));
    }
    let version = request.header("linkedin-version").and_then(|version| version.parse::<u32>().ok());
    let Some(version) = version else {
        return Err(bad_request("VERSION_MISSING", "A version must be present. Please specify a version"));
    };
    if version < OLDEST_VERSION {
        return Err(error(
            StatusCode::UPGRADE_REQUIRED,
            "NONEXISTENT_VERSION",
            &format!("Requested version {version} is not active"),
        ));
    }
    if request.header("x-restli-protocol-version") != Some("2.0.0") {
        return Err(bad_request("ILLEGAL_ARGUMENT", "X-Restli-Protocol-Version must be 2.0.0"));
    }
    // Keys in the path are percent-encoded to the last character.
    if request.path.contains(['(', ')', ',', ':']) {
        return Err(bad_request("ILLEGAL_ARGUMENT", "Syntax exception in path variables"));
    }
    Ok(())
}

fn list(state: &mut State, request: &Request, urn: &str) -> Answered {
    let not_a_number = || bad_request("ILLEGAL_ARGUMENT", "start and count must be numbers");
    let start = request.number("start", 0).ok_or_else(not_a_number)?;
    let count = request.number("count", 10).ok_or_else(not_a_number)?;
    if urn.starts_with("urn:li:comment:") {
        state.reach(LINKEDIN, urn).ok_or_else(not_found)?;
    }
    let all: Vec<Value> = state.under(LINKEDIN, urn).into_iter().map(resource).collect();
    let total = all.len();
    let (elements, _) = page(all, start, count);
    let paging = json!({"start": start, "count": count, "total": total, "links": []});
    Ok(Reply::ok(json!({"elements": elements, "paging": paging})))
}

fn reply(state: &mut State, request: &Request, urn: &str) -> Answered {
    let missing = |field: &str| bad_request("MISSING_FIELD", &format!("field {field} is required but not found"));
    let actor = request.text("/actor").ok_or_else(|| missing("actor"))?;
    let object = request.text("/object").ok_or_else(|| missing("object"))?;
    let text = request.text("/message/text").ok_or_else(|| missing("message/text"))?;
    if !state.is_account(LINKEDIN, actor) {
        return Err(error(StatusCode::FORBIDDEN, "ACCESS_DENIED", "The actor is not administered by the caller"));
    }
    if request.json.get("content").is_some() {
        return Err(error(StatusCode::FORBIDDEN, "ACCESS_DENIED", "Data Processing Exception [/content]"));
    }
    let parent = if urn.starts_with("urn:li:comment:") {
        if request.text("/parentComment").is_some_and(|parent| parent != urn) {
            return Err(unprocessable("parentComment is not the comment in the path"));
        }
        let to = state.reach(LINKEDIN, urn).ok_or_else(not_found)?;
        if !to.thread.is_empty() && to.thread != object {
            return Err(unprocessable("object is not the activity of the comment"));
        }
        Some(urn.to_owned())
    } else if state.adopts() || !state.under(LINKEDIN, urn).is_empty() {
        None
    } else {
        return Err(not_found());
    };
    let comment = state.answer(LINKEDIN, actor, object, parent, text);
    let id = comment.id.rsplit(',').next().map_or("", |id| id.trim_end_matches(')')).to_owned();
    Ok(Reply::empty(StatusCode::CREATED).header("x-restli-id", id))
}

fn edit(state: &mut State, request: &Request, id: &str) -> Answered {
    if request.header("x-restli-method") != Some("PARTIAL_UPDATE") {
        return Err(bad_request("ILLEGAL_ARGUMENT", "X-RestLi-Method must be PARTIAL_UPDATE"));
    }
    let text = request.text("/patch/message/$set/text").ok_or_else(|| unprocessable("patch/message/$set/text"))?;
    if !state.reach(LINKEDIN, id).ok_or_else(not_found)?.own {
        return Err(error(StatusCode::FORBIDDEN, "ACCESS_DENIED", "Only its author can edit a comment"));
    }
    state.edit(LINKEDIN, id, text).map_err(|_| not_found())?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn delete(state: &mut State, request: &Request, id: &str) -> Answered {
    let actor = request.query("actor").ok_or_else(|| bad_request("ILLEGAL_ARGUMENT", "actor is required"))?;
    if !state.is_account(LINKEDIN, actor) {
        return Err(error(StatusCode::FORBIDDEN, "ACCESS_DENIED", "The actor is not administered by the caller"));
    }
    let own = state.reach(LINKEDIN, id).ok_or_else(not_found)?.own;
    if !own && !state.settings.linkedin_deletes_members_comments {
        return Err(error(StatusCode::FORBIDDEN, "ACCESS_DENIED", "Only its author can delete a comment"));
    }
    state.delete(LINKEDIN, id).map_err(|_| not_found())?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn network_size(state: &State, request: &Request, urn: &str) -> Answered {
    // The spelling of the unversioned API is refused here.
    if request.query("edgeType") != Some("COMPANY_FOLLOWED_BY_MEMBER") {
        return Err(bad_request("ILLEGAL_ARGUMENT", "edgeType must be COMPANY_FOLLOWED_BY_MEMBER"));
    }
    if !state.is_account(LINKEDIN, urn) {
        return Err(not_found());
    }
    let followers = state.followers(LINKEDIN, urn);
    Ok(Reply::ok(json!({ "firstDegreeSize": followers })))
}

/// What would have been pushed, for those who pull.
fn notifications(state: &State, request: &Request) -> Answered {
    let wrong = |what: &str| bad_request("ILLEGAL_ARGUMENT", what);
    if request.query("q") != Some("criteria") {
        return Err(wrong("q must be criteria"));
    }
    let organization =
        request.query("organizationalEntity").ok_or_else(|| wrong("organizationalEntity is required"))?;
    let actions = request.query("actions").and_then(|list| list.strip_prefix("List(")?.strip_suffix(')'));
    let actions: Vec<_> = actions.ok_or_else(|| wrong("actions must be List(..)"))?.split(',').collect();
    let range = match request.query("timeRange") {
        None => i64::MIN..=i64::MAX,
        Some(range) => time_range(range).ok_or_else(|| wrong("timeRange must be (start:..,end:..)"))?,
    };
    let start = request.number("start", 0).ok_or_else(|| wrong("start must be a number"))?;
    let count = request.number("count", 10).ok_or_else(|| wrong("count must be a number"))?;
    let matching: Vec<_> = state
        .notifications
        .iter()
        .filter(|notification| notification["organizationalEntity"] == organization)
        .filter(|notification| notification["action"].as_str().is_some_and(|action| actions.contains(&action)))
        .filter(|notification| notification["lastModifiedAt"].as_i64().is_some_and(|at| range.contains(&at)))
        .cloned()
        .collect();
    let total = matching.len();
    let (elements, _) = page(matching, start, count);
    let paging = json!({"start": start, "count": count, "total": total, "links": []});
    Ok(Reply::ok(json!({"elements": elements, "paging": paging})))
}

fn time_range(text: &str) -> Option<std::ops::RangeInclusive<i64>> {
    let (start, end) = text.strip_prefix("(start:")?.strip_suffix(')')?.split_once(",end:")?;
    Some(start.parse().ok()?..=end.parse().ok()?)
}

/// The URN of a comment from what its address names: the activity, or the comment above it, and a number.
fn comment_urn(urn: &str, id: &str) -> String {
    let above = urn.strip_prefix("urn:li:comment:(").and_then(|rest| rest.rsplit_once(','));
    let activity = above.map_or(urn, |(activity, _)| activity);
    format!("urn:li:comment:({activity},{id})")
}

fn resource(comment: &Comment) -> Value {
    let author = comment.author.as_ref().map(|author| author.id.as_str());
    let mut resource = json!({
        "id": comment.id.rsplit(',').next().map_or("", |id| id.trim_end_matches(')')),
        "commentUrn": comment.id,
        "object": comment.thread,
        "message": {"text": comment.text, "attributes": []},
        "created": {"time": comment.created.as_millisecond()},
        "lastModified": {"time": comment.updated.as_millisecond()},
    });
    if let Some(author) = author {
        resource["actor"] = json!(author);
        resource["created"]["actor"] = json!(author);
    }
    if let Some(parent) = &comment.parent {
        resource["parentComment"] = json!(parent);
    }
    resource
}

fn bad_request(code: &str, message: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, code, message)
}

fn unprocessable(message: &str) -> Reply {
    error(StatusCode::UNPROCESSABLE_ENTITY, "INPUT_VALIDATION_FAILED", message)
}

fn not_found() -> Reply {
    error(StatusCode::NOT_FOUND, "NOT_FOUND", "Not found")
}
