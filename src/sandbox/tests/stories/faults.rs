use std::time::{Duration, Instant};

use policy::Platform;
use serde_json::json;

use crate::Stage;

const FACEBOOK: Platform = Platform::Facebook;

async fn stage_with(faults: serde_json::Value) -> (Stage, String, String) {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    assert_eq!(stage.call("POST", "/faults", Some(faults)).await.status, 204);
    let hide = format!("/facebook/v26.0/{id}?is_hidden=true");
    (stage, id, hide)
}

#[tokio::test]
async fn an_answer_on_demand_takes_the_place_of_the_effect_as_often_as_asked() {
    let (stage, id, hide) = stage_with(json!({"platform": "facebook", "path": "is_hidden", "times": 2, "effect":
        {"answer": {"status": 503, "body": {"error": {"code": 2}}, "headers": {"retry-after": "7"}}}}))
    .await;
    for _ in 0..2 {
        let answer = stage.call("POST", &hide, None).await;
        assert_eq!((answer.status, &answer.body["error"]["code"]), (503, &json!(2)));
        assert_eq!(answer.headers["retry-after"], "7");
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    }
    assert_eq!(stage.call("POST", &hide, None).await.status, 200);
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    let statuses: Vec<_> = stage.sandbox.journal().iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [503, 503, 200]);
}

#[tokio::test]
async fn a_lost_answer_takes_effect_and_breaks_the_connection() {
    let (stage, id, hide) = stage_with(json!({"effect": "lost"})).await;
    let error = stage.send("POST", &hide, None).await.expect_err("no answer comes");
    assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.sandbox.journal()[0].status, 0);
    assert_eq!(stage.call("POST", &hide, None).await.status, 200);
}

#[tokio::test]
async fn a_slow_answer_comes_after_the_effect() {
    let (stage, id, hide) = stage_with(json!({"latency_ms": 300})).await;
    let start = Instant::now();
    assert_eq!(stage.call("POST", &hide, None).await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
}

#[tokio::test]
async fn a_rate_limit_comes_with_the_platforms_own_headers() {
    let (stage, id, hide) = stage_with(json!([
        {"platform": "facebook", "effect": {"rate_limit": {"seconds": 120}}},
        {"platform": "x", "effect": {"rate_limit": {"seconds": 900}}},
    ]))
    .await;
    let answer = stage.call("POST", &hide, None).await;
    assert_eq!((answer.status, &answer.body["error"]["code"]), (400, &json!(80_001)));
    let usage = answer.headers["x-business-use-case-usage"].to_str().expect("text");
    assert!(usage.contains(r#""estimated_time_to_regain_access":2"#), "{usage}");
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    let answer = stage.call("GET", "/x/2/users/me", None).await;
    assert_eq!(answer.status, 429);
    assert!(answer.headers.contains_key("x-rate-limit-reset"));
}

#[tokio::test]
async fn faults_are_taken_away_and_misspelt_ones_refused() {
    let (stage, _, hide) = stage_with(json!({"effect": {"answer": {"status": 500}}})).await;
    assert_eq!(stage.call("DELETE", "/faults", None).await.status, 204);
    assert_eq!(stage.call("POST", &hide, None).await.status, 200);
    assert_eq!(stage.call("POST", "/faults", Some(json!({"effect": "lots"}))).await.status, 400);
}
