//! How much a visit brings over the wire.

use http::Request;

use crate::decisions::EVENT;
use crate::world::{World, header};

const MESSAGE: &str = "Per la pratica scrivete pure a davide.riva.prova@example.com, rispondo in giornata";

/// What comes over the wire, headers not counted: the page, and how much of it names what is loaded besides.
async fn loaded(world: &World, path: &str) -> (usize, usize) {
    let browser = world.signed_in("Anna", &["moderazione"]).await;
    let get = async |path: &str| browser.send(Request::get(path).header("accept-encoding", "gzip, br"), "").await;
    let whole = crate::world::text(&browser.get(path).await);
    let page = get(path).await.into_body().len();
    assert!(page < whole.len(), "{path} came as it is");
    let mut named: Vec<String> = assets(&whole);
    for sheet in named.clone().iter().filter(|path| path.ends_with(".css")) {
        named.extend(assets(&crate::world::text(&browser.get(sheet).await)));
    }
    named.sort();
    named.dedup();
    assert!(named.len() >= 6, "{named:?}");
    let mut others = 0;
    for path in &named {
        let answer = get(path).await;
        assert!(answer.status() == 200 && header(&answer, "cache-control").contains("immutable"), "{path}");
        others += answer.into_body().len();
    }
    (page, others)
}

fn assets(text: &str) -> Vec<String> {
    let named = text.split("/console/assets/").skip(1);
    let name = |rest: &str| rest.split(['"', '#', ')']).next().unwrap().to_owned();
    named.map(|rest| format!("/console/assets/{}", name(rest))).collect()
}

#[tokio::test]
async fn the_first_visit_brings_at_most_350_kb_and_later_ones_30() {
    let world = World::new().await;
    for number in 0..30 {
        let text =
            format!("Scrivi a mario.rossi{number}@example.org. {}", format!("Parola{number} diversa ").repeat(30));
        let event = EVENT.replace("122170040702_1005", &format!("122170040702_{number}"));
        world.written(&event.replace(MESSAGE, &text)).await;
    }
    for path in ["/console", "/console/queue"] {
        let (page, others) = loaded(&world, path).await;
        println!("{path}: {page} bytes of the page, {others} of what it loads");
        assert!(page + others <= 350_000, "{path}: first {}", page + others);
        assert!(page <= 30_000, "{path}: later {page}");
    }
}
