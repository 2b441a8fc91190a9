//! Letters of other scripts, styled letters without a compatibility form, and signs that look like Latin letters.

use unicode_security::skeleton;

/// The Latin letter that a letter looks like.
///
/// Texts that are really written in another script become unreadable by this, but no term matches them: lists hold
/// Latin words only.
pub(super) fn look_alike(letter: char) -> Option<char> {
    match drawn_like(letter) {
        None if letter.is_alphabetic() => confusable(letter),
        latin => latin,
    }
}

/// The letters that people use for their shape, of which the tables of Unicode know only some.
fn drawn_like(letter: char) -> Option<char> {
    let latin = match letter {
        'а' | 'α' | 'ɑ' | 'ᴀ' | 'ⱥ' | 'ⲁ' | 'ɐ' | 'λ' | 'Λ' | 'д' | 'ᗩ' | 'ᗅ' | '卂' | 'ค' | '𐌀' => {
            'a'
        }
        'в' | 'β' | 'ь' | 'ъ' | 'б' | 'ʙ' | 'ƀ' | 'ɓ' | 'ɮ' | 'Ⴆ' | 'ᗷ' | '乃' | '๒' => 'b',
        'с' | 'ᴄ' | 'ȼ' | 'ⲥ' | 'ɔ' | 'ɕ' | 'ƈ' | 'ᑕ' | 'ᑢ' | '匚' => 'c',
        'ԁ' | 'ᴅ' | 'đ' | 'ɖ' | 'ɗ' | 'δ' | 'ԃ' | 'ð' | 'ᗪ' | 'ᗞ' | '๔' => 'd',
        'е' | 'ε' | 'є' | 'ҽ' | 'ᴇ' | 'ɇ' | 'ǝ' | 'ə' | 'ɛ' | 'ɘ' | 'э' | 'з' | 'ξ' | 'Σ' | 'ᗴ' | 'ᕮ' | 'ᘿ' | '乇' => {
            'e'
        }
        'ƒ' | 'ʄ' | 'ꜰ' | 'ϝ' | 'ɟ' | 'ᖴ' | '千' => 'f',
        'ɡ' | 'ɢ' | 'ց' | 'ǥ' | 'ɠ' | 'ƃ' | 'ᘜ' | 'ᏻ' | 'Ᏻ' | 'Ꮆ' | 'ﻮ' | '厶' => 'g',
        'һ' | 'н' | 'հ' | 'ʜ' | 'ħ' | 'ɥ' | 'ɦ' | 'ԋ' | 'Η' | 'ᕼ' | 'ᑋ' | '卄' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' | 'ɪ' | 'ɨ' | 'ⲓ' | 'ᴉ' | 'Ι' | 'І' | 'ᓰ' | 'ᓮ' | '丨' | '工' | 'Ꭵ' | 'ꓲ' => {
            'i'
        }
        'ј' | 'ϳ' | 'յ' | 'ᴊ' | 'ɉ' | 'ʝ' | 'ᒍ' | '丁' => 'j',
        'к' | 'κ' | 'ӄ' | 'ᴋ' | 'ⲕ' | 'ƙ' | 'ʞ' | 'ᖽ' | '长' => 'k',
        'ӏ' | 'ʟ' | 'ł' | 'ƚ' | 'ɫ' | 'ɭ' | 'ɬ' | 'ʅ' | 'ⱡ' | 'ᒪ' | '乚' => 'l',
        'м' | 'ᴍ' | 'ⲙ' | 'ɱ' | 'ɯ' | 'ʍ' | 'Μ' | 'ᗰ' | '๓' | '爪' => 'm',
        'п' | 'и' | 'π' | 'η' | 'ո' | 'ɴ' | 'ƞ' | 'ɲ' | 'ŋ' | 'ɳ' | 'ռ' | 'Ν' | 'ᑎ' | 'ᘉ' | '几' | 'ภ' => {
            'n'
        }
        'о' | 'ο' | 'σ' | 'օ' | 'ᴏ' | 'ø' | 'ɵ' | 'ө' | 'ⲟ' | 'θ' | 'φ' | 'ф' | 'ᗝ' | 'ᓍ' | '๏' | '口' => {
            'o'
        }
        'р' | 'ρ' | 'ᴘ' | 'ƥ' | 'ք' | 'ⲣ' | 'þ' | 'ᑭ' | '卩' | 'ק' => 'p',
        'ԛ' | 'զ' | 'ʠ' | 'ϙ' | 'ᑫ' => 'q',
        'г' | 'я' | 'ʀ' | 'ɍ' | 'ɼ' | 'ɾ' | 'ɹ' | 'ɽ' | 'ᖇ' | '尺' => 'r',
        'ѕ' | 'ς' | 'ꜱ' | 'ʂ' | 'ƨ' | 'ֆ' | 'ᔕ' | 'ᔑ' | '丂' | 'Ꮪ' => 's',
        'т' | 'τ' | 'ᴛ' | 'ŧ' | 'ƭ' | 'ͳ' | 'Ͳ' | 'ʇ' | 'ʈ' | 'ȶ' | '七' | '丅' | 'Շ' => 't',
        'υ' | 'μ' | 'ս' | 'ц' | 'ᴜ' | 'ʉ' | 'ʊ' | 'ᑌ' | 'ᘮ' | '凵' | 'ย' => 'u',
        'ν' | 'ѵ' | 'ᴠ' | 'ʋ' | 'ʌ' | 'ᐯ' | 'ᐺ' => 'v',
        'ԝ' | 'ω' | 'ѡ' | 'ᴡ' | 'ш' | 'щ' | 'ա' | 'ᗯ' | 'ᘺ' | '山' | 'ฬ' => 'w',
        'х' | 'χ' | 'ҳ' | 'ӽ' | 'ж' | '᙭' | '乂' | 'א' => 'x',
        'у' | 'ч' | 'γ' | 'ү' | 'ʏ' | 'ɏ' | 'ʎ' | 'ყ' | 'Υ' | 'ᖻ' | 'ㄚ' | 'ץ' => 'y',
        'ᴢ' | 'ƶ' | 'ʐ' | 'ȥ' | 'ζ' | 'ᘔ' | '乙' | 'չ' => 'z',
        _ => return enclosed(letter),
    };
    Some(latin)
}

