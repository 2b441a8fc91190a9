//! Input from files alone: what somebody named, and what is our own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::owner::belongs_to_us;

/// Opens a file that somebody named as input. A device or a pipe is refused: it may have no end, or keep whoever opens it
/// waiting for ever.
///
/// # Errors
/// When it is no file, or cannot be opened.
pub fn input(path: &Path) -> io::Result<File> {
    // Before it is opened, which for a pipe would wait for a writer.
    regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    regular(&file.metadata()?)?;
    Ok(file)
}

/// Whether a file that somebody named is there, and is a file.
///
/// # Errors
/// When it is none, or cannot be looked at.
pub fn is_there(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => regular(&metadata).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether something is a file, and no folder, device or pipe.
pub(super) fn regular(metadata: &fs::Metadata) -> io::Result<()> {
    match metadata.is_file() {
        true => Ok(()),
        false if metadata.is_dir() => Err(io::Error::new(ErrorKind::IsADirectory, "found a folder, expected a file")),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "found a device or a pipe, expected a file")),
    }
}

/// Reads a whole file that somebody named as input, up to `most` bytes.
///
/// # Errors
/// When it is no file, cannot be read, or is longer.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_from(input(path)?, most)
}

/// Reads everything, up to `most` bytes.
///
/// # Errors
/// When it cannot be read, or is longer.
pub fn read_from(source: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(
            ErrorKind::FileTooLarge,
            format!("found more than {most} bytes, expected at most that"),
        ));
    }
    Ok(bytes)
}

/// Opens a file of ours for reading: one that belongs to who runs this, and neither a link nor a device nor a pipe, which
/// somebody else may have put in its place.
///
/// # Errors
/// When it is not, or cannot be opened.
pub fn own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.cast_signed());
    }
    let file = options.read(true).open(path)?;
    let metadata = file.metadata()?;
    regular(&metadata)?;
    belongs_to_us(&metadata)?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::files::keep;

    #[test]
    fn only_a_file_is_input_and_only_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero"), Path::new("/dev/null")] {
            assert!(read(path, 10).unwrap_err().to_string().contains("device or a pipe"), "{path:?}");
        }
        assert!(read(folder.path(), 10).unwrap_err().to_string().contains("a folder"));
        let path = folder.path().join("file");
        fs::write(&path, "0123456789").unwrap();
        assert_eq!(read(&path, 10).unwrap().len(), 10);
        assert!(read(&path, 9).unwrap_err().to_string().contains("more than 9 bytes"));
    }

    #[test]
    fn our_own_is_no_link_no_pipe_and_of_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "").unwrap();
        assert!(own(&path("file")).is_ok());
        symlink(path("file"), path("link")).unwrap();
        assert!(own(&path("link")).is_err());
        assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        assert!(own(&path("pipe")).is_err());
        // Only root can give a file away.
        if std::os::unix::fs::chown(path("file"), Some(65_534), None).is_ok() {
            for refused in [own(&path("file")), keep(&path("file"))] {
                let error = refused.err().unwrap();
                assert!(error.to_string().contains("belongs to user 65534"), "{error}");
            }
        }
    }
}
