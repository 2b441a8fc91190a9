//! What the measurements judge: comments as they occur on a Chamber's pages, about 145 characters on average.

use policy::{Account, Platform};
use serde_json::{Value, json};

use crate::terminal::failure::Failure;

const CLEAN: [&str; 10] = [
    "Buongiorno, giovedì si potrà seguire anche da casa oppure la diretta questa volta non c'è? L'anno scorso la si \
     trovava sul vostro canale già dal mattino.",
    "Complimenti per il convegno di ieri sull'internazionalizzazione, relatori preparati e domande interessanti. \
     Spero che ne organizziate altri prima dell'estate.",
    "Ma vi sembra normale che per una visura si debba aspettare così tanto? Il diritto annuale però lo pretendete \
     puntuale, e guai a sbagliare di un giorno.",
    "Sono un artigiano da trent'anni e di bandi come questo ne ho visti tanti: alla fine vincono sempre quelli che \
     hanno il consulente giusto.",
    "Quando esce il calendario dei corsi del Punto Impresa Digitale? L'anno scorso quello sull'e-commerce era \
     davvero ben fatto, l'ho consigliato a tutti.",
    "Non sono d'accordo con questa iniziativa, i soldi delle imprese andrebbero spesi per ridurre i costi e non per \
     gli eventi con il buffet.",
    "Grazie!",
    "Condivido 👏👏👏",
    "La sede di Monza è raggiungibile con i mezzi? E gli sportelli di sabato mattina sono aperti o conviene venire \
     in settimana, visto che non ho trovato gli orari?",
    "Finalmente una guida scritta in modo comprensibile, l'ho stampata e appesa in officina. Si potrebbe avere anche \
     per le imprese agricole della Brianza?",
];

/// A comment to send. Its ids follow from the numbers.
pub struct Comment {
    number: usize,
    author: usize,
    text: String,
}

impl Comment {
    /// The clean comment with this number, by an author of its own.
    pub fn clean(number: usize) -> Self {
        Self { number, author: number, text: clean(number) }
    }

    /// The comment with this number that breaks the policy, by an author of its own.
    pub fn violating(number: usize) -> Self {
        let text = format!("Sei proprio un coglione, tu e chi ti ascolta ({number})");
        Self { number, author: number, text }
    }

    /// The same by another author.
    pub fn by(self, author: usize) -> Self {
        Self { author, ..self }
    }
}

/// The text of the clean comment with this number; each number gives another.
pub fn clean(number: usize) -> String {
    format!("{} ({number})", CLEAN[number % CLEAN.len()])
}

/// The platform's id of the comment with this number.
pub fn comment_id(number: usize) -> String {
    format!("900_{number}")
}

/// The Facebook page that the comments are written on.
pub fn facebook_page(accounts: &[Account]) -> Result<&Account, Failure> {
    accounts
        .iter()
        .find(|account| account.platform == Platform::Facebook)
        .ok_or_else(|| Failure::unusable("the policy lists no Facebook account to measure with"))
}

/// The body of Facebook's webhook with these comments, one change each.
pub fn facebook_body(accounts: &[Account], comments: &[Comment]) -> Result<Vec<u8>, Failure> {
    let page = facebook_page(accounts)?.id.as_str();
    let now = jiff::Timestamp::now().as_second();
    let changes: Vec<Value> = comments
        .iter()
        .map(|Comment { number, author, text }| {
            json!({ "field": "feed", "value": {
                "item": "comment", "verb": "add", "comment_id": comment_id(*number),
                "post_id": format!("{page}_900"), "parent_id": format!("{page}_900"),
                "from": { "id": format!("8000{author}"), "name": "Prova" }, "created_time": now, "message": text
            }})
        })
        .collect();
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": now, "changes": changes }] });
    Ok(body.to_string().into_bytes())
}
