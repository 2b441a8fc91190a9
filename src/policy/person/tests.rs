//! One person is one, however the name is typed, and different people stay different.

use std::collections::HashMap;
use std::iter::once;

use proptest::prelude::*;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;

use super::*;

/// A name as it may be on record from before, or as an identity provider may have it: not all of them can be typed.
fn person(name: &str) -> Person {
    Person::readable(name).unwrap_or_else(|why| panic!("{name:?}: {why}"))
}

#[test]
fn one_person_stays_one_however_the_name_is_typed() {
    for (one, other) in [
        ("Niccolò", "NICCOLÒ"),
        ("Niccolò", "Niccolo\u{300}"),
        ("Niccolò", "Niccolo"),
        ("Anna Rossi", "Anna  Rossi"),
        ("Anna Rossi", " anna\u{a0}\u{2009}rossi\n"),
        ("Anna Rossi", "Anna\nRossi"),
        ("Anna Rossi", "Rossi Anna"),
        ("Anna Rossi", "anna.rossi"),
        ("anna", "anna\u{200b}"),
        ("anna", "\u{202e}an\u{200d}n\u{2060}a\u{fe0f}"),
        ("anna", "anna\u{2800}\u{3164}\u{e0041}\u{e000}"),
        ("anna", "\u{1b}[0manna"),
        ("anna", "an\u{1b}[1;31mna\u{1b}[m"),
        ("anna", "\u{9b}31manna"),
        ("anna", "\u{1b}]0;titolo\u{7}anna"),
        ("anna", "\u{1b}]8;;https://example.it\u{1b}\\anna"),
        ("anna", "\u{1b}canna"),
        ("anna", "a\u{8}nna\u{7f}"),
        ("anna", "ａｎｎａ"),
        ("anna", "𝒂𝒏𝒏𝒂"),
        ("anna", "аnnа"),
        ("Groß", "GROSS"),
        ("D'Amico", "d’amico"),
        ("A. R.", "a r"),
        ("A. R.", "AR"),
        ("Anna Rossi", "AnnaRossi"),
        ("Anna Rossi", "RossiAnna"),
        ("Rossi Anna", "AnnaRossi"),
        ("Anna Rossi", "An na Ros si"),
        ("Anna Rossi", "Anna\u{2800}Rossi"),
        ("Anna Rossi", "Anna\u{3164}Rossi"),
        ("Anna Rossi", "Anna\u{200b}Rossi"),
        ("Anna Rossi", "Anna\u{ad}Rossi"),
        ("Anna Rossi", "Anna\u{34f}Rossi"),
        ("Anna Rossi", "Anna\u{180e}Rossi"),
        ("Anna Rossi", "Anna\u{1}Rossi"),
        ("Anna Rossi", "Anna\u{1b}[CRossi"),
        ("Niccolò", "NiccoIò"),
        ("Niccolò", "Nicco1ò"),
        ("Anna Rossi", "Anna Rossl"),
        ("Rossi", "R0ssi"),
        ("Anna R.", "R. Anna"),
        ("Müller", "Muller"),
        ("محمّد", "محمد"),
        ("がな", "か\u{3099}な"),
        ("anna", "ᴀ\u{300}nna"),
        ("Anna", "Ꭺ\u{301}nna"),
        ("anna", "ａ\u{301}nna"),
        ("anna", "𝒂\u{301}nna"),
        ("anna", "ᴀ\u{93f}nna"),
        ("Anna Rossi", "Anna Rossi’\u{301}"),
        ("Anna Rossi", "Anna Rossi🙂\u{301}"),
        ("राम", "राम🙂\u{301}"),
        ("राम", "राम\u{301}"),
        ("李", "李\u{301}"),
        ("Anna Rossi", "𐌀nna Rossi"),
        ("Anna Rossi", "Anna R\u{c02}ssi"),
        ("Anna Rossi", "Anna R\u{665}ssi"),
        ("Anna Rossi", "Anna R\u{6f5}ssi"),
        ("Anna R0ssi", "Anna R\u{665}ssi"),
        ("Anna 5", "Anna \u{665}"),
        ("Anna Rossi", "Anna Ro$$i"),
        ("Anna Rossi", "Anna Ro55i"),
        ("Anna Ro$$i", "Anna Ro55i"),
        ("Anna Rossi", "@nn4 R0$5!"),
        ("Rossi Anna", "@nn4 R0$5!"),
        ("Beatrice Luigi Zetti", "8€@7r1c3 Lui9i 237+|"),
        ("Bruno Luigi", "6runo Lui6i"),
        ("Anna Rossi", "anna@rossi"),
        ("Anna Rossi", "Anna Rossi!"),
        ("Anna Rossi", "Anna | Rossi"),
        ("Anna Rossi", "Anna Rossi 🇮🇹"),
        ("Anna", "🇦nn🇦"),
        ("Isaac", "Isꜳc"),
        ("Mamma", "𑜀a𑜀𑜀a"),
        ("Νίκος Ρήγας", "ΝΊΚΟΣ ΡΉΓΑΣ"),
        ("Зоя Нечаева", "ЗОЯ НЕЧАЕВА"),
        ("రంగ", "రంగ!"),
        ("Anna Rossi", "Annaー Rossi"),
        ("Anna Rossi", "AnnaーRossi"),
        ("Anna Rossi", "Anna一Rossi"),
        ("Anna Rossi", "AnnaㅡRossi"),
        ("Anna Rossi", "Rossi一一Anna"),
        ("Anna Rossi", "AnnaՙRossi"),
        ("Anna Rossi", "Anna Rossiՙՙՙՙՙՙՙՙՙՙՙՙՙՙ"),
        ("Anna Rossi", "Anna Rossꞌi"),
        ("Rossi-Verdi", "VerdiーRossi"),
        ("Anna Ross!", "Anna Rossǃ"),
        ("Anna Rossi", "Anna Rossǃ"),
        ("D'Amico Luca", "DꞌAmico Luca"),
        ("D'Amico Luca", "Luca DʻAmico"),
        ("D'Amico", "Dߴamico"),
        ("محمد", "محــمد"),
        ("二口", "ニロ"),
        ("力田", "カ田"),
        ("Anna Rossꓲ", "Anna Rossꓲꓸ"),
        ("Anna Rossi", "Anna Rossꓲꓹ"),
        ("Anna Rossi", "Anna Rossꓲꓽ"),
        ("Anna Rossi", "Annꓮꓸ Rossi"),
        ("Anna Rossi", "ꓮꓠꓠꓮ ꓣꓳꓢꓢꓲꓸ"),
        ("Anna Rossi", "Anna Rossꓲˈ"),
        ("Paolo Bianchi", "Paoᒪᐧo Bianchi"),
        ("Luca Verdi", "ᒪᐧuca Verdi"),
        ("Luca Verdi", "LUCA ᐯᐧERDI"),
        ("Anna Rossi", "Annᗅᐧ Rossi"),
        ("Anna Rossi", "Anna Rഠːssi"),
        ("Anna Rossi", "Anna Rഠꞌssi"),
        ("Anna Rossi", "Anna Rഠーssi"),
        ("Luca D’Amico", "Luca ᗞꞌAmico"),
        ("Luca D’Amico", "Luca ꓓꓸAmico"),
        ("Anna Rossi", "Anna Rossi\u{a67f}"),
        ("Anna Rossi", "Anna Rossi\u{2e2f}"),
        ("A n n a R o s s i", "R o s s i A n n a"),
        ("An na R o s s i", "R o s s i An na"),
        ("A n n a R o s s i", "RossiAnna"),
        ("An n a L i", "L i An n a"),
        ("Anna Maria De La Cruz Rossi Verdi", "Verdi Rossi Cruz La De Maria Anna"),
        ("A. I.", "A. l."),
        ("A. L.", "A. l."),
        ("A. I.", "A. 1"),
        ("MI", "Ml"),
        ("LUIGI", "LUlGl"),
        ("Anna Rossi", "Anna Anna Rossi"),
        ("Anna Rossi", "Anna Rossi Anna Rossi"),
        ("Anna Rossi", "Anna Rossi.Anna"),
        ("Anna Rossi", "AnnaAnna Rossi"),
        ("Anna Rossi", "AnnaRossiAnnaRossi"),
        ("Anna Rossi", "Rossi, Anna Rossi Anna Rossi Anna Rossi Anna"),
        ("Anna Maria De Rossi", "De Rossi Anna Maria De Rossi"),
    ] {
        assert!(person(one).is(&person(other)) && person(other).is(&person(one)), "{one:?} and {other:?}");
    }
}

