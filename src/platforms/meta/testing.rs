//! What the tests of Meta's platforms share.

use std::fs;
use std::path::PathBuf;

use policy::{Account, AccountId, AccountState, Platform};
use serde_json::Value;

use crate::{Accounts, Answer, Body, Call, Capability, Event, Ignored};

pub(crate) const PAGE: &str = "1234567890321";
pub(crate) const INSTAGRAM: &str = "17841405726653026";
pub(crate) const BIKE_ECONOMY: &str = "17841452691600098";

pub(crate) fn account(platform: Platform, id: &str, handle: &str, page: Option<&str>) -> Account {
    Account {
        platform,
        id: AccountId::new(id),
        handle: handle.to_owned(),
        name: String::new(),
        url: String::new(),
        state: AccountState::Active,
        page: page.map(AccountId::new),
    }
}

/// The accounts of the default policy on Meta's platforms.
pub(crate) fn accounts() -> Accounts {
    Accounts::new(&[
        account(Platform::Facebook, PAGE, "cameracommerciomilomb", None),
        account(Platform::Instagram, INSTAGRAM, "@cameradicommercio_mi_mb_lo", Some(PAGE)),
        account(Platform::Instagram, BIKE_ECONOMY, "@bikeeconomy_milomb", None),
    ])
}

/// The account with this id.
pub(crate) fn ours(platform: Platform, id: &str) -> Account {
    accounts().find(platform, id).unwrap().clone()
}

/// The events of a platform as files: name and content, by name.
pub(crate) fn events(platform: Platform) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events").join(platform.as_str());
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// An answer with a JSON body.
pub(crate) fn answer(status: u16, body: Value) -> Answer {
    Answer { status: http::StatusCode::from_u16(status).unwrap(), headers: http::HeaderMap::new(), body }
}

/// An event in one line: what it is, which one, by whom, below what, when, and how its text begins.
pub(crate) fn line(event: &Event) -> String {
    match event {
        Event::Contribution(contribution) => {
            let mut words = vec![
                contribution.platform.as_str().to_owned(),
                contribution.surface.as_str().to_owned(),
                contribution.id.as_str().to_owned(),
            ];
            words.push(match &contribution.author {
                Some(author) => {
                    format!("by {} ({})", author.id.as_str(), author.name.as_deref().unwrap_or("no name"))
                }
                None => "by nobody".to_owned(),
            });
            words.extend(contribution.thread.as_ref().map(|thread| format!("in {}", thread.as_str())));
            words.extend(contribution.parent.as_ref().map(|parent| format!("below {}", parent.as_str())));
            words.extend(contribution.at.map(|at| format!("at {at}")));
            words.extend(contribution.permalink.as_ref().map(|_| "linked".to_owned()));
            words.extend(contribution.edited.then(|| "edited".to_owned()));
            words.extend(contribution.has_attachment.then(|| "with attachment".to_owned()));
            words.push(format!("{:?}", contribution.text.chars().take(16).collect::<String>()));
            words.join(" ")
        }
        Event::Removal(removal) => format!("{} removal {}", removal.platform, removal.id.as_str()),
        Event::Lead(lead) => format!("{} lead {} of {}", lead.platform, lead.id, lead.form),
        Event::Unread(unread) => {
            let mut words = vec![
                unread.platform.as_str().to_owned(),
                "unread".to_owned(),
                unread.surface.as_str().to_owned(),
                unread.id.as_str().to_owned(),
            ];
            words.extend(unread.thread.as_ref().map(|thread| format!("in {}", thread.as_str())));
            words.extend(unread.at.map(|at| format!("at {at}")));
            words.join(" ")
        }
    }
}

/// Something ignored in one line.
pub(crate) fn ignored(ignored: &Ignored) -> String {
    match ignored {
        Ignored::Malformed(what) | Ignored::Unknown(what) => format!("ignored {} {what}", ignored.as_str()),
        _ => format!("ignored {}", ignored.as_str()),
    }
}

/// A call in one line: method, path, query and body, nothing of it encoded further.
pub(crate) fn spelled(call: &Call) -> String {
    let pairs = |pairs: &[(&str, String)]| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    };
    let query = if call.query.is_empty() { String::new() } else { format!("?{}", pairs(&call.query)) };
    let body = match &call.body {
        Body::Empty => String::new(),
        Body::Form(fields) => format!(" form {}", pairs(fields)),
        Body::Json(value) => format!(" {value}"),
    };
    format!("{} {}{query}{body}", call.method, call.path)
}

/// A row of the capability matrix: yes, conditional, manual, or not at all.
pub(crate) fn row(capabilities: [Capability; 7]) -> String {
    let sign = |capability| match capability {
        Capability::Call => 'Y',
        Capability::Conditional => 'C',
        Capability::Manual(_) => 'M',
        Capability::Impossible(_) => '-',
    };
    capabilities.into_iter().map(sign).collect()
}
