//! A platform passes on that somebody wants their data deleted, and that person looks what became of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use bytes::Bytes;
use http::{Request, Response};
use ledger::{ErasureGround, Fact};
use policy::Platform;
use serde_json::{Value, json};
use url::Url;

use crate::erasure::MINUTE;
use crate::stage::Stage;
use crate::world::{INSULT, World};

const FACEBOOK: Platform = Platform::Facebook;

/// A request about a person as Meta signs it.
fn signed(secret: &str, payload: &Value) -> String {
    let payload = BASE64URL.encode(payload.to_string());
    let (_, signature) = sandbox::sign(FACEBOOK, secret, payload.as_bytes());
    let signature = hex::decode(signature.strip_prefix("sha256=").unwrap()).unwrap();
    format!("{}.{payload}", BASE64URL.encode(signature))
}

fn wish(stage: &Stage, person: &str) -> String {
    let payload = json!({"algorithm": "HMAC-SHA256", "issued_at": stage.now().as_second(), "user_id": person});
    signed(moderation::DEVELOPMENT_SECRET, &payload)
}

async fn asks(stage: &Stage, platform: Platform, wish: &str) -> Response<Bytes> {
    let public = moderation::public_address("https://galateo.example/").unwrap();
    asks_at(stage, platform, wish, Some(&public)).await
}

/// Asks at this address; at none that the public can reach, where there is none.
async fn asks_at(stage: &Stage, platform: Platform, wish: &str, public: Option<&Url>) -> Response<Bytes> {
    let request = Request::post(format!("/data-deletion/{platform}"))
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .body(Bytes::from(format!("signed_request={wish}")))
        .unwrap();
    stage.moderation.respond(platform, &request, &stage.settings.webhook(platform), public).await.0
}

async fn looks(stage: &Stage, address: &str) -> (u16, String) {
    let request = Request::get(address).body(Bytes::new()).unwrap();
    let page = stage.moderation.data_deletion_status(&request).await;
    (page.status().as_u16(), String::from_utf8(page.body().to_vec()).unwrap())
}

fn confirmed(answer: &Response<Bytes>) -> (String, String) {
    assert_eq!(answer.status(), 200);
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("url"), text("confirmation_code"))
}

#[tokio::test]
async fn a_wish_is_no_webhook_and_only_platforms_that_pass_wishes_on_have_an_address_for_it() {
    let stage = Stage::open().await;
    let wish = wish(&stage, "900");
    assert_eq!(asks(&stage, Platform::Linkedin, &wish).await.status(), 404);
    let unknown = asks_at(&stage, FACEBOOK, &wish, None).await;
    assert_eq!(unknown.status(), 503, "its person could not be led anywhere, and Meta asks again");
    assert_eq!(asks(&stage, FACEBOOK, &wish).await.status(), 200);
}

