use policy::Platform;
use sandbox::{BlockKind, NewComment, Settings, Visibility};
use serde_json::{Value, json};

use crate::{CHANNEL, Clock, Stage, someone, strict};

const YOUTUBE: Platform = Platform::Youtube;
const API: &str = "/youtube/youtube/v3";

impl Stage {
    async fn moderates(&self, id: &str, status: &str) -> crate::Answer {
        let path = format!("{API}/comments/setModerationStatus?id={id}&moderationStatus={status}");
        self.call("POST", &path, None).await
    }

    async fn threads(&self, query: &str) -> Value {
        let path = format!(
            "{API}/commentThreads?part=id,snippet,replies&allThreadsRelatedToChannelId={CHANNEL}\
             &order=time&textFormat=plainText{query}"
        );
        self.call("GET", &path, None).await.body
    }
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_str()).collect()
}

fn reason(answer: &crate::Answer) -> (u16, &str) {
    (answer.status, answer.body["error"]["errors"][0]["reason"].as_str().unwrap_or(""))
}

#[tokio::test]
async fn a_held_comment_leaves_the_published_list_for_the_held_one_and_comes_back() {
    let stage = Stage::strict().await;
    let id = stage.writes(YOUTUBE, "insulto");
    assert_eq!(stage.moderates(&id, "heldForReview").await.status, 204);
    assert!(stage.sandbox.is_hidden(YOUTUBE, &id));
    assert_eq!(ids(&stage.threads("").await), Vec::<&str>::new());
    let held = stage.threads("&moderationStatus=heldForReview").await;
    assert_eq!(ids(&held), [&id]);
    let comment = &held["items"][0]["snippet"]["topLevelComment"]["snippet"];
    assert_eq!(comment["moderationStatus"], "heldForReview");
    assert_eq!(stage.moderates(&id, "published").await.status, 204);
    assert_eq!(ids(&stage.threads("&moderationStatus=published").await), [&id]);
}

#[tokio::test]
async fn rejected_is_final_and_takes_the_answers_below_along() {
    let stage = Stage::strict().await;
    let top = stage.writes(YOUTUBE, "uno");
    let below = stage.posts(YOUTUBE, NewComment { parent: Some(top.clone()), ..someone(YOUTUBE, "due") });
    assert_eq!(stage.moderates(&top, "rejected").await.status, 204);
    assert_eq!(stage.moderates(&top, "rejected").await.status, 204);
    assert_eq!(stage.sandbox.comment(YOUTUBE, &below).map(|comment| comment.visibility), Some(Visibility::Rejected));
    assert_eq!(reason(&stage.moderates(&top, "published").await), (400, "operationNotSupported"));
    let read = stage.call("GET", &format!("{API}/comments?part=snippet&id={top}"), None).await.body;
    assert_eq!(ids(&read), Vec::<&str>::new());
}

#[tokio::test]
async fn a_banned_author_is_rejected_from_then_on() {
    let stage = Stage::strict().await;
    let id = stage.writes(YOUTUBE, "insulto");
    let held = stage.moderates(&id, "heldForReview&banAuthor=true").await;
    assert_eq!(reason(&held), (400, "banWithoutReject"));
    assert_eq!(stage.moderates(&id, "rejected&banAuthor=true").await.status, 204);
    assert!(stage.sandbox.is_blocked(YOUTUBE, CHANNEL, "UCnicolo", BlockKind::Everything));
    stage.writes(YOUTUBE, "ancora");
    assert_eq!(ids(&stage.threads("").await), Vec::<&str>::new());
}

#[tokio::test]
async fn several_comments_are_moderated_in_one_call_or_none_is() {
    let stage = Stage::strict().await;
    let (one, two) = (stage.writes(YOUTUBE, "uno"), stage.writes(YOUTUBE, "due"));
    let missing = stage.moderates(&format!("{one},nothing"), "heldForReview").await;
    assert_eq!(reason(&missing), (404, "commentNotFound"));
    assert!(!stage.sandbox.is_hidden(YOUTUBE, &one));
    assert_eq!(stage.moderates(&format!("{one},{two}"), "heldForReview").await.status, 204);
    assert!(stage.sandbox.is_hidden(YOUTUBE, &one) && stage.sandbox.is_hidden(YOUTUBE, &two));
    let too_many = vec![one.as_str(); 51].join(",");
    assert_eq!(stage.moderates(&too_many, "published").await.status, 400);
    let path = format!("{API}/comments/setModerationStatus?id={one}&moderationStatus=published");
    assert_eq!(stage.call("POST", &path, Some(json!({}))).await.status, 400);
}

#[tokio::test]
async fn threads_come_newest_first_page_by_page_in_the_asked_format() {
    let stage = Stage::strict().await;
    let written: Vec<_> = ["<uno>", "due", "tre"].iter().map(|text| stage.writes(YOUTUBE, text)).collect();
    let first = stage.threads("&maxResults=2").await;
    assert_eq!(ids(&first), [&written[2], &written[1]]);
    assert_eq!(first["pageInfo"], json!({"totalResults": 3, "resultsPerPage": 2}));
    let token = first["nextPageToken"].as_str().expect("a token");
    let last = stage.threads(&format!("&maxResults=2&pageToken={token}")).await;
    assert_eq!(ids(&last), [&written[0]]);
    assert!(last.get("nextPageToken").is_none());
    let text = |list: &Value| list["items"][0]["snippet"]["topLevelComment"]["snippet"]["textDisplay"].clone();
    assert_eq!(text(&last), "<uno>");
    let html = format!("{API}/commentThreads?part=snippet&id={}", written[0]);
    let html = stage.call("GET", &html, None).await.body;
    assert_eq!(text(&html), "&lt;uno&gt;");
    let comment = &html["items"][0]["snippet"]["topLevelComment"]["snippet"];
    assert!(comment.get("moderationStatus").is_none() && comment.get("textOriginal").is_none());
}

