use std::fs::{self, File};

use http::Method;
use serde_json::{Value, json};

use super::check::Damage;
use super::lock::{lock_file, named};
use super::watch::SHORTEST_PAUSE;
use super::*;
use crate::{Ledger, PseudonymKey, Tables};

const AT_ONCE: Duration = Duration::ZERO;

#[tokio::test]
async fn a_shared_engine_is_joined_and_one_that_is_not_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut first = Embedded::start(Some(&path)).await.unwrap();
    assert!(Embedded::join(&path, AT_ONCE).await.is_err());
    first.share().unwrap();
    let Joined::Running(remote) = Embedded::join(&path, AT_ONCE).await.unwrap() else { panic!("not joined") };
    assert_eq!((remote.endpoint.as_str(), remote.key.expose()), (first.endpoint(), first.access_key().expose()));
    remote.client().list_tables().send().await.unwrap();
    assert!(Embedded::start(Some(&path)).await.is_err(), "a second server was let in");
    drop(first);
    let Joined::Started(second) = Embedded::join(&path, AT_ONCE).await.unwrap() else { panic!("nobody is left") };
    let (waited, ()) = tokio::join!(Embedded::join(&path, Duration::from_secs(10)), async {
        sleep(LOOK_EVERY * 2).await;
        drop(second);
    });
    assert!(matches!(waited.unwrap(), Joined::Started(_)));
}

#[tokio::test]
async fn what_a_killed_process_left_in_the_lock_file_is_nobodys_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let left = format!("{SCHEME}{}\nkey\n", listener.local_addr().unwrap());
    drop(listener);
    drop(Embedded::start(Some(&path)).await.unwrap());
    left_in_lock_file(&path, &left);
    let held = File::open(&path).unwrap();
    held.lock().unwrap();
    let error = Embedded::join(&path, AT_ONCE).await.err().unwrap().to_string();
    assert!(error.contains("in use by"), "{error}");
    drop(held);
    assert!(matches!(Embedded::join(&path, AT_ONCE).await.unwrap(), Joined::Started(_)));
    assert!(!Path::new(&lock_file(&path)).exists());
}

/// A server that is none of ours: it says yes to everything, and keeps what it was told.
async fn impostor() -> (std::net::SocketAddr, std::sync::Arc<std::sync::Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, told) = (listener.local_addr().unwrap(), std::sync::Arc::new(std::sync::Mutex::new(String::new())));
    let hears = told.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = [0; 4096];
            let length = stream.read(&mut heard).await.unwrap_or(0);
            *hears.lock().unwrap() += &String::from_utf8_lossy(&heard[..length]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
        }
    });
    (address, told)
}

#[tokio::test]
async fn who_has_the_port_of_an_engine_that_was_killed_is_not_joined_and_not_shown_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(Embedded::start(Some(&path)).await.unwrap());
    let (address, told) = impostor().await;
    left_in_lock_file(&path, &format!("{SCHEME}{address}\nthe-key\n"));
    let held = File::open(&path).unwrap();
    held.lock().unwrap();
    let error = Embedded::join(&path, AT_ONCE).await.err().unwrap().to_string();
    assert!(error.contains("in use by"), "{error}");
    let told = told.lock().unwrap();
    assert!(told.contains(door::NONCE) && !told.contains("the-key"), "{told}");
}

