//! The policy of a municipality that does not exist: its head, to which tests write the sections that they are about.

/// The text of a policy file of the municipality of Prova, with what follows the head. Where they matter, its lists and the
/// contacts of the organisation come before, as the file has them.
macro_rules! prova {
    ($(lists $lists:literal,)? $(contacts $contacts:literal,)? $rest:literal) => {
        concat!(
            "[policy]\nid = \"prova\"\nversion = \"1\"\ndate = 2026-01-31\ntime_zone = \"Europe/Rome\"\n",
            "url = \"https://www.comune.example\"\n",
            $("lists = ", $lists, "\n",)?
            "\n[organisation]\nname = \"Comune di Prova\"\noffice = \"Ufficio stampa\"\n",
            "email = \"stampa@comune.example\"\nwebsite = \"https://www.comune.example\"\n",
            $("contacts = ", $contacts, "\n",)?
            "\n",
            $rest
        )
    };
}

pub(crate) use prova;
