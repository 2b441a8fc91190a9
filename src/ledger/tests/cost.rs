//! What the paths cost, from the engine's own answers. The front page of this crate states the same figures.
//!
//! Single writes are counted on every engine. Transactions are counted on the embedded one only: DynamoDB Local answers
//! that a transaction of one item of 100 bytes consumes 4 write units, where AWS documents and charges 2, and that an
//! empty query consumes none.

use ledger::{
    Amendment, Closure, DecisionKind, Desk, ErasureGround, ErasureRequest, Halt, HaltCause, Hide, Judged, NewAction,
    NewStrike, Note, Once, ReadOutcome, Recorded, Reported, Revised, SanctionsChange, Scope, SenderCheck, Settlement,
    Status, StrikeChange, Task, TaskKind, Unread, UserReport, Work,
};
use policy::{AccountId, ActionKind, Notice, Platform, SanctionKind};

use crate::support::{
    LEASE, Sample, at, by_hand, comment, decision, done, on_each_engine, on_the_embedded_engine, person, policy,
    reference, sanction, serving, strike, task,
};

#[tokio::test]
async fn a_clean_comment_costs_one_write_unit_and_a_late_one_two() {
    on_each_engine(async |world| {
        let on_its_day = Sample::clean(comment("1_2"));
        let (_, reads, writes) = world.cost(world.ledger.record(&on_its_day.judged(at("2026-02-03T09:00:01Z")))).await;
        assert_eq!((reads, writes), (0.0, 1.0));
        let late = Sample::clean(comment("1_3"));
        let (_, reads, writes) = world.cost(world.ledger.record(&late.judged(at("2026-02-04T09:00:01Z")))).await;
        assert_eq!((reads, writes), (0.0, 2.0));
    })
    .await;
}

#[tokio::test]
async fn a_violation_costs_twelve_write_units() {
    on_the_embedded_engine(async |world| {
        let sample = Sample::violating(comment("1234567890321_2345678901234567"));
        let now = at("2026-02-03T09:00:01.123456789Z");
        let (_, reads, writes) = world.cost(world.ledger.record(&sample.judged(now))).await;
        assert_eq!((reads, writes), (0.0, 12.0));

        let mut long = comment("1234567890321_2345678901234568");
        long.text = format!("{:<500}", long.text);
        let long = Sample::violating(long);
        let mut judged = long.judged(at("2026-02-04T09:00:01.123456789Z"));
        judged.tasks = vec![task("t")];
        let (_, reads, writes) = world.cost(world.ledger.record(&judged)).await;
        assert_eq!((reads, writes), (0.0, 16.0), "a long text, a day later, with a task");
    })
    .await;
}

#[tokio::test]
async fn a_violation_that_may_have_revisions_costs_two_write_units_more_and_a_revision_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let first = Sample::violating(comment("1234567890321_2345678901234567"));
        let now = at("2026-02-03T09:00:01.123456789Z");
        let (course, reads, writes) = world.cost(world.ledger.course(&first.contribution, "parole", now)).await;
        assert_eq!((reads, writes), (1.0, 0.0), "looking for others");
        let course = course.unwrap();
        let opening = Judged { course: Some(&course), ..first.judged(now) };
        let (recorded, reads, writes) = world.cost(world.ledger.record(&opening)).await;
        assert_eq!((recorded, reads, writes), (Ok(Recorded::New), 0.0, 14.0), "opening the case");

        let edited = |number: u32| {
            let mut edit = first.contribution.clone();
            edit.edited = true;
            edit.revision = format!("edit#{number}");
            edit.text = format!("{} {number}", edit.text);
            edit
        };
        for (number, worse, units) in [(1, true, 10.0), (2, false, 8.0)] {
            let edit = edited(number);
            let words = format!("parole {number}");
            let (course, reads, writes) = world.cost(world.ledger.course(&edit, &words, now)).await;
            assert_eq!((reads, writes), (2.0, 0.0), "looking for the case, revision {number}");
            let course = course.unwrap();
            let sample = Sample::violating(edit);
            let judged = Judged { actions: Vec::new(), strike: None, ..sample.judged(now) };
            let strike = NewStrike { weight: 2, ..strike() };
            let strike = if worse { StrikeChange::Raise(strike) } else { StrikeChange::Keep };
            let revised = Revised { judged, unchanged: false, leads: worse, strike, reopened: None };
            let (recorded, reads, writes) = world.cost(world.ledger.record_revision(&revised, &course)).await;
            assert_eq!((recorded, reads, writes), (Ok(Recorded::New), 0.0, units), "revision {number}");
        }
        let edit = edited(3);
        let course = world.ledger.course(&edit, "parole 2", now).await.unwrap();
        assert!(course.repeats_words());
        let sample = Sample::violating(edit);
        let judged = Judged { actions: Vec::new(), strike: None, ..sample.judged(now) };
        let revised = Revised { judged, unchanged: true, leads: false, strike: StrikeChange::Keep, reopened: None };
        let (recorded, reads, writes) = world.cost(world.ledger.record_revision(&revised, &course)).await;
        assert_eq!((recorded, reads, writes), (Ok(Recorded::New), 0.0, 1.0), "the same words");
    })
    .await;
}