#[tokio::test]
async fn a_wish_that_meta_passes_on_is_confirmed_carried_out_and_can_be_followed() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "900", INSULT).await;
    let (url, code) = confirmed(&asks(&stage, FACEBOOK, &wish(&stage, "900")).await);
    assert_eq!(url, format!("https://galateo.example/data-deletion/status?code={code}"));
    let (status, page) = looks(&stage, &url).await;
    assert_eq!(status, 200);
    assert!(page.contains("ricevuta") && page.find("Cancellazione") < page.find("Data deletion"), "{page}");
    assert!(stage.case(FACEBOOK, &id).await.content.is_some(), "what answers the public deletes nothing itself");

    stage.passes(MINUTE);
    assert_eq!(stage.moderation.carry_erasures_on().await.unwrap().done, 1);
    assert!(stage.case(FACEBOOK, &id).await.content.is_none());
    let (_, page) = looks(&stage, &url).await;
    assert!(page.contains("eseguita") && !page.contains("900"), "{page}");

    // Twice: the same code, and one entry.
    assert_eq!(confirmed(&asks(&stage, FACEBOOK, &wish(&stage, "900")).await), (url, code.clone()));
    stage.moderation.carry_erasures_on().await.unwrap();
    let log = stage.log().await;
    let erasures: Vec<_> = log.iter().filter(|entry| matches!(entry.fact, Fact::Erasure { .. })).collect();
    assert!(matches!(erasures[..], [entry] if entry.automatic), "{erasures:?}");
    assert!(matches!(&erasures[0].fact, Fact::Erasure { ground: ErasureGround::Platform, by: None, cases: 1, .. }));

    // An id that is not on record is confirmed like any other; another platform's is another person.
    let (_, unknown) = confirmed(&asks(&stage, FACEBOOK, &wish(&stage, "999")).await);
    let (_, elsewhere) = confirmed(&asks(&stage, Platform::Instagram, &wish(&stage, "900")).await);
    assert!(unknown != code && elsewhere != code && unknown != elsewhere);
    let (status, page) = looks(&stage, "/data-deletion/status?code=0123456789abcdef01234567").await;
    assert!(status == 404 && page.contains("Nessuna richiesta"), "{page}");
    for address in ["/data-deletion/status", "/data-deletion/status?code=%00%2F", "/data-deletion/status?code=%F0%9F"] {
        assert_eq!(looks(&stage, address).await.0, 404, "{address}");
    }
    let year = 366 * 24;
    stage.hours(year);
    let (status, _) = looks(&stage, &format!("/data-deletion/status?code={code}")).await;
    assert_eq!(status, 404, "after a year nothing is known of it any more");
}

#[tokio::test]
async fn what_is_forged_or_too_old_changes_nothing() {
    let stage = Stage::open().await;
    let now = stage.now().as_second();
    let forged = signed("another secret", &json!({"algorithm": "HMAC-SHA256", "issued_at": now, "user_id": "1"}));
    let none = signed(moderation::DEVELOPMENT_SECRET, &json!({"algorithm": "none", "issued_at": now, "user_id": "1"}));
    let old = signed(
        moderation::DEVELOPMENT_SECRET,
        &json!({"algorithm": "HMAC-SHA256", "issued_at": now - 90_000, "user_id": "1"}),
    );
    for (wish, why) in [(forged, "secret"), (none, "form"), (old, "old"), ("x".to_owned(), "form")] {
        let answer = asks(&stage, FACEBOOK, &wish).await;
        assert_eq!(answer.status(), 400, "{why}");
        assert!(std::str::from_utf8(answer.body()).unwrap().contains(why));
    }
    assert_eq!(stage.ledger().erasures_under_way().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn while_the_ledger_is_down_the_platform_is_told_to_come_back() {
    let mut stage = Stage::open().await;
    let wish = wish(&stage, "901");
    stage.loses_the_ledger();
    assert_eq!(asks(&stage, FACEBOOK, &wish).await.status(), 503);
    assert_eq!(looks(&stage, "/data-deletion/status?code=0123456789abcdef01234567").await.0, 503);
}

#[tokio::test]
async fn the_local_server_has_the_same_addresses() {
    let world = World::start().await;
    let base = world.server.address();
    let issued_at = jiff::Timestamp::now().as_second();
    let payload = json!({"algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": "902"});
    let form = format!("signed_request={}", signed(moderation::DEVELOPMENT_SECRET, &payload));
    let post = |platform: &str| world.http.post(format!("http://{base}/data-deletion/{platform}")).body(form.clone());
    // What a request says of our address is not believed, and not taken at all while everybody knows the secret.
    assert_eq!(post("facebook").header("host", "evil.example").send().await.unwrap().status(), 403);
    let answer = post("facebook").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let url = body["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://{base}/data-deletion/status?code=")), "{url}");
    assert_eq!(world.http.get(url).send().await.unwrap().status(), 200);
    assert_eq!(post("linkedin").send().await.unwrap().status(), 404);
}
