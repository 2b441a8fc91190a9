//! Every sort of e-mail, as it is read.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ledger::{ReportId, SenderCheck, UserReport};

use super::mail::{Mail, destinations};
use super::receipt::receipt;

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/email").join(format!("{name}.eml"))).unwrap()
}

fn text(text: &str) -> Mail {
    Mail::read(format!("From: a@b.example\r\nMessage-ID: <1@b>\r\n\r\n{text}").as_bytes())
}

fn addresses(mail: &Mail) -> Vec<&str> {
    mail.addresses.iter().map(url::Url::as_str).collect()
}

#[test]
fn who_wrote_what_is_read_whatever_its_encoding() {
    let mail = Mail::read(&file("no-link"));
    assert_eq!(mail.sender.as_deref(), Some("t.brusa@studio.example"));
    assert_eq!(mail.subject.as_deref(), Some("Perché non rispondete?"));
    assert!(mail.text.contains("perché nessuno lo toglie?"), "{}", mail.text);
    assert_eq!((mail.message_id.as_deref(), mail.automatic), (Some("bb01@studio.example"), false));

    let mail = Mail::read(&file("html-only"));
    assert!(mail.text.contains("costa 10 € guardarlo?"), "{}", mail.text);
    assert!(!mail.text.contains("color") && !mail.text.contains('<'), "{}", mail.text);
}

#[test]
fn a_link_behind_a_word_is_found_through_what_a_mail_program_made_of_it() {
    let mail = Mail::read(&file("html-only"));
    let to: Vec<String> = mail.addresses.iter().flat_map(destinations).map(|url| url.to_string()).collect();
    assert!(to.contains(&"https://youtu.be/dQ4?lc=UgzXyZ_1-AbCdEf4AaABAg".to_owned()), "{to:?}");
}

#[test]
fn an_address_ends_where_a_reader_would_end_it() {
    for (written, read) in [
        ("(https://x.com/a/status/1).", "https://x.com/a/status/1"),
        ("«https://x.com/a/status/1»,", "https://x.com/a/status/1"),
        ("<https://x.com/a/status/1>", "https://x.com/a/status/1"),
        ("link:HTTPS://x.com/a/status/1!", "https://x.com/a/status/1"),
        ("www.facebook.com/1/posts/2", "https://www.facebook.com/1/posts/2"),
        (
            "https://www.linkedin.com/feed/update/urn:li:activity:1?commentUrn=urn:li:comment:(activity:1,2)",
            "https://www.linkedin.com/feed/update/urn:li:activity:1?commentUrn=urn:li:comment:(activity:1,2)",
        ),
        ("https://x.com/a/status/1 https://x.com/a/status/1", "https://x.com/a/status/1"),
    ] {
        assert_eq!(addresses(&text(written)), [read], "{written}");
    }
    assert!(text("nessun link, http:// e www. soltanto").addresses.iter().all(|url| url.path() == "/"));
}

#[test]
fn no_run_of_characters_holds_up_whoever_reads_it() {
    let (million, begun) = (1 << 20, Instant::now());
    for run in [")", "(", ").", "()", "*)"] {
        text(&format!("http://{}", run.repeat(million / run.len())));
    }
    // Each run took the better part of an hour when its parentheses were counted anew for each of them.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let long = format!("https://x.com/a/status/1?s={}", "a".repeat(5_000));
    assert!(addresses(&text(&long)).is_empty(), "ten of those would not fit beside a text");
}

#[test]
fn of_attachments_only_their_types_and_sizes_are_kept() {
    let mail = Mail::read(&file("nested"));
    let kept: Vec<_> = mail.attachments.iter().map(|kept| (kept.media_type.as_str(), kept.bytes)).collect();
    assert_eq!(kept, [("image/png", 20), ("application/pdf", 8)]);
    assert_eq!(addresses(&mail).len(), 1, "the same link in both alternatives");
    assert!(!format!("{:?}", mail.attachments).contains("Piero"), "a name of a file is not kept");
}

#[test]
fn a_text_that_is_too_long_is_cut_and_says_so() {
    let mail = text(&"è".repeat(20_000));
    assert!(mail.text_cut && mail.text.len() <= 32 * 1024 && mail.text.ends_with('è'));
    assert!(!text(&"è".repeat(2_000)).text_cut);
}

