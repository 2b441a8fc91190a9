//! The audit log: complete by day, each entry once, each with its hash.

use std::collections::BTreeSet;

use ledger::{AuditEntry, AuthorRecord, Desk, Fact};

use crate::support::{Sample, World, at, comment, done, on_each_engine, person};

async fn entries(world: &World, day: &str) -> Vec<AuditEntry> {
    world.ledger.entries(day.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_entries_of_a_day_are_all_that_was_recorded_on_it_each_once() {
    on_each_engine(async |world| {
        // Written on the 3rd; every third judged on the 4th, every fifth without a time.
        for number in 0..30 {
            let mut contribution = comment(&format!("1_{number}"));
            if number % 5 == 0 {
                contribution.at = None;
            }
            let day = if number % 3 == 0 { 4 } else { 3 };
            let received_at = at(&format!("2026-02-0{day}T09:00:{number:02}Z"));
            let sample = if number % 2 == 0 { Sample::clean(contribution) } else { Sample::violating(contribution) };
            world.ledger.record(&sample.judged(received_at)).await.unwrap();
        }
        let (third, fourth) = (entries(&world, "2026-02-03").await, entries(&world, "2026-02-04").await);
        assert_eq!((third.len(), fourth.len()), (20, 10));
        for (day, entries) in [("2026-02-03", &third), ("2026-02-04", &fourth)] {
            assert!(entries.iter().all(|entry| entry.day.to_string() == day && entry.digest() == entry.hash));
            assert!(entries.is_sorted_by_key(|entry| entry.at));
        }
        let cases: BTreeSet<_> = third.iter().chain(&fourth).map(|entry| &entry.case).collect();
        assert_eq!(cases.len(), 30);
        assert_eq!(entries(&world, "2026-02-05").await, []);
    })
    .await;
}

#[tokio::test]
async fn a_day_begins_at_midnight_in_italy() {
    on_each_engine(async |world| {
        let mut contribution = comment("1_2");
        contribution.at = Some(at("2026-02-03T23:30:00Z"));
        let sample = Sample::clean(contribution);
        let (_, _, writes) = world.cost(world.ledger.record(&sample.judged(at("2026-02-03T23:30:01Z")))).await;
        assert_eq!(writes, 1.0);
        assert_eq!(entries(&world, "2026-02-03").await.len(), 0);
        assert_eq!(entries(&world, "2026-02-04").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn entries_read_back_as_they_were_hashed() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01.123456789Z");
        world.ledger.record(&Sample::violating(comment("1_2")).judged(now)).await.unwrap();
        let work = world.claim_first(now).await.unwrap();
        world.ledger.settle(&work, &done(), now).await.unwrap();
        let contribution = comment("1_2");
        world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, now).await.unwrap();
        let entries = entries(&world, "2026-02-03").await;
        assert_eq!(entries.len(), 3);
        for entry in entries {
            assert_eq!(entry.digest(), entry.hash);
        }
    })
    .await;
}

#[tokio::test]
async fn organisations_do_not_see_each_other() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let other = world.other_organisation();
        let contribution = &sample.contribution;
        assert_eq!(other.entry(contribution).await, Ok(None));
        assert_eq!(other.entries("2026-02-03".parse().unwrap()).await, Ok(Vec::new()));
        assert_eq!(other.author(&world.pseudonym()).await, Ok(AuthorRecord::default()));
        let (cases, _) = other.open_cases(&Desk::Open, None, 10, now).await.unwrap();
        assert_eq!(cases, []);
        assert_eq!(other.next_due().await, Ok(None));
        let removed = other.remove(contribution.platform, &contribution.account, &contribution.id, now).await;
        assert_eq!(removed, Ok(0));
        // The same comment is judged for each of them on its own.
        assert_eq!(other.record(&sample.judged(now)).await, Ok(ledger::Recorded::New));
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_given_out_about_a_person_is_on_record() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:00Z");
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let case = world.case_of(&sample).await;
        let author = case.pseudonym.clone().unwrap();
        world.ledger.disclose_case(&case, &person("m.rossi"), now).await.unwrap();
        world.ledger.disclose_author(case.platform, &author, &case.policy, &person("m.rossi"), now).await.unwrap();
        // A command that is repeated at the same moment has given out one and the same thing.
        world.ledger.disclose_case(&case, &person("m.rossi"), now).await.unwrap();

        let by = "m.rossi".to_owned();
        let given_out: Vec<_> =
            entries(&world, "2026-02-03").await.into_iter().filter(|entry| !entry.automatic).collect();
        assert_eq!(given_out.len(), 2);
        let about_the_case = given_out.iter().find(|entry| entry.case.is_some()).unwrap();
        assert_eq!(about_the_case.fact, Fact::Disclosure { author: None, by: by.clone() });
        assert_eq!(about_the_case.case, Some(case.id.clone()));
        let about_the_author = given_out.iter().find(|entry| entry.case.is_none()).unwrap();
        assert_eq!(about_the_author.fact, Fact::Disclosure { author: Some(author), by });
    })
    .await;
}
