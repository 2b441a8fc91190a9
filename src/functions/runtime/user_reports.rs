//! Users' reports: an event of SES in, the message itself read from its bucket, the receipt sent.

use std::process::ExitCode;

use anyhow::{Context, bail};
use aws_config::{BehaviorVersion, SdkConfig};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::{Request, StatusCode, header};
use lambda_runtime::LambdaEvent;
use moderation::{Arrival, MAX_MAIL_BYTES, Moderation, Proof, Receipt};
use publish::{Service, Signed, bucket_address, mail_address};
use serde_json::{Value, json};

use crate::metrics;
use crate::parameters::Scope;
use crate::run::run;
use crate::start::{Function, variable};

/// Where messages lie, and what sends the answers.
struct Post {
    signed: Signed,
    /// The address below which the messages stand, by their ids.
    messages: String,
    /// The address of SES.
    ses: String,
}

/// Runs the function of users' reports. SES calls it for each message, after it has put that into the bucket; what
/// fails is repeated, and recognised where it was kept already. It starts and ends as [`crate::webhook`] does.
pub async fn user_reports() -> ExitCode {
    run(start(), |started, event: LambdaEvent<Value>| async move {
        let (function, post) = &*started;
        let (moderation, _) = function.current().await?;
        let records = event.payload["Records"].as_array().cloned().unwrap_or_default();
        let mut outcomes = Vec::new();
        for record in records {
            let outcome = take(&moderation, post, &record["ses"]).await?;
            metrics::emit_user_report(outcome);
            outcomes.push(outcome);
        }
        Ok(json!({ "outcomes": outcomes }))
    })
    .await
}

/// The function, and where its messages lie.
async fn start() -> anyhow::Result<(Function, Post)> {
    let function = Function::start(Scope::Key).await?;
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let post = Post::new(&variable("GALATEO_MAIL")?, &aws).await?;
    Ok((function, post))
}

/// Takes one message; answers what became of it.
async fn take(moderation: &Moderation, post: &Post, record: &Value) -> anyhow::Result<&'static str> {
    let id = record["mail"]["messageId"].as_str().context("the event names no message")?;
    // A message that brings malware, or is unwanted mass mail, is counted and stays in the bucket for a while.
    if ["spamVerdict", "virusVerdict"].iter().any(|name| verdict(record, name) == "FAIL") {
        tracing::info!(message = id, "an e-mail was not taken: it is spam, or holds malware");
        return Ok("rejected");
    }
    let raw = post.message(id, moderation).await?;
    let taken = moderation.take_user_report(&raw, &arrival(record)).await?;
    if let Some(receipt) = &taken.receipt
        && post.send(receipt, moderation).await?
    {
        moderation.receipt_sent(receipt).await?;
    }
    Ok(taken.outcome.as_str())
}

/// What SES found out about the sender. DMARC says that the domain of `From` vouches for the message; where that domain
/// asks for nothing, SPF vouches for the address of the envelope.
fn arrival(record: &Value) -> Arrival {
    let envelope = record["mail"]["source"].as_str().unwrap_or_default();
    let proof = match (verdict(record, "dmarcVerdict"), verdict(record, "spfVerdict")) {
        ("PASS", _) => Proof::Dmarc,
        ("FAIL", _) => Proof::Nothing,
        (_, "PASS") => Proof::Envelope(envelope.to_owned()),
        _ => Proof::Nothing,
    };
    Arrival { proof, unreturnable: matches!(envelope, "" | "<>") }
}

fn verdict<'r>(record: &'r Value, name: &str) -> &'r str {
    record["receipt"][name]["status"].as_str().unwrap_or_default()
}

impl Post {
    /// `store` is `s3://BUCKET/PREFIX`.
    async fn new(store: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let place = store.strip_prefix("s3://").and_then(|place| place.split_once('/'));
        let (bucket, prefix) = place.context("GALATEO_MAIL: expected s3://BUCKET/PREFIX")?;
        let signed = Signed::new(aws).context("the bucket of the messages cannot be reached")?;
        let bucket = bucket_address(bucket, aws, signed.region()).await?;
        let messages = format!("{bucket}/{}", prefix.trim_end_matches('/'));
        let ses = mail_address(aws, signed.region()).await?;
        Ok(Self { signed, messages, ses })
    }