/// What Unicode lists as confusable with one Latin letter (UTS 39).
fn confusable(letter: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut prototype = skeleton(letter.encode_utf8(&mut buffer));
    let (first, rest) = (prototype.next()?, prototype.next());
    match first {
        _ if rest.is_some() || first == letter => None,
        // There every capital I is the same as a small l.
        'l' if letter.is_uppercase() => None,
        'A'..='Z' | 'a'..='z' => Some(first.to_ascii_lowercase()),
        _ => first.to_lowercase().next().and_then(drawn_like),
    }
}

/// The zeros of the decimal digits of other scripts: nine more follow each.
const ZEROS: [char; 26] = [
    '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '႐', '០', '᠐', '᥆', '᧐', '᪀', '᭐',
    '᮰', '᱀', '꘠',
];

/// The digit that a sign is, in another script or in a black circle.
pub(super) fn digit(letter: char) -> Option<char> {
    let code = u32::from(letter);
    // Circles drawn in black, without serifs, or twice, from one to nine; black zero.
    let circled = [0x2776, 0x2780, 0x278A, 0x24F5].into_iter().find(|&one| (one..one + 9).contains(&code));
    let value = match circled {
        Some(one) => code - one + 1,
        None if letter == '⓿' => 0,
        None => ZEROS.into_iter().map(|zero| code.wrapping_sub(u32::from(zero))).find(|&value| value < 10)?,
    };
    char::from_digit(value, 10)
}

/// The Latin letter that a sign stands for inside a word.
pub fn sign(letter: char) -> Option<char> {
    Some(match letter {
        '₳' | '∆' | '∀' => 'a',
        '₿' | '฿' => 'b',
        '©' | '¢' | '₵' | '₡' | '⊂' => 'c',
        '₫' | '∂' => 'd',
        '€' | '∑' | '∈' | '℮' => 'e',
        '₣' => 'f',
        '₲' => 'g',
        '¡' | '¦' => 'i',
        '₭' => 'k',
        '£' | '₤' | '₺' => 'l',
        '₥' => 'm',
        '₦' | '∩' => 'n',
        '¤' | '∅' => 'o',
        '₱' | '₽' | '¶' => 'p',
        '®' => 'r',
        '§' | '₴' => 's',
        '₮' | '†' | '‡' | '₸' => 't',
        '∪' => 'u',
        '√' => 'v',
        '₩' => 'w',
        '¥' => 'y',
        _ => return None,
    })
}

/// White letters in black circles and squares, which have no compatibility form.
fn enclosed(letter: char) -> Option<char> {
    let code = u32::from(letter);
    let nth = match code {
        0x1F150..=0x1F169 => code - 0x1F150,
        0x1F170..=0x1F189 => code - 0x1F170,
        _ => return None,
    };
    char::from_u32(u32::from('a') + nth)
}
