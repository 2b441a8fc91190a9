//! From violations to sanctions, over weeks: each step is taken once, and only after the step before has reached its
//! author (invariants 1 and 5).

use std::sync::LazyLock;

use futures_util::future::join_all;
use jiff::SignedDuration;
use ledger::TaskKind;
use moderation::{Extent, OfficeError, Ruled, Ruling};
use policy::SanctionKind::{Ban, Block, LastWarning, Warning};
use policy::SanctionState::{Decided, Effective, Ended, Proposed, Withdrawn};
use policy::{ActionKind, Effect, Notice, Outcome, Platform};
use sandbox::{BlockKind, NewComment};

use crate::stage::{MONDAY, Stage, ruling, without_limits};
use crate::world::INSULT;

/// A violation of a clause that may lead to a block at once.
const GRAVE: &str = "Cerco prestanome per aprire una società, scrivetemi";

const FACEBOOK: Platform = Platform::Facebook;

pub static ANNA: LazyLock<Ruling> = LazyLock::new(|| ruling("Anna", WHY).unwrap());
pub static BRUNO: LazyLock<Ruling> = LazyLock::new(|| ruling("Bruno", "Verificato il profilo e i precedenti").unwrap());
const WHY: &str = "Riletto: è come dice la regola";

pub fn is_banned(stage: &Stage, person: &str) -> bool {
    let page = stage.account(FACEBOOK);
    stage.sandbox.is_blocked(FACEBOOK, page.as_str(), person, BlockKind::Everything)
}

#[tokio::test]
async fn a_first_violation_is_hidden_counts_and_leads_to_one_warning_in_private() {
    let stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "100", INSULT).await;
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 1);
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
    let messages = stage.sandbox.private_messages(FACEBOOK);
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].comment.as_deref(), Some(id.as_str()));
    assert_eq!(stage.sandbox.replies(FACEBOOK, &id), [] as [&str; 0], "nothing is said in public");
    let case = stage.case(FACEBOOK, &id).await;
    let kinds: Vec<_> = case.actions.iter().map(|action| (action.kind, action.effect)).collect();
    assert_eq!(kinds, [(ActionKind::Hide, Some(Effect::Done)), (ActionKind::PrivateReply, Some(Effect::Done))]);
    assert_eq!(stage.said(&case.id, Notice::Warning).await, 1);
}

#[tokio::test]
async fn four_violations_climb_four_steps_and_people_decide_the_last_two() {
    let mut stage = Stage::open().await;
    let first = stage.violates(FACEBOOK, "101", INSULT).await;
    stage.violates(FACEBOOK, "101", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &first).await, [(Warning, Effective), (LastWarning, Effective)]);
    assert_eq!(stage.private(FACEBOOK).len(), 2);

    // The third: a person confirms the block, and nothing is asked of the platform before.
    let third = stage.violates(FACEBOOK, "101", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &first).await[2], (Block, Proposed));
    assert!(!is_banned(&stage, "101"));
    let task = stage.task().await;
    assert_eq!((task.kind, task.sanction), (TaskKind::Confirm, Some(3)));
    assert!(task.deadline.is_some());
    let case = stage.case(FACEBOOK, &third).await;
    assert_eq!(stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap(), Ruled::Done);
    let before = stage.calls(FACEBOOK).len();
    stage.works().await;
    assert!(is_banned(&stage, "101"));
    let calls = stage.calls(FACEBOOK).split_off(before);
    assert_eq!(calls.len(), 2, "a notice and a ban, and no end yet: {calls:?}");
    assert!(calls[0].path.contains("/messages") && calls[1].path.contains("/blocked"), "{calls:?}");
    assert!(stage.private(FACEBOOK)[2].contains("fino al"), "the notice says until when");
    assert_eq!(stage.tasks().await, [], "the task is done with it");

    // It ends by itself after seven days, not before.
    stage.hours(7 * 24 - 1);
    stage.works().await;
    assert!(is_banned(&stage, "101"));
    stage.hours(2);
    stage.works().await;
    assert!(!is_banned(&stage, "101"));
    assert_eq!(stage.sanctions(FACEBOOK, &first).await[2], (Block, Ended));

    // The fourth: two persons.
    let fourth = stage.violates(FACEBOOK, "101", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &first).await[3], (Ban, Proposed));
    let case = stage.case(FACEBOOK, &fourth).await;
    assert_eq!(stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap(), Ruled::MorePeople(1));
    for by in [" anna ", "ANNA", "an\u{200b}na", "\u{1b}[0manna", "Ａｎｎａ", "Anna Anna"] {
        let refused = stage.moderation.office().confirm(&case.id, &ruling(by, WHY).unwrap()).await;
        assert!(matches!(refused, Err(OfficeError::SamePerson { .. })), "{by:?}: {refused:?}");
    }
    for by in ["\u{200b}", "123", &"b".repeat(81), "аnnа", "Anna [1]"] {
        let refused = ruling(by, WHY);
        assert!(matches!(refused, Err(OfficeError::NoName | OfficeError::NotAName(_))), "{by:?}: {refused:?}");
    }
    for reason in ["\u{200b}\u{200b}\u{200b}", "...", &"b".repeat(4_001)] {
        let refused = ruling("Bruno", reason);
        assert!(matches!(refused, Err(OfficeError::NoReason | OfficeError::NotAReason(_))), "{reason:?}: {refused:?}");
    }
    stage.works().await;
    assert!(!is_banned(&stage, "101"));
    assert_eq!(stage.moderation.office().confirm(&case.id, &BRUNO).await.unwrap(), Ruled::Done);
    stage.works().await;
    assert!(is_banned(&stage, "101"));
    assert_eq!(stage.sanctions(FACEBOOK, &first).await[3], (Ban, Effective));
    stage.hours(24 * 300);
    stage.works().await;
    assert!(is_banned(&stage, "101"), "only a person lifts it");
}