    /// The message, up to what is read of one.
    async fn message(&self, id: &str, moderation: &Moderation) -> anyhow::Result<Vec<u8>> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            bail!("the event names a message by something that is no id");
        }
        let request = Request::get(format!("{}/{id}", self.messages)).body(Vec::new());
        let request = request.context("the bucket of the messages has no usable address")?;
        let now = moderation.clock().now().into();
        let mut answer = self.signed.send(Service::S3, request, now).await?;
        if !answer.status().is_success() {
            bail!("the bucket answered {} for the message {id}", answer.status());
        }
        let mut raw = Vec::new();
        while raw.len() < MAX_MAIL_BYTES {
            let chunk = answer.chunk().await.map_err(|error| error.without_url());
            let Some(chunk) = chunk.context("the message could not be read")? else { break };
            raw.extend_from_slice(&chunk);
        }
        Ok(raw)
    }

    /// Whether SES took it. What it refuses for good is left to a person: the report is durable, and repeating the event
    /// would be refused again. Otherwise the event fails, and is repeated.
    async fn send(&self, receipt: &Receipt, moderation: &Moderation) -> anyhow::Result<bool> {
        let body = json!({
            "FromEmailAddress": receipt.from,
            "Destination": { "ToAddresses": [receipt.to] },
            "Content": { "Raw": { "Data": BASE64.encode(&receipt.message) } },
        });
        let request = Request::post(format!("{}/v2/email/outbound-emails", self.ses))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string().into_bytes())
            .context("SES has no usable address")?;
        let answer = self.signed.send(Service::Ses, request, moderation.clock().now().into()).await?;
        let status = answer.status();
        if is_refused_for_good(status) {
            tracing::error!(report = %receipt.report, status = status.as_u16(),
                "SES refuses to send the receipt of a report that is on record: its sender was not answered");
            return Ok(false);
        }
        if !status.is_success() {
            bail!("SES answered {status} to the receipt of report {}", receipt.report);
        }
        Ok(true)
    }
}

/// Whether the same request would be refused again: an address that may not be written to, a permission that is missing.
/// Not what is too much at the moment.
fn is_refused_for_good(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dmarc: &str, spf: &str, source: &str) -> Arrival {
        arrival(&json!({
            "mail": { "source": source },
            "receipt": { "dmarcVerdict": { "status": dmarc }, "spfVerdict": { "status": spf } }
        }))
    }

    #[test]
    fn only_dmarc_or_the_envelope_vouch_for_a_sender() {
        assert!(found("PASS", "FAIL", "a@b.example").proof == Proof::Dmarc);
        assert!(found("GRAY", "PASS", "a@b.example").proof == Proof::Envelope("a@b.example".to_owned()));
        for (dmarc, spf) in [("FAIL", "PASS"), ("GRAY", "FAIL"), ("GRAY", "GRAY"), ("", "")] {
            assert!(found(dmarc, spf, "a@b.example").proof == Proof::Nothing, "{dmarc} {spf}");
        }
        assert!(arrival(&Value::Null).proof == Proof::Nothing);
    }

    #[test]
    fn only_what_would_be_refused_again_is_not_repeated() {
        for (status, is_final) in [(200, false), (400, true), (403, true), (408, false), (429, false), (503, false)] {
            assert_eq!(is_refused_for_good(StatusCode::from_u16(status).unwrap()), is_final, "{status}");
        }
    }

    #[test]
    fn a_message_without_return_address_is_recognised() {
        assert!(found("PASS", "PASS", "").unreturnable && found("PASS", "PASS", "<>").unreturnable);
        assert!(!found("PASS", "PASS", "a@b.example").unreturnable);
    }
}
