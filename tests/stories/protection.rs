//! Protection is not punishment (invariant 14), and nothing leaps or is referred on words alone (invariant 15).

use jiff::SignedDuration;
use ledger::{Fact, HaltCause, Scope, TaskKind};
use moderation::{Extent, OfficeError, Pace};
use policy::SanctionKind::{Block, LastWarning, Warning};
use policy::SanctionState::{Decided, Effective, Proposed};
use policy::{Effect, Notice, Outcome, Platform};
use sandbox::NewComment;
use serde_json::json;

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{Stage, wording};
use crate::world::{INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;
const OWN_DATA: &str = "Richiamatemi, sono al 347 1234567, oppure scrivete a mario.rossi.prova@gmail.com";
/// By words that have other senses in other kitchens.
const OBSCENE: &str = "guardate il mio video porno, pompini gratis";

async fn verdict_protects(stage: &Stage, id: &str) -> bool {
    let case = stage.case(FACEBOOK, id).await.id;
    stage
        .facts(&case)
        .await
        .iter()
        .any(|entry| matches!(entry.fact, Fact::Verdict { protects: true, strike: None, .. }))
}

#[tokio::test]
async fn own_data_are_hidden_explained_in_private_and_count_for_nothing() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "401", OWN_DATA).await;
    stage.violates(FACEBOOK, "401", "Il mio cellulare è 347 7654321").await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 0);
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, []);
    let said = stage.private(FACEBOOK);
    assert_eq!(said.len(), 2, "once for each contribution");
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(stage.said(&case.id, Notice::Protection).await, 1);
    for threat in ["sospes", "blocc", "esclus", "ultimo avviso"] {
        assert!(!said[0].to_lowercase().contains(threat), "{threat}: {}", said[0]);
    }
    for word in ["R5", "nascosto", "comunicazione@mi.camcom.it"] {
        assert!(said[0].contains(word), "{word}: {}", said[0]);
    }
    assert_eq!(stage.sandbox.replies(FACEBOOK, &id), [] as [&str; 0]);
    assert_eq!(stage.tasks().await, []);
    assert!(verdict_protects(&stage, &id).await);
    // Confirming that they are personal data changes nothing about that.
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 0);
    assert_eq!(stage.ledger().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn instagram_and_x_too_tell_in_private_why_own_data_were_hidden() {
    for platform in [Platform::Instagram, Platform::X] {
        let mut stage = Stage::open().await;
        let comment = NewComment {
            mentions_us: true,
            ..NewComment::new(stage.account(platform).as_str(), "410", "Persona di prova", OWN_DATA)
        };
        let id = stage.posts(comment, platform);
        stage.receives().await;
        stage.works().await;
        stage.hours(1);
        stage.works().await;
        let case = stage.case(platform, &id).await;
        assert!(case.outcome == Outcome::Hide && case.is_hidden() && case.protects, "{platform}: {case:?}");
        let said = stage.private(platform);
        assert_eq!((said.len(), stage.said(&case.id, Notice::Protection).await), (1, 1), "{platform}: {said:?}");
        for word in ["R5", "nascosto", "comunicazione@mi.camcom.it"] {
            assert!(said[0].contains(word), "{platform}, {word}: {}", said[0]);
        }
        assert_eq!(stage.sandbox.replies(platform, &id), [] as [&str; 0], "{platform}: never in public");
        assert_eq!((stage.strikes(platform, &id).await, stage.tasks().await), (0, vec![]), "{platform}");
    }
}

#[tokio::test]
async fn where_nothing_can_be_said_in_private_nothing_is_said() {
    for (platform, author) in [(Platform::Linkedin, "urn:li:person:402"), (Platform::Youtube, "UC402")] {
        let mut stage = Stage::open().await;
        let id = stage.comments(platform, author, OWN_DATA).await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        stage.hours(1);
        stage.works().await;
        let case = stage.case(platform, &id).await;
        assert_eq!(case.outcome, Outcome::Hide, "{platform}");
        assert_eq!(stage.sandbox.replies(platform, &id), [] as [&str; 0], "{platform}: never in public");
        assert!(case.actions.iter().all(|action| !action.kind.speaks()), "{platform}");
        assert!(stage.tasks().await.iter().all(|task| task.sanction.is_none()), "{platform}: nobody has to warn");
        assert_eq!(stage.strikes(platform, &id).await, 0, "{platform}");
    }
}

#[tokio::test]
async fn who_exposed_another_is_found_by_a_person_and_the_ladder_goes_on_from_there() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "403", OWN_DATA).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm_exposure(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 1);
    assert!(!stage.case(FACEBOOK, &id).await.protects);
    // Facebook takes one private message about a comment, and that explained the protection. In public the warning would
    // point everybody at what was hidden: a person delivers it, in private.
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Decided)]);
    assert_eq!(stage.sandbox.replies(FACEBOOK, &id), [] as [&str; 0]);
    let task = stage.task().await;
    assert_eq!(task.sanction, Some(1), "{task:?}");
    assert!(wording(&task).contains("in privato"), "{}", wording(&task));
    stage.moderation.finish_task(&task.id, ANNA, true).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
    stage.hours(1);
    stage.violates(FACEBOOK, "403", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (LastWarning, Effective)]);
    // Where nobody was protected there is nobody exposed to find.
    let insult = stage.violates(FACEBOOK, "404", INSULT).await;
    let insult = stage.case(FACEBOOK, &insult).await;
    let refused = stage.moderation.confirm_exposure(&insult.id, ANNA).await;
    assert!(matches!(refused, Err(OfficeError::NothingProtected)), "{refused:?}");
}