/// What a process has left that was killed, or what somebody else has put there.
fn left_in_lock_file(path: &Path, text: &str) {
    fs::write(lock_file(path), text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(lock_file(path), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn a_connection_that_outlives_the_engine_reaches_its_data_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let first = Embedded::start(Some(&path)).await.unwrap();
    let address = first.endpoint().strip_prefix(SCHEME).unwrap().to_owned();
    let mut open = TcpStream::connect(&address).await.unwrap();
    let key = first.access_key().expose();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\nx-amz-target: {}\r\nauthorization: Credential={key}/\r\n\
         content-length: 2\r\n\r\n",
        "DynamoDB_20120810.ListTables"
    );
    open.write_all(request.as_bytes()).await.unwrap();
    // Its body comes when the engine has gone, and another has the file.
    sleep(LOOK_EVERY).await;
    drop(first);
    let _second = Embedded::start(Some(&path)).await.unwrap();
    open.write_all(b"{}").await.unwrap();
    let mut answer = Vec::new();
    open.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 503") && !answer.contains("TableNames"), "{answer}");
}

/// What the door answers, to whoever has the key unless `authorization` says otherwise.
async fn asks(engine: &Embedded, method: Method, headers: &[(&str, &str)]) -> (u16, String, bool) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let signature = format!(
        "AWS4-HMAC-SHA256 Credential={}/20261130/eu-south-1/dynamodb/aws4_request",
        engine.access_key().expose()
    );
    let mut request = client
        .request(method, engine.endpoint())
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .body("{}");
    if !headers.iter().any(|(name, _)| *name == "authorization") {
        request = request.header("authorization", signature);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let allows = answer.headers().keys().any(|name| name.as_str().starts_with("access-control"));
    (answer.status().as_u16(), answer.text().await.unwrap(), allows)
}

#[tokio::test]
async fn nobody_gets_in_without_the_key_of_this_start_and_no_web_page_with_it() {
    let engine = Embedded::start(None).await.unwrap();
    let (status, text, _) = asks(&engine, Method::POST, &[]).await;
    assert_eq!((status, serde_json::from_str::<Value>(&text).unwrap()), (200, json!({ "TableNames": [] })));
    let earlier = Embedded::start(None).await.unwrap();
    let stale = format!(
        "AWS4-HMAC-SHA256 Credential={}/20261130/eu-south-1/dynamodb/aws4_request",
        earlier.access_key().expose()
    );
    for signature in
        ["", "AWS4-HMAC-SHA256 Credential=local/20261130/eu-south-1/dynamodb/aws4_request", "Credential=/", &stale]
    {
        let (status, text, _) = asks(&engine, Method::POST, &[("authorization", signature)]).await;
        assert!(status == 400 && text.contains("UnrecognizedClientException"), "{signature}: {status} {text}");
    }
    for header in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        for method in [Method::POST, Method::GET, Method::OPTIONS] {
            let (status, text, allows) = asks(&engine, method, &[header]).await;
            assert!(status == 403 && !allows && !text.contains("Table"), "{header:?}: {status} {text}");
        }
    }
    let preflight = asks(&engine, Method::OPTIONS, &[("access-control-request-method", "POST")]).await;
    assert!(preflight.0 != 200 && !preflight.2, "{preflight:?}");
}

#[tokio::test]
async fn a_client_without_the_key_is_told_so() {
    let engine = Embedded::start(None).await.unwrap();
    let error = client_for(engine.endpoint()).list_tables().send().await.unwrap_err();
    let error = aws_sdk_dynamodb::error::DisplayErrorContext(&error).to_string();
    assert!(error.contains("only to the process that started it"), "{error}");
}

/// A ledger in an engine, with its tables.
async fn ledger(engine: &Embedded) -> Ledger {
    let ledger = ledger_of(engine);
    ledger.create_tables().await.unwrap();
    ledger
}

fn ledger_of(engine: &Embedded) -> Ledger {
    let key = PseudonymKey::new(b"a key for the tests").unwrap();
    Ledger::new(engine.client(), Tables::default(), "ente", key)
}

/// A file with some hundred pages of records, in which nothing is left to be written back from the log.
async fn filled(path: &Path) -> Vec<u8> {
    let engine = Embedded::start(Some(path)).await.unwrap();
    let ledger = ledger(&engine).await;
    for number in 0..60 {
        let account = policy::AccountId::new(number.to_string());
        ledger.set_cursor(policy::Platform::X, &account, &"0123456789".repeat(1000)).await.unwrap();
    }
    drop((ledger, engine));
    purge(path).await.unwrap();
    let bytes = fs::read(path).unwrap();
    assert!(bytes.len() > 600_000, "{} bytes", bytes.len());
    bytes
}

