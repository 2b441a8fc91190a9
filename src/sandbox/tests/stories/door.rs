//! Who gets in: programs of this machine, and to the sandbox itself only those with its key.

use local::door::Key;
use reqwest::Method;
use sandbox::Settings;

use crate::Stage;

async fn status(stage: &Stage, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
    let client = reqwest::Client::new();
    let mut request = client.request(method, format!("{}{path}", stage.base)).bearer_auth("any").body("{}");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn what_comes_from_a_web_page_is_refused_everywhere() {
    let stage = Stage::new(Settings::default()).await;
    for header in [("origin", "https://evil.example"), ("host", "evil.example"), ("sec-fetch-site", "cross-site")] {
        for (method, path) in [
            (Method::POST, "/faults"),
            (Method::OPTIONS, "/faults"),
            (Method::DELETE, "/journal"),
            (Method::GET, "/state"),
            (Method::POST, "/facebook/v26.0/1_2?is_hidden=true"),
        ] {
            assert_eq!(status(&stage, method, path, &[header]).await, 403, "{header:?} {path}");
        }
    }
    assert_eq!(status(&stage, Method::POST, "/faults", &[]).await, 204);
    assert!(stage.sandbox.journal().is_empty());
}

#[tokio::test]
async fn the_sandbox_itself_obeys_only_its_key_where_it_has_one() {
    let key = Key::random();
    let stage = Stage::new(Settings { control_key: Some(key.clone()), ..Settings::default() }).await;
    let calls = [
        (Method::GET, "/journal"),
        (Method::DELETE, "/journal"),
        (Method::POST, "/faults"),
        (Method::DELETE, "/faults"),
        (Method::POST, "/comments"),
        (Method::GET, "/state"),
    ];
    for (method, path) in calls {
        assert_eq!(status(&stage, method.clone(), path, &[]).await, 401, "{method} {path}");
        let shown = reqwest::Client::new().request(method, format!("{}{path}", stage.base)).bearer_auth(key.expose());
        let status = shown.body("{}").send().await.unwrap().status();
        // An empty object is no comment.
        assert!(status.is_success() || path == "/comments" && status == 400, "{path}: {status}");
    }
    // The platforms ask for what the platforms ask for.
    assert_eq!(status(&stage, Method::POST, "/facebook/v26.0/1_2?is_hidden=true", &[]).await, 200);
}
