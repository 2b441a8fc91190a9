//! YouTube's Data API (docs/platforms.md, sections 1.4, 3.5 and 4).

use http::StatusCode;
use jiff::Timestamp;
use policy::Platform;
use serde_json::{Value, json};

use crate::memory::objects::{BlockKind, Comment, Visibility};
use crate::memory::state::State;
use crate::webhooks::bodies::escape_xml;
use crate::wire::request::{Answered, Reply, Request, page};

const YOUTUBE: Platform = Platform::Youtube;

/// An error of the Data API (docs/platforms.md, section 5.3).
pub(crate) fn error(status: StatusCode, domain: &str, reason: &str, message: &str) -> Reply {
    let code = status.as_u16();
    let errors = json!([{"message": message, "domain": domain, "reason": reason}]);
    Reply::json(status, json!({"error": {"code": code, "message": message, "errors": errors}}))
}

/// Answers one call to `www.googleapis.com`.
pub(crate) fn answer(state: &mut State, request: &Request) -> Answered {
    if !state.settings.tokens.accept(request.bearer()) {
        let message = "Request had invalid authentication credentials.";
        return Err(error(StatusCode::UNAUTHORIZED, "global", "authError", message));
    }
    let (method, route) = request.route();
    let ["youtube", "v3", route @ ..] = route.as_slice() else { return Err(no_such_path()) };
    // Reads cost 1 unit, writes 50; invalid calls cost too, so the price is due before anything is looked at.
    let units = match (method, route) {
        ("GET", ["commentThreads" | "comments" | "channels"]) => 1,
        ("POST" | "DELETE", ["comments"]) | ("POST", ["comments", "setModerationStatus"]) => 50,
        _ => return Err(no_such_path()),
    };
    let (now, budget) = (state.now(), state.settings.youtube_daily_units);
    if !state.quota.spend(units, budget, now) {
        let message = "The request cannot be completed because you have exceeded your quota.";
        return Err(error(StatusCode::FORBIDDEN, "youtube.quota", "quotaExceeded", message));
    }
    match (method, route) {
        ("GET", ["commentThreads"]) => threads(state, request),
        ("GET", ["comments"]) => comments(state, request),
        ("GET", _) => channels(state, request),
        ("POST", ["comments"]) => insert(state, request),
        ("DELETE", _) => delete(state, request),
        _ => set_moderation_status(state, request),
    }
}

/// What all lists share: how many, from where, and in which format texts are shown.
struct Listing {
    count: usize,
    start: usize,
    plain: bool,
}

impl Listing {
    fn of(request: &Request) -> Result<Self, Reply> {
        if request.query("part").is_none_or(str::is_empty) {
            return Err(bad_request("missingRequiredParameter", "No filter selected: part is required."));
        }
        let count = request.number("maxResults", 20).filter(|count| (1..=100).contains(count));
        let count = count.ok_or_else(|| bad_request("invalidValue", "maxResults must be within 1 and 100."))?;
        let start = request.number("pageToken", 0);
        let start = start.ok_or_else(|| bad_request("invalidPageToken", "The page token is not valid."))?;
        let plain = match request.query("textFormat") {
            None | Some("html") => false,
            Some("plainText") => true,
            Some(_) => return Err(bad_request("invalidValue", "textFormat must be html or plainText.")),
        };
        Ok(Self { count, start, plain })
    }

    fn answer(&self, kind: &str, items: Vec<Value>) -> Answered {
        let total = items.len();
        let (items, next) = page(items, self.start, self.count);
        let mut body = json!({"kind": kind, "etag": "sandbox", "items": items,
            "pageInfo": {"totalResults": total, "resultsPerPage": self.count}});
        if let Some(next) = next {
            body["nextPageToken"] = json!(next.to_string());
        }
        Ok(Reply::ok(body))
    }
}

