//! Nobody is signed in but by a token of the provider, for this console, for this attempt, in time, once.

use serde_json::{Value, json};
use url::Url;

use crate::provider::{Key, unsigned};
use crate::world::{Browser, World, header, text};

/// A browser at the provider: with the cookie of its attempt, the state and the nonce.
async fn at_the_provider(world: &World) -> (Browser<'_>, String, String) {
    let answer = world.stranger().get("/console/sign-in?next=/console/queue").await;
    let cookie = header(&answer, "set-cookie").split(';').next().unwrap().to_owned();
    let url = Url::parse(header(&answer, "location")).unwrap();
    let field = |name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert_eq!((field("response_type"), field("code_challenge_method")), ("code".into(), "S256".into()));
    assert_eq!(field("redirect_uri"), "http://127.0.0.1:8787/console/callback");
    (Browser { world, cookies: cookie }, field("state"), field("nonce"))
}

/// The status of the answer to a token, and the cookies that it sets.
async fn answered(world: &World, token: impl FnOnce(&str) -> String) -> (u16, Vec<String>) {
    let (browser, state, nonce) = at_the_provider(world).await;
    world.provider.gives(token(&nonce));
    let answer = browser.get(&format!("/console/callback?code=c&state={state}")).await;
    let cookies = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), cookies.collect())
}

fn sets_a_session(cookies: &[String]) -> bool {
    cookies.iter().any(|cookie| cookie.starts_with("galateo-local=") && !cookie.starts_with("galateo-local=;"))
}

#[tokio::test]
async fn a_good_token_opens_a_session_under_the_name_in_it_and_no_forged_one_does() {
    let world = World::new().await;
    let (status, cookies) = answered(&world, |nonce| world.key.token(&world.claims(nonce))).await;
    assert!(status == 303 && sets_a_session(&cookies), "{status} {cookies:?}");
    let sessions = world.moderation.ledger().sessions(world.now()).await.unwrap();
    assert_eq!(sessions[0].1.person.as_str(), "Anna Bianchi [anna-1]");

    let now = world.now().as_second();
    let with = |nonce: &str, name: &str, value: Value| {
        let mut claims = world.claims(nonce);
        claims[name] = value;
        if claims[name].is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
        claims
    };
    type Forged<'f> = Box<dyn FnOnce(&str) -> String + 'f>;
    let signed = |name: &'static str, value: Value| -> Forged<'_> {
        let (key, with) = (&world.key, &with);
        Box::new(move |nonce: &str| key.token(&with(nonce, name, value)))
    };
    let header_of = |header: Value, end: &'static str| -> Forged<'_> {
        let world = &world;
        Box::new(move |nonce: &str| format!("{}.{end}", unsigned(&header, &world.claims(nonce))))
    };
    let forged: Vec<(&str, Forged<'_>)> = vec![
        ("unsigned", header_of(json!({ "alg": "none" }), "")),
        ("unsigned, with a key", header_of(json!({ "alg": "none", "kid": "one" }), "")),
        ("a shared secret", header_of(json!({ "alg": "HS256", "kid": "one" }), "AAAA")),
        ("a wrong signature", header_of(json!({ "alg": "ES256", "kid": "one" }), "AAAA")),
        ("another algorithm than the key's", header_of(json!({ "alg": "RS256", "kid": "one" }), "AAAA")),
        ("an unknown key", Box::new(|nonce: &str| Key::new("two").token(&world.claims(nonce)))),
        ("another key under the name", Box::new(|nonce: &str| Key::new("one").token(&world.claims(nonce)))),
        ("another issuer", signed("iss", json!("https://evil.example"))),
        ("no issuer", signed("iss", Value::Null)),
        ("another audience", signed("aud", json!("other"))),
        ("no audience", signed("aud", Value::Null)),
        ("for another party", signed("azp", json!("other"))),
        ("expired", signed("exp", json!(now - 301))),
        ("without an end", signed("exp", Value::Null)),
        ("an end that is no number", signed("exp", json!("later"))),
        ("made in the future", signed("iat", json!(now + 330))),
        ("not good yet", signed("nbf", json!(now + 330))),
        ("another nonce", signed("nonce", json!("other"))),
        ("no nonce", signed("nonce", Value::Null)),
        ("nobody", signed("sub", Value::Null)),
        ("no role", signed("groups", json!(["altro"]))),
        ("no token", Box::new(|_: &str| "x".to_owned())),
        ("an empty one", Box::new(|_: &str| String::new())),
    ];
    for (what, token) in forged {
        let (status, cookies) = answered(&world, token).await;
        assert!((400..500).contains(&status) && !sets_a_session(&cookies), "{what}: {status} {cookies:?}");
    }
    assert_eq!(world.moderation.ledger().sessions(world.now()).await.unwrap().len(), 1);

    for (what, token) in [
        ("five minutes late", signed("exp", json!(now - 240))),
        ("five minutes early", signed("iat", json!(now + 240))),
        ("one of several audiences", signed("aud", json!(["other", "galateo"]))),
    ] {
        let (status, cookies) = answered(&world, token).await;
        assert!(status == 303 && sets_a_session(&cookies), "{what}: {status}");
    }
}