#[tokio::test]
async fn an_action_costs_eight_write_units_and_one_read_unit() {
    on_the_embedded_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let now = at("2026-02-03T09:00:01Z");
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let key = world.due(now).await.remove(0);
        let (work, reads, writes) = world.cost(world.claim(&key, now)).await;
        assert_eq!((reads, writes), (1.0, 3.0));
        let work = work.unwrap();
        let again = Settlement::Again { at: now, asked: ledger::Asked::Yes, uncertain: false, note: String::new() };
        let (_, reads, writes) = world.cost(world.ledger.settle(&work, &again, now)).await;
        assert_eq!((reads, writes), (0.0, 3.0));
        let work = world.claim(&key, now).await.unwrap();
        let done = done();
        let (_, reads, writes) = world.cost(world.ledger.settle(&work, &done, now)).await;
        assert_eq!((reads, writes), (0.0, 5.0));
    })
    .await;
}

#[tokio::test]
async fn a_users_report_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let id = world.ledger.report_id("a@b.example", SenderCheck::Passed, "1@b.example", now).await.unwrap();
        let sample = comment("1_2");
        let about = world.ledger.reference(sample.platform, &sample.account, &sample.id, now);
        let (_, reads, writes) = world.cost(world.ledger.reported_before(&id, &about, now)).await;
        assert_eq!((reads, writes), (1.0, 0.0), "whether it was reported before");
        let (count, reads, writes) = world.cost(world.ledger.count_user_report(&id, now)).await;
        assert_eq!((count, reads, writes), (Ok(1), 1.0, 1.0), "counting");
        let report = UserReport {
            id: id.clone(),
            received_at: now,
            deadline: at("2026-02-04T09:00:00Z"),
            sender: Some("a@b.example".to_owned()),
            sender_check: SenderCheck::Passed,
            subject: None,
            text: "Un testo di poche righe".to_owned(),
            text_cut: false,
            attachments: Vec::new(),
            attachments_left_out: 0,
            about: vec![Reported {
                link: Some("https://x.com/i/status/1".to_owned()),
                platform: Platform::X,
                reference: Some(about.clone()),
                case: None,
                earlier: None,
            }],
            links_left_out: 0,
            answered: Vec::new(),
            expires_at: at("2026-08-03T09:00:00Z"),
            version: 1,
        };
        let tasks = [task("t")];
        let (_, reads, writes) = world.cost(world.ledger.put_user_report(&report, &tasks)).await;
        assert_eq!((reads, writes), (1.0, 9.0), "a report with one contribution and one task");
        let (before, ..) = world.cost(world.ledger.reported_before(&id, &about, now)).await;
        assert_eq!(before, Ok(Some(id.clone())));
        let (_, reads, writes) = world.cost(world.ledger.report_answered(&id, id.mail(), now)).await;
        assert_eq!((reads, writes), (1.0, 1.0), "that it was answered");
        let violating = Sample::violating(comment("1_2"));
        let mut judged = violating.judged(now);
        judged.actions.clear();
        world.ledger.record(&judged).await.unwrap();
        let (authors, policy) = ([world.pseudonym()], policy());
        let ground = ErasureGround::Request;
        let request = ErasureRequest { authors: &authors, platform: None, ground, by: None, reason: None };
        let erasure = world.ledger.request_erasure(&request, now).await.unwrap();
        let later = at("2026-02-03T09:01:01Z");
        let (_, reads, writes) = world.cost(world.ledger.erase(&erasure.code, &policy, later)).await;
        assert_eq!(
            (reads, writes),
            (10.0 + 1.0, 13.0 + 4.0),
            "erasing an author, and one for a case that was reported"
        );
        let (erased, reads, writes) =
            world.cost(world.ledger.erase_reporter("A@b.example", &policy, &person("anna"), now)).await;
        assert_eq!((erased, reads, writes), (Ok(1), 3.0, 5.0), "erasing its sender");
    })
    .await;
}

