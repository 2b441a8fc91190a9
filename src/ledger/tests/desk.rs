//! The desk: every open case and task is found, in order, page by page; and what is done is not.

use jiff::{SignedDuration, Timestamp};
use ledger::{Closure, Cursor, Desk, NotACursor, Status, Task};

use crate::support::{Sample, World, at, by_hand, comment, on_each_engine, task};

const NOW: &str = "2026-02-03T12:00:00Z";

async fn open(world: &World, number: i64, deadline: Option<&str>, group: Option<&str>) -> String {
    let sample = Sample::violating(comment(&format!("1_{number}")));
    let mut judged = sample.judged(at("2026-02-03T09:00:00Z") + SignedDuration::from_mins(number));
    judged.deadline = deadline.map(at);
    judged.halted = group.map(str::to_owned);
    world.ledger.record(&judged).await.unwrap();
    sample.case_id(&world.ledger).to_string()
}

/// The ids of all pages, so many cases each.
async fn listed(world: &World, desk: &Desk, limit: usize) -> Vec<String> {
    let (mut ids, mut after): (Vec<String>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let (cases, next) = world.ledger.open_cases(desk, after.as_ref(), limit, at(NOW)).await.unwrap();
        assert!(cases.len() <= limit);
        ids.extend(cases.iter().map(|case| case.id.to_string()));
        match next {
            // As a console gives it back.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn open_cases_are_listed_by_deadline_or_arrival_page_by_page() {
    on_each_engine(async |world| {
        let late = open(&world, 1, Some("2026-02-05T09:00:00Z"), None).await;
        let soon = open(&world, 2, Some("2026-02-03T08:00:00Z"), None).await;
        let (third, fourth) = (open(&world, 3, None, None).await, open(&world, 4, None, None).await);
        for limit in [1, 2, 3, 4, 100] {
            let expected = [&soon, &third, &fourth, &late].map(Clone::clone);
            assert_eq!(listed(&world, &Desk::Open, limit).await, expected, "{limit}");
        }
        let (cases, _) = world.ledger.open_cases(&Desk::Open, None, 1, at(NOW)).await.unwrap();
        assert!(cases[0].content.is_some());
        assert_eq!(world.ledger.open_cases(&Desk::Open, None, 0, at(NOW)).await, Ok((Vec::new(), None)));
    })
    .await;
}

#[tokio::test]
async fn the_cases_of_a_group_are_listed_apart() {
    on_each_engine(async |world| {
        let alone = open(&world, 1, None, None).await;
        let mut raid = Vec::new();
        for number in 2..30 {
            raid.push(open(&world, number, None, Some("raid-1")).await);
        }
        let other = open(&world, 40, None, Some("raid-2")).await;
        assert_eq!(listed(&world, &Desk::Open, 10).await, [alone]);
        assert_eq!(listed(&world, &Desk::Group("raid-1".to_owned()), 10).await, raid);
        let group = world.ledger.group("raid-2", 10, at(NOW)).await.unwrap();
        assert_eq!((group[0].id.to_string(), group[0].group.as_deref()), (other, Some("raid-2")));
        assert_eq!(world.ledger.group("raid-1", 5, at(NOW)).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_case_leaves_the_desk_when_it_is_closed_and_comes_back_when_it_is_opened() {
    on_each_engine(async |world| {
        let id = open(&world, 1, None, None).await.parse().unwrap();
        let closed = Status::Closed { reason: Closure::Confirmed, at: at(NOW) };
        world.amend(&id, |amendment| amendment.status = Some(closed)).await;
        assert_eq!(listed(&world, &Desk::Open, 10).await, Vec::<String>::new());
        let items = world.scan(&world.tables.casebook).await;
        assert!(items.iter().all(|item| !item.contains_key("desk")), "and is not in the index any more");
        world.amend(&id, |amendment| amendment.status = Some(Status::Open)).await;
        assert_eq!(listed(&world, &Desk::Open, 10).await, [id.to_string()]);

        let contribution = comment("1_1");
        world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, at(NOW)).await.unwrap();
        assert_eq!(listed(&world, &Desk::Open, 10).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_case_that_answered_itself_never_lies_on_the_desk() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(at("2026-02-03T09:00:01Z"));
        judged.status = Status::Closed { reason: Closure::Answered, at: at("2026-02-03T09:00:01Z") };
        world.ledger.record(&judged).await.unwrap();
        assert_eq!(listed(&world, &Desk::Open, 10).await, Vec::<String>::new());
        assert!(world.claim_first(at(NOW)).await.is_some(), "its actions are carried out all the same");
    })
    .await;
}

#[tokio::test]
async fn tasks_are_listed_oldest_first_until_they_are_done() {
    on_each_engine(async |world| {
        let created = |minute: i64| -> Timestamp { at("2026-02-03T09:00:00Z") + SignedDuration::from_mins(minute) };
        for (id, minute) in [("b", 2), ("c", 3), ("a", 1), ("d", 4)] {
            world.ledger.put_task(&Task { created_at: created(minute), ..task(id) }).await.unwrap();
        }
        world.ledger.finish_task("b", &by_hand(true)).await.unwrap();
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let (tasks, next) = world.ledger.tasks(after.as_ref(), 2, at(NOW)).await.unwrap();
            ids.extend(tasks.into_iter().map(|task| task.id));
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(ids, ["a", "c", "d"]);
        let other = world.other_organisation();
        assert_eq!(other.tasks(None, 10, at(NOW)).await, Ok((Vec::new(), None)));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_where_a_page_ended_is_refused() {
    on_each_engine(async |world| {
        for wrong in ["", "~", "2026", "~id", "2026~"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong:?}");
        }
        let cursor: Cursor = "2026-02-03T09:00:00Z~no-case".parse().unwrap();
        assert!(world.ledger.open_cases(&Desk::Open, Some(&cursor), 10, at(NOW)).await.is_err());
    })
    .await;
}
