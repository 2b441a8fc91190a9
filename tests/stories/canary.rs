//! The canary scan (invariant 10): what people wrote, their names and their ids are written on every path, and after an
//! erasure, and after the time that they are kept, they are looked for in everything that is stored, exported, logged
//! and counted. That the search finds them is shown before.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::SignedDuration;
use ledger::audit::Export;
use ledger::{Done, Tables};
use moderation::{Arrival, Pace, Proof, Ruling};
use policy::{Platform, PlatformUserId};
use sandbox::NewComment;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use statistics::{Archive, Language, Period};
use tracing_subscriber::EnvFilter;

use crate::erasure::MINUTE;
use crate::log::{Log, listen};
use crate::stage::{Stage, ruling};
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;

/// In texts.
const WORD: &str = "canarinotesto";
/// The name of whoever writes.
const NAME: &str = "Canarina Gialli";
/// In reasons and notes of the office.
const REASON: &str = "Canarina Gialli ha scritto canarinotesto";
static RULING: LazyLock<Ruling> = LazyLock::new(|| ruling("Anna", REASON).unwrap());

/// What of our crates is logged: everything from `debug` on.
const LOGGED: &str = "off,policy=debug,platforms=debug,ledger=debug,moderation=debug,statistics=debug,galateo=debug";

/// A stage on which people have written on every path.
struct Aviary {
    stage: Stage,
    log: Log,
    _listening: tracing::subscriber::DefaultGuard,
    /// Who wrote.
    people: Vec<(Platform, String)>,
    /// What must be found nowhere in the end: words, names, ids of people and of what they wrote.
    canaries: BTreeSet<String>,
}

