//! Erasing an author: what stays, what is still to come, and one request for each person.

use jiff::{SignedDuration, Timestamp};
use ledger::{
    Amended, Amendment, Erasure, ErasureGround, ErasureRequest, Fact, Fate, Ledger, NewAction, Once, Pseudonym,
    PseudonymKey, PseudonymKeys, SanctionsChange,
};
use policy::{ActionKind, Contribution, Notice, Platform, PlatformUserId, SanctionKind, SanctionState};

use crate::support::{
    Sample, World, at, comment, done, edited, key, on_each_engine, on_the_embedded_engine, person, policy, sanction,
};

const NOW: &str = "2026-02-03T09:00:01Z";

fn minutes_later(minutes: i64) -> Timestamp {
    at(NOW) + SignedDuration::from_mins(minutes)
}

async fn requested(ledger: &Ledger, authors: &[Pseudonym], by: &str) -> Erasure {
    let request = ErasureRequest {
        authors,
        platform: Some(Platform::Facebook),
        ground: ErasureGround::Request,
        by: Some(&person(by)),
        reason: Some("Lo ha chiesto"),
    };
    ledger.request_erasure(&request, at(NOW)).await.unwrap()
}

/// Records a violation about which nothing is to be asked.
async fn settled(ledger: &Ledger, contribution: Contribution, received_at: Timestamp) -> Sample {
    let sample = Sample::violating(contribution).named_by(ledger, received_at).await;
    let mut judged = sample.judged(received_at);
    judged.actions.clear();
    ledger.record(&judged).await.unwrap();
    sample
}

async fn erasures(ledger: &Ledger) -> Vec<Fact> {
    let entries = ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
    let facts = entries.into_iter().map(|entry| entry.fact);
    facts.filter(|fact| matches!(fact, Fact::Erasure { .. })).collect()
}

#[tokio::test]
async fn what_became_of_a_contribution_outlives_the_erasure_of_one_of_its_revisions() {
    on_each_engine(async |world| {
        let original = comment("1_1");
        let sample = settled(&world.ledger, original.clone(), at(NOW)).await;
        let later = settled(&world.ledger, edited(&original, "chiamate il 333 7654321"), minutes_later(5)).await;
        world.ledger.rewritten(&original, None, minutes_later(6)).await.unwrap();
        let erasure = requested(&world.ledger, &[world.pseudonym()], "Anna").await;
        world.ledger.erase(&erasure.code, &policy(), minutes_later(7)).await.unwrap();
        assert_eq!(world.case_of(&sample).await.erased_at, Some(minutes_later(7)));
        let later = world.case_of(&later).await;
        assert!(later.pseudonym.is_some(), "it arrived after the request");
        assert_eq!(world.ledger.fate(&later.id).await.unwrap().map(|became| became.fate), Some(Fate::Rewritten));
    })
    .await;
}

