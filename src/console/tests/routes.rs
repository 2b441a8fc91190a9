//! Every address, by every method, for every role: nobody gets further than their role, and no form counts that no page of
//! the session has sent.

use console::{Access, ROUTES, Role, Roles};
use http::{Method, Request};

use crate::world::{HOME, World, header, text};

/// An address with something in the place of the braces.
fn path(pattern: &str) -> String {
    let filled = pattern.replace("{case}", "83cbe554a0e0c65fc7f32d52-01687395f496").replace("{name}", "x.css");
    filled
        .replace("{group}", "tutto")
        .replace("{task}", "t")
        .replace("{file}", "report.json")
        .replace("{author}", &"a".repeat(32))
}

#[tokio::test]
async fn every_address_lets_in_whom_it_may_and_nobody_else_by_any_method() {
    let world = World::new().await;
    let stranger = world.stranger();
    for role in Role::ALL {
        for route in &ROUTES {
            if route.path.ends_with("sign-out") || route.path.ends_with("end-all") {
                continue;
            }
            let browser = world.signed_in("Anna", &[role.as_str()]).await;
            let (path, what) = (path(route.path), format!("{} {} as {}", route.method, route.path, role.as_str()));
            let may = match route.access {
                Access::Everybody | Access::SignedIn => true,
                Access::Role(needed) => Roles::of([role]).may(needed),
            };
            let answer = if route.method == Method::GET {
                browser.get(&path).await
            } else {
                browser.post(&path, &[("reason", "una prova"), ("seen", "0")]).await
            };
            assert_eq!(answer.status() == 403, !may, "{what}: {}", answer.status());
            assert!(header(&answer, "content-security-policy").starts_with("default-src 'none'"), "{what}");
            assert_eq!(header(&answer, "x-frame-options"), "DENY", "{what}");
            if let Access::Everybody = route.access {
                continue;
            }
            let answer = stranger.send(Request::builder().method(&route.method).uri(&path), "").await;
            let is_away = header(&answer, "location").starts_with("/console/sign-in?next=");
            assert!(
                answer.status() == 401 || answer.status() == 303 && is_away,
                "{what}, signed out: {}",
                answer.status()
            );
        }
    }
}

#[tokio::test]
async fn other_methods_are_refused_everywhere() {
    let world = World::new().await;
    let browser = world.signed_in("Anna", &["responsabile", "amministrazione"]).await;
    for route in &ROUTES {
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
            let answer = browser.send(Request::builder().method(&method).uri(path(route.path)), "").await;
            assert_eq!(answer.status(), 405, "{method} {}", route.path);
            assert!(header(&answer, "allow").contains(route.method.as_str()), "{method} {}", route.path);
        }
    }
}

#[tokio::test]
async fn what_a_role_may_not_do_is_not_shown() {
    let world = World::new().await;
    let reading = world.signed_in("Lucia", &["lettura"]).await;
    for page in ["/console", "/console/queue", "/console/tasks", "/console/automation"] {
        let shown = text(&reading.get(page).await);
        assert!(!shown.contains("/console/sessions") && !shown.contains("/halt"), "{page}");
    }
    let administering = world.signed_in("Paolo", &["amministrazione"]).await;
    let shown = text(&administering.get("/console").await);
    assert!(shown.contains("/console/sessions") && !shown.contains("/console/queue"), "{shown}");
    let leading = world.signed_in("Elena", &["responsabile"]).await;
    assert!(text(&leading.get("/console/automation").await).contains("/console/automation/halt"));
}

