//! Where files are put: reports, and the seals of the audit log.

use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, bail};
use aws_config::SdkConfig;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{Request, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::signed::{Service, Signed, bucket_address};

/// The header by which S3 compares what arrived with what was sent. Without it, or one like it, S3 refuses an object
/// that it is to lock.
const CHECKSUM: &str = "x-amz-checksum-sha256";

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

/// A bucket, and what signs the requests to it.
pub struct Bucket {
    signed: Signed,
    /// The address below which the keys stand.
    base: String,
}

impl Store {
    /// The store with this address.
    ///
    /// # Errors
    /// When there is no region or no credentials for a bucket.
    pub fn new(address: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let Some(bucket) = address.strip_prefix("s3://") else { return Ok(Self::Folder(PathBuf::from(address))) };
        let signed = Signed::new(aws).with_context(|| format!("the bucket {bucket} cannot be reached"))?;
        let base = bucket_address(bucket, aws, signed.region());
        Ok(Self::Bucket(Bucket { signed, base }))
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
        let sent = self.signed.send(Service::S3, self.request(file, existing)?, now).await;
        let answer = sent.with_context(|| format!("{} could not be put into the bucket", file.name))?;
        match answer.status() {
            status if status.is_success() => Ok(true),
            StatusCode::PRECONDITION_FAILED if existing == Existing::Kept => Ok(false),
            status => bail!("the bucket answered {status} to {}", file.name),
        }
    }

    fn request(&self, file: File<'_>, existing: Existing) -> anyhow::Result<Request<Vec<u8>>> {
        let mut request = Request::put(format!("{}/{}", self.base, file.name))
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
        let store = Store::Bucket(Bucket { signed: Signed::for_tests(), base });
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
