//! What a citizen could rightly complain about: that one sentence counts twice, that a decision of a person does not hold,
//! that an edit is taken for older or newer than it is, and that something counts which nobody has found.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use ledger::{Case, Closure, Desk, HaltCause, Scope, Status, TaskKind};
use moderation::{Extent, OfficeError, Pace};
use policy::SanctionKind::{Block, LastWarning, Warning};
use policy::SanctionState::{Effective, Proposed};
use policy::{ActionKind, Notice, Outcome, Platform, SanctionKind, SanctionState};
use serde_json::{Value, json};

use crate::ladder::{ANNA, BRUNO};
use crate::stage::Stage;
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;
const LINKEDIN: Platform = Platform::Linkedin;
const OWN_DATA: &str = "Richiamatemi, sono al 347 1234567, oppure scrivete a mario.rossi.prova@gmail.com";
/// Of a clause that leads to a block and to a report, once a person has confirmed it.
const OBSCENE: &str = "guardate il mio video porno, pompini gratis";
const ANOTHER: &str = "andate tutti affanculo";
const GRAVE: &str = "Cerco prestanome per aprire una società, scrivetemi";

async fn edits(stage: &Stage, id: &str, text: &str) {
    stage.sandbox.edit_comment(FACEBOOK, id, text).unwrap();
    stage.receives().await;
    stage.works().await;
}

/// The weights of the author's strikes, whatever cases the contribution has.
async fn weights(stage: &Stage, platform: Platform, id: &str) -> Vec<u32> {
    let author = stage.cases(platform, id).await.remove(0).pseudonym.expect("an author");
    let standing = stage.ledger().author(&author).await.unwrap().standing;
    standing.strikes.iter().map(|strike| strike.weight).collect()
}

async fn steps(stage: &Stage, platform: Platform, id: &str) -> Vec<(SanctionKind, SanctionState)> {
    let author = stage.cases(platform, id).await.remove(0).pseudonym.expect("an author");
    let mut sanctions = stage.ledger().author(&author).await.unwrap().standing.sanctions;
    sanctions.sort_by_key(|sanction| sanction.number);
    sanctions.iter().map(|sanction| (sanction.kind, sanction.state)).collect()
}

