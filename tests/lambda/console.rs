//! The console as a function: somebody signs in through API Gateway, decides, and is known to another instance.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use policy::Platform;
use serde_json::{Value, json};

use crate::runtime::Function;
use crate::webhook;
use crate::world::World;

/// What API Gateway calls its API, by which browsers come where nothing else is set.
const HOST: &str = "abc.execute-api.eu-south-1.amazonaws.com";

/// A browser, as API Gateway tells a function of it.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

/// An answer, as API Gateway would hand it on.
struct Answer {
    status: u64,
    location: String,
    kind: String,
    encoding: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Browser {
    async fn ask(&mut self, function: &Function, method: &str, target: &str, form: &str, accepts: &str) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let event = json!({
            "version": "2.0", "routeKey": "ANY /console/{proxy+}", "rawPath": path, "rawQueryString": query,
            "cookies": cookies,
            "headers": {
                "host": HOST, "origin": format!("https://{HOST}"), "accept-encoding": accepts, "accept-language": "it",
                "content-type": "application/x-www-form-urlencoded"
            },
            "requestContext": { "http": { "method": method, "path": path }, "domainName": HOST },
            // API Gateway encodes forms.
            "body": BASE64.encode(form), "isBase64Encoded": true
        });
        let answer = function.invoke(&event).await;
        for cookie in answer["cookies"].as_array().unwrap() {
            let (name, value) = cookie.as_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            assert!(cookie.as_str().unwrap().contains("; Secure"), "{cookie}");
            match value {
                "" => self.cookies.remove(name),
                _ => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let header = |name: &str| answer["headers"][name].as_str().unwrap_or_default().to_owned();
        let body = answer["body"].as_str().unwrap();
        let body = match answer["isBase64Encoded"] {
            Value::Bool(true) => BASE64.decode(body).unwrap(),
            _ => body.as_bytes().to_vec(),
        };
        Answer {
            status: answer["statusCode"].as_u64().unwrap(),
            location: header("location"),
            kind: header("content-type"),
            encoding: header("content-encoding"),
            body,
        }
    }

    async fn get(&mut self, function: &Function, target: &str) -> Answer {
        self.ask(function, "GET", target, "", "identity").await
    }

    /// Follows the way through the provider, where somebody is chosen, and back.
    async fn sign_in(&mut self, function: &Function, person: &str, key: &str) {
        let away = self.get(function, "/console").await;
        assert_eq!((away.status, away.location.as_str()), (303, "/console/sign-in?next=%2Fconsole"));
        let away = self.get(function, &away.location).await;
        assert_eq!(away.status, 303, "{}", away.text());
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let chosen = client.get(format!("{}&person={person}", away.location));
        let chosen = chosen.header("cookie", format!("galateo-sandbox={key}")).send().await.unwrap();
        let back = chosen.headers()["location"].to_str().unwrap().to_owned();
        let back = back.strip_prefix(&format!("https://{HOST}")).expect("back to the console");
        let signed_in = self.get(function, back).await;
        assert!([200, 303].contains(&signed_in.status), "{}", signed_in.text());
        assert!(self.cookies.contains_key("__Host-galateo"), "{:?}", self.cookies);
    }
}

/// What stands between two marks.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} is not in {text}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn in_aws_somebody_signs_in_decides_by_their_name_and_is_known_to_every_instance() {
    let world = World::start().await;
    let key = world.identity(&format!("https://{HOST}")).await;
    world.put_parameter("console/undo-seconds", "1");
    let facebook = Function::spawn("facebook", &world).await;
    facebook.invoke(&webhook(Platform::Facebook, &world.violating_comment(1), world.secret(), false)).await;
    let console = Function::spawn("console", &world).await;
    let mut browser = Browser::default();
    browser.sign_in(&console, "sandbox-marco", &key).await;

    let queue = browser.get(&console, "/console/queue").await;
    assert!(queue.text().contains("coglione"), "{}", queue.text());
    let case = format!("/console/case/{}", between(queue.text(), "href=\"/console/case/", "\""));

    // Another instance knows the session: nothing of it stands in the memory of the first.
    let other = Function::spawn("console", &world).await;
    let page = browser.get(&other, &case).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let token = between(page.text(), "name=\"form_token\" value=\"", "\"");
    let seen = between(page.text(), "name=\"seen\" value=\"", "\"");
    let form = format!("form_token={token}&seen={seen}&reason=Offende+una+persona");
    let forged = format!("form_token=x&seen={seen}&reason=Offende+una+persona");
    assert_eq!(browser.ask(&other, "POST", &format!("{case}/confirm"), &forged, "identity").await.status, 403);
    let decided = browser.ask(&other, "POST", &format!("{case}/confirm"), &form, "identity").await;
    assert_eq!(decided.status, 303, "{}", decided.text());
    let page = browser.get(&console, &case).await;
    assert!(page.text().contains("Marco Bianchi"), "{}", page.text());
    assert!(page.text().contains("decisione annunciata") && !page.text().contains("confermato"), "{}", page.text());
    // Once it cannot be taken back any more, a sweep lets it count.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    Function::spawn("actions", &world).await.invoke(&json!({ "source": "aws.scheduler" })).await;
    let page = browser.get(&console, &case).await;
    assert!(page.text().contains("confermato"), "{}", page.text());

    // What is no text, and what is compressed, arrive as they were.
    let packed = browser.ask(&console, "GET", "/console/queue", "", "gzip").await;
    assert_eq!((packed.encoding.as_str(), &packed.body[..2]), ("gzip", &[0x1f, 0x8b][..]));
    let style = between(page.text(), "<link rel=\"stylesheet\" href=\"", "\"").to_owned();
    assert!(browser.get(&console, &style).await.kind.starts_with("text/css"));
    assert_eq!(Browser::default().get(&console, "/console/queue").await.status, 303, "a stranger has to sign in");
}

#[tokio::test]
async fn a_console_without_a_provider_says_so_to_its_visitors_and_in_the_log() {
    let world = World::start().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let console = Function::spawn_logging("info", log.reopen().unwrap(), "console", &world).await;
    let answer = Browser::default().get(&console, "/console").await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().starts_with("La console non può rispondere"), "{}", answer.text());
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert!(said.contains("console/issuer is not set") && said.contains("\"level\":\"ERROR\""), "{said}");
}