#[test]
fn different_people_stay_different() {
    for (one, other) in
        [("Anna", "Bruno"), ("Anna Rossi", "Anna Verdi"), ("A1", "A2"), ("Anna", "Anna Rossi"), ("李", "王")]
            .into_iter()
            .chain([
                ("A. R.", "R. A."),
                ("AR", "RA"),
                ("AR", "R. A."),
                ("かな", "がな"),
                ("राम", "रमि"),
                ("กิ", "กี"),
                ("రంగ", "రగ"),
                ("A6", "A8"),
                ("A8", "A9"),
                ("A$ R", "R A"),
                ("Anna $", "Anna Rossi"),
                ("A. I.", "A. L."),
                ("M. I.", "M. L."),
                ("MI", "ML"),
                ("MI", "M. L."),
                ("L. I.", "L. L."),
                ("Anna I.", "Anna L."),
                ("A. B. C.", "C. B. A."),
                ("A n n a R o s s i", "A n n a V e r d i"),
                ("ミノル", "ミル"),
                ("一郎", "郎"),
                ("佐々木", "佐木"),
                ("Na", "Nana"),
                ("Anna", "Anna Rossi Anna"),
            ])
    {
        assert!(!person(one).is(&person(other)), "{one:?} and {other:?}");
    }
}

