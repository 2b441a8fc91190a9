//! Whatever is done to an export is found.

use std::cell::RefCell;

use ledger::audit::{Expected, Flaw, verify};

use crate::audit_export::{export, flaws, three_days, verified};
use crate::support::on_the_embedded_engine;

/// An export from a day to the 4th, as lines with their ends.
async fn lines_from(day: &str) -> Vec<Vec<u8>> {
    let exported = RefCell::new(Vec::new());
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (_, bytes) = export(&world, day, "2026-02-04", "2026-02-04T10:00:00Z").await;
        exported.replace(bytes);
    })
    .await;
    let bytes = exported.into_inner();
    assert!(verified(&bytes).is_valid());
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// An export of three days, two of them sealed.
async fn lines() -> Vec<Vec<u8>> {
    lines_from("2026-02-02").await
}

/// Whether something is found wrong, and it is named.
fn is_found(bytes: &[u8]) -> bool {
    match verify(bytes, &Expected::default()) {
        Err(_) => true,
        Ok(found) => !found.is_valid() && !found.problems.is_empty(),
    }
}

/// Every byte replaced by each of what `others` makes of it.
async fn every_byte_changed(others: impl Fn(u8) -> Vec<u8>) {
    let lines = lines_from("2026-02-03").await;
    let mut bytes = lines.concat();
    let mut end = 0;
    let ends: Vec<usize> = lines
        .iter()
        .map(|line| {
            end += line.len();
            end
        })
        .collect();
    for position in 0..bytes.len() {
        let original = bytes[position];
        for other in others(original) {
            bytes[position] = other;
            let line = 1 + ends.partition_point(|end| *end <= position) as u64;
            match verify(&*bytes, &Expected::default()) {
                Err(_) => {
                    assert!(line == 1 || other == b'\n', "byte {position}, {other}: only the header may be fatal")
                }
                Ok(found) => {
                    assert!(!found.is_valid(), "byte {position} in line {line} changed from {original} to {other}");
                    // All but the header and the line ends are named by the line that they stand in.
                    let named = found.problems.iter().any(|problem| problem.line == line || problem.line == line + 1);
                    assert!(named || line == 1, "byte {position} in line {line}: {:?}", found.problems);
                }
            }
        }
        bytes[position] = original;
    }
}

#[tokio::test]
async fn every_byte_that_is_changed_is_found_and_its_line_is_named() {
    every_byte_changed(|byte| vec![byte ^ 1, byte ^ 0x20, if byte == b'\n' { b' ' } else { b'\n' }]).await;
}

#[tokio::test]
#[ignore = "a minute in release, much longer without: every byte replaced by every other"]
async fn every_byte_replaced_by_every_other_is_found() {
    every_byte_changed(|byte| (0..=u8::MAX).filter(|other| *other != byte).collect()).await;
}

#[tokio::test]
async fn every_byte_that_is_taken_out_or_doubled_and_every_truncation_is_found() {
    let bytes = lines_from("2026-02-03").await.concat();
    for position in 0..bytes.len() {
        let mut without = bytes.clone();
        let byte = without.remove(position);
        assert!(is_found(&without), "byte {position} taken out");
        let mut doubled = bytes.clone();
        doubled.insert(position, byte);
        assert!(is_found(&doubled), "byte {position} doubled");
        assert!(is_found(&bytes[..position]), "truncated after {position} bytes");
    }
}

#[tokio::test]
async fn every_line_that_is_removed_repeated_or_moved_is_found() {
    let lines = lines().await;
    let all = |lines: &[Vec<u8>]| lines.concat();
    for from in 0..lines.len() {
        let mut without = lines.clone();
        let line = without.remove(from);
        assert!(is_found(&all(&without)), "line {} removed", from + 1);
        for to in 0..=lines.len() {
            let mut repeated = lines.clone();
            repeated.insert(to, line.clone());
            assert!(is_found(&all(&repeated)), "line {} repeated before line {}", from + 1, to + 1);
        }
        for to in (0..lines.len()).filter(|to| *to != from) {
            let mut swapped = lines.clone();
            swapped.swap(from, to);
            assert!(is_found(&all(&swapped)), "lines {} and {} swapped", from + 1, to + 1);
            let mut moved = without.clone();
            moved.insert(to, line.clone());
            assert!(is_found(&all(&moved)), "line {} moved to {}", from + 1, to + 1);
        }
    }
}

