//! What the demo sends: the events of the `events` folder, and comments that wait on the sandbox's YouTube.

use include_dir::Dir;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use platforms::{Accounts, Client, Delivery, Event, Ignored, Target, adapter};
use policy::{Account, ContributionId, Platform, Surface};
use sandbox::{NewComment, Sandbox};

use crate::events::EVENTS;
use crate::failure::Failure;
use crate::language::say;
use crate::serve::server::Server;

/// One event, as its platform sends it.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// Who sends it.
    pub platform: Platform,
    /// The name of its file.
    pub name: &'static str,
    /// The raw body.
    pub body: &'static [u8],
}

/// What is sent, in two waves.
pub struct Waves {
    /// What is written, in the order of the platforms and of the names; and then the first of each platform once more,
    /// as platforms do.
    pub written: Vec<Sent>,
    /// What is removed. It is sent when the effects on what was written are in, so that every run ends the same.
    pub removed: Vec<Sent>,
}

/// Every webhook body of the `events` folder.
pub fn all(accounts: &[Account]) -> Waves {
    let accounts = Accounts::new(accounts);
    let (mut written, mut removed, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for platform in Platform::ALL.iter().copied() {
        let mut files: Vec<_> = EVENTS.get_dir(platform.as_str()).into_iter().flat_map(Dir::files).collect();
        files.sort_by_key(|file| file.path());
        let sent = files.into_iter().filter_map(|file| {
            let name = file.path().file_name()?.to_str()?;
            Some(Sent { platform, name, body: file.contents() })
        });
        let removes = |sent: &Sent| understood_one(sent, &accounts).events.iter().any(is_removal);
        let (removals, others): (Vec<Sent>, Vec<Sent>) = sent.filter(is_webhook).partition(removes);
        again.extend(others.first().copied());
        written.extend(others);
        removed.extend(removals);
    }
    written.extend(again);
    Waves { written, removed }
}

/// Some files are answers to polls, which no platform sends.
fn is_webhook(sent: &Sent) -> bool {
    match sent.platform {
        Platform::Youtube => sent.name.ends_with(".xml"),
        _ => !sent.name.starts_with("poll-"),
    }
}

/// What people have written below the videos of the sandbox's channel. YouTube pushes no comments: these are found by
/// reading.
const ON_YOUTUBE: [(&str, &str, &str); 5] = [
    ("UCdemo0000000000000000001", "@laura-b", "Video chiarissimo, finalmente ho capito come funziona il deposito."),
    ("UCdemo0000000000000000002", "@nino77", "ma chi parla è un coglione, vergogna"),
    ("UCdemo0000000000000000003", "@officina-rossi", "Costi troppo alti e procedure lente: così non va."),
    ("UCdemo0000000000000000004", "@gio", "Scrivetemi a gio.bianchi.prova@example.com che vi mando il materiale"),
    ("UCdemo0000000000000000005", "@anna", "Quando esce la prossima puntata?"),
];

/// Puts the comments that wait to be read on the sandbox's YouTube, written at the beginning of the day: the sandbox
/// forgets, and after a restart the same comments must be there again. Returns where they are.
pub fn fill_sandbox(sandbox: &Sandbox, accounts: &[Account], now: Timestamp) -> Vec<(Account, ContributionId)> {
    let written_at = now.to_zoned(TimeZone::UTC).start_of_day().ok().map(|day| day.timestamp());
    let mut comments = Vec::new();
    for account in accounts.iter().filter(|account| account.platform == Platform::Youtube) {
        for (author, name, text) in ON_YOUTUBE {
            let comment = NewComment { written_at, ..NewComment::new(account.id.as_str(), author, name, text) };
            match sandbox.add_comment(Platform::Youtube, comment) {
                Ok(id) => comments.push((account.clone(), ContributionId::new(id))),
                // Only where the author is blocked or the comments are closed, which a new sandbox has not.
                Err(refusal) => tracing::warn!(%refusal, "a comment of the demo was refused by the sandbox"),
            }
        }
    }
    comments
}

/// What stands on the sandbox's YouTube under these ids. Read one by one: a listing leaves out what is hidden already,
/// as after a restart.
pub async fn on_youtube(
    server: &Server,
    comments: &[(Account, ContributionId)],
) -> Result<(Platform, Delivery), Failure> {
    let client = Client::new(server.endpoints().clone(), server.settings().tokens().clone()).map_err(|e| {
        Failure::unusable(say!("il client HTTP non si può avviare: {e}", "the HTTP client could not be set up: {e}"))
    })?;
    let accounts = Accounts::new(&server.moderation().policy().accounts);
    let adapter = adapter(Platform::Youtube);
    let unreadable = |what: String| {
        Failure::negative(say!(
            "lo YouTube di prova non si può leggere: {what}",
            "the sandbox's YouTube cannot be read: {what}"
        ))
    };
    let mut delivery = Delivery::default();
    for (account, contribution) in comments {
        let target =
            Target { account, surface: Surface::Comment, contribution, thread: None, parent: None, author: None };
        let Some(call) = adapter.read_call(&target) else { continue };
        let answer = client.send(Platform::Youtube, &account.id, &call).await;
        let answer = answer.map_err(|unanswered| unreadable(unanswered.to_string()))?;
        let read = adapter.read(&target, &answer, &accounts).map_err(|malformed| unreadable(malformed.to_string()))?;
        if let Some(contribution) = read {
            delivery.push(Event::Contribution(contribution));
        }
    }
    Ok((Platform::Youtube, delivery))
}

/// What the server understands of the events that are sent to it.
pub fn understood(events: &[Sent], accounts: &[Account]) -> Vec<(Platform, Delivery)> {
    let accounts = Accounts::new(accounts);
    events.iter().map(|sent| (sent.platform, understood_one(sent, &accounts))).collect()
}

fn understood_one(sent: &Sent, accounts: &Accounts) -> Delivery {
    adapter(sent.platform).parse(sent.body, accounts).unwrap_or_else(|malformed| {
        let mut delivery = Delivery::default();
        delivery.ignore(Ignored::Malformed(malformed.path));
        delivery
    })
}

fn is_removal(event: &Event) -> bool {
    matches!(event, Event::Removal(_))
}
