//! Meta's data deletion callback (docs/platforms.md, section 7.1): somebody withdraws from our app, and Meta passes on
//! that what we hold about them is to be deleted.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use policy::PlatformUserId;
use serde_json::json;

use super::signature::{SignedRequest, signed_request};
use crate::arriving::inbound::{MAX_BODY_BYTES, reply};
use crate::{Unverified, WebhookSecrets};

/// The form field that carries the request.
const FIELD: &str = "signed_request";

/// What is older than this is refused: whoever has seen an old request cannot send it again for ever.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);

/// How far ahead of ours Meta's clock may be.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

/// What became of a request.
#[derive(Debug)]
pub enum DataDeletion {
    /// This person's data is to be deleted. Answer with [`data_deletion_confirmed`] once that is durable.
    Asked(PlatformUserId),
    /// It is refused, with the reason in plain words: 405 to another method than POST, 413 to a body over the limit, 400
    /// to everything else that is not believed.
    Answered(Response<Bytes>),
}

/// Whose data is to be deleted: an id that belongs to our app ([`SignedRequest::user_id`]). The request is a form with
/// the field `signed_request`, and is believed when one of the secrets leads to its signature and it is neither older
/// than a day nor past the time that it states.
pub fn data_deletion(request: &Request<Bytes>, secrets: &WebhookSecrets, now: Timestamp) -> DataDeletion {
    if request.method() != Method::POST {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "POST only");
    }
    if request.body().len() > MAX_BODY_BYTES {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is over the limit");
    }
    match person(request.body(), secrets, now) {
        Ok(person) => DataDeletion::Asked(person),
        Err(why) => refused(StatusCode::BAD_REQUEST, why),
    }
}

fn person(form: &[u8], secrets: &WebhookSecrets, now: Timestamp) -> Result<PlatformUserId, &'static str> {
    let mut fields = url::form_urlencoded::parse(form);
    let Some((_, text)) = fields.find(|(name, _)| name == FIELD) else {
        return Err("the form field signed_request is missing");
    };
    let signed = signed_request(&secrets.signing, &text).map_err(|unverified| match unverified {
        Unverified::Mismatch => "signed_request is not signed with a secret of ours",
        Unverified::Missing | Unverified::Unreadable | Unverified::Challenge => {
            "signed_request is not of the documented form"
        }
    })?;
    if is_timely(&signed, now) { Ok(signed.user_id) } else { Err("signed_request is too old, or of a time to come") }
}

/// The answer that Meta shows to the person: where to read what became of the request, and its code.
pub fn data_deletion_confirmed(url: &str, code: &str) -> Response<Bytes> {
    reply(StatusCode::OK, JSON, json!({ "url": url, "confirmation_code": code }).to_string())
}

fn is_timely(signed: &SignedRequest, now: Timestamp) -> bool {
    // Meta writes 0 for a request without an end.
    let has_expired = signed.expires.is_some_and(|expires| expires != Timestamp::UNIX_EPOCH && expires <= now);
    let age = now.duration_since(signed.issued_at);
    !has_expired && age <= OLDEST && age >= -AHEAD
}

fn refused(status: StatusCode, why: &'static str) -> DataDeletion {
    tracing::warn!(status = status.as_u16(), why, "a data deletion request is refused");
    DataDeletion::Answered(reply(status, TEXT, format!("{why}\n")))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;

    use super::*;
    use crate::Secret;

    const NOW: i64 = 1_791_836_800;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn secrets() -> WebhookSecrets {
        let signing = vec![Secret::from("new"), Secret::from("test-app-secret")];
        WebhookSecrets { signing, verify_tokens: Vec::new() }
    }

    fn signed(payload: &str) -> String {
        let payload = BASE64URL.encode(payload);
        let mac = crate::arriving::signature::sha256(&Secret::from("test-app-secret"), payload.as_bytes());
        format!("{}.{payload}", BASE64URL.encode(mac))
    }

    fn issued(at: i64, rest: &str) -> String {
        signed(&format!(r#"{{"algorithm":"HMAC-SHA256","issued_at":{at},"user_id":"218471"{rest}}}"#))
    }

    fn post(field: &str, value: &str) -> Request<Bytes> {
        let body = url::form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
        Request::post("/data-deletion/facebook").body(Bytes::from(body)).unwrap()
    }

    fn answer(request: &Request<Bytes>) -> (u16, String) {
        let DataDeletion::Answered(answer) = data_deletion(request, &secrets(), at(NOW)) else { panic!("believed") };
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    }

    #[test]
    fn a_request_signed_with_any_active_secret_names_the_person() {
        for request in [issued(NOW - 10, ""), issued(NOW + 60, ""), issued(NOW - 86_400, r#","expires":0"#)] {
            let deletion = data_deletion(&post(FIELD, &request), &secrets(), at(NOW));
            assert!(matches!(&deletion, DataDeletion::Asked(person) if person.as_str() == "218471"), "{deletion:?}");
        }
    }

    #[test]
    fn what_is_forged_malformed_or_of_another_time_is_refused_with_the_reason() {
        let good = issued(NOW, "");
        let forged = format!("{}x", &good[..good.len() - 1]);
        let other = signed(&format!(r#"{{"algorithm":"none","issued_at":{NOW},"user_id":"1"}}"#));
        let expired = issued(NOW - 10, &format!(r#","expires":{}"#, NOW - 1));
        for (request, why) in [
            (post("signed", &good), "missing"),
            (post(FIELD, ""), "documented form"),
            (post(FIELD, "a.b.c"), "documented form"),
            (post(FIELD, &other), "documented form"),
            (post(FIELD, &forged), "secret of ours"),
            (post(FIELD, &issued(NOW - 86_401, "")), "too old"),
            (post(FIELD, &issued(NOW + 301, "")), "to come"),
            (post(FIELD, &expired), "too old"),
        ] {
            let (status, text) = answer(&request);
            assert_eq!(status, 400, "{why}");
            assert!(text.contains(why) && !text.contains("218471"), "{text:?} does not say {why:?}");
        }
        let get = Request::get("/").body(Bytes::new()).unwrap();
        assert_eq!(answer(&get).0, 405);
        let long = Request::post("/").body(Bytes::from(vec![b'x'; MAX_BODY_BYTES + 1])).unwrap();
        assert_eq!(answer(&long).0, 413);
    }

    #[test]
    fn the_confirmation_is_what_meta_documents() {
        let answer = data_deletion_confirmed("https://example.org/data-deletion/status?code=ab", "ab");
        let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let url = "https://example.org/data-deletion/status?code=ab";
        assert_eq!(body, json!({ "url": url, "confirmation_code": "ab" }));
        assert_eq!(answer.headers()["content-type"], JSON);
    }
}