#[tokio::test]
async fn a_damaged_file_is_told_by_its_table_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let whole = filled(&path).await;
    let page = 4096;
    let flipped = |bytes: &[u8], range: std::ops::Range<usize>| {
        let mut bytes = bytes.to_vec();
        bytes[range].iter_mut().for_each(|byte| *byte ^= 0x5a);
        bytes
    };
    let heads = {
        let mut bytes = whole.clone();
        bytes.chunks_mut(page).skip(whole.len() / page / 2).for_each(|page| page[..12].fill(0xff));
        bytes
    };
    for (what, bytes, table) in [
        ("its header is overwritten", flipped(&whole, 0..100), "header"),
        ("another file has its name", b"Nel mezzo del cammin di nostra vita ".repeat(9000), "header"),
        // SQLite reads nothing of a file that is shorter than its header says, not even which tables there are.
        ("half of it is gone", whole[..whole.len() / 2 / page * page].to_vec(), ""),
        ("its end is gone", whole[..whole.len() - 1234].to_vec(), ""),
        ("half of its pages are overwritten", heads, "galateo-casebook"),
    ] {
        fs::write(&path, &bytes).unwrap();
        for opened in [Embedded::start(Some(&path)).await.err(), Embedded::join(&path, AT_ONCE).await.err()] {
            let error = opened.unwrap_or_else(|| panic!("{what}: it was opened"));
            assert!(matches!(error, LedgerError::File(_)), "{what}: {error}");
            let text = error.to_string();
            assert!(
                text.contains("damaged") && text.contains("restore a backup") && text.contains(table),
                "{what}: {text}"
            );
        }
        assert!(fs::read(&path).unwrap() == bytes, "{what}: it was changed");
    }
    fs::write(&path, &whole).unwrap();
    ledger(&Embedded::start(Some(&path)).await.unwrap()).await.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
}

#[tokio::test]
async fn no_empty_ledger_takes_the_place_of_a_file_whose_log_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let log = folder.path().join("ledger.db-wal");
    // A log of which everything was written back is empty, and goes only when the last who uses it ends.
    for records in ["the newest records", ""] {
        for file in [None, Some("")] {
            let _ = fs::remove_file(&path);
            fs::write(&log, records).unwrap();
            if let Some(file) = file {
                fs::write(&path, file).unwrap();
            }
            let error = Embedded::start(Some(&path)).await.err().unwrap();
            assert!(
                matches!(&error, LedgerError::File(text) if text.contains("gone or empty")),
                "{records:?}: {error}"
            );
            assert_eq!(fs::read_to_string(&log).unwrap(), records);
        }
    }
}

/// Overwrites the heads of half of a file's pages.
fn damage(path: &Path) {
    use std::os::unix::fs::FileExt;
    let file = File::options().write(true).open(path).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    (pages / 2..pages).for_each(|page| file.write_all_at(&[0xff; 12], page * 4096).unwrap());
    // Closing it here would let go of the locks of the engine.
    std::mem::forget(file);
}

#[tokio::test]
async fn damage_is_kept_also_where_whoever_asked_has_hung_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path).await;
    let engine = Embedded::start(Some(&path)).await.unwrap();
    let watch = engine.watch().unwrap();
    damage(&path);
    tokio::select! {
        biased;
        found = watch.examine() => panic!("it was found before anybody could hang up: {found:?}"),
        () = std::future::ready(()) => {}
    }
    timeout(Duration::from_secs(30), async {
        while watch.fault().is_none() {
            sleep(LOOK_EVERY).await;
        }
    })
    .await
    .expect("what was found is lost");
    let error = ledger_of(&engine).probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert!(matches!(&error, LedgerError::File(text) if text.contains("is damaged")), "{error}");
}

