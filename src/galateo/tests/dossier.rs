//! The dossier of a case, tried on the binary, and verified by a program that shares no code with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use ledger::audit::{Hash, Inclusion, Seal};
use policy::Platform;
use serde_json::{Value, json};
use tempfile::TempDir;

/// When the demo ran.
const DEMO: &str = "2026-11-02T09:00:00Z";
/// Two days later: what the demo recorded is sealed.
const LATER: &str = "2026-11-04T10:00:00Z";

/// The data file after the demo, which takes some seconds: made once.
static RECORDS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let desk = Desk::empty(LATER);
    let demo = ["serve", "--demo", "--once", "--json", "--port", "0", "--now", DEMO];
    let output = galateo(&[&demo, &["--data", desk.data.to_str().unwrap()][..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    desk.done(&["audit", "seal", "--from", "2026-11-01"]);
    fs::read(&desk.data).unwrap()
});

/// A data file, and what is run on it.
struct Desk {
    data: PathBuf,
    now: &'static str,
    folder: TempDir,
}

impl Desk {
    fn empty(now: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { data: folder.path().join("ledger.db"), now, folder }
    }

    /// With everything that the demo sends, sealed.
    fn after_the_demo() -> Self {
        let desk = Self::empty(LATER);
        fs::write(&desk.data, &*RECORDS).unwrap();
        desk
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let now = ["--data", self.data.to_str().unwrap(), "--now", self.now];
        galateo(&[arguments, &now].concat())
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        out(&output)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// The id of an open case on this platform under this clause.
    fn case(&self, platform: &str, clause: &str) -> String {
        let list = self.json(&["case", "list"]);
        let mut cases = list["cases"].as_array().unwrap().iter();
        let found = cases.find(|case| case["platform"] == platform && case["clause"] == clause);
        found.unwrap_or_else(|| panic!("no such case: {list}"))["id"].as_str().unwrap().to_owned()
    }

    fn decide(&self, what: &str, id: &str) {
        self.done(&["case", what, id, "--by", "anna", "--reason", "offende chi legge"]);
    }

    fn dossier(&self, id: &str, more: &[&str]) -> Output {
        self.run(&[&["case", "dossier", id, "--by", "avv. Bianchi"], more].concat())
    }

    fn dossier_json(&self, id: &str) -> Value {
        let output = self.dossier(id, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        serde_json::from_str(&out(&output)).unwrap()
    }

    fn page(&self, id: &str, more: &[&str]) -> String {
        let output = self.dossier(id, more);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    }

    /// What the independent program says about a dossier.
    fn verify(&self, dossier: &Value, more: &[&str]) -> Output {
        let file = self.folder.path().join("dossier.json");
        fs::write(&file, dossier.to_string()).unwrap();
        let script = format!("{}/../../tests/audit/verify_dossier.py", env!("CARGO_MANIFEST_DIR"));
        Command::new("python3").arg(script).arg(file).args(more).output().unwrap()
    }
}

fn galateo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[test]
fn a_dossier_says_what_was_written_found_decided_and_done_and_is_itself_on_record() {
    let mut desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let before = desk.json(&["case", "show", &id]);
    desk.decide("confirm", &id);
    desk.now = "2026-11-04T11:00:00Z";
    let dossier = desk.dossier_json(&id);

    assert_eq!((&dossier["format"], &dossier["version"]), (&"galateo-dossier".into(), &1.into()));
    assert_eq!((&dossier["made_by"], &dossier["case"]["id"]), (&"avv. Bianchi".into(), &id.as_str().into()));
    let content = &dossier["contribution"]["content"];
    assert_eq!((content, &dossier["contribution"]["forgotten"]), (&before["content"], &Value::Null));
    let found = &dossier["verdict"]["findings"][0];
    let span = found["start"].as_u64().unwrap() as usize..found["end"].as_u64().unwrap() as usize;
    assert_eq!(&content["text"].as_str().unwrap()[span], found["matched"].as_str().unwrap());
    assert!(found["category"].is_string() && found["rule"].is_string() && found["detector"].is_string(), "{found}");
    let policy = &dossier["policy"];
    assert_eq!((&policy["hash"], &policy["quoted"]), (&before["policy"]["hash"], &true.into()));
    assert_eq!(policy["clauses"], before["clauses"], "number, title and text");
    let (hide, warning) = (&dossier["actions"][0], &dossier["actions"][1]);
    assert_eq!((&hide["kind"], &hide["effect"]), (&"hide".into(), &"done".into()));
    assert!(warning["text"].as_str().unwrap().contains("Messaggio automatico") && warning["asked_at"].is_string());
    assert_eq!(dossier["strikes"][0]["case"], id.as_str());
    assert_eq!(dossier["sanctions"][0]["grounds"], json!([id]));

    // The reason is the one whose hash the log keeps.
    let decision = &dossier["decisions"][0];
    assert_eq!((&decision["by"], &decision["reason"]), (&"anna".into(), &"offende chi legge".into()));
    let hash = ledger::reason_hash(decision["salt"].as_str().unwrap(), "offende chi legge");
    let entries: Vec<Value> = list(&dossier["audit"]["entries"])
        .iter()
        .map(|line| serde_json::from_str(line["entry"].as_str().unwrap()).unwrap())
        .collect();
    assert!(entries.iter().any(|entry| entry["fact"]["decision"]["reason"] == hash.as_str()), "{entries:?}");
    // Giving it out was recorded first, so it stands in what is given out; and again the next time.
    assert_eq!(entries.last().unwrap()["fact"]["disclosure"]["by"], "avv. Bianchi");
    let again = desk.dossier_json(&id);
    assert_eq!(list(&again["audit"]["entries"]).len(), entries.len() + 1);
}

#[test]
fn an_independent_program_verifies_the_proofs_and_finds_every_damage() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let dossier = desk.dossier_json(&id);
    let entries = list(&dossier["audit"]["entries"]);
    let sealed = entries.iter().filter(|line| line["sealed"].is_object()).count();
    assert_eq!(sealed, entries.len() - 1, "all but that this dossier was given out, which the next night seals");

    let seal = dossier["audit"]["seals"][0]["hash"].as_str().unwrap();
    let verified = desk.verify(&dossier, &["--organisation", "milano-monza-brianza-lodi", "--seal", seal]);
    assert_eq!(verified.status.code(), Some(0), "{}{}", out(&verified), err(&verified));
    let proved = format!("{sealed} of {} entries are proved by 1 seals", entries.len());
    assert!(out(&verified).contains(&proved), "{}", out(&verified));
    assert_eq!(desk.verify(&dossier, &["--organisation", "altro"]).status.code(), Some(1));
    assert_eq!(desk.verify(&dossier, &["--seal", &"0".repeat(64)]).status.code(), Some(1));

    let replace = |pointer: &str, with: &dyn Fn(&Value) -> Value| {
        let mut damaged = dossier.clone();
        let place = damaged.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"));
        *place = with(place);
        damaged
    };
    let flip = |value: &Value| {
        let text = value.as_str().unwrap();
        let last = if text.ends_with('0') { "1" } else { "0" };
        Value::from(format!("{}{last}", &text[..text.len() - 1]))
    };
    let add_one = |value: &Value| Value::from(value.as_u64().unwrap() + 1);
    let path = list(&entries[0]["sealed"]["path"]).len();
    let mut damages = vec![
        replace("/audit/entries/0/entry", &|text| text.as_str().unwrap().replace("hide", "allow").into()),
        replace("/audit/entries/0/hash", &flip),
        replace("/audit/entries/0/sealed/index", &add_one),
        replace("/audit/seals/0/hash", &flip),
        replace("/audit/seals/0/seal", &|text| text.as_str().unwrap().replace(r#""late":0"#, r#""late":1"#).into()),
        replace("/audit/seals", &|_| json!([])),
        replace("/audit/entries/1", &|_| entries[0].clone()),
        replace("/case/id", &flip),
        replace(&format!("/audit/entries/{sealed}/unsealed"), &|_| "missing".into()),
    ];
    damages.extend((0..path).map(|at| replace(&format!("/audit/entries/0/sealed/path/{at}"), &flip)));
    damages.push(replace("/audit/entries/0/sealed/path", &|path| list(path)[1..].into()));
    for (number, damaged) in damages.iter().enumerate() {
        assert_ne!(damaged, &dossier, "damage {number}");
        let verified = desk.verify(damaged, &[]);
        assert_eq!(verified.status.code(), Some(1), "damage {number}: {}{}", out(&verified), err(&verified));
    }
    assert_eq!(desk.verify(&json!({ "format": "galateo-dossier", "version": 2 }), &[]).status.code(), Some(2));
}

#[test]
fn what_was_noted_about_a_task_can_be_checked_against_the_log_and_actions_say_only_what_is_documented() {
    let desk = Desk::after_the_demo();
    let tasks = desk.json(&["task", "list"]);
    let task = list(&tasks["tasks"]).iter().find(|task| task["case"].is_string()).unwrap_or_else(|| panic!("{tasks}"));
    let (id, case) = (task["id"].as_str().unwrap(), task["case"].as_str().unwrap());
    desk.done(&["task", "done", id, "--by", "anna", "--reason", "fatto a mano"]);
    let dossier = desk.dossier_json(case);
    let done = &list(&dossier["tasks"]).iter().find(|task| task["id"] == id).unwrap()["done"];
    let hash = ledger::reason_hash(done["salt"].as_str().unwrap(), done["note"].as_str().unwrap());
    assert!(list(&dossier["audit"]["entries"]).iter().any(|line| line["entry"].as_str().unwrap().contains(&hash)));

    let documented = include_str!("../../../docs/dossier.md");
    let documented = documented.lines().find(|line| line.starts_with("| `actions`")).unwrap();
    for action in list(&dossier["actions"]) {
        for name in action.as_object().unwrap().keys() {
            assert!(documented.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn a_published_seal_does_not_vouch_for_an_entry_under_another_seal() {
    let desk = Desk::after_the_demo();
    let mut dossier = desk.dossier_json(&desk.case("instagram", "R4"));
    let seal = dossier["audit"]["seals"][0]["hash"].as_str().unwrap().to_owned();
    let published = ["--seal", &seal];
    assert_eq!(desk.verify(&dossier, &published).status.code(), Some(0));

    // An entry with an invented seal of its own: they fit together.
    let entry = json!({ "case": dossier["case"]["id"], "fact": "removal" }).to_string();
    let (hash, day) = (Hash::of(&entry), "2026-11-03".parse().unwrap());
    let invented = Seal::new("milano-monza-brianza-lodi", day, &[hash], 0, LATER.parse().unwrap(), None);
    let audit = &mut dossier["audit"];
    let sealed = Inclusion::new(day, &[hash], 0);
    audit["entries"].as_array_mut().unwrap().push(json!({ "entry": entry, "hash": hash, "sealed": sealed }));
    let invented_hash = invented.hash().to_string();
    audit["seals"].as_array_mut().unwrap().push(json!({ "seal": invented.to_json(), "hash": invented_hash }));
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0));
    let verified = desk.verify(&dossier, &published);
    assert_eq!(verified.status.code(), Some(1), "{}", out(&verified));
    assert!(out(&verified).contains("its seal is none of the published ones"), "{}", out(&verified));
    assert_eq!(desk.verify(&dossier, &["--seal", &seal, "--seal", &invented_hash]).status.code(), Some(0));
}

#[test]
fn a_statement_of_reasons_uses_the_terms_of_the_database_and_no_personal_data() {
    let desk = Desk::after_the_demo();
    let dossier = desk.dossier_json(&desk.case("instagram", "R4"));
    let statement = &dossier["statement_of_reasons"];
    assert_eq!((&statement["voluntary"], &statement["state"]), (&true.into(), &"in_force".into()));
    let attributes = &statement["attributes"];
    assert_eq!(attributes["decision_visibility"], json!(["DECISION_VISIBILITY_CONTENT_DISABLED"]));
    for (name, value) in [
        ("decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
        ("source_type", "SOURCE_VOLUNTARY"),
        ("automated_detection", "Yes"),
        ("automated_decision", "AUTOMATED_DECISION_FULLY"),
        ("application_date", "2026-11-02"),
        ("puid", dossier["case"]["id"].as_str().unwrap()),
    ] {
        assert_eq!(attributes[name], value, "{name}");
    }
    let clause = dossier["policy"]["clauses"][0]["number"].as_str().unwrap();
    assert!(attributes["incompatible_content_ground"].as_str().unwrap().contains(&format!("articolo {clause},")));
    let (text, content) = (statement.to_string(), &dossier["contribution"]["content"]);
    for personal in [&content["text"], &content["author"]["id"], &content["author"]["name"], &content["contribution"]] {
        assert!(!text.contains(personal.as_str().unwrap()), "{text}");
    }
    for found in list(&dossier["verdict"]["findings"]) {
        assert!(!text.contains(found["matched"].as_str().unwrap()), "{text}");
    }
    // What only waits for a person restricts nobody.
    let open = desk.case("facebook", "R2");
    assert_eq!(desk.dossier_json(&open)["statement_of_reasons"], Value::Null);
    assert!(desk.page(&open, &[]).contains("non c'è nulla da motivare"));
}

#[test]
fn what_is_no_longer_kept_is_said_to_be_gone_since_when_and_stands_nowhere() {
    let mut desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let kept = desk.dossier_json(&id);
    let content = &kept["contribution"]["content"];
    desk.now = "2027-06-01T10:00:00Z";
    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!(received["content"], Value::Null);
    assert_eq!(received["forgotten"], json!({ "ground": "retention", "since": content["expires_at"] }));
    let page = desk.page(&id, &[]);
    assert!(page.contains("il termine di conservazione è scaduto il 01/05/2027"), "{page}");
    assert_forgotten(&[&page, &dossier.to_string()], content);
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0), "the proofs need nothing of it");
}

#[test]
fn what_cannot_be_written_is_not_recorded_as_given_out() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let folder = desk.folder.path().to_str().unwrap();
    for file in [format!("{folder}/missing/d.html"), folder.to_owned(), format!("{folder}/ledger.db/d.html")] {
        let refused = desk.dossier(&id, &["--output", &file]);
        assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
        let said = err(&refused);
        assert!(said.starts_with(&format!("galateo: {file}: ")) && !said.contains("unfinished"), "{said}");
        for english in ["such", "path", "found", "irectory"] {
            assert!(!said.contains(english), "{said}");
        }
    }
    assert!(!desk.page(&id, &[]).is_empty());
    let entries = desk.dossier_json(&id)["audit"]["entries"].to_string();
    assert_eq!(entries.matches("avv. Bianchi").count(), 2, "those that were given out: {entries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_a_dossier_says_so_and_dossier_and_log_are_still_verified_by_both_programs() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let kept = desk.dossier_json(&id);
    let content = &kept["contribution"]["content"];
    let author = kept["contribution"]["pseudonym"].as_str().unwrap();
    let because = ["--by", "anna", "--reason", "lo ha chiesto per iscritto", "--anyway"];
    assert!(desk.done(&[&["author", "erase", author][..], &because].concat()).starts_with("Cancellato"));

    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!((&received["content"], &received["pseudonym"]), (&Value::Null, &Value::Null));
    assert_eq!(received["forgotten"]["ground"], "erasure");
    let since = received["forgotten"]["since"].as_str().unwrap();
    assert!(since.starts_with("2026-11-04T10:00:0"), "{since}");
    let page = desk.page(&id, &[]);
    assert!(page.contains("sono stati cancellati, come annotato nel registro, il 04/11/2026"), "{page}");
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0));

    // The request is fulfilled once a minute has passed.
    let now = Some("2026-11-04T10:05:00Z".parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    server.moderation().carry_erasures_on().await.unwrap();
    server.stop().await;
    let log = desk.folder.path().join("log.jsonl");
    let log = log.to_str().unwrap();
    desk.done(&["audit", "export", "--from", "2026-11-01", "--out", log]);
    assert_eq!(galateo(&["audit", "verify", log]).status.code(), Some(0));
    let script = format!("{}/../../tests/audit/verify.py", env!("CARGO_MANIFEST_DIR"));
    assert!(Command::new("python3").arg(script).arg(log).output().unwrap().status.success());
    let text = fs::read_to_string(log).unwrap();
    assert!(text.contains(r#""fact":{"erasure""#));
    assert_forgotten(&[&page, &dossier.to_string(), &text], content);
}

/// Facebook's webhook about a comment of our page.
fn facebook(page: &str, verb: &str, text: &str) -> Vec<u8> {
    let value = json!({ "item": "comment", "verb": verb, "comment_id": "55_7007", "post_id": format!("{page}_55"),
        "parent_id": format!("{page}_55"), "from": { "id": "4242700", "name": "Persona di prova" },
        "created_time": 1_793_610_000, "message": text });
    let change = json!({ "field": "feed", "value": value });
    json!({ "object": "page", "entry": [{ "id": page, "time": 1_793_610_001, "changes": [change] }] })
        .to_string()
        .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dossier_of_a_contribution_with_revisions_has_each_and_both_programs_verify_it_and_the_log() {
    const REVISIONS: [(&str, &str); 4] = [
        ("add", "sei un coglione di merda"),
        // The same with other punctuation: an audit entry, and nothing more.
        ("edited", "SEI UN COGLIONE di merda!!!"),
        ("edited", "Cerco prestanome per aprire una società, scrivetemi"),
        ("edited", "Servizio lento e costi assurdi, lo dico con calma."),
    ];
    let mut desk = Desk::empty("2026-11-04T10:00:00Z");
    let now = Some("2026-11-02T09:00:00Z".parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    let accounts = &server.moderation().policy().accounts;
    let page = accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap().id.clone();
    let http = reqwest::Client::new();
    // Each is delivered twice; the first text would not stand there again for that.
    for (verb, text) in REVISIONS.into_iter().flat_map(|revision| [revision, revision]) {
        let status = server.deliver(&http, Platform::Facebook, facebook(page.as_str(), verb, text)).await.unwrap();
        assert_eq!(status, 200, "{text}");
    }
    // A hiding waits until what stands there was read, and looks again after a minute.
    server.settle(Duration::from_secs(180)).await.unwrap();
    server.stop().await;

    let list = desk.json(&["case", "list"]);
    let cases = list["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{list}");
    let id = cases[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(cases[0]["clause"], "R3", "{list}");
    let shown = desk.done(&["case", "show", &id]);
    // Longer ones are broken over lines.
    assert!(shown.contains(REVISIONS[0].1) && shown.contains("Servizio lento e costi"), "{shown}");
    assert!(shown.contains("(di questa tratta il caso)"), "{shown}");
    assert!(shown.contains("Comunicato       02/11/2026"), "{shown}");
    desk.decide("confirm", &id);
    desk.now = "2026-11-05T10:00:00Z";
    desk.done(&["audit", "seal", "--from", "2026-11-01"]);

    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!(received["content"]["text"], REVISIONS[2].1, "it is about the gravest");
    // Facebook repeats the time of the original: a strike for an edit counts from when it told of that.
    assert_eq!(
        (&received["written_at"], &received["told_at"]),
        (&json!(when(1_793_610_000)), &json!(when(1_793_610_001)))
    );
    let mut revisions = received["revisions"].as_array().unwrap().iter();
    let original = revisions.find(|other| other["edited"] == false).unwrap();
    assert_eq!((&original["written_at"], &original["told_at"]), (&json!(when(1_793_610_000)), &Value::Null));
    let others: Vec<&Value> = list_of(&received["revisions"], "text");
    assert!(others.contains(&&json!(REVISIONS[0].1)) && others.contains(&&json!(REVISIONS[3].1)), "{received}");
    assert!(!others.contains(&&json!(REVISIONS[2].1)), "{received}");
    let entries: Vec<Value> = list_of(&dossier["audit"]["entries"], "entry")
        .into_iter()
        .map(|entry| serde_json::from_str(entry.as_str().unwrap()).unwrap())
        .collect();
    let verdicts: Vec<&Value> =
        entries.iter().map(|entry| &entry["fact"]["verdict"]).filter(|fact| fact.is_object()).collect();
    let says_more = verdicts.iter().filter(|fact| fact["unchanged"] != true);
    assert_eq!(says_more.clone().count(), 3, "each revision is judged once: {verdicts:?}");
    assert_eq!(says_more.filter(|fact| fact["revision"].is_string()).count(), 2);
    assert_eq!(verdicts.iter().filter(|fact| fact["strike"].is_object()).count(), 1, "one strike");
    let raised: Vec<&Value> =
        verdicts.iter().map(|fact| &fact["strike_raised"]["weight"]).filter(|it| !it.is_null()).collect();
    assert_eq!(raised, [&json!(2)]);
    let verified = desk.verify(&dossier, &["--organisation", "milano-monza-brianza-lodi"]);
    assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
    assert!(out(&verified).contains(&format!(" of {} entries are proved", entries.len())), "{}", out(&verified));
    let page = desk.page(&id, &[]);
    assert!(page.contains("Comunicato dalla piattaforma il") && page.contains("Comunicata dalla piattaforma il"));
    // In the text that it is about the matched words are marked.
    for text in [REVISIONS[0].1, "per aprire una società, scrivetemi", REVISIONS[3].1] {
        assert!(page.contains(text), "{text}");
    }

    // Who changes what was said of a revision is found out, by both.
    let log = desk.folder.path().join("log.jsonl");
    let script = format!("{}/../../tests/audit/verify.py", env!("CARGO_MANIFEST_DIR"));
    desk.done(&["audit", "export", "--from", "2026-11-01", "--out", log.to_str().unwrap()]);
    let text = fs::read_to_string(&log).unwrap();
    let count = |what: &str| text.matches(what).count();
    assert_eq!((count(r#""strike_raised""#), count(r#""unchanged":true"#)), (1, 1));
    let raised = text.replacen(r#""unchanged":true"#, r#""unchanged":null"#, 1);
    assert_ne!(raised, text);
    for (content, code) in [(&text, 0), (&raised, 1)] {
        fs::write(&log, content).unwrap();
        let ours = galateo(&["audit", "verify", log.to_str().unwrap()]);
        let theirs = Command::new("python3").arg(&script).arg(&log).output().unwrap();
        assert_eq!((ours.status.code(), theirs.status.code()), (Some(code), Some(code)), "{}", out(&theirs));
    }
    for (_, said) in REVISIONS {
        assert!(!text.contains(said), "the log holds no text");
    }
}

fn when(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

/// This field of each element of a list.
fn list_of<'v>(value: &'v Value, field: &str) -> Vec<&'v Value> {
    list(value).iter().map(|element| &element[field]).collect()
}

/// Nothing of what was personal about a case stands in these texts.
fn assert_forgotten(texts: &[&str], content: &Value) {
    for canary in [&content["text"], &content["author"]["id"], &content["author"]["name"], &content["contribution"]] {
        let canary = canary.as_str().unwrap();
        assert!(texts.iter().all(|text| !text.contains(canary)), "{canary}");
    }
}

#[test]
fn under_another_version_of_the_policy_no_clause_is_quoted_and_the_version_of_then_is_named() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let then = desk.dossier_json(&id);
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let now = desk.folder.path().join("policies");
    fs::create_dir_all(now.join("lists")).unwrap();
    for file in fs::read_dir(policies.join("lists")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), now.join("lists").join(file.file_name())).unwrap();
    }
    let text = fs::read_to_string(policies.join("milano-monza-brianza-lodi.toml")).unwrap();
    let now = now.join("milano-monza-brianza-lodi.toml");
    fs::write(&now, format!("{text}\n# Una virgola.\n")).unwrap();
    let more = ["--policy", now.to_str().unwrap()];
    let output = desk.dossier(&id, &[&["--json"][..], &more].concat());
    let dossier: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&dossier["policy"]["quoted"], &dossier["policy"]["clauses"]), (&false.into(), &json!([])));
    assert_eq!(dossier["policy"]["hash"], then["policy"]["hash"]);
    let quoted = then["policy"]["clauses"][0]["text"].as_str().unwrap();
    let page = desk.page(&id, &more);
    assert!(
        page.contains("non è quella in uso oggi") && !page.contains(quoted) && !dossier.to_string().contains(quoted)
    );
    assert!(page.contains(then["policy"]["hash"].as_str().unwrap()));
    assert!(desk.page(&id, &[]).contains(quoted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_a_stranger_wrote_as_text_and_a_statement_follows_the_decision() {
    let desk = Desk::empty("2026-11-18T09:00:00Z");
    // The server's clock goes on from there: what the office decides then is due at once.
    let now = Some(desk.now.parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    let event = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/facebook/comment-add-insult.json");
    let body = fs::read_to_string(event).unwrap();
    let body = body.replace("Chi ha scritto", r"<script>alert(1)</script> \u202eChi ha scritto");
    assert_eq!(server.deliver(&reqwest::Client::new(), Platform::Facebook, body).await.unwrap(), 200);
    let id = desk.case("facebook", "R2");
    let page = desk.page(&id, &[]);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\u{202e}Chi ha scritto"), "{page}");
    assert!(page.contains("<mark>coglione</mark><sup>[1]</sup>"), "{page}");
    assert!(!page.contains("<script") && !page.contains('\u{202e}'));
    assert!(page.contains(r#"http-equiv="Content-Security-Policy" content="default-src 'none';"#));
    assert!(!page.contains(" src=") && !page.contains("url(") && !page.contains("@import"));
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"it\">"));

    desk.decide("confirm", &id);
    server.settle(Duration::from_secs(30)).await.unwrap();
    let statement = desk.dossier_json(&id)["statement_of_reasons"].clone();
    assert_eq!((&statement["state"], &statement["overturned_at"]), (&"in_force".into(), &Value::Null));
    assert_eq!(statement["attributes"]["automated_decision"], "AUTOMATED_DECISION_NOT_AUTOMATED");
    desk.decide("overturn", &id);
    server.settle(Duration::from_secs(30)).await.unwrap();
    let statement = desk.dossier_json(&id)["statement_of_reasons"].clone();
    assert_eq!(statement["state"], "ended");
    assert!(statement["overturned_at"].is_string(), "{statement}");
    assert!(statement["attributes"]["end_date_visibility_restriction"].is_string(), "{statement}");
    server.stop().await;
}

#[test]
fn what_cannot_be_given_out_is_refused_as_case_show_refuses_it_and_a_file_gets_what_is_printed() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let unknown = format!("{}-{}", "0".repeat(24), "0".repeat(12));
    for wrong in [unknown.as_str(), "comment-1"] {
        let (shown, given) = (desk.run(&["case", "show", wrong]), desk.dossier(wrong, &[]));
        assert_eq!((given.status.code(), err(&given), out(&given)), (Some(2), err(&shown), String::new()));
    }
    for (arguments, reason) in [
        (&["case", "dossier", &id][..], "--by"),
        (&["case", "dossier", &id, "--by", " "], "manca chi decide"),
        (&["case", "dossier", &id, "--by", "x", "--format", "html", "--json"], "--json"),
        (&["case", "dossier", &id, "--by", "x", "--format", "pdf"], "pdf"),
        (&["case", "dossier", &id, "--by", "x", "--output", "/nowhere/at/all.html"], "/nowhere/at/all.html"),
    ] {
        let output = desk.run(arguments);
        assert_eq!((output.status.code(), out(&output)), (Some(2), String::new()), "{arguments:?}");
        assert!(err(&output).contains(reason), "{arguments:?}: {}", err(&output));
    }
    let file = desk.folder.path().join("dossier.html");
    assert_eq!(desk.page(&id, &["--output", file.to_str().unwrap()]), "");
    assert!(fs::read_to_string(&file).unwrap().contains("Fascicolo del caso"));
    assert_eq!(galateo(&["case", "dossier", "--help"]).status.code(), Some(0));
}

#[test]
fn a_dossier_does_not_tell_who_has_reported_the_contribution() {
    let desk = Desk::after_the_demo();
    let list = desk.json(&["case", "list"]);
    let shown = list["cases"].as_array().unwrap().iter().filter(|case| case["platform"] == "facebook");
    let shown = shown.map(|case| desk.json(&["case", "show", case["id"].as_str().unwrap()]));
    let case = shown.into_iter().find(|case| case["surface"] == "comment").expect("a comment on Facebook");
    let (id, comment) = (case["id"].as_str().unwrap(), case["content"]["contribution"].as_str().unwrap());
    let (post, comment) = comment.split_once('_').unwrap();
    let mail = desk.folder.path().join("report.eml");
    let link = format!("https://www.facebook.com/cameracommerciomilomb/posts/{post}?comment_id={comment}");
    fs::write(&mail, format!("From: nadia@posta.example\r\n\r\n{link}")).unwrap();
    let taken = desk.json(&["report", mail.to_str().unwrap()]);
    assert_eq!(taken["cases"], 1);
    let report = taken["report"].as_str().unwrap();
    let task = format!("{id}-report-{report}");
    desk.done(&["task", "done", &task, "--by", "anna", "--reason", "ha ragione Nadia Ferraris"]);

    let dossier = desk.dossier_json(id);
    let told = dossier["tasks"].as_array().unwrap().iter().find(|task| task["kind"] == "user_report").unwrap();
    assert_eq!(told["done"]["achieved"], true);
    for text in [dossier.to_string(), desk.page(id, &[])] {
        assert!(!text.contains(report) && !text.contains("Ferraris"), "{told}");
    }
}
