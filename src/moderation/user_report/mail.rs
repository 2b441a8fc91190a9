//! What an e-mail says: never more of it than a report needs, whatever the e-mail is.

use std::borrow::Cow;

use ledger::Attachment;
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};
use url::Url;

/// The longest text that is kept of a report, in bytes; what is longer is cut, and marked.
const MAX_TEXT_BYTES: usize = 32 * 1024;
/// How much of each text of an e-mail is looked through for links, in bytes.
const MAX_SEARCHED_BYTES: usize = 1024 * 1024;
/// The longest subject that is kept, in bytes.
const MAX_SUBJECT_BYTES: usize = 300;
/// The most attachments that are listed; the rest is counted.
const MAX_ATTACHMENTS: usize = 20;
/// The most addresses that are looked at.
const MAX_ADDRESSES: usize = 200;
/// The longest of those, in bytes, so that a report with as many as it may have fits into an item; longer ones are passed
/// over.
const MAX_ADDRESS_BYTES: usize = 4 * 1024;
/// The longest address of a person, in bytes (RFC 5321), and of a message that an answer names.
const MAX_SENDER_BYTES: usize = 320;
const MAX_MESSAGE_ID_BYTES: usize = 500;

/// Where e-mails come from that nobody reads the answers to.
const UNATTENDED: [&str; 6] = ["mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply"];

/// An e-mail, as far as it matters.
#[derive(Default)]
pub(super) struct Mail {
    /// The address that it claims to come from, if it is one.
    pub sender: Option<String>,
    /// Its `Message-ID`, where it has one that an answer can name.
    pub message_id: Option<String>,
    /// What tells it from other messages of the same sender.
    pub identity: String,
    pub subject: Option<String>,
    pub text: String,
    pub text_cut: bool,
    pub attachments: Vec<Attachment>,
    pub attachments_left_out: usize,
    /// The addresses of pages in it, each once, in their order.
    pub addresses: Vec<Url>,
    /// Whether a machine sent it, or a list: it is never answered, so that no two machines answer each other.
    pub automatic: bool,
}

/// Whether somebody can have meant these bytes as an e-mail: they hold no NUL and at least one header field that e-mails
/// have (RFC 5322). Whatever arrives by mail is one; a file that somebody names may be anything.
pub fn is_mail(raw: &[u8]) -> bool {
    let message = MessageParser::default().parse_headers(raw);
    let has_field =
        |message: &Message<'_>| message.headers().iter().any(|header| !matches!(header.name, HeaderName::Other(_)));
    !raw.contains(&0) && message.is_some_and(|message| has_field(&message))
}

impl Mail {
    /// Reads whatever the bytes are: what is no e-mail is one without sender, and what is missing is missing.
    pub(super) fn read(raw: &[u8]) -> Self {
        let Some(message) = MessageParser::default().parse(raw) else { return Self::unreadable(raw) };
        let texts: Vec<Cow<'_, str>> =
            (0..message.text_body_count()).filter_map(|position| message.body_text(position)).collect();
        let text = texts.join("\n");
        let text = text.trim().replace("\r\n", "\n");
        let subject = message.subject().map(str::trim).filter(|subject| !subject.is_empty());
        let message_id = message.message_id().filter(|id| is_token(id, MAX_MESSAGE_ID_BYTES)).map(str::to_owned);
        let sender = sender(&message);
        let date = message.date().map(ToString::to_string).unwrap_or_default();
        // Many programs that send no id repeat a message as it was, date included.
        let identity = message_id.clone().unwrap_or_else(|| format!("{date}\n{}\n{text}", subject.unwrap_or_default()));
        let kept = cut(&text, MAX_TEXT_BYTES);
        Self {
            automatic: is_automatic(&message, sender.as_deref()),
            sender,
            message_id,
            identity,
            subject: subject.map(|subject| cut(subject, MAX_SUBJECT_BYTES).to_owned()),
            text: kept.to_owned(),
            text_cut: kept.len() < text.len(),
            attachments: message.attachments().take(MAX_ATTACHMENTS).map(attachment).collect(),
            attachments_left_out: message.attachment_count().saturating_sub(MAX_ATTACHMENTS),
            addresses: addresses(&message, &text),
        }
    }
}

impl Mail {
    /// The sender, where an answer can go there: an address outside ASCII is known, and not written to.
    pub(super) fn recipient(&self) -> Option<&str> {
        self.sender.as_deref().filter(|sender| is_token(sender, MAX_SENDER_BYTES))
    }

