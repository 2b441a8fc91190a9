//! What a dossier says, and to whom it is not given.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Desk, err, galateo, list, out};

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

    let documented = include_str!("../../../../docs/dossier.md");
    let documented = documented.lines().find(|line| line.starts_with("| `actions`")).unwrap();
    for action in list(&dossier["actions"]) {
        for name in action.as_object().unwrap().keys() {
            assert!(documented.contains(&format!("`{name}`")), "{name}");
        }
    }
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