impl Aviary {
    async fn filled() -> Self {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(LOGGED)).with_writer(log.clone());
        let listening = listen(subscriber.finish());
        let canaries = [WORD, NAME].map(str::to_owned).into();
        let stage = Stage::open().await;
        let mut aviary = Self { stage, log, _listening: listening, people: Vec::new(), canaries };
        aviary.comments_on_every_platform().await;
        aviary.other_paths_of_facebook().await;
        aviary.stage.moderation.poll(Pace::AtOnce).await;
        aviary.stage.works().await;
        aviary.office_decides().await;
        aviary.stage.works().await;
        aviary.others_report().await;
        aviary
    }

    /// Ids of only digits have ten or more: shorter ones stand by chance in the fractions of a second of some line.
    fn is_known(&mut self, platform: Platform, person: &str) {
        self.people.push((platform, person.to_owned()));
        self.canaries.insert(person.to_owned());
    }

    async fn comments_on_every_platform(&mut self) {
        for platform in Platform::ALL.iter().copied() {
            let person = match platform {
                Platform::Youtube => "UCcanarino00000000009001".to_owned(),
                Platform::Linkedin => "urn:li:person:canarino9001".to_owned(),
                _ => format!("9001{}7731", platform as u8 + 10),
            };
            let text = format!("{INSULT} {WORD}");
            let account = self.stage.account(platform);
            for _ in 0..2 {
                let new = NewComment { mentions_us: true, ..NewComment::new(account.as_str(), &person, NAME, &text) };
                let id = self.stage.posts(new, platform);
                self.canaries.insert(id);
                self.stage.receives().await;
            }
            self.is_known(platform, &person);
        }
        // An edit within the rules, and a removal.
        let page = self.stage.account(FACEBOOK);
        for edits in [true, false] {
            let person = if edits { "9001207731" } else { "9001217731" };
            let text = format!("{INSULT} {WORD}");
            let id = self.stage.posts(NewComment::new(page.as_str(), person, NAME, &text), FACEBOOK);
            self.stage.receives().await;
            self.stage.works().await;
            match edits {
                true => self.stage.sandbox.edit_comment(FACEBOOK, &id, &format!("Grazie {WORD}")).unwrap(),
                false => self.stage.sandbox.delete_comment(FACEBOOK, &id).unwrap(),
            }
            self.stage.receives().await;
            self.canaries.insert(id);
            self.is_known(FACEBOOK, person);
        }
    }

    /// A visitor's post, private messages with a violation and with a personal case, a review, a mention.
    async fn other_paths_of_facebook(&mut self) {
        let page = self.stage.account(FACEBOOK);
        let seconds = self.stage.now().as_second();
        let change = |field: &str, value: Value| json!({"object": "page", "entry": [{"id": page, "time": seconds, "changes": [{"field": field, "value": value}]}]});
        let message = |person: &str, mid: &str, text: &str| {
            let message = json!({"sender": {"id": person}, "recipient": {"id": page}, "timestamp": seconds * 1000,
                "message": {"mid": mid, "text": text}});
            json!({"object": "page", "entry": [{"id": page, "time": seconds * 1000, "messaging": [message]}]})
        };
        let insult = format!("{INSULT} {WORD}");
        let personal = format!("{WORD}: la mia pratica di iscrizione è ferma, a chi chiedo lo SPID?");
        let bodies = [
            change(
                "feed",
                json!({"item": "post", "verb": "add", "post_id": format!("{page}_9001307731"),
                "from": {"id": "9001307731", "name": NAME}, "created_time": seconds, "message": insult}),
            ),
            change(
                "mention",
                json!({"item": "comment", "verb": "add", "post_id": "9001317731_1",
                "comment_id": "9001317731_2", "from": {"id": "9001317731", "name": NAME}, "created_time": seconds,
                "message": insult}),
            ),
            change(
                "ratings",
                json!({"item": "rating", "verb": "add", "reviewer_id": "9001327731", "reviewer_name": NAME,
                "review_text": insult, "recommendation_type": "NEGATIVE", "open_graph_story_id": "90013277319001327731",
                "created_time": seconds}),
            ),
            message("9001337731", "m_9001337731", &insult),
            message("9001347731", "m_9001347731", &personal),
        ];
        for body in &bodies {
            let (status, _) = self.stage.delivered(FACEBOOK, body).await;
            assert_eq!(status, 200);
        }
        for person in ["9001307731", "9001317731", "9001327731", "9001337731", "9001347731"] {
            self.is_known(FACEBOOK, person);
        }
    }

    /// Others report what people wrote on Facebook, before it was judged and after.
    async fn others_report(&mut self) {
        let page = self.stage.account(FACEBOOK);
        let text = format!("{INSULT} {WORD}");
        let id = self.stage.posts(NewComment::new(page.as_str(), "9001407731", NAME, &text), FACEBOOK);
        for is_judged in [false, true] {
            if is_judged {
                self.stage.receives().await;
                self.stage.works().await;
            }
            let (post, comment) = id.split_once('_').unwrap();
            let raw = format!(
                "From: chi{is_judged}@posta.example\r\n\r\nhttps://www.facebook.com/{page}/posts/{post}?comment_id={comment}"
            );
            let arrival = Arrival { proof: Proof::Dmarc, unreturnable: false };
            let taken = self.stage.moderation.take_user_report(raw.as_bytes(), &arrival).await.unwrap();
            assert_eq!((taken.links, taken.cases), (1, usize::from(is_judged)));
            self.canaries.insert(comment.to_owned());
        }
        self.canaries.insert(id);
        self.is_known(FACEBOOK, "9001407731");
    }

    /// Reasons, notes and what is said about tasks name the person.
    async fn office_decides(&self) {
        let stage = &self.stage;
        let (open, _) = stage.ledger().open_cases(&ledger::Desk::Open, None, 1_000, stage.now()).await.unwrap();
        assert!(open.len() >= 8, "{} cases are open", open.len());
        for (number, case) in open.iter().enumerate() {
            if number % 2 == 0 && case.deadline.is_none() {
                stage.moderation.office().confirm(&case.id, &RULING).await.unwrap();
            }
            if let Some(author) = &case.pseudonym {
                stage.moderation.office().note(case.platform, author, &RULING).await.unwrap();
            }
        }
        for task in stage.tasks().await.iter().step_by(2) {
            let (by, note, salt) = (moderation::person("Anna").unwrap(), REASON.to_owned(), "sale".to_owned());
            let done = Done { by, at: stage.now(), note, salt, achieved: true };
            stage.ledger().finish_task(&task.id, &done).await.unwrap();
        }
    }

    /// Where canaries are: of each place, which. A hash of one without a key counts as well.
    async fn found(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (place, text) in self.everything().await {
            for canary in &self.canaries {
                let hash = hex::encode(Sha256::digest(canary));
                if text.contains(canary.as_str()) || text.contains(&hash) {
                    found.push(format!("{place}: {canary}"));
                }
            }
        }
        found
    }

    /// Everything that is stored, exported, reported, logged and counted, by place.
    async fn everything(&self) -> Vec<(&'static str, String)> {
        let stage = &self.stage;
        let tables = Tables::default();
        let mut everything = Vec::new();
        for (place, table, index) in [
            ("casebook", &tables.casebook, None),
            ("pending", &tables.casebook, Some("pending")),
            ("desk", &tables.casebook, Some("desk")),
            ("audit log", &tables.audit, None),
            ("recorded", &tables.audit, Some("recorded")),
        ] {
            let mut text = String::new();
            let scan = stage.dynamodb().scan().table_name(table).set_index_name(index.map(str::to_owned));
            let mut pages = scan.into_paginator().send();
            while let Some(page) = pages.next().await {
                write!(text, "{:?}", page.unwrap().items()).unwrap();
            }
            everything.push((place, text));
        }
        let today = ledger::day(stage.now());
        let mut lines = Vec::new();
        let policy = &stage.moderation.policy().reference;
        let by = &moderation::person("Anna").unwrap();
        let export = Export { from: today.yesterday().unwrap(), to: today, by, policy };
        stage.ledger().export(&export, &mut lines, stage.now()).await.unwrap();
        everything.push(("export", String::from_utf8(lines).unwrap()));
        let archive = Archive { policy: stage.moderation.policy(), ledger: stage.ledger() };
        let report = archive.report(Period::month_so_far(today), today, None).await.unwrap();
        everything.push(("report", format!("{} {}", report.to_json(), report.to_html(Language::Italian))));
        everything.push(("log", self.log.text()));
        everything.push(("counts", format!("{:?}", stage.moderation.tally().all())));
        everything
    }

    /// What is given out about each person.
    async fn given_out(&self) -> Vec<Option<Value>> {
        let mut given_out = Vec::new();
        for (platform, person) in &self.people {
            let authors = self.stage.ledger().pseudonyms(*platform, &PlatformUserId::new(person));
            given_out.push(self.stage.exported(*platform, &authors).await);
        }
        given_out
    }
}