    /// Bytes in which there is no e-mail to be found.
    fn unreadable(raw: &[u8]) -> Self {
        Self { identity: String::from_utf8_lossy(raw).into_owned(), ..Self::default() }
    }
}

/// The first address of `From`.
fn sender(message: &Message<'_>) -> Option<String> {
    let address = message.from()?.first()?.address()?.trim();
    let (local, domain) = address.rsplit_once('@')?;
    let is_foreign = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';');
    let is_address = !local.is_empty() && domain.contains('.') && !address.contains(is_foreign);
    (is_address && address.len() <= MAX_SENDER_BYTES).then(|| address.to_owned())
}

/// Whether a text can stand in the header of an answer as it is.
fn is_token(text: &str, max_bytes: usize) -> bool {
    let graphic = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b',' | b';');
    !text.is_empty() && text.len() <= max_bytes && text.bytes().all(graphic)
}

/// Whether it says of itself that no person wrote it to us (RFC 3834, and what was usual before).
fn is_automatic(message: &Message<'_>, sender: Option<&str>) -> bool {
    let says_so = message.headers_raw().any(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "auto-submitted" => value != "no",
            "precedence" => ["bulk", "list", "junk", "auto_reply"].contains(&value.as_str()),
            "return-path" => value == "<>",
            "content-type" => value.starts_with("multipart/report"),
            "list-id" | "list-unsubscribe" | "x-autoreply" | "x-autorespond" => true,
            "x-auto-response-suppress" => value != "none",
            _ => false,
        }
    });
    let name = sender.and_then(|sender| sender.split_once('@')).map(|(name, _)| name.to_ascii_lowercase());
    says_so || name.is_some_and(|name| UNATTENDED.contains(&name.as_str()))
}

fn attachment(part: &mail_parser::MessagePart<'_>) -> Attachment {
    let media_type = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    let is_short = |name: &String| is_token(name, 100);
    let media_type = media_type.filter(is_short).unwrap_or_else(|| "application/octet-stream".to_owned());
    let bytes = match &part.body {
        PartType::Message(message) => message.raw_message().len(),
        _ => part.len(),
    };
    Attachment { media_type, bytes }
}

/// The addresses in the text, then those behind the words of the page that it came as.
fn addresses(message: &Message<'_>, text: &str) -> Vec<Url> {
    let mut found: Vec<Url> = Vec::new();
    let pages = message.html_bodies().filter_map(|part| match &part.body {
        PartType::Html(html) => Some(cut(html, MAX_SEARCHED_BYTES).replace("&amp;", "&")),
        _ => None,
    });
    for text in std::iter::once(cut(text, MAX_SEARCHED_BYTES).to_owned()).chain(pages) {
        let between = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '^');
        for address in text.split(between).filter_map(address) {
            if found.len() >= MAX_ADDRESSES {
                return found;
            }
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

/// The address in a run of characters without spaces, with or without what stands before it and its scheme.
fn address(run: &str) -> Option<Url> {
    let lower = run.to_ascii_lowercase();
    let begins = ["https://", "http://", "www."].iter().filter_map(|beginning| lower.find(beginning)).min()?;
    let address = without_punctuation(&run[begins..]);
    if address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let with_scheme =
        if lower[begins..].starts_with("www.") { format!("https://{address}") } else { address.to_owned() };
    Url::parse(&with_scheme).ok()
}

/// An address without what the sentence around it ends with. In time that grows with its length and no faster, whatever it
/// is made of: the parentheses are counted once.
fn without_punctuation(address: &str) -> &str {
    let mut closed_too_often = address.matches(')').count().saturating_sub(address.matches('(').count());
    let mut address = address;
    loop {
        address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', ']', '}', '»', '”', '’', '…', '*']);
        // A parenthesis that was opened in the address belongs to it: LinkedIn's names of comments have some.
        let Some(shorter) = address.strip_suffix(')').filter(|_| closed_too_often > 0) else { return address };
        (address, closed_too_often) = (shorter, closed_too_often - 1);
    }
}

/// The addresses that a link leads to: itself, and one that it carries, as links do that a mail program or a platform
/// has replaced to watch them.
pub(super) fn destinations(address: &Url) -> impl Iterator<Item = Url> {
    let carried = address.query_pairs().filter(|(_, value)| value.starts_with("http")).find_map(|(_, value)| {
        let carried = Url::parse(&value).ok()?;
        matches!(carried.scheme(), "http" | "https").then_some(carried)
    });
    std::iter::once(address.clone()).chain(carried)
}

fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