#[tokio::test]
async fn the_steps_of_one_ladder_come_from_all_accounts_of_a_platform_and_from_no_other() {
    let mut stage = Stage::open().await;
    let first = stage.violates(Platform::Instagram, "102", INSULT).await;
    let other = stage.moderation.policy().accounts.iter().filter(|known| known.platform == Platform::Instagram).nth(1);
    let other = other.unwrap().id.clone();
    stage.posts(NewComment::new(other.as_str(), "102", "Persona di prova", INSULT), Platform::Instagram);
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.sanctions(Platform::Instagram, &first).await, [(Warning, Effective), (LastWarning, Effective)]);
    let elsewhere = stage.violates(FACEBOOK, "102", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &elsewhere).await, [(Warning, Effective)]);
}

#[tokio::test]
async fn a_burst_before_the_first_warning_leads_to_one_warning() {
    let stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let mut last = String::new();
    for number in 0..30 {
        let text = format!("{INSULT} {number}");
        last = stage.posts(NewComment::new(page.as_str(), "103", "Persona di prova", &text), FACEBOOK);
    }
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.strikes(FACEBOOK, &last).await, 30);
    assert_eq!(stage.hides(FACEBOOK), 30);
    assert_eq!(stage.sanctions(FACEBOOK, &last).await, [(Warning, Effective)]);
    assert_eq!(stage.private(FACEBOOK).len(), 1);
}

#[tokio::test]
async fn a_thousand_violations_by_one_author_at_once_are_a_thousand_strikes_and_one_warning() {
    let stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let mut last = String::new();
    for number in 0..1_000 {
        let text = format!("{INSULT} {number}");
        last = stage.posts(NewComment::new(page.as_str(), "104", "Persona di prova", &text), FACEBOOK);
    }
    stage.receives().await;
    assert_eq!(stage.strikes(FACEBOOK, &last).await, 1_000, "no update is lost");
    // Several workers at once, as in AWS the stream and the sweep: each finds the same due, and hides and climbs.
    while stage.ledger().due(stage.now(), 1).await.unwrap().len() == 1 {
        join_all((0..4).map(|_| stage.moderation.sweep(250))).await;
    }
    assert_eq!(stage.hides(FACEBOOK), 1_000, "each is hidden once");
    let sanctions = stage.sanctions(FACEBOOK, &last).await;
    assert_eq!(sanctions, [(Warning, Effective)], "one warning");
    assert_eq!(stage.private(FACEBOOK).len(), 1);
}

#[tokio::test]
async fn where_the_platform_refuses_the_warning_a_person_gives_it_and_the_ladder_waits() {
    let mut stage = Stage::open().await;
    // X refuses an answer to somebody who did not mention us, and this person takes no messages.
    stage.sandbox.close_messages("105");
    let first = stage.violates(Platform::X, "105", INSULT).await;
    let task = stage.task().await;
    assert_eq!(task.sanction, Some(1), "{task:?}");
    assert_eq!(stage.sanctions(Platform::X, &first).await, [(Warning, Decided)]);
    for number in 0..4 {
        stage.violates(Platform::X, "105", &format!("{INSULT} {number}")).await;
    }
    assert_eq!(stage.sanctions(Platform::X, &first).await, [(Warning, Decided)], "the ladder waits");
    assert_eq!(stage.tasks().await.len(), 1);

    stage.moderation.office().finish_task(&task.id, &ANNA, true).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(Platform::X, &first).await, [(Warning, Effective)], "what came before it is warned of");
    stage.hours(1);
    stage.violates(Platform::X, "105", INSULT).await;
    assert_eq!(stage.sanctions(Platform::X, &first).await[1].0, LastWarning, "the ladder goes on");
    let twice = stage.moderation.office().finish_task(&task.id, &BRUNO, true).await;
    assert!(matches!(twice, Err(OfficeError::TaskDone { ref by, .. }) if by.as_str() == "Anna"), "{twice:?}");
}