fn threads(state: &mut State, request: &Request) -> Answered {
    let listing = Listing::of(request)?;
    let wanted = match request.query("moderationStatus") {
        None | Some("published") => Visibility::Visible,
        Some("heldForReview") => Visibility::Hidden,
        Some("likelySpam") => Visibility::LikelySpam,
        Some(_) => return Err(bad_request("invalidValue", "moderationStatus is not one of the documented values.")),
    };
    let filters = ["allThreadsRelatedToChannelId", "videoId", "id"].map(|name| request.query(name));
    let ids: Option<Vec<&str>> = filters[2].map(|ids| ids.split(',').collect());
    let matches = |comment: &Comment| match (filters[0], filters[1], &ids) {
        (Some(channel), None, None) => comment.account == channel,
        (None, Some(video), None) => comment.thread == video,
        (None, None, Some(ids)) => ids.contains(&comment.id.as_str()),
        _ => false,
    };
    if filters.iter().flatten().count() != 1 {
        return Err(bad_request("missingRequiredParameter", "Exactly one filter must be selected."));
    }
    // By id nothing is filtered by status, but what was rejected is gone.
    let shown = |comment: &Comment| {
        if ids.is_some() { comment.visibility != Visibility::Rejected } else { comment.visibility == wanted }
    };
    let mut found: Vec<(Timestamp, Value)> = Vec::new();
    let tops = state.comments.iter().filter(|comment| {
        // What was never seen before a call named it has no video to be listed under.
        let listed = !comment.thread.is_empty() && comment.parent.is_none() && !comment.deleted;
        comment.platform == YOUTUBE && listed && matches(comment)
    });
    for top in tops.filter(|top| top.visibility != Visibility::Rejected) {
        let below = state.under(YOUTUBE, &top.id);
        // A thread is also in a list of held or spam ones when only an answer is in that state.
        let only_below = wanted != Visibility::Visible && below.iter().any(|answer| shown(answer));
        if !shown(top) && !only_below {
            continue;
        }
        let answers: Vec<_> = below.into_iter().filter(|answer| answer.visibility != Visibility::Rejected).collect();
        let with_status = ids.is_none();
        // What comes with a thread is only a sample of its answers.
        let sample: Vec<_> =
            answers.iter().rev().take(5).map(|answer| resource(answer, listing.plain, with_status)).collect();
        let mut thread = json!({"kind": "youtube#commentThread", "etag": "sandbox", "id": top.id, "snippet": {
            "channelId": top.account, "videoId": top.thread, "topLevelComment": resource(top, listing.plain, with_status),
            "canReply": true, "totalReplyCount": answers.len(), "isPublic": top.visibility == Visibility::Visible}});
        if !sample.is_empty() {
            thread["replies"] = json!({ "comments": sample });
        }
        found.push((top.created, thread));
    }
    // The newest first, and of the same instant the last written first.
    found.reverse();
    found.sort_by_key(|(created, _)| std::cmp::Reverse(*created));
    listing.answer("youtube#commentThreadListResponse", found.into_iter().map(|(_, thread)| thread).collect())
}

fn comments(state: &mut State, request: &Request) -> Answered {
    let mut listing = Listing::of(request)?;
    let found: Vec<Value> = match (request.query("id"), request.query("parentId")) {
        (Some(ids), None) => {
            let mut found = Vec::new();
            // What is asked for by its id is not paged.
            listing.count = usize::MAX;
            for id in ids.split(',') {
                let comment = state.reach(YOUTUBE, id).filter(|comment| comment.visibility != Visibility::Rejected);
                found.extend(comment.map(|comment| resource(comment, listing.plain, false)));
            }
            found
        }
        (None, Some(parent)) => {
            state.reach(YOUTUBE, parent).ok_or_else(not_found)?;
            let below = state.under(YOUTUBE, parent).into_iter();
            let shown = below.filter(|comment| comment.visibility != Visibility::Rejected);
            shown.map(|comment| resource(comment, listing.plain, true)).collect()
        }
        _ => return Err(bad_request("missingRequiredParameter", "Exactly one filter must be selected.")),
    };
    listing.answer("youtube#commentListResponse", found)
}

fn channels(state: &State, request: &Request) -> Answered {
    let listing = Listing::of(request)?;
    let id = match (request.query("id"), request.query("mine")) {
        (Some(id), _) => id.to_owned(),
        (None, Some("true")) => state.caller(YOUTUBE),
        _ => return Err(bad_request("missingRequiredParameter", "No filter selected.")),
    };
    if !state.is_account(YOUTUBE, &id) {
        return listing.answer("youtube#channelListResponse", Vec::new());
    }
    let subscribers = three_figures(state.followers(YOUTUBE, &id));
    let statistics = json!({"viewCount": "0", "subscriberCount": subscribers.to_string(),
        "hiddenSubscriberCount": false, "videoCount": "1"});
    let channel = json!({"kind": "youtube#channel", "etag": "sandbox", "id": id, "statistics": statistics});
    listing.answer("youtube#channelListResponse", vec![channel])
}

fn insert(state: &mut State, request: &Request) -> Answered {
    if request.query("part") != Some("snippet") {
        return Err(bad_request("missingRequiredParameter", "part must be snippet."));
    }
    let text = request.text("/snippet/textOriginal");
    let text = text.ok_or_else(|| bad_request("commentTextRequired", "The comment must have a text."))?;
    let parent =
        request.text("/snippet/parentId").ok_or_else(|| bad_request("parentCommentIdRequired", "No parent."))?;
    let to = state.reach(YOUTUBE, parent).filter(|to| to.visibility != Visibility::Rejected).ok_or_else(not_found)?;
    let to = to.clone();
    // There are two levels: an answer to an answer stands below the same comment.
    let top = to.parent.clone().unwrap_or_else(|| to.id.clone());
    let answer = state.answer(YOUTUBE, &to.account, &to.thread, Some(top), text);
    Ok(Reply::ok(resource(&answer, true, true)))
}

