//! Personal data in all the ways in which people write it, and what only looks like it. All of it is invented; where
//! there is a checksum, it is right.

use std::sync::LazyLock;

use policy::{Kind, Outcome, Policy, Source, Subject};
use proptest::prelude::*;

use crate::prova::prova;

const POLICY: &str = prova!(contacts r#"[
  "@comune.example", "+39 347 7654321", "02 7654 3210", "IT60X0542811101000000123456", "11987650121", "via Garibaldi 1",
]"#, r#"[[clause]]
number = "R1"
section = "removal"
title = "Dati personali"
text = "Non di altri."
category = "personal_data"
gravity = "ordinary"

[[rule]]
id = "certi"
clause = "R1"
outcome = "hide"
detectors = [
  "email", "phone", "iban", "payment_card", "fiscal_code", "person_vat", "address", "plate", "identity_card", "passport",
  "driving_licence", "health_card", "birth_date",
]

[[rule]]
id = "dubbi"
clause = "R1"
outcome = "review"
detectors = [
  "firm_email", "firm_phone", "reported_phone", "landline", "firm_vat", "vat_number", "street_address",
  "document_number", "private_circumstance", "possible_phone",
]
"#);

static LOADED: LazyLock<Policy> = LazyLock::new(|| {
    Policy::load(&Source { name: "prova.toml".to_owned(), text: POLICY.to_owned() }, &[]).expect("nothing is wrong")
});

fn subject(text: &str, kind: Kind) -> Subject<'_> {
    Subject { kind, ..Subject::of(text) }
}

/// The detector and the text of each finding, in the order of the text.
fn found(text: &str) -> Vec<(&'static str, String)> {
    let verdict = LOADED.judge(&subject(text, Kind::Comment));
    let mut findings: Vec<_> = verdict.findings().iter().collect();
    findings.sort_by_key(|finding| finding.span.start);
    findings
        .into_iter()
        .map(|finding| {
            assert_eq!(text[finding.span.clone()], finding.matched);
            (finding.detector, finding.matched.clone())
        })
        .collect()
}

/// Checks that each text has exactly one finding, by this detector and with this text.
fn each_has(detector: &'static str, cases: &[(&str, &str)]) {
    for (text, matched) in cases {
        assert_eq!(found(text), [(detector, (*matched).to_owned())], "{text}");
    }
}

