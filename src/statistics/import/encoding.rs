//! The text of a file that a spreadsheet wrote, whatever encoding it chose.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How many bytes are looked at to tell UTF-16 without a byte order mark.
const SAMPLE: usize = 512;

/// Reads the bytes of a file: by its byte order mark, else as UTF-16 where every other byte of its beginning is nought, else as
/// UTF-8 where it is that, else as Windows-1252, the encoding in which spreadsheets in Italy save "CSV".
///
/// # Errors
/// The number of the line in which something stands that the encoding cannot hold.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, u64> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if had_errors {
        // A replacement that the file holds itself may stand before: the line is then one too early, never missing.
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        return Err(before.matches('\n').count() as u64 + 1);
    }
    Ok(text)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let noughts = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let pairs = sample.len() / 2;
    match (noughts(0), noughts(1)) {
        (_, low) if pairs > 0 && low * 2 > pairs => UTF_16LE,
        (high, _) if pairs > 0 && high * 2 > pairs => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "account;data;città\r\nfacebook:a;2019;È già così\r\n";

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn every_encoding_of_a_spreadsheet_gives_the_same_text() {
        let windows = WINDOWS_1252.encode(TEXT).0.into_owned();
        let marked = |text: &str| format!("\u{feff}{text}");
        let files = [
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with its mark", marked(TEXT).into_bytes()),
            ("Windows-1252", windows),
            ("UTF-16LE with its mark", utf16(&marked(TEXT), u16::to_le_bytes)),
            ("UTF-16BE with its mark", utf16(&marked(TEXT), u16::to_be_bytes)),
            ("UTF-16LE", utf16(TEXT, u16::to_le_bytes)),
            ("UTF-16BE", utf16(TEXT, u16::to_be_bytes)),
        ];
        for (name, bytes) in files {
            assert_eq!(decode(&bytes).as_deref(), Ok(TEXT), "{name}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_their_line() {
        let cut_short = [b"\xef\xbb\xbfone\ntwo \xe2\x82".as_slice(), b"\nthree"].concat();
        assert_eq!(decode(&cut_short), Err(2));
        let half = [utf16("\u{feff}one\ntwo\n", u16::to_le_bytes), vec![0x00, 0xd8, b'a', 0]].concat();
        assert_eq!(decode(&half), Err(3));
    }

    #[test]
    fn an_empty_file_is_an_empty_text() {
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }
}
