//! Where files are put: reports, and the seals of the audit log.

use std::path::PathBuf;
use std::time::SystemTime;

#[cfg(feature = "bucket")]
use aws_config::SdkConfig;

#[cfg(feature = "bucket")]
use crate::bucket::Bucket;
use crate::folder::{self, NotWritten};

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

/// What became of a file that was to be put somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there now.
    Written,
    /// One of its name was there, was to be kept, and has the same content.
    Same,
    /// One of its name was there, was to be kept, and has another content.
    Different,
}

/// Where files are put.
pub enum Store {
    /// A folder.
    Folder(PathBuf),
    /// A bucket of S3.
    #[cfg(feature = "bucket")]
    Bucket(Bucket),
}

/// Why a file could not be put somewhere.
#[derive(Debug, thiserror::Error)]
pub enum NotPut {
    /// It could not be written into the folder.
    #[error(transparent)]
    Folder(#[from] NotWritten),
    /// The bucket could not be asked, or did not take it. Nothing depends on what it was: it is told, and tried again.
    #[cfg(feature = "bucket")]
    #[error(transparent)]
    Bucket(anyhow::Error),
}

impl Store {
    /// The store with this address: `s3://BUCKET`, or a folder.
    ///
    /// # Errors
    /// When there is no region, or none that is known, or no credentials for a bucket.
    #[cfg(feature = "bucket")]
    pub async fn new(address: &str, aws: &SdkConfig) -> anyhow::Result<Self> {
        match address.strip_prefix("s3://") {
            Some(bucket) => Ok(Self::Bucket(Bucket::new(bucket, aws).await?)),
            None => Ok(Self::Folder(PathBuf::from(address))),
        }
    }

    /// Puts a file there. A bucket refuses a time that is far from its own.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn put(&self, file: File<'_>, existing: Existing, now: SystemTime) -> Result<Put, NotPut> {
        match self {
            Self::Folder(folder) => {
                // A folder has no clock of its own.
                let _ = now;
                Ok(folder::put(folder, file.name, file.text, existing)?)
            }
            #[cfg(feature = "bucket")]
            Self::Bucket(bucket) => bucket.put(file, existing, now).await.map_err(NotPut::Bucket),
        }
    }

    /// Whether each file that is offered costs a request, and one that fails the time until nobody answers.
    pub(crate) fn is_remote(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            #[cfg(feature = "bucket")]
            Self::Bucket(_) => true,
        }
    }
}