#[tokio::test]
async fn that_somebody_was_exposed_may_be_found_after_the_data_were_confirmed_and_counts_once() {
    for text in [OWN_DATA, "Chiamate la signora allo 0371 456789"] {
        let mut stage = Stage::open().await;
        let id = stage.violates(FACEBOOK, "409", text).await;
        let case = stage.case(FACEBOOK, &id).await;
        stage.moderation.confirm(&case.id, ANNA).await.unwrap();
        stage.works().await;
        assert_eq!(stage.strikes(FACEBOOK, &id).await, 0, "{text}");
        let hides = stage.hides(FACEBOOK);
        stage.passes(SignedDuration::from_mins(1));
        stage.moderation.confirm_exposure(&case.id, BRUNO).await.unwrap();
        stage.works().await;
        assert_eq!((stage.strikes(FACEBOOK, &id).await, stage.hides(FACEBOOK)), (1, hides), "{text}");
        assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Decided)], "{text}");
        let again = stage.moderation.confirm_exposure(&case.id, ANNA).await;
        assert!(matches!(again, Err(OfficeError::Closed { .. })), "{text}: {again:?}");
        // Overturning takes exactly that strike back.
        stage.passes(SignedDuration::from_mins(1));
        stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
        stage.works().await;
        assert_eq!(stage.strikes(FACEBOOK, &id).await, 0, "{text}");
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "{text}");
        let refused = stage.moderation.confirm_exposure(&case.id, ANNA).await;
        assert!(matches!(refused, Err(OfficeError::Closed { .. })), "{text}: {refused:?}");
    }
}