async fn kinds(stage: &Stage) -> Vec<&'static str> {
    let mut kinds: Vec<_> = stage.tasks().await.into_iter().map(|task| task.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

fn is_removed(case: &Case) -> bool {
    matches!(case.status, Status::Closed { reason: Closure::Removed, .. })
}

/// Something is hidden, and its author takes it away before the office has looked.
async fn removed(stage: &mut Stage, author: &str, text: &str) -> Case {
    let id = stage.violates(FACEBOOK, author, text).await;
    stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
    stage.receives().await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(is_removed(&case), "{case:?}");
    case
}

#[tokio::test]
async fn after_the_warning_the_same_violation_in_other_words_form_or_spelling_counts_no_second_time() {
    let mut stage = Stage::open().await;
    let same = [
        ("siete minchioni", "siete davvero minchioni"),
        ("siete minchioni", "siete proprio dei gran minchioni, e lo dico con affetto"),
        ("siete minchioni", "siete minchioni, siete davvero minchioni"),
        ("siete minchioni", "minchioni, ecco che cosa siete"),
        ("siete proprio minchioni", "siete minchioni"),
        ("sei un coglione", "siete dei coglioni"),
        ("sei un coglione", "sei un c0gl1one"),
        ("sei un coglione", "sei un c o g l i o n e"),
        ("sei un coglione", "Buongiorno! Ribadisco: sei proprio un gran coglione, con rispetto parlando"),
        ("andate a cagare", "andate subito a cagare"),
        ("andate a cagare", "andate di corsa e senza indugio a cagare"),
    ];
    for (number, (first, second)) in same.into_iter().enumerate() {
        let id = stage.violates(FACEBOOK, &format!("71{number}"), first).await;
        assert_eq!(weights(&stage, FACEBOOK, &id).await, [1], "{first}");
        edits(&stage, &id, second).await;
        assert_eq!(weights(&stage, FACEBOOK, &id).await, [1], "{first} > {second}");
        assert_eq!(steps(&stage, FACEBOOK, &id).await, [(Warning, Effective)], "{first} > {second}");
    }
}

#[tokio::test]
async fn after_the_warning_a_new_violation_counts_wherever_it_stands() {
    let mut stage = Stage::open().await;
    let new = [
        ("siete minchioni", "siete stronzi minchioni"),
        ("siete minchioni", "siete minchioni e pure stronzi"),
        ("siete minchioni", "stronzi! siete davvero minchioni"),
        ("siete minchioni", "minchioni, minchioni, minchioni, minchioni, siete stronzi"),
        ("sei un coglione", "andate a cagare"),
        ("sei un coglione", "sei un coglione, cerco prestanome per aprire una società, scrivetemi"),
    ];
    for (number, (first, second)) in new.into_iter().enumerate() {
        let id = stage.violates(FACEBOOK, &format!("72{number}"), first).await;
        edits(&stage, &id, second).await;
        assert_eq!(weights(&stage, FACEBOOK, &id).await.len(), 2, "{first} > {second}");
    }
}

#[tokio::test]
async fn what_a_person_has_cleared_stays_cleared_however_often_harmless_words_are_added() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "731", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.office().overturn(&case.id, &ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    let hides = stage.hides(FACEBOOK);
    for more in ["Grazie!", "Grazie mille!", "Grazie mille a tutti quanti.", "Buona domenica."] {
        stage.hours(1);
        edits(&stage, &id, &format!("{INSULT}. {more}")).await;
        assert_eq!((stage.hides(FACEBOOK), weights(&stage, FACEBOOK, &id).await), (hides, vec![]), "{more}");
    }
    let mut cases = stage.cases(FACEBOOK, &id).await;
    cases.retain(Case::is_open);
    assert_eq!(cases.iter().map(|case| case.outcome).collect::<Vec<_>>(), [Outcome::Review], "one for a person");
    stage.hours(1);
    edits(&stage, &id, &format!("{INSULT}. {ANOTHER}")).await;
    // It is read again first, because Facebook dates none of these edits.
    stage.passes(SignedDuration::from_mins(1));
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1], "what is new counts");
}

#[tokio::test]
async fn the_same_letters_that_come_together_to_something_worse_are_judged_as_that() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "741", "sei un cogli one, impara").await;
    stage.works().await;
    assert_eq!(stage.case(FACEBOOK, &id).await.outcome, Outcome::Review);
    stage.hours(1);
    edits(&stage, &id, "sei un coglione, impara").await;
    assert_eq!(stage.case(FACEBOOK, &id).await.outcome, Outcome::Hide);
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
    // And taken apart again they lead to nothing.
    let calls = stage.calls(FACEBOOK).len();
    edits(&stage, &id, "sei un coglione... impara!").await;
    assert_eq!((stage.calls(FACEBOOK).len(), weights(&stage, FACEBOOK, &id).await), (calls, vec![1]));

    let text = "La mia pratica è ferma da mesi: giuliav gmail com";
    let id = stage.comments(FACEBOOK, "742", text).await;
    stage.works().await;
    assert_eq!(stage.case(FACEBOOK, &id).await.outcome, Outcome::Redirect);
    stage.hours(1);
    edits(&stage, &id, "La mia pratica è ferma da mesi: giuliav@gmail.com").await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "the address does not stay public");
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [] as [u32; 0]);
}

