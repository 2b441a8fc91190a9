use std::fs::{self, File, Permissions};

use http::Method;
use serde_json::{Value, json};

use super::lock::{lock_file, named};
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
    fs::write(lock_file(&path), &left).unwrap();
    let held = File::open(&path).unwrap();
    held.lock().unwrap();
    let error = Embedded::join(&path, AT_ONCE).await.err().unwrap().to_string();
    assert!(error.contains("in use by"), "{error}");
    drop(held);
    assert!(matches!(Embedded::join(&path, AT_ONCE).await.unwrap(), Joined::Started(_)));
    assert!(!Path::new(&lock_file(&path)).exists());
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
    let key = PseudonymKey::new(b"a key for the tests").unwrap();
    let ledger = Ledger::new(engine.client(), Tables::default(), "ente", key);
    ledger.create_tables().await.unwrap();
    ledger
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
    fs::write(&log, "the newest records").unwrap();
    let error = Embedded::start(Some(&path)).await.err().unwrap();
    assert!(matches!(&error, LedgerError::File(text) if text.contains("gone or empty")), "{error}");
    assert_eq!(fs::read(&log).unwrap(), b"the newest records");
}

#[tokio::test]
async fn nothing_is_acknowledged_by_a_file_that_was_deleted_replaced_or_damaged_under_the_engine() {
    let damages: [(&str, fn(&Path)); 5] = [
        ("deleted", |path| fs::remove_file(path).unwrap()),
        ("moved", |path| fs::rename(path, path.with_extension("old")).unwrap()),
        ("replaced", |path| {
            fs::copy(path, path.with_extension("new")).unwrap();
            fs::rename(path.with_extension("new"), path).unwrap();
        }),
        ("without its log", |path| fs::remove_file(named(path, "-wal")).unwrap()),
        ("damaged", |path| {
            use std::os::unix::fs::FileExt;
            let file = File::options().write(true).open(path).unwrap();
            let pages = file.metadata().unwrap().len() / 4096;
            (pages / 2..pages).for_each(|page| file.write_all_at(&[0xff; 12], page * 4096).unwrap());
            // Closing it here would let go of the locks of the engine.
            std::mem::forget(file);
        }),
    ];
    for (what, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        filled(&path).await;
        let engine = Embedded::start(Some(&path)).await.unwrap();
        let (ledger, watch) = (ledger(&engine).await, engine.watch().unwrap());
        let now = jiff::Timestamp::UNIX_EPOCH;
        watch.examine().await.unwrap();
        ledger.probe(now).await.unwrap();
        damage(&path);
        sleep(Duration::from_secs(1)).await;
        if what == "damaged" {
            // Of a page that nobody asks for the engine knows nothing.
            assert!(watch.examine().await.is_err(), "{what}");
        }
        let error = ledger.probe(now).await.unwrap_err();
        assert!(matches!(error, LedgerError::File(_)), "{what}: {error}");
        assert!(watch.examine().await.is_err(), "{what}");
    }
}

#[cfg(unix)]
mod on_unix {
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
        for _ in 0..2 {
            let mut engine = Embedded::start(Some(&path)).await.unwrap();
            engine.share().unwrap();
            let table = json!({
                "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
                "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            });
            let _ = engine.database().create_table(serde_json::from_value(table).unwrap());
            let found = modes(folder.path());
            assert!(found.len() >= 3, "{found:?}");
            assert!(found.iter().all(|(_, mode)| *mode == 0o600), "{found:?}");
            drop(engine);
            fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
            fs::write(lock_file(&path), "left").unwrap();
        }
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
