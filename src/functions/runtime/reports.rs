//! Where reports are put.

use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, bail};
use aws_config::SdkConfig;
use http::Method;
use statistics::NamedFile;

use crate::signed::{Service, Signed, bucket_address};

/// Where reports are put: `s3://BUCKET`, or a folder.
pub enum ReportStore {
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

impl ReportStore {
    /// The store with this address.
    ///
    /// # Errors
    /// When there is no region or no credentials for a bucket.
    pub fn new(address: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        let Some(bucket) = address.strip_prefix("s3://") else { return Ok(Self::Folder(PathBuf::from(address))) };
        let signed = Signed::new(aws).context("the bucket of the reports cannot be reached")?;
        let base = bucket_address(bucket, aws, signed.region());
        Ok(Self::Bucket(Bucket { signed, base }))
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
        let (uri, body) = (format!("{}/{}", self.base, file.name), file.text.clone().into_bytes());
        let sent = self.signed.send(Service::S3, Method::PUT, &uri, Some(file.media_type), body, now).await;
        let answer = sent.with_context(|| format!("{} could not be put into the bucket", file.name))?;
        if !answer.status().is_success() {
            bail!("the bucket answered {} to {}", answer.status(), file.name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> NamedFile {
        NamedFile { name: name.to_owned(), media_type: "text/html; charset=utf-8", text: "<p>perché</p>".to_owned() }
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
