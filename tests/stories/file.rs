//! The data file under a running server: what became of it, health tells.

use std::fs;
use std::path::Path;
use std::time::Duration;

use galateo::ServeOptions;
use policy::Platform;
use serde_json::Value;

use crate::world::{CRITICISM, World};

async fn health(world: &World) -> (u16, String) {
    let answer = world.http.get(world.server.url("/health")).send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["ledger"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_file_that_is_gone_acknowledges_nothing_and_health_says_so() {
    type Change = fn(&Path);
    let changes: [(&str, &str, Change); 4] = [
        ("deleted", "deleted or replaced", |path| fs::remove_file(path).unwrap()),
        ("replaced", "deleted or replaced", |path| {
            fs::copy(path, path.with_extension("new")).unwrap();
            fs::rename(path.with_extension("new"), path).unwrap();
        }),
        ("without its shared memory", "deleted or replaced", |path| {
            fs::remove_file(path.with_extension("db-shm")).unwrap();
        }),
        ("its log cut off", "was cut off", |path| {
            // In another process: closing it in this one would let go of the locks of the engine.
            let cut =
                std::process::Command::new("truncate").args(["-s", "0"]).arg(path.with_extension("db-wal")).status();
            assert!(cut.unwrap().success());
        }),
    ];
    for (what, told, change) in changes {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let world = World::start_with(&ServeOptions { data: Some(path.clone()), ..ServeOptions::in_memory() }).await;
        assert_eq!(health(&world).await, (200, "ok".to_owned()));
        let comment = |id: &str| world.facebook_comment(id, "add", CRITICISM);
        assert_eq!(world.delivers(Platform::Facebook, comment("9_1")).await, 200);
        change(&path);
        assert_eq!(world.delivers(Platform::Facebook, comment("9_2")).await, 503, "{what}");
        let (status, said) = health(&world).await;
        assert!(status == 503 && said.contains(told), "{what}: {said}");
        assert_eq!(world.delivers(Platform::Facebook, comment("9_3")).await, 503, "{what}");
        let error = ledger::embedded::purge(&path).await.unwrap_err().to_string();
        assert!(what == "deleted" || error.contains(told), "{what}: {error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_may_only_be_read_is_not_well_until_it_may_be_written() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let world = World::start_with(&ServeOptions { data: Some(path.clone()), ..ServeOptions::in_memory() }).await;
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o400);
    let (status, said) = health(&world).await;
    assert!(status == 503 && said.contains("may only be read"), "{said}");
    mode(0o600);
    assert_eq!(health(&world).await, (200, "ok".to_owned()));
}

#[tokio::test]
async fn a_table_that_is_gone_is_not_well() {
    for table in ["galateo-audit", "galateo-casebook"] {
        let world = World::start().await;
        assert_eq!(health(&world).await.0, 200);
        world.server.dynamodb().delete_table().table_name(table).send().await.unwrap();
        // The answer of before holds for a second.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (status, said) = health(&world).await;
        assert!(status == 503 && said.contains("ResourceNotFound"), "{table}: {said}");
    }
}
