//! The console of a running server: people sign in at the sandbox's provider, and decide.

use galateo::serve::Server;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

/// A browser of one person.
struct Browser {
    http: Client,
    server: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    async fn signed_in(server: &Server, person: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut browser = Self { http, server: server.url(""), cookies: Vec::new() };
        let opened = browser.get(server.console_path()).await;
        assert_eq!(opened.headers()["location"], "/console");
        let provider = browser.get("/console/sign-in?next=/console/queue").await;
        let chosen = format!("{}&person={person}", provider.headers()["location"].to_str().unwrap());
        let back = browser.get(&chosen).await;
        let home = browser.get(back.headers()["location"].to_str().unwrap()).await;
        assert_eq!(home.headers()["location"], "/console/queue");
        browser
    }

    async fn get(&mut self, address: &str) -> Response {
        let url = if address.starts_with('/') { format!("{}{address}", self.server) } else { address.to_owned() };
        let answer = self.http.get(url).header("cookie", self.jar()).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.get("/console").await.text().await.unwrap();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let fields: Vec<_> = fields.iter().copied().chain([("form_token", token.as_str())]).collect();
        let request = self.http.post(format!("{}{path}", self.server)).header("origin", &self.server);
        request.header("cookie", self.jar()).form(&fields).send().await.unwrap()
    }

    fn jar(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_at_the_sandbox_and_do_what_their_roles_may() {
    let server = Server::start_in_memory().await.unwrap();
    let mut elena = Browser::signed_in(&server, "sandbox-elena").await;
    let page = elena.get("/console").await.text().await.unwrap();
    assert!(page.contains("<strong>Elena Rossi</strong> (responsabile)"), "{page}");
    let halt = [("reason", "una prova"), ("cause", "switch")];
    assert_eq!(elena.post("/console/automation/halt", &halt).await.status(), 303);
    let halts = server.moderation().office().halts().await.unwrap();
    assert_eq!(halts[0].by.as_ref().unwrap().as_str(), "Elena Rossi [sandbox-elena]");
    let mut marco = Browser::signed_in(&server, "sandbox-marco").await;
    assert_eq!(marco.post("/console/automation/resume", &[("reason", "una prova")]).await.status(), 403);
    assert_eq!(elena.get("/console/automation").await.status(), 200);
    let server_alone = elena.get("/").await;
    assert_eq!(
        (server_alone.status().as_u16(), &server_alone.headers()["location"]),
        (303, &"/console".parse().unwrap())
    );
    server.stop().await;
}