#[tokio::test]
async fn after_an_erasure_nothing_of_a_person_is_found_anywhere() {
    let mut aviary = Aviary::filled().await;
    let before = aviary.found().await;
    for (_, person) in &aviary.people {
        assert!(before.iter().any(|found| found.ends_with(person.as_str())), "the search does not find {person}");
    }
    assert!(before.iter().all(|found| found.starts_with("casebook: ")), "{before:#?}");
    let given_out = aviary.given_out().await;
    for (export, (platform, person)) in given_out.iter().zip(&aviary.people) {
        let export = export.as_ref().unwrap_or_else(|| panic!("nothing about {person} on {platform}")).to_string();
        assert!(export.contains(person.as_str()) && export.contains(WORD), "{platform}: {export}");
    }
    for (platform, person) in &aviary.people {
        let authors = aviary.stage.ledger().pseudonyms(*platform, &PlatformUserId::new(person));
        let erased = aviary.stage.moderation.office().erase(Some(*platform), &authors, &RULING, true).await.unwrap();
        assert_eq!(erased.waiting, 0, "{platform}");
    }
    aviary.stage.passes(MINUTE);
    assert_eq!(aviary.stage.moderation.carry_erasures_on().await.unwrap().done, aviary.people.len());
    assert_eq!(aviary.found().await, Vec::<String>::new());
    assert!(aviary.given_out().await.iter().all(Option::is_none));
}

#[tokio::test]
async fn after_its_time_nothing_of_a_person_is_found_anywhere() {
    let mut aviary = Aviary::filled().await;
    assert!(!aviary.found().await.is_empty());
    // Longer than anything is kept; the policy may keep private messages longest.
    aviary.stage.passes(SignedDuration::from_hours(800 * 24));
    forget_what_has_expired(&aviary.stage).await;
    assert_eq!(aviary.found().await, Vec::<String>::new());
}

/// Deletes what the table's time to live would have deleted by now.
async fn forget_what_has_expired(stage: &Stage) {
    let (client, table) = (stage.dynamodb(), Tables::default().casebook);
    let mut pages = client.scan().table_name(&table).into_paginator().send();
    let mut expired = Vec::new();
    while let Some(page) = pages.next().await {
        for item in page.unwrap().items() {
            let expires = item.get("expires").and_then(|value| value.as_n().ok()?.parse::<i64>().ok());
            if expires.is_some_and(|expires| expires <= stage.now().as_second()) {
                expired.push((item["pk"].clone(), item["sk"].clone()));
            }
        }
    }
    assert!(!expired.is_empty());
    for (pk, sk) in expired {
        client.delete_item().table_name(&table).key("pk", pk).key("sk", sk).send().await.unwrap();
    }
}
