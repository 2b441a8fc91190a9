//! `galateo policy render`: the page, as a reader, a browser or a screen reader finds it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use policy::{AccountState, Policy, Source};

fn render(file: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(["policy", "render"]).arg(file).args(options);
    command.stdin(Stdio::null()).env_remove("RUST_LOG").output().unwrap()
}

fn published(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(format!("{name}.toml"))
}

fn page(file: &Path) -> String {
    let output = render(file, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A small policy with what a careless office could write in it.
fn policy(folder: &Path, provisions: &str) -> std::path::PathBuf {
    let source = format!(
        r#"
        [policy]
        id = "prova"
        version = "2.1"
        date = 2027-01-01
        time_zone = "Europe/Rome"
        url = "https://www.example.org/policy?a=1&b=2"

        [organisation]
        name = "Ente <b>Prova</b> & \"figli\""
        office = "Ufficio <script>alert(1)</script>"
        email = "urp@example.org"
        website = "https://www.example.org"

        {provisions}

        [[account]]
        platform = "facebook"
        id = "1"
        handle = "inuso"
        name = "In uso"
        url = "https://www.facebook.com/inuso?a=\"><script>"

        [[account]]
        platform = "x"
        id = "2"
        handle = "futuro"
        name = "Futuro"
        url = "https://x.com/futuro"
        state = "planned"

        [[account]]
        platform = "youtube"
        id = "3"
        handle = "dismesso"
        name = "Dismesso"
        url = "https://www.youtube.com/dismesso"
        state = "closed"

        [[clause]]
        number = "R1"
        section = "removal"
        title = "Insulti <img src=x onerror=alert(1)>"
        text = "Prima parte.\n\nSeconda parte."
        category = "language"
        gravity = "grave"

        [[rule]]
        id = "prova"
        clause = "R1"
        outcome = "review"
        patterns = ['parolaccia']
        "#
    );
    let file = folder.join("prova.toml");
    std::fs::write(&file, source).unwrap();
    file
}

/// Every value of an attribute, in the order of the page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The levels of the headings, in the order of the page.
fn headings(page: &str) -> Vec<u32> {
    page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10)).collect()
}

fn load(file: &Path) -> Policy {
    let read = |name: &str| {
        let text = std::fs::read_to_string(file.with_file_name(name)).unwrap();
        Source { name: name.to_owned(), text }
    };
    let source = read(file.file_name().unwrap().to_str().unwrap());
    let lists: Vec<Source> = Policy::list_names(&source).iter().map(|name| read(name)).collect();
    Policy::load(&source, &lists).unwrap()
}

#[test]
fn the_page_says_what_the_policy_says() {
    for name in ["milano-monza-brianza-lodi", "riviere-di-liguria"] {
        let file = published(name);
        let (policy, page) = (load(&file), page(&file));
        let mut at = 0;
        for clause in &policy.clauses {
            let heading = format!("<span class=\"number\">{}</span> {}</h3>", clause.number, clause.title);
            let found = page[at..].find(&heading);
            at += found.unwrap_or_else(|| panic!("{} is missing or out of order", clause.number));
            assert!(page[at..].contains(&format!("<p>{}</p>", clause.text)), "{}", clause.number);
        }
        for account in &policy.accounts {
            let link = format!("<a href=\"{}\">{}: {}</a>", account.url, account.platform.name(), account.name);
            assert_eq!(page.contains(&link), account.state == AccountState::Active, "{link}");
        }
        let said = &policy.organisation;
        for value in [&said.name, &said.office, &said.email, &said.website] {
            assert!(page.contains(value), "{value}");
        }
        for text in [&said.name, &policy.reference.version, &policy.reference.hash] {
            assert!(page.contains(&format!(">{text}<")), "{text}");
        }
    }
}

#[test]
fn the_page_says_in_both_languages_that_a_statistical_model_takes_part_and_what_it_may_not_do() {
    let page = page(&published("milano-monza-brianza-lodi"));
    assert!(page.contains("letto da un modello statistico") && page.contains("Da solo non nasconde nulla"), "{page}");
    assert!(
        page.contains("<p lang=\"en\">Beside the rules every contribution is read by a statistical model"),
        "{page}"
    );
}

