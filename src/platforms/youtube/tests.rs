//! YouTube as a whole: every shape under `events/youtube`, every call, and the way back.

use std::time::{Duration, Instant};

use http::Method;
use policy::{ActionKind, ContributionId, Platform, Surface, ThreadId};
use serde_json::{Value, json};

use super::{Youtube, payload};
use crate::testing::fixtures::{account, accounts, answer, assert_events, events, thousand, without_each};
use crate::{Ask, Asks, Body, Call, Capability, Delivery, Event, Found, Host, Ignored, Shows, State, Target, Tells};

const CHANNEL: &str = "UCgalateoMilanoMonzaLodi";
const TOP: &str = "UgzAAAAAAAAAAAAAAAAA4AaABAg";

/// Reads a file as what its name says: a notification, or an answer to a listing.
fn read(name: &str, body: &[u8]) -> Delivery {
    if name.ends_with(".xml") {
        return Youtube.parse(body, &accounts()).unwrap();
    }
    list(name, &serde_json::from_slice(body).unwrap())
}

#[test]
fn whatever_string_is_blown_up_what_goes_on_is_of_bounded_length() {
    for (name, body) in events(Platform::Youtube).iter().filter(|(name, _)| name.ends_with(".json")) {
        let document = serde_json::from_slice(body).unwrap();
        crate::arriving::bounds::tests::each_blown_up(name, &document, |document| list(name, document));
    }
}

fn list(name: &str, document: &Value) -> Delivery {
    let account = account(Platform::Youtube, CHANNEL);
    let mut delivery = Delivery::default();
    let items = document["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (number, item) in items.iter().enumerate() {
        let path = format!("items[{number}]");
        if name.starts_with("comments-") {
            delivery.extend([payload::comment(item, &path, &account, &accounts(), None).event]);
            continue;
        }
        match payload::thread(item, &path, &account, &accounts()) {
            Ok(thread) => {
                delivery.extend([thread.top.event]);
                delivery.extend(thread.replies.into_iter().map(|reply| reply.event));
            }
            Err(error) => delivery.ignore(error.into()),
        }
    }
    delivery
}