#[tokio::test]
async fn what_is_gone_before_the_office_looks_can_be_found_a_violation_and_nothing_is_asked_for_it() {
    let mut stage = Stage::open().await;
    let grave = removed(&mut stage, "751", OBSCENE).await;
    let calls = stage.calls(FACEBOOK).len();
    stage.moderation.office().confirm(&grave.id, &ANNA).await.unwrap();
    stage.works().await;
    let id = grave.content.as_ref().unwrap().contribution.as_str().to_owned();
    assert_eq!(steps(&stage, FACEBOOK, &id).await, [(Warning, Effective), (Block, Proposed)]);
    assert_eq!(kinds(&stage).await.iter().filter(|kind| **kind == TaskKind::Refer.as_str()).count(), 2);
    assert!(is_removed(&stage.case(FACEBOOK, &id).await), "it stays what it is");
    assert_eq!(stage.calls(FACEBOOK).len(), calls);

    let exposed = removed(&mut stage, "752", OWN_DATA).await;
    let calls = stage.calls(FACEBOOK).len();
    stage.moderation.office().confirm_exposure(&exposed.id, &ANNA).await.unwrap();
    stage.works().await;
    let id = exposed.content.as_ref().unwrap().contribution.as_str().to_owned();
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
    assert_eq!(stage.calls(FACEBOOK).len(), calls);
    for again in [
        stage.moderation.office().confirm(&exposed.id, &BRUNO).await,
        stage.moderation.office().confirm_exposure(&exposed.id, &BRUNO).await,
    ] {
        assert!(matches!(again, Err(OfficeError::Closed { .. })), "{again:?}");
    }

    // A doubt that its author took away: a person may still find it to be one.
    let doubtful = removed(&mut stage, "753", "sei un cogli one, impara").await;
    let calls = stage.calls(FACEBOOK).len();
    stage.moderation.office().confirm(&doubtful.id, &ANNA).await.unwrap();
    stage.works().await;
    let id = doubtful.content.as_ref().unwrap().contribution.as_str().to_owned();
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
    assert_eq!((stage.calls(FACEBOOK).len(), is_removed(&stage.case(FACEBOOK, &id).await)), (calls, true));
}

#[tokio::test]
async fn what_a_halt_left_to_a_person_counts_as_it_would_have_without() {
    let reviewed_besides = [
        "La mia pratica è ferma da mesi, chiamatemi al 347 1234567",
        "Mi ha dato del coglione, chiamatemi al 347 1234567",
        "Qualcuno mi ha mandato un video porno, chiamatemi al 347 1234567",
    ];
    for text in reviewed_besides {
        for halted in [false, true] {
            for exposed in [false, true] {
                let stage = Stage::open().await;
                if halted {
                    stage.moderation.office().halt(Scope::All, HaltCause::Switch, &ANNA).await.unwrap();
                }
                let id = stage.comments(FACEBOOK, "761", text).await;
                stage.works().await;
                let what = format!("{text}, halted {halted}, exposed {exposed}");
                let case = stage.case(FACEBOOK, &id).await;
                assert_eq!(case.outcome, if halted { Outcome::Review } else { Outcome::Hide }, "{what}");
                if exposed {
                    stage.moderation.office().confirm_exposure(&case.id, &BRUNO).await.unwrap();
                } else {
                    stage.moderation.office().confirm(&case.id, &BRUNO).await.unwrap();
                }
                stage.works().await;
                assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{what}");
                let strikes = stage.author(FACEBOOK, &id).await.standing.strikes;
                let clauses: Vec<&str> = strikes.iter().map(|strike| strike.clause.as_str()).collect();
                assert_eq!(clauses, if exposed { vec!["R5"] } else { vec![] }, "{what}");
                let explained = usize::from(!(halted && exposed));
                assert_eq!(stage.said(&case.id, Notice::Protection).await, explained, "{what}");
                let refers = stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Refer).count();
                assert_eq!(refers, 0, "{what}: nobody has found that");
            }
        }
    }
}

#[tokio::test]
async fn who_may_be_in_danger_comes_before_who_was_exposed() {
    let stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "771", "mi voglio ammazzare, chiamatemi al 347 1234567").await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.urgent);
    let refused = stage.moderation.office().confirm_exposure(&case.id, &ANNA).await;
    assert!(matches!(refused, Err(OfficeError::UrgentFirst)), "{refused:?}");
    assert!(stage.case(FACEBOOK, &id).await.is_open(), "nothing was decided");
}

