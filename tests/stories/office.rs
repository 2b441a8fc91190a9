//! What the records hold for the office, and what they must not hold.

use ledger::{DecisionKind, Fact, HaltCause, Scope, TaskKind};
use moderation::{Extent, OfficeError, Pace};
use policy::SanctionKind::{LastWarning, Warning};
use policy::SanctionState::{Effective, Withdrawn};
use policy::{Notice, Outcome, Platform, Referral};
use sandbox::{BlockKind, NewComment};
use serde_json::json;

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{Stage, ruling};
use crate::world::{INSULT, World, answers, fault};

#[tokio::test]
async fn the_audit_log_holds_no_text_no_name_and_no_id_of_anyone() {
    let world = World::start().await;
    let text = format!("{INSULT} canarino-nel-testo");
    let id = world.comments(Platform::Facebook, "5001canarino", &text).await;
    world.settles().await;
    let table = ledger::Tables::default().audit;
    let items = world.server.dynamodb().scan().table_name(table).send().await.unwrap();
    assert_eq!(items.count(), 6, "the policy in force, a verdict, a warning decided and delivered, two effects");
    let stored = format!("{:?}", items.items());
    for canary in ["canarino", "Persona di prova", id.as_str(), "coglione"] {
        assert!(!stored.contains(canary), "{canary} is in the audit log");
    }
}

#[tokio::test]
async fn every_entry_names_the_policy_by_version_and_hash_and_has_its_own_hash() {
    let world = World::start().await;
    world.comments(Platform::Facebook, "5002", INSULT).await;
    world.settles().await;
    let entries = world.entries().await;
    assert_eq!(entries.len(), 5);
    for entry in entries {
        assert_eq!(entry.policy, world.server.moderation().policy().reference);
        assert_eq!(entry.hash, entry.digest());
    }
}

const DOUBTFUL: &str = "Chiamate la nostra ditta Rossi srl allo 02 4567890";

fn is_banned(stage: &Stage, person: &str) -> bool {
    let page = stage.account(Platform::Facebook);
    stage.sandbox.is_blocked(Platform::Facebook, page.as_str(), person, BlockKind::Everything)
}

#[tokio::test]
async fn overturning_restores_the_comment_and_takes_back_exactly_its_strike() {
    let mut stage = Stage::open().await;
    let first = stage.violates(Platform::Facebook, "300", INSULT).await;
    let second = stage.violates(Platform::Facebook, "300", INSULT).await;
    let case = stage.case(Platform::Facebook, &second).await;
    let before = stage.calls(Platform::Facebook).len();
    stage.moderation.office().overturn(&case.id, &ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    let calls = stage.calls(Platform::Facebook).split_off(before);
    assert!(calls[0].path.contains("is_hidden=false"), "{calls:?}");
    assert_eq!(calls.len(), 2, "shown again, and an apology: {calls:?}");
    assert!(!stage.sandbox.is_hidden(Platform::Facebook, &second));
    assert!(stage.sandbox.is_hidden(Platform::Facebook, &first), "the other decision stands");
    assert_eq!(stage.strikes(Platform::Facebook, &first).await, 1);
    assert_eq!(stage.sanctions(Platform::Facebook, &first).await, [(Warning, Effective), (LastWarning, Withdrawn)]);
    assert_eq!(stage.said(&case.id, Notice::Apology).await, 1);
    let again = stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, false).await;
    assert!(
        matches!(again, Err(OfficeError::Closed { ref by, .. }) if by.as_ref().is_some_and(|by| by.as_str() == "Anna")),
        "{again:?}"
    );
    assert_eq!(stage.calls(Platform::Facebook).len(), before + 2);
}

#[tokio::test]
async fn what_was_refused_for_now_is_not_done_after_it_was_overturned() {
    let mut stage = Stage::open().await;
    let busy = answers(400, json!({ "error": { "code": 32, "message": "Page request limit reached" } }));
    stage.sandbox.add_fault(fault(Platform::Facebook, 1, busy));
    let id = stage.comments(Platform::Facebook, "302", INSULT).await;
    stage.moderation.sweep(10).await.unwrap();
    let case = stage.case(Platform::Facebook, &id).await;
    assert!(!stage.sandbox.is_hidden(Platform::Facebook, &id), "the platform refused for now");
    stage.moderation.office().overturn(&case.id, &ANNA, Extent::Case, false).await.unwrap();
    stage.hours(2);
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(Platform::Facebook, &id), "hidden after it was overturned");
    assert_eq!(stage.strikes(Platform::Facebook, &id).await, 0);
    assert_eq!(stage.private(Platform::Facebook), Vec::<String>::new(), "nobody is warned of what was taken back");
}

