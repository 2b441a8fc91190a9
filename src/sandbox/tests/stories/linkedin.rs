use policy::Platform;
use sandbox::Settings;
use serde_json::json;

use crate::{Clock, ORGANIZATION, Stage, strict};

const LINKEDIN: Platform = Platform::Linkedin;
const ACTIVITY: &str = "urn:li:activity:7094637247890620418";

fn encoded(urn: &str) -> String {
    urn.replace(':', "%3A").replace('(', "%28").replace(')', "%29").replace(',', "%2C")
}

/// The address of a comment: its activity and its number.
fn address(id: &str) -> String {
    let number = id.rsplit(',').next().expect("a number").trim_end_matches(')');
    format!("/linkedin/rest/socialActions/{}/comments/{number}", encoded(ACTIVITY))
}

#[tokio::test]
async fn a_reply_is_answered_201_with_its_id_in_the_header_and_can_be_listed() {
    let stage = Stage::strict().await;
    let id = stage.writes(LINKEDIN, "mah");
    let path = format!("/linkedin/rest/socialActions/{}/comments", encoded(&id));
    let body = json!({"actor": ORGANIZATION, "object": ACTIVITY, "parentComment": id, "message": {"text": "Grazie"}});
    let answer = stage.call("POST", &path, Some(body)).await;
    assert_eq!(answer.status, 201);
    let number = answer.headers["x-restli-id"].to_str().expect("text");

    let list = stage.call("GET", &format!("{path}?start=0&count=50"), None).await.body;
    assert_eq!(list["paging"]["total"], 1);
    let element = &list["elements"][0];
    assert_eq!((&element["id"], &element["actor"]), (&json!(number), &json!(ORGANIZATION)));
    assert_eq!((&element["message"]["text"], &element["parentComment"]), (&json!("Grazie"), &json!(id)));
    assert_eq!(stage.sandbox.replies(LINKEDIN, &id), ["Grazie"]);
}

#[tokio::test]
async fn a_comment_of_ours_can_stand_directly_under_a_post() {
    let stage = Stage::strict().await;
    let path = format!("/linkedin/rest/socialActions/{}/comments", encoded(ACTIVITY));
    let body = || Some(json!({"actor": ORGANIZATION, "object": ACTIVITY, "message": {"text": "Grazie a tutti"}}));
    assert_eq!(stage.call("POST", &path, body()).await.status, 404, "nobody has heard of the post");
    stage.writes(LINKEDIN, "mah");
    assert_eq!(stage.call("POST", &path, body()).await.status, 201);
    let list = stage.call("GET", &path, None).await.body;
    assert_eq!(list["elements"][1]["message"]["text"], "Grazie a tutti");
}

#[tokio::test]
async fn a_reply_that_does_not_fit_together_is_refused() {
    let stage = Stage::strict().await;
    let id = stage.writes(LINKEDIN, "mah");
    let path = format!("/linkedin/rest/socialActions/{}/comments", encoded(&id));
    let good = json!({"actor": ORGANIZATION, "object": ACTIVITY, "parentComment": id, "message": {"text": "Grazie"}});
    for (field, value, status) in [
        ("actor", json!("urn:li:organization:1"), 403),
        ("object", json!("urn:li:activity:1"), 422),
        ("parentComment", json!("urn:li:comment:(urn:li:activity:1,2)"), 422),
        ("message", json!({}), 400),
        ("content", json!([]), 403),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(stage.call("POST", &path, Some(body)).await.status, status, "{field}");
    }
    assert!(stage.sandbox.replies(LINKEDIN, &id).is_empty());
}

#[tokio::test]
async fn a_members_comment_is_deleted_by_the_named_actor() {
    let stage = Stage::strict().await;
    let id = stage.writes(LINKEDIN, "insulto");
    let path = address(&id);
    let actor = format!("?actor={}", encoded(ORGANIZATION));
    assert_eq!(stage.call("DELETE", &path, None).await.status, 400);
    assert_eq!(stage.call("DELETE", &format!("{path}{actor}"), None).await.status, 204);
    assert_eq!(stage.call("DELETE", &format!("{path}{actor}"), None).await.status, 404);
    assert_eq!(stage.call("GET", &path, None).await.status, 404);
}