#[tokio::test]
async fn looking_for_work_costs_half_a_read_unit_a_shard() {
    on_the_embedded_engine(async |world| {
        let (_, reads, writes) = world.cost(world.due(at("2026-02-03T09:00:00Z"))).await;
        assert_eq!((reads, writes), (4.0, 0.0));
    })
    .await;
}

#[tokio::test]
async fn the_steps_beside_the_main_path_cost_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(now);
        let text = Some("Commento nascosto".to_owned());
        judged.actions.push(NewAction { text, ..NewAction::new(ActionKind::Reply) });
        world.ledger.record(&judged).await.unwrap();
        let work = world.claim_first(now).await.unwrap();
        let (_, _, writes) = world.cost(world.ledger.settle(&work, &done(), now)).await;
        assert_eq!(writes, 6.0, "an effect that another action follows");

        let contribution = &sample.contribution;
        let remove = world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, now);
        let (closed, reads, writes) = world.cost(remove).await;
        assert_eq!((closed, reads, writes), (Ok(1), 1.0, 9.0), "a removal with an action to settle");

        let unread = Unread {
            platform: contribution.platform,
            account: contribution.account.clone(),
            surface: contribution.surface,
            id: contribution.id.clone(),
            thread: None,
            at: None,
            written: Vec::new(),
            look: false,
        };
        let (_, _, writes) = world.cost(world.ledger.defer(&unread, now)).await;
        assert_eq!(writes, 2.0, "deferring");
        let key = world.due(now).await.remove(0);
        let (work, reads, writes) = world.cost(world.ledger.claim(&key, now, LEASE)).await;
        assert_eq!((reads, writes), (1.0, 3.0), "taking a reading up");
        let Ok(Some(Work::Read(work))) = work else { panic!("expected a reading") };
        let (_, _, writes) = world.cost(world.ledger.settle_reading(&work, ReadOutcome::Done, now)).await;
        assert_eq!(writes, 2.0, "ending a reading");
    })
    .await;
}

#[tokio::test]
async fn the_ladder_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(now);
        judged.climb = true;
        world.ledger.record(&judged).await.unwrap();
        let hide = world.claim_first(now).await.unwrap();
        world.ledger.settle(&hide, &done(), now).await.unwrap();

        let (record, reads, writes) = world.cost(world.author()).await;
        assert_eq!((record.standing.strikes.len(), reads, writes), (1, 1.0, 0.0), "reading the author's record");
        let case = world.case_of(&sample).await;
        let text = Some("Avviso".to_owned());
        let climbed = Amendment {
            climb_due: Some(false),
            actions: vec![NewAction { text, ..serving(ActionKind::Reply) }],
            sanctions: Some(SanctionsChange {
                version: 0,
                sanctions: vec![sanction(&case.id, SanctionKind::Warning)],
                changed: vec![1],
            }),
            ..Amendment::of(&case)
        };
        let (_, reads, writes) = world.cost(world.ledger.amend(&climbed, now)).await;
        assert_eq!((reads, writes), (1.0, 6.0), "a climb that leads to a warning");
        let warn = world.claim_first(now).await.unwrap();
        let (_, reads, writes) = world.cost(world.ledger.settle(&warn, &done(), now)).await;
        // Ten, and two more because the warning makes the case larger than 1 KB.
        assert_eq!((reads, writes), (1.0, 12.0), "a warning that is delivered");
        let case = world.case_of(&sample).await;
        let climbed = Amendment { climb_due: Some(false), ..Amendment::of(&case) };
        let (_, reads, writes) = world.cost(world.ledger.amend(&climbed, now)).await;
        // Two, and one more for the same reason.
        assert_eq!((reads, writes), (0.0, 3.0), "a climb that leads to nothing");
    })
    .await;
}

