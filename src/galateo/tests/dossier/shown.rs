//! What people read, as they read it: a case in a terminal, and pages without their marks.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::Desk;

/// What differs between two runs of the same: hashes, ids of cases, the time of day.
static CHANGES: LazyLock<[(Regex, &str); 3]> = LazyLock::new(|| {
    [
        (Regex::new(r"\b[0-9a-f]{32,64}\b").unwrap(), "HASH"),
        (Regex::new(r"\b([0-9a-f]{24})-[0-9a-f]{12}\b").unwrap(), "$1-REVISION"),
        (Regex::new(r"\b\d{2}[:.]\d{2}([:.]\d{2})?(\.\d+)?\b").unwrap(), "TIME"),
    ]
});

/// Without what changes by itself.
fn steady(read: &str) -> String {
    CHANGES.iter().fold(read.to_owned(), |read, (what, by)| what.replace_all(&read, *by).into_owned())
}

/// A page as it is read aloud: its words, a line for each block.
fn read(page: &str) -> String {
    let unread = Regex::new(r"(?s)<(style|svg|script|head)\b.*?</(style|svg|script|head)>").unwrap();
    let blocks = Regex::new(r"</?(p|div|li|ul|ol|tr|table|section|article|header|footer|main|nav|dl|dt|dd|h[1-6]|caption|blockquote|pre|figure|details|summary|br)\b[^>]*>").unwrap();
    let cells = Regex::new(r"</(td|th)>").unwrap();
    let marks = Regex::new(r"<[^>]*>").unwrap();
    let page = unread.replace_all(page, "");
    let page = cells.replace_all(&page, " | ");
    let page = blocks.replace_all(&page, "\n");
    let page = marks.replace_all(&page, "");
    let page = page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    // Entries, seals and numbers of proofs are for programs, and differ each time.
    let is_read = |line: &&str| !line.starts_with('{') && line.bytes().any(|byte| !byte.is_ascii_digit());
    let lines = page.lines().map(str::trim).filter(is_read);
    steady(&lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_case_in_a_terminal() {
    let desk = Desk::after_the_demo();
    insta::assert_snapshot!(steady(&desk.done(&["case", "show", &desk.case("youtube", "R2")])));
}

#[test]
fn a_case_of_which_the_reader_speaks_in_a_terminal() {
    let desk = Desk::after_the_demo();
    insta::assert_snapshot!(steady(&desk.done(&["case", "show", &desk.waiting("facebook", "N4")])));
}

#[test]
fn the_dossier_of_a_case() {
    let desk = Desk::after_the_demo();
    let page = read(&desk.page(&desk.case("youtube", "R2"), &[]));
    // In which order two workers record is different each time, and proofs are for programs.
    let (read, _) = page.rsplit_once("\nRegistro e prova\n").unwrap();
    insta::assert_snapshot!(read);
}

#[test]
fn the_receipt_of_a_report_by_e_mail() {
    let desk = Desk::after_the_demo();
    let mail = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/email/no-link.eml");
    let report = desk.json(&["report", mail.to_str().unwrap()]);
    insta::assert_snapshot!(steady(report["receipt"].as_str().unwrap()));
}

#[test]
fn the_outline_of_the_page_of_the_policy() {
    let desk = Desk::after_the_demo();
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/milano-monza-brianza-lodi.toml");
    let page = desk.folder.path().join("policy.html");
    let render = ["policy", "render", policy.to_str().unwrap(), "--output", page.to_str().unwrap()];
    assert_eq!(super::galateo(&render).status.code(), Some(0));
    let page = std::fs::read_to_string(page).unwrap();
    let headings = Regex::new(r"(?s)<h([1-6])[^>]*>(.*?)</h[1-6]>").unwrap();
    let outline = headings.captures_iter(&page).map(|heading| {
        let depth: usize = heading[1].parse().unwrap();
        format!("{}{}", "  ".repeat(depth - 1), read(&heading[2]).replace('\n', " "))
    });
    insta::assert_snapshot!(outline.collect::<Vec<_>>().join("\n"));
}