#[tokio::test]
async fn a_check_that_fails_is_made_again_by_the_next_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path).await;
    // Nobody has it open, and SQLite cannot make its log, because it follows no link.
    std::os::unix::fs::symlink("nowhere", named(&path, "-wal")).unwrap();
    let watch = Watch::over(&path).unwrap();
    let error = watch.examine().await.unwrap_err();
    assert!(matches!(error, LedgerError::Configuration(_)), "{error}");
    damage(&path);
    fs::remove_file(named(&path, "-wal")).unwrap();
    let error = watch.examine().await.unwrap_err();
    assert!(matches!(error, LedgerError::File(_)), "{error}");
}

#[tokio::test]
async fn what_passes_by_itself_is_told_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path).await;
    let watch = Watch::over(&path).unwrap();
    for (words, told) in [
        ("Internal error: database or disk is full", "the disk is full"),
        ("Internal error: attempt to write a readonly database", "may only be read"),
    ] {
        let blamed = watch.blamed(words).unwrap().to_string();
        assert!(blamed.contains(told) && watch.fault().is_none(), "{words}: {blamed}");
    }
    assert_eq!(watch.blamed("backend: database is locked or busy"), None);
    for (words, told) in [
        ("database disk image is malformed", "is damaged"),
        ("backend: not a valid database", "is damaged"),
        ("backend: I/O error: disk I/O error", "the disk fails"),
    ] {
        let watch = Watch::over(&path).unwrap();
        let blamed = watch.blamed(words).unwrap().to_string();
        assert!(blamed.contains(told) && watch.fault().is_some(), "{words}: {blamed}");
    }
}

/// Cuts a file off to this share of its length, as another process does: opening it here would let go of the locks of the
/// engine.
fn cut_off(path: impl AsRef<Path>, share: u64) {
    let length = fs::metadata(&path).unwrap().len();
    assert!(length > 0, "there is nothing to cut off");
    let length = (length * share / 100).to_string();
    let cut = std::process::Command::new("truncate").args(["-s", &length]).arg(path.as_ref()).status();
    assert!(cut.unwrap().success());
}

#[tokio::test]
async fn nothing_is_acknowledged_by_a_file_that_was_deleted_replaced_or_damaged_under_the_engine() {
    type Harm = fn(&Path);
    let damages: [(&str, Harm); 11] = [
        ("deleted", |path| fs::remove_file(path).unwrap()),
        ("moved", |path| fs::rename(path, path.with_extension("old")).unwrap()),
        ("replaced", |path| {
            fs::copy(path, path.with_extension("new")).unwrap();
            fs::rename(path.with_extension("new"), path).unwrap();
        }),
        ("without its log", |path| fs::remove_file(named(path, "-wal")).unwrap()),
        ("without its shared memory", |path| fs::remove_file(named(path, "-shm")).unwrap()),
        ("its log cut to nothing", |path| cut_off(named(path, "-wal"), 0)),
        ("its log cut to a half", |path| cut_off(named(path, "-wal"), 50)),
        ("cut to nothing", |path| cut_off(path, 0)),
        ("cut to a half", |path| cut_off(path, 50)),
        ("its last page cut off", |path| cut_off(path, 99)),
        ("damaged", damage),
    ];
    let source = tempfile::tempdir().unwrap();
    let whole = filled(&source.path().join("ledger.db")).await;
    let asked = |health_before: bool| damages.map(|(what, harm)| (what, harm, health_before));
    for (what, harm, health_before) in asked(true).into_iter().chain(asked(false)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        fs::write(&path, &whole).unwrap();
        let engine = Embedded::start(Some(&path)).await.unwrap();
        let (ledger, watch) = (ledger(&engine).await, engine.watch().unwrap());
        let now = jiff::Timestamp::UNIX_EPOCH;
        if health_before {
            watch.examine().await.unwrap();
        }
        ledger.probe(now).await.unwrap();
        harm(&path);
        if what == "damaged" {
            // Of a page that nobody asks for the engine knows nothing.
            timeout(Duration::from_secs(30), async {
                while watch.examine().await.is_ok() {
                    sleep(SHORTEST_PAUSE).await;
                }
            })
            .await
            .expect("the damage is not found");
        }
        let standing = |suffix: &str| fs::read(named(&path, suffix)).ok();
        let before = (standing(""), standing("-wal"));
        for _ in 0..3 {
            let error = ledger.probe(now).await.err().unwrap_or_else(|| panic!("{what}: it was acknowledged"));
            assert!(matches!(error, LedgerError::File(_)), "{what}: {error}");
            assert!(watch.examine().await.is_err(), "{what}");
        }
        drop((ledger, engine));
        assert!((standing(""), standing("-wal")) == before, "{what}: it was written to");
    }
}