#[tokio::test]
async fn while_another_case_waits_the_one_that_carries_a_sanction_in_force_can_still_be_lifted() {
    on_each_engine(async |world| {
        let carrier = settled(&world.ledger, comment("1_1"), at(NOW)).await.case_id(&world.ledger);
        world.sanction(&carrier, SanctionKind::Ban, Vec::new()).await;
        let waits = Sample::violating(comment("1_2"));
        world.ledger.record(&waits.judged(at(NOW))).await.unwrap();
        let erasure = requested(&world.ledger, &[world.pseudonym()], "Anna").await;
        let erase = async |now| world.ledger.erase(&erasure.code, &policy(), now).await.unwrap().unwrap();
        assert_eq!(erase(minutes_later(1)).await.waiting, 2);

        let lifted = |sanction: &mut policy::Sanction<_>| {
            sanction.close(SanctionState::Ended, minutes_later(2));
            true
        };
        let change = SanctionsChange::of(world.author().await, lifted);
        world.amend(&carrier, |amendment| amendment.sanctions.clone_from(&change)).await;
        assert_eq!(world.author().await.standing.sanctions[0].state, SanctionState::Ended);

        // Where it is erased nothing is half recorded: who asks reads again.
        assert_eq!(erase(minutes_later(3)).await.waiting, 1);
        let case = world.case(&carrier).await;
        assert!(case.pseudonym.is_none());
        let sanctions = vec![sanction(&carrier, SanctionKind::Ban)];
        let change = SanctionsChange { version: 2, sanctions, changed: vec![1] };
        let amendment = Amendment {
            sanctions: Some(change),
            actions: vec![NewAction::new(ActionKind::Unban)],
            ..Amendment::of(&case)
        };
        assert_eq!(world.ledger.amend(&amendment, minutes_later(3)).await, Ok(Amended::Superseded));
        assert_eq!(world.case(&carrier).await, case);

        let work = world.claim_first(minutes_later(4)).await.unwrap();
        world.ledger.settle(&work, &done(), minutes_later(4)).await.unwrap();
        let erasing = erase(minutes_later(5)).await;
        assert_eq!((erasing.waiting, erasing.erasure.cases), (0, 2));
        assert!(erasing.erasure.done_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_had_been_received_before_the_request_and_is_recorded_after_it_goes_as_well() {
    on_each_engine(async |world| {
        let erasure = requested(&world.ledger, &[world.pseudonym()], "Anna").await;
        let erase = async |now| world.ledger.erase(&erasure.code, &policy(), now).await.unwrap().unwrap().erasure;
        let seconds = |seconds| at(NOW) + SignedDuration::from_secs(seconds);
        assert_eq!(erase(seconds(1)).await.done_at, None);
        let sample = settled(&world.ledger, comment("1_1"), at(NOW)).await;
        assert_eq!(erase(seconds(59)).await.done_at, None);
        assert!(world.case_of(&sample).await.pseudonym.is_none());
        let erased = erase(seconds(60)).await;
        assert_eq!((erased.done_at, erased.cases), (Some(seconds(60)), 1));
        assert_eq!(erased.found, [world.pseudonym()]);
    })
    .await;
}

#[tokio::test]
async fn the_entry_names_the_pseudonyms_under_which_something_was_on_record() {
    on_each_engine(async |world| {
        let second = PseudonymKey::new(b"the second key of the tests").unwrap();
        let keys = PseudonymKeys::new(second, vec![(key(), at(NOW))]).unwrap();
        let rotated = Ledger::new(world.client.clone(), world.tables.clone(), "milano-monza-brianza-lodi", keys);
        let authors = rotated.pseudonyms(Platform::Facebook, &PlatformUserId::new("9988776655"));
        settled(&world.ledger, comment("1_1"), at(NOW)).await;
        let erasure = requested(&rotated, &authors, "Anna").await;
        // By one pseudonym, by another person: the same request, and whoever asked first stays.
        for again in [&authors[1..], &authors[..1]] {
            let again = requested(&rotated, again, "Bruno").await;
            assert_eq!((&again.code, again.by.as_ref().map(policy::Person::as_str)), (&erasure.code, Some("Anna")));
            assert_eq!(again.authors.len(), 2);
        }
        let erased = rotated.erase(&erasure.code, &policy(), minutes_later(2)).await.unwrap().unwrap().erasure;
        assert!(erased.done_at.is_some());
        let (ground, by) = (ErasureGround::Request, Some("Anna".to_owned()));
        let fact = Fact::Erasure { author: authors[1].clone(), others: Vec::new(), ground, by: by.clone(), cases: 1 };
        assert_eq!(erasures(&rotated).await, [fact]);
        assert_eq!(requested(&rotated, &authors[1..], "Bruno").await, erased, "nothing new is on record");
    })
    .await;
}

#[tokio::test]
async fn two_requests_about_one_person_count_no_case_twice() {
    on_each_engine(async |world| {
        let authors = [world.pseudonym()];
        let erasure = requested(&world.ledger, &authors, "Anna").await;
        for number in 0..30 {
            settled(&world.ledger, comment(&format!("1_{number}")), at(NOW)).await;
        }
        let policy = policy();
        let erase = || world.ledger.erase(&erasure.code, &policy, minutes_later(2));
        let (one, other) = futures_util::future::join(erase(), erase()).await;
        let cases = [one, other].map(|erasing| erasing.unwrap().unwrap().erasure.cases);
        assert_eq!(cases, [30, 30]);
        assert_eq!(erasures(&world.ledger).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_once_after_the_request_stays() {
    on_the_embedded_engine(async |world: World| {
        let author = world.pseudonym();
        let mut said = Vec::new();
        for (thread, now) in [("before", at(NOW)), ("after", minutes_later(1))] {
            let sample = Sample::clean(comment(&format!("1_{thread}")));
            let expires_at = at("2026-02-10T09:00:00Z");
            let once = Once { what: Notice::Redirect, author: author.clone(), scope: thread.to_owned(), expires_at };
            let mut judged = sample.judged(now);
            judged.actions = vec![NewAction::new(ActionKind::Reply)];
            judged.once = vec![once.clone()];
            world.ledger.record(&judged).await.unwrap();
            said.push(once);
        }
        for _ in 0..2 {
            let work = world.claim_first(minutes_later(2)).await.unwrap();
            world.ledger.settle(&work, &done(), minutes_later(2)).await.unwrap();
        }
        let erasure = requested(&world.ledger, std::slice::from_ref(&author), "Anna").await;
        let erasing = world.ledger.erase(&erasure.code, &policy(), minutes_later(3)).await.unwrap().unwrap();
        assert!(erasing.erasure.done_at.is_some());
        let mut still = Vec::new();
        for once in &said {
            still.push(world.ledger.was_said(once, minutes_later(3)).await.unwrap());
        }
        assert_eq!(still, [false, true]);
    })
    .await;
}