#[test]
fn whatever_looks_like_a_latin_letter_makes_no_second_person() {
    let drawn = |letter: char| skeleton(letter.encode_utf8(&mut [0; 4])).collect::<String>();
    let latin: HashMap<String, char> = ('A'..='Z').chain('a'..='z').map(|letter| (drawn(letter), letter)).collect();
    let mut tried = 0;
    // What Unicode takes for the same is on record as that, and no longer looks like another letter.
    for sign in ('\0'..='\u{3ffff}').filter(|sign| once(*sign).nfkc().eq([*sign])) {
        let Some(letter) = latin.get(&drawn(sign)) else { continue };
        for [before, between, after] in [["A", "nna Ro", "si"], ["", "nna Rossi", ""], ["An", "", "a Rossi"]] {
            let name = |one: char| person(&format!("{before}{one}{between}{one}{after}"));
            let code = u32::from(sign);
            assert!(name(sign).is(&name(*letter)) && name(*letter).is(&name(sign)), "U+{code:04X} and {letter}");
        }
        tried += 1;
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn whatever_looks_like_a_sign_makes_no_second_person() {
    let anna = person("Anna Rossi");
    let mut tried = 0;
    for sign in ('\0'..='\u{3ffff}').filter(|sign| sign.is_alphanumeric() && once(*sign).nfkc().eq([*sign])) {
        if skeleton(sign.encode_utf8(&mut [0; 4])).any(char::is_alphanumeric) {
            continue;
        }
        for name in ["Anna Rossi?", "?Anna Rossi", "Anna? Rossi", "Anna?Rossi", "An?na Rossi", "Rossi??Anna"] {
            let (name, code) = (person(&name.replace('?', &sign.to_string())), u32::from(sign));
            assert!(anna.is(&name) && name.is(&anna), "U+{code:04X} in {name}");
        }
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}

#[test]
fn a_sign_beside_a_letter_that_looks_latin_makes_no_second_person() {
    let is_tried =
        |letter: char| letter.is_alphabetic() && !is_combining_mark(letter) && once(letter).nfkc().eq([letter]);
    let all = || ('\0'..='\u{3ffff}').filter(|letter| is_tried(*letter));
    let drawn = |letter: char| skeleton(letter.encode_utf8(&mut [0; 4])).collect::<Vec<char>>();
    let is_sign = |letter: &char| !drawn(*letter).into_iter().any(char::is_alphanumeric);
    let looks_latin =
        |letter: &char| *letter >= '\u{900}' && matches!(drawn(*letter)[..], [one] if one.is_ascii_alphanumeric());
    let signs: Vec<char> = all().filter(is_sign).collect();
    let letters: Vec<char> = all().filter(|letter| !is_sign(letter)).filter(looks_latin).collect();
    assert!(signs.len() > 30 && letters.len() > 100, "{} {}", signs.len(), letters.len());
    // Each letter beside some sign, and each sign beside some letter.
    for at in 0..signs.len().max(letters.len()) {
        let (sign, letter) = (signs[at % signs.len()], letters[at % letters.len()]);
        let plain = person(&format!("Anna {letter}ossi"));
        for name in [format!("Anna {letter}{sign}ossi"), format!("Anna {sign}{letter}ossi")] {
            let name = person(&name);
            assert!(plain.is(&name) && name.is(&plain), "{name} U+{:04X} U+{:04X}", sign as u32, letter as u32);
        }
    }
}

#[test]
fn capitals_make_no_second_person() {
    for small in ('\0'..='\u{3ffff}').filter(|letter| !is_combining_mark(*letter)) {
        let mut capitals = small.to_uppercase();
        let (Some(capital), None) = (capitals.next().filter(|capital| *capital != small), capitals.next()) else {
            continue;
        };
        let name = |letter: char| person(&format!("Anna {letter}ossi"));
        assert!(name(small).is(&name(capital)) && name(capital).is(&name(small)), "{small} and {capital}");
    }
}

#[test]
fn a_name_of_many_signs_is_compared_in_a_moment() {
    let (many, more) = (person(&("a ".repeat(6) + &"$".repeat(68))), person(&("a".repeat(6) + &"$".repeat(74))));
    assert!(many.is(&more) && !many.is(&person(&"a$".repeat(40))));
}

#[test]
fn a_name_is_kept_as_it_is_read() {
    assert_eq!(person(" Niccolo\u{300}\t d’Amico\u{200b} ").as_str(), "Niccolò d’Amico");
    assert_eq!(Reason::new("riga uno\r\nriga due").unwrap().as_str(), "riga uno riga due");
    for reason in ["10² m", "all'art. 1º", "½", "Così è"] {
        let reason = format!("vale {reason}");
        assert_eq!(Reason::new(&reason).unwrap().as_str(), reason);
    }
    assert_eq!(person("Anna\u{3164}Rossi\u{1}B").as_str(), "Anna Rossi B");
}

#[test]
fn what_belongs_to_no_name_makes_no_second_person_of_one() {
    for (typed, letter) in [
        ("Anna ℞ossi", '℞'),
        ("Anna Rossi丨", '丨'),
        ("Anna Rossiⵏ", 'ⵏ'),
        ("Anna Rossiㆍ", 'ᆞ'),
        ("Anna Rossi𐤚", '𐤚'),
        ("Anna Rossi〱", '〱'),
        ("Anna Rossi𐑀", '𐑀'),
        ("Anna 𐊕ossi", '𐊕'),
        ("Ⴙnna Rossi", 'Ⴙ'),
        ("Anna Rossi🅰", '🅰'),
        ("Anna Rossi 🙂", '🙂'),
        ("аnna Rossi", 'n'),
        ("Anna ꞂOSSI", 'Ꞃ'),
        ("Anna Rossi†", '†'),
        ("Anna Rossi𝈀", '𝈀'),
    ] {
        assert_eq!(Person::new(typed), Err(NotWords::Stranger(letter)), "{typed:?}");
    }
    for name in [
        "Niccolò D’Amico",
        "Luca Dall'Ò-Verdi",
        "Jürgen Groß",
        "Nguyễn Thị Ánh",
        "Łukasz Żółć",
        "Şükrü İnce",
        "Зоя Нечаева",
        "Νίκος Ρήγας",
        "محمد",
        "李明",
        "かな 花子",
        "김 철수",
        "राम",
        "A. R. (URP)",
        "Ufficio 2 – anna@ente",
    ] {
        assert!(Person::new(name).is_ok(), "{name}: {:?}", Person::new(name));
    }
    assert!(Person::signed_in("李明 (Li Ming) 🙂", "1").is_ok(), "whoever has signed in is known by the identifier");
}

#[test]
fn what_says_nothing_is_no_name_and_no_reason() {
    for nothing in [
        "",
        "  ",
        "\u{200b}",
        "\u{200b}\u{200b}\u{200b}",
        "\u{2800}\u{2800}\u{2800}",
        "\u{1b}[31m",
        "\u{3164}\u{3164}\u{3164}",
    ] {
        assert_eq!(Person::new(nothing), Err(NotWords::TooShort), "{nothing:?}");
        assert_eq!(Reason::new(nothing), Err(NotWords::TooShort), "{nothing:?}");
    }
    for signs in ["...", "123", "---", "🙂🙂🙂"] {
        assert_eq!(Person::new(signs), Err(NotWords::NoLetters), "{signs:?}");
        assert_eq!(Reason::new(signs), Err(NotWords::NoLetters), "{signs:?}");
    }
    assert_eq!(Reason::new("ok"), Err(NotWords::TooShort));
    assert!(Person::new(&"a".repeat(LONGEST_NAME)).is_ok() && Reason::new(&"è".repeat(LONGEST_REASON)).is_ok());
    assert_eq!(Person::new(&"a".repeat(81)), Err(NotWords::TooLong { found: 81, most: 80 }));
    assert_eq!(Reason::new(&"a".repeat(4_001)), Err(NotWords::TooLong { found: 4_001, most: 4_000 }));
}

proptest! {
    #[test]
    fn a_name_typed_again_as_it_is_kept_is_the_same(typed in any::<String>()) {
        if let Ok(name) = Person::new(&typed) {
            let again = Person::new(name.as_str());
            prop_assert!(again.is_ok_and(|again| again.is(&name)));
            prop_assert!(!name.as_str().chars().any(char::is_control));
        }
    }
}

#[test]
fn who_has_signed_in_is_known_by_the_identifier_and_nobody_can_type_one() {
    let anna = Person::signed_in("Anna Bianchi", "3f2a-1").unwrap();
    assert_eq!((anna.as_str(), anna.name(), anna.id()), ("Anna Bianchi [3f2a-1]", "Anna Bianchi", Some("3f2a-1")));
    assert!(anna.is(&Person::signed_in("Anna Bianchi Verdi", "3f2a-1").unwrap()), "a name changes, a person does not");
    assert!(!anna.is(&Person::signed_in("Anna Bianchi", "3f2a-2").unwrap()), "two people have one name");
    assert!(anna.is(&Person::new("bianchi anna").unwrap()), "on the command line she types her name");
    for typed in ["Anna Bianchi [3f2a-1]", "Anna Bianchi \u{ff3b}3f2a-1\u{ff3d}", "Anna ]"] {
        assert!(matches!(Person::new(typed), Err(NotWords::Stranger('[' | ']'))), "{typed}");
        assert_eq!(person(typed).id(), None, "{typed}");
    }
    for typed in ["Anna Bianchi (3f2a-1)", "3f2a-1 Anna Bianchi", "anna bianchi 3f2a 1", "3f2a-1", "Bianchi Anna"] {
        let typed = Person::new(typed).unwrap();
        assert!(anna.is(&typed) && typed.is(&anna), "{typed}");
    }
    assert!(!anna.is(&Person::new("Anna Bianchi 3f2a-2").unwrap()), "of another identifier it is another name");
    assert_eq!(Person::signed_in("Anna [x]", "1").unwrap().as_str(), "Anna (x) [1]");
    for id in ["", "a b", "a]", "è", &"1".repeat(65)] {
        assert!(Person::signed_in("Anna", id).is_err(), "{id}");
    }
}