#[tokio::test]
async fn an_io_error_that_a_check_meets_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let engine = Embedded::start(Some(&path)).await.unwrap();
    // The first page stands in the log, and whoever opens the file reads it there.
    ledger(&engine).await.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    cut_off(named(&path, "-wal"), 0);
    assert_eq!(check::damage(&path).await, Ok(Some(Damage::Failing)));
}

/// Overwrites what stands at this share of a file, as another process does.
fn overwrite(path: impl AsRef<Path>, share: u64, bytes: &[u8]) {
    use std::os::unix::fs::FileExt;
    let file = File::options().write(true).open(path).unwrap();
    file.write_all_at(bytes, file.metadata().unwrap().len() * share / 100).unwrap();
}

/// The files of a ledger as another process finds them, for which nothing of the memory of this one is left.
fn found_by_another(path: &Path) -> tempfile::TempDir {
    let other = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal", "-shm", ".open"] {
        let _ = fs::copy(named(path, suffix), named(&other.path().join("ledger.db"), suffix));
    }
    other
}

#[tokio::test]
async fn without_its_shared_memory_a_file_is_not_purged_and_keeps_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path).await;
    let mut engine = Embedded::start(Some(&path)).await.unwrap();
    engine.share().unwrap();
    let ledger = ledger(&engine).await;
    let account = policy::AccountId::new("acknowledged");
    ledger.set_cursor(policy::Platform::X, &account, "last").await.unwrap();
    purge(&path).await.unwrap();
    ledger.set_cursor(policy::Platform::X, &account, "last but for the purge").await.unwrap();
    fs::remove_file(named(&path, "-shm")).unwrap();
    let log = fs::read(named(&path, "-wal")).unwrap();
    let error = purge(&path).await.unwrap_err();
    assert!(matches!(&error, LedgerError::File(text) if text.contains("-shm was deleted")), "{error}");
    assert!(!log.is_empty() && fs::read(named(&path, "-wal")).unwrap() == log, "it was purged all the same");
    assert!(!Path::new(&named(&path, "-shm")).exists(), "somebody opened the file beside the engine");
    assert!(ledger.set_cursor(policy::Platform::X, &account, "never").await.is_err());
    drop((ledger, engine));
    let other = found_by_another(&path);
    let engine = Embedded::start(Some(&other.path().join("ledger.db"))).await.unwrap();
    let cursor = ledger_of(&engine).cursor(policy::Platform::X, &account).await.unwrap();
    assert_eq!(cursor.as_deref(), Some("last but for the purge"));
}

