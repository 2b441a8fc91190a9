//! What a start of `galateo serve` says.

use std::io::IsTerminal;

use crate::cli::ServeOptions;
use crate::functions;
use crate::language::{either, say};
use crate::records;
use crate::serve::server::{SANDBOX_KEY, Server};
use crate::terminal::output;

/// Says on standard error where it can be reached, where its records are, and what is not safe.
pub fn greet(server: &Server, options: &ServeOptions) {
    let store = match (&options.data, &options.endpoint) {
        (Some(file), _) => say!("registro in {}", "ledger in {}", file.display()),
        (None, Some(url)) => say!("registro su {url}", "ledger at {url}"),
        (None, None) => either(
            "registro in memoria, perso alla fine (--data FILE lo conserva)",
            "ledger in memory, gone at the end (--data FILE keeps it)",
        )
        .to_owned(),
    };
    let (address, policy) = (server.address(), &server.moderation().policy().reference.id);
    output::tell(&say!(
        "Galateo su http://{address}, {policy}, {store}",
        "Galateo on http://{address}, {policy}, {store}"
    ));
    if !options.once {
        // First what people open; its key is told as that of the sandbox is.
        let path = match server.console_path() {
            path if std::io::stderr().is_terminal() => path,
            path => &path.replace(server.control_key(), "KEY"),
        };
        output::tell(&format!("Console: http://{address}{path}"));
        // A journal or the log of a build keeps what is printed, and others read it.
        let key = if std::io::stderr().is_terminal() {
            server.control_key().to_owned()
        } else {
            say!(
                "CHIAVE, con la chiave di questo avvio; per conoscerla impostare prima {SANDBOX_KEY}",
                "KEY, with the key of this start; to know it, set {SANDBOX_KEY} before"
            )
        };
        output::tell(&say!(
            "Sandbox: http://{address}/sandbox/journal; le sue chiamate vogliono l'intestazione authorization: Bearer {key}",
            "Sandbox: http://{address}/sandbox/journal; its own calls take the header authorization: Bearer {key}"
        ));
    }
    if let Some(file) = &options.functions {
        let (file, watch) = (file.display(), functions::WATCH);
        output::tell(&format!(
            "The environment of the functions is in {file}. In two other windows:\n  \
             cargo lambda watch -A 127.0.0.1 --features cargo-lambda --ignore-changes --env-file {file}\n  \
             galateo send facebook events/facebook/comment-add-email.json --to {watch}"
        ));
    }
    records::tell_unknown_variables(server.moderation().policy());
    if server.settings().is_development() {
        output::tell(&say!(
            "ATTENZIONE: ciò che non ha un segreto suo usa il segreto pubblico {:?}: chiunque può falsificare\n\
             ATTENZIONE: eventi e indovinare pseudonimi. Impostare GALATEO_SECRETS_FACEBOOK (.._INSTAGRAM,\n\
             ATTENZIONE: .._LINKEDIN, .._YOUTUBE, .._X) e GALATEO_PSEUDONYM_KEY.",
            "WARNING: what has no secret of its own uses the public secret {:?}: anyone can forge events and\n\
             WARNING: guess pseudonyms. Set GALATEO_SECRETS_FACEBOOK (.._INSTAGRAM, .._LINKEDIN, .._YOUTUBE, .._X)\n\
             WARNING: and GALATEO_PSEUDONYM_KEY.",
            moderation::DEVELOPMENT_SECRET
        ));
    }
}