#[tokio::test]
async fn an_answer_counts_once_for_the_browser_that_asked() {
    let world = World::new().await;
    let (browser, state, nonce) = at_the_provider(&world).await;
    world.provider.gives(world.key.token(&world.claims(&nonce)));
    for (what, who, path) in [
        ("no state", &browser, "/console/callback?code=c".to_owned()),
        ("another state", &browser, "/console/callback?code=c&state=x".to_owned()),
        ("another browser", &world.stranger(), format!("/console/callback?code=c&state={state}")),
        ("declined", &browser, format!("/console/callback?error=access_denied&state={state}")),
    ] {
        assert_eq!(who.get(&path).await.status(), 400, "{what}");
    }
    let path = format!("/console/callback?code=c&state={state}");
    assert_eq!(browser.get(&path).await.status(), 303);
    let again = browser.get(&path).await;
    assert_eq!(again.status(), 400, "the same token with its nonce, once more");
    assert_eq!(world.moderation.ledger().sessions(world.now()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_signs_in_has_a_new_session_and_the_one_before_is_over() {
    let world = World::new().await;
    let fixed = world.signed_in("Mallory", &["lettura"]).await;
    let (mut browser, state, nonce) = at_the_provider(&world).await;
    browser.cookies = format!("{}; {}", browser.cookies, fixed.cookies);
    world.provider.gives(world.key.token(&world.claims(&nonce)));
    let answer = browser.get(&format!("/console/callback?code=c&state={state}")).await;
    assert!(answer.status() == 303 && !header(&answer, "set-cookie").contains("secret-of-Mallory"));
    assert_eq!(fixed.get("/console").await.status(), 303, "what somebody else knew is of no use");
}

#[tokio::test]
async fn a_key_that_is_new_is_read_and_a_provider_that_is_away_or_lies_is_said() {
    let world = World::new().await;
    assert_eq!(answered(&world, |nonce| world.key.token(&world.claims(nonce))).await.0, 303);
    let two = Key::new("two");
    world.provider.publishes(&two);
    // Within half a minute of reading them, keys are not read again: whoever forges cannot make us ask.
    assert_eq!(answered(&world, |nonce| two.token(&world.claims(nonce))).await.0, 403);
    let fresh = World::new().await;
    fresh.provider.answers.lock().unwrap().name = Some("https://evil.example".to_owned());
    let answer = fresh.stranger().get("/console/sign-in").await;
    assert_eq!(answer.status(), 502);
    assert!(text(&answer).contains("avvertire chi gestisce"), "{}", text(&answer));
}