/// A process that was killed leaves all of its files. Without the log the rest is whole, and lacks what was acknowledged.
#[tokio::test]
async fn a_log_that_is_lost_after_a_kill_is_missed_at_every_start_until_a_person_goes_on_without_it() {
    type Loss = fn(&Path);
    let losses: [(Loss, bool); 8] = [
        (|_| {}, false),
        (|log| fs::remove_file(log).unwrap(), true),
        (|log| cut_off(log, 0), true),
        (|log| cut_off(log, 50), true),
        (|log| overwrite(log, 33, &[0x5a; 64]), true),
        (|log| overwrite(log, 99, &[0x5a; 8]), true),
        (|log| overwrite(log, 0, &[0xff; 4096]), true),
        (|log| fs::write(log, vec![0; fs::read(log).unwrap().len()]).unwrap(), true),
    ];
    for (number, (loses, is_lost)) in losses.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let engine = Embedded::start(Some(&path)).await.unwrap();
        let ledger = ledger(&engine).await;
        let account = policy::AccountId::new("acknowledged");
        ledger.set_cursor(policy::Platform::X, &account, "last").await.unwrap();
        let killed = found_by_another(&path);
        drop((ledger, engine));
        let ends = |path: &Path| Path::new(&named(path, ".open")).exists();
        assert!(!ends(&path), "who ends by itself leaves no mark");
        let path = killed.path().join("ledger.db");
        loses(Path::new(&named(&path, "-wal")));
        let standing = || ["", "-wal"].map(|suffix| fs::read(named(&path, suffix)).ok());
        let before = standing();
        for _ in 0..2 {
            let started = Embedded::start(Some(&path)).await;
            if is_lost {
                let error = started.err().unwrap_or_else(|| panic!("{number}: it starts"));
                assert!(matches!(&error, LedgerError::File(text) if text.contains("is damaged: its log")), "{error}");
                assert!(standing() == before, "{number}: it was written to");
                continue;
            }
            let cursor = ledger_of(&started.unwrap()).cursor(policy::Platform::X, &account).await.unwrap();
            assert_eq!(cursor.as_deref(), Some("last"));
        }
        if number == 1 {
            assert!(matches!(purge(&path).await, Err(LedgerError::File(_))), "nor is it purged");
        }
        if is_lost {
            fs::remove_file(named(&path, ".open")).unwrap();
            Embedded::start(Some(&path)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_log_that_was_cut_off_under_the_engine_is_missed_by_the_next_start_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let engine = Embedded::start(Some(&path)).await.unwrap();
    ledger(&engine).await.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    cut_off(named(&path, "-wal"), 0);
    drop(engine);
    let found = found_by_another(&path);
    let error = Embedded::start(Some(&found.path().join("ledger.db"))).await.err().unwrap();
    assert!(matches!(&error, LedgerError::File(text) if text.contains("shorter than it was")), "{error}");
}

#[tokio::test]
async fn a_log_that_is_overwritten_under_the_engine_is_told_by_its_health_and_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let engine = Embedded::start(Some(&path)).await.unwrap();
    ledger(&engine).await.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    let watch = engine.watch().unwrap();
    // In a page that nobody reads any more, because a newer one stands behind it.
    overwrite(named(&path, "-wal"), 10, &[0x5a; 64]);
    let error = watch.examine().await.unwrap_err();
    assert!(matches!(error, LedgerError::File(_)), "{error}");
    drop(engine);
    let found = found_by_another(&path);
    let error = Embedded::start(Some(&found.path().join("ledger.db"))).await.err().unwrap();
    assert!(matches!(&error, LedgerError::File(text) if text.contains("overwritten")), "{error}");
}

/// Nobody writes the index to the disk: after a power cut it may be older than the log, which was begun anew since.
#[tokio::test]
async fn an_index_from_before_a_purge_is_no_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut engine = Embedded::start(Some(&path)).await.unwrap();
    engine.share().unwrap();
    let ledger = ledger(&engine).await;
    let account = policy::AccountId::new("acknowledged");
    ledger.set_cursor(policy::Platform::X, &account, "before").await.unwrap();
    let before = found_by_another(&path);
    purge(&path).await.unwrap();
    ledger.set_cursor(policy::Platform::X, &account, "since").await.unwrap();
    let since = found_by_another(&path);
    drop((ledger, engine));
    let found = since;
    fs::copy(named(&before.path().join("ledger.db"), "-shm"), named(&found.path().join("ledger.db"), "-shm")).unwrap();
    let engine = Embedded::start(Some(&found.path().join("ledger.db"))).await.unwrap();
    let cursor = ledger_of(&engine).cursor(policy::Platform::X, &account).await.unwrap();
    assert_eq!(cursor.as_deref(), Some("since"));
}