#[tokio::test]
async fn that_somebody_was_exposed_is_found_also_after_the_case_was_confirmed_and_opened_again() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "772", "Chiamate la signora allo 0371 456789").await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    stage.passes(SignedDuration::from_mins(1));
    edits(&stage, &id, "Chiamate la signora al 347 1234567").await;
    assert!(stage.case(FACEBOOK, &id).await.is_open(), "it is worse than what was confirmed");
    stage.moderation.office().confirm_exposure(&case.id, &BRUNO).await.unwrap();
    stage.works().await;
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
}

#[tokio::test]
async fn a_group_that_is_confirmed_counts_and_neither_skips_a_step_nor_is_referred() {
    let stage = Stage::open().await;
    stage.moderation.office().halt(Scope::All, HaltCause::Switch, &ANNA).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(stage.comments(FACEBOOK, &format!("78{number}"), OBSCENE).await);
    }
    let group = stage.case(FACEBOOK, &ids[0]).await.group.expect("a group");
    let confirmed = stage.moderation.office().confirm_group(&group, &BRUNO).await.unwrap();
    assert_eq!((confirmed.confirmed.len(), confirmed.left.len()), (3, 0));
    stage.works().await;
    for id in &ids {
        assert!(stage.sandbox.is_hidden(FACEBOOK, id));
        let strikes = stage.author(FACEBOOK, id).await.standing.strikes;
        assert_eq!(strikes.iter().map(|strike| strike.skips_to).collect::<Vec<_>>(), [None]);
        assert_eq!(steps(&stage, FACEBOOK, id).await, [(Warning, Effective)]);
    }
    assert!(kinds(&stage).await.iter().all(|kind| *kind != TaskKind::Refer.as_str()), "{:?}", kinds(&stage).await);
    let left = stage.ledger().open_cases(&Desk::Group(group), None, 10, stage.now()).await.unwrap().0;
    assert_eq!(left, []);
}

#[tokio::test]
async fn who_was_shown_the_online_service_and_then_insults_is_warned() {
    for (platform, author) in [(FACEBOOK, "791"), (LINKEDIN, "urn:li:person:791")] {
        let mut stage = Stage::open().await;
        let id = stage.comments(platform, author, "La mia pratica è ferma da mesi, che cosa devo fare?").await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        let case = stage.case(platform, &id).await;
        assert_eq!((case.outcome, stage.said(&case.id, Notice::Redirect).await), (Outcome::Redirect, 1), "{platform}");
        stage.hours(1);
        stage.sandbox.edit_comment(platform, &id, &format!("La mia pratica è ferma, {INSULT}")).unwrap();
        stage.receives().await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        assert_eq!(steps(&stage, platform, &id).await, [(Warning, Effective)], "{platform}");
        assert_eq!(stage.said(&case.id, Notice::Warning).await, 1, "{platform}");
        assert!(
            stage.tasks().await.iter().all(|task| task.sanction.is_none()),
            "{platform}: nobody has to warn by hand"
        );
    }
}

