//! Letters of other scripts, and styled letters without a compatibility form, that look like Latin ones.

/// The Latin letter that a small letter looks like.
///
/// Texts that are really written in another script become unreadable by this, but no term matches them: lists hold
/// Latin words only.
pub(super) fn look_alike(letter: char) -> Option<char> {
    let latin = match letter {
        'а' | 'α' | 'ɑ' | 'ᴀ' | 'ⱥ' | 'ⲁ' => 'a',
        'в' | 'β' | 'ь' | 'ʙ' | 'ƀ' | 'ɓ' => 'b',
        'с' | 'ᴄ' | 'ȼ' | 'ⲥ' => 'c',
        'ԁ' | 'ᴅ' | 'đ' | 'ɖ' | 'ɗ' => 'd',
        'е' | 'ε' | 'є' | 'ҽ' | 'ᴇ' | 'ɇ' | 'ǝ' | 'ə' => 'e',
        'ƒ' | 'ꜰ' | 'ϝ' => 'f',
        'ɡ' | 'ɢ' | 'ց' | 'ǥ' | 'ɠ' => 'g',
        'һ' | 'н' | 'հ' | 'ʜ' | 'ħ' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' | 'ɪ' | 'ɨ' | 'ⲓ' => 'i',
        'ј' | 'ϳ' | 'յ' | 'ᴊ' | 'ɉ' => 'j',
        'к' | 'κ' | 'ᴋ' | 'ⲕ' | 'ƙ' => 'k',
        'ӏ' | 'ʟ' | 'ł' | 'ƚ' | 'ɫ' => 'l',
        'м' | 'ᴍ' | 'ⲙ' => 'm',
        'п' | 'η' | 'ո' | 'ɴ' | 'ƞ' => 'n',
        'о' | 'ο' | 'σ' | 'օ' | 'ᴏ' | 'ø' | 'ɵ' | 'ө' | 'ⲟ' => 'o',
        'р' | 'ρ' | 'ᴘ' | 'ƥ' | 'ⲣ' => 'p',
        'ԛ' | 'զ' => 'q',
        'г' | 'ʀ' | 'ɍ' | 'ɼ' => 'r',
        'ѕ' | 'ς' | 'ꜱ' | 'ʂ' => 's',
        'т' | 'τ' | 'ᴛ' | 'ŧ' | 'ƭ' => 't',
        'υ' | 'μ' | 'ս' | 'ᴜ' | 'ʉ' => 'u',
        'ν' | 'ѵ' | 'ᴠ' | 'ʋ' => 'v',
        'ԝ' | 'ω' | 'ѡ' | 'ᴡ' => 'w',
        'х' | 'χ' | 'ҳ' => 'x',
        'у' | 'γ' | 'ү' | 'ʏ' | 'ɏ' => 'y',
        'ᴢ' | 'ƶ' | 'ʐ' | 'ȥ' => 'z',
        _ => return enclosed(letter),
    };
    Some(latin)
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
