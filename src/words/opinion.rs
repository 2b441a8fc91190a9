//! What the learned reader said about a contribution, and on which passages it went.

use policy::{Language, Opinion, Stance};

/// What the reader said, in a sentence without a full stop. It is called a statistical model: that is what whoever is
/// concerned has to know of it.
pub fn opinion(opinion: &Opinion, language: Language) -> String {
    let said = percent(opinion.probability, language);
    match language {
        Language::Italian => in_italian(opinion.stance, &said),
        Language::English => in_english(opinion.stance, &said),
    }
}

/// That a statistical model takes part, what it may do and what it may not: for the published policy and for every
/// statement of reasons.
pub const fn takes_part(language: Language) -> &'static str {
    match language {
        Language::Italian => {
            "Accanto alle regole ogni intervento è letto da un modello statistico, allenato su testi inventati. Il modello può \
             opporsi a che un intervento sia nascosto, e allora decide una persona; può concordare con una regola dubbia, che \
             allora nasconde; da solo può soltanto chiamare una persona. Da solo non nasconde nulla, non conta violazioni, non \
             avvisa e non esclude nessuno."
        }
        Language::English => {
            "Beside the rules every contribution is read by a statistical model, trained on invented texts. The model may object \
             to hiding a contribution, and then a person decides; it may agree with a doubtful rule, which then hides; alone it \
             can only call a person. Alone it hides nothing, counts no violation, warns nobody and excludes nobody."
        }
    }
}

fn in_italian(stance: Stance, said: &str) -> String {
    match stance {
        Stance::Calls => format!(
            "nessuna regola ha riconosciuto qualcosa; per il modello statistico c'è da guardare, con probabilità {said}: decide una \
             persona"
        ),
        Stance::Alarms => {
            format!(
                "per il modello statistico qualcuno può essere in pericolo, con probabilità {said}: guardi subito una persona"
            )
        }
        Stance::Suggests => {
            format!("per il modello statistico è una pratica personale, con probabilità {said}: risponde una persona")
        }
        Stance::Answers => {
            format!(
                "per il modello statistico è una pratica personale, con probabilità {said}: si indica il servizio online"
            )
        }
        Stance::Objects => format!(
            "la regola e il modello statistico non concordano: per il modello è probabile al {said} che non ci sia \
             violazione, perciò non si nasconde e decide una persona"
        ),
        Stance::Agrees => format!(
            "la regola da sola è dubbia, e il modello statistico concorda: violazione probabile al {said}, perciò si nasconde"
        ),
    }
}

fn in_english(stance: Stance, said: &str) -> String {
    match stance {
        Stance::Calls => format!(
            "no rule recognised anything; to the statistical model there is something to look at, with a probability of {said}: a \
             person decides"
        ),
        Stance::Alarms => {
            format!(
                "to the statistical model somebody may be in danger, with a probability of {said}: a person looks at once"
            )
        }
        Stance::Suggests => {
            format!(
                "to the statistical model this is a personal case, with a probability of {said}: a person answers it"
            )
        }
        Stance::Answers => {
            format!(
                "to the statistical model this is a personal case, with a probability of {said}: the online service is named"
            )
        }
        Stance::Objects => format!(
            "the rule and the statistical model disagree: to the model it is probable at {said} that nothing is violated, so \
             it is not hidden and a person decides"
        ),
        Stance::Agrees => format!(
            "the rule alone is doubtful, and the statistical model agrees: a violation is probable at {said}, so it is hidden"
        ),
    }
}

/// The passages that weighed most, from the text that they stand in, each with its part. Empty where the text is not kept
/// or nothing weighed.
pub fn passages(opinion: &Opinion, text: &str, language: Language) -> String {
    let one = |passage: &policy::Weighed| {
        let words = text.get(passage.start..passage.end)?;
        Some(format!("«{words}» ({})", percent(passage.part, language)))
    };
    opinion.passages.iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// Thousandths as a percentage with one decimal.
fn percent(thousandths: u16, language: Language) -> String {
    let point = match language {
        Language::Italian => ',',
        Language::English => '.',
    };
    format!("{}{point}{} %", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use policy::Weighed;

    use super::*;

    #[test]
    fn a_disagreement_is_told_in_both_languages_with_the_passages() {
        let said = Opinion {
            stance: Stance::Objects,
            probability: 873,
            passages: vec![
                Weighed { start: 0, end: 8, part: 612 },
                Weighed { start: 8, end: 11, part: 50 },
                Weighed { start: 90, end: 99, part: 10 },
            ],
        };
        let italian = opinion(&said, Language::Italian);
        assert!(
            italian.contains("non concordano") && italian.contains("al 87,3 % che non ci sia violazione"),
            "{italian}"
        );
        let english = opinion(&said, Language::English);
        assert!(english.contains("disagree") && english.contains("87.3 %"), "{english}");
        assert_eq!(passages(&said, "benvenuti a me", Language::Italian), "«benvenut» (61,2 %), «i a» (5,0 %)");
    }
}
