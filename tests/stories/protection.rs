//! Protection is not punishment (invariant 14), and nothing leaps or is referred on words alone (invariant 15).

use jiff::SignedDuration;
use ledger::{Fact, TaskKind};
use moderation::OfficeError;
use policy::SanctionKind::{Block, Warning};
use policy::SanctionState::{Effective, Proposed};
use policy::{Notice, Outcome, Platform};

use crate::ladder::{ANNA, BRUNO};
use crate::stage::Stage;
use crate::world::INSULT;

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
async fn where_nothing_can_be_said_in_private_nothing_is_said() {
    for (platform, author) in [(Platform::Linkedin, "urn:li:person:402"), (Platform::Youtube, "UC402")] {
        let mut stage = Stage::open().await;
        let id = stage.comments(platform, author, OWN_DATA).await;
        stage.moderation.poll(moderation::Pace::AtOnce).await;
        stage.works().await;
        stage.hours(1);
        stage.works().await;
        let case = stage.case(platform, &id).await;
        assert_eq!(case.outcome, Outcome::Hide, "{platform}");
        assert_eq!(stage.sandbox.replies(platform, &id), [] as [&str; 0], "{platform}: never in public");
        assert!(case.actions.iter().all(|action| !action.kind.speaks()), "{platform}");
        assert!(stage.tasks().await.iter().all(|task| !task.id.contains("warn")), "{platform}");
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
    assert_eq!(stage.sanctions(FACEBOOK, &id).await.first().map(|(kind, _)| *kind), Some(Warning));
    assert!(!stage.case(FACEBOOK, &id).await.protects);
    assert_eq!(stage.said(&case.id, Notice::Warning).await, 1);
    // Where nobody was protected there is nobody exposed to find.
    let insult = stage.violates(FACEBOOK, "404", INSULT).await;
    let insult = stage.case(FACEBOOK, &insult).await;
    let refused = stage.moderation.confirm_exposure(&insult.id, ANNA).await;
    assert!(matches!(refused, Err(OfficeError::NothingProtected)), "{refused:?}");
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
