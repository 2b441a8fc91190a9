//! Who gets in at the ports of `galateo serve`.

use std::time::{Duration, Instant};

use galateo::ServeOptions;
use galateo::serve::Server;
use reqwest::Method;

/// The status of a webhook's delivery that is signed as it has to be, or of another call, with these headers.
async fn status(server: &Server, path: &str, headers: &[(&str, &str)]) -> u16 {
    let body = r#"{"object":"page","entry":[]}"#;
    let (name, value) = sandbox::sign(policy::Platform::Facebook, moderation::DEVELOPMENT_SECRET, body.as_bytes());
    let method = if path.starts_with("/webhooks") { Method::POST } else { Method::GET };
    let mut request = reqwest::Client::new().request(method, server.url(path)).header(name, value).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn no_web_page_gets_in_however_it_is_signed_and_no_name_that_only_leads_here() {
    let address = Some("https://galateo.example.it".parse().unwrap());
    let server = Server::start(&ServeOptions { address, ..ServeOptions::in_memory() }).await.unwrap();
    for path in ["/webhooks/facebook", "/health"] {
        assert_eq!(status(&server, path, &[]).await, 200, "{path}");
        assert_eq!(status(&server, path, &[("host", "galateo.example.it")]).await, 200, "a tunnel, {path}");
        for page in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("host", "evil.example"),
            ("host", "evil.example:8787"),
        ] {
            assert_eq!(status(&server, path, &[page]).await, 403, "{page:?} {path}");
        }
    }
    // A person comes from a page of the platform to look how the deletion stands.
    let status_page = "/data-deletion/status?code=0";
    assert_ne!(status(&server, status_page, &[("sec-fetch-site", "cross-site")]).await, 403);
    server.stop().await;
}

#[tokio::test]
async fn however_many_ask_for_the_health_and_hang_up_it_writes_about_once_a_second() {
    // A worker would write as well.
    let server = Server::start(&ServeOptions { no_worker: true, ..ServeOptions::in_memory() }).await.unwrap();
    let http = reqwest::Client::new();
    let written = || server.moderation().ledger().consumed().write_units;
    let (before, began) = (written(), Instant::now());
    let asked = (0..50).map(|_| http.get(server.url("/health")).send());
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.unwrap().status(), 200);
    }
    for _ in 0..50 {
        let hangs_up = http.get(server.url("/health")).timeout(Duration::from_millis(2));
        let _ = hangs_up.send().await;
    }
    let (writes, most) = (written() - before, 2.0 + began.elapsed().as_secs_f64());
    assert!(writes >= 1.0 && writes <= most, "{writes} writes, at most {most}");
    server.stop().await;
}

#[tokio::test]
async fn the_sandbox_of_a_server_takes_the_token_of_its_start_and_no_other() {
    let server = Server::start_in_memory().await.unwrap();
    let call = |token: String| {
        let url = server.url("/sandbox/facebook/v26.0/1_2?is_hidden=true");
        async move { reqwest::Client::new().post(url).bearer_auth(token).send().await.unwrap().status().as_u16() }
    };
    assert_eq!(call(moderation::DEVELOPMENT_SECRET.to_owned()).await, 401);
    assert!(server.sandbox().journal().is_empty());
    assert_eq!(call(server.control_key().to_owned()).await, 200);
    server.stop().await;
}
