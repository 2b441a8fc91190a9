//! How fast texts are judged, with the whole policy on one core, against what else reads a text in the same run: one
//! plain Aho-Corasick pass with the same terms, and the crate `rustrict`.
//!
//! `GALATEO_BENCH_TEXTS` names a file of other texts, one per line. `cargo bench` measures; `cargo test --bench judging`
//! only tries it, on a few texts.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;
use policy::{Platform, Policy, Source, Subject};

/// Parts of which texts are made: as on a Chamber's pages, some angry, none to be hidden.
const OPENINGS: [&str; 8] = [
    "Buongiorno, volevo sapere",
    "Scusate ma non ho capito",
    "È una vergogna,",
    "Complimenti per l'iniziativa!",
    "Da tre settimane aspetto",
    "Qualcuno mi sa dire",
    "Ho letto il bando e",
    "Come al solito",
];
const MIDDLES: [&str; 8] = [
    "se la domanda si può presentare anche senza il commercialista",
    "perché il sito non funziona mai quando serve",
    "quanto costa la visura ordinaria per una ditta individuale",
    "i contributi vanno sempre alle stesse imprese della provincia",
    "dove si trova l'ufficio per il deposito dei bilanci",
    "nessuno risponde al telefono dalle nove a mezzogiorno",
    "le piccole imprese artigiane devono pagare due volte lo stesso servizio",
    "il corso sulla fatturazione elettronica è stato davvero utile",
];
const ENDINGS: [&str; 8] = [
    ", grazie mille.",
    "... e poi ci lamentiamo!",
    ". Aspetto una risposta, cordiali saluti.",
    " 👏👏",
    ". Così non si può andare avanti, altro che semplificazione.",
    "?",
    " entro il 31 dicembre 2026, come dice la delibera 47.",
    ". Qualcuno ha avuto lo stesso problema a Monza o a Lodi?",
];

static POLICY: LazyLock<(Source, Vec<Source>)> = LazyLock::new(|| {
    let read = |name: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(name);
        Source { name: name.to_owned(), text: std::fs::read_to_string(path).unwrap_or_default() }
    };
    let file = read("milano-monza-brianza-lodi.toml");
    let lists = Policy::list_names(&file).iter().map(|list| read(list)).collect();
    (file, lists)
});

fn load() -> Policy {
    let (file, lists) = &*POLICY;
    match Policy::load(file, lists) {
        Ok(policy) => policy,
        Err(problems) => panic!("the policy cannot be loaded: {problems:?}"),
    }
}

/// 1,024 texts of about 110 bytes, or those of the file.
fn texts() -> Vec<String> {
    if let Some(path) = std::env::var_os("GALATEO_BENCH_TEXTS") {
        return std::fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect();
    }
    let choose = |nth: usize, of: &[&'static str; 8]| of[nth % 8];
    let text = |nth: usize| {
        let mut text = format!("{} {}", choose(nth, &OPENINGS), choose(nth / 8, &MIDDLES));
        if nth.is_multiple_of(2) {
            let _ = write!(text, ", {}", choose(nth / 3 + 1, &MIDDLES));
        }
        text + choose(nth / 64, &ENDINGS)
    };
    (0..1024).map(text).collect()
}

fn judge_all(policy: &Policy, texts: &[String]) {
    for text in texts {
        let subject = Subject { platform: Some(Platform::Facebook), ..Subject::of(text) };
        black_box(policy.judge(&subject));
    }
}

fn plain_pass(terms: &AhoCorasick, texts: &[String]) {
    for text in texts {
        black_box(terms.find_overlapping_iter(text).count());
    }
}

fn rustrict_all(texts: &[String]) {
    use rustrict::CensorStr;
    for text in texts {
        black_box(text.is_inappropriate());
    }
}

fn automaton(policy: &Policy) -> AhoCorasick {
    match AhoCorasick::builder().ascii_case_insensitive(true).build(policy.terms()) {
        Ok(automaton) => automaton,
        Err(error) => panic!("the terms cannot be compiled: {error}"),
    }
}

#[divan::bench]
fn judging(bencher: divan::Bencher<'_, '_>) {
    let (policy, texts) = (load(), texts());
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| judge_all(&policy, &texts));
}

#[divan::bench]
fn plain_aho_corasick(bencher: divan::Bencher<'_, '_>) {
    let (terms, texts) = (automaton(&load()), texts());
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| plain_pass(&terms, &texts));
}

#[divan::bench(sample_count = 20)]
fn rustrict(bencher: divan::Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| rustrict_all(&texts));
}

#[divan::bench]
fn loading() -> Policy {
    load()
}

/// Whether `cargo bench` runs this, and not `cargo test`.
fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// The best of some runs: what the machine can do when nothing else disturbs it.
fn best(runs: u32, mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..runs).map(|_| time(&mut work)).min().unwrap_or_default()
}

fn main() {
    let (policy, mut texts) = (load(), texts());
    let runs = if is_measured() { 11 } else { 1 };
    if is_measured() {
        divan::main();
    } else {
        texts.truncate(16);
    }
    let terms = automaton(&policy);
    let letters: usize = texts.iter().map(|text| text.chars().count()).sum();
    let judging = best(runs, || judge_all(&policy, &texts));
    let plain = best(runs, || plain_pass(&terms, &texts));
    let rustrict = best(runs, || rustrict_all(&texts));
    let loading = best(runs, || drop(black_box(load())));
    let per_second = |time: Duration| texts.len() as f64 / time.as_secs_f64();
    println!(
        "{} texts of {} characters on average, {} terms",
        texts.len(),
        letters / texts.len().max(1),
        policy.term_count()
    );
    println!("judged                       {:>12.0} /s", per_second(judging));
    println!("one plain aho-corasick pass  {:>12.0} /s", per_second(plain));
    println!("rustrict                     {:>12.0} /s", per_second(rustrict));
    println!("judging / plain pass         {:>12.2} times slower", judging.as_secs_f64() / plain.as_secs_f64());
    println!("rustrict / judging           {:>12.2} times faster", rustrict.as_secs_f64() / judging.as_secs_f64());
    println!("loading the policy           {:>12.2} ms", loading.as_secs_f64() * 1000.0);
}
