//! How long it takes, and how many write and read units, to erase an author who has written a thousand contributions.
//!
//! `cargo bench -p ledger --bench erase`, or with `-- 10000` another number; `cargo test` tries it with a few.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use ledger::embedded::Embedded;
use ledger::{ErasureGround, ErasureRequest, Judged, Ledger, NewStrike, PseudonymKey, Recorded, Tables};
use policy::{
    AccountId, Author, Category, Contribution, Finding, Outcome, Platform, PlatformUserId, PolicyRef, Verdict,
};

const CONTRIBUTIONS: u64 = 1_000;
const TRIED: u64 = 20;

fn main() {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let usual = if is_measured { CONTRIBUTIONS } else { TRIED };
    let number = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(usual);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(erase(number));
}

async fn erase(number: u64) {
    let engine = Embedded::start(None).await.expect("an engine");
    let key = PseudonymKey::new(b"a secret of some length").expect("a key");
    let ledger = Ledger::new(engine.client(), Tables::default(), "milano-monza-brianza-lodi", key);
    ledger.create_tables().await.expect("tables");
    let now: Timestamp = "2026-11-02T09:00:00Z".parse().expect("a time");
    for number in 0..number {
        record(&ledger, number, now).await;
    }
    let policy = policy();
    let authors = ledger.pseudonyms(Platform::Facebook, &author());
    let request = ErasureRequest {
        authors: &authors,
        platform: Some(Platform::Facebook),
        ground: ErasureGround::Request,
        by: Some(&policy::Person::new("Anna").expect("a name")),
        reason: None,
    };
    let before = ledger.consumed();
    let started = Instant::now();
    let erasure = ledger.request_erasure(&request, now).await.expect("requested");
    // Before a minute has passed it would not be fulfilled.
    let then = now + SignedDuration::from_mins(1);
    let erasing = ledger.erase(&erasure.code, &policy, then).await.expect("erased").expect("a request");
    let elapsed = started.elapsed().as_secs_f64();
    let after = ledger.consumed();
    assert_eq!((u64::from(erasing.erasure.cases), erasing.waiting), (number, 0));
    let (written, read) = (after.write_units - before.write_units, after.read_units - before.read_units);
    println!(
        "erased an author of {number} contributions in {elapsed:.1} s: {written:.0} write units ({:.2} each), {read:.0} \
         read units ({:.2} each)",
        written / number as f64,
        read / number as f64
    );
}

fn policy() -> PolicyRef {
    PolicyRef {
        id: "milano-monza-brianza-lodi".to_owned(),
        version: "2025-1".to_owned(),
        hash: "9f".repeat(32),
        reader: None,
    }
}

fn author() -> PlatformUserId {
    PlatformUserId::new("24266381753005180")
}

/// A violation about which nothing is left to be carried out.
async fn record(ledger: &Ledger, number: u64, now: Timestamp) {
    let (platform, account, id) = (Platform::Facebook, AccountId::new("1234567890321"), format!("1_{number}"));
    let text = format!("Chiamate 333 1234567, commento {number}, scritto come tanti altri da chi non si dà pace");
    let author = Author { id: author(), name: Some("Persona di prova".to_owned()) };
    let comment = Contribution::comment(platform, account, &id, text);
    let contribution = Contribution { author: Some(author), at: Some(now), ..comment };
    let finding = Finding {
        clause: "R5".to_owned(),
        category: Category::PersonalData,
        rule: "telefono".to_owned(),
        detector: "phone",
        outcome: Outcome::Hide,
        span: 9..20,
        matched: "333 1234567".to_owned(),
        folded: "333 1234567".to_owned(),
        urgent: false,
        opinion: None,
    };
    let expires_at = now + SignedDuration::from_hours(365 * 24);
    let strike = NewStrike { clause: "R5".to_owned(), weight: 1, skips_to: None, at: now, expires_at };
    let case = ledger.case_id(&contribution, now);
    let author = contribution.author.as_ref().map(|author| ledger.pseudonym(contribution.platform, &author.id, now));
    let (verdict, policy) = (Verdict::new(vec![finding]), policy());
    let keep_until = now + SignedDuration::from_hours(180 * 24);
    let judged = Judged {
        author: author.as_ref(),
        strike: Some(strike),
        ..Judged::without_consequences(&contribution, &case, &verdict, &policy, now, keep_until)
    };
    assert_eq!(ledger.record(&judged).await.expect("recorded"), Recorded::New);
}
