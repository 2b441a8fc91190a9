//! The structure of the Italian numbering plan (ITU-T E.164, country code 39).

/// Digits of a mobile number in the usual length.
const MOBILE: usize = 10;

/// The digits without the country code of Italy.
pub(super) fn national(digits: &str) -> Option<&str> {
    if is_italian(digits) {
        return Some(digits);
    }
    digits.strip_prefix("0039").or_else(|| digits.strip_prefix("39"))
}

/// Whether these are the digits of an Italian mobile or landline number.
pub(super) fn is_italian(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'3', b'1'..=b'9', ..] => digits.len() == MOBILE,
        [b'0', ..] => area_code(digits).is_some() && matches!(digits.len(), 9 | 10),
        _ => false,
    }
}

/// Whether these are the digits of an Italian mobile number.
pub(super) fn is_mobile(digits: &str) -> bool {
    digits.starts_with('3') && is_italian(digits)
}

/// Whether these are the digits of a landline number of any length: small exchanges have few, new ones many.
pub(super) fn is_landline(digits: &str) -> bool {
    digits.starts_with('0') && area_code(digits).is_some() && (7..=11).contains(&digits.len())
}

/// Whether these are the digits of one of the older mobile numbers, which have one less.
pub(super) fn is_old_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'3', b'2'..=b'9', ..]) && digits.len() == MOBILE - 1
}

/// The length of the area code of a landline number, by the structure of the national numbering plan.
pub(super) fn area_code(digits: &str) -> Option<usize> {
    match digits.as_bytes() {
        [b'0', b'2' | b'6', ..] => Some(2),
        [b'0', b'1'..=b'9', b'0' | b'1' | b'5' | b'9', ..] => Some(3),
        [b'0', b'1'..=b'9', _, ..] => Some(4),
        _ => None,
    }
}

/// Whether it is one of the numbers that firms and offices pay for, which are public.
pub(super) fn is_toll_free(digits: &str) -> bool {
    ["800", "803", "840", "848", "892", "894", "895", "899", "199", "166", "144", "178", "163", "164", "00800"]
        .iter()
        .any(|prefix| digits.starts_with(prefix))
}

/// Whether the digits count up or down.
pub(super) fn is_counting(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    [1, 255].iter().any(|&step: &u8| bytes.windows(2).all(|pair| pair[0].wrapping_add(step) == pair[1]))
}
