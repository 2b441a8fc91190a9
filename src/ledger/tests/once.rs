//! Invariant 1: a revision is judged once and counts one strike, however it is delivered.

use futures_util::future::join_all;
use ledger::{Fact, Judged, Recorded, Status};
use policy::{ActionKind, Contribution, Outcome};

use crate::support::{Sample, at, comment, edited, on_each_engine, strike, task};

#[tokio::test]
async fn a_clean_comment_delivered_again_keeps_its_first_entry() {
    on_each_engine(async |world| {
        let sample = Sample::clean(comment("1_2"));
        let first = at("2026-02-03T09:00:01Z");
        assert_eq!(world.ledger.record(&sample.judged(first)).await, Ok(Recorded::New));
        let second = at("2026-02-03T09:05:00Z");
        assert_eq!(world.ledger.record(&sample.judged(second)).await, Ok(Recorded::Duplicate));
        let entry = world.ledger.entry(&sample.contribution).await.unwrap().unwrap();
        assert_eq!(entry.at, first);
        assert!(matches!(entry.fact, Fact::Verdict { outcome: Outcome::Allow, .. }));
        assert_eq!(world.ledger.case(&sample.case_id(&world.ledger), second).await, Ok(None));
        assert_eq!(world.scan(&world.tables.casebook).await.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_deliveries_at_once_make_one_case_and_one_strike() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        // All with the very same time, so that the requests are equal to the last byte.
        let now = at("2026-02-03T09:00:01Z");
        let recorded = join_all((0..16).map(|_| {
            let ledger = world.ledger.clone();
            let judged = sample.judged(now);
            async move { ledger.record(&judged).await.unwrap() }
        }))
        .await;
        assert_eq!(recorded.iter().filter(|recorded| **recorded == Recorded::New).count(), 1);
        assert_eq!(world.case_of(&sample).await.actions.len(), 1);
        assert_eq!(world.author().await.standing.strikes.len(), 1);
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_clean_deliveries_at_once_make_one_entry() {
    on_each_engine(async |world| {
        let sample = Sample::clean(comment("1_2"));
        let now = at("2026-02-03T09:00:01Z");
        let recorded = join_all((0..16).map(|_| {
            let judged = sample.judged(now);
            let ledger = world.ledger.clone();
            async move { ledger.record(&judged).await }
        }))
        .await;
        assert_eq!(recorded.iter().filter(|recorded| **recorded == Ok(Recorded::New)).count(), 1);
        assert_eq!(world.scan(&world.tables.audit).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_redelivery_on_a_later_day_counts_nothing() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at("2026-02-03T09:00:01Z"))).await.unwrap();
        let later = world.ledger.record(&sample.judged(at("2026-02-05T09:00:00Z"))).await;
        assert_eq!(later, Ok(Recorded::Duplicate));
        assert_eq!(world.scan(&world.tables.audit).await.len(), 1);
        assert_eq!(world.author().await.standing.strikes.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_contribution_without_a_time_is_recorded_once_whatever_the_day() {
    on_each_engine(async |world| {
        let mut contribution = comment("1_2");
        contribution.at = None;
        let sample = Sample::violating(contribution);
        for (day, expected) in [(3, Recorded::New), (4, Recorded::Duplicate), (9, Recorded::Duplicate)] {
            let received_at = at(&format!("2026-02-0{day}T09:00:00Z"));
            assert_eq!(world.ledger.record(&sample.judged(received_at)).await, Ok(expected), "on {day} February");
        }
        assert_eq!(world.scan(&world.tables.audit).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn revisions_count_one_by_one_in_whatever_order_they_come() {
    on_each_engine(async |world| {
        let original = Sample::violating(comment("1_2"));
        let edit = Sample::violating(edited(&original.contribution, "chiamate il 333 7654321"));
        let now = at("2026-02-03T09:00:01Z");
        for sample in [&edit, &original, &edit, &original] {
            world.ledger.record(&sample.judged(now)).await.unwrap();
        }
        let Contribution { platform, account, id, .. } = &original.contribution;
        let cases = world.ledger.cases_of(*platform, account, id, now).await.unwrap();
        let mut texts: Vec<_> = cases.iter().map(|case| case.content.as_ref().unwrap().text.as_str()).collect();
        texts.sort();
        assert_eq!(texts, [original.contribution.text.as_str(), edit.contribution.text.as_str()]);
        assert_eq!(world.author().await.standing.strikes.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_revision_judged_under_an_older_policy_is_not_judged_again() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        world.ledger.record(&Sample::clean(comment("1_2")).judged(now)).await.unwrap();
        let stricter = Sample::violating(comment("1_2"));
        assert_eq!(world.ledger.record(&stricter.judged(now)).await, Ok(Recorded::Duplicate));
        assert_eq!(world.scan(&world.tables.casebook).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn everything_about_a_violation_is_kept() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let now = at("2026-02-03T09:00:01Z");
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let Some(entry) = world.ledger.entry(&sample.contribution).await.unwrap() else { panic!("no entry") };
        let case = world.case_of(&sample).await;
        let contribution = &sample.contribution;
        let content = case.content.as_ref().unwrap();
        assert_eq!((&content.contribution, &content.thread), (&contribution.id, &contribution.thread));
        assert_eq!((&content.text, &content.author), (&contribution.text, &contribution.author));
        assert_eq!((&content.permalink, content.text_cut), (&contribution.permalink, false));
        assert_eq!((case.at, case.received_at), (contribution.at, now));
        assert_eq!((case.outcome, &case.status), (Outcome::Hide, &Status::Open));
        let finding = &case.findings[0];
        assert_eq!(
            (content.matched.as_slice(), finding.clause.as_str()),
            (["333 1234567".to_owned()].as_slice(), "R5")
        );
        assert_eq!(contribution.text[finding.start..finding.end], content.matched[0]);
        assert_eq!((case.actions[0].id.as_str(), case.actions[0].kind), ("a1", ActionKind::Hide));
        assert_eq!(case.policy, entry.policy);
        let strikes = world.author().await.standing.strikes;
        let strike = strike();
        assert_eq!((&strikes[0].case, &strikes[0].clause, strikes[0].weight), (&case.id, &strike.clause, 1));
        assert_eq!((strikes[0].at, strikes[0].expires_at), (strike.at, strike.expires_at));
    })
    .await;
}

#[tokio::test]
async fn a_text_beyond_all_measure_is_cut_and_marked() {
    on_each_engine(async |world| {
        let mut contribution = comment("1_2");
        contribution.text = format!("333 1234567 {}", "è".repeat(1024 * 1024));
        let sample = Sample::violating(contribution);
        let now = at("2026-02-03T09:00:01Z");
        assert_eq!(world.ledger.record(&sample.judged(now)).await, Ok(Recorded::New));
        let content = world.case_of(&sample).await.content.unwrap();
        assert!(content.text_cut && content.text.len() <= 256 * 1024);
        assert!(sample.contribution.text.starts_with(&content.text));
    })
    .await;
}

#[tokio::test]
async fn two_tasks_with_one_id_are_refused_and_nothing_is_written() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let now = at("2026-02-03T09:00:01Z");
        let mut judged = sample.judged(now);
        judged.tasks = vec![task("t"), task("t")];
        let error = world.ledger.record(&judged).await.unwrap_err();
        assert_eq!(error.to_string(), "the ledger is not set up right: a transaction names one item twice");
        assert_eq!(world.scan(&world.tables.audit).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_data_file_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("galateo.db");
    let sample = Sample::clean(comment("1_2"));
    for expected in [Recorded::New, Recorded::Duplicate] {
        let engine = ledger::embedded::Embedded::start(Some(&file)).await.unwrap();
        let ledger = ledger::Ledger::new(
            engine.client(),
            ledger::Tables::default(),
            "milano-monza-brianza-lodi",
            crate::support::key(),
        );
        ledger.create_tables().await.unwrap();
        assert_eq!(ledger.record(&sample.judged(at("2026-02-03T09:00:01Z"))).await, Ok(expected));
    }
}

#[tokio::test]
async fn of_two_first_violations_of_one_contribution_one_opens_the_case_and_so_does_one_of_two_that_follow() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let original = comment("1_2");
        let texts =
            ["chiamate il 333 1234567", "chiamate il 333 7654321", "sentite il 333 1111111", "o il 333 2222222"];
        let samples = texts.map(|text| Sample::violating(edited(&original, text)));
        for pair in samples.chunks(2) {
            // Both were decided when nobody had recorded the other.
            let mut courses = Vec::new();
            for sample in pair {
                courses.push(world.ledger.course(&sample.contribution, "parole", now).await.unwrap());
            }
            for (sample, (course, expected)) in pair.iter().zip(courses.iter().zip([Recorded::New, Recorded::Raced])) {
                let judged = Judged { course: Some(course), ..sample.judged(now) };
                assert_eq!(world.ledger.record(&judged).await, Ok(expected), "{}", sample.contribution.text);
            }
        }
        assert_eq!(world.author().await.standing.strikes.len(), 2);
    })
    .await;
}
