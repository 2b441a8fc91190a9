//! The addresses of the console: one table, from which requests are led, and over which the tests go.

use http::Method;

use crate::role::Role;

/// Who is let in at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody: what is needed to sign in.
    Everybody,
    /// Whoever has signed in with any role.
    SignedIn,
    /// Whoever has signed in and may do what this role may.
    Role(Role),
}

/// What is behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The style, and what else never changes under its name.
    Asset,
    /// The way to the identity provider.
    SignIn,
    /// The way back from it.
    Callback,
    /// The end of a session.
    SignOut,
    /// What is said after it.
    SignedOut,
    /// The beginning: what is to be done now.
    Today,
    /// The cases that wait.
    Queue,
    /// A case.
    Case,
    /// Confirming it.
    Confirm,
    /// Confirming that somebody was exposed.
    Exposure,
    /// Overturning it.
    Overturn,
    /// Declining the sanction that waits.
    Decline,
    /// Taking back what was decided about it just now.
    TakeBack,
    /// Bringing it before others.
    Escalate,
    /// Giving it to somebody.
    Assign,
    /// Noting something about it.
    Note,
    /// The cases that a halt has left.
    Group,
    /// Confirming those that are on the screen.
    ConfirmGroup,
    /// The tasks.
    Tasks,
    /// Closing one.
    FinishTask,
    /// An author.
    Author,
    /// Letting one back in.
    Unban,
    /// Noting something about one.
    NoteAuthor,
    /// What the system may do alone.
    Automation,
    /// Halting it.
    Halt,
    /// Letting it go on.
    Resume,
    /// A text to try.
    Try,
    /// Looking for a case.
    Search,
    /// Who is kept out, over all accounts.
    Register,
    /// What happened since somebody looked last.
    Since,
    /// Noting that they have looked.
    Looked,
    /// The reports.
    Reports,
    /// A file of one.
    ReportFile,
    /// The audit log.
    Log,
    /// Verifying it.
    VerifyLog,
    /// Giving it out.
    ExportLog,
    /// What a dossier of a case would be.
    Dossier,
    /// Giving it out.
    GiveDossier,
    /// What an export of all about an author would be.
    Export,
    /// Giving it out.
    GiveExport,
    /// What erasing an author would do.
    Erasure,
    /// Erasing one.
    Erase,
    /// Who has signed in.
    Sessions,
    /// Ending the session of somebody.
    EndSession,
    /// Ending all.
    EndSessions,
}

/// An address: how it is asked, who is let in, and what is behind it. A part of the path in braces stands for any one.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; whoever may `GET` may `HEAD`.
    pub method: Method,
    /// The path.
    pub path: &'static str,
    /// Who is let in.
    pub access: Access,
    /// What is behind it.
    pub door: Door,
}

const fn get(path: &'static str, access: Access, door: Door) -> Route {
    Route { method: Method::GET, path, access, door }
}

const fn post(path: &'static str, access: Access, door: Door) -> Route {
    Route { method: Method::POST, path, access, door }
}

const READING: Access = Access::Role(Role::Reading);
const MODERATION: Access = Access::Role(Role::Moderation);
const LEAD: Access = Access::Role(Role::Lead);
const PROTECTION: Access = Access::Role(Role::Protection);
const ADMINISTRATION: Access = Access::Role(Role::Administration);

