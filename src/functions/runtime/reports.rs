//! Where reports are put.

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
use http::{Method, Request, header};
use statistics::NamedFile;

/// How long the bucket may take to store one file.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where reports are put: `s3://BUCKET`, or a folder.
pub enum ReportStore {
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

impl ReportStore {
    /// The store with this address.
    ///
    /// # Errors
    /// When there is no region or no credentials for a bucket.
    pub fn new(address: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let Some(bucket) = address.strip_prefix("s3://") else { return Ok(Self::Folder(PathBuf::from(address))) };
        let region = aws.region().cloned().context("there is no region to find the bucket of the reports in")?;
        // Another endpoint than AWS's need not know names of hosts: there the bucket stands in the path.
        let base = match std::env::var("AWS_ENDPOINT_URL_S3").ok().or_else(|| aws.endpoint_url().map(str::to_owned)) {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{region}.amazonaws.com"),
        };
        let credentials =
            aws.credentials_provider().context("there are no credentials for the bucket of the reports")?;
        let http =
            reqwest::Client::builder().timeout(TIMEOUT).build().context("the HTTP client could not be set up")?;
        Ok(Self::Bucket(Bucket { http, base, region, credentials }))
    }

    /// Puts a file there, in the place of an earlier one of its name. The bucket refuses a time that is far from its
    /// own.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn put(&self, file: &NamedFile, now: SystemTime) -> anyhow::Result<()> {
        match self {
            Self::Bucket(bucket) => bucket.put(file, now).await,
            Self::Folder(folder) => write(folder, file),
        }
    }
}

fn write(folder: &Path, file: &NamedFile) -> anyhow::Result<()> {
    let name = Path::new(&file.name);
    if !name.components().all(|part| matches!(part, Component::Normal(_))) {
        bail!("the report {} would leave its folder", file.name);
    }
    let path = folder.join(name);
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).with_context(|| format!("the folder {} could not be made", parent.display()))?;
    std::fs::write(&path, &file.text).with_context(|| format!("{} could not be written", path.display()))
}

impl Bucket {
    async fn put(&self, file: &NamedFile, now: SystemTime) -> anyhow::Result<()> {
        let request = self.request(file, now).await?;
        let (parts, body) = request.into_parts();
        let sent = self.http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).send();
        let answer = sent.await.map_err(|error| anyhow!("the bucket could not be reached: {}", error.without_url()))?;
        if !answer.status().is_success() {
            bail!("the bucket answered {} to {}", answer.status(), file.name);
        }
        Ok(())
    }

    /// The signed request, as S3 wants it: the hash of the body in a header, the path as it is.
    async fn request(&self, file: &NamedFile, now: SystemTime) -> anyhow::Result<Request<Vec<u8>>> {
        let body = file.text.clone().into_bytes();
        let uri = format!("{}/{}", self.base, file.name);
        let mut request = Request::builder()
            .method(Method::PUT)
            .uri(&uri)
            .header(header::CONTENT_TYPE, file.media_type)
            .body(body)
            .with_context(|| format!("{} makes no request", file.name))?;
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
        let headers = [(header::CONTENT_TYPE.as_str(), file.media_type)];
        let signable =
            SignableRequest::new("PUT", uri.as_str(), headers.into_iter(), SignableBody::Bytes(request.body()))
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

    fn file(name: &str) -> NamedFile {
        NamedFile { name: name.to_owned(), media_type: "text/html; charset=utf-8", text: "<p>perché</p>".to_owned() }
    }

    #[tokio::test]
    async fn a_request_to_the_bucket_is_signed_over_its_body() {
        let bucket = Bucket {
            http: reqwest::Client::new(),
            base: "https://relazioni.s3.eu-south-1.amazonaws.com".to_owned(),
            region: Region::new("eu-south-1"),
            credentials: SharedCredentialsProvider::new(Credentials::new("AKID", "secret", None, None, "test")),
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let request = bucket.request(&file("2026-10/report.html"), now).await.unwrap();
        assert_eq!(request.uri(), "https://relazioni.s3.eu-south-1.amazonaws.com/2026-10/report.html");
        // `printf '<p>perché</p>' | sha256sum`
        let hash = "5c77e033ee76bbb50fa1ca539c52683b1fb983ef705d4ab4fe25ef5b7415adca";
        assert_eq!(request.headers()["x-amz-content-sha256"], hash);
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let scope = "AWS4-HMAC-SHA256 Credential=AKID/20261118/eu-south-1/s3/aws4_request";
        assert!(authorization.starts_with(scope), "{authorization}");
        assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date"));
    }

    #[test]
    fn a_report_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &file("2026-10/report.html")).unwrap();
        write(folder.path(), &file("2026-10/report.html")).unwrap();
        let written = std::fs::read_to_string(folder.path().join("2026-10/report.html")).unwrap();
        assert_eq!(written, file("").text);
        for outside in ["../report.html", "/etc/report.html"] {
            assert!(write(folder.path(), &file(outside)).is_err(), "{outside}");
        }
    }
}
