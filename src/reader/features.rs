//! What of a text is looked at: its words and marks, each pair of them, and the letters inside words, three to five at a time.
//!
//! Each is known by a hash of 32 bits. Of `1234567` only the length is looked at, of a link or a handle only that it is
//! one; digits and signs inside a word are read as the letters for which they stand, and letters held down count twice.
//! Nothing is allocated for a word, and each byte is looked at a bounded number of times.

use text::{Unsaid, unsaid};

/// How long a piece of a word may be that is read as one. Nobody's words are longer; whatever is, is read in pieces.
const LONGEST: usize = 48;
/// How often a letter in a row counts.
const MOST_EQUAL: usize = 2;
/// From how many digits on the length of a number tells no more.
const LONGEST_NUMBER: usize = 12;

/// What kind of feature a hash stands for. It is mixed into the hash, so that the word `di` is not the letters `di`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A word with letters.
    Word,
    /// A number, link, handle, picture or punctuation mark.
    Mark,
    Pair,
    Letters,
}

impl Sort {
    const fn seed(self) -> u32 {
        match self {
            Sort::Word | Sort::Mark => 0x3c6e_f372,
            Sort::Pair => 0xa54f_f53a,
            Sort::Letters => 0x510e_527f,
        }
    }
}

/// One feature of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature {
    pub(crate) sort: Sort,
    pub(crate) hash: u32,
}

/// A word or mark that was read, by its bytes in the folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// Whatever looks at the features of a text, in order.
pub(crate) trait Look {
    /// A word or mark begins: the features that follow are its own, and the pair that it makes with the one before.
    fn token(&mut self, _token: Token) {}

    /// One feature.
    fn feature(&mut self, feature: Feature);
}

const fn mix(hash: u32, with: u32) -> u32 {
    (hash.rotate_left(5) ^ with).wrapping_mul(0x9e37_79b1)
}

const fn finish(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x85eb_ca6b);
    hash ^ (hash >> 13)
}

/// The hash of a word, before it is finished.
const fn running(word: &[u8]) -> u32 {
    let mut hash = Sort::Word.seed();
    let mut at = 0;
    while at < word.len() {
        hash = mix(hash, word[at] as u32);
        at += 1;
    }
    hash
}

/// The hash by which a word is known.
pub(crate) const fn of_word(word: &str) -> u32 {
    finish(running(word.as_bytes()))
}

/// Looks at every feature of a folded text.
pub(crate) fn look(folded: &str, by: &mut impl Look) {
    let unsaid = unsaid(folded);
    let mut walk = Walk { text: folded, unsaid: &unsaid, before: 0, by };
    walk.walk();
}

struct Walk<'w, L> {
    text: &'w str,
    unsaid: &'w [Unsaid],
    /// The hash of the word or mark before.
    before: u32,
    by: &'w mut L,
}

