//! What tells that a text is not in Italian, although many of its words are known.
//!
//! Italians write English words between their own, so the lines hold them. What they hardly write are the small words of
//! English sentences. These do not count as known.

use crate::features::of_word;

const WORDS: [&str; 63] = [
    "about", "after", "all", "and", "any", "are", "at", "be", "because", "been", "but", "by", "can", "could", "did",
    "does", "for", "from", "get", "had", "have", "her", "his", "how", "if", "into", "is", "just", "my", "not", "of",
    "only", "or", "our", "out", "she", "should", "some", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with",
    "would", "you", "your",
];

const HASHES: [u32; WORDS.len()] = {
    let mut hashes = [0; WORDS.len()];
    let mut nth = 0;
    while nth < WORDS.len() {
        hashes[nth] = of_word(WORDS[nth]);
        nth += 1;
    }
    hashes
};

/// Whether a word, by its hash, is one of the small words of English.
pub(crate) fn is_english(hash: u32) -> bool {
    HASHES.contains(&hash)
}