#[tokio::test]
async fn what_is_hidden_for_two_cases_is_shown_again_when_the_second_of_them_is_overturned() {
    for order in [[0, 1], [1, 0]] {
        let mut stage = Stage::open().await;
        let id = stage.violates(FACEBOOK, "801", INSULT).await;
        edits(&stage, &id, &format!("{INSULT}. {ANOTHER}")).await;
        let mut cases = stage.cases(FACEBOOK, &id).await;
        cases.sort_by_key(|case| case.received_at);
        assert_eq!(cases.len(), 2);
        stage.hours(1);
        let [first, second] = order.map(|number: usize| cases[number].id.clone());
        stage.moderation.office().overturn(&first, &ANNA, Extent::Case, true).await.unwrap();
        stage.works().await;
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{order:?}: the other stands");
        assert_eq!(weights(&stage, FACEBOOK, &id).await, [1], "{order:?}");
        let said = [stage.private(FACEBOOK), stage.sandbox.replies(FACEBOOK, &id)].concat();
        assert!(said.iter().all(|text| !text.contains("di nuovo visibile")), "{order:?}: {said:?}");
        stage.moderation.office().overturn(&second, &BRUNO, Extent::Case, true).await.unwrap();
        stage.works().await;
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "{order:?}");
        assert_eq!(weights(&stage, FACEBOOK, &id).await, [] as [u32; 0], "{order:?}");
    }
}

#[tokio::test]
async fn revisions_stand_in_the_order_in_which_they_arrived_and_the_one_that_stands_there_is_kept() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "811", INSULT).await;
    for text in [ANOTHER, GRAVE] {
        stage.passes(SignedDuration::from_mins(1));
        stage.sandbox.edit_comment(FACEBOOK, &id, text).unwrap();
        stage.receives().await;
    }
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.content.as_ref().unwrap().text, GRAVE);
    let texts = |case: &Case| -> Vec<String> {
        case.revisions.iter().map(|revision| revision.content.as_ref().unwrap().text.clone()).collect()
    };
    assert_eq!(texts(&case), [INSULT, ANOTHER]);

    // The newest of all arrives first, and thirty older ones after it.
    let written = stage.now() - SignedDuration::from_mins(90);
    let body =
        |nth: i64, text: &str| linkedin(&stage, "709811", nth > 0, text, written + SignedDuration::from_mins(nth));
    let newest = format!("{INSULT}, ultima parola");
    delivered(&stage, LINKEDIN, &body(60, &newest)).await;
    delivered(&stage, LINKEDIN, &body(1, GRAVE)).await;
    for nth in 2..31 {
        delivered(&stage, LINKEDIN, &body(nth, &format!("{INSULT} {nth}"))).await;
    }
    let id = "urn:li:comment:(urn:li:activity:7094637247890620418,709811)";
    let case = stage.case(LINKEDIN, id).await;
    assert_eq!((case.revisions.len(), case.revisions_left_out), (20, 10));
    assert_eq!(case.newest().content.unwrap().text, newest, "what stands there is not forgotten");
}

#[tokio::test]
async fn an_erasure_leaves_nothing_by_which_a_text_could_be_tried() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "821", INSULT).await;
    edits(&stage, &id, &format!("{INSULT} e {INSULT}")).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.revisions.len(), 1);
    let prints = async |stage: &Stage| {
        let everything = stage.everything().await;
        everything.iter().filter(|item| item.contains("\"print\"")).count()
    };
    assert_eq!(prints(&stage).await, 1);
    let authors = [case.pseudonym.clone().unwrap()];
    stage.moderation.office().erase(Some(FACEBOOK), &authors, &BRUNO, true).await.unwrap();
    assert!(stage.ledger().case(&case.id, stage.now()).await.unwrap().unwrap().erased_at.is_some());
    assert_eq!(prints(&stage).await, 0);
}

async fn delivered(stage: &Stage, platform: Platform, body: &Value) {
    assert_eq!(stage.delivered(platform, body).await.0, StatusCode::OK);
}

/// Facebook's webhook about a comment, which repeats the time of the original and tells when it was sent.
pub fn facebook(
    stage: &Stage,
    id: &str,
    is_edit: bool,
    text: &str,
    created: Timestamp,
    sent: Option<Timestamp>,
) -> Value {
    let page = stage.account(FACEBOOK);
    let page = page.as_str();
    let value = json!({
        "item": "comment", "verb": if is_edit { "edited" } else { "add" }, "comment_id": id,
        "post_id": format!("{page}_55"), "parent_id": format!("{page}_55"), "created_time": created.as_second(),
        "from": { "id": "4343", "name": "Persona di prova" }, "message": text
    });
    let mut entry = json!({ "id": page, "changes": [{ "field": "feed", "value": value }] });
    if let Some(sent) = sent {
        entry["time"] = json!(sent.as_second());
    }
    json!({ "object": "page", "entry": [entry] })
}

