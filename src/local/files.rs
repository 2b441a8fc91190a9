//! Files for their owner only, and input from files alone.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Who may read and write a file: its owner.
#[cfg(unix)]
const FILE: u32 = 0o600;
/// Who may enter a folder: its owner.
#[cfg(unix)]
const FOLDER: u32 = 0o700;

/// Makes a folder, and those above it that are missing, for their owner only. One that is there stays as it is: it may be
/// shared for reasons of its own.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        folder(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    match builder.create(path) {
        // Whatever mask the process has.
        Ok(()) => fs::set_permissions(path, owner_only_folder(path)?),
        // Somebody was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Opens a file for writing from its beginning, for its owner only, also when it was there and others could read it. A
/// device or a pipe, such as `/dev/stdout`, is written to as it is.
///
/// # Errors
/// When it cannot be opened, or belongs to somebody else.
pub fn create(path: &Path) -> io::Result<File> {
    let file = open(path, OpenOptions::new().write(true).create(true))?;
    // Only now: what others can still read is not there yet.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    Ok(file)
}

/// Opens a file for reading and writing without changing what is in it, and makes it if it is not there, for its owner
/// only, also when it was there and others could read it.
///
/// # Errors
/// When it cannot be opened, or belongs to somebody else.
pub fn keep(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true).write(true).create(true))
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, FILE);
    let file = options.truncate(false).open(path)?;
    owner_only(&file)?;
    Ok(file)
}

/// Writes a whole file, as [`create`] opens it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    create(path)?.write_all(bytes.as_ref())
}

/// A file for its owner only beside the one that is to be, which takes its name when it is whole.
///
/// # Errors
/// When it cannot be written.
pub fn unfinished(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder)?;
    owner_only(file.as_file())?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Takes a file from everybody but its owner. What is no file stays as it is.
///
/// # Errors
/// When its permissions cannot be read or changed; only its owner may change them.
pub fn owner_only(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o7777 != FILE {
            file.set_permissions(Permissions::from_mode(FILE))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn owner_only_folder(_path: &Path) -> io::Result<Permissions> {
    Ok(std::os::unix::fs::PermissionsExt::from_mode(FOLDER))
}

#[cfg(not(unix))]
fn owner_only_folder(path: &Path) -> io::Result<Permissions> {
    Ok(fs::metadata(path)?.permissions())
}

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

fn regular(metadata: &fs::Metadata) -> io::Result<()> {
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_for_its_owner_only() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("a/b");
        folder(&inner).unwrap();
        assert_eq!((mode(&outer.path().join("a")), mode(&inner)), (0o700, 0o700));
        let path = inner.join("file");
        write(&path, "uno").unwrap();
        assert_eq!(mode(&path), 0o600);
        let whole = unfinished(&inner, b"due").unwrap().persist(inner.join("whole")).unwrap();
        assert_eq!(whole.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_others_could_read_is_taken_from_them_and_keeps_what_is_in_it_where_it_is_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("open");
        fs::write(&path, "kept").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(keep(&path).unwrap());
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o600, "kept"));
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        write(&path, "new").unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o600, "new"));
    }

    #[test]
    fn a_folder_that_is_there_and_a_device_stay_as_they_are() {
        let shared = tempfile::tempdir().unwrap();
        fs::set_permissions(shared.path(), Permissions::from_mode(0o755)).unwrap();
        folder(shared.path()).unwrap();
        assert_eq!(mode(shared.path()), 0o755);
        let before = mode(Path::new("/dev/null"));
        write(Path::new("/dev/null"), "gone").unwrap();
        assert_eq!(mode(Path::new("/dev/null")), before);
    }

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
}
