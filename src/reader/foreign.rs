//! What tells that a text is not in Italian, although many of its words are known.
//!
//! Italians write English words between their own, and some who live in Italy write Spanish ones, so the lines hold them. What
//! they hardly write are the small words of English, Spanish and Portuguese sentences. These do not count as known.

use crate::features::of_word;

const WORDS: [&str; 100] = [
    "about", "abre", "after", "all", "and", "any", "aqui", "are", "asi", "at", "ayer", "be", "because", "been", "bom",
    "but", "by", "can", "could", "cuando", "das", "did", "does", "donde", "es", "esta", "este", "esto", "for", "from",
    "get", "gracias", "had", "have", "hay", "her", "his", "hola", "how", "hoy", "if", "into", "is", "just", "las",
    "los", "muy", "my", "nada", "nadie", "nao", "nosotros", "not", "of", "only", "or", "our", "out", "para", "pero",
    "por", "porque", "quien", "saber", "she", "should", "some", "tambien", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "tiene", "to", "todas", "todos", "uma", "usted", "ustedes", "voce",
    "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
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

/// Whether a word, by its hash, is one of the small words of English, Spanish or Portuguese.
pub(crate) fn is_foreign(hash: u32) -> bool {
    HASHES.contains(&hash)
}
