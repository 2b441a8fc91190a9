//! Who does what was asked of them is seen by a person, and who was cleared by one is left alone.

use jiff::SignedDuration;
use ledger::{Case, Task, TaskKind};
use moderation::Extent;
use policy::{Outcome, Platform};

use crate::ladder::{ANNA, BRUNO};
use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT};

const FACEBOOK: Platform = Platform::Facebook;
const OWN_DATA: &str = "Richiamatemi, sono al 347 1234567";
const DOUBTFUL: &str = "sei un cogli one, impara";
const ANOTHER: &str = "andate tutti affanculo";
const PERSONAL: &str = "La mia pratica è ferma da mesi, che cosa devo fare?";

/// An edit, and what stands there read again where its deliveries do not tell.
async fn edits(stage: &mut Stage, id: &str, text: &str) {
    stage.passes(SignedDuration::from_mins(1));
    stage.sandbox.edit_comment(FACEBOOK, id, text).unwrap();
    stage.receives().await;
    stage.works().await;
    stage.passes(SignedDuration::from_mins(1));
    stage.works().await;
}

async fn rewritten(stage: &Stage) -> Vec<Task> {
    let mut tasks = stage.tasks().await;
    tasks.retain(|task| task.kind == TaskKind::Rewritten);
    tasks
}

async fn open(stage: &Stage, id: &str) -> Vec<Case> {
    let mut cases = stage.cases(FACEBOOK, id).await;
    cases.retain(Case::is_open);
    cases
}

#[tokio::test]
async fn who_rewrites_within_the_rules_what_a_person_confirmed_is_looked_at_once() {
    let texts = [(INSULT, CRITICISM), (OWN_DATA, "Richiamatemi"), (INSULT, PERSONAL), (INSULT, DOUBTFUL)];
    for (hidden, clean) in texts {
        let mut stage = Stage::open().await;
        let id = stage.violates(FACEBOOK, "911", hidden).await;
        let case = stage.case(FACEBOOK, &id).await;
        stage.moderation.confirm(&case.id, ANNA).await.unwrap();
        stage.works().await;
        assert_eq!(rewritten(&stage).await, [], "{hidden}");
        edits(&mut stage, &id, clean).await;
        let tasks = rewritten(&stage).await;
        assert_eq!(tasks.len(), 1, "{hidden} > {clean}");
        assert_eq!(tasks[0].case.as_ref(), Some(&case.id), "{hidden} > {clean}");
        edits(&mut stage, &id, &format!("{clean} Grazie.")).await;
        assert_eq!(rewritten(&stage).await.len(), 1, "{hidden} > {clean}: it is asked already");
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{hidden}: it is not shown again by itself");
    }
    // What a person has confirmed a violation is none the less for harmless words.
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "912", DOUBTFUL).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    edits(&mut stage, &id, &format!("{DOUBTFUL}. Grazie!")).await;
    assert_eq!(rewritten(&stage).await, []);
}

#[tokio::test]
async fn who_cuts_again_what_was_not_cleared_is_looked_at() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "921", INSULT).await;
    let first = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&first.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    edits(&mut stage, &id, &format!("{INSULT}. {ANOTHER}")).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    let [second] = open(&stage, &id).await.try_into().expect("one open case");
    assert_ne!(second.id, first.id, "what a person has cleared is not opened again by something else");
    stage.moderation.confirm(&second.id, BRUNO).await.unwrap();
    stage.works().await;
    assert_eq!(rewritten(&stage).await, []);
    edits(&mut stage, &id, INSULT).await;
    let tasks = rewritten(&stage).await;
    assert_eq!(tasks.iter().map(|task| task.case.as_ref()).collect::<Vec<_>>(), [Some(&second.id)]);
}