#[tokio::test]
async fn the_office_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        for number in 0..20 {
            let sample = Sample::violating(comment(&format!("1_{number}")));
            world.ledger.record(&sample.judged(now)).await.unwrap();
        }
        let (listed, reads, writes) = world.cost(world.ledger.open_cases(&Desk::Open, None, 100, now)).await;
        assert_eq!((listed.unwrap().0.len(), reads, writes), (20, 20.5, 0.0), "listing open cases");
        let id = Sample::violating(comment("1_1")).case_id(&world.ledger);
        let (case, reads, _) = world.cost(world.case(&id)).await;
        assert_eq!(reads, 1.0, "reading a case");
        let closed = Status::Closed { reason: Closure::Confirmed, at: now };
        let confirmed =
            Amendment { status: Some(closed), decision: Some(decision(DecisionKind::Confirm)), ..Amendment::of(&case) };
        let (_, reads, writes) = world.cost(world.ledger.amend(&confirmed, now)).await;
        assert_eq!((reads, writes), (0.0, 7.0), "a decision that closes a case");

        let about = Task { case: Some(id), ..task("t") };
        let (_, _, writes) = world.cost(world.ledger.put_task(&about)).await;
        assert_eq!(writes, 2.0, "raising a task");
        let (tasks, reads, _) = world.cost(world.tasks()).await;
        assert_eq!((tasks.len(), reads), (1, 1.5), "listing tasks");
        let (_, reads, writes) = world.cost(world.ledger.finish_task("t", &by_hand(true))).await;
        assert_eq!((reads, writes), (2.0, 6.0), "doing a task of a case");

        let id = Sample::violating(comment("1_2")).case_id(&world.ledger);
        world.sanction(&id, SanctionKind::Ban, vec![serving(ActionKind::Ban)]).await;
        let about = Task { case: Some(id.clone()), action: Some("a2".to_owned()), ..task("ban") };
        world.ledger.put_task(&about).await.unwrap();
        let (_, reads, writes) = world.cost(world.ledger.finish_task("ban", &by_hand(true))).await;
        assert_eq!(
            (reads, writes),
            (4.0, 14.0),
            "doing by hand what a sanction asks for, of an author of twenty strikes"
        );
        let (case, strike) = (world.case(&id).await, StrikeChange::Withdraw);
        let sanctions = Some(SanctionsChange { version: 2, sanctions: Vec::new(), changed: Vec::new() });
        let taken_back = Amendment { strike, sanctions, tasks: vec![task("new")], ..Amendment::of(&case) };
        let (_, reads, writes) = world.cost(world.ledger.amend(&taken_back, now)).await;
        assert_eq!((reads, writes), (2.0, 12.0), "taking a strike and its sanctions back, with a task");
        let note = Note { at: now, by: person("Anna"), text: "x".to_owned(), salt: "y".to_owned() };
        let author = world.pseudonym();
        let noting = world.ledger.note_author(Platform::Facebook, &author, &note, &case.policy);
        let (_, reads, writes) = world.cost(noting).await;
        assert_eq!((reads, writes), (2.0, 4.0), "noting something about an author of twenty strikes");
    })
    .await;
}

