//! The ladder on each platform, as a table: what each violation of one author leads to, what the platform did of it, and what
//! is left to a person.

use std::fmt::Write as _;

use ledger::{Case, Task};
use moderation::Pace;
use policy::Platform::{Facebook, Instagram, Linkedin, X, Youtube};
use policy::{Platform, SanctionKind, SanctionState};
use sandbox::NewComment;

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{Stage, wording};
use crate::world::INSULT;

/// The actions of a case in their order, each with what came of it.
fn asked(case: &Case) -> String {
    let told = case.actions.iter().map(|action| {
        let notice = action.notice.map_or(String::new(), |notice| format!(" ({})", notice.as_str()));
        let effect = match action.effect {
            Some(effect) => effect.as_str(),
            None if action.not_before.is_some() => "on its day",
            None => "waits",
        };
        format!("{}{notice}: {effect}", action.kind.as_str())
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The tasks of a case that are open.
async fn left(stage: &Stage, case: &Case) -> Vec<Task> {
    let mut tasks = stage.tasks().await;
    tasks.retain(|task| task.case.as_ref() == Some(&case.id));
    tasks
}

/// An insult, and everything that follows from it within the hour: on YouTube once it is polled.
async fn violates(stage: &mut Stage, platform: Platform, author: &str) -> String {
    if platform != Youtube {
        return stage.violates(platform, author, INSULT).await;
    }
    let account = stage.account(platform);
    let id = stage.posts(NewComment::new(account.as_str(), author, "Persona di prova", INSULT), platform);
    stage.moderation.poll(Pace::AtOnce).await;
    stage.works().await;
    stage.hours(1);
    id
}

/// Anna, and Bruno where two are needed, confirm what is proposed, and do what the platform leaves to a person.
async fn is_confirmed(stage: &Stage, case: &Case, kind: SanctionKind) {
    let office = stage.moderation.office();
    office.confirm(&case.id, &ANNA).await.unwrap();
    if kind == SanctionKind::Ban {
        office.confirm(&case.id, &BRUNO).await.unwrap();
    }
    stage.works().await;
}

#[tokio::test]
async fn what_each_step_leads_to_on_each_platform() {
    let mut table = String::new();
    let everywhere =
        [(Facebook, "7001"), (Instagram, "7001"), (Linkedin, "urn:li:person:p7001"), (Youtube, "UC7001"), (X, "7001")];
    for (platform, author) in everywhere {
        let mut stage = Stage::open().await;
        for _ in 0..4 {
            let id = violates(&mut stage, platform, author).await;
            if stage.cases(platform, &id).await.is_empty() {
                let _ = writeln!(table, "{platform}: what follows does not arrive, the author is hidden there");
                continue;
            }
            let case = stage.case(platform, &id).await;
            let Some((kind, state)) = stage.sanctions(platform, &id).await.pop() else { continue };
            if state == SanctionState::Proposed {
                is_confirmed(&stage, &case, kind).await;
            }
            let case = stage.case(platform, &id).await;
            let _ = writeln!(table, "{platform}, {}: {}", kind.as_str(), asked(&case));
            for task in left(&stage, &case).await {
                let _ = writeln!(table, "    {}", wording(&task));
                stage.moderation.office().finish_task(&task.id, &BRUNO, true).await.unwrap();
            }
            stage.works().await;
            let after = stage.case(platform, &id).await;
            let (_, state) = stage.sanctions(platform, &id).await.pop().expect("a sanction");
            let more = if asked(&after) == asked(&case) { String::new() } else { format!(", then {}", asked(&after)) };
            let _ = writeln!(table, "    {}{more}", state.as_str());
            stage.hours(if kind == SanctionKind::Block { 8 * 24 } else { 1 });
            stage.works().await;
            for task in left(&stage, &after).await {
                let _ = writeln!(table, "    later: {}", wording(&task));
                stage.moderation.office().finish_task(&task.id, &BRUNO, true).await.unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}