#[tokio::test]
async fn a_warning_that_nobody_can_deliver_is_given_for_the_next_violation() {
    let mut stage = Stage::open().await;
    stage.sandbox.close_messages("106");
    let first = stage.violates(Platform::X, "106", INSULT).await;
    let task = stage.task().await;
    stage.moderation.office().finish_task(&task.id, &ANNA, false).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(Platform::X, &first).await, [(Warning, Withdrawn)]);
    stage.hours(1);
    let mentioning = NewComment {
        mentions_us: true,
        ..NewComment::new(stage.account(Platform::X).as_str(), "106", "Persona di prova", INSULT)
    };
    let second = stage.posts(mentioning, Platform::X);
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.sanctions(Platform::X, &first).await, [(Warning, Withdrawn), (Warning, Effective)]);
    assert_eq!(stage.sandbox.replies(Platform::X, &second).len(), 1);
}

#[tokio::test]
async fn a_grave_violation_proposes_a_block_once_a_person_has_confirmed_it_and_a_person_decides() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "107", GRAVE).await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)], "words alone skip no step");
    assert_eq!(stage.tasks().await, [], "and bring it before nobody");
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (Block, Proposed)]);
    let mut kinds: Vec<_> = stage.tasks().await.into_iter().map(|task| task.kind).collect();
    kinds.sort_by_key(|kind| kind.as_str());
    assert_eq!(kinds, [TaskKind::Confirm, TaskKind::Refer, TaskKind::Refer]);
    assert!(!is_banned(&stage, "107"));
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    assert!(is_banned(&stage, "107"));
    // The block skipped the last warning: another, ordinary violation after it is warned of before anything else.
    stage.hours(8 * 24);
    stage.works().await;
    assert!(!is_banned(&stage, "107"));
    let said = stage.private(FACEBOOK).len();
    let second = stage.violates(FACEBOOK, "107", INSULT).await;
    let steps = [(Warning, Effective), (Block, Ended), (LastWarning, Effective)];
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, steps);
    let case = stage.case(FACEBOOK, &second).await;
    assert_eq!((stage.private(FACEBOOK).len(), stage.said(&case.id, Notice::LastWarning).await), (said + 1, 1));
    // Who goes on after that was told what comes next, and two persons decide it.
    stage.violates(FACEBOOK, "107", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await[3..], [(Ban, Proposed)]);
    assert!(!is_banned(&stage, "107"));
}

#[tokio::test]
async fn a_grave_violation_after_a_block_for_one_has_ended_is_for_a_person_to_block_again() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "113", GRAVE).await;
    let case = stage.case(FACEBOOK, &id).await;
    // That it violates the rules, and that its author is blocked for it.
    for _ in 0..2 {
        stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
        stage.works().await;
    }
    assert!(is_banned(&stage, "113"));
    stage.hours(8 * 24);
    stage.works().await;
    stage.hours(1);
    let second = stage.violates(FACEBOOK, "113", GRAVE).await;
    let words = [(Warning, Effective), (Block, Ended), (LastWarning, Effective)];
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, words, "words alone skip no step, this time neither");
    let case = stage.case(FACEBOOK, &second).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await[3..], [(Block, Proposed)]);
    assert!(!is_banned(&stage, "113"));
}

#[tokio::test]
async fn after_thirteen_months_a_violation_is_a_first_one_again() {
    let mut stage = Stage::open().await;
    stage.violates(FACEBOOK, "108", INSULT).await;
    let second = stage.violates(FACEBOOK, "108", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &second).await, [(Warning, Effective), (LastWarning, Effective)]);
    stage.hours(396 * 24);
    let third = stage.violates(FACEBOOK, "108", INSULT).await;
    let now = stage.now();
    let standing = stage.author(FACEBOOK, &third).await.standing;
    assert_eq!(standing.weight(now), 1);
    assert_eq!(standing.reached(now), Some(Warning));
    assert_eq!(stage.private(FACEBOOK).len(), 3);
    let texts = stage.private(FACEBOOK);
    assert!(!texts[2].contains("ultimo avviso"), "{}", texts[2]);
}