#[test]
fn the_page_is_built_for_screen_readers_and_keyboards() {
    for name in ["milano-monza-brianza-lodi", "riviere-di-liguria"] {
        let page = page(&published(name));
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"it\">"));
        for once in ["<title>", "<header>", "<nav ", "<main ", "<footer>", "<h1>", "name=\"viewport\""] {
            assert_eq!(page.matches(once).count(), 1, "{once}");
        }
        let levels = headings(&page);
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1 && pair[1] > 1), "{levels:?}");
        let ids = values(&page, "id");
        for (index, id) in ids.iter().enumerate() {
            assert!(!ids[..index].contains(id), "{id} is not unique");
        }
        let inner = values(&page, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        let referred: Vec<&str> = inner.chain(values(&page, "aria-labelledby")).collect();
        assert!(referred.len() > 10, "{referred:?}");
        assert!(referred.iter().all(|id| ids.contains(id)), "{referred:?} and {ids:?}");
        let first_link = page.find("<a ").unwrap();
        assert!(page[first_link..].starts_with("<a class=\"skip\" href=\"#contenuto\">"));
        for rule in ["@media print", "prefers-color-scheme: dark", ":focus-visible"] {
            assert!(page.contains(rule), "{rule}");
        }
    }
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = page(&published("milano-monza-brianza-lodi"));
    for outside in ["<script", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(values(&page, "src"), [""; 0]);
}

#[test]
fn what_the_policy_says_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&policy(folder.path(), ""));
    for raw in ["<script", "<b>", "<img"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(page.contains("<p>Ente &lt;b&gt;Prova&lt;/b&gt; &amp; &quot;figli&quot;</p>"), "{page}");
    assert!(page.contains("href=\"https://www.facebook.com/inuso?a=&quot;&gt;&lt;script&gt;\""));
    assert!(page.contains("href=\"https://www.example.org/policy?a=1&amp;b=2\""));
}

#[test]
fn only_accounts_in_use_are_published() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&policy(folder.path(), ""));
    assert!(page.contains("In uso") && !page.contains("Futuro") && !page.contains("Dismesso"));
}

#[test]
fn what_the_policy_is_silent_about_has_no_part_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let parts =
        |page: &str| -> Vec<String> { values(page, "aria-labelledby").iter().map(ToString::to_string).collect() };
    let silent = page(&policy(folder.path(), ""));
    assert_eq!(parts(&silent), ["indice", "account", "rimozione", "violazioni", "contatti"]);
    let provisions = r#"
        [provisions]
        purpose = "Informare le imprese."
        moderation = "Ogni giorno feriale."
        sanctions = "Dopo un avvertimento, il blocco.\n\nPoi la segnalazione."
        privacy = "Valgono le regole delle piattaforme."
        reports = "Si scrive all'ufficio."
    "#;
    let full = page(&policy(folder.path(), provisions));
    let expected = ["indice", "finalita", "account", "rimozione", "moderazione", "violazioni", "privacy", "contatti"];
    assert_eq!(parts(&full), expected);
    for text in
        ["Informare le imprese.", "Dopo un avvertimento, il blocco.", "Poi la segnalazione.", "Ogni giorno feriale."]
    {
        assert!(full.contains(&format!("<p>{text}</p>")), "{text}");
    }
    assert!(full.contains("<time datetime=\"2027-01-01\">1° gennaio 2027</time>"));
}

#[test]
fn a_grave_clause_is_marked_and_named_among_the_sanctions() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&policy(folder.path(), ""));
    assert!(page.contains("<p>Prima parte.</p><p>Seconda parte.</p><p class=\"grave\">Violazione grave</p>"));
    assert!(page.contains("<a href=\"#R1\">R1 Insulti"));
}

#[test]
fn the_page_goes_where_it_is_asked_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (policy(folder.path(), ""), folder.path().join("page.html"));
    let output = render(&file, &["--output", target.to_str().unwrap()]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b""[..]));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), page(&file));
}

#[test]
fn what_cannot_be_rendered_or_written_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    let file = policy(folder.path(), "[provisions]\ncolour = \"red\"");
    for (output, reason) in [
        (render(&file, &[]), "provisions.colour"),
        (render(Path::new("/nowhere/policy.toml"), &[]), "/nowhere/policy.toml"),
        (render(&published("riviere-di-liguria"), &["--output", "/nowhere/page.html"]), "/nowhere/page.html"),
    ] {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{said}");
        assert!(said.contains(reason), "{said}");
    }
}