pub fn linkedin(stage: &Stage, id: &str, is_edit: bool, text: &str, at: Timestamp) -> Value {
    let account = stage.account(LINKEDIN);
    let post = "urn:li:activity:7094637247890620418";
    let entity = format!("urn:li:comment:({post},{id})");
    json!({ "type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [{
        "notificationId": at.as_millisecond(), "organizationalEntity": account.as_str(),
        "action": if is_edit { "COMMENT_EDIT" } else { "COMMENT" }, "sourcePost": post, "generatedActivity": entity,
        "lastModifiedAt": at.as_millisecond(),
        "decoratedGeneratedActivity": { "comment": { "owner": "urn:li:person:4343", "text": text, "entity": entity,
            "object": post } },
        "subscriber": "urn:li:person:zLqTygBP8S" }] })
}

#[tokio::test]
async fn an_edit_that_was_sent_before_the_warning_counts_as_written_before_it_however_late_it_arrives() {
    // By when Facebook sent it: before the warning, nobody knows, after it.
    for (minutes, counts) in [(Some(-30), vec![1]), (None, vec![1]), (Some(30), vec![1, 1])] {
        let mut stage = Stage::open().await;
        let created = stage.now() - SignedDuration::from_mins(60);
        delivered(&stage, FACEBOOK, &facebook(&stage, "5_1", false, INSULT, created, Some(created))).await;
        stage.works().await;
        assert_eq!(steps(&stage, FACEBOOK, "5_1").await, [(Warning, Effective)]);
        let sent = minutes.map(|minutes| stage.now() + SignedDuration::from_mins(minutes));
        stage.hours(1);
        delivered(&stage, FACEBOOK, &facebook(&stage, "5_1", true, ANOTHER, created, sent)).await;
        stage.works().await;
        assert_eq!(weights(&stage, FACEBOOK, "5_1").await, counts, "sent {minutes:?}");
        let expected = if counts.len() == 1 { vec![Warning] } else { vec![Warning, LastWarning] };
        let reached: Vec<_> = steps(&stage, FACEBOOK, "5_1").await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(reached, expected, "sent {minutes:?}");
    }
    // Nor does it count as written in spite of a warning about something else.
    for platform in [FACEBOOK, LINKEDIN] {
        let mut stage = Stage::open().await;
        let written = stage.now() - SignedDuration::from_mins(60);
        let body = |id: &str, is_edit: bool, text: &str, at: Timestamp| match platform {
            LINKEDIN => linkedin(&stage, id, is_edit, text, at),
            _ => facebook(&stage, id, is_edit, text, written, Some(at)),
        };
        let warned = body("6001", false, INSULT, written);
        let clean = body("6002", false, "Buongiorno", written);
        let late = body("6002", true, ANOTHER, written + SignedDuration::from_mins(1));
        delivered(&stage, platform, &warned).await;
        delivered(&stage, platform, &clean).await;
        stage.works().await;
        for task in stage.tasks().await.into_iter().filter(|task| task.sanction.is_some()) {
            stage.moderation.office().finish_task(&task.id, &ANNA, true).await.unwrap();
        }
        stage.hours(1);
        delivered(&stage, platform, &late).await;
        stage.works().await;
        let id =
            if platform == LINKEDIN { "urn:li:comment:(urn:li:activity:7094637247890620418,6001)" } else { "6001" };
        assert_eq!(weights(&stage, platform, id).await, [1, 1], "{platform}");
        assert_eq!(steps(&stage, platform, id).await, [(Warning, Effective)], "{platform}");
    }
}