#[tokio::test]
async fn each_damage_is_named_for_what_it_is() {
    let lines = lines().await;
    // The header, three entries and the seal of the 2nd, three entries and the seal of the 3rd, two entries, unsealed.
    let damaged = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        let found = verified(&lines.concat());
        found.problems.into_iter().map(|problem| (problem.line, problem.flaw)).collect::<Vec<_>>()
    };
    let removed = damaged(&|lines| drop(lines.remove(2)));
    assert_eq!(removed[0], (3, Flaw::Missing { first: 2, last: 2 }));
    let repeated = damaged(&|lines| lines.insert(3, lines[2].clone()));
    assert_eq!(repeated[0], (4, Flaw::Repeated));
    let swapped = damaged(&|lines| lines.swap(1, 2));
    assert_eq!(swapped[0], (2, Flaw::Missing { first: 1, last: 1 }));
    assert!(swapped.contains(&(3, Flaw::Displaced { number: 1, after: 2 })), "{swapped:?}");
    let unsealed = damaged(&|lines| drop(lines.remove(4)));
    assert!(
        unsealed.contains(&(7, Flaw::Unchained))
            || unsealed.iter().any(|(_, flaw)| matches!(flaw, Flaw::MissingDay { .. }))
    );
    let truncated = damaged(&|lines| lines.truncate(6));
    assert_eq!(truncated, [(6, Flaw::Truncated)]);
    let followed = damaged(&|lines| lines.push(b"more\n".to_vec()));
    assert_eq!(followed, [(lines.len() as u64 + 1, Flaw::Trailing)]);

    // An entry whose hash is made to fit again.
    let rehashed = damaged(&|lines| {
        let line = String::from_utf8(lines[2].clone()).unwrap();
        let (entry, rest) = line.strip_prefix(r#"{"entry":"#).unwrap().split_once(r#","hash":""#).unwrap();
        let entry = entry.replace(r#""automatic":true"#, r#""automatic":false"#);
        let hash = ledger::audit::Hash::of(&entry);
        lines[2] = format!(r#"{{"entry":{entry},"hash":"{hash}{}"#, &rest[64..]).into_bytes();
    });
    assert_eq!(rehashed[0].1, Flaw::Unlinked);
    assert_eq!(rehashed[0].0, 3);
    assert!(rehashed.contains(&(5, Flaw::NotTheSealed { found: 3, sealed: 3 })), "{rehashed:?}");
}

#[tokio::test]
async fn a_seal_taken_out_and_passed_off_as_never_made_is_found() {
    let mut lines = lines().await;
    let count = lines.len();
    // The seal of the 3rd, and the last lines made anew as they would be without it.
    lines[8] = b"{\"unsealed\":{\"count\":3,\"day\":\"2026-02-03\"}}\n".to_vec();
    let body = lines[..count - 1].concat();
    let sha256 = ledger::audit::Hash::of(&body);
    lines[count - 1] =
        format!("{{\"footer\":{{\"entries\":8,\"seals\":1,\"sha256\":\"{sha256}\",\"unsealed\":5}}}}\n").into_bytes();
    // On the 4th the 3rd may not be sealed yet: nobody can know. Two days later it must be.
    assert_eq!(flaws(&lines.concat()), []);
    let later = String::from_utf8(lines[..count - 1].concat()).unwrap();
    let later =
        later.replacen("\"at\":\"2026-02-04T10:00:00Z\",\"format\"", "\"at\":\"2026-02-06T10:00:00Z\",\"format\"", 1);
    let sha256 = ledger::audit::Hash::of(&later);
    let later = format!("{later}{{\"footer\":{{\"entries\":8,\"seals\":1,\"sha256\":\"{sha256}\",\"unsealed\":5}}}}\n");
    assert_eq!(flaws(later.as_bytes()), [Flaw::SealMissing, Flaw::SealMissing]);
}