#[tokio::test]
async fn overturning_what_led_to_a_block_lifts_it() {
    let mut stage = Stage::open().await;
    stage.violates(Platform::Facebook, "301", INSULT).await;
    let second = stage.violates(Platform::Facebook, "301", INSULT).await;
    let third = stage.violates(Platform::Facebook, "301", INSULT).await;
    let block = stage.case(Platform::Facebook, &third).await;
    stage.moderation.office().confirm(&block.id, &ANNA).await.unwrap();
    stage.works().await;
    assert!(is_banned(&stage, "301"));
    stage.hours(1);
    let case = stage.case(Platform::Facebook, &second).await;
    stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, false).await.unwrap();
    stage.works().await;
    assert!(!is_banned(&stage, "301"), "{:?}", stage.sanctions(Platform::Facebook, &third).await);
    assert_eq!(stage.strikes(Platform::Facebook, &third).await, 2);
    assert!(stage.sandbox.is_hidden(Platform::Facebook, &third));
}

#[tokio::test]
async fn a_review_that_a_person_confirms_is_hidden_counts_and_is_warned_of() {
    let stage = Stage::open().await;
    let reported = "Chi ha scritto il commento sopra vi ha dato del coglione";
    let id = stage.comments(Platform::Facebook, "302", reported).await;
    stage.works().await;
    let case = stage.case(Platform::Facebook, &id).await;
    assert_eq!((case.outcome, case.is_open()), (Outcome::Review, true));
    assert_eq!(stage.strikes(Platform::Facebook, &id).await, 0);
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    assert!(stage.sandbox.is_hidden(Platform::Facebook, &id));
    assert_eq!(stage.strikes(Platform::Facebook, &id).await, 1);
    assert_eq!(stage.sanctions(Platform::Facebook, &id).await, [(Warning, Effective)]);
    assert!(!stage.case(Platform::Facebook, &id).await.is_open());
}

