//! Bytes that are no weights are refused, and the error says why.

use reader::{Class, Reader, SHIPPED, WeightsError};
use sha2::{Digest, Sha256};

fn refused(bytes: &[u8]) -> WeightsError {
    Reader::from_bytes(bytes).expect_err("these are no weights")
}

/// The shipped weights, changed, and under a hash that fits.
fn forged(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = SHIPPED[..SHIPPED.len() - 32].to_vec();
    change(&mut bytes);
    let hash = Sha256::digest(&bytes);
    bytes.extend(hash);
    bytes
}

#[test]
fn what_is_no_file_of_weights_is_refused() {
    for bytes in [&b""[..], b"galread", b"PK\x03\x04 and something else", &SHIPPED[1..]] {
        assert_eq!(refused(bytes), WeightsError::NoWeights);
    }
    let text = WeightsError::NoWeights.to_string();
    assert_eq!(text, "these are no weights of a reader: they do not begin with `galreadr`");
}

#[test]
fn another_version_is_refused_before_anything_else_is_read() {
    let error = refused(&[&b"galreadr\x02\x00"[..], &[7; 40]].concat());
    assert_eq!(error, WeightsError::Version { found: 2 });
    assert_eq!(error.to_string(), "the weights are of version 2, and this program reads version 1");
}

#[test]
fn another_number_of_classes_or_too_many_features_are_refused() {
    let classes = forged(|bytes| bytes[10] = 12);
    assert_eq!(refused(&classes).to_string(), "the weights tell 12 classes apart, and this program 13");
    let features = forged(|bytes| bytes[12..16].fill(0xff));
    assert_eq!(refused(&features), WeightsError::Features { found: u32::MAX });
}

#[test]
fn weights_that_are_cut_off_or_followed_by_something_are_refused() {
    let expected = SHIPPED.len();
    for found in [8, 9, 11, 15, 16, 60, 111, 112, 5_000, expected - 1] {
        let error = refused(&SHIPPED[..found]);
        assert!(matches!(error, WeightsError::Size { found: length, .. } if length == found), "{found}: {error}");
    }
    let longer = [SHIPPED, b"x"].concat();
    assert_eq!(refused(&longer), WeightsError::Size { found: expected + 1, expected });
}

#[test]
fn one_flipped_bit_is_refused() {
    for at in [20, 100, 5_000, SHIPPED.len() / 2, SHIPPED.len() - 33, SHIPPED.len() - 1] {
        let mut bytes = SHIPPED.to_vec();
        bytes[at] ^= 1;
        let error = refused(&bytes);
        assert!(matches!(error, WeightsError::Hash { .. }), "{at}: {error}");
    }
}

#[test]
fn features_that_are_not_in_order_are_refused_even_with_a_hash_that_fits() {
    let hashes = 16 + 2 * 4 * Class::COUNT;
    let swapped = forged(|bytes| bytes[hashes..hashes + 8].rotate_left(4));
    let twice = forged(|bytes| bytes.copy_within(hashes..hashes + 4, hashes + 4));
    for bytes in [swapped, twice] {
        assert_eq!(refused(&bytes), WeightsError::Order("the hashes of the features do not rise"));
    }
}

#[test]
fn absurd_numbers_do_no_harm() {
    let bytes = forged(|bytes| bytes[16..16 + 2 * 4 * Class::COUNT].fill(0x7f));
    let reader = Reader::from_bytes(&bytes).expect("in order, if absurd");
    let text = "stronzo ".repeat(8_000);
    reader.read(&text::Folded::new(&text));
    reader.passages(&text::Folded::new(&text), Class::Spam, 3);
}
