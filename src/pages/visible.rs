//! What strangers and colleagues wrote may hold characters that steer a page or a terminal, hide, or turn the direction
//! of a line.

use policy::shows_nothing;

/// Text of a page that is not ours, in one line or several: with escapes for what would steer a terminal or would not
/// show. Joiners stay: emoji are made with them.
pub fn visible(text: &str) -> String {
    escaped(text, |text, character| text.extend(character.escape_default()))
}

/// A text in which each such character is written as `escape` adds it.
pub fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            escape(&mut shown, character);
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, marks that change the direction, and what shows nothing, but for what emoji are made with.
pub fn is_unseen(character: char) -> bool {
    shows_nothing(character) && !matches!(character, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}