#[tokio::test]
async fn a_review_that_is_overturned_was_unfounded_and_nothing_is_asked() {
    let stage = Stage::open().await;
    let id = stage.comments(Platform::Facebook, "303", DOUBTFUL).await;
    let case = stage.case(Platform::Facebook, &id).await;
    stage.moderation.office().overturn(&case.id, &ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    assert!(!stage.case(Platform::Facebook, &id).await.is_open());
    assert_eq!(stage.calls(Platform::Facebook), []);
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn of_two_people_at_once_one_decides_and_the_other_is_told_by_whom() {
    let stage = Stage::open().await;
    for round in 0..4 {
        let id = stage.comments(Platform::Facebook, &format!("31{round}"), INSULT).await;
        stage.works().await;
        let case = stage.case(Platform::Facebook, &id).await;
        let office = stage.moderation.office();
        let (confirmed, overturned) =
            tokio::join!(office.confirm(&case.id, &ANNA), office.overturn(&case.id, &BRUNO, Extent::Case, false));
        stage.works().await;
        let (winner, loser) = match (&confirmed, &overturned) {
            (Ok(_), Err(error)) => ("Anna", error),
            (Err(error), Ok(_)) => ("Bruno", error),
            both => panic!("one of them decides: {both:?}"),
        };
        match loser {
            OfficeError::Overtaken { by } => assert_eq!(by.as_str(), winner),
            // The second may read only after the first has written.
            OfficeError::Closed { by, .. } => assert_eq!(by.as_ref().map(policy::Person::as_str), Some(winner)),
            other => panic!("{other:?}"),
        }
        assert_eq!(stage.sandbox.is_hidden(Platform::Facebook, &id), winner == "Anna");
        assert_eq!(stage.strikes(Platform::Facebook, &id).await, usize::from(winner == "Anna"));
        assert_eq!(stage.case(Platform::Facebook, &id).await.decisions.len(), 1);
    }
}

#[tokio::test]
async fn who_says_they_have_seen_more_decisions_than_there_are_decides_nothing() {
    let mut stage = Stage::open().await;
    let id = stage.violates(Platform::Facebook, "306", DOUBTFUL).await;
    let case = stage.case(Platform::Facebook, &id).await;
    let office = stage.moderation.office();
    for seen in [1, 999, usize::MAX] {
        let refused = office.confirm(&case.id, &ANNA.clone().having_seen(seen)).await;
        assert!(matches!(refused, Err(OfficeError::Busy)), "{seen}: {refused:?}");
    }
    office.note_case(&case.id, &BRUNO).await.unwrap();
    for seen in [0, 2, 999] {
        let refused = office.confirm(&case.id, &ANNA.clone().having_seen(seen)).await;
        assert!(
            matches!(&refused, Err(OfficeError::Overtaken { by }) if by.as_str() == "Bruno"),
            "{seen}: {refused:?}"
        );
    }
    office.confirm(&case.id, &ANNA.clone().having_seen(1)).await.unwrap();
}

#[tokio::test]
async fn what_youtube_cannot_restore_is_said_before_deciding() {
    let mut stage = Stage::open().await;
    let person = "UCofsomebody000000000320";
    for _ in 0..3 {
        stage.comments(Platform::Youtube, person, INSULT).await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        stage.hours(1);
    }
    let open = stage.tasks().await;
    let confirm = open.iter().find(|task| task.kind == TaskKind::Confirm).unwrap_or_else(|| panic!("{open:?}"));
    let id = confirm.case.clone().unwrap();
    stage.moderation.office().confirm(&id, &ANNA).await.unwrap();
    stage.works().await;
    let case = stage.moderation.office().find(&id.to_string()).await.unwrap();
    let what = stage.moderation.office().irreversible(&case);
    assert!(!what.is_empty(), "{case:?}");
    let refused = stage.moderation.office().overturn(&id, &BRUNO, Extent::Case, false).await;
    assert!(matches!(refused, Err(OfficeError::Irreversible { what: ref said, .. }) if *said == what), "{refused:?}");
    assert_eq!(
        stage.moderation.office().find(&id.to_string()).await.unwrap().decisions.len(),
        1,
        "nothing was decided"
    );
    stage.moderation.office().overturn(&id, &BRUNO, Extent::Case, true).await.unwrap();
}

#[tokio::test]
async fn the_cases_of_a_raid_are_confirmed_a_hundred_at_a_time() {
    let stage = Stage::open().await;
    let page = stage.account(Platform::Facebook);
    let scope = Scope::Account(Platform::Facebook, page.clone());
    assert!(stage.moderation.office().halt(scope, HaltCause::Raid, &ANNA).await.unwrap());
    let ids: Vec<String> = (0..105)
        .map(|number| {
            let text = format!("{INSULT} {number}");
            let author = format!("33{number}");
            stage.posts(NewComment::new(page.as_str(), &author, "Persona di prova", &text), Platform::Facebook)
        })
        .collect();
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.calls(Platform::Facebook), [], "all of them wait");
    let group = stage.moderation.office().halts().await.unwrap().remove(0).group;
    let first = stage.moderation.office().confirm_group(&group, &ANNA).await.unwrap();
    assert_eq!((first.confirmed.len(), first.left.len(), first.more), (100, 0, true));
    let second = stage.moderation.office().confirm_group(&group, &ANNA).await.unwrap();
    assert_eq!((second.confirmed.len(), second.left.len(), second.more), (5, 0, false));
    stage.works().await;
    assert_eq!(stage.hides(Platform::Facebook), 105);
    assert!(ids.iter().all(|id| stage.sandbox.is_hidden(Platform::Facebook, id)));
    assert_eq!(stage.private(Platform::Facebook).len(), 105, "each is warned");
}

#[tokio::test]
async fn a_case_is_assigned_and_escalated_and_the_log_says_by_whom_and_why() {
    let stage = Stage::open().await;
    let id = stage.comments(Platform::Facebook, "340", DOUBTFUL).await;
    let case = stage.case(Platform::Facebook, &id).await.id;
    stage.moderation.office().assign(&case, &moderation::person("Carla").unwrap(), &ANNA).await.unwrap();
    stage.moderation.office().escalate(&case, Referral::Platform, &BRUNO).await.unwrap();
    let again = stage.moderation.office().escalate(&case, Referral::Platform, &ANNA).await;
    assert!(matches!(again, Err(OfficeError::BeingReferred { to: Referral::Platform, .. })), "{again:?}");
    stage.moderation.office().confirm(&case, &ANNA).await.unwrap();
    stage.works().await;
    let known = stage.case(Platform::Facebook, &id).await;
    assert_eq!(known.assignee.as_ref().map(policy::Person::as_str), Some("Carla"));
    let referred = stage.task().await;
    assert_eq!((referred.kind, referred.case.as_ref()), (TaskKind::Refer, Some(&case)));
    let mut logged: Vec<_> = stage
        .facts(&case)
        .await
        .into_iter()
        .filter_map(|entry| match entry.fact {
            Fact::Decision { decision, by, reason, .. } => Some((decision, by, reason)),
            _ => None,
        })
        .collect();
    logged.sort_by_key(|(decision, ..)| known.decisions.iter().position(|known| known.kind == *decision));
    let expected: Vec<_> = known
        .decisions
        .iter()
        .map(|decision| {
            let reason = decision.reason.as_deref().expect("it is kept");
            (decision.kind, decision.by.to_string(), ledger::reason_hash(&decision.salt, reason))
        })
        .collect();
    assert_eq!(logged, expected, "whoever has salt and reason can verify the log");
    let kinds: Vec<_> = logged.iter().map(|(decision, by, _)| (*decision, by.as_str())).collect();
    let wanted = [(DecisionKind::Assign, "Anna"), (DecisionKind::Escalate, "Bruno"), (DecisionKind::Confirm, "Anna")];
    assert_eq!(kinds, wanted);
}

#[tokio::test]
async fn who_says_neither_who_nor_why_decides_nothing() {
    let stage = Stage::open().await;
    let id = stage.comments(Platform::Facebook, "341", DOUBTFUL).await;
    let nobody = ruling("  ", "Riletto: è come dice la regola");
    assert!(matches!(nobody, Err(OfficeError::NoName)), "{nobody:?}");
    let nothing = ruling("Anna", " . ");
    assert!(matches!(nothing, Err(OfficeError::NoReason)), "{nothing:?}");
    assert!(stage.case(Platform::Facebook, &id).await.decisions.is_empty());
}