fn delete(state: &mut State, request: &Request) -> Answered {
    let id = request.query("id").ok_or_else(|| bad_request("missingRequiredParameter", "id is required."))?;
    if !state.reach(YOUTUBE, id).ok_or_else(not_found)?.own {
        let message = "Only its author can delete a comment.";
        return Err(error(StatusCode::FORBIDDEN, "youtube.comment", "forbidden", message));
    }
    state.delete(YOUTUBE, id).map_err(|_| not_found())?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn set_moderation_status(state: &mut State, request: &Request) -> Answered {
    if request.has_body {
        return Err(bad_request("badRequest", "No request body is allowed."));
    }
    let wanted = match request.query("moderationStatus") {
        Some("published") => Visibility::Visible,
        Some("heldForReview") => Visibility::Hidden,
        Some("rejected") => Visibility::Rejected,
        _ => return Err(bad_request("invalidValue", "moderationStatus is not one of the documented values.")),
    };
    let ban = request.query("banAuthor") == Some("true");
    if ban && wanted != Visibility::Rejected {
        return Err(bad_request("banWithoutReject", "banAuthor may be used only together with rejected."));
    }
    let ids: Vec<&str> = request.query("id").unwrap_or("").split(',').filter(|id| !id.is_empty()).collect();
    if ids.is_empty() || ids.len() > 50 {
        return Err(bad_request("invalidValue", "id must hold 1 to 50 ids."));
    }
    // All or none: every id is looked at before the first is changed.
    for id in &ids {
        let comment = state.reach(YOUTUBE, id).ok_or_else(not_found)?;
        if comment.visibility == Visibility::Rejected && wanted != Visibility::Rejected {
            return Err(bad_request("operationNotSupported", "A rejected comment cannot come back."));
        }
    }
    for id in ids {
        let Some(comment) = state.reach(YOUTUBE, id) else { continue };
        comment.visibility = wanted;
        let (account, author) = (comment.account.clone(), comment.author.clone());
        if wanted == Visibility::Rejected {
            let below = state.comments.iter_mut().filter(|below| below.parent.as_deref() == Some(id));
            below.filter(|below| below.platform == YOUTUBE).for_each(|below| below.visibility = Visibility::Rejected);
        }
        if let Some(author) = author.filter(|_| ban) {
            state.block(YOUTUBE, &account, &author.id, BlockKind::Everything, true);
        }
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn resource(comment: &Comment, plain: bool, with_status: bool) -> Value {
    let text = if plain { comment.text.clone() } else { escape_xml(&comment.text) };
    let mut snippet = json!({"channelId": comment.account, "videoId": comment.thread, "textDisplay": text,
        "canRate": true, "viewerRating": "none", "likeCount": 0,
        "publishedAt": comment.created.to_string(), "updatedAt": comment.updated.to_string()});
    if comment.own {
        // Only its author is shown the text as it was typed.
        snippet["textOriginal"] = json!(comment.text);
    }
    if let Some(author) = &comment.author {
        snippet["authorDisplayName"] = json!(author.name);
        snippet["authorChannelUrl"] = json!(format!("http://www.youtube.com/channel/{}", author.id));
        snippet["authorChannelId"] = json!({"value": author.id});
    }
    if let Some(parent) = &comment.parent {
        snippet["parentId"] = json!(parent);
    }
    if with_status {
        snippet["moderationStatus"] = json!(match comment.visibility {
            Visibility::Visible => "published",
            Visibility::Hidden => "heldForReview",
            Visibility::LikelySpam => "likelySpam",
            Visibility::Rejected => "rejected",
        });
    }
    json!({"kind": "youtube#comment", "etag": "sandbox", "id": comment.id, "snippet": snippet})
}

/// Rounded down to three significant figures, as subscriber counts are shown.
fn three_figures(count: u64) -> u64 {
    let mut unit = 1;
    while count / unit >= 1_000 {
        unit *= 10;
    }
    count / unit * unit
}

fn bad_request(reason: &str, message: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, "youtube.parameter", reason, message)
}

fn not_found() -> Reply {
    let message = "One or more of the comments cannot be found.";
    error(StatusCode::NOT_FOUND, "youtube.comment", "commentNotFound", message)
}

fn no_such_path() -> Reply {
    error(StatusCode::NOT_FOUND, "global", "notFound", "Not Found")
}