#[tokio::test]
async fn an_event_from_webhook_and_poll_is_one_strike_and_one_warning() {
    let stage = Stage::open().await;
    let id = stage.comments(Platform::Linkedin, "urn:li:person:109", INSULT).await;
    stage.works().await;
    stage.moderation.poll(moderation::Pace::AtOnce).await;
    stage.works().await;
    assert_eq!(stage.strikes(Platform::Linkedin, &id).await, 1);
    assert_eq!(stage.sandbox.replies(Platform::Linkedin, &id).len(), 1);
}

#[tokio::test]
async fn who_removes_a_comment_before_the_warning_goes_out_is_not_warned_and_the_ladder_is_not_stuck() {
    let mut stage = Stage::open().await;
    let first = stage.comments(FACEBOOK, "110", INSULT).await;
    stage.sandbox.delete_comment(FACEBOOK, &first).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.private(FACEBOOK).len(), 0);
    assert_eq!(stage.strikes(FACEBOOK, &first).await, 1, "it was published all the same");
    assert_eq!(stage.ledger().next_due().await.unwrap(), None);
    stage.hours(1);
    stage.violates(FACEBOOK, "110", INSULT).await;
    let sanctions = stage.sanctions(FACEBOOK, &first).await;
    assert_eq!(sanctions.last(), Some(&(Warning, Effective)), "{sanctions:?}");
    assert_eq!(stage.private(FACEBOOK).len(), 1);
}

#[tokio::test]
async fn what_was_written_before_the_warning_arrived_does_not_count_as_written_in_spite_of_it() {
    let mut stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let earlier = stage.now() - SignedDuration::from_mins(30);
    stage.violates(FACEBOOK, "111", INSULT).await;
    let late = NewComment {
        written_at: Some(earlier),
        ..NewComment::new(page.as_str(), "111", "Persona di prova", "sei un coglione di merda, ancora")
    };
    let id = stage.posts(late, FACEBOOK);
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 2);
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
}

#[tokio::test]
async fn a_proposal_that_a_person_declines_leaves_the_contribution_hidden_and_the_strike() {
    let mut stage = Stage::open().await;
    stage.violates(FACEBOOK, "112", INSULT).await;
    stage.violates(FACEBOOK, "112", INSULT).await;
    let third = stage.violates(FACEBOOK, "112", INSULT).await;
    let case = stage.case(FACEBOOK, &third).await;
    stage.moderation.office().overturn(&case.id, &ANNA, Extent::Proposal, false).await.unwrap();
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &third));
    assert_eq!(stage.strikes(FACEBOOK, &third).await, 3);
    assert!(!is_banned(&stage, "112"));
    assert_eq!(stage.tasks().await, []);
    // The next violation asks again.
    stage.hours(1);
    stage.violates(FACEBOOK, "112", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &third).await.last(), Some(&(Block, Proposed)));
}

#[tokio::test]
async fn the_limits_of_the_policy_are_what_these_stories_do_without() {
    let policy = without_limits(&[]);
    assert!(!policy.automation.trips(10_000, 10_000));
    assert_eq!(policy.ladder.steps.len(), 4);
    assert_eq!(moderation::built_in("milano-monza-brianza-lodi").unwrap().ladder, policy.ladder, "the real ladder");
    let outcome = policy.judge(&policy::Subject::of(GRAVE)).outcome();
    assert_eq!(outcome, Outcome::Hide);
}

#[tokio::test]
async fn a_strike_that_is_raised_is_climbed_for_though_nothing_was_due_for_it_before() {
    let ladder = [
        ("sanction = \"last_warning\"\nweight = 2", "sanction = \"last_warning\"\nweight = 3"),
        ("sanction = \"block\"\nweight = 3", "sanction = \"block\"\nweight = 4"),
        ("sanction = \"ban\"\nweight = 4", "sanction = \"ban\"\nweight = 5"),
    ];
    // All of it in one process, which remembers what it has found out.
    let stage = Stage::with(without_limits(&ladder), MONDAY).await;
    stage.comments(FACEBOOK, "930", INSULT).await;
    stage.works().await;
    // Facebook dates by seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let id = stage.comments(FACEBOOK, "930", INSULT).await;
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
    stage.sandbox.edit_comment(FACEBOOK, &id, GRAVE).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (LastWarning, Effective)]);
}
