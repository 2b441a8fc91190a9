//! Sends calls: the only place in this crate that does I/O.

use std::collections::HashMap;
use std::time::Duration;

use http::{Method, header};
use policy::{AccountId, Platform};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::arriving::lenient;
use crate::asking::call::Host;
use crate::{Answer, Body, Call, Secret};

/// How long a platform may take to answer. The function's own limit and the lease on a case must exceed it times the
/// calls of one action.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may be, in bytes: several times a page of a hundred comments, each as long as YouTube lets it be.
/// What is longer is not read to its end, so that no platform fills the memory of a function.
const MAX_ANSWER_BYTES: usize = 16 << 20;

/// Where the platforms' APIs are.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// The Graph API with its version, for Facebook and for Instagram through Facebook Login.
    pub facebook: Url,
    /// The Graph API with its version, for Instagram through Facebook Login.
    pub instagram: Url,
    /// The Graph API with its version, for Instagram through Instagram Login.
    pub instagram_login: Url,
    /// LinkedIn's REST API.
    pub linkedin: Url,
    /// LinkedIn's API version (`YYYYMM`), sent with every call.
    pub linkedin_version: String,
    /// YouTube's Data API.
    pub youtube: Url,
    /// X's API.
    pub x: Url,
}

impl Endpoints {
    const fn addresses(&self) -> [&Url; 6] {
        let Self { facebook, instagram, instagram_login, linkedin, youtube, x, .. } = self;
        [facebook, instagram, instagram_login, linkedin, youtube, x]
    }

    /// The real platforms, in the versions that are current in November 2026 (docs/platforms.md, sections 1.2 and 1.3).
    pub fn production() -> Self {
        let parse = |text| Url::parse(text).unwrap_or_else(|_| unreachable!("a constant address"));
        Self {
            facebook: parse("https://graph.facebook.com/v26.0"),
            instagram: parse("https://graph.facebook.com/v26.0"),
            instagram_login: parse("https://graph.instagram.com/v26.0"),
            linkedin: parse("https://api.linkedin.com"),
            linkedin_version: "202607".to_owned(),
            youtube: parse("https://www.googleapis.com"),
            x: parse("https://api.x.com"),
        }
    }

    /// The five sandbox platforms below one base address: `{base}/facebook`, `{base}/instagram` and so on, and
    /// `{base}/instagram-login` for Instagram's second host.
    pub fn sandbox(base: &Url) -> Self {
        let below = |name: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}/{name}", base.path().trim_end_matches('/')));
            url
        };
        Self {
            facebook: below("facebook/v26.0"),
            instagram: below("instagram/v26.0"),
            instagram_login: below("instagram-login/v26.0"),
            linkedin: below("linkedin"),
            linkedin_version: "202607".to_owned(),
            youtube: below("youtube"),
            x: below("x"),
        }
    }

    /// Pins another version of the Graph API, for example `v25.0`.
    pub fn set_graph_version(&mut self, version: &str) {
        for url in [&mut self.facebook, &mut self.instagram, &mut self.instagram_login] {
            url.set_path(version);
        }
    }

    fn base(&self, platform: Platform, host: Host) -> &Url {
        match (platform, host) {
            (_, Host::InstagramLogin) => &self.instagram_login,
            (Platform::Facebook, Host::Main) => &self.facebook,
            (Platform::Instagram, Host::Main) => &self.instagram,
            (Platform::Linkedin, Host::Main) => &self.linkedin,
            (Platform::Youtube, Host::Main) => &self.youtube,
            (Platform::X, Host::Main) => &self.x,
        }
    }
}

/// The access tokens by platform and account.
#[derive(Clone, Debug, Default)]
pub struct Tokens(HashMap<(Platform, AccountId), Secret>);

impl Tokens {
    /// Sets the token of an account.
    pub fn set(&mut self, platform: Platform, account: AccountId, token: Secret) {
        self.0.insert((platform, account), token);
    }

    fn of(&self, platform: Platform, account: &AccountId) -> Option<&Secret> {
        self.0.get(&(platform, account.clone()))
    }
}

/// Why there is no answer to a call. Never holds the address, which contains ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nothing was sent: there is no token for this account.
    #[error("no access token is set for this account")]
    NoToken,
    /// Nothing was sent: what we were given makes no request, for example a token with a line break.
    #[error("the call could not be put together: check the account's token and the platform's address")]
    Unsendable,
    /// Nothing was sent: the platform could not be reached.
    #[error("the platform could not be reached")]
    NotSent,
    /// It was sent and no answer came: it may have taken effect.
    #[error("the platform did not answer in time")]
    Lost,
}

/// A client that is to ask this address: directly where it is one of this machine, whatever the environment says of proxies.
/// A proxy would look for it on its own machine, and read the keys of this one.
pub fn reaching(http: reqwest::ClientBuilder, address: &Url) -> reqwest::ClientBuilder {
    let is_of_this_machine = match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if is_of_this_machine { http.no_proxy() } else { http }
}

/// The connection to all platforms.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    endpoints: Endpoints,
    tokens: Tokens,
}