#[tokio::test]
async fn that_somebody_exposed_another_is_said_in_public_nowhere() {
    let authors = [(Platform::Linkedin, "urn:li:person:408"), (Platform::Youtube, "UC408"), (Platform::X, "408")];
    for (platform, author) in authors.into_iter().chain([(Platform::Instagram, "408"), (FACEBOOK, "408")]) {
        let mut stage = Stage::open().await;
        // Nobody was told anything about it before: it waited for a person.
        let comment = NewComment {
            mentions_us: true,
            ..NewComment::new(
                stage.account(platform).as_str(),
                author,
                "Persona",
                "Chiamate la signora allo 0371 456789",
            )
        };
        let id = stage.posts(comment, platform);
        stage.receives().await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        let case = stage.case(platform, &id).await;
        assert_eq!(case.outcome, Outcome::Review, "{platform}");
        stage.moderation.confirm_exposure(&case.id, ANNA).await.unwrap();
        stage.works().await;
        assert_eq!(stage.strikes(platform, &id).await, 1, "{platform}");
        assert_eq!(stage.sandbox.replies(platform, &id), [] as [&str; 0], "{platform}");
        let is_told = !stage.private(platform).is_empty();
        assert_eq!(is_told, !matches!(platform, Platform::Linkedin | Platform::Youtube), "{platform}");
        let state = if is_told { Effective } else { Decided };
        assert_eq!(stage.sanctions(platform, &id).await, [(Warning, state)], "{platform}");
        if is_told {
            continue;
        }
        let mut tasks = stage.tasks().await;
        tasks.retain(|task| task.sanction == Some(1));
        assert!(wording(&tasks[0]).contains("solo in privato"), "{platform}: {}", wording(&tasks[0]));
        // What anybody else is warned of is said in public there, as the policy says, and names what was found.
        stage.moderation.finish_task(&tasks[0].id, ANNA, true).await.unwrap();
        stage.works().await;
        stage.hours(1);
        let insult = stage.comments(platform, author, INSULT).await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        assert_eq!(stage.sandbox.replies(platform, &insult).len(), 1, "{platform}");
    }
}

#[tokio::test]
async fn doubtful_data_that_a_person_confirms_are_hidden_and_count_only_with_that_finding() {
    for exposed in [false, true] {
        let stage = Stage::open().await;
        let doubtful = "Chiamate la signora allo 0371 456789";
        let id = stage.comments(FACEBOOK, "405", doubtful).await;
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        assert_eq!(case.outcome, Outcome::Review);
        if exposed {
            stage.moderation.confirm_exposure(&case.id, ANNA).await.unwrap();
        } else {
            stage.moderation.confirm(&case.id, ANNA).await.unwrap();
        }
        stage.works().await;
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
        assert_eq!(stage.strikes(FACEBOOK, &id).await, usize::from(exposed));
        assert_eq!(stage.said(&case.id, Notice::Protection).await, usize::from(!exposed));
        assert_eq!(stage.said(&case.id, Notice::Warning).await, usize::from(exposed));
    }
}

#[tokio::test]
async fn an_insult_beside_own_data_counts_as_an_insult() {
    let mut stage = Stage::open().await;
    let text = format!("Chiamami al 347 1234567, {INSULT}");
    let id = stage.violates(FACEBOOK, "406", &text).await;
    let strikes = stage.author(FACEBOOK, &id).await.standing.strikes;
    assert_eq!(strikes.iter().map(|strike| strike.clause.as_str()).collect::<Vec<_>>(), ["R2"]);
    assert!(stage.private(FACEBOOK)[0].contains("R2"), "the warning names what counts");
}

#[tokio::test]
async fn words_alone_lead_to_a_warning_and_a_person_to_the_block_and_the_referrals() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "407", OBSCENE).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.findings[0].clause, "R6");
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)], "an ordinary first step");
    assert_eq!(stage.tasks().await, [], "nobody is asked to report it");
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (Block, Proposed)]);
    let kinds = |tasks: Vec<ledger::Task>| {
        let mut kinds: Vec<_> = tasks.into_iter().map(|task| task.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    };
    let [confirm, refer] = [TaskKind::Confirm, TaskKind::Refer].map(|kind| kind.as_str());
    assert_eq!(kinds(stage.tasks().await), [confirm, refer, refer]);
    // The second confirmation is that of the block, and asks for no second report.
    stage.passes(SignedDuration::from_mins(1));
    stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
    stage.works().await;
    assert_eq!(kinds(stage.tasks().await), [refer, refer]);
    assert_eq!(stage.sanctions(FACEBOOK, &id).await[1].0, Block);
}

/// Of a clause that weighs as much as that of [`OBSCENE`], and leads to less.
const SLUR: &str = "negri di merda";

