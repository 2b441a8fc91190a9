//! `galateo send`: signs a platform's body and posts it, as the platform would.

use std::time::Duration;

use http::header;
use pages::visible;
use policy::Platform;
use reqwest::redirect::Policy;
use serde_json::json;
use url::Url;

use super::event::{body, media_type};
use super::signing_secret;
use crate::cli::SendOptions;
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// How long an answer may take: for the first event `cargo lambda watch` compiles the function.
const PATIENCE: Duration = Duration::from_secs(1800);

/// The longest answer that is read, in bytes. A receiver of webhooks answers a line.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Sends, and prints the answer. An answer other than 2xx, or that the body was not understood, is a negative
/// result.
pub async fn send(options: &SendOptions) -> Result<(), Failure> {
    let SendOptions { platform, file, to, json } = options;
    let body = body(file)?;
    let is_of_meta = matches!(platform, Platform::Facebook | Platform::Instagram);
    if let Some(other) = platforms::meant_for(&body).filter(|other| is_of_meta && other != platform) {
        let file = file.display();
        return Err(Failure::negative(format!(
            "{file}: this is no body of {platform}, but one of {other}: nothing was sent"
        )));
    }
    let url = address(to, *platform)?;
    let (name, signature) = sandbox::sign(*platform, &signing_secret(*platform)?, &body);
    // What a receiver answers is for this address alone.
    let client = platforms::reaching(reqwest::Client::builder().redirect(Policy::none()), &url);
    let client = client.build().map_err(|error| unanswered(&url, &error))?;
    let request = client.post(url.clone()).timeout(PATIENCE);
    let request = request.header(name, signature).header(header::CONTENT_TYPE, media_type(*platform)).body(body);
    let mut answer = request.send().await.map_err(|error| unanswered(&url, &error))?;
    let status = answer.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unanswered(&url, &error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_ANSWER {
            return Err(Failure::negative(format!(
                "{url} answered {status} with more than {LONGEST_ANSWER} bytes: this is no receiver of webhooks"
            )));
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    if *json {
        output::json(&json!({ "status": status.as_u16(), "body": text }))?;
    } else {
        let lines: String = text.lines().map(|line| visible(line) + "\n").collect();
        output::print(&format!("{status}\n{lines}"))?;
    }
    // Some platforms have to get a 200 for it, to stop repeating it, and X gets a 400.
    if text == platforms::NOT_UNDERSTOOD {
        return Err(Failure::negative(format!("{}: this is no body of {platform}", file.display())));
    }
    if status.is_success() {
        return Ok(());
    }
    let hint = match status.as_u16() {
        401 => ": the signature is of another secret than the receiver's",
        404 => ": there is nothing at this address",
        500.. => ": what went wrong stands in the log of the receiver",
        _ => "",
    };
    Err(Failure::negative(format!("{url} answered {status}{hint}")))
}

/// The address of a platform's webhook: the one that was given, or where only a host was given, its usual path there.
fn address(to: &str, platform: Platform) -> Result<Url, Failure> {
    let url = Url::parse(to).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let mut url = url
        .ok_or_else(|| Failure::unusable(format!("--to: found {to:?}, expected http://HOST:PORT or a full address")))?;
    if url.path() == "/" {
        url.set_path(&format!("/webhooks/{platform}"));
    }
    Ok(url)
}

fn unanswered(url: &Url, error: &reqwest::Error) -> Failure {
    let why = if error.is_connect() {
        "nothing listens there; is `cargo lambda watch` or `galateo serve` running?"
    } else if error.is_timeout() {
        "no answer came in half an hour"
    } else {
        "the connection broke before the answer was there"
    };
    Failure::unusable(format!("{url}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_gets_the_usual_one() {
        let to = |text| address(text, Platform::X).map(String::from).map_err(|e| e.to_string());
        assert_eq!(to("http://127.0.0.1:9000").unwrap(), "http://127.0.0.1:9000/webhooks/x");
        assert_eq!(to("http://127.0.0.1:9000/").unwrap(), "http://127.0.0.1:9000/webhooks/x");
        let full = "http://127.0.0.1:9000/lambda-url/x/webhooks/x";
        assert_eq!(to(full).unwrap(), full);
        for wrong in ["127.0.0.1:9000", "localhost", "file:///etc/passwd", ""] {
            assert!(to(wrong).unwrap_err().contains("expected http://HOST:PORT"), "{wrong}");
        }
    }
}
