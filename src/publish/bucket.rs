//! A bucket of S3, which is asked to store a file, or to tell what it has (decision 0012).

use std::time::SystemTime;

use anyhow::{Context, anyhow, bail};
use aws_config::SdkConfig;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{Request, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::signed::{Service, Signed, bucket_address};
use crate::store::{Existing, File, Put};

/// The header by which S3 compares what arrived with what was sent. Without it, or one like it, S3 refuses an object
/// that it is to lock.
const CHECKSUM: &str = "x-amz-checksum-sha256";

/// A bucket, and what signs the requests to it.
pub struct Bucket {
    signed: Signed,
    /// The address below which the keys stand.
    base: String,
}

impl Bucket {
    /// The bucket of this name.
    ///
    /// # Errors
    /// When there is no region, or none that is known, or there are no credentials.
    pub async fn new(bucket: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let signed = Signed::new(aws).with_context(|| format!("the bucket {bucket} cannot be reached"))?;
        let base = bucket_address(bucket, aws, signed.region()).await?;
        Ok(Self { signed, base })
    }

    pub(crate) async fn put(&self, file: File<'_>, existing: Existing, now: SystemTime) -> anyhow::Result<Put> {
        let sent = self.signed.send(Service::S3, self.request(file, existing)?, now).await;
        let answer = sent.with_context(|| format!("{} could not be put into the bucket", file.name))?;
        match answer.status() {
            status if status.is_success() => Ok(Put::Written),
            StatusCode::PRECONDITION_FAILED if existing == Existing::Kept => self.compared(file, now).await,
            status => bail!("the bucket answered {status} to {}", file.name),
        }
    }

    /// Whether what is there is the same.
    async fn compared(&self, file: File<'_>, now: SystemTime) -> anyhow::Result<Put> {
        let unread = || format!("{} could not be read from the bucket", file.name);
        let request = Request::get(self.address(file)).body(Vec::new()).with_context(unread)?;
        let answer = self.signed.send(Service::S3, request, now).await.with_context(unread)?;
        if !answer.status().is_success() {
            bail!("the bucket answered {} to the reading of {}", answer.status(), file.name);
        }
        let there = answer.bytes().await.map_err(|error| anyhow!("{}: {}", unread(), error.without_url()))?;
        Ok(if there == file.text.as_bytes() { Put::Same } else { Put::Different })
    }

    fn address(&self, file: File<'_>) -> String {
        format!("{}/{}", self.base, file.name)
    }

    fn request(&self, file: File<'_>, existing: Existing) -> anyhow::Result<Request<Vec<u8>>> {
        let mut request = Request::put(self.address(file))
            .header(header::CONTENT_TYPE, file.media_type)
            .header(CHECKSUM, BASE64_STANDARD.encode(Sha256::digest(file.text)));
        if existing == Existing::Kept {
            request = request.header(header::IF_NONE_MATCH, "*");
        }
        request.body(file.text.as_bytes().to_vec()).with_context(|| format!("{} makes no request", file.name))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::Store;

    fn file(name: &str) -> File<'_> {
        File { name, media_type: "text/html; charset=utf-8", text: "<p>perché</p>" }
    }

    #[test]
    fn a_file_goes_to_its_address_with_a_checksum() {
        let base = "https://relazioni.s3.eu-south-1.amazonaws.com".to_owned();
        let bucket = Bucket { signed: Signed::for_tests(), base };
        let request = bucket.request(file("2026-10/report.html"), Existing::Replaced).unwrap();
        assert_eq!(request.uri(), "https://relazioni.s3.eu-south-1.amazonaws.com/2026-10/report.html");
        // `printf '<p>perché</p>' | openssl dgst -sha256 -binary | base64`
        assert_eq!(request.headers()["x-amz-checksum-sha256"], "XHfgM+52u7UPocpTnFJoOx+5g+9wXUq0/iXvW3QVrco=");
    }

    #[tokio::test]
    async fn what_is_to_be_kept_in_the_bucket_is_not_replaced_but_compared() {
        let put = |headers: axum::http::HeaderMap| async move {
            match headers.get("if-none-match") {
                Some(any) if any == "*" => StatusCode::PRECONDITION_FAILED,
                _ => StatusCode::OK,
            }
        };
        let get = |axum::extract::Path(name): axum::extract::Path<String>| async move {
            match name.as_str() {
                "seals/same.json" => (StatusCode::OK, file("").text),
                "seals/other.json" => (StatusCode::OK, "another"),
                _ => (StatusCode::FORBIDDEN, ""),
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/sigilli", listener.local_addr().unwrap());
        let app = axum::Router::new().route("/sigilli/{*name}", axum::routing::put(put).get(get));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let store = Store::Bucket(Bucket { signed: Signed::for_tests(), base });
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let put = async |name, existing| store.put(file(name), existing, now).await;
        assert_eq!(put("seals/other.json", Existing::Replaced).await.unwrap(), Put::Written);
        assert_eq!(put("seals/same.json", Existing::Kept).await.unwrap(), Put::Same);
        assert_eq!(put("seals/other.json", Existing::Kept).await.unwrap(), Put::Different);
        assert!(
            put("seals/secret.json", Existing::Kept).await.is_err(),
            "what cannot be compared is not taken for the same"
        );
    }
}
