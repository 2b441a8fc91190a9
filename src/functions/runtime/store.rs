//! Where files are put: reports, and the seals of the audit log.

use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow, bail};
use aws_config::{Region, SdkConfig};
use aws_sdk_ssm::config::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use sha2::{Digest, Sha256};

/// How long the bucket may take to store one file.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The header by which S3 compares what arrived with what was sent. Without it, or one like it, S3 refuses an object
/// that it is to lock.
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// A file to put somewhere.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// Its name, with folders: `2026-10/report.html`.
    pub name: &'f str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub text: &'f str,
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes its place.
    Replaced,
    /// It stays as it is.
    Kept,
}

/// Where files are put: `s3://BUCKET`, or a folder.
pub enum Store {
    /// A bucket of S3.
    Bucket(Bucket),
    /// A folder.
    Folder(PathBuf),
}

/// A bucket, and what signs the requests to it. `PutObject` is all that is asked of S3, and the SDK for S3 is twice as
/// large as that for DynamoDB: its own signer, which every client here brings along, is enough.
pub struct Bucket {
    http: reqwest::Client,
    /// The address below which the keys stand.
    base: String,
    region: Region,
    credentials: SharedCredentialsProvider,
}

impl Store {
    /// The store with this address.
    ///
    /// # Errors
    /// When there is no region or no credentials for a bucket.
    pub fn new(address: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let Some(bucket) = address.strip_prefix("s3://") else { return Ok(Self::Folder(PathBuf::from(address))) };
        let region =
            aws.region().cloned().with_context(|| format!("there is no region to find the bucket {bucket} in"))?;
        // Another endpoint than AWS's need not know names of hosts: there the bucket stands in the path.
        let base = match std::env::var("AWS_ENDPOINT_URL_S3").ok().or_else(|| aws.endpoint_url().map(str::to_owned)) {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{region}.amazonaws.com"),
        };
        let credentials =
            aws.credentials_provider().with_context(|| format!("there are no credentials for the bucket {bucket}"))?;
        let http =
            reqwest::Client::builder().timeout(TIMEOUT).build().context("the HTTP client could not be set up")?;
        Ok(Self::Bucket(Bucket { http, base, region, credentials }))
    }

    /// Puts a file there. Whether it was written; it is not where one of its name is to be kept. The bucket refuses a
    /// time that is far from its own.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn put(&self, file: File<'_>, existing: Existing, now: SystemTime) -> anyhow::Result<bool> {
        match self {
            Self::Bucket(bucket) => bucket.put(file, existing, now).await,
            Self::Folder(folder) => write(folder, file, existing),
        }
    }
}

fn write(folder: &Path, file: File<'_>, existing: Existing) -> anyhow::Result<bool> {
    let name = Path::new(file.name);
    if !name.components().all(|part| matches!(part, Component::Normal(_))) {
        bail!("the file {} would leave its folder", file.name);
    }
    let path = folder.join(name);
    if existing == Existing::Kept && path.exists() {
        return Ok(false);
    }
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).with_context(|| format!("the folder {} could not be made", parent.display()))?;
    std::fs::write(&path, file.text).with_context(|| format!("{} could not be written", path.display()))?;
    Ok(true)
}