#[tokio::test]
async fn where_only_authors_may_delete_a_members_comment_stays() {
    let stage = Stage::new(Settings { linkedin_deletes_members_comments: false, ..strict() }).await;
    let id = stage.writes(LINKEDIN, "insulto");
    let path = format!("{}?actor={}", address(&id), encoded(ORGANIZATION));
    assert_eq!(stage.call("DELETE", &path, None).await.status, 403);
    assert!(stage.sandbox.comment(LINKEDIN, &id).is_some_and(|comment| !comment.deleted));
}

#[tokio::test]
async fn a_comment_is_read_and_only_our_own_is_edited() {
    let stage = Stage::strict().await;
    let id = stage.writes(LINKEDIN, "mah");
    let read = stage.call("GET", &address(&id), None).await.body;
    assert_eq!((&read["commentUrn"], &read["message"]["text"]), (&json!(id), &json!("mah")));
    let http = reqwest::Client::new();
    let edit = http.post(format!("{}{}", stage.base, address(&id))).bearer_auth("t");
    let edit = edit.header("LinkedIn-Version", "202607").header("X-Restli-Protocol-Version", "2.0.0");
    let edit = edit.header("X-RestLi-Method", "PARTIAL_UPDATE");
    let edit = edit.json(&json!({"patch": {"message": {"$set": {"text": "altro"}}}}));
    assert_eq!(edit.send().await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn headers_and_encoding_are_insisted_on() {
    let stage = Stage::strict().await;
    let size = format!("{}/linkedin/rest/networkSizes/{}", stage.base, encoded(ORGANIZATION));
    let http = reqwest::Client::new();
    let get = async |headers: &[(&str, &str)]| {
        let request = http.get(&size).query(&[("edgeType", "COMPANY_FOLLOWED_BY_MEMBER")]).bearer_auth("t");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.expect("an answer").status().as_u16()
    };
    let restli = ("X-Restli-Protocol-Version", "2.0.0");
    assert_eq!(get(&[("LinkedIn-Version", "202607"), restli]).await, 200);
    assert_eq!(get(&[restli]).await, 400);
    assert_eq!(get(&[("LinkedIn-Version", "202607")]).await, 400);
    assert_eq!(get(&[("LinkedIn-Version", "202508"), restli]).await, 426);
    let unencoded = format!("/linkedin/rest/networkSizes/{ORGANIZATION}?edgeType=COMPANY_FOLLOWED_BY_MEMBER");
    assert_eq!(stage.call("GET", &unencoded, None).await.status, 400);
}

#[tokio::test]
async fn an_organization_tells_its_followers() {
    let stage = Stage::strict().await;
    stage.sandbox.set_followers(LINKEDIN, ORGANIZATION, 4_321);
    let path = format!("/linkedin/rest/networkSizes/{}", encoded(ORGANIZATION));
    let answer = stage.call("GET", &format!("{path}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"), None).await;
    assert_eq!(answer.body, json!({"firstDegreeSize": 4_321}));
    assert_eq!(stage.call("GET", &format!("{path}?edgeType=CompanyFollowedByMember"), None).await.status, 400);
}

#[tokio::test]
async fn what_was_pushed_can_also_be_pulled_by_action_and_time() {
    let clock = Clock::at("2026-11-02T10:00:00Z");
    let stage = Stage::new(clock.settings()).await;
    let id = stage.writes(LINKEDIN, "uno");
    clock.forward_hours(1);
    stage.sandbox.edit_comment(LINKEDIN, &id, "due").expect("it is there");
    stage.sandbox.delete_comment(LINKEDIN, &id).expect("it is there");
    let pull = async |actions: &str, range: &str| {
        let path = format!(
            "/linkedin/rest/organizationalEntityNotifications?q=criteria&actions=List({actions})\
             &organizationalEntity={}{range}&count=50",
            encoded(ORGANIZATION)
        );
        let answer = stage.call("GET", &path, None).await;
        let elements = answer.body["elements"].as_array().cloned().unwrap_or_default();
        elements.iter().map(|element| element["action"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pull("COMMENT,COMMENT_EDIT,COMMENT_DELETE", "").await, ["COMMENT", "COMMENT_EDIT", "COMMENT_DELETE"]);
    assert_eq!(pull("COMMENT", "").await, ["COMMENT"]);
    let start = 1_793_613_600_000_i64;
    let range = format!("&timeRange=(start:{},end:{})", start + 1, start + 7_200_000);
    assert_eq!(pull("COMMENT,COMMENT_EDIT,COMMENT_DELETE", &range).await, ["COMMENT_EDIT", "COMMENT_DELETE"]);
}