#[tokio::test]
async fn what_a_person_confirms_counts_from_when_it_was_written_however_late_it_arrived() {
    for (text, is_halted) in [("sei un cogli one, impara", false), (ANOTHER, true)] {
        for platform in [FACEBOOK, LINKEDIN, Platform::Youtube] {
            let what = format!("{platform}, halted {is_halted}");
            let mut stage = Stage::open().await;
            let written = stage.now() - SignedDuration::from_mins(60);
            let body = |id: &str, is_edit: bool, text: &str, at: Timestamp| match platform {
                LINKEDIN => linkedin(&stage, id, is_edit, text, at),
                _ => facebook(&stage, id, is_edit, text, written, Some(at)),
            };
            let late = body("6002", true, text, written + SignedDuration::from_mins(1));
            let id = match platform {
                LINKEDIN => "urn:li:comment:(urn:li:activity:7094637247890620418,6002)".to_owned(),
                FACEBOOK => "6002".to_owned(),
                _ => {
                    stage.comments(platform, "UC4343", INSULT).await;
                    stage.comments(platform, "UC4343", "Buongiorno").await
                }
            };
            if platform == Platform::Youtube {
                stage.moderation.poll(Pace::AtOnce).await;
                stage.passes(SignedDuration::from_mins(1));
                stage.sandbox.edit_comment(platform, &id, text).unwrap();
                stage.passes(SignedDuration::from_mins(1));
            } else {
                delivered(&stage, platform, &body("6001", false, INSULT, written)).await;
                delivered(&stage, platform, &body("6002", false, "Buongiorno", written)).await;
            }
            stage.works().await;
            for task in stage.tasks().await.into_iter().filter(|task| task.sanction.is_some()) {
                stage.moderation.office().finish_task(&task.id, &ANNA, true).await.unwrap();
            }
            stage.works().await;
            stage.passes(SignedDuration::from_mins(10));
            if is_halted {
                stage.moderation.office().halt(Scope::All, HaltCause::Switch, &ANNA).await.unwrap();
            }
            if platform == Platform::Youtube {
                stage.moderation.poll(Pace::AtOnce).await;
            } else {
                delivered(&stage, platform, &late).await;
            }
            let case = stage.case(platform, &id).await;
            assert_eq!(case.outcome, Outcome::Review, "{what}");
            stage.moderation.office().confirm(&case.id, &BRUNO).await.unwrap();
            stage.works().await;
            assert_eq!(weights(&stage, platform, &id).await, [1, 1], "{what}");
            assert_eq!(
                steps(&stage, platform, &id).await,
                [(Warning, Effective)],
                "{what}: written before the warning"
            );
        }
    }
}

#[tokio::test]
async fn a_violation_that_comes_back_after_a_clean_text_that_overtook_it_is_hidden() {
    let stage = Stage::open().await;
    let written = stage.now() - SignedDuration::from_mins(60);
    let at = |minutes: i64| written + SignedDuration::from_mins(minutes);
    for (minutes, is_edit, text) in [(1, true, "Il servizio è lento"), (0, false, INSULT), (0, false, INSULT)] {
        delivered(&stage, LINKEDIN, &linkedin(&stage, "6003", is_edit, text, at(minutes))).await;
    }
    stage.works().await;
    let id = "urn:li:comment:(urn:li:activity:7094637247890620418,6003)";
    let hides = |case: &Case| case.actions.iter().filter(|action| action.kind == ActionKind::Hide).count();
    assert_eq!(hides(&stage.case(LINKEDIN, id).await), 1);
    let tasks = stage.tasks().await.len();
    delivered(&stage, LINKEDIN, &linkedin(&stage, "6003", true, INSULT, at(2))).await;
    stage.works().await;
    assert_eq!(hides(&stage.case(LINKEDIN, id).await), 2, "it stands there again");
    assert!(stage.tasks().await.len() > tasks, "LinkedIn hides nothing by a call: a person does");
    assert_eq!(weights(&stage, LINKEDIN, id).await, [1]);
}
