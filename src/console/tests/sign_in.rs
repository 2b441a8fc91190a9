//! Nobody is signed in but by a token of the provider, for this console, for this attempt, in time, once.

use console::{Console, Role, Settings};
use http::Request;
use serde_json::{Value, json};
use url::Url;

use crate::provider::{Key, unsigned};
use crate::world::{Browser, CLIENT, HOME, World, header, text};

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

/// What a provider says of somebody in its own claims, beside those that all have.
fn claims(world: &World, nonce: &str, own: Value) -> Value {
    let mut claims = world.claims(nonce);
    let claims_of_tests = claims.as_object_mut().unwrap();
    claims_of_tests.retain(|name, _| name != "groups" && name != "sub");
    claims_of_tests.extend(own.as_object().unwrap().clone());
    claims
}

#[tokio::test]
async fn tokens_are_read_as_cognito_entra_id_and_keycloak_write_them() {
    let mut world = World::new().await;
    let key = Key::rsa("rsa-1");
    world.provider.publishes(&key);
    let group = "0b2f1f2e-97a2-4d2c-9d0e-6c1f3b1c5a11";
    let cognito = json!({
        "sub": "c2a5e4f4-a0d1-70c8-3ddf-1f5a1a2b3c4d", "cognito:groups": ["moderazione", "altro"], "token_use": "id",
        "cognito:username": "c2a5e4f4-a0d1-70c8-3ddf-1f5a1a2b3c4d", "email_verified": true, "auth_time": 1, "jti": "x"
    });
    let entra = json!({
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "oid": "11111111-2222-3333-4444-555555555555",
        "tid": "66666666-7777-8888-9999-000000000000", "ver": "2.0", "groups": [group, "another"],
        "preferred_username": "anna.bianchi@ente.example"
    });
    let keycloak = json!({
        "sub": "7d1c8a55-0c52-4c60-8f2e-d9b1a2c3e4f5", "typ": "ID", "azp": CLIENT, "sid": "s", "acr": "1",
        "realm_access": { "roles": ["offline_access", "moderazione"] }, "preferred_username": "anna"
    });
    let mapped = vec![(group.to_owned(), std::collections::BTreeSet::from([Role::Moderation]))];
    for (what, own, id_claim, roles_claim, mapping) in [
        ("Cognito", cognito, "sub", "cognito:groups", Vec::new()),
        ("Entra ID", entra, "oid", "groups", mapped),
        ("Keycloak", keycloak, "sub", "realm_access.roles", Vec::new()),
    ] {
        let mut settings = Settings::of(&world.provider.issuer, CLIENT, &Url::parse(HOME).unwrap()).unwrap();
        (settings.id_claim, settings.roles_claim) = (id_claim.to_owned(), roles_claim.to_owned());
        settings.mapping = mapping;
        world.console = Console::new(world.moderation.clone(), settings).unwrap();
        let (status, cookies) = answered(&world, |nonce| key.token(&claims(&world, nonce, own.clone()))).await;
        assert!(status == 303 && sets_a_session(&cookies), "{what}: {status} {cookies:?}");
        let expected = format!("Anna Bianchi [{}]", own[id_claim].as_str().unwrap());
        let sessions = world.moderation.ledger().sessions(world.now()).await.unwrap();
        let found = sessions.iter().find(|(_, session)| session.person.as_str() == expected);
        let (_, session) = found.unwrap_or_else(|| panic!("{what}: nobody is {expected}"));
        assert_eq!(session.roles.iter().collect::<Vec<_>>(), ["moderazione"], "{what}");
    }
    // The same token under the signature of another key of this name.
    let (status, cookies) = answered(&world, |nonce| Key::rsa("rsa-1").token(&world.claims(nonce))).await;
    assert!(status == 403 && !sets_a_session(&cookies), "{status}");
}

#[tokio::test]
async fn what_a_page_asks_for_by_itself_keeps_no_session_open() {
    let mut world = World::new().await;
    world.console = world.console.over(world.later.clone());
    let anna = world.signed_in("Anna", &["lettura"]).await;
    let seen = async || world.moderation.ledger().sessions(world.now()).await.unwrap()[0].1.seen_at;
    let begun = seen().await;
    let answer = anna.send(Request::get("/console/queue").header("galateo-unattended", "1"), "").await;
    assert_eq!((answer.status().as_u16(), seen().await), (200, begun));
    assert_eq!(anna.get("/console/queue").await.status(), 200);
    assert!(seen().await > begun);
}