/// Checks that no text has a finding.
fn none_has_any(texts: &[&str]) {
    for text in texts {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn addresses_of_people_are_found_however_they_are_written() {
    each_has(
        "email",
        &[
            ("Scrivetemi: paola.neri@gmail.com", "paola.neri@gmail.com"),
            ("Assumiamo una commessa: paola.neri@gmail.com", "paola.neri@gmail.com"),
            ("la mia mail è PAOLA.NERI@LIBERO.IT grazie", "PAOLA.NERI@LIBERO.IT"),
            ("(p.neri+bandi@posta.example)", "p.neri+bandi@posta.example"),
            ("paola_neri77@virgilio.it.", "paola_neri77@virgilio.it"),
            ("p.neri@studenti.uni.example va bene?", "p.neri@studenti.uni.example"),
            ("mailto:paola@posta.co.uk", "paola@posta.co.uk"),
            ("ｐａｏｌａ＠posta.example", "ｐａｏｌａ＠posta.example"),
            ("paola neri chiocciola gmail punto com", "neri chiocciola gmail punto com"),
            ("paola punto neri chiocciola libero punto it", "paola punto neri chiocciola libero punto it"),
            ("paola.neri(chiocciola)yahoo.it", "paola.neri(chiocciola)yahoo.it"),
            ("paolaneri [chiocciola] hotmail [punto] it", "paolaneri [chiocciola] hotmail [punto] it"),
            ("paola.neri (at) posta (dot) example", "paola.neri (at) posta (dot) example"),
            ("paola.neri[at]outlook.com", "paola.neri[at]outlook.com"),
            ("paola.neri{at}gmail{dot}com", "paola.neri{at}gmail{dot}com"),
            ("paola at gmail dot com", "paola at gmail dot com"),
            ("paola88 @ gmail . com", "paola88 @ gmail . com"),
            ("paola88@ libero.it", "paola88@ libero.it"),
            ("paola88@tiscali . it grazie", "paola88@tiscali . it"),
            ("contatto paola88 chiocciola hotmail", "paola88 chiocciola hotmail"),
            ("paola.neri a gmail punto com", "paola.neri a gmail punto com"),
            ("paola.neri a gmail.com", "paola.neri a gmail.com"),
            ("paola_at_gmail_dot_com", "paola_at_gmail_dot_com"),
            ("paolachiocciolagmailpuntocom", "paolachiocciolagmailpuntocom"),
            ("paolaneriATgmailDOTcom", "paolaneriATgmailDOTcom"),
            ("paola.neri@gmail", "paola.neri@gmail"),
            ("paola.neri@gmail,com", "paola.neri@gmail,com"),
            ("paola arroba gmail punto com", "paola arroba gmail punto com"),
            ("la pec di mio marito: neri.ugo@pec-avvocati.example", "neri.ugo@pec-avvocati.example"),
        ],
    );
}

#[test]
fn addresses_with_no_or_another_sign_are_found() {
    each_has(
        "email",
        &[
            ("paola neri gmail com", "paola neri gmail com"),
            ("paolaneri gmail com", "paolaneri gmail com"),
            ("paola.neri gmail.com", "paola.neri gmail.com"),
            ("paola_neri77 gmail.com", "paola_neri77 gmail.com"),
            ("paolaneri77 gmail punto com", "paolaneri77 gmail punto com"),
            ("paolaneri gmailcom", "paolaneri gmailcom"),
            ("paolaneri gmail puntocom", "paolaneri gmail puntocom"),
            ("paola punto neri gmail punto com", "paola punto neri gmail punto com"),
            ("Paola Neri hotmail it", "Paola Neri hotmail it"),
            ("scrivimi pippo gmail com", "pippo gmail com"),
            ("la mia mail: pippo gmail com", "pippo gmail com"),
            ("la mail è paola.neri libero.it", "paola.neri libero.it"),
            ("indirizzo paola.neri yahoo it grazie", "paola.neri yahoo it"),
            ("paola.neri su gmail.com", "paola.neri su gmail.com"),
            ("paola.neri presso gmail.com", "paola.neri presso gmail.com"),
            ("paola.neri📧gmail.com", "paola.neri📧gmail.com"),
            ("paola.neri 🐌 gmail.com", "paola.neri 🐌 gmail.com"),
            ("paola.neri#gmail.com", "paola.neri#gmail.com"),
            ("paola.neri - gmail.com", "paola.neri - gmail.com"),
            ("paola.neri (gmail.com)", "paola.neri (gmail.com"),
            ("paola.neri gmail", "paola.neri gmail"),
            ("paola.neriATgmail.com", "paola.neriATgmail.com"),
            ("paola.neri<at>gmail.com", "paola.neri<at>gmail.com"),
            ("paola.neri|at|gmail.com", "paola.neri|at|gmail.com"),
            ("paola.neri (chiocc.) gmail.com", "paola.neri (chiocc.) gmail.com"),
            ("paola.neri chioc. gmail.com", "paola.neri chioc. gmail.com"),
            ("paola.neri(@)gmail.com", "paola.neri(@)gmail.com"),
            ("paola.neri @@ gmail.com", "paola.neri @@ gmail.com"),
            ("paola neri @ gmail com", "neri @ gmail com"),
            ("paola.neri@gmailcom", "paola.neri@gmailcom"),
            ("paola.neri @ liberoit", "paola.neri @ liberoit"),
        ],
    );
}

#[test]
fn who_names_a_provider_gives_no_address() {
    none_has_any(&[
        "gmail com non funziona",
        "il mio account gmail com'è messo?",
        "uso gmail come tutti",
        "ci sono problemi con gmail, libero e yahoo",
        "chi usa gmail com posta certificata?",
        "accesso con gmail.com bloccato",
        "i domini gmail.com e libero.it finiscono in spam",
        "da hotmail com a outlook com in due clic",
        "Paola Neri libero professionista",
        "tempo libero it è il nuovo marchio",
        "La mia mail gmail.com non riceve le newsletter",
        "la mia vecchia mail yahoo.it non la uso più",
        "indirizzo gmail com o pec?",
        "Paola usa gmail.com",
        "Ciao Paola, gmail.com non funziona",
        "Paola adora gmail.com",
        "Grazie Marco. Gmail com è lento oggi",
        "Giulia lavora a libero.it",
        "l'ho letto su libero.it",
        "la posta di Paola su gmail.com",
        "account @gmail.com sì, @libero.it no",
        "Windows11 gmail.com non sincronizza",
        "camcom.it gmail.com sono domini diversi",
        "www.gmail.com",
        "Scriveteci ✉ camera.example",
    ]);
}

#[test]
fn addresses_of_firms_and_functions_are_in_doubt() {
    each_has(
        "firm_email",
        &[
            ("per i corsi info@scuolaneri.example", "info@scuolaneri.example"),
            ("Assumiamo due saldatori, scrivere a ugo@officinaneri.example", "ugo@officinaneri.example"),
            ("La nostra azienda risponde: ugo.neri@mobilineri.example", "ugo.neri@mobilineri.example"),
            ("Neri S.r.l. - vendite chiocciola neri punto it", "vendite chiocciola neri punto it"),
            ("curriculum a hr@neri.example", "hr@neri.example"),
        ],
    );
}

#[test]
fn what_only_has_an_at_sign_is_no_address() {
    none_has_any(&[
        "@paola.neri hai visto?",
        "grazie @comune",
        "scrivo a stampa@comune.example",
        "anche urp@uffici.comune.example non risponde",
        "urp chiocciola comune punto example",
        "ci vediamo @ casa mia",
        "2 kg @ 3.50",
        "la chiocciola del giardino è lenta",
        "il punto è che alla chiocciola manca il guscio",
        "a@b",
        "utente@",
        "l'indirizzo finisce con @gmail",
        "ho scritto a gmail punto com",
        "torno a libero mercato, punto",
        "look at yahoo finance",
    ]);
}

#[test]
fn mobile_numbers_are_found_in_every_grouping() {
    each_has(
        "phone",
        &[
            ("chiamatemi al 3401234567", "3401234567"),
            ("340 1234567", "340 1234567"),
            ("340-1234567", "340-1234567"),
            ("340/1234567", "340/1234567"),
            ("340.123.45.67", "340.123.45.67"),
            ("340 12 34 567", "340 12 34 567"),
            ("3401 234567", "3401 234567"),
            ("tel:3401234567", "3401234567"),
            ("cell3401234567", "3401234567"),
            ("+39 340 1234567", "+39 340 1234567"),
            ("+393401234567", "+393401234567"),
            ("(+39) 340 1234567", "+39) 340 1234567"),
            ("0039 340 1234567", "0039 340 1234567"),
            ("whatsapp 339123456", "339123456"),
            ("３４０１２３４５６７", "３４０１２３４５６７"),
            ("📱340 1234567📱", "340 1234567"),
            ("mio marito: 328 . 1 2 3 . 4567", "328 . 1 2 3 . 4567"),
            ("34o 12345o7 chiamami", "34o 12345o7"),
            ("ore 9 340 1234567", "340 1234567"),
        ],
    );
}

#[test]
fn disguised_numbers_are_found() {
    each_has(
        "phone",
        &[
            (
                "tre quattro zero uno due tre quattro cinque sei sette",
                "tre quattro zero uno due tre quattro cinque sei sette",
            ),
            ("tre-quattro-zero 1234567", "tre-quattro-zero 1234567"),
            ("tre quattro zero, 12 34 567, sono Ugo", "tre quattro zero, 12 34 567"),
            ("tre4zero uno23 quattro567", "tre4zero uno23 quattro567"),
            ("3 4 0 1 2 3 4 5 6 9", "3 4 0 1 2 3 4 5 6 9"),
            ("3-4-0-1-2-3-4-5-6-9", "3-4-0-1-2-3-4-5-6-9"),
            ("3.4.0.1.2.3.4.5.6.9", "3.4.0.1.2.3.4.5.6.9"),
            ("3_4_0_1_2_3_4_5_6_9", "3_4_0_1_2_3_4_5_6_9"),
            (
                "trecentoquaranta dodici trentaquattro cinque sei nove",
                "trecentoquaranta dodici trentaquattro cinque sei nove",
            ),
            (
                "zero due, sette sei cinque quattro tre due uno uno",
                "zero due, sette sei cinque quattro tre due uno uno",
            ),
            ("0 2 / 7 6 5 4 3 2 1 1", "0 2 / 7 6 5 4 3 2 1 1"),
        ],
    );
}

#[test]
fn mobile_numbers_in_pairs_with_a_spelled_prefix_or_with_letters_are_found() {
    each_has(
        "phone",
        &[
            ("chiamala al trecentoquaranta 11 22 908", "trecentoquaranta 11 22 908"),
            ("chiamatelo al 34O 12 O8 9I7", "34O 12 O8 9I7"),
            ("whatsapp 3S0 1O2 3O4O", "3S0 1O2 3O4O"),
            ("cell 34.71.20.93.48", "34.71.20.93.48"),
        ],
    );
    each_has(
        "possible_phone",
        &[
            ("Sono Rita, 34.71.20.93.48, grazie", "34.71.20.93.48"),
            ("34-71-20-93-48", "34-71-20-93-48"),
            ("34 71 20 93 48 è il numero del geometra", "34 71 20 93 48"),
            ("Trecentoventotto 4471902, è il perito", "Trecentoventotto 4471902"),
            ("Trecentoventi 45 80 120, i formati delle cornici", "Trecentoventi 45 80 120"),
            ("mi trovate al 3OO 0O1 22 33", "3OO 0O1 22 33"),
            ("quello di 32O-9I-45-O77", "32O-9I-45-O77"),
        ],
    );
    none_has_any(&[
        "Sulla ruota di Bari 34 71 20 88 48",
        "il lotto 34.71.20.93.48",
        "trecentoquaranta iscritti, 11 tutor, 22 aule",
        "trecentoquaranta euro per 11 pratiche",
        "cod. articolo 34O OO1 22 332",
        "3OO OO1 22 BIS",
        "2OOO iscritti, erano 1.9OO",
    ]);
}

#[test]
fn foreign_numbers_are_found() {
    each_has(
        "phone",
        &[
            ("+41 79 123 45 67", "+41 79 123 45 67"),
            ("+44 (0)20 7946 0123", "+44 (0)20 7946 0123"),
            ("+1-202-555-0143", "+1-202-555-0143"),
            ("call me (202) 555-0143", "202) 555-0143"),
            ("0044 20 7946 0123", "0044 20 7946 0123"),
            ("my number is 13800138000", "13800138000"),
        ],
    );
}

#[test]
fn landlines_firms_and_reported_callers_are_in_doubt() {
    each_has(
        "landline",
        &[
            ("tel. 0362 123456", "0362 123456"),
            ("02 1234 5678", "02 1234 5678"),
            ("Ferramenta Neri, 039/123456", "039/123456"),
            ("+39 06 12345678", "+39 06 12345678"),
        ],
    );
    each_has(
        "firm_phone",
        &[
            ("Neri Impianti srl, preventivi al 340 1234567", "340 1234567"),
            ("Il nostro laboratorio è aperto, 3401234567", "3401234567"),
        ],
    );
    each_has(
        "reported_phone",
        &[
            ("attenti alla truffa, chiamano dal 340 1234567", "340 1234567"),
            ("segnalo il 02 12345678, dicono di essere voi", "02 12345678"),
        ],
    );
}

#[test]
fn other_figures_are_no_telephone_numbers() {
    none_has_any(&[
        "il vostro 347 7654321 squilla a vuoto",
        "allo 02 76543210 non risponde nessuno",
        "numero verde 800 123456",
        "chiamate 848 800 444",
        "il centralino della Camera è 02 12345678",
        "prot. 3401234567 del 2024",
        "Protocollo n. 0212345678",
        "REA MI-1234567",
        "REA 3401234567",
        "codice ATECO 62.01.09",
        "CIG 3401234567",
        "CUP B12C34000000001",
        "fattura n. 3401234567",
        "riga 4, totale: 3401234567",
        "3.401.234.567 euro",
        "3401234567 €",
        "ricavi € 3401234567",
        "dal 03/04/2025 al 12/05/2025",
        "05.06.2025 ore 9.30-12.30",
        "lun-ven 9-12, sab 9-11",
        "legge 580/1993, art. 18",
        "D.Lgs. 219/2016",
        "regolamento (UE) 2016/679",
        "1-0 2-1 3-3 0-0 2-2",
        "3 4 5 6 7 8 9 10 11 12",
        "0 1 2 3 4 5 6 7 8 9",
        "conto tre, due, uno e parte il click day",
        "sei sette otto nove volte al giorno",
        "nel 2023 erano 12.345, nel 2024 12.890",
        "IUV 01000000338214597",
        "avviso 301000001234567897",
        "53 euro + 53 euro = 106",
        "20 25 30 35 40 45",
        "bando 2024/2025: 3.000.000",
        "pratica M25A12B3456",
        "raccomandata 3401234567",
        "codice cliente 3401234567",
    ]);
}

#[test]
fn marks_between_the_groups_and_glued_words_hide_no_number() {
    each_has(
        "phone",
        &[
            ("340_123_45_67", "340_123_45_67"),
            ("340·123·4567", "340·123·4567"),
            ("340•123•45•67", "340•123•45•67"),
            ("340|123|4567", "340|123|4567"),
            ("340~1234567", "340~1234567"),
            ("340*123*4567", "340*123*4567"),
            ("[340] 1234567", "340] 1234567"),
            ("{340}(1234567)", "340}(1234567"),
            ("340🔥123🔥4567", "340🔥123🔥4567"),
            ("3️⃣4️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", "3️⃣4️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣"),
            ("③④⓪①②③④⑤⑥⑦", "③④⓪①②③④⑤⑥⑦"),
            ("٣٤٠١٢٣٤٥٦٧", "٣٤٠١٢٣٤٥٦٧"),
            ("Tel.3401234567Anna", "3401234567"),
            ("chiamami3401234567subito", "3401234567"),
            ("Anna3401234567", "3401234567"),
            ("il mio cell 340,1234567", "340,1234567"),
            ("34 01 23 45 67, chiamatemi", "34 01 23 45 67"),
            ("trequattrozero 1234567", "trequattrozero 1234567"),
            ("34012E4S67", "34012E4S67"),
            ("+39_340_1234567", "+39_340_1234567"),
        ],
    );
    each_has(
        "possible_phone",
        &[
            ("340,123,4567", "340,123,4567"),
            ("340;1234567", "340;1234567"),
            ("340:123:4567", "340:123:4567"),
            ("340\\123\\4567", "340\\123\\4567"),
            ("340=1234567", "340=1234567"),
            ("340 ~ 123 ~ 4567", "340 ~ 123 ~ 4567"),
            ("340 punto 123 punto 4567", "340 punto 123 punto 4567"),
            ("39 340 1234567", "39 340 1234567"),
            ("tavolo3401234567", "3401234567"),
            ("la pratica è ferma da mesi, 340 1234567", "340 1234567"),
        ],
    );
    none_has_any(&[
        "340+123+4567=5030",
        "340, 351, 360 e 1200",
        "pagine 340, 341, 3501",
        "340€1234567",
        "commit 3401234567ab",
        "hash 3f3401234567aa",
        "3-5-2 4-3-3 4-4-2",
        "6-4 6-3 7-6 6-2",
        "45.4642035, 9.1899820",
        "38.1234567,13.3614567",
        "versione 3.4.0.1234567",
        "3,50 - 4,20 - 5,10 - 6,00",
        "orario 9:00-13:00 / 14:00-18:00",
        "06.30-07.15",
        "34 01 23 45 67 90",
    ]);
}

#[test]
fn letters_and_digits_apart_hide_no_number() {
    each_has(
        "phone",
        &[
            ("347x1234567", "347x1234567"),
            ("chiamami 347X123X45X67", "347X123X45X67"),
            ("347xx1234567", "347xx1234567"),
            ("+39x347x1234567", "+39x347x1234567"),
            ("3-4-7-1234567", "3-4-7-1234567"),
            ("3.4.7.1234567", "3.4.7.1234567"),
            ("3 4 7 1234567", "3 4 7 1234567"),
            ("3/4/7 1234567", "3/4/7 1234567"),
            ("3_4_7_123_45_67", "3_4_7_123_45_67"),
            ("tre4sette 1234567", "tre4sette 1234567"),
            ("347uno234567", "347uno234567"),
            ("3quattro7 123 45 67", "3quattro7 123 45 67"),
            ("347@1234567", "347@1234567"),
        ],
    );
    each_has(
        "possible_phone",
        &[
            ("347 x 1234567", "347 x 1234567"),
            ("347 per 1234567", "347 per 1234567"),
            ("347 poi 1234567", "347 poi 1234567"),
            ("347 asterisco 1234567", "347 asterisco 1234567"),
            ("347a1234567", "347a1234567"),
            ("3-471234567", "3-471234567"),
            ("34-71234567", "34-71234567"),
            ("34 7 1234567", "34 7 1234567"),
            ("347 ---- 1234567", "347 ---- 1234567"),
            ("3-5-2, 4-4-2, 3-4-2-1", "3-5-2, 4-4-2, 3-4-2-1"),
        ],
    );
    none_has_any(&[
        "il pannello misura 320x480x1200 mm",
        "un tavolo 350x120x750 in rovere",
        "lotto: 34 71 23 45 67",
        "superenalotto: 3 4 7 8 12 34 56",
        "versione 3.4.7.1234567",
        "vite 347x12 e dado",
        "codice articolo 340a1234567",
        "347 per 12 fa 4164",
        "347 e 348 sono gli autobus per la fiera",
        "formazione 3-4-3 e 4-3-3",
    ]);
}

#[test]
fn landlines_of_every_length_are_found() {
    each_has(
        "landline",
        &[
            ("+39 0574 4821 sig. Neri", "+39 0574 4821"),
            ("+39 06 31457", "+39 06 31457"),
            ("0039 0362 482", "0039 0362 482"),
            ("(0574) 4821", "0574) 4821"),
            ("tel 06 31457", "06 31457"),
            ("tel. 0362482", "0362482"),
            ("0362 1631234", "0362 1631234"),
            ("0362/1631234", "0362/1631234"),
            ("06 123 456 789", "06 123 456 789"),
        ],
    );
    none_has_any(&["n. 02 12345", "02/12345", "06/2024/5", "02/2025", "0362", "0123456789", "+39 800 123456"]);
}

#[test]
fn ids_in_links_are_no_numbers_unless_the_link_calls() {
    none_has_any(&[
        "https://www.linkedin.com/jobs/view/3412345678",
        "https://facebook.com/groups/3412345678/permalink/3512345678",
        "github.com/x/y/issues/1#issuecomment-3412345678",
        "#issuecomment-3412345678",
        "https://negozio.example/p?id=3412345678&c=4532015112830366#02345670158",
        "www.sito.example/p/340-1234567",
        "forms.gle/3412345678",
        "youtu.be/3412345678?t=12",
        "foto IMG_3412345678.jpg e visura-3412345678.pdf",
        "grazie @mario3412345678",
        "t.me/3412345678",
    ]);
    each_has(
        "phone",
        &[
            ("https://wa.me/393401234567", "393401234567"),
            ("wa.me/+393401234567?text=ciao", "393401234567"),
            ("https://api.whatsapp.com/send?phone=393401234567&text=info", "393401234567"),
            ("whatsapp://send?phone=%2B393401234567", "393401234567"),
            ("tel:+393401234567", "+393401234567"),
            ("callto:3401234567", "3401234567"),
            ("sms:3401234567?body=ciao", "3401234567"),
            ("viber://chat?number=%2B393401234567", "393401234567"),
            ("https://t.me/+393401234567", "393401234567"),
            ("https://signal.me/#p/+393401234567", "393401234567"),
            ("https://sito.example/?tel=3401234567", "3401234567"),
            ("https://sito.example/123 e 340 1234567", "340 1234567"),
            ("https://sito.example/a👉3401234567", "3401234567"),
        ],
    );
    none_has_any(&["https://wa.me/393477654321"]);
}

#[test]
fn what_a_word_announces_as_something_else_is_no_number() {
    none_has_any(&[
        "errore 3401234567",
        "Codice errore: 3401234567",
        "quietanza n. 3401234567",
        "cod. 3401234567",
        "IUV 3401234567",
        "bollettino c/c postale n. 3401234567",
        "c/c n. 3401234567",
        "euro 3401234567",
        "CHF 3401234567",
        "la matricola è 3401234567",
        "CUP 3401234567",
        "ISBN 978-88-340-1234-5",
        "ticket #3401234567",
        "delibera n. 3401234567",
        "meeting ID: 340 123 4567",
        "pratica3401234567",
        "345.678.901 visualizzazioni",
        "numero di iscrizione 3401234567",
        "in diretta allo 340 1234567",
        "la redazione risponde al 340 1234567",
        "call center 199 30 30 60",
        "Radio Prova 02 33001001 in diretta",
        "IT00 X054 2811 1010 0000 0123 456",
    ]);
    each_has(
        "phone",
        &[
            ("c'è un errore, chiamatemi al 340 1234567", "340 1234567"),
            ("ho perso la pratica. 340 1234567", "340 1234567"),
            ("per la pratica il mio numero è 340 1234567", "340 1234567"),
            ("chiamano in diretta il mio cellulare 340 1234567", "340 1234567"),
        ],
    );
}

#[test]
fn codes_are_found_with_labels_glued_and_whatever_cuts_them() {
    each_has(
        "iban",
        &[
            ("IBANIT51L0306909606100000123987", "IT51L0306909606100000123987"),
            ("IBAN:IT51-L03069/09606 100000.123987", "IT51-L03069/09606 100000.123987"),
            ("IT51 / L / 03069 / 09606 / 100000123987", "IT51 / L / 03069 / 09606 / 100000123987"),
            ("iban it51l0306909606100000123987intestato", "it51l0306909606100000123987"),
            ("IT51,L0306,90960,6100,000123987", "IT51,L0306,90960,6100,000123987"),
            ("IT51:L030:6909:6061:0000:0123:987", "IT51:L030:6909:6061:0000:0123:987"),
        ],
    );
    each_has(
        "fiscal_code",
        &[
            ("CFFRRLNE88M55F704L", "FRRLNE88M55F704L"),
            ("codicefiscaleFRRLNE88M55F704L", "FRRLNE88M55F704L"),
            ("codice_fiscale_FRRLNE88M55F704L", "FRRLNE88M55F704L"),
            ("CF: FRRLNE/88M55/F704L", "FRRLNE/88M55/F704L"),
            ("frr lne - 88m55.f704 / l", "frr lne - 88m55.f704 / l"),
            ("FRR,LNE,88M55,F704L", "FRR,LNE,88M55,F704L"),
        ],
    );
    each_has(
        "person_vat",
        &[("la mia PIVA02345670158", "02345670158"), ("la mia p.iva 023.456/701-58", "023.456/701-58")],
    );
    each_has(
        "payment_card",
        &[
            ("4532/0151-1283.0366", "4532/0151-1283.0366"),
            ("carta4532015112830366", "4532015112830366"),
            ("carta n. 45-32/01.51 1283 0366", "45-32/01.51 1283 0366"),
        ],
    );
    each_has(
        "plate",
        &[("targa g x 1 2 3 z z", "g x 1 2 3 z z"), ("targataGX123ZZ", "GX123ZZ"), ("targa GX-123/ZZ", "GX-123/ZZ")],
    );
    each_has("health_card", &[("TEAM80380001234567890123", "80380001234567890123")]);
    each_has("passport", &[("passaportoYA1234567", "YA1234567")]);
    none_has_any(&[
        "41 18 27 33 45 60 71 88",
        "453 201 511 283 036 6",
        "2021, 2022, 2023, 2024",
        "IT52/L0306909606100000123987",
        "023.456/701-58",
    ]);
}

#[test]
fn account_numbers_of_all_countries_are_found() {
    each_has(
        "iban",
        &[
            ("IT51L0306909606100000123987", "IT51L0306909606100000123987"),
            ("bonifico su IT51 L030 6909 6061 0000 0123 987 grazie", "IT51 L030 6909 6061 0000 0123 987"),
            ("it11 k 07601 01600 000098765432", "it11 k 07601 01600 000098765432"),
            ("IT11-K076-0101-6000-0009-8765-432", "IT11-K076-0101-6000-0009-8765-432"),
            ("il mio iban:IT51L0306909606100000123987", "IT51L0306909606100000123987"),
            ("DE12 5001 0517 0648 4898 90", "DE12 5001 0517 0648 4898 90"),
            ("FR1420041010050500013M02606", "FR1420041010050500013M02606"),
            ("ES66 2100 0418 4012 3456 7891", "ES66 2100 0418 4012 3456 7891"),
            ("LT63 3250 0012 3456 7890", "LT63 3250 0012 3456 7890"),
            ("CH43 0076 2011 6238 5211 1", "CH43 0076 2011 6238 5211 1"),
            ("SM63U0322509800000000270999", "SM63U0322509800000000270999"),
            ("RO42 AAAA 1B31 0075 9384 0999", "RO42 AAAA 1B31 0075 9384 0999"),
            ("GB19 NWBK 6016 1331 9269 99", "GB19 NWBK 6016 1331 9269 99"),
        ],
    );
    none_has_any(&[
        "IT52L0306909606100000123987",
        "IT51L030690960610000012398",
        "IT60 X054 2811 1010 0000 0123 456",
        "GB19 NWBK 6016 1331 9269 98",
        "IT51 è una sigla",
    ]);
}

#[test]
fn card_numbers_are_found() {
    each_has(
        "payment_card",
        &[
            ("4532 0151 1283 0366", "4532 0151 1283 0366"),
            ("mi avete addebitato su 5105105105105100", "5105105105105100"),
            ("2223-0000-4840-0011", "2223-0000-4840-0011"),
            ("amex 3782 822463 10005", "3782 822463 10005"),
            ("6011000990139424", "6011000990139424"),
            ("3530.1113.3330.0000", "3530.1113.3330.0000"),
            ("30569309025904", "30569309025904"),
            ("6767700000000005 scade a marzo", "6767700000000005"),
        ],
    );
    none_has_any(&[
        "4532 0151 1283 0367",
        "ordine 4532015112830366",
        "tracking 5105105105105100",
        "avviso 4532015112830366",
        "9999888877776666",
        "453201511283036612345",
    ]);
}

#[test]
fn tax_codes_of_people_are_found() {
    each_has(
        "fiscal_code",
        &[
            ("GLLPTR70D12L219O", "GLLPTR70D12L219O"),
            ("cf frrlne88m55f704l, grazie", "frrlne88m55f704l"),
            ("CNT GPP 01A01 H501 B", "CNT GPP 01A01 H501 B"),
            ("C.F. MRNSFO92T71Z330Y.", "MRNSFO92T71Z330Y"),
            ("BLLMRC65P0SE648K", "BLLMRC65P0SE648K"),
            ("DNGLCU85S1RF205J", "DNGLCU85S1RF205J"),
            ("G L L P T R 7 0 D 1 2 L 2 1 9 O", "G L L P T R 7 0 D 1 2 L 2 1 9 O"),
            ("FRR-LNE-88M55-F704-L", "FRR-LNE-88M55-F704-L"),
        ],
    );
    none_has_any(&[
        "GLLPTR70D12L219P",
        "GLLPTR70F12L219O",
        "GLLPTR70D32L219O",
        "GLLPTR70D12L219",
        "XGLLPTR70D12L219O",
        "il codice fiscale ha sedici caratteri",
        "precipitevolissimevolmente",
    ]);
}

#[test]
fn vat_numbers_are_told_apart_by_whose_they_are() {
    each_has(
        "person_vat",
        &[
            ("la mia p.iva 02345670158 risulta chiusa", "02345670158"),
            ("la partita iva di mio figlio è IT04561230964", "04561230964"),
            ("P. IVA del sig. Neri: 07771230013", "07771230013"),
        ],
    );
    each_has(
        "firm_vat",
        &[("Neri srl p.iva 02345670158", "02345670158"), ("la società ha partita iva 04561230964", "04561230964")],
    );
    each_has("vat_number", &[("02345670158", "02345670158"), ("p.iva 04561230964", "04561230964")]);
    none_has_any(&[
        "p.iva 02345670159",
        "p.iva 11987650121",
        "protocollo 02345670158",
        "00000000000",
        "02345670158,50",
        "1234567890123",
    ]);
}

#[test]
fn addresses_where_people_live_are_found() {
    each_has(
        "address",
        &[
            ("Abito in via delle Mimose 14", "via delle Mimose 14"),
            ("abita in viale Brianza 3/b, secondo piano", "viale Brianza 3/b"),
            ("vivo in corso Buenos Aires, 77", "corso Buenos Aires, 77"),
            ("sto in p.zza Po 9 a Monza", "p.zza Po 9 a Monza"),
            ("sua sorella risiede in vicolo Chiuso n. 2", "vicolo Chiuso n. 2"),
            ("casa sua è in largo Donegani 1", "largo Donegani 1"),
            ("residente in strada Vecchia 12bis", "strada Vecchia 12bis"),
            ("il mio indirizzo: loc. Pratolungo 5, 20900 Monza", "loc. Pratolungo 5, 20900 Monza"),
            ("abito in frazione Costa 8", "frazione Costa 8"),
            ("vive in contrada San Rocco 41", "contrada San Rocco 41"),
            ("Lucia Neri, via Manin 3 Casatenovo", "via Manin 3 Casatenovo"),
            ("Via 25 Aprile 12, citofono Neri", "Via 25 Aprile 12"),
            ("abito in V.le Zara, 100 - Milano", "V.le Zara, 100 - Milano"),
        ],
    );
    each_has(
        "street_address",
        &[
            ("c'è rumore in via Manin 3, 23880 Casatenovo", "via Manin 3, 23880 Casatenovo"),
            ("tutti in piazza Duomo 2 a Lodi", "piazza Duomo 2 a Lodi"),
        ],
    );
}

#[test]
fn public_places_and_other_uses_of_the_words_are_no_addresses() {
    none_has_any(&[
        "la vostra sede di via Meravigli 9, Milano",
        "lo sportello di piazza Cambiaghi 5, Monza",
        "abito in via Garibaldi 1",
        "evento presso viale Sarca 222, Milano",
        "mi hanno chiuso il bar di via Solferino 12, Milano",
        "inviata via PEC 2 volte",
        "via 3 giorni e torno",
        "un corso di inglese 30 ore",
        "corso base 2 giorni, Milano",
        "in via definitiva 12 domande",
        "la strada è lunga 3 km",
        "in piazza eravamo 200",
        "vivo in via Roma",
        "lo sportello di via Roma 3, secondo piano, scala B",
        "il parcheggio vicino a via Roma 12, Lodi, costa troppo",
        "Via Roma 3, piano terra: trovate la sede",
        "Officina Ugo Neri srl, via Roma 3 Lodi",
        "piazza Duomo 2,5 milioni di visitatori",
        "suonate Confartigianato, via Manzoni 10, scala B",
        "via Marsala 12, secondo piano, suonate Unioncamere",
    ]);
}

#[test]
fn plates_and_documents_are_found() {
    each_has(
        "plate",
        &[
            ("targa GX 123 ZZ", "GX 123 ZZ"),
            ("la Panda targata GX123ZZ", "GX123ZZ"),
            ("auto bianca GX-123-ZZ in doppia fila", "GX-123-ZZ"),
            ("targa MI 123456", "MI 123456"),
            ("targa AB12345", "AB12345"),
        ],
    );
    each_has(
        "identity_card",
        &[
            ("carta d'identità CA12345ZZ", "CA12345ZZ"),
            ("C.I. CA 12345 ZZ", "CA 12345 ZZ"),
            ("CIE: CA12345ZZ", "CA12345ZZ"),
            ("documento AX1234567", "AX1234567"),
            ("carta di identità 1234567AA", "1234567AA"),
        ],
    );
    each_has("passport", &[("passaporto YA1234567", "YA1234567"), ("il mio passaporto è YB 7654321", "YB 7654321")]);
    each_has(
        "driving_licence",
        &[("patente U1K12H345X", "U1K12H345X"), ("la patente MI1234567Z è scaduta", "MI1234567Z")],
    );
    each_has(
        "health_card",
        &[
            ("tessera sanitaria 80380001234567890123", "80380001234567890123"),
            ("80380001234567890123", "80380001234567890123"),
            ("tessera sanitaria 80380 00123 45678 90123", "80380 00123 45678 90123"),
        ],
    );
    each_has("document_number", &[("ecco GX123ZZ", "GX123ZZ"), ("YA1234567", "YA1234567"), ("CA12345ZZ", "CA12345ZZ")]);
}

#[test]
fn other_codes_are_no_documents() {
    none_has_any(&[
        "REA MI 1234567",
        "iscritta con MI1234567",
        "codice sconto GX123ZZ",
        "pratica CA12345ZZ",
        "modello AB123CD",
        "marchio MI2025C014477",
        "codice SDI M5UXCR1",
        "norma ISO9001",
        "il volo AZ1234",
        "auto elettrica, 300 km, 20 kWh",
        "un'auto da 100 km",
        "la macchina ha 150 cv",
        "un documento di 1234567 pagine",
        "passaporto scaduto, patente pure",
    ]);
}

#[test]
fn dates_of_birth_count_with_a_name() {
    each_has(
        "birth_date",
        &[
            ("Sono Livia Neri, nata a Monza il 5/11/1959", "nata a Monza il 5/11/1959"),
            ("NERI Livia nata il 05.11.1959", "nata il 05.11.1959"),
            ("Ugo Bianchi nato il 3 marzo 1980 a Lodi", "nato il 3 marzo 1980"),
            ("data di nascita 3-3-1980, Ugo Bianchi", "nascita 3-3-1980"),
            ("ugo bianchi nato il 3/3/80", "nato il 3/3/80"),
        ],
    );
    none_has_any(&[
        "la ditta è nata il 3/3/1980",
        "Alessandro Manzoni, nato il 7/3/1785",
        "sono nato nel 1980",
        "nata da un'idea del 3/3/2020",
        "Livia Neri ha una sorella nata sei mesi prima, esattamente il 31 ottobre 1984",
        "Nata sei mesi prima, esattamente il 31 ottobre 1984, Livia Neri la ricorda",
        "Livia Neri dirige la rivista, nata il 3 marzo 1980",
        "Ugo Neri, pittore, nato a Lodi il 3 marzo 1920",
    ]);
}

#[test]
fn private_circumstances_of_a_named_person_are_in_doubt() {
    each_has(
        "private_circumstance",
        &[
            ("Lucia Neri è malata da mesi, chiedete a lei", "Lucia Neri"),
            ("il marito di Lucia Neri è in cura al CPS", "Lucia Neri"),
            ("lo sanno tutti che Ugo Bianchi è pieno di debiti", "Ugo Bianchi"),
            ("quel Bianchi Ugo? protestato e moroso", "Bianchi Ugo"),
            ("il sig. Bianchi ha divorziato per colpa sua", "sig. Bianchi"),
        ],
    );
    none_has_any(&[
        "mio zio è malato e aspetta ancora",
        "Lucia Neri allo sportello è stata gentilissima",
        "la burocrazia è malata",
        "Camera di Commercio condannata a pagare",
        "Grazie Lucia, ero depresso",
        "e poi, Caro Ugo, il malato sono io",
    ]);
}

#[test]
fn one_text_can_hold_several_data() {
    let text = "Ugo Bianchi, via Manin 3 Lodi, cell 340 1234567, ugo@posta.example";
    let found = found(text);
    let detectors: Vec<_> = found.iter().map(|(detector, _)| *detector).collect();
    assert_eq!(detectors, ["address", "phone", "email"]);
}

#[test]
fn people_may_tell_us_their_own_data_in_private() {
    let text =
        "Sono Livia Neri nata a Monza il 5/11/1959, CF FRRLNE88M55F704L, 340 1234567, IT51L0306909606100000123987";
    assert_eq!(LOADED.judge(&subject(text, Kind::Comment)).outcome(), Outcome::Hide);
    assert_eq!(LOADED.judge(&subject(text, Kind::Message)).outcome(), Outcome::Allow);
}

/// Texts that keep a careless search busy: with time that grows with the square of the length this would take minutes.
#[test]
fn a_long_text_gives_what_its_beginning_gives() {
    for unit in [
        "3",
        "3 ",
        "3.",
        "tre ",
        "tretre",
        "it60",
        "it60 ",
        "via a ",
        "via roma 1 ",
        "a@",
        "a.@b.",
        "chiocciola ",
        " punto a at ",
        "rssmra85",
        "nato 1 ",
        "Ugo Neri ",
        "Ugo malato ",
        "340 1234567 ",
        "4532 0151 1283 0366 ",
        "a@posta.example ",
        "aa123",
        "(((",
        "@@@@",
        "0039",
        "cento",
        "80380",
        "è1",
        "340_",
        "340 1234567, ",
        "https://a.example/340 ",
        "wa.me/393401234567 ",
        "#a-1 ",
        "codice 340 ",
        "tre punto ",
        "trequattro",
        "a gmail punto com ",
        "€",
        "€a",
        "🇮🇹",
        "🇮",
    ] {
        let repeated = |bytes: usize| unit.repeat(bytes / unit.len());
        assert_eq!(found(&repeated(16 * 1024)), found(&repeated(1024)), "{unit}");
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_and_each_span_cuts_it(text in "(?s)[0-9 .,/+@a-zà-ù()A-Z\\-]{0,60}(\\PC{0,20}|via|nato|it60|340)[0-9 .]{0,30}") {
        found(&text);
    }

    #[test]
    fn no_text_makes_a_detector_panic(text in any::<String>()) {
        found(&text);
    }

    #[test]
    fn a_mobile_number_is_found_with_any_mark(
        digits in "3[2-9][0-9]{8}",
        mark in prop::sample::select(vec!["_", "·", "•", "|", "*", "~", "'", "(", ")", "[", "]", "{", "}", "📱", "⭐", "→", " ", "-", ".", "/"]),
        before in prop::sample::select(vec!["", "chiamami ", "Anna ", "📞", "cell."]),
    ) {
        let number = format!("{}{mark}{}{mark}{}", &digits[..3], &digits[3..6], &digits[6..]);
        let found = found(&format!("{before}{number} grazie"));
        prop_assert!(found.iter().any(|(detector, _)| *detector == "phone"), "{number}: {found:?}");
    }

    #[test]
    fn a_code_is_found_whatever_cuts_it(
        code in prop::sample::select(vec![
            ("iban", "IT51L0306909606100000123987"),
            ("iban", "DE12500105170648489890"),
            ("fiscal_code", "FRRLNE88M55F704L"),
            ("fiscal_code", "GLLPTR70D12L219O"),
        ]),
        label in prop::sample::select(vec!["", "ecco ", "il mio: "]),
        cuts in proptest::collection::vec((1usize..27, prop::sample::select(vec![" ", "-", ".", "/", " / ", "_", "|", " - "])), 0..5),
    ) {
        let (detector, code) = code;
        let mut cuts: Vec<_> = cuts.into_iter().filter(|(at, _)| *at < code.len()).collect();
        cuts.sort_unstable();
        cuts.dedup_by_key(|(at, _)| *at);
        let mut written = code.to_owned();
        for (at, mark) in cuts.iter().rev() {
            written.insert_str(*at, mark);
        }
        let found = found(&format!("{label}{written} grazie"));
        prop_assert!(found.iter().any(|(by, matched)| *by == detector && *matched == written), "{written}: {found:?}");
    }

    #[test]
    fn a_mobile_number_is_found_in_any_grouping(digits in "3[2-9][0-9]{8}", cuts in proptest::collection::vec(3usize..10, 0..3), gap in "[ ./-]") {
        let mut number = digits.clone();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|&cut| cut < digits.len()).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for cut in cuts.into_iter().rev() {
            number.insert_str(cut, &gap);
        }
        let text = format!("cell {number} grazie");
        prop_assert!(found(&text).iter().any(|(detector, matched)| *detector == "phone" && *matched == number), "{text}");
    }
}
