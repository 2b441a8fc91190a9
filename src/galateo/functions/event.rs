//! `galateo event`: a platform's body as the signed event that API Gateway hands to a function.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use local::files;
use platforms::MAX_BODY_BYTES;
use policy::Platform;
use serde_json::{Value, json};

use super::signing_secret;
use crate::cli::EventOptions;
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// The largest body, in bytes: a function refuses what is over it, and that is to be tried as well.
const LARGEST: u64 = 4 * MAX_BODY_BYTES as u64;

/// Prints the event of the HTTP API, payload format 2.0, for `cargo lambda invoke PLATFORM --data-file`.
pub fn event(options: &EventOptions) -> Result<(), Failure> {
    let body = body(&options.file)?;
    let secret = signing_secret(options.platform)?;
    let event = serde_json::to_string_pretty(&of(options.platform, &secret, &body, Timestamp::now()));
    let event = event.map_err(|error| Failure::unusable(format!("the event cannot be written: {error}")))?;
    output::written_json(&(event + "\n"))
}

/// The body that a file holds, byte for byte: the signature is over all of them, a line break at the end too.
pub fn body(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        let body = files::read_from(io::stdin(), LARGEST);
        return body.map_err(|error| Failure::unusable(format!("standard input: {error}")));
    }
    files::read(file, LARGEST).map_err(|error| Failure::unusable(format!("{}: {error}", file.display())))
}

/// How a platform names what its bodies are.
pub fn media_type(platform: Platform) -> &'static str {
    match platform {
        Platform::Youtube => "application/atom+xml",
        Platform::Facebook | Platform::Instagram | Platform::Linkedin | Platform::X => "application/json",
    }
}

/// The event: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
fn of(platform: Platform, secret: &str, body: &[u8], now: Timestamp) -> Value {
    let path = format!("/webhooks/{platform}");
    let route = format!("POST {path}");
    let (header, signature) = sandbox::sign(platform, secret, body);
    // What is not text is handed over in base64, as API Gateway does.
    let text = std::str::from_utf8(body).ok();
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "content-length": body.len().to_string(),
            "content-type": media_type(platform),
            "host": "example.execute-api.eu-south-1.amazonaws.com",
            (header): signature,
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "example",
            "domainName": "example.execute-api.eu-south-1.amazonaws.com",
            "domainPrefix": "example",
            "http": {
                "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "galateo"
            },
            "requestId": "example",
            "routeKey": route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "body": text.map_or_else(|| BASE64.encode(body), str::to_owned),
        "isBase64Encoded": text.is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_gets_its_signature_and_bytes_that_are_no_text_survive() {
        for platform in Platform::ALL.iter().copied() {
            for body in ["{\"à\":1}\n".as_bytes(), b"\xff\x00".as_slice()] {
                let event = of(platform, "a secret", body, Timestamp::UNIX_EPOCH);
                let (header, signature) = sandbox::sign(platform, "a secret", body);
                assert_eq!(event["headers"][header], signature);
                assert_eq!(event["rawPath"], format!("/webhooks/{platform}"));
                let text = event["body"].as_str().unwrap();
                let carried = match event["isBase64Encoded"] == true {
                    true => BASE64.decode(text).unwrap(),
                    false => text.as_bytes().to_vec(),
                };
                assert_eq!(carried, body);
            }
        }
        let time = of(Platform::X, "", b"", Timestamp::UNIX_EPOCH)["requestContext"]["time"].clone();
        assert_eq!(time, "01/Jan/1970:00:00:00 +0000");
    }
}