impl Client {
    /// A client for these addresses with these tokens.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(endpoints: Endpoints, tokens: Tokens) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .user_agent(concat!("galateo/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none());
        let http = endpoints.addresses().into_iter().fold(http, reaching);
        Ok(Self { http: http.build()?, endpoints, tokens })
    }

    /// Sends a call on behalf of an account and returns whatever the platform answered.
    ///
    /// # Errors
    /// When there is no answer; the error tells whether the call can have taken effect.
    pub async fn send(&self, platform: Platform, account: &AccountId, call: &Call) -> Result<Answer, Unanswered> {
        let token = self.tokens.of(platform, account).ok_or(Unanswered::NoToken)?;
        let base = self.endpoints.base(platform, call.host);
        // Not `Url::join`, which would normalise what the platforms want percent-encoded.
        let address = format!("{}{}", base.as_str().trim_end_matches('/'), call.path);
        let mut request = self.http.request(call.method.clone(), address).bearer_auth(token.expose_secret());
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if platform == Platform::Linkedin {
            request = request
                .header("LinkedIn-Version", &self.endpoints.linkedin_version)
                .header("X-Restli-Protocol-Version", "2.0.0");
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        request = match &call.body {
            // Google refuses a POST that does not tell its length, and the HTTP library leaves out a length of nothing.
            Body::Empty if call.method == Method::POST => request.header(header::CONTENT_LENGTH, 0),
            Body::Empty => request,
            Body::Form(fields) => request.form(fields),
            Body::Json(value) => request.json(value),
        };
        let mut response = request.send().await.map_err(|error| unanswered(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        // A body that breaks off, or has no end, is a lost answer: the status alone does not tell what a 200 holds.
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|_| Unanswered::Lost)? {
            if bytes.len() + part.len() > MAX_ANSWER_BYTES {
                return Err(Unanswered::Lost);
            }
            bytes.extend_from_slice(&part);
        }
        let body = lenient::document(&bytes).unwrap_or(Value::Null);
        Ok(Answer { status, headers, body })
    }
}

fn unanswered(error: &reqwest::Error) -> Unanswered {
    match error {
        error if error.is_builder() => Unanswered::Unsendable,
        error if error.is_connect() => Unanswered::NotSent,
        _ => Unanswered::Lost,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A client of an account that has this token, on a platform at this address.
    fn connected(platform: Platform, token: &str, base: &Url) -> (Client, AccountId) {
        let (account, mut tokens) = (AccountId::new("us"), Tokens::default());
        tokens.set(platform, account.clone(), Secret::from(token));
        (Client::new(Endpoints::sandbox(base), tokens).unwrap(), account)
    }

    /// Sends a call to a platform that answers it with this; returns what arrived there, and the answer.
    async fn exchange(platform: Platform, call: Call, response: &'static [u8]) -> (String, Result<Answer, Unanswered>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 8192];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(response).unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap().to_ascii_lowercase()
        });
        let (client, account) = connected(platform, "the-token", &base);
        let answer = client.send(platform, &account, &call).await;
        (server.join().unwrap(), answer)
    }

    fn call(method: Method, path: &str) -> Call {
        let (path, query) = (path.to_owned(), vec![("id", "a b".to_owned())]);
        Call {
            name: "",
            host: Host::Main,
            method,
            path,
            query,
            headers: Vec::new(),
            body: Body::Empty,
            shortfall: None,
        }
    }

    #[tokio::test]
    async fn a_post_without_a_body_tells_its_length() {
        let (request, answer) = exchange(Platform::Youtube, call(Method::POST, "/x"), b"HTTP/1.1 204 OK\r\n\r\n").await;
        assert!(request.starts_with("post /youtube/x?id=a+b http/1.1"), "{request}");
        assert!(request.contains("\r\ncontent-length: 0\r\n"), "{request}");
        assert!(request.contains("\r\nauthorization: bearer the-token\r\n"), "{request}");
        assert_eq!(answer.unwrap().status, 204);
    }

    #[tokio::test]
    async fn what_stands_in_the_path_is_sent_as_it_is() {
        let path = "/rest/x?actions=List(A,B)&u=urn%3Ali%3A1&timeRange=(start:1,end:2)";
        let (request, _) = exchange(Platform::Linkedin, call(Method::GET, path), b"HTTP/1.1 200 OK\r\n\r\n").await;
        let expected = "get /linkedin/rest/x?actions=list(a,b)&u=urn%3ali%3a1&timerange=(start:1,end:2)&id=a+b http";
        assert!(request.starts_with(expected), "{request}");
        assert!(request.contains("\r\nlinkedin-version: 202607\r\n"), "{request}");
        assert!(request.contains("\r\nx-restli-protocol-version: 2.0.0\r\n"), "{request}");
    }

    #[tokio::test]
    async fn a_token_that_no_header_can_hold_is_our_mistake() {
        let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
        let (client, account) = connected(Platform::X, "the-\ntoken", &nowhere);
        let answer = client.send(Platform::X, &account, &call(Method::GET, "/x")).await.unwrap_err();
        assert_eq!(answer, Unanswered::Unsendable);
        assert!(!answer.to_string().contains("the-"), "{answer}");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_lost_and_not_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
            let _ = stream.read(&mut [0; 8192]).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            // Until nobody takes any more.
            let mut sent = 0;
            while sent < 128 << 20 && stream.write_all(&[b' '; 1 << 16]).is_ok() {
                sent += 1 << 16;
            }
            sent
        });
        let (client, account) = connected(Platform::Facebook, "the-token", &base);
        let answer = client.send(Platform::Facebook, &account, &call(Method::POST, "/x")).await;
        drop(client);
        assert_eq!(answer.unwrap_err(), Unanswered::Lost);
        // What the system has in its own buffers comes on top.
        let sent = server.join().unwrap();
        assert!(sent < 64 << 20, "{sent} bytes were taken");
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_lost() {
        let broken = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
        let (_, answer) = exchange(Platform::X, call(Method::POST, "/x"), broken).await;
        assert_eq!(answer.unwrap_err(), Unanswered::Lost);
    }
}
