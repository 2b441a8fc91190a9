//! The page on which one chooses who one is.

use url::form_urlencoded::Serializer;

use super::{Asked, PEOPLE};

/// The page. What the request says stands in addresses only, encoded.
pub fn choose(asked: &Asked) -> String {
    let address = |person: &str| {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", &asked.response_type)
            .append_pair("client_id", &asked.client_id)
            .append_pair("redirect_uri", &asked.redirect_uri)
            .append_pair("scope", &asked.scope)
            .append_pair("state", &asked.state);
        let given = [
            ("nonce", &asked.nonce),
            ("code_challenge", &asked.code_challenge),
            ("code_challenge_method", &asked.code_challenge_method),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        query.append_pair("person", person).finish().replace('&', "&amp;")
    };
    let people = PEOPLE.iter().map(|someone| {
        let (name, groups) = (someone.name, someone.groups.join(", "));
        format!("<li><a href=\"?{}\">{name}</a> ({groups})</li>", address(someone.subject))
    });
    format!(
        "<!DOCTYPE html><html lang=\"it\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Chi sei?</title></head>\
         <body><main><h1>Chi sei?</h1><p>Servizio di accesso di prova, senza password: sta solo su questo computer.</p>\
         <ul>{}</ul><p><a href=\"?{}\">Nessuno</a></p></main></body></html>",
        people.collect::<String>(),
        address("nobody")
    )
}

/// The page for a browser that has not shown the key.
pub fn closed() -> String {
    "<!DOCTYPE html><html lang=\"it\"><head><meta charset=\"utf-8\">\
     <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Manca la chiave</title></head>\
     <body><main><h1>Manca la chiave</h1><p>Aprire la console con l'indirizzo che <code>galateo serve</code> ha scritto nel \
     terminale: contiene la chiave di questo avvio.</p></main></body></html>"
        .to_owned()
}
