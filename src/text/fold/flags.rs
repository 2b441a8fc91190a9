//! Words spelled out with the letters of which flags are made.

/// Bytes of a regional indicator.
pub(super) const INDICATOR: usize = 4;
/// The regional indicators of A to Z, of which two make the flag of a country.
const INDICATORS: std::ops::RangeInclusive<char> = '\u{1F1E6}'..='\u{1F1FF}';

/// The codes of countries, and of the few other regions, that have a flag (ISO 3166, Unicode CLDR).
const REGIONS: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs \
    bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea ec ee eg eh er es \
    et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie il im in \
    io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk \
    ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps \
    pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl \
    tm tn to tr tt tv tw tz ua ug um un us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw";

/// The regional indicators with which a text begins: as they are where they make flags, else the letters that they
/// show.
pub(super) fn read(text: &str) -> Vec<char> {
    let letter = |sign: char| {
        let nth = INDICATORS.contains(&sign).then(|| u32::from(sign) - u32::from(*INDICATORS.start()))?;
        char::from_u32(u32::from('a') + nth)
    };
    let letters: Vec<char> = text.chars().map_while(letter).collect();
    let is_region = |pair: &[char]| {
        let code: String = pair.iter().collect();
        REGIONS.split_ascii_whitespace().any(|region| region == code)
    };
    if letters.chunks(2).all(is_region) { text.chars().take(letters.len()).collect() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stay_and_letters_are_read() {
        let read = |text| read(text).into_iter().collect::<String>();
        assert_eq!(read("🇸🇹🇷🇴🇳🇿🇮 siete"), "stronzi");
        assert_eq!(read("🇮 🇹"), "i", "one alone is no flag");
        assert_eq!(read("🇮🇹🇫🇷"), "🇮🇹🇫🇷");
        assert_eq!(read("🇮🇹 e"), "🇮🇹");
        assert_eq!(read("x🇮"), "");
        assert!(REGIONS.split_ascii_whitespace().is_sorted());
    }
}
