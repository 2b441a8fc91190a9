//! Numbers written in Italian words.

const UNITS: [&str; 20] = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
];
const TENS: [&str; 8] = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"];

/// The value of a number word below one thousand.
pub(super) fn value(word: &str) -> Option<usize> {
    match word.split_once("cento") {
        Some(("", rest)) => Some(100 + below_hundred_or_nothing(rest)?),
        Some((count, rest)) => {
            let hundreds = UNITS.iter().position(|unit| *unit == count).filter(|count| (2..10).contains(count))?;
            Some(hundreds * 100 + below_hundred_or_nothing(rest)?)
        }
        None => below_hundred(word),
    }
}

/// The digits of several words for them written as one, as in `trequattrosette`, and how many bytes each word has.
pub(super) fn digits(word: &str) -> Option<Vec<(usize, usize)>> {
    let mut digits = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let digit = UNITS.iter().take(10).position(|unit| rest.starts_with(unit))?;
        digits.push((digit, UNITS[digit].len()));
        rest = &rest[UNITS[digit].len()..];
    }
    (digits.len() > 1).then_some(digits)
}

fn below_hundred_or_nothing(word: &str) -> Option<usize> {
    if word.is_empty() { Some(0) } else { below_hundred(word) }
}

fn below_hundred(word: &str) -> Option<usize> {
    if let Some(unit) = UNITS.iter().position(|unit| *unit == word) {
        return Some(unit);
    }
    TENS.iter().enumerate().find_map(|(at, ten)| {
        let value = (at + 2) * 10;
        // The ten loses its last vowel before "uno" and "otto".
        let rest = word.strip_prefix(&ten[..ten.len() - 1])?;
        match rest {
            "uno" | "un" => Some(value + 1),
            "otto" => Some(value + 8),
            _ => {
                let unit = rest.strip_prefix(&ten[ten.len() - 1..])?;
                let known = || UNITS.iter().position(|known| *known == unit).filter(|unit| (2..10).contains(unit));
                if unit.is_empty() { Some(value) } else { Some(value + known()?) }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_below_one_thousand_have_a_value() {
        for (word, number) in [
            ("zero", 0),
            ("tre", 3),
            ("quindici", 15),
            ("venti", 20),
            ("ventuno", 21),
            ("trentotto", 38),
            ("quarantasette", 47),
            ("novantanove", 99),
            ("cento", 100),
            ("centododici", 112),
            ("trecentoquarantasette", 347),
        ] {
            assert_eq!(value(word), Some(number), "{word}");
        }
        assert_eq!(digits("trequattrosette"), Some(vec![(3, 3), (4, 7), (7, 5)]));
        assert!(digits("tre").is_none() && digits("treno").is_none());
        for word in ["", "mille", "trea", "ventizero", "unocento", "trentadieci", "centro"] {
            assert_eq!(value(word), None, "{word}");
        }
    }
}