#[tokio::test]
async fn a_file_that_was_purged_after_a_kill_is_missing_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let engine = Embedded::start(Some(&path)).await.unwrap();
    ledger(&engine).await.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    let found = found_by_another(&path);
    let path = found.path().join("ledger.db");
    purge(&path).await.unwrap();
    assert!(!Path::new(&named(&path, "-wal")).exists());
    Embedded::start(Some(&path)).await.unwrap();
}

/// Whoever has a shell may write the log back and cut it off, or make the file smaller: that is no damage.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_written_back_and_cut_off_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    filled(&path).await;
    let engine = Embedded::start(Some(&path)).await.unwrap();
    let (ledger, watch) = (ledger(&engine).await, engine.watch().unwrap());
    let shell = rusqlite::Connection::open(&path).unwrap();
    shell.busy_timeout(Duration::from_secs(5)).unwrap();
    let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_over = || {
        let over = over.clone();
        // Also where the test fails before it says so.
        let until = Instant::now() + Duration::from_secs(60);
        move || over.load(std::sync::atomic::Ordering::Relaxed) || Instant::now() >= until
    };
    let looking = tokio::task::spawn_blocking({
        let (watch, is_over) = (watch.clone(), is_over());
        move || while !is_over() && watch.fault().is_none() {}
    });
    let is_done = is_over();
    let cutting = tokio::task::spawn_blocking(move || {
        let mut cuts = 0;
        while !is_done() {
            let busy = shell.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
            cuts += u32::from(busy.is_ok_and(|busy| !busy));
        }
        cuts
    });
    for number in 0..200 {
        let account = policy::AccountId::new((number % 70).to_string());
        let text = "0123456789".repeat(number * 7 % 1000);
        ledger.set_cursor(policy::Platform::X, &account, &text).await.unwrap();
        assert_eq!(watch.fault(), None);
    }
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    looking.await.unwrap();
    assert!(cutting.await.unwrap() > 20);
    assert_eq!(watch.fault(), None);
    let shell = rusqlite::Connection::open(&path).unwrap();
    let written_back = |work: &str| {
        shell.execute_batch(work).unwrap();
        shell.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        assert_eq!(watch.fault(), None, "{work}");
        fs::metadata(&path).unwrap().len()
    };
    let much = written_back("CREATE TABLE much (x); INSERT INTO much VALUES (zeroblob(1000000)); DROP TABLE much");
    assert!(written_back("VACUUM") < much);
    ledger.probe(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    watch.examine().await.unwrap();
}

