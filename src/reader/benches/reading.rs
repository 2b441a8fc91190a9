//! How fast texts are read, on one core, against what else is done with a text in the same run: folding it, which comes
//! before, and the crate `rustrict`.
//!
//! `GALATEO_BENCH_TEXTS` names a file of other texts, one per line. `cargo bench` measures; `cargo test --bench reading`
//! only tries it, on a few texts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use reader::{Reader, SHIPPED};
use text::Folded;

/// Comments of about 145 characters, as on a Chamber's pages.
const TEXTS: [&str; 8] = [
    "Buongiorno, volevo sapere se la domanda si può presentare anche senza il commercialista, perché da tre settimane nessuno risponde al telefono, grazie",
    "È una vergogna, il sito non funziona mai quando serve e poi ci lamentiamo che le piccole imprese artigiane chiudono una dopo l'altra in tutta Italia!",
    "Complimenti per l'iniziativa! Il corso sulla fatturazione elettronica è stato davvero utile, spero che lo rifacciate anche a Monza entro il 31 dicembre",
    "Come al solito i contributi vanno sempre alle stesse imprese della provincia, poi dicono che i bandi sono aperti a tutti... ma chi ci crede più ormai",
    "ma voi ci siete mai entrati in una bottega? parlate di digitale e a noi manca la linea da due mesi, altro che intelligenza artificiale 😂😂 svegliaaaa",
    "@Giovanni hai ragione, ho letto il bando e dice che servono tre anni di bilanci: chi ha aperto nel 2025 resta fuori, vedi https://www.example.org/bando",
    "Quanto costa la visura ordinaria per una ditta individuale? L'anno scorso erano 7 euro e adesso me ne chiedono 12, qualcuno sa dirmi se è giusto così?",
    "SIETE SOLO CAPACI DI PRENDERE SOLDI E NON DARE NIENTE IN CAMBIO, VERGOGNATEVI TUTTI QUANTI, DAL PRESIDENTE ALL'ULTIMO USCIERE, IO NON PAGO PIÙ NULLA!!",
];

fn texts() -> Vec<String> {
    match std::env::var_os("GALATEO_BENCH_TEXTS") {
        Some(path) => std::fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect(),
        None => TEXTS.iter().cycle().take(1024).map(|text| (*text).to_owned()).collect(),
    }
}

fn shipped() -> Reader {
    match Reader::from_bytes(SHIPPED) {
        Ok(reader) => reader,
        Err(error) => panic!("the shipped weights cannot be read: {error}"),
    }
}

fn read_all(reader: &Reader, folded: &[Folded<'_>]) {
    for folded in folded {
        black_box(reader.read(folded));
    }
}

fn fold_all(texts: &[String]) {
    for text in texts {
        black_box(Folded::new(text));
    }
}

fn rustrict_all(texts: &[String]) {
    use rustrict::CensorStr;
    for text in texts {
        black_box(text.is_inappropriate());
    }
}

#[divan::bench]
fn reading(bencher: divan::Bencher<'_, '_>) {
    let (reader, texts) = (shipped(), texts());
    let folded: Vec<Folded<'_>> = texts.iter().map(|text| Folded::new(text)).collect();
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| read_all(&reader, &folded));
}

#[divan::bench]
fn folding(bencher: divan::Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| fold_all(&texts));
}

#[divan::bench(sample_count = 20)]
fn rustrict(bencher: divan::Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(divan::counter::ItemsCount::new(texts.len())).bench_local(|| rustrict_all(&texts));
}

#[divan::bench]
fn loading() -> Reader {
    shipped()
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
    let (reader, mut texts) = (shipped(), texts());
    let runs = if is_measured() { 51 } else { 1 };
    if is_measured() {
        divan::main();
    } else {
        texts.truncate(16);
    }
    let folded: Vec<Folded<'_>> = texts.iter().map(|text| Folded::new(text)).collect();
    let letters: usize = texts.iter().map(|text| text.chars().count()).sum();
    let reading = best(runs, || read_all(&reader, &folded));
    let folding = best(runs, || fold_all(&texts));
    let rustrict = best(runs.div_ceil(4), || rustrict_all(&texts));
    let loading = best(runs, || drop(black_box(shipped())));
    let each = |time: Duration| time.as_secs_f64() * 1e6 / texts.len().max(1) as f64;
    println!("{} texts of {} characters on average", texts.len(), letters / texts.len().max(1));
    println!("reading a folded text    {:>10.2} µs", each(reading));
    println!("folding it               {:>10.2} µs", each(folding));
    println!("rustrict                 {:>10.2} µs", each(rustrict));
    println!("reading / folding        {:>10.2} times slower", reading.as_secs_f64() / folding.as_secs_f64());
    println!("rustrict / reading       {:>10.2} times faster", rustrict.as_secs_f64() / reading.as_secs_f64());
    println!("loading the weights      {:>10.2} ms", loading.as_secs_f64() * 1000.0);
}