fn file(name: &str) -> Value {
    let (_, body) = events(Platform::Youtube).into_iter().find(|(file, _)| file == name).unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn every_shape_is_read() {
    assert_events(Platform::Youtube, EXPECTED, read);
}

#[test]
fn any_part_may_be_missing() {
    for (name, body) in events(Platform::Youtube).iter().filter(|(name, _)| name.ends_with(".json")) {
        let document: Value = serde_json::from_slice(body).unwrap();
        for less in without_each(&document) {
            let (all, rest) = (list(name, &document), list(name, &less));
            let lost = (all.events.len() + all.ignored.len()).saturating_sub(rest.events.len() + rest.ignored.len());
            let items = document["items"].as_array().unwrap().len();
            let emptied = less["items"].as_array().is_none_or(|list| list.len() < items);
            assert!(lost <= 2 || emptied, "{name}: one part took {lost} comments along: {less}");
        }
    }
}

#[test]
fn a_comment_that_youtube_holds_back_is_judged_all_the_same() {
    let held = list("comment-threads-held.json", &file("comment-threads-held.json"));
    assert_eq!(held.events.len(), 2);
    assert_eq!(held.ignored, [Ignored::Visibility], "what the channel rejected is gone");
}

#[test]
fn the_revision_is_the_time_of_the_last_change() {
    let mut document = file("comment-threads-first-page.json");
    let revision = |document: &Value| match list("", document).events.remove(0) {
        Event::Contribution(it) => (it.revision, it.edited),
        other => panic!("{other:?}"),
    };
    assert_eq!(revision(&document), ("2026-11-21T09:30:00Z".to_owned(), false));
    let snippet = &mut document["items"][0]["snippet"]["topLevelComment"]["snippet"];
    snippet["updatedAt"] = json!("2026-11-21T09:30:00.000Z");
    assert_eq!(revision(&document), ("2026-11-21T09:30:00Z".to_owned(), false), "whatever its spelling");
    document["items"][0]["snippet"]["topLevelComment"]["snippet"]["updatedAt"] = json!("2026-11-21T10:00:00Z");
    assert_eq!(revision(&document), ("2026-11-21T10:00:00Z".to_owned(), true));
}

#[test]
fn a_thousand_threads_are_read_in_no_time() {
    let mut document = file("comment-threads-first-page.json");
    document["items"] = thousand(&document["items"][0]);
    let start = Instant::now();
    assert_eq!(list("", &document).events.len(), 1000);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn a_malformed_notification_is_acknowledged() {
    assert_eq!(Youtube.on_malformed(), 200);
}

fn with_target<T>(surface: Surface, parent: Option<&str>, then: impl FnOnce(&Target<'_>) -> T) -> T {
    let account = account(Platform::Youtube, CHANNEL);
    let (contribution, parent) = (ContributionId::new(TOP), parent.map(ContributionId::new));
    let thread = ThreadId::new("dQ4galateo1");
    then(&Target {
        account: &account,
        surface,
        contribution: &contribution,
        thread: Some(&thread),
        parent: parent.as_ref(),
        author: None,
    })
}

fn calls(kind: ActionKind) -> Vec<Call> {
    let ask = Ask { kind, text: Some("La invitiamo a usare toni civili.") };
    with_target(Surface::Comment, None, |target| Youtube.calls(target, &ask))
}

#[test]
fn moderation_is_one_call_with_no_body() {
    let moderate = |name: &'static str, status: &str| Call {
        name,
        host: Host::Main,
        method: Method::POST,
        path: "/youtube/v3/comments/setModerationStatus".to_owned(),
        query: vec![("id", TOP.to_owned()), ("moderationStatus", status.to_owned())],
        headers: Vec::new(),
        body: Body::Empty,
        shortfall: None,
    };
    let name = "POST /youtube/v3/comments/setModerationStatus moderationStatus=heldForReview";
    assert_eq!(calls(ActionKind::Hide), [moderate(name, "heldForReview")]);
    let name = "POST /youtube/v3/comments/setModerationStatus moderationStatus=published";
    assert_eq!(calls(ActionKind::Unhide), [moderate(name, "published")]);
    let name = "POST /youtube/v3/comments/setModerationStatus moderationStatus=rejected";
    assert_eq!(calls(ActionKind::Delete), [moderate(name, "rejected")]);
    let name = "POST /youtube/v3/comments/setModerationStatus moderationStatus=rejected banAuthor=true";
    let mut ban = moderate(name, "rejected");
    ban.query.push(("banAuthor", "true".to_owned()));
    assert_eq!(calls(ActionKind::Ban), [ban]);
}

#[test]
fn a_reply_stands_below_the_comment_at_the_top() {
    let expected = Call {
        name: "POST /youtube/v3/comments",
        host: Host::Main,
        method: Method::POST,
        path: "/youtube/v3/comments".to_owned(),
        query: vec![("part", "snippet".to_owned())],
        headers: Vec::new(),
        body: Body::Json(json!({
            "snippet": { "parentId": TOP, "textOriginal": "La invitiamo a usare toni civili." }
        })),
        shortfall: None,
    };
    assert_eq!(calls(ActionKind::Reply), [expected]);
    let ask = Ask { kind: ActionKind::Reply, text: Some("..") };
    let nested = with_target(Surface::Comment, Some("UgzTop"), |target| Youtube.calls(target, &ask));
    assert_eq!(nested[0].body, Body::Json(json!({ "snippet": { "parentId": "UgzTop", "textOriginal": ".." } })));
}

#[test]
fn there_is_a_call_exactly_where_the_capability_says_so() {
    for surface in Surface::ALL {
        for action in ActionKind::ALL {
            let ask = Ask { kind: action, text: Some("..") };
            let calls = with_target(surface, None, |target| Youtube.calls(target, &ask));
            let capability = Youtube.capability(surface, action);
            let capable = matches!(capability, Capability::Call | Capability::Conditional);
            assert_eq!(!calls.is_empty(), capable, "{surface:?} {action:?}");
        }
    }
    use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
    let of = |action| Youtube.capability(Surface::Comment, action);
    for action in [Hide, Unhide, Reply, Ban] {
        assert_eq!(of(action), Capability::Call, "{action:?}");
    }
    assert!(matches!(of(Delete), Capability::Conditional), "it cannot be taken back");
    assert!(matches!(of(Unban), Capability::Manual(_)));
    assert!(matches!(of(PrivateReply), Capability::Impossible(_)));
    let without_text = Ask { kind: Reply, text: None };
    assert!(with_target(Surface::Comment, None, |target| Youtube.calls(target, &without_text)).is_empty());
}

#[test]
fn the_listings_are_asked_for_as_documented() {
    let query = |call: Call| {
        let query: Vec<_> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}?{}", call.method, call.path, query.join("&"))
    };
    assert_eq!(
        query(super::calls::threads(CHANNEL, Some("T"))),
        "GET /youtube/v3/commentThreads?part=id,snippet,replies&allThreadsRelatedToChannelId=UCgalateoMilanoMonzaLodi\
         &order=time&maxResults=100&textFormat=plainText&pageToken=T"
    );
    with_target(Surface::Comment, None, |target| {
        assert_eq!(
            query(Youtube.presence_call(target).unwrap()),
            "GET /youtube/v3/comments?part=id&id=UgzAAAAAAAAAAAAAAAAA4AaABAg"
        );
        assert_eq!(
            query(Youtube.read_call(target).unwrap()),
            "GET /youtube/v3/comments?part=id,snippet&id=UgzAAAAAAAAAAAAAAAAA4AaABAg&textFormat=plainText"
        );
        assert_eq!(
            query(Youtube.read_back_call(target, ActionKind::Reply).unwrap()),
            "GET /youtube/v3/comments?part=id,snippet&parentId=UgzAAAAAAAAAAAAAAAAA4AaABAg&maxResults=100\
             &textFormat=plainText"
        );
        assert!(Youtube.read_back_call(target, ActionKind::Hide).is_none());
    });
}

#[test]
fn our_reply_is_found_even_where_its_links_are_displayed_as_titles() {
    let reply = |author: &str, original: &str| {
        json!({ "items": [{ "id": "UgzA.9r", "snippet": {
            "textDisplay": "Regole: La nostra netiquette", "textOriginal": original,
            "authorChannelId": { "value": author },
        }}]})
    };
    with_target(Surface::Comment, None, |target| {
        let find = |body| Youtube.find_own(target, &answer(200, body), "Regole: https://example.org/regole");
        assert_eq!(find(reply(CHANNEL, "Regole: https://example.org/regole")), Found::Arrived("UgzA.9r".to_owned()));
        assert_eq!(find(reply(CHANNEL, "Grazie.")), Found::Absent);
        assert_eq!(find(reply("UCother", "Regole: https://example.org/regole")), Found::Absent);
        let mut more = reply(CHANNEL, "Grazie.");
        more["nextPageToken"] = json!("2");
        let mut anonymous = reply(CHANNEL, "Regole: https://example.org/regole");
        anonymous["items"][0]["snippet"]["authorChannelId"] = Value::Null;
        for part in [more, anonymous, json!({}), json!({ "items": [{ "id": "UgzA.9r" }] })] {
            assert_eq!(find(part.clone()), Found::Unknown, "{part}");
        }
    });
}

#[test]
fn a_comment_read_by_its_id_is_the_one_that_was_listed() {
    let Event::Contribution(listed) = list("", &file("comment-threads-first-page.json")).events.remove(0) else {
        panic!("a contribution");
    };
    let body = file("comments-by-id.json");
    with_target(Surface::Comment, None, |target| {
        let read = |status, body: Value| Youtube.read(target, &answer(status, body), &accounts());
        assert_eq!(read(200, body.clone()), Ok(Some(listed)));
        assert_eq!(read(200, json!({ "items": [] })), Ok(None));
        let gone = json!({ "error": { "errors": [{ "reason": "commentNotFound" }] } });
        assert_eq!(read(404, gone), Ok(None));
        assert!(read(404, Value::Null).is_err(), "it may be the call that is not known");
        assert_eq!(read(500, json!({ "text": "Mario" })).unwrap_err().to_string(), ".: answered with status 500");
        let mut own = body.clone();
        own["items"][0]["snippet"]["authorChannelId"]["value"] = json!(CHANNEL);
        assert_eq!(read(200, own), Ok(None));
        let mut wordless = body.clone();
        wordless["items"][0]["snippet"] = json!({ "channelId": CHANNEL });
        assert!(read(200, wordless).is_err());
    });
}

/// What each file under `events/youtube` leads to.
const EXPECTED: &str = "\
changed-title.xml
  (notice)
  (notice)
comment-threads-first-page.json
  comment UgzAAAAAAAAAAAAAAAAA4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-21T09:30:00Z: Finalmente un video chiaro sulla firma digitale, grazie!
  comment UgzBBBBBBBBBBBBBBBBB4AaABAg by UCarrabbiato0000000000AB called @arrabbiato on dQ4galateo1 at 2026-11-21T08:10:00Z: Siete dei buffoni incompetenti, vergognatevi pezzi di idioti
  comment UgzCCCCCCCCCCCCCCCCC4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-20T15:00:00Z: Le sale sono accessibili anche in carrozzina?
  comment UgzCCCCCCCCCCCCCCCCC4AaABAg.9aab by UCvicinaDiCasa000000000B called @vicina on dQ4galateo1 under UgzCCCCCCCCCCCCCCCCC4AaABAg at 2026-11-20T16:00:00Z: Confermo, ci sono stata la settimana scorsa.
  (own_voice)
comment-threads-held.json
  comment UgzGGGGGGGGGGGGGGGGG4AaABAg by UCguadagnaFacile0000000C called @guadagna on dQ4galateo1 at 2026-11-20T09:00:00Z: Guadagna 500 euro al giorno, clicca sul mio profilo
  comment UgzHHHHHHHHHHHHHHHHH4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-20T09:00:00Z: Che ore fa l'ufficio il sabato?
  (visibility)
comment-threads-odd.json
  unread comment UgzMMMMMMMMMMMMMMMMM4AaABAg
  comment UgzNNNNNNNNNNNNNNNNN4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-20T09:00:00Z: Si sente poco l'audio, ma il contenuto merita.
  (not_ours)
  (malformed items[1].snippet: missing)
  (malformed items[2].snippet.topLevelComment.snippet.textDisplay: found sequence, expected a string)
comment-threads-second-page.json
  comment UgzDDDDDDDDDDDDDDDDD4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-18T10:20:00Z now edited: Il bando scade il 30 o il 31? (corretto: chiedo per il bando ciclabile)
  comment UgzEEEEEEEEEEEEEEEEE4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on UgkxPostDellaComunita001 at 2026-11-17T10:00:00Z: Bella la proposta dei banchi di prova per le biciclette.
  comment UgzFFFFFFFFFFFFFFFFF4AaABAg on dQ4galateo1 at 2026-11-16T10:00:00Z: Tre giorni per un certificato sono troppi.
  comment UgzFFFFFFFFFFFFFFFFF4AaABAg.9baa by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 under UgzFFFFFFFFFFFFFFFFF4AaABAg at 2026-11-16T11:00:00Z: A me l'hanno dato in giornata.
comments-by-id.json
  comment UgzAAAAAAAAAAAAAAAAA4AaABAg by UCcittadinaAttenta00000A called @cittadina-attenta on dQ4galateo1 at 2026-11-21T09:30:00Z: Finalmente un video chiaro sulla firma digitale, grazie!
comments-replies.json
  comment UgzFFFFFFFFFFFFFFFFF4AaABAg.9bac by UCpazienteMaNonTroppo00E called @paziente under UgzFFFFFFFFFFFFFFFFF4AaABAg at 2026-11-21T07:00:00Z: Dipende dallo sportello, io ho aspettato una settimana.
  comment UgzFFFFFFFFFFFFFFFFF4AaABAg.9baa by UCcittadinaAttenta00000A called @cittadina-attenta under UgzFFFFFFFFFFFFFFFFF4AaABAg at 2026-11-16T11:00:00Z: A me l'hanno dato in giornata.
deleted-video.xml
  (notice)
new-video.xml
  (notice)
other-channel.xml
  (not_ours)
";

#[test]
fn a_comment_is_hidden_when_it_is_held_and_gone_when_its_id_finds_nothing() {
    let account = account(Platform::Youtube, CHANNEL);
    let (top, reply) = (ContributionId::new(TOP), ContributionId::new("Ugx.1"));
    let target = Target {
        account: &account,
        surface: Surface::Comment,
        contribution: &top,
        thread: None,
        parent: None,
        author: None,
    };
    let below = Target { contribution: &reply, parent: Some(&top), ..target };
    let calls = Youtube.state_calls(&[target, below]);
    assert_eq!(calls.len(), 2, "two units for up to {} comments", Youtube.states_at_once());
    assert!(calls[0].query.contains(&("id", format!("{TOP},Ugx.1"))), "{calls:?}");
    assert!(calls[1].query.contains(&("moderationStatus", "heldForReview".to_owned())), "{calls:?}");

    let both = json!({"items": [{"id": TOP}, {"id": "Ugx.1"}]});
    let comment = |id: &str, status: &str| json!({"id": id, "snippet": {"moderationStatus": status}});
    let thread = |top: &str, reply: &str| {
        json!({"items": [{"snippet": {"topLevelComment": comment(TOP, top)},
            "replies": {"comments": [comment("Ugx.1", reply)]}}]})
    };
    let states = |exist: Value, held: Value| {
        let answers = [answer(200, exist), answer(200, held)];
        [Youtube.state(&target, &answers), Youtube.state(&below, &answers)]
    };
    let nothing = || json!({"items": []});
    assert_eq!(states(both.clone(), thread("heldForReview", "published")), [State::Hidden, State::Unknown]);
    assert_eq!(states(both.clone(), thread("published", "heldForReview")), [State::Visible, State::Hidden]);
    assert_eq!(states(both.clone(), nothing()), [State::Visible, State::Unknown]);
    assert_eq!(states(nothing(), nothing()), [State::Gone, State::Gone]);
    assert_eq!(states(nothing(), thread("heldForReview", "published")), [State::Hidden, State::Gone]);
    let first_page = json!({"items": [], "nextPageToken": "x"});
    assert_eq!(states(both.clone(), first_page), [State::Unknown, State::Unknown]);
    assert_eq!(states(json!({"error": {}}), nothing()), [State::Unknown, State::Unknown]);
    let refused = [answer(200, both), answer(403, json!({"error": {}}))];
    assert_eq!(Youtube.state(&target, &refused), State::Unknown);
}
