//! The office's commands, tried on the binary, beside a running server and without one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};
use tempfile::TempDir;

const DECIDED: [&str; 4] = ["--by", "anna", "--reason", "controllato con il responsabile"];

/// A data file, and what is run on it.
struct Desk {
    data: PathBuf,
    _folder: TempDir,
}

impl Desk {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { data: folder.path().join("ledger.db"), _folder: folder }
    }

    /// With a case on Facebook and one on LinkedIn, everything carried out that can be, and no server running.
    async fn filled() -> Self {
        let desk = Self::empty();
        let server = desk.serve().await;
        deliver(&server, Platform::Facebook, "comment-add-insult.json").await;
        deliver(&server, Platform::Linkedin, "comment-violation.json").await;
        server.settle(Duration::from_secs(30)).await.unwrap();
        server.stop().await;
        desk
    }

    async fn serve(&self) -> Server {
        // A server that was stopped just now may hold the file for a moment longer.
        for _ in 0..100 {
            if let Ok(server) = Server::start(&self.options()).await {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server does not start");
    }

    fn options(&self) -> ServeOptions {
        ServeOptions { data: Some(self.data.clone()), ..ServeOptions::in_memory() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
        command.args(arguments).arg("--data").arg(&self.data);
        command.stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A command that decides, with the name and the reason.
    fn decide(&self, arguments: &[&str]) -> Output {
        self.run(&[arguments, &DECIDED].concat())
    }

    /// What a command prints with `--json`.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        serde_json::from_str(&out(&output)).unwrap()
    }

    /// The id of the open case on this platform.
    fn case_on(&self, platform: &str) -> String {
        let list = self.json(&["case", "list"]);
        let on = list["cases"].as_array().unwrap().iter().find(|case| case["platform"] == platform);
        on.unwrap_or_else(|| panic!("no open case on {platform}: {list}"))["id"].as_str().unwrap().to_owned()
    }
}

async fn deliver(server: &Server, platform: Platform, event: &str) {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let body = std::fs::read(events.join(platform.as_str()).join(event)).unwrap();
    assert_eq!(server.deliver(&reqwest::Client::new(), platform, body).await.unwrap(), 200);
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Asserts the exit code, and that the message is on standard error and nothing on standard output.
#[track_caller]
fn assert_refused(output: &Output, code: i32, reason: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", err(output));
    assert!(err(output).contains(reason), "{}", err(output));
    assert_eq!(out(output), "");
}

#[track_caller]
fn assert_done(output: &Output, said: &str) {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    assert!(out(output).contains(said), "{}", out(output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_listed_and_shown_with_text_clause_policy_effects_and_author() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    let list = desk.run(&["case", "list"]);
    assert_done(&list, &id);
    assert!(out(&list).contains("R2 Linguaggio") && out(&list).contains("2 casi aperti"), "{}", out(&list));
    let shown = desk.run(&["case", "show", &id]);
    for part in ["dato del [coglione](1)", "(1) R2 Linguaggio", "insulti (term)", "«coglione»", "SHA-256", "aperto"] {
        assert_done(&shown, part);
    }
    let case = desk.json(&["case", "show", &id]);
    let (text, finding) = (case["content"]["text"].as_str().unwrap(), &case["findings"][0]);
    let span = finding["start"].as_u64().unwrap() as usize..finding["end"].as_u64().unwrap() as usize;
    assert_eq!(&text[span], case["content"]["matched"][0].as_str().unwrap());
    assert_eq!(case["clauses"][0]["number"], "R2");
    assert_eq!(case["policy"]["hash"].as_str().unwrap().len(), 64);
    // By the reference that the author was given, too, and the author by both names.
    assert_eq!(desk.json(&["case", "show", &id[..24]]), case);
    let author = case["content"]["author"]["id"].as_str().unwrap();
    let by_id = desk.json(&["author", "show", "facebook", author]);
    assert_eq!(by_id, desk.json(&["author", "show", case["pseudonym"].as_str().unwrap()]));
    assert_eq!(by_id, case["author"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_by_assignee_and_says_when_there_is_more() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    assert_done(&desk.decide(&["case", "assign", &id, "--to", "Bruno"]), "Assegnato a Bruno");
    let list = desk.json(&["case", "list", "--assignee", "bruno"]);
    assert_eq!((&list["cases"][0]["id"], list["cases"].as_array().unwrap().len()), (&id.into(), 1));
    assert_eq!(desk.json(&["case", "list", "--assignee", "carla"])["cases"], Value::Array(Vec::new()));
    let list = desk.json(&["case", "list", "--limit", "1"]);
    assert_eq!((list["cases"].as_array().unwrap().len(), &list["more"]), (1, &true.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_decided_a_second_time_is_refused_and_names_who_was_first() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    assert_done(&desk.decide(&["case", "confirm", &id]), "Confermato");
    let again = desk.run(&["case", "confirm", &id, "--by", "bruno", "--reason", "anche per me"]);
    assert_refused(&again, 1, "già chiuso, da anna");
    let decisions = desk.json(&["case", "show", &id])["decisions"].clone();
    assert_eq!(decisions.as_array().unwrap().len(), 1);
    assert_eq!(decisions[0]["reason"], "controllato con il responsabile");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_at_once_one_wins_and_the_other_is_told_who() {
    for served in [false, true] {
        let desk = Desk::filled().await;
        let server = if served { Some(desk.serve().await) } else { None };
        let id = desk.case_on("facebook");
        let both = ["anna", "bruno"].map(|by| {
            let arguments = ["case", "confirm", &id, "--by", by, "--reason", "offende una persona"];
            let mut command = desk.command(&arguments);
            (by, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        });
        let ended = both.map(|(by, child)| (by, child.wait_with_output().unwrap()));
        let (won, lost): (Vec<_>, Vec<_>) = ended.iter().partition(|(_, output)| output.status.success());
        assert_eq!((won.len(), lost.len()), (1, 1), "served: {served}");
        assert_refused(&lost[0].1, 1, won[0].0);
        if let Some(server) = server {
            server.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_refused_with_the_reason_and_changes_nothing() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    let unknown = format!("{}-{}", "0".repeat(24), "0".repeat(12));
    let before = desk.json(&["case", "show", &id]);
    for (arguments, reason) in [
        (&["case", "confirm", &id, "--by", "anna"][..], "--reason"),
        (&["case", "confirm", &id, "--by", "anna", "--reason", "  "], "manca la motivazione"),
        (&["case", "confirm", &id, "--by", " ", "--reason", "fondato"], "manca chi decide"),
        (&["automation", "halt", "--by", "anna", "--reason", " "], "manca la motivazione"),
        (&["case", "show", &unknown], &unknown),
        (&["case", "show", "comment-1"], "non è un caso"),
        (&["author", "show", "nobody"], "pseudonimo"),
        (&["author", "show", "myspace", "1"], "myspace"),
    ] {
        assert_refused(&desk.run(arguments), 2, reason);
    }
    for (arguments, reason) in [
        (&["case", "confirm"][..], "<ID|--group"),
        (&["case", "overturn", &unknown], &unknown),
        (&["case", "escalate", &id, "--to", "press"], "press"),
        (&["task", "done", "nothing"], "nothing"),
        (&["automation", "halt", "--platform", "facebook"], "--account"),
        (&["automation", "halt", "--platform", "facebook", "--account", "7"], "non è un profilo"),
    ] {
        assert_refused(&desk.decide(arguments), 2, reason);
    }
    assert_eq!(desk.json(&["case", "show", &id]), before);
}

#[test]
fn a_ledger_that_is_not_there_or_not_named_is_refused() {
    let desk = Desk::empty();
    assert_refused(&desk.run(&["case", "list"]), 2, "il file non c'è");
    assert!(!desk.data.exists());
    for (other, what) in [("/dev/null", "è un dispositivo o una pipe"), ("/dev", "è una cartella, serve un file")] {
        for command in [&["case", "list"][..], &["report", "mail.eml"]] {
            let output = Command::new(env!("CARGO_BIN_EXE_galateo")).args(command).args(["--data", other]).output();
            assert_refused(&output.unwrap(), 2, what);
        }
    }
    std::fs::write(&desk.data, "not a ledger".repeat(200)).unwrap();
    assert_refused(&desk.run(&["case", "list"]), 2, "non si può aprire");
    // In English, throughout, by option.
    assert_refused(&desk.run(&["case", "list", "--lang", "en"]), 2, "cannot be opened");
    let mut nowhere = Command::new(env!("CARGO_BIN_EXE_galateo"));
    nowhere.args(["case", "list"]).stdin(Stdio::null()).env_remove("GALATEO_CASEBOOK_TABLE");
    assert_refused(&nowhere.output().unwrap(), 2, "--data FILE");
    nowhere.env("GALATEO_CASEBOOK_TABLE", "c").env("GALATEO_AUDIT_TABLE", "a").env_remove("GALATEO_PSEUDONYM_KEY");
    assert_refused(&nowhere.output().unwrap(), 2, "pseudonym-key");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_english_no_italian_is_left_but_what_is_on_record() {
    let desk = Desk::filled().await;
    let english = ["--lang", "en"];
    let id = desk.case_on("facebook");
    let shown = desk.run(&[&["case", "show", &id][..], &english].concat());
    assert_done(&shown, &format!("Case {id}\n"));
    for (english, italian) in [("Outcome", "Esito"), ("Kept until", "Conservato"), ("Clauses", "Articoli")] {
        assert!(out(&shown).contains(english) && !out(&shown).contains(italian), "{}", out(&shown));
    }
    assert_done(&desk.run(&[&["case", "list"][..], &english].concat()), "2 open cases");
    assert_done(&desk.run(&[&["automation", "show"][..], &english].concat()), "Nothing is halted");
    let retry = ["automation", "retry", "facebook"];
    assert_done(&desk.run(&retry), "limiti dimenticati: 0");
    assert_done(&desk.run(&[&retry[..], &english].concat()), "limits forgotten: 0. Cases that wait no more: 0.");
    let unknown = desk.run(&[&["case", "show", "nothing"][..], &english].concat());
    assert_refused(&unknown, 2, "is no case: expected its id");
    let done = desk.decide(&[&["case", "overturn", &id][..], &english].concat());
    assert_done(&done, "It will be carried out when `galateo serve` is started on this file.");
    let again = desk.decide(&[&["case", "overturn", &id][..], &english].concat());
    assert_refused(&again, 1, "the case is closed already, by anna");
}

/// Fails where a sentence is not in one language throughout.
fn assert_language(output: &Output, italian: bool) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let foreign: &[&str] = if italian {
        &[" the ", "cannot", "expected", "found", "failed", "such", " it "]
    } else {
        &[" il ", "non ", " è ", "serve ", "file dei", "c'è"]
    };
    for word in foreign {
        assert!(!said.contains(word), "{word:?} in {said}");
    }
    assert!(said.starts_with("galateo: ") && said.len() > 20, "{said}");
}

#[cfg(unix)]
#[test]
fn what_is_wrong_with_a_file_is_said_in_one_language_too() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::empty();
    let folder = desk.data.parent().unwrap().to_owned();
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("text"), "not a ledger".repeat(200)).unwrap();
    std::fs::write(path("one"), "").unwrap();
    std::fs::hard_link(path("one"), path("two")).unwrap();
    let pipe = path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::create_dir(path("closed")).unwrap();
    std::fs::set_permissions(path("closed"), std::fs::Permissions::from_mode(0o500)).unwrap();
    std::fs::write(path("lines.csv"), "account;data;misura;valore;fonte\nfacebook:nessuno;ieri;like;1,5;\n").unwrap();
    std::fs::write(path("no.csv"), "nome\n").unwrap();
    std::fs::write(path("half.csv"), b"\xef\xbb\xbfuno \xe2\x82\n").unwrap();
    std::fs::write(path("policy.toml"), b"\xff\xfe").unwrap();
    let (text, one, gone, into) = (path("text"), path("one"), path("gone"), path("closed/a/b"));
    let (lost, folder_beside, link_beside) = (path("lost"), path("folder"), path("link"));
    for name in ["lost", "folder", "link"] {
        std::fs::write(path(name), "").unwrap();
    }
    std::fs::write(path("lost.open"), "").unwrap();
    std::fs::create_dir(path("folder.open")).unwrap();
    std::os::unix::fs::symlink(path("text"), path("link-wal")).unwrap();
    for arguments in [
        &["case", "list", "--data", &text][..],
        &["case", "list", "--data", &one],
        &["case", "list", "--data", &gone],
        &["case", "list", "--data", &pipe],
        &["case", "list", "--data", &folder.display().to_string()],
        &["case", "list", "--data", &text, "--policy", &path("policy.toml")],
        &["case", "list", "--data", &text, "--policy", &gone],
        &["case", "list", "--data", &lost],
        &["case", "list", "--data", &folder_beside],
        &["case", "list", "--data", &link_beside],
        &["report", &pipe, "--data", &into],
        &["report", "/dev/null", "--data", &path("new.db")],
        &["report", &gone, "--data", &path("new.db")],
        &["statistics", "--data", &one],
        &["statistics", "import", &pipe, "--data", &path("new.db")],
        &["statistics", "import", &gone, "--data", &path("new.db")],
        &["statistics", "import", &path("lines.csv"), "--data", &path("new.db")],
        &["statistics", "import", &path("no.csv"), "--data", &path("new.db")],
        &["statistics", "import", &path("half.csv"), "--data", &path("new.db")],
    ] {
        for (options, italian) in [(&[][..], true), (&["--lang", "en"], false)] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
            let output = command.args(arguments).args(options).stdin(Stdio::null()).env_remove("RUST_LOG").output();
            let output = output.unwrap();
            assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
            assert_language(&output, italian);
        }
    }
}

#[test]
fn what_is_wrong_with_arguments_and_settings_is_said_in_one_language_too() {
    let desk = Desk::empty();
    std::fs::write(&desk.data, "").unwrap();
    let list = ["case", "list", "--data", desk.data.to_str().unwrap()];
    let settings = ["new,old", "short", "short\n", "the first of keys,the next of keys@ieri", ""];
    for arguments in [
        &["case", "lista"][..],
        &["case"],
        &["case", "confirm", "83cb", "--by", "anna"],
        &["case", "list", "--limit", "molti"],
        &["task", "list", "--tutti"],
        &["statistics", "--month", "ottobre"],
        &["automation", "retry", "myspace"],
        &list,
    ] {
        for (options, italian) in [(&[][..], true), (&["--lang", "en"], false)] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
            command.args(arguments).args(options).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1");
            // What only the last of the commands gets to see.
            for key in settings {
                command.env("GALATEO_PSEUDONYM_KEY", key).env("GALATEO_SECRETS_X", "a");
                let output = command.output().unwrap();
                assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
                let said = String::from_utf8_lossy(&output.stderr);
                for word in if italian {
                    [" the ", "Usage", "error:", "expected", "setting "]
                } else {
                    [" il ", "Uso", "manca", "serve ", "impostazione"]
                } {
                    assert!(!said.contains(word), "{word:?} in {said}");
                }
                assert!(said.len() > 20, "{said}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_seen_enough_of_a_command_is_not_bothered() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    for arguments in [
        &["case", "list"][..],
        &["case", "list", "--json"],
        &["case", "show", &id],
        &["task", "list"],
        &["automation", "show"],
        &["audit", "export"],
        &["statistics", "--month", "2026-10"],
    ] {
        let (closed, writer) = std::io::pipe().unwrap();
        drop(closed);
        let output = desk.command(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.as_ref()), (Some(0), ""), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_in_1970_and_what_is_recorded_before_the_beginning_is_in_the_export() {
    let desk = Desk::filled().await;
    let case = desk.case_on("facebook");
    let author = ["facebook", "24870015509923341"];
    let mail = format!("{}/../../events/email/link.eml", env!("CARGO_MANIFEST_DIR"));
    let page = desk.data.with_extension("html").display().to_string();
    let with = |command: &[&'static str], author: &[&'static str]| [command, author, &DECIDED].concat();
    let done = [
        with(&["author", "note"], &author),
        [&["author", "export"][..], &author, &DECIDED[..2]].concat(),
        vec!["case", "dossier", &case, "--output", &page, "--by", "anna"],
        [&["case", "confirm", &case][..], &DECIDED].concat(),
        with(&["automation", "halt"], &[]),
        with(&["automation", "resume"], &[]),
        vec!["audit", "export", "--by", "anna"],
        [&["author", "erase"][..], &author, &DECIDED, &["--anyway"]].concat(),
    ];
    let whole = std::fs::read(&desk.data).unwrap();
    for arguments in done.iter().chain([&vec!["report", &mail], &vec!["case", "list"]]) {
        assert_refused(
            &desk.run(&[&arguments[..], &["--now", "1970-01-02T00:00:10Z"][..]].concat()),
            2,
            "--now 1970-01-02",
        );
        assert!(std::fs::read(&desk.data).unwrap() == whole, "{arguments:?}");
    }
    // An erasure goes on record when it is fulfilled.
    for (number, arguments) in done[..done.len() - 1].iter().enumerate() {
        // Each on a day of its own, before all that is on record.
        let now = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * (i64::try_from(number).unwrap() + 2));
        let output = desk.run(&[&arguments[..], &["--now", &now.to_string()][..]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        assert!(
            err(&output).contains(": the clock says ") || err(&output).contains("l'orologio segna"),
            "{arguments:?}"
        );
        let exported = out(&desk.run(&["audit", "export", "--by", "anna"]));
        let recorded = format!("\"at\":\"{}T", ledger::day(now));
        let midnight = format!("\"at\":\"{}T", now.to_string().split('T').next().unwrap());
        assert!(exported.contains(&recorded) || exported.contains(&midnight), "{arguments:?} is in no export");
    }
}

#[test]
fn where_nothing_listens_is_said_at_once_and_an_endpoint_with_more_than_an_address_is_refused() {
    // Nobody has the port any more.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
        command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1").output().unwrap()
    };
    assert_refused(&run(&["case", "list", "--endpoint", &endpoint]), 2, "non c'è nessuno in ascolto");
    assert_refused(&run(&["task", "list", "--lang", "en", "--endpoint", &endpoint]), 2, "nothing listens there");
    assert_refused(&run(&["serve", "--once", "--port", "0", "--endpoint", &endpoint]), 2, "nothing listens there");
    for more in [
        "http://anna:segreta@127.0.0.1:1",
        "http://anna@127.0.0.1:1",
        "http://127.0.0.1:1/?a=b",
        "http://127.0.0.1:1/#a",
    ] {
        assert_refused(&run(&["case", "list", "--lang", "en", "--endpoint", more]), 2, "expected an address like");
        assert_refused(&run(&["serve", "--endpoint", more]), 2, "expected an address like");
    }
}

#[test]
fn a_misspelt_setting_is_named_by_the_offices_commands() {
    let desk = Desk::empty();
    for (lang, told) in [("it", "GALATEO_PSEUDONYM_KEYS non è"), ("en", "GALATEO_PSEUDONYM_KEYS is no setting")] {
        let mut command = desk.command(&["author", "show", "facebook", "1", "--lang", lang]);
        let output = command.env("GALATEO_PSEUDONYM_KEYS", "the key of the office").output().unwrap();
        assert!(err(&output).contains(told) && !err(&output).contains("the key of"), "{}", err(&output));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_a_command_that_waits_quietly() {
    for arguments in [&["case", "list"][..], &["task", "list"], &["audit", "export"], &["statistics"]] {
        // Whoever takes the connection and never answers is waited for. Each command has a door of its own: it may knock twice.
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let endpoint = format!("http://{}", silent.local_addr().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
        command.args(arguments).args(["--endpoint", &endpoint]).env("RUST_LOG", "error").stdin(Stdio::null());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        silent.accept().unwrap();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.as_ref()), (Some(130), ""), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_linkedin_cannot_restore_is_said_before_it_is_overturned() {
    let desk = Desk::filled().await;
    let id = desk.case_on("linkedin");
    let server = desk.serve().await;
    server.settle(Duration::from_secs(30)).await.unwrap();
    server.stop().await;
    // Until somebody says that they deleted it, it stands, and there is nothing to restore.
    assert!(!out(&desk.run(&["case", "show", &id])).contains("Annullando il caso"));
    assert_done(&desk.decide(&["task", "done", &format!("{id}-a1")]), "fatta");
    assert_done(&desk.run(&["case", "show", &id]), "Annullando il caso non si potrà");
    assert_refused(&desk.decide(&["case", "overturn", &id]), 1, "mostrare di nuovo il contenuto");
    assert_eq!(desk.json(&["case", "show", &id])["status"], "open");
    assert_done(&desk.decide(&["case", "overturn", &id, "--anyway"]), "Annullato");
    assert_eq!(desk.json(&["case", "show", &id])["status"]["closed"]["reason"], "overturned");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_what_is_decided_waits_for_the_next() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    assert_done(&desk.decide(&["case", "confirm", &id]), "Sarà eseguito quando `galateo serve`");
    let hidden = |desk: &Desk| desk.json(&["case", "show", &id])["actions"][0].clone();
    assert_eq!(hidden(&desk)["effect"], Value::Null);
    let server = desk.serve().await;
    server.settle(Duration::from_secs(30)).await.unwrap();
    assert_eq!((&hidden(&desk)["kind"], &hidden(&desk)["effect"]), (&"hide".into(), &"done".into()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_server_it_is_carried_out_at_once_and_a_second_server_is_refused() {
    let desk = Desk::empty();
    let server = desk.serve().await;
    assert!(Server::start(&desk.options()).await.is_err(), "two servers on one file");
    deliver(&server, Platform::Facebook, "comment-add-insult.json").await;
    let id = desk.case_on("facebook");
    let confirmed = desk.decide(&["case", "confirm", &id]);
    assert_done(&confirmed, "Confermato: è una violazione");
    assert!(!out(&confirmed).contains("galateo serve"), "{}", out(&confirmed));
    server.settle(Duration::from_secs(30)).await.unwrap();
    assert_eq!(desk.json(&["case", "show", &id])["actions"][0]["effect"], "done");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_raised_listed_and_done_once() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    assert_done(&desk.decide(&["case", "escalate", &id, "--to", "authorities"]), "tra le attività");
    let tasks = desk.json(&["task", "list"]);
    let task = tasks["tasks"].as_array().unwrap().iter().find(|task| task["case"] == id.as_str()).unwrap();
    assert!(task["instruction"].as_str().unwrap().contains("autorità"), "{task}");
    desk.decide(&["automation", "halt"]);
    let halted = desk.json(&["task", "list"])["tasks"].as_array().unwrap().iter().any(|task| {
        let instruction = task["instruction"].as_str().unwrap();
        assert!(!instruction.contains('`'), "no command of this program: {task}");
        task["kind"] == "halted"
    });
    assert!(halted, "a task which is done by commands");
    let task = task["id"].as_str().unwrap();
    for shown in [&["task", "list"][..], &["case", "show", &id]] {
        assert_eq!(
            desk.json(&[shown, &["--lang", "en"]].concat())["tasks"],
            desk.json(shown)["tasks"],
            "JSON is the same in whatever language the rest is"
        );
    }
    assert_done(&desk.run(&["task", "list"]), task);
    assert_done(&desk.run(&["case", "show", &id]), task);
    assert_done(&desk.decide(&["task", "done", task, "--could-not"]), "non possibile");
    assert_refused(&desk.decide(&["task", "done", task]), 1, "già chiusa da anna");
    let left = desk.json(&["task", "list"]);
    assert!(left["tasks"].as_array().unwrap().iter().all(|left| left["id"] != task), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_noted_about_an_author_is_shown_and_only_who_is_blocked_is_unblocked() {
    let desk = Desk::filled().await;
    let case = desk.json(&["case", "show", &desk.case_on("linkedin")]);
    let pseudonym = case["pseudonym"].as_str().unwrap();
    assert_done(&desk.decide(&["author", "note", pseudonym]), "Annotato");
    assert_done(&desk.run(&["author", "show", pseudonym]), "controllato con il responsabile");
    assert_refused(&desk.decide(&["author", "unban", pseudonym]), 1, "non risulta bloccato");
    let nobody = "0".repeat(32);
    assert_done(&desk.run(&["author", "show", &nobody]), "Non risulta nulla");
    assert_refused(&desk.decide(&["author", "note", &nobody]), 2, "indicare la piattaforma");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_halt_leaves_to_a_person_is_listed_and_confirmed_as_a_group() {
    let desk = Desk::empty();
    let server = desk.serve().await;
    assert_done(&desk.decide(&["automation", "halt"]), "Sospeso: tutto");
    assert_refused(&desk.decide(&["automation", "halt"]), 1, "già sospeso");
    let halt = desk.json(&["automation", "show"])["halts"][0].clone();
    assert_eq!((&halt["cause"], &halt["by"]), (&"switch".into(), &"anna".into()));
    let group = halt["group"].as_str().unwrap();
    deliver(&server, Platform::Linkedin, "comment-violation.json").await;
    assert_done(&desk.run(&["case", "list"]), &format!("galateo case list --group {group}"));
    let list = desk.json(&["case", "list", "--group", group]);
    assert_eq!((list["cases"].as_array().unwrap().len(), &list["cases"][0]["outcome"]), (1, &"review".into()));
    assert_done(&desk.decide(&["case", "confirm", "--group", group]), "1 caso confermato");
    assert_refused(&desk.decide(&["case", "confirm", "--group", group]), 1, "nessun caso aperto");
    assert_done(&desk.decide(&["automation", "resume"]), "Ripreso: tutto");
    assert_refused(&desk.decide(&["automation", "resume"]), 1, "non era sospeso");
    server.stop().await;
}

#[test]
fn the_office_is_helped_in_italian_and_in_english_by_option() {
    let said = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
        let output = command.args(line.split(' ')).stdin(Stdio::null()).output().unwrap();
        assert_done(&output, "");
        out(&output)
    };
    for (line, expected) in [
        ("case --help", "Comandi:"),
        ("case list --help", "Uso: galateo case list [OPZIONI]"),
        ("case dossier -h", "--by <CHI>"),
        ("help author erase", "Argomenti:"),
        ("case help", "Elenca i casi aperti"),
        ("report --help", "Argomenti:"),
        ("statistics import --help", "[se manca: it]"),
    ] {
        let help = said(line);
        assert!(help.contains(expected) && help.contains("Uso: ") && !help.contains('\u{1b}'), "{line}: {help}");
        if line.ends_with("--help") {
            let english = said(&format!("{line} --lang en"));
            assert!(english.contains("Usage: ") && !english.contains("Uso: "), "{line}: {english}");
        }
    }
    assert!(said("--help").contains("Usage: galateo"));
}

#[tokio::test]
async fn a_person_is_given_all_that_is_on_record_and_erased() {
    let desk = Desk::filled().await;
    let case = desk.case_on("facebook");
    let author = desk.json(&["case", "show", &case])["author"]["pseudonym"].as_str().unwrap().to_owned();

    let nobody = desk.run(&["author", "export", "facebook", "1", "--by", "anna"]);
    assert_eq!((nobody.status.code(), out(&nobody).as_str()), (Some(0), "Di questo autore non risulta nulla.\n"));
    let export = desk.json(&["author", "export", &author, "--by", "anna"]);
    assert_eq!((&export["format"], &export["platform"]), (&"galateo-author-1".into(), &"facebook".into()));
    assert_eq!(export["cases"][0]["id"], case.as_str());
    let id = export["cases"][0]["content"]["author"]["id"].as_str().unwrap();
    let by_id = desk.json(&["author", "export", "facebook", id, "--by", "anna"]);
    assert_eq!(by_id["cases"], export["cases"]);

    let erase = ["author", "erase", "facebook", id];
    assert_refused(&desk.decide(&erase), 1, "casi ancora da decidere: 1");
    let anyway = [&erase[..], &["--anyway"]].concat();
    let erased = desk.json(&[&anyway[..], &DECIDED].concat());
    assert_eq!((&erased["cases"], &erased["waiting"]), (&1.into(), &0.into()));
    assert!(erased["done_at"].is_null(), "for a minute something may still arrive");
    let shown = desk.json(&["case", "show", &case]);
    assert!(shown["content"].is_null() && shown["pseudonym"].is_null());
    assert_eq!(shown["status"]["closed"]["reason"], "erased");
    let again = desk.json(&[&erase[..], &DECIDED].concat());
    assert_eq!(again["code"], erased["code"]);
    let nothing = desk.run(&["author", "export", "facebook", id, "--by", "anna"]);
    assert_eq!((nothing.status.code(), out(&nothing).as_str()), (Some(0), "Di questo autore non risulta nulla.\n"));
}

#[test]
fn a_report_by_e_mail_is_taken_once_shown_and_erased() {
    let desk = Desk::empty();
    let mail = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/email/no-link.eml");
    let (mail, outbox) = (mail.to_str().unwrap(), desk.data.with_file_name("outbox"));
    let shown = desk.json(&["report", mail]);
    assert!(shown["receipt"].as_str().unwrap().contains("t.brusa"), "{shown}");
    // What was only shown was not sent.
    let taken = desk.json(&["report", mail, "--outbox", outbox.to_str().unwrap()]);
    assert_eq!((&taken["outcome"], &taken["links"]), (&json!("repeated"), &json!(0)));
    let receipt = std::fs::read_to_string(taken["receipt"].as_str().unwrap()).unwrap();
    let id = taken["report"].as_str().unwrap();
    assert!(receipt.contains("To: <t.brusa@studio.example>") && receipt.contains(id), "{receipt}");
    assert_eq!(desk.json(&["report", mail])["receipt"], Value::Null);
    // Where no receipt can be written, no report is recorded.
    assert_refused(&desk.run(&["report", mail, "--verified", "--outbox", mail]), 2, "è un file, serve una cartella");
    let verified = desk.json(&["report", mail, "--verified"]);
    assert_eq!(verified["outcome"], "new", "who proves an address is another sender than who may only claim it");
    assert_eq!(desk.json(&["report", mail, "--verified"])["report"], verified["report"]);

    let tasks = desk.run(&["task", "list"]);
    assert_done(&tasks, "segnalazione");
    assert!(!out(&tasks).contains("brusa"), "a task says nothing of who wrote");
    let shown = desk.run(&["report", "show", id]);
    for part in ["t.brusa@studio.example", "Perché non rispondete?", "perché nessuno lo toglie?"] {
        assert_done(&shown, part);
    }
    for name in ["", "brusa"] {
        assert_refused(&desk.run(&["report", "erase", name, "--by", "anna"]), 2, "indirizzo");
    }
    for arguments in [&["report", mail][..], &["report", "show", id], &["report", "erase", id, "--by", "anna"]] {
        let of_another_key = desk.command(arguments).env("GALATEO_PSEUDONYM_KEY", "k".repeat(40)).output().unwrap();
        assert_refused(&of_another_key, 2, "altra chiave degli pseudonimi");
    }
    assert_eq!(desk.json(&["report", "erase", verified["report"].as_str().unwrap(), "--by", "anna"])["erased"], 1);
    assert_eq!(desk.json(&["report", "erase", "T.Brusa@studio.example", "--by", "anna"])["erased"], 1);
    assert_refused(&desk.run(&["report", "show", id]), 2, "nessuna segnalazione");
    assert_refused(&desk.run(&["report", "show", "abc"]), 2, "non è una segnalazione");
    assert_refused(&desk.run(&["report", "manca.eml"]), 2, "manca.eml");
    assert_refused(&desk.run(&["report"]), 2, "FILE.eml");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_written_is_for_its_owner_only_whatever_the_mask_lets() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    let folder = desk.data.parent().unwrap();
    let mail = folder.join("mail.eml");
    let link = "https://www.facebook.com/710090817985661/posts/pfbid0122170040702";
    std::fs::write(&mail, format!("From: a@b.example\nMessage-ID: <1@b.example>\nSubject: x\n\n{link}\n")).unwrap();
    let binary = env!("CARGO_BIN_EXE_galateo");
    let commands = [
        format!("case dossier {id} --by 'avv. Bianchi' --output dossier.html"),
        "audit export --by 'avv. Bianchi' --out export.jsonl".to_owned(),
        "report mail.eml --verified --outbox out/box".to_owned(),
        "statistics --month 2026-10 --format csv --out tables".to_owned(),
        "statistics --month 2026-10 --format html --out report.html".to_owned(),
        "serve --once --port 0 --reports nights/all".to_owned(),
    ];
    for mask in ["000", "277"] {
        for command in &commands {
            let script = format!("umask {mask}; exec {binary} {command} --data ledger.db");
            let output = Command::new("sh").args(["-c", &script]).current_dir(folder).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{command}: {}", err(&output));
        }
        let mut folders = vec![folder.to_owned()];
        let mut seen = 0;
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap).filter(|entry| entry.path() != mail) {
                let (path, metadata) = (entry.path(), entry.metadata().unwrap());
                let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
                assert_eq!(metadata.permissions().mode() & 0o777, expected, "{}", path.display());
                seen += 1;
                if metadata.is_dir() {
                    folders.push(path);
                }
            }
        }
        assert!(seen >= 10, "{seen} files and folders");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_typed_steers_no_terminal_and_makes_no_second_person() {
    let desk = Desk::filled().await;
    let id = desk.case_on("facebook");
    let hostile = "Br\u{1b}[2Ju\u{9b}31mn\u{202e}o";
    let assigned = desk.decide(&["case", "assign", &id, "--to", hostile]);
    assert_done(&assigned, "Assegnato a Bruno");
    let by = "\u{1b}]0;x\u{7}Car\u{200b}la";
    assert_done(&desk.run(&["case", "confirm", &id, "--by", by, "--reason", "ho\u{1b}[31m visto"]), "");
    for arguments in [
        &["case", "show", &id][..],
        &["case", "show", &id, "--json"],
        &["case", "confirm", &id, "--by", "d", "--reason", "di nuovo"],
        &["task", "done", hostile, "--by", "d", "--reason", "di nuovo"],
        &["case", "show", hostile],
        &["case", "list", "--assignee", "BRUNO"],
    ] {
        let output = desk.run(arguments);
        let text = out(&output) + &err(&output);
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c)),
            "{text:?}"
        );
    }
    let closed = desk.run(&["case", "confirm", &id, "--by", "d", "--reason", "di nuovo"]);
    assert_refused(&closed, 1, "già chiuso, da Carla");
    let unnamed = desk.run(&["case", "overturn", &id, "--by", "\u{200b}", "--reason", "di nuovo"]);
    assert_refused(&unnamed, 2, "manca chi decide");
    let long = "x".repeat(81);
    let unnamed = desk.run(&["case", "overturn", &id, "--by", &long, "--reason", "di nuovo"]);
    assert_refused(&unnamed, 2, "ha 81 caratteri, al massimo 80");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_somebody_exposed_another_is_found_with_a_confirmation_and_only_where_data_were_hidden() {
    let desk = Desk::empty();
    let server = desk.serve().await;
    deliver(&server, Platform::Facebook, "comment-add-email.json").await;
    deliver(&server, Platform::Linkedin, "comment-violation.json").await;
    server.settle(Duration::from_secs(30)).await.unwrap();
    server.stop().await;
    let (protected, insult) = (desk.case_on("facebook"), desk.case_on("linkedin"));
    assert_eq!(desk.json(&["case", "show", &protected])["protects"], true);
    let exposed = |id: &str| desk.decide(&["case", "confirm", id, "--exposed-another"]);
    assert_refused(&exposed(&insult), 1, "non riguarda dati personali");
    let both = desk.decide(&["case", "confirm", &protected, "--exposed-another", "--group", "g"]);
    assert_refused(&both, 2, "--group");
    assert_done(&exposed(&protected), "ha esposto un'altra persona, e conta come violazione");
    assert_refused(&exposed(&protected), 1, "chiuso");
    let shown = desk.json(&["case", "show", &protected]);
    assert_ne!(shown["protects"], true, "{shown}");
    assert_eq!(shown["author"]["weight"], 1, "{shown}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_decides_where_nothing_can_be_printed_is_told_that_it_is_decided() {
    let desk = Desk::filled().await;
    let case = desk.json(&["case", "list"])["cases"][0]["id"].as_str().unwrap().to_owned();
    for (arguments, told) in [
        (&["case", "assign", &case, "--to", "anna"][..], "(os error 28). Ciò che il comando chiedeva è fatto"),
        (&["automation", "halt", "--lang", "en"], "(os error 28). What the command asked for is done"),
        // This one has done nothing.
        (&["case", "list"], "(os error 28)\n|"),
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = desk.command(arguments);
        if arguments[1] != "list" {
            command.args(DECIDED);
        }
        let output = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(format!("{said}|").contains(told), "{arguments:?}: {said}");
    }
    assert_eq!(desk.json(&["case", "show", &case])["assignee"], "anna");
}
