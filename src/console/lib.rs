#![doc = include_str!("README.md")]

mod answer;
mod assets;
mod compressed;
mod cookie;
mod counts;
mod decide;
mod form;
pub mod refusal;
mod role;
mod route;
mod settings;
mod sign_in;
mod trouble;
mod views;
mod visit;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use jiff::Timestamp;
use moderation::Moderation;
use policy::Language;

use answer::{Answer, lead_to, page, secured, with_cookie};
use cookie::{Cookie, Spelled};
use counts::{Kept, Waiting};
use form::{Fields, address};
use route::{Door, Found};
use sign_in::Provider;
use statistics::Summary;
use trouble::Trouble;

pub use form::LONGEST as LONGEST_FORM;
pub use role::{NoRole, Role, Roles};
pub use route::{Access, ROUTES, Route};
pub use settings::{Lookup, Settings};

/// The console of one organisation. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    moderation: Moderation,
    settings: Settings,
    provider: Provider,
    waiting: Kept<Waiting>,
    week: Kept<Summary>,
}

impl Console {
    /// A console over these use cases. Nothing is asked of the provider yet.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn new(moderation: Moderation, settings: Settings) -> Result<Self, reqwest::Error> {
        let provider = Provider::new(&settings)?;
        Ok(Self { moderation, settings, provider, waiting: Kept::default(), week: Kept::default() })
    }

    /// The same console over other use cases, such as those with renewed keys.
    pub fn over(&self, moderation: Moderation) -> Self {
        Self { moderation, ..self.clone() }
    }

    /// The answer to a request, of which the body is whole. There always is one.
    pub async fn respond(&self, request: &Request<Bytes>) -> Answer {
        let query = Fields::parse(request.uri().query().unwrap_or_default().as_bytes());
        let language = self.language(request.headers(), &query);
        let answer = match self.away_from_another_name(request) {
            Some(answer) => answer,
            None => match self.answer(request, &query, language).await {
                Ok(answer) => answer,
                Err(trouble) => self.told(&trouble, language, request),
            },
        };
        let asked = query.given("lang").and_then(|asked| asked.parse::<Language>().ok());
        let answer = match asked {
            Some(asked) => with_cookie(answer, &self.cookie(Cookie::Language).set(asked.as_str(), None)),
            None => answer,
        };
        let answer = compressed::travelling(answer, request.headers());
        let mut answer = secured(answer, self.settings.is_plain());
        if request.method() == Method::HEAD {
            *answer.body_mut() = Bytes::new();
        }
        answer
    }

    async fn answer(&self, request: &Request<Bytes>, query: &Fields, language: Language) -> Result<Answer, Trouble> {
        let (headers, now) = (request.headers(), self.moderation.clock().now());
        let (route, place) = match route::find(request.method(), request.uri().path()) {
            Found::Route(route, place) => (route, place),
            Found::OtherMethod(others) => return Ok(other_method(&others)),
            Found::Nothing => return Err(Trouble::NoPage),
        };
        match route.door {
            Door::Asset => return assets::find(&place, headers).ok_or(Trouble::NoPage),
            Door::SignIn => return Ok(self.sign_in(query, now).await?),
            Door::Callback => return Ok(self.callback(headers, query, now).await?),
            Door::SignedOut => return Ok(self.signed_out(query, language, now).await),
            _ => {}
        }
        let answered = Box::pin(self.behind(request, route, place, query, language, now)).await;
        if let Err(Trouble::NotAllowed { role, by }) = &answered {
            let what = format!("{} {}", route.method, route.path);
            if let Err(error) = self.moderation.office().refused(by, &what, role.as_str()).await {
                tracing::error!(%error, "a refused try could not be put on record");
            }
        }
        answered
    }

    /// The answer of what is behind an address that asks who comes.
    async fn behind(
        &self,
        request: &Request<Bytes>,
        route: &'static Route,
        place: String,
        query: &Fields,
        language: Language,
        now: Timestamp,
    ) -> Result<Answer, Trouble> {
        let visit = match self.visit(request, route, place, query, language, now).await {
            Ok(visit) => visit,
            // Whoever only wants to see something is led to where one signs in, and back again.
            Err(Trouble::NotSignedIn) if route.method == Method::GET => {
                let next = request.uri().path_and_query().map_or("/console", |path| path.as_str());
                return Ok(lead_to(&address("/console/sign-in", &[("next", next)])));
            }
            Err(trouble) => return Err(trouble),
        };
        visit.answer(route.door).await
    }

    /// On this machine a server has two names, and cookies are of one of them.
    fn away_from_another_name(&self, request: &Request<Bytes>) -> Option<Answer> {
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        let own = self.settings.origin().ascii_serialization();
        let is_other = self.settings.is_plain() && own.split_once("://").is_some_and(|(_, own)| own != host);
        let is_read = [Method::GET, Method::HEAD].contains(request.method());
        let path = request.uri().path_and_query().map_or("/console", |path| path.as_str());
        (is_other && is_read).then(|| lead_to(&self.settings.at(path)))
    }

    /// The language of whoever asks: as the address says, as they said before, or as their browser does.
    fn language(&self, headers: &HeaderMap, query: &Fields) -> Language {
        let asked = query.given("lang").or_else(|| self.cookie(Cookie::Language).of(headers));
        if let Some(language) = asked.and_then(|asked| asked.parse().ok()) {
            return language;
        }
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // Browsers name the languages in their order.
        let named = accepted.split(',').filter_map(|one| one.trim().get(..2));
        named.filter_map(|name| name.to_ascii_lowercase().parse().ok()).next().unwrap_or_default()
    }

    const fn cookie(&self, cookie: Cookie) -> Spelled {
        cookie.spelled(self.settings.is_plain())
    }

    fn told(&self, trouble: &Trouble, language: Language, request: &Request<Bytes>) -> Answer {
        trouble.log(request.method(), request.uri().path());
        let organisation = &self.moderation.policy().organisation.name;
        let answer = page(trouble.status(), views::trouble(trouble, language, organisation));
        // What is left of an attempt is of no use.
        match trouble {
            Trouble::SignIn(_) => with_cookie(answer, &self.cookie(Cookie::Attempt).gone()),
            _ => answer,
        }
    }

    async fn signed_out(&self, query: &Fields, language: Language, now: Timestamp) -> Answer {
        // Away or not, here nobody is signed in any more.
        let exit = match query.get("here") {
            "1" => self.provider.exit(&self.settings, now).await.unwrap_or_default(),
            _ => None,
        };
        let organisation = &self.moderation.policy().organisation.name;
        page(StatusCode::OK, views::signed_out(exit.as_ref(), language, organisation))
    }
}

fn other_method(others: &[&'static Method]) -> Answer {
    let allowed: Vec<&str> = others.iter().map(|method| method.as_str()).collect();
    let mut answer = page(StatusCode::METHOD_NOT_ALLOWED, String::new());
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn is_send<T: Send>(_: &T) {}

    /// Never called: that it compiles says that any server can answer by the console on whatever thread there is.
    #[expect(dead_code, reason = "it is for the compiler")]
    fn an_answer_may_be_waited_for_anywhere(console: &Console, request: &Request<Bytes>) {
        is_send(&console.respond(request));
    }
}
