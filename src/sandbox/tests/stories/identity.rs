//! The identity provider: whoever has shown the key chooses who they are, and a code is good once, for whoever asked.

use local::door::Key;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use sandbox::Identity;
use serde_json::Value;
use url::Url;

struct Provider {
    base: String,
    http: Client,
    key: Key,
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let (issuer, key) = (home.join("sandbox/identity").unwrap(), Key::random());
        let identity = Identity::new(&issuer, "client", &home, key.clone(), jiff::Timestamp::now).unwrap();
        assert_eq!(identity.issuer(), issuer.as_str());
        tokio::spawn(async move { axum::serve(listener, identity.router()).await });
        Self { base: home.as_str().trim_end_matches('/').to_owned(), http: client(), key }
    }

    /// Asks to sign in as somebody; `change` spoils the address.
    async fn authorize(&self, person: &str, cookie: &str, change: (&str, &str)) -> Response {
        let back = format!("{}/console/callback", self.base);
        let mut url = Url::parse(&format!("{}/sandbox/identity/authorize", self.base)).unwrap();
        let fields = [
            ("response_type", "code"),
            ("client_id", "client"),
            ("redirect_uri", &back),
            ("scope", "openid profile"),
            ("state", "s"),
            ("nonce", "n"),
            // That of "verifier".
            ("code_challenge", "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"),
            ("code_challenge_method", "S256"),
            ("person", person),
        ];
        for (name, value) in fields {
            let value = if name == change.0 { change.1 } else { value };
            if !value.is_empty() {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        self.http.get(url).header("cookie", cookie).send().await.unwrap()
    }

    async fn exchange(&self, code: &str, verifier: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", "client"),
            ("code_verifier", verifier),
        ];
        let answer = self.http.post(format!("{}/sandbox/identity/token", self.base)).form(&form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    fn cookie(&self) -> String {
        format!("galateo-sandbox={}", self.key.expose())
    }
}

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

fn led_to(answer: &Response, name: &str) -> String {
    let url = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn nobody_chooses_who_they_are_who_has_not_shown_the_key() {
    let provider = Provider::start().await;
    for cookie in ["", "galateo-sandbox=", "galateo-sandbox=x", "other=1"] {
        assert_eq!(provider.authorize("sandbox-elena", cookie, ("", "")).await.status(), 403, "{cookie}");
    }
    let open = |key: &str| format!("{}/sandbox/identity/open?key={key}", provider.base);
    assert_eq!(provider.http.get(open("x")).send().await.unwrap().status(), 403);
    let opened = provider.http.get(open(provider.key.expose())).send().await.unwrap();
    assert!(opened.status() == 303 && opened.headers()["set-cookie"].to_str().unwrap().starts_with(&provider.cookie()));
    let from_a_page = provider.http.get(open(provider.key.expose())).header("sec-fetch-site", "cross-site");
    assert_eq!(from_a_page.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_whoever_has_the_verifier() {
    let provider = Provider::start().await;
    let code = async || led_to(&provider.authorize("sandbox-elena", &provider.cookie(), ("", "")).await, "code");
    let stolen = code().await;
    assert_eq!(provider.exchange(&stolen, "guessed").await.0, 400);
    assert_eq!(provider.exchange(&stolen, "verifier").await.0, 400, "and it is used up");
    let code = code().await;
    let (status, tokens) = provider.exchange(&code, "verifier").await;
    assert!(status == 200 && tokens["id_token"].as_str().unwrap().split('.').count() == 3, "{tokens}");
    assert_eq!(provider.exchange(&code, "verifier").await.0, 400);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_and_nobody_is_led_elsewhere() {
    let provider = Provider::start().await;
    for change in
        [("client_id", "other"), ("redirect_uri", "https://evil.example/"), ("redirect_uri", "http://127.0.0.1:1/")]
    {
        assert_eq!(provider.authorize("sandbox-elena", &provider.cookie(), change).await.status(), 400, "{change:?}");
    }
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "profile"), "invalid_request"),
        (("person", "somebody"), "access_denied"),
        (("person", "nobody"), "access_denied"),
    ] {
        let answer = provider.authorize("sandbox-elena", &provider.cookie(), change).await;
        assert_eq!((led_to(&answer, "error").as_str(), led_to(&answer, "state").as_str()), (error, "s"), "{change:?}");
    }
    let page = provider.authorize("", &provider.cookie(), ("", "")).await.text().await.unwrap();
    assert!(page.matches("person=sandbox-").count() == 4 && !page.contains("<script"), "{page}");
}