#[tokio::test]
async fn a_form_counts_only_from_a_page_of_this_session() {
    let world = World::new().await;
    let anna = world.signed_in("Anna", &["responsabile"]).await;
    let bruno = world.signed_in("Bruno", &["responsabile"]).await;
    let form = |token: &str| format!("form_token={token}&reason=una+prova&cause=switch");
    let (own, others) = (anna.token().await, bruno.token().await);
    assert!(own.len() > 43 && own != others && own != anna.token().await, "another mask each time");
    let send = async |origin: Option<(&str, &str)>, kind: &str, form: String| {
        let mut request = Request::post("/console/automation/halt").header("content-type", kind);
        if let Some((name, value)) = origin {
            request = request.header(name, value);
        }
        anna.send(request, &form).await.status().as_u16()
    };
    let kind = "application/x-www-form-urlencoded";
    let here = Some(("origin", HOME));
    assert_eq!(send(None, kind, form(&own)).await, 403);
    for elsewhere in ["https://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8787"] {
        assert_eq!(send(Some(("origin", elsewhere)), kind, form(&own)).await, 403, "{elsewhere}");
    }
    assert_eq!(send(Some(("sec-fetch-site", "cross-site")), kind, form(&own)).await, 403);
    assert_eq!(send(here, kind, form(&others)).await, 403);
    assert_eq!(send(here, kind, form("")).await, 403);
    assert_eq!(send(here, "text/plain", form(&own)).await, 400);
    assert_eq!(send(here, kind, format!("{}&x={}", form(&own), "a".repeat(200_000))).await, 400);
    assert!(world.moderation.office().halts().await.unwrap().is_empty());
    assert_eq!(send(here, kind, form(&own)).await, 303);
    let halts = world.moderation.office().halts().await.unwrap();
    assert_eq!(halts[0].by.as_ref().unwrap().as_str(), "Anna [anna]", "whatever else stood in the form");
}

#[tokio::test]
async fn a_session_can_be_ended_by_whoever_has_it_by_an_administrator_and_with_all_others() {
    let world = World::new().await;
    let (anna, bruno) = (world.signed_in("Anna", &["lettura"]).await, world.signed_in("Bruno", &["lettura"]).await);
    let paolo = world.signed_in("Paolo", &["amministrazione"]).await;
    assert_eq!(anna.post("/console/sign-out", &[]).await.status(), 303);
    assert_eq!(header(&anna.get("/console").await, "location"), "/console/sign-in?next=%2Fconsole");
    let key = ledger::SessionKey::of("secret-of-Bruno").to_string();
    assert_eq!(bruno.get("/console").await.status(), 200);
    let form = bruno.token().await;
    assert_eq!(paolo.post("/console/sessions/end", &[("session", &key)]).await.status(), 303);
    let request = Request::post("/console/try").header("origin", HOME);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = bruno.send(request, &format!("form_token={form}&text=x")).await;
    assert!(answer.status() == 401 && text(&answer).contains("La sessione è finita"), "revoked in the middle");
    assert_eq!(paolo.post("/console/sessions/end-all", &[]).await.status(), 303);
    assert_eq!(paolo.get("/console").await.status(), 303);
}

#[tokio::test]
async fn the_language_is_what_is_asked_for_then_what_was_then_that_of_the_browser() {
    let world = World::new().await;
    let mut anna = world.signed_in("Anna", &["lettura"]).await;
    assert!(text(&anna.get("/console").await).contains("<html lang=\"it\">"));
    let english = anna.send(Request::get("/console").header("accept-language", "fr, en-GB;q=0.8, it"), "").await;
    assert!(text(&english).contains("<html lang=\"en\">") && text(&english).contains(">Queue<"));
    let asked = anna.get("/console?lang=en").await;
    assert!(
        text(&asked).contains("<html lang=\"en\">")
            && header(&asked, "set-cookie").starts_with("galateo-local-lang=en")
    );
    anna.cookies += "; galateo-local-lang=en";
    assert!(text(&anna.get("/console/queue").await).contains("<html lang=\"en\">"));
    let style = text(&anna.get("/console").await);
    let sheets: Vec<&str> = style.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let sheets: Vec<&str> = sheets.into_iter().filter(|path| path.ends_with(".css")).collect();
    assert_eq!(sheets.len(), 2);
    for sheet in sheets {
        let sheet = anna.get(sheet).await;
        assert!(sheet.status() == 200 && header(&sheet, "cache-control").contains("immutable"));
    }
}