#[tokio::test]
async fn of_two_grave_clauses_a_confirmed_text_leads_to_all_that_either_leads_to() {
    let orders = [[SLUR, OBSCENE], [OBSCENE, SLUR]];
    for edited in [false, true] {
        for [first, second] in orders {
            let what = format!("{first}, {second}, edited {edited}");
            let mut stage = Stage::open().await;
            let id = if edited {
                let id = stage.comments(FACEBOOK, "411", first).await;
                stage.sandbox.edit_comment(FACEBOOK, &id, second).unwrap();
                stage.receives().await;
                stage.works().await;
                id
            } else {
                stage.violates(FACEBOOK, "411", &format!("{first}, {second}")).await
            };
            stage.passes(SignedDuration::from_mins(1));
            let case = stage.case(FACEBOOK, &id).await;
            stage.moderation.confirm(&case.id, ANNA).await.unwrap();
            stage.works().await;
            assert_eq!(stage.strikes(FACEBOOK, &id).await, 1, "{what}");
            assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (Block, Proposed)], "{what}");
            let mut refer = stage.tasks().await;
            refer.retain(|task| task.kind == TaskKind::Refer);
            let authorities: Vec<_> = refer.iter().filter(|task| wording(task).contains("autorità")).collect();
            assert_eq!((refer.len(), authorities.len()), (2, 1), "{what}: {refer:?}");
            assert!(wording(authorities[0]).contains("R6"), "{what}: {}", wording(authorities[0]));
            let platform = refer.iter().find(|task| !wording(task).contains("autorità")).unwrap();
            for clause in ["R6", "R7"] {
                assert!(wording(platform).contains(clause), "{what}: {}", wording(platform));
            }
        }
    }
}

#[tokio::test]
async fn a_graver_clause_of_the_same_weight_is_confirmed_by_itself() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "412", SLUR).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    assert_eq!(stage.tasks().await.len(), 1);
    // Nobody was warned about it yet, so that nothing counts anew: it is on the desk again, and leads to what it leads to.
    stage.passes(SignedDuration::from_mins(1));
    stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{SLUR}, {OBSCENE}")).unwrap();
    stage.receives().await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.is_open(), "nobody has confirmed that");
    stage.passes(SignedDuration::from_mins(1));
    stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
    stage.works().await;
    let tasks = stage.tasks().await;
    assert!(tasks.iter().any(|task| wording(task).contains("autorità")), "{tasks:?}");
}

#[tokio::test]
async fn who_refers_a_case_by_hand_cites_what_is_to_be_referred_there() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "413", &format!("{SLUR}, {OBSCENE}")).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.escalate(&case.id, policy::Referral::Authorities, ANNA).await.unwrap();
    let task = stage.task().await;
    assert!(wording(&task).contains("R6") && !wording(&task).contains("R7"), "{}", wording(&task));
}

#[tokio::test]
async fn an_insult_that_exposes_another_is_found_to_do_so_and_counts_once() {
    let text = "siete dei coglioni, chiamate la signora al 347 1234567";
    for confirmed_before in [false, true] {
        let mut stage = Stage::open().await;
        let id = stage.violates(FACEBOOK, "414", text).await;
        let case = stage.case(FACEBOOK, &id).await;
        if confirmed_before {
            stage.moderation.confirm(&case.id, ANNA).await.unwrap();
            stage.passes(SignedDuration::from_mins(1));
        }
        stage.moderation.confirm_exposure(&case.id, BRUNO).await.unwrap();
        stage.works().await;
        let strikes = stage.author(FACEBOOK, &id).await.standing.strikes;
        let counted: Vec<_> = strikes.iter().map(|strike| (strike.clause.as_str(), strike.weight)).collect();
        assert_eq!(counted, [("R5", 1)], "confirmed before: {confirmed_before}");
        assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
        let again = stage.moderation.confirm_exposure(&case.id, ANNA).await;
        assert!(matches!(again, Err(OfficeError::Closed { .. })), "{again:?}");
    }
}