impl Bucket {
    async fn put(&self, file: File<'_>, existing: Existing, now: SystemTime) -> anyhow::Result<bool> {
        let request = self.request(file, existing, now).await?;
        let (parts, body) = request.into_parts();
        let sent = self.http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).send();
        let answer = sent.await.map_err(|error| anyhow!("the bucket could not be reached: {}", error.without_url()))?;
        match answer.status() {
            status if status.is_success() => Ok(true),
            StatusCode::PRECONDITION_FAILED if existing == Existing::Kept => Ok(false),
            status => bail!("the bucket answered {status} to {}", file.name),
        }
    }

    /// The signed request, as S3 wants it: the hash of the body in a header, the path as it is.
    async fn request(&self, file: File<'_>, existing: Existing, now: SystemTime) -> anyhow::Result<Request<Vec<u8>>> {
        let uri = format!("{}/{}", self.base, file.name);
        let checksum = BASE64_STANDARD.encode(Sha256::digest(file.text));
        let mut headers = vec![(header::CONTENT_TYPE, file.media_type), (CHECKSUM, &checksum)];
        if existing == Existing::Kept {
            headers.push((header::IF_NONE_MATCH, "*"));
        }
        let mut request = Request::new(file.text.as_bytes().to_vec());
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = uri.parse().with_context(|| format!("{} makes no address", file.name))?;
        for (name, value) in &headers {
            request.headers_mut().insert(name, HeaderValue::from_str(value)?);
        }
        let credentials = self.credentials.provide_credentials().await.context("the credentials could not be read")?;
        let identity = credentials.into();
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region.as_ref())
            .name("s3")
            .time(now)
            .settings(settings)
            .build()
            .context("the request to the bucket could not be signed")?;
        let headers = headers.iter().map(|(name, value)| (name.as_str(), *value));
        let signable = SignableRequest::new("PUT", uri.as_str(), headers, SignableBody::Bytes(request.body()))
            .context("the request to the bucket could not be signed")?;
        let signed = sign(signable, &parameters.into()).context("the request to the bucket could not be signed")?;
        signed.into_parts().0.apply_to_request_http1x(&mut request);
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ssm::config::Credentials;

    use super::*;

    fn file(name: &str) -> File<'_> {
        File { name, media_type: "text/html; charset=utf-8", text: "<p>perché</p>" }
    }

    fn bucket(base: &str) -> Bucket {
        Bucket {
            http: reqwest::Client::new(),
            base: base.to_owned(),
            region: Region::new("eu-south-1"),
            credentials: SharedCredentialsProvider::new(Credentials::new("AKID", "secret", None, None, "test")),
        }
    }

    #[tokio::test]
    async fn a_request_to_the_bucket_is_signed_over_its_body() {
        let bucket = bucket("https://relazioni.s3.eu-south-1.amazonaws.com");
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let request = bucket.request(file("2026-10/report.html"), Existing::Replaced, now).await.unwrap();
        assert_eq!(request.uri(), "https://relazioni.s3.eu-south-1.amazonaws.com/2026-10/report.html");
        // `printf '<p>perché</p>' | sha256sum`, and the same bytes in base64.
        let hash = "5c77e033ee76bbb50fa1ca539c52683b1fb983ef705d4ab4fe25ef5b7415adca";
        assert_eq!(request.headers()["x-amz-content-sha256"], hash);
        assert_eq!(request.headers()["x-amz-checksum-sha256"], "XHfgM+52u7UPocpTnFJoOx+5g+9wXUq0/iXvW3QVrco=");
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let scope = "AWS4-HMAC-SHA256 Credential=AKID/20261118/eu-south-1/s3/aws4_request";
        assert!(authorization.starts_with(scope), "{authorization}");
        let signed = "SignedHeaders=content-type;host;x-amz-checksum-sha256;x-amz-content-sha256;x-amz-date";
        assert!(authorization.contains(signed), "{authorization}");
    }

    #[tokio::test]
    async fn what_is_to_be_kept_in_the_bucket_is_not_replaced() {
        let put = |headers: axum::http::HeaderMap| async move {
            match headers.get("if-none-match") {
                Some(any) if any == "*" => StatusCode::PRECONDITION_FAILED,
                _ => StatusCode::OK,
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/sigilli", listener.local_addr().unwrap());
        let app = axum::Router::new().route("/sigilli/{*name}", axum::routing::put(put));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let store = Store::Bucket(bucket(&base));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        assert!(store.put(file("seals/a.json"), Existing::Replaced, now).await.unwrap());
        assert!(!store.put(file("seals/a.json"), Existing::Kept, now).await.unwrap());
    }

    #[test]
    fn a_file_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name, text, existing| write(folder.path(), File { text, ..file(name) }, existing);
        assert!(put("2026-10/report.html", "uno", Existing::Replaced).unwrap());
        assert!(put("2026-10/report.html", "due", Existing::Replaced).unwrap());
        assert!(!put("2026-10/report.html", "tre", Existing::Kept).unwrap());
        assert_eq!(std::fs::read_to_string(folder.path().join("2026-10/report.html")).unwrap(), "due");
        for outside in ["../report.html", "/etc/report.html"] {
            assert!(put(outside, "uno", Existing::Replaced).is_err(), "{outside}");
        }
    }
}
