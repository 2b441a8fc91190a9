//! Links, handles and names of files: the figures in them are ids, but for links that call or write to somebody.

use std::ops::Range;
use std::sync::LazyLock;

use super::phone;
use super::text::Words;

/// Endings of the names of hosts that make a link without `https://` and `www.`.
static ENDINGS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "com it net org eu info biz io me ly tk ru xyz shop online site top club live app link cc gl gd co tv store pro \
     vip bet win icu ml cn de uk be fr es ch at nl pl pt ro gr se dk fi ie us ca au br jp gle page news blog dev ee ms \
     to gov edu int cat sm va tech cloud travel",
    )
});
/// Endings of the names of files.
static FILES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "jpg jpeg png gif heic webp svg pdf doc docx odt rtf txt xls xlsx ods csv xml json ppt pptx p7m zip rar mp3 mp4 \
     mov avi wav html htm php aspx eml msg",
    )
});
/// What stands right before a telephone number in a link. What begins with a letter begins a word there.
const CALLS: [&str; 22] = [
    "wa.me/",
    "whatsapp.com/send/",
    "t.me/+",
    "t.me/%2b",
    "telegram.me/+",
    "telegram.me/%2b",
    "signal.me/#p/",
    "zalo.me/",
    "tel:",
    "callto:",
    "sms:",
    "smsto:",
    "tel://",
    "callto://",
    "sms://",
    "phone=",
    "phonenumber=",
    "tel=",
    "telefono=",
    "cell=",
    "whatsapp=",
    "viber://chat?number=",
];

/// All links, handles, anchors and names of files in a folded text, in its order.
pub(super) fn all(folded: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in folded.split_inclusive(is_end) {
        let link = part.trim_end_matches(is_end);
        if let Some(start) = start_of_link(link).or_else(|| start_of_name(link)) {
            found.push(at + start..at + link.len());
        }
        at += part.len();
    }
    found
}

/// Where a telephone number that is called or written to begins in each link of this text.
pub(super) fn calls(link: &str) -> impl Iterator<Item = usize> {
    CALLS.into_iter().flat_map(move |call| {
        let starts_word = move |at: &usize| !link[..*at].ends_with(|before: char| before.is_ascii_alphanumeric());
        link.match_indices(call).map(|(at, _)| at).filter(starts_word).map(move |at| at + call.len())
    })
}

/// Whether no link goes on after this: a space, a bracket of HTML, a quote, a picture.
fn is_end(mark: char) -> bool {
    matches!(mark, ' ' | '"' | '<' | '>') || !mark.is_ascii() && !mark.is_alphanumeric()
}

/// Where a link begins in a text without spaces.
fn start_of_link(part: &str) -> Option<usize> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    let name_before = |end: usize| end - part[..end].len() + part[..end].trim_end_matches(is_of_name).len();
    if let Some(scheme) = part.find("://") {
        return Some(name_before(scheme));
    }
    if let Some(www) = part.find("www.") {
        return Some(www);
    }
    part.match_indices(['/', '?', '#', ':']).find_map(|(end, _)| {
        let start = name_before(end);
        let (host, ending) = part[start..end].rsplit_once('.')?;
        (!host.is_empty() && ENDINGS.has(ending)).then_some(start)
    })
}

/// Where a handle, the anchor of a page or the name of a file begins.
fn start_of_name(part: &str) -> Option<usize> {
    let start = part.find(|letter: char| letter.is_alphanumeric() || matches!(letter, '@' | '#'))?;
    let name = part[start..].trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let is_handle = || {
        let after = name.strip_prefix('@').unwrap_or_default();
        after.starts_with(|letter: char| letter.is_ascii_lowercase()) && !after.contains('@')
    };
    let is_anchor = || {
        let (word, rest) = name.strip_prefix('#').and_then(|anchor| anchor.split_once(['-', '_', '='])).unzip();
        let is_word = word.is_some_and(|word: &str| {
            word.bytes().all(|letter| letter.is_ascii_lowercase()) && !phone::is_phone_word(word)
        });
        is_word && rest.is_some_and(|rest| rest.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let is_file = || name.rsplit_once('.').is_some_and(|(_, ending)| FILES.has(ending));
    (is_handle() || is_anchor() || is_file()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        all(text).into_iter().map(|link| &text[link]).collect()
    }

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        for (text, link) in [
            ("vedi https://a.example/1?b=2#c qui", "https://a.example/1?b=2#c"),
            ("(www.a.example/12)", "www.a.example/12)"),
            ("su linkedin.com/jobs/view/38.", "linkedin.com/jobs/view/38."),
            ("facebook.com?id=1", "facebook.com?id=1"),
            ("whatsapp://send?phone=39347", "whatsapp://send?phone=39347"),
            ("#issuecomment-12", "#issuecomment-12"),
            ("grazie @ugo347!", "@ugo347!"),
            ("foto img_347.jpg, grazie", "img_347.jpg,"),
        ] {
            assert_eq!(found(text), [link], "{text}");
        }
        for text in ["tel.02/12", "a/b", "sig.neri/347", "ore 9:30", "#347123", "a@b.it", "3.4/5", "fine.poi/347"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(found("https://a.example/1👉347 1"), ["https://a.example/1"]);
    }

    #[test]
    fn a_link_that_calls_tells_where_the_number_begins() {
        let called = |link: &'static str| calls(link).map(|at| &link[at..]).collect::<Vec<_>>();
        assert_eq!(called("https://wa.me/39347"), ["39347"]);
        assert_eq!(called("https://api.whatsapp.com/send?phone=39347"), ["39347"]);
        assert_eq!(called("https://iowa.me/39347"), [""; 0]);
        assert_eq!(called("https://t.me/39347"), [""; 0]);
    }
}