/// Every address of the console.
pub static ROUTES: [Route; 46] = [
    get("/console/assets/{name}", Access::Everybody, Door::Asset),
    get("/console/sign-in", Access::Everybody, Door::SignIn),
    get("/console/callback", Access::Everybody, Door::Callback),
    get("/console/signed-out", Access::Everybody, Door::SignedOut),
    post("/console/sign-out", Access::SignedIn, Door::SignOut),
    get("/console", Access::SignedIn, Door::Today),
    get("/console/queue", READING, Door::Queue),
    get("/console/case/{case}", READING, Door::Case),
    post("/console/case/{case}/confirm", MODERATION, Door::Confirm),
    post("/console/case/{case}/exposure", MODERATION, Door::Exposure),
    post("/console/case/{case}/overturn", MODERATION, Door::Overturn),
    post("/console/case/{case}/decline", LEAD, Door::Decline),
    post("/console/case/{case}/take-back", MODERATION, Door::TakeBack),
    post("/console/case/{case}/escalate", MODERATION, Door::Escalate),
    post("/console/case/{case}/assign", MODERATION, Door::Assign),
    post("/console/case/{case}/note", MODERATION, Door::Note),
    get("/console/group/{group}", READING, Door::Group),
    post("/console/group/{group}/confirm", MODERATION, Door::ConfirmGroup),
    get("/console/tasks", READING, Door::Tasks),
    post("/console/task/{task}/done", MODERATION, Door::FinishTask),
    get("/console/author/{author}", READING, Door::Author),
    post("/console/author/{author}/unban", LEAD, Door::Unban),
    post("/console/author/{author}/note", MODERATION, Door::NoteAuthor),
    get("/console/automation", READING, Door::Automation),
    post("/console/automation/halt", LEAD, Door::Halt),
    post("/console/automation/resume", LEAD, Door::Resume),
    get("/console/try", READING, Door::Try),
    post("/console/try", READING, Door::Try),
    get("/console/search", READING, Door::Search),
    get("/console/register", READING, Door::Register),
    get("/console/since", READING, Door::Since),
    post("/console/since", READING, Door::Looked),
    get("/console/reports", READING, Door::Reports),
    get("/console/reports/{file}", READING, Door::ReportFile),
    get("/console/log", PROTECTION, Door::Log),
    post("/console/log/verify", PROTECTION, Door::VerifyLog),
    post("/console/log/export", PROTECTION, Door::ExportLog),
    get("/console/case/{case}/dossier", PROTECTION, Door::Dossier),
    post("/console/case/{case}/dossier", PROTECTION, Door::GiveDossier),
    get("/console/author/{author}/export", PROTECTION, Door::Export),
    post("/console/author/{author}/export", PROTECTION, Door::GiveExport),
    get("/console/author/{author}/erase", PROTECTION, Door::Erasure),
    post("/console/author/{author}/erase", PROTECTION, Door::Erase),
    get("/console/sessions", ADMINISTRATION, Door::Sessions),
    post("/console/sessions/end", ADMINISTRATION, Door::EndSession),
    post("/console/sessions/end-all", ADMINISTRATION, Door::EndSessions),
];

/// Where a path leads.
pub enum Found {
    /// To this address, with what stands in the place of the braces.
    Route(&'static Route, String),
    /// Nowhere by this method, but by these.
    OtherMethod(Vec<&'static Method>),
    /// Nowhere.
    Nothing,
}

/// Where a request leads.
pub fn find(method: &Method, path: &str) -> Found {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut others = Vec::new();
    for route in &ROUTES {
        let Some(place) = matches(route.path, path) else { continue };
        if route.method == *method {
            return Found::Route(route, place);
        }
        others.push(&route.method);
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherMethod(others) }
}

/// What stands in a path in the place of the braces of a pattern, decoded; nothing where it has none.
fn matches(pattern: &str, path: &str) -> Option<String> {
    let mut found = String::new();
    let (mut parts, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(part), Some(given)) if part.starts_with('{') => {
                // The same decoding as that of a form, but that a plus stays one.
                let given = given.replace('+', "%2B");
                found = url::form_urlencoded::parse(given.as_bytes()).next()?.0.into_owned();
            }
            (Some(part), Some(given)) if part == given => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_address_and_what_stands_in_it_is_decoded() {
        let found = |method, path| match find(&method, path) {
            Found::Route(route, place) => Ok((route.door, place)),
            Found::OtherMethod(others) => Err(others.len()),
            Found::Nothing => Err(0),
        };
        assert_eq!(found(Method::GET, "/console"), Ok((Door::Today, String::new())));
        assert_eq!(found(Method::HEAD, "/console/"), Ok((Door::Today, String::new())));
        assert_eq!(found(Method::GET, "/console/case/ab%20c+d"), Ok((Door::Case, "ab c+d".to_owned())));
        assert_eq!(found(Method::DELETE, "/console/try"), Err(2));
        assert_eq!(found(Method::GET, "/console/case/a/b"), Err(0));
        assert_eq!(found(Method::GET, "/elsewhere"), Err(0));
    }

    #[test]
    fn no_two_addresses_are_the_same_and_what_changes_something_is_a_post() {
        for (position, route) in ROUTES.iter().enumerate() {
            let same = |other: &&Route| other.method == route.method && other.path == route.path;
            assert_eq!(ROUTES.iter().position(|other| same(&other)), Some(position), "{}", route.path);
        }
    }
}