#[test]
fn what_machines_send_is_recognised() {
    for name in ["auto-reply", "bounce"] {
        assert!(Mail::read(&file(name)).automatic, "{name}");
    }
    for (headers, automatic) in [
        ("Auto-Submitted: no", false),
        ("Auto-Submitted: auto-generated", true),
        ("Precedence: bulk", true),
        ("precedence: LIST", true),
        ("Precedence: first-class", false),
        ("List-Id: <novita.example>", true),
        ("Return-Path: <>", true),
        ("X-Auto-Response-Suppress: All", true),
        ("Content-Type: multipart/report; boundary=b", true),
        ("X-Other: 1", false),
    ] {
        let raw = format!("From: a@b.example\r\n{headers}\r\n\r\nciao");
        assert_eq!(Mail::read(raw.as_bytes()).automatic, automatic, "{headers}");
    }
    assert!(Mail::read(b"From: No-Reply@b.example\r\n\r\nciao").automatic);
}

#[test]
fn what_is_no_e_mail_is_one_without_sender() {
    let garbage: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for raw in [b"".as_slice(), b"\r\n", b"\0\0\0", b"From:", b"From: @\r\n\r\n", b"Subject", &garbage] {
        let mail = Mail::read(raw);
        assert_eq!((mail.sender, mail.message_id), (None, None));
    }
    let bare = Mail::read(&file("bare"));
    assert_eq!(
        (bare.subject.as_deref(), bare.text.as_str()),
        (Some("Guardate la pagina"), "Non so come si fa un link.")
    );
}

#[test]
fn without_an_id_the_same_message_is_the_same_and_another_is_not() {
    let mail = |body: &str| Mail::read(format!("From: a@b.example\r\nSubject: s\r\n\r\n{body}").as_bytes()).identity;
    assert_eq!(mail("uno"), mail("uno"));
    assert_ne!(mail("uno"), mail("due"));
}

#[test]
fn no_address_can_break_the_header_of_an_answer() {
    for from in ["a@b.example\r\n\tBcc: c@d.example", "\"a\nb\"@b.example", "a b@c", "à@b.example", "a@localhost"] {
        let mail = Mail::read(format!("From: {from}\r\n\r\nciao").as_bytes());
        let sender = mail.recipient().unwrap_or_default();
        assert!(
            sender.bytes().all(|byte| byte.is_ascii_graphic()) && !sender.contains([',', '<']),
            "{from:?}: {sender:?}"
        );
    }
}

#[test]
fn an_address_outside_ascii_is_known_and_not_answered() {
    let mail = Mail::read("From: Agnès <agnès@città.example>\r\n\r\nciao".as_bytes());
    assert_eq!((mail.sender.as_deref(), mail.recipient()), (Some("agnès@città.example"), None));
}

#[test]
fn a_receipt_answers_the_message_and_repeats_nothing_of_it() {
    let policy = crate::built_in("milano-monza-brianza-lodi").unwrap();
    let mail = Mail::read(&file("link"));
    let id: ReportId = "0123456789abcdef-0123456789ab".parse().unwrap();
    let report = UserReport {
        id: id.clone(),
        received_at: "2026-11-02T09:00:00Z".parse().unwrap(),
        deadline: "2026-11-03T09:00:00Z".parse().unwrap(),
        sender: mail.sender.clone(),
        sender_check: SenderCheck::Passed,
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        text_cut: true,
        attachments: Vec::new(),
        attachments_left_out: 0,
        about: Vec::new(),
        links_left_out: 2,
        answered: Vec::new(),
        expires_at: "2027-11-02T09:00:00Z".parse().unwrap(),
        version: 1,
    };
    let write = || receipt(&policy, &report, "nadia@posta.example", id.mail(), mail.message_id.as_deref()).unwrap();
    let written = write();
    assert_eq!(written, write(), "the same whenever it is written");
    let read = mail_parser::MessageParser::default().parse(&written.message).unwrap();
    let header = |name: &str| read.header_raw(name).unwrap_or_default().trim().to_owned();
    assert_eq!(header("In-Reply-To"), "<20261102101201.4711@posta.example>");
    assert_eq!(header("References"), "<20261102101201.4711@posta.example>");
    assert_eq!(header("Auto-Submitted"), "auto-replied");
    assert_eq!(read.from().and_then(|from| from.first()?.address()), Some("comunicazione@mi.camcom.it"));
    assert_eq!(read.to().and_then(|to| to.first()?.address()), Some("nadia@posta.example"));
    let text = read.body_text(0).unwrap();
    for part in [
        "0123456789abcdef-0123456789ab",
        "entro il 3 novembre 2026, ore 10:00",
        "by 3 November 2026 at 10:00",
        "al massimo 10 contenuti",
        "at most 10 comments",
        "conservato l'inizio",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in ["Nadia", "offensivo", "facebook.com", "Un commento sotto"] {
        assert!(!String::from_utf8_lossy(&written.message).contains(part), "{part}");
    }
    assert!(Mail::read(&written.message).automatic, "two of us would not answer each other");
}