/// Calls to Facebook whose path holds this are answered with a refusal.
fn refused(path: &str, code: u64) -> sandbox::Fault {
    let body = json!({ "error": { "message": "refused", "code": code } });
    sandbox::Fault { path: Some(path.to_owned()), ..fault(FACEBOOK, 100, answers(400, body)) }
}

#[tokio::test]
async fn an_explanation_that_the_platform_refuses_is_nobodys_task() {
    let stage = Stage::open().await;
    stage.sandbox.add_fault(refused("/messages", 551));
    let id = stage.comments(FACEBOOK, "415", OWN_DATA).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    let explained = case.actions.iter().find(|action| action.notice == Some(Notice::Protection)).expect("it was tried");
    assert_eq!(explained.effect, Some(Effect::Refused));
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn nobody_is_told_that_something_was_hidden_that_was_not() {
    let stage = Stage::open().await;
    stage.sandbox.add_fault(refused("is_hidden=true", 100));
    let id = stage.comments(FACEBOOK, "416", OWN_DATA).await;
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.private(FACEBOOK), [] as [&str; 0]);
}

#[tokio::test]
async fn who_was_right_or_has_taken_it_away_is_not_told_why_it_was_hidden() {
    for removed in [false, true] {
        let stage = Stage::open().await;
        let id = stage.comments(FACEBOOK, "417", OWN_DATA).await;
        // It is hidden, and nobody has been told yet.
        stage.moderation.sweep(100).await.unwrap();
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
        let case = stage.case(FACEBOOK, &id).await;
        if removed {
            stage.moderation.confirm(&case.id, ANNA).await.unwrap();
            stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
            stage.receives().await;
        } else {
            // And it cannot be shown again.
            stage.sandbox.add_fault(refused("is_hidden=false", 100));
            stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
        }
        stage.works().await;
        assert_eq!(stage.said(&case.id, Notice::Protection).await, 0, "removed: {removed}");
        let case = stage.case(FACEBOOK, &id).await;
        let explained = case.actions.iter().any(|action| action.notice == Some(Notice::Protection));
        assert!(!explained, "removed: {removed}: {case:?}");
    }
}

#[tokio::test]
async fn what_is_written_in_place_of_own_data_is_answered_and_counts_like_anything_else() {
    for (text, notice) in
        [("La mia pratica è ferma da mesi, che cosa devo fare?", Notice::Redirect), (INSULT, Notice::Warning)]
    {
        let mut stage = Stage::open().await;
        let id = stage.violates(FACEBOOK, "418", OWN_DATA).await;
        let case = stage.case(FACEBOOK, &id).await;
        assert_eq!(stage.said(&case.id, Notice::Protection).await, 1);
        stage.sandbox.edit_comment(FACEBOOK, &id, text).unwrap();
        stage.receives().await;
        stage.works().await;
        stage.passes(SignedDuration::from_mins(1));
        stage.works().await;
        assert_eq!(stage.said(&case.id, notice).await, 1, "{text}: {:?}", stage.case(FACEBOOK, &id).await);
        let counts = usize::from(notice == Notice::Warning);
        assert_eq!((stage.strikes(FACEBOOK, &id).await, stage.sanctions(FACEBOOK, &id).await.len()), (counts, counts));
    }
}

#[tokio::test]
async fn a_text_that_waited_for_a_person_leads_to_all_that_its_clauses_lead_to() {
    let stage = Stage::open().await;
    stage.moderation.halt(Scope::All, HaltCause::Switch, ANNA).await.unwrap();
    let id = stage.comments(FACEBOOK, "419", &format!("{SLUR}, {OBSCENE}")).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.outcome, Outcome::Review);
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    let mut refer = stage.tasks().await;
    refer.retain(|task| task.kind == TaskKind::Refer);
    let named = |clause: &str| refer.iter().filter(|task| wording(task).contains(clause)).count();
    assert_eq!((refer.len(), named("R6"), named("R7")), (2, 2, 1), "{refer:?}");
}