impl<L: Look> Walk<'_, L> {
    fn walk(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if let Some(end) = self.take_unsaid(at) {
                at = end;
                continue;
            }
            at = match byte {
                b' ' => at + 1,
                b'0'..=b'9' | b'a'..=b'z' => self.take_word(at),
                0x80.. => {
                    let letter = self.text.get(at..).and_then(|rest| rest.chars().next());
                    match letter {
                        Some(letter) if letter.is_alphanumeric() => self.take_word(at),
                        letter => self.take_mark(at, at + letter.map_or(1, char::len_utf8)),
                    }
                }
                _ => self.take_mark(at, at + 1),
            };
        }
    }

    fn take_unsaid(&mut self, at: usize) -> Option<usize> {
        let (first, rest) = self.unsaid.split_first().filter(|(first, _)| first.span.start <= at)?;
        self.unsaid = rest;
        if first.span.end <= at {
            return Some(at);
        }
        let end = first.span.end;
        self.whole(Sort::Mark, Token { from: at, to: end }, if first.is_link { b"<link>" } else { b"<at>" });
        Some(end)
    }

    fn take_mark(&mut self, from: usize, to: usize) -> usize {
        let text = self.text;
        self.whole(Sort::Mark, Token { from, to }, text.as_bytes().get(from..to).unwrap_or_default());
        to
    }

    /// Takes the word, or the piece of a word, that begins here. Gives where it ends.
    fn take_word(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        // The first and the last place are for the ends of the word.
        let mut word = [b'<'; LONGEST + 6];
        let mut length = 1;
        let (mut digits, mut letters) = (0, 0);
        let mut at = from;
        while length <= LONGEST
            && let Some(&byte) = bytes.get(at)
        {
            let is_inner_sign = matches!(byte, b'@' | b'$' | b'*' | b'#')
                && at > from
                && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            let wide = match byte {
                b'a'..=b'z' => {
                    letters += 1;
                    1
                }
                b'0'..=b'9' => {
                    digits += 1;
                    1
                }
                _ if is_inner_sign => 1,
                0x80.. => match self.text.get(at..).and_then(|rest| rest.chars().next()) {
                    Some(letter) if letter.is_alphanumeric() => letter.len_utf8(),
                    _ => break,
                },
                _ => break,
            };
            let is_held = length > MOST_EQUAL && word[length - MOST_EQUAL..length].iter().all(|before| *before == byte);
            if !(wide == 1 && is_held && !byte.is_ascii_digit()) {
                let piece = bytes.get(at..at + wide).unwrap_or_default();
                word[length..length + piece.len()].copy_from_slice(piece);
                length += piece.len();
            }
            at += wide;
        }
        let token = Token { from, to: at };
        if letters == 0 && digits == length - 1 {
            let number = [b'<', b'n', b'a' + digits.min(LONGEST_NUMBER) as u8, b'>'];
            self.whole(Sort::Mark, token, &number);
            return at;
        }
        if letters > 0 && (digits < letters || word[1].is_ascii_lowercase()) {
            word[1..length].iter_mut().for_each(|byte| *byte = letter_for(*byte));
        }
        word[length] = b'>';
        self.whole(Sort::Word, token, &word[1..length]);
        self.letters(&word[..=length]);
        at
    }

    /// A word or mark as a whole, and the pair that it makes.
    fn whole(&mut self, sort: Sort, token: Token, bytes: &[u8]) {
        let hash = running(bytes);
        self.by.token(token);
        self.pair(hash);
        self.by.feature(Feature { sort, hash: finish(hash) });
    }

    fn pair(&mut self, hash: u32) {
        let pair = mix(mix(Sort::Pair.seed(), self.before), hash);
        self.by.feature(Feature { sort: Sort::Pair, hash: finish(pair) });
        self.before = hash;
    }

    fn letters(&mut self, word: &[u8]) {
        for start in 0..word.len().saturating_sub(2) {
            let mut hash = Sort::Letters.seed();
            for (nth, byte) in word[start..].iter().take(5).enumerate() {
                hash = mix(hash, u32::from(*byte));
                if nth >= 2 {
                    self.by.feature(Feature { sort: Sort::Letters, hash: finish(hash) });
                }
            }
        }
    }
}

/// The letter for which a digit or sign stands inside a word.
const fn letter_for(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' => b'g',
        b'7' => b't',
        b'8' => b'b',
        _ => byte,
    }
}

#[cfg(test)]
mod tests {
    use text::Folded;

    use super::*;

    #[derive(Default)]
    struct Seen {
        tokens: Vec<Token>,
        hashes: Vec<u32>,
    }

    impl Look for Seen {
        fn token(&mut self, token: Token) {
            self.tokens.push(token);
        }

        fn feature(&mut self, feature: Feature) {
            self.hashes.push(feature.hash);
        }
    }

    fn seen(text: &str) -> Seen {
        let mut seen = Seen::default();
        look(Folded::new(text).text(), &mut seen);
        seen
    }

    #[test]
    fn spellings_of_one_word_have_the_same_features() {
        for (one, other) in [
            ("Perché", "perche"),
            ("m3rd4", "merda"),
            ("c@sa", "casa"),
            ("noooooo", "noo"),
            ("347 1234567", "348 7654321"),
            ("vedi https://a.example/b?c=1", "vedi https://d.example/e"),
            ("ciao @tizio", "ciao @caio_2"),
        ] {
            assert_eq!(seen(one).hashes, seen(other).hashes, "{one} {other}");
        }
        assert_ne!(seen("347").hashes, seen("3471234567").hashes);
        assert_ne!(seen("casa").hashes, seen("cosa").hashes);
    }

    #[test]
    fn tokens_say_where_they_stand() {
        let folded = "che bello!! 😀 vedi www.a.it";
        let tokens: Vec<&str> = seen(folded).tokens.iter().map(|token| &folded[token.from..token.to]).collect();
        assert_eq!(tokens, ["che", "bello", "!", "!", "😀", "vedi", "www.a.it"]);
    }

    #[test]
    fn a_word_without_end_is_read_in_pieces() {
        let word: String = "abcdefg".repeat(9_000);
        let seen = seen(&word);
        assert_eq!(seen.tokens.len(), word.len().div_ceil(LONGEST));
        assert!(seen.hashes.len() < 4 * word.len());
        assert_eq!(super::tests::seen(&"a".repeat(64 * 1024)).hashes, super::tests::seen("aa").hashes);
    }
}