#[tokio::test]
async fn what_was_removed_or_cleared_asks_nobody_to_show_it() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "922", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    edits(&mut stage, &id, CRITICISM).await;
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn a_doubt_that_was_cleared_is_no_doubt_again_for_harmless_words() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "931", DOUBTFUL).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.outcome, Outcome::Review);
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    for more in ["Grazie!", "Grazie mille a tutti quanti.", "Buona domenica."] {
        edits(&mut stage, &id, &format!("{DOUBTFUL}. {more}")).await;
        assert_eq!(open(&stage, &id).await, [], "{more}");
    }
    assert_eq!(stage.tasks().await, []);
    // A doubt about something else is one, and what violates is hidden.
    edits(&mut stage, &id, &format!("{DOUBTFUL}. Chiamate la signora allo 0371 456789")).await;
    assert_eq!(open(&stage, &id).await.len(), 1, "that is another doubt");
    edits(&mut stage, &id, &format!("{DOUBTFUL}. {ANOTHER}")).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
}

#[tokio::test]
async fn what_a_person_has_cleared_twice_is_not_brought_a_third_time() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "932", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    edits(&mut stage, &id, &format!("{INSULT}. Grazie!")).await;
    let [second] = open(&stage, &id).await.try_into().expect("once a person looks again");
    stage.moderation.overturn(&second.id, BRUNO, Extent::Case, false).await.unwrap();
    for more in ["Grazie mille!", "Buona domenica a tutti quanti."] {
        edits(&mut stage, &id, &format!("{INSULT}. {more}")).await;
        assert_eq!(open(&stage, &id).await, [], "{more}");
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "{more}");
    }
    // A doubt that nobody has seen is for a person, whatever stands beside it.
    edits(&mut stage, &id, &format!("{INSULT}. Chiamate la signora allo 0371 456789")).await;
    assert_eq!(open(&stage, &id).await.len(), 1, "somebody else's number");
    edits(&mut stage, &id, &format!("{INSULT}. {ANOTHER}")).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "what is new counts");
}

#[tokio::test]
async fn who_rewrites_it_into_a_question_or_a_doubt_before_it_is_hidden_is_not_hidden() {
    for milder in [PERSONAL, DOUBTFUL] {
        let mut stage = Stage::open().await;
        let id = stage.comments(FACEBOOK, "941", INSULT).await;
        edits(&mut stage, &id, milder).await;
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "{milder}");
        // What violates again is hidden again.
        edits(&mut stage, &id, &format!("{milder} {ANOTHER}")).await;
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{milder}");
    }
}

#[tokio::test]
async fn what_was_cleared_twice_and_is_no_longer_kept_clears_nothing_else() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "933", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    edits(&mut stage, &id, &format!("{INSULT}. Grazie!")).await;
    let [second] = open(&stage, &id).await.try_into().expect("once a person looks again");
    stage.moderation.overturn(&second.id, BRUNO, Extent::Case, false).await.unwrap();
    let kept = second.keep_until.duration_since(stage.now());
    stage.passes(kept + SignedDuration::from_hours(1));
    stage.ledger().forget_expired(stage.now()).await.unwrap();
    assert!(stage.cases(FACEBOOK, &id).await.iter().all(|case| case.content.is_none()));
    // By the same rule, and nobody has ever seen it.
    edits(&mut stage, &id, "siete proprio degli stronzi").await;
    let is_hidden = stage.sandbox.is_hidden(FACEBOOK, &id);
    assert!(is_hidden || !open(&stage, &id).await.is_empty(), "{:?}", stage.cases(FACEBOOK, &id).await);
}

#[tokio::test]
async fn what_is_written_in_place_of_a_cleared_doubt_is_another_case() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "934", DOUBTFUL).await;
    let doubt = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&doubt.id, ANNA, Extent::Case, false).await.unwrap();
    edits(&mut stage, &id, ANOTHER).await;
    let [second] = open(&stage, &id).await.try_into().expect("one open case");
    assert_ne!(second.id, doubt.id, "what a person has decided stays decided");
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
}
