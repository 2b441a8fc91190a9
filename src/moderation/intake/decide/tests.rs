//! What is done about a contribution, as a table: what was written, where, and what was known, then what follows.

use std::fmt::Write as _;

use policy::{Author, PlatformUserId, Subject, Surface};

use super::*;

const MORNING: &str = "2026-02-03T10:00:00+01:00";
const SUNDAY: &str = "2026-02-01T10:00:00+01:00";

/// One line of what is decided: everything of a [`Decision`] that a reader of the policy would ask for.
fn told(decision: &Decision) -> String {
    let mut told = decision.outcome.as_str().to_owned();
    for action in &decision.actions {
        let notice = action.notice.map_or(String::new(), |notice| format!(" ({})", notice.as_str()));
        let _ = write!(told, "; {}{notice}", action.kind.as_str());
    }
    if decision.protects {
        told.push_str("; protects");
    }
    if let Some(strike) = &decision.strike {
        let _ = write!(told, "; strike {} x {}", strike.clause, strike.weight);
    }
    for task in &decision.tasks {
        let _ = write!(told, "; task {}", task.kind.as_str());
    }
    match &decision.status {
        Status::Open => {}
        Status::Closed { reason, .. } => {
            let _ = write!(told, "; closed: {}", reason.as_str());
        }
    }
    if let Some(deadline) = decision.deadline {
        let _ = write!(told, "; by {}", deadline.in_tz("Europe/Rome").unwrap().strftime("%d/%m %H:%M"));
    }
    told
}

/// What is known when it is decided.
#[derive(Clone, Copy)]
struct Known {
    now: &'static str,
    author: bool,
    for_a_person: bool,
    was_said: bool,
}

const KNOWN: Known = Known { now: MORNING, author: true, for_a_person: false, was_said: false };

fn decided(policy: &Policy, platform: Platform, surface: Surface, text: &str, known: Known) -> String {
    let now: Timestamp = known.now.parse().unwrap();
    let account = policy.accounts.iter().find(|account| account.platform == platform).unwrap();
    let author = Author { id: PlatformUserId::new("77"), name: None };
    let contribution = Contribution {
        surface,
        author: known.author.then_some(author),
        at: Some(now),
        ..Contribution::comment(platform, account.id.clone(), "1", text)
    };
    let subject = Subject { platform: Some(platform), kind: surface.kind(), ..Subject::of(text) };
    let verdict = policy.judge(&subject);
    let id: CaseId = "83cbe554a0e0c65fc7f32d52-01687395f496".parse().unwrap();
    let pseudonym: Pseudonym = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let matter = Matter {
        policy,
        contribution: &contribution,
        verdict: &verdict,
        id: &id,
        author: known.author.then_some(&pseudonym),
        for_a_person: known.for_a_person,
        seen_to: 0,
        now,
    };
    told(&matter.decide(|_| !known.was_said))
}

#[test]
fn what_follows_from_what_was_written_where_and_when() {
    let policy = crate::built_in("milano-monza-brianza-lodi").unwrap();
    let sunday = Known { now: SUNDAY, ..KNOWN };
    let mut table = String::new();
    for (what, text) in [
        ("criticism", "Due ore di coda allo sportello, una vergogna."),
        ("insult", "Siete dei coglioni"),
        ("threat", "Vi ammazzo tutti"),
        ("personal data", "Chiamate Anna Bianchi al 333 1234567"),
        ("doubt", "che pagliacci"),
        ("danger", "non ce la faccio più, voglio farla finita"),
        ("personal case", "La mia pratica 2026/123 è ferma da un mese, a che punto è?"),
    ] {
        let _ = writeln!(table, "## {what}: {text}");
        for (platform, surface) in [
            (Platform::Facebook, Surface::Comment),
            (Platform::Facebook, Surface::Message),
            (Platform::Facebook, Surface::Review),
            (Platform::Linkedin, Surface::Comment),
            (Platform::Youtube, Surface::Comment),
            (Platform::X, Surface::Mention),
        ] {
            let row = decided(&policy, platform, surface, text, KNOWN);
            let _ = writeln!(table, "{:<18} {row}", format!("{platform} {}", surface.as_str()));
        }
        for (name, surface, known) in [
            ("on a Sunday", Surface::Message, sunday),
            ("said before", Surface::Message, Known { was_said: true, ..sunday }),
            ("said before", Surface::Comment, Known { was_said: true, ..KNOWN }),
            ("automation halted", Surface::Comment, Known { for_a_person: true, ..KNOWN }),
            ("author unknown", Surface::Comment, Known { author: false, ..KNOWN }),
        ] {
            let row = decided(&policy, Platform::Facebook, surface, text, known);
            let _ = writeln!(table, "{:<18} {row}", format!("{name}, {}", surface.as_str()));
        }
    }
    insta::assert_snapshot!(table);
}