#[tokio::test]
async fn a_thread_is_among_the_suspected_ones_when_only_an_answer_is() {
    let stage = Stage::strict().await;
    let top = stage.writes(YOUTUBE, "uno");
    let below = stage.posts(YOUTUBE, NewComment { parent: Some(top.clone()), ..someone(YOUTUBE, "compra") });
    stage.sandbox.suspect_spam(&below).expect("it is there");
    assert_eq!(ids(&stage.threads("&moderationStatus=likelySpam").await), [&top]);
    assert_eq!(ids(&stage.threads("&moderationStatus=heldForReview").await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_thread_shows_a_sample_of_its_answers_and_the_list_shows_all() {
    let stage = Stage::strict().await;
    let top = stage.writes(YOUTUBE, "uno");
    for number in 0..7 {
        let text = format!("risposta {number}");
        stage.posts(YOUTUBE, NewComment { parent: Some(top.clone()), ..someone(YOUTUBE, &text) });
    }
    let thread = stage.threads("").await;
    assert_eq!(thread["items"][0]["snippet"]["totalReplyCount"], 7);
    assert_eq!(thread["items"][0]["replies"]["comments"].as_array().map(Vec::len), Some(5));
    let all = format!("{API}/comments?part=snippet&parentId={top}&maxResults=100");
    assert_eq!(ids(&stage.call("GET", &all, None).await.body).len(), 7);
}

#[tokio::test]
async fn an_edit_moves_the_time_of_update_only() {
    let clock = Clock::at("2026-11-02T10:00:00Z");
    let stage = Stage::new(clock.settings()).await;
    let id = stage.writes(YOUTUBE, "uno");
    clock.forward_hours(2);
    stage.sandbox.edit_comment(YOUTUBE, &id, "due").expect("it is there");
    let list = stage.threads("").await;
    let comment = &list["items"][0]["snippet"]["topLevelComment"]["snippet"];
    assert_eq!(comment["textDisplay"], "due");
    assert_eq!(
        (&comment["publishedAt"], &comment["updatedAt"]),
        (&json!("2026-11-02T10:00:00Z"), &json!("2026-11-02T12:00:00Z"))
    );
}

#[tokio::test]
async fn an_answer_of_ours_stands_below_the_comment_and_only_ours_can_be_deleted() {
    let stage = Stage::strict().await;
    let top = stage.writes(YOUTUBE, "uno");
    let path = format!("{API}/comments?part=snippet");
    let body = json!({"snippet": {"parentId": top, "textOriginal": "Grazie"}});
    let answer = stage.call("POST", &path, Some(body)).await;
    assert_eq!(answer.status, 200);
    let own = answer.body["id"].as_str().expect("an id");
    assert!(own.starts_with(&format!("{top}.")));
    assert_eq!(answer.body["snippet"]["authorChannelId"]["value"], CHANNEL);
    assert_eq!(stage.sandbox.replies(YOUTUBE, &top), ["Grazie"]);
    let theirs = stage.call("DELETE", &format!("{API}/comments?id={top}"), None).await;
    assert_eq!(reason(&theirs), (403, "forbidden"));
    assert_eq!(stage.call("DELETE", &format!("{API}/comments?id={own}"), None).await.status, 204);
    assert!(stage.sandbox.replies(YOUTUBE, &top).is_empty());
}

#[tokio::test]
async fn the_units_of_a_day_run_out_and_return_at_midnight_pacific_time() {
    // 23:00 in Los Angeles, then 00:00.
    let clock = Clock::at("2026-11-02T07:00:00Z");
    let stage = Stage::new(Settings { youtube_daily_units: 52, ..clock.settings() }).await;
    let id = stage.writes(YOUTUBE, "uno");
    assert_eq!(stage.moderates(&id, "heldForReview").await.status, 204);
    stage.threads("").await;
    assert_eq!(stage.sandbox.snapshot().youtube_units, 51);
    assert_eq!(reason(&stage.moderates(&id, "published").await), (403, "quotaExceeded"));
    assert!(stage.sandbox.is_hidden(YOUTUBE, &id));
    clock.forward_hours(1);
    assert_eq!(stage.moderates(&id, "published").await.status, 204);
    assert_eq!(stage.sandbox.snapshot().youtube_units, 50);
}

#[tokio::test]
async fn a_channel_tells_its_subscribers_to_three_figures() {
    let stage = Stage::new(strict()).await;
    for (count, shown) in [(999, "999"), (1_239, "1230"), (1_299_999, "1290000")] {
        stage.sandbox.set_followers(YOUTUBE, CHANNEL, count);
        let path = format!("{API}/channels?part=statistics&id={CHANNEL}");
        let answer = stage.call("GET", &path, None).await.body;
        assert_eq!(answer["items"][0]["statistics"]["subscriberCount"], shown);
    }
}