#[tokio::test]
async fn an_erasure_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        for number in 0..20 {
            let sample = Sample::violating(comment(&format!("1_{number}")));
            let mut judged = sample.judged(now);
            judged.actions.clear();
            world.ledger.record(&judged).await.unwrap();
        }
        let authors = [world.pseudonym()];
        let request = ErasureRequest {
            authors: &authors,
            platform: None,
            ground: ErasureGround::Request,
            by: None,
            reason: None,
        };
        let (erasure, reads, writes) = world.cost(world.ledger.request_erasure(&request, now)).await;
        assert_eq!((reads, writes), (2.0, 2.0), "asking for an erasure");
        let (cases, reads, _) = world.cost(world.ledger.cases_by_author(&authors[0])).await;
        assert_eq!((cases.unwrap().len(), reads), (20, 1.0), "listing the cases of an author");
        let (policy, later) = (policy(), at("2026-02-03T09:01:01Z"));
        let (erasing, reads, writes) = world.cost(world.ledger.erase(&erasure.unwrap().code, &policy, later)).await;
        assert_eq!(erasing.unwrap().unwrap().erasure.cases, 20);
        assert_eq!(
            (reads, writes),
            (106.0, 127.0),
            "erasing twenty cases that are open: six each, and seven for the request"
        );
    })
    .await;
}

#[tokio::test]
async fn the_safeguards_cost_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let account = AccountId::new("1234567890321");
        for number in 0..2 {
            let contribution = reference(number);
            let hide = Hide {
                platform: Platform::Facebook,
                account: &account,
                rule: "telefono",
                author: None,
                contribution: &contribution,
            };
            let count = world.ledger.count_hide(hide, &[], 1, now);
            let (_, reads, writes) = world.cost(count).await;
            assert_eq!((reads, writes), (1.0, 1.0), "counting a hide");
        }
        let halt = Halt {
            scope: Scope::All,
            cause: HaltCause::Switch,
            since: now,
            by: None,
            reason: "prova".to_owned(),
            counted: None,
            group: "halt-1".to_owned(),
        };
        let task = Task { kind: TaskKind::Halted, created_at: now, ..task("halt-1") };
        let (_, _, writes) = world.cost(world.ledger.halt(&halt, &task, &policy(), now)).await;
        assert_eq!(writes, 7.0, "halting");
        let (_, reads, _) = world.cost(world.ledger.halts()).await;
        assert_eq!(reads, 1.0, "reading what is halted");
        let (_, _, writes) =
            world.cost(world.ledger.resume(&Scope::All, &person("Anna"), "finita", &policy(), now)).await;
        assert_eq!(writes, 4.0, "letting it go on");

        let expires_at = at("2026-02-10T09:00:00Z");
        let (what, scope) = (Notice::Redirect, "thread".to_owned());
        let once = Once { what, author: world.pseudonym(), scope, expires_at };
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(now);
        judged.once = vec![once.clone()];
        let (_, reads, writes) = world.cost(world.ledger.record(&judged)).await;
        assert_eq!((reads, writes), (0.0, 14.0), "saying something once, with a violation");
        let (_, reads, _) = world.cost(world.ledger.was_said(&once, now)).await;
        assert_eq!(reads, 1.0, "whether it was said");
    })
    .await;
}

#[tokio::test]
async fn a_proof_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at("2026-02-03T09:00:01Z"))).await.unwrap();
        world.ledger.seal("2026-02-03".parse().unwrap(), at("2026-02-05T09:00:00Z")).await.unwrap();
        let case = world.case_of(&sample).await;
        let proving = world.ledger.proof(&case, at("2026-02-05T09:00:00Z"));
        let (proof, reads, writes) = world.cost(proving).await;
        assert_eq!(proof.unwrap().entries.len(), 1);
        // The day before it arrived and each since, the seal, and what it binds.
        assert_eq!((reads, writes), (4.0 + 1.0 + 1.0, 0.0), "proving the entries of a case");
        let (_, reads, _) = world.cost(world.ledger.tasks_of(&case.id, at("2026-02-05T09:00:00Z"))).await;
        assert_eq!(reads, 2.0, "the tasks of a case");
        let court = person("il tribunale");
        let disclosing = world.ledger.disclose_case(&case, &court, at("2026-02-05T09:00:00Z"));
        let (_, reads, writes) = world.cost(disclosing).await;
        assert_eq!((reads, writes), (0.0, 1.0), "recording that a case is given out");
    })
    .await;
}