#[cfg(unix)]
mod on_unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn modes(folder: &Path) -> Vec<(String, u32)> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let mode = |entry: &fs::DirEntry| entry.metadata().unwrap().permissions().mode() & 0o777;
        entries.map(|entry| (entry.file_name().into_string().unwrap(), mode(&entry))).collect()
    }

    #[tokio::test]
    async fn data_log_and_lock_are_for_their_owner_only_also_where_an_earlier_version_left_them_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let mut engine = Embedded::start(Some(&path)).await.unwrap();
        engine.share().unwrap();
        let table = json!({
            "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        });
        engine.database().create_table(serde_json::from_value(table).unwrap()).unwrap();
        let found = modes(folder.path());
        assert!(found.len() >= 3 && found.iter().all(|(_, mode)| *mode == 0o600), "{found:?}");
        // What a process has left that was killed: data and log, here open to everybody.
        let killed = tempfile::tempdir().unwrap();
        let names: Vec<String> =
            found.into_iter().map(|(name, _)| name).filter(|name| !name.ends_with(".lock")).collect();
        assert!(names.iter().any(|name| name.ends_with("-wal")), "{names:?}");
        for name in &names {
            fs::copy(folder.path().join(name), killed.path().join(name)).unwrap();
            fs::set_permissions(killed.path().join(name), Permissions::from_mode(0o644)).unwrap();
        }
        let held = Lock::ask(&killed.path().join("ledger.db")).unwrap();
        assert!(matches!(held, Asked::Ours(_)));
        let found = modes(killed.path());
        assert!(found.len() == names.len() && found.iter().all(|(_, mode)| *mode == 0o600), "{found:?}");
    }

    #[tokio::test]
    async fn a_lock_file_of_somebody_else_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("ledger.db"), folder.path().join("other.db"));
        let mut theirs = Embedded::start(Some(&other)).await.unwrap();
        theirs.share().unwrap();
        let held = Embedded::start(Some(&path)).await.unwrap();
        let text = fs::read_to_string(lock_file(&other)).unwrap();
        let refused = async |what: &str| {
            assert!(Embedded::join(&path, AT_ONCE).await.is_err(), "{what}");
            fs::remove_file(lock_file(&path)).unwrap();
        };
        symlink(lock_file(&other), lock_file(&path)).unwrap();
        refused("a link").await;
        assert!(std::process::Command::new("mkfifo").arg(lock_file(&path)).status().unwrap().success());
        refused("a pipe").await;
        left_in_lock_file(&path, &text);
        fs::set_permissions(lock_file(&path), Permissions::from_mode(0o644)).unwrap();
        refused("one that others may read").await;
        left_in_lock_file(&path, &text);
        // Only root can give a file away.
        if std::os::unix::fs::chown(lock_file(&path), Some(65_534), None).is_ok() {
            refused("one of another user").await;
            left_in_lock_file(&path, &text);
        }
        assert!(
            matches!(Embedded::join(&path, AT_ONCE).await.unwrap(), Joined::Running(_)),
            "what is ours is believed"
        );
        drop(held);
    }

    #[tokio::test]
    async fn data_in_a_folder_that_is_free_for_all_is_refused_and_what_others_put_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let error = Embedded::start(Some(&path)).await.err().unwrap().to_string();
        assert!(error.contains("chmod o-w"), "{error}");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o1777)).unwrap();
        drop(Embedded::start(Some(&path)).await.unwrap());
        symlink("/etc/passwd", folder.path().join("ledger.db-wal")).unwrap();
        let error = Embedded::start(Some(&path)).await.err().unwrap().to_string();
        assert!(error.contains("ledger.db-wal"), "{error}");
    }

    #[tokio::test]
    async fn no_link_leads_past_the_lock_and_through_a_symbolic_one_the_engine_is_joined() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir_in(folder.path()).unwrap();
        let (path, link, hard) =
            (folder.path().join("ledger.db"), other.path().join("link.db"), folder.path().join("hard.db"));
        let mut engine = Embedded::start(Some(&path)).await.unwrap();
        engine.share().unwrap();
        symlink(&path, &link).unwrap();
        fs::hard_link(&path, &hard).unwrap();
        for name in [&link, &hard] {
            let error = Embedded::start(Some(name)).await.err().unwrap().to_string();
            assert!(error.contains("in use by"), "{error}");
        }
        assert!(matches!(Embedded::join(&link, AT_ONCE).await.unwrap(), Joined::Running(_)));
        assert!(matches!(Embedded::join(&path, AT_ONCE).await.unwrap(), Joined::Running(_)));
        drop(engine);
        let error = Embedded::start(Some(&hard)).await.err().unwrap().to_string();
        assert!(error.contains("2 names"), "{error}");
        fs::remove_file(&hard).unwrap();
        drop(Embedded::start(Some(&link)).await.unwrap());
    }

    #[tokio::test]
    async fn who_holds_the_lock_file_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        fs::write(lock_file(&path), "").unwrap();
        let held = File::open(lock_file(&path)).unwrap();
        held.lock().unwrap();
        drop(Embedded::start(Some(&path)).await.unwrap());
    }

    #[tokio::test]
    async fn a_pipe_or_a_device_is_no_data_file() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/null")] {
            let error = Embedded::start(Some(path)).await.err().unwrap().to_string();
            assert!(error.contains("device or a pipe"), "{error}");
        }
    }
}
