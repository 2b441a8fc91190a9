//! Folders and files for their owner only. A file has its name when it is whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::input::regular;
#[cfg(unix)]
use super::owner::{FILE, FOLDER};
use super::owner::{belongs_to_us, is_open_to_others, narrowed, owner_only};

/// Makes a folder, and those above it that are missing, for their owner only. One that is there stays as it is: it may be
/// shared for reasons of its own.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    builder.recursive(true).create(path).map_err(|error| match path.metadata() {
        Ok(there) if !there.is_dir() => io::Error::new(ErrorKind::NotADirectory, "found a file, expected a folder"),
        _ => error,
    })
}

/// Makes a folder, as [`folder`] does, into which files are to be put later: whether they can be is known now.
///
/// # Errors
/// When it cannot be made, or no file in it.
pub fn folder_for_files(path: &Path) -> io::Result<()> {
    folder(path)?;
    unfinished(path, b"").map(drop)
}

/// A file that is being written, for its owner only, under a name that nobody can guess. It takes its own name when it is
/// whole; until then what had that name stays as it is, and so does what a link of that name leads to. Whoever has the
/// earlier file open goes on with the earlier file.
pub struct Output(To);

enum To {
    File {
        unfinished: NamedTempFile,
        path: PathBuf,
    },
    /// `/dev/stdout` and its like.
    Device(File),
}

impl Output {
    /// Gives the file its name.
    ///
    /// # Errors
    /// When it could not be written to the end, or does not get its name.
    pub fn finish(self) -> io::Result<()> {
        let To::File { unfinished, path } = self.0 else { return Ok(()) };
        unfinished.as_file().sync_all()?;
        let others_read = fs::metadata(&path).is_ok_and(|earlier| is_open_to_others(&earlier));
        unfinished.persist(&path).map_err(|error| error.error)?;
        if others_read {
            narrowed(&path);
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            To::File { unfinished, .. } => unfinished.as_file_mut().write(bytes),
            To::Device(device) => device.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            To::File { unfinished, .. } => unfinished.as_file_mut().flush(),
            To::Device(device) => device.flush(),
        }
    }
}

/// Whether a path is one of those under which the system itself has a device or an open file of this process. Their
/// folders are closed to others, as `/dev/shm` and `/dev/mqueue` are not.
fn is_of_the_system(path: &Path) -> bool {
    let of_process = path.strip_prefix("/dev/fd").ok().and_then(Path::to_str);
    of_process.is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
        || ["/dev/stdout", "/dev/stderr", "/dev/null", "/dev/tty"].iter().any(|device| path == Path::new(device))
}

/// Begins a file. Only to `/dev/stdout` and its like a device or a pipe is written to; anywhere else somebody may have put
/// one there to read along.
///
/// # Errors
/// When it cannot be begun, or what has its name is no file.
pub fn create(path: &Path) -> io::Result<Output> {
    if is_of_the_system(path) {
        return Ok(Output(To::Device(OpenOptions::new().write(true).open(path)?)));
    }
    if let Ok(there) = fs::metadata(path) {
        regular(&there)?;
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    Ok(Output(To::File { unfinished: unfinished(folder, b"")?, path: path.to_owned() }))
}

/// Writes a whole file, as [`create`] begins it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes.as_ref())?;
    file.finish()
}

/// Opens a file for reading and writing without changing what is in it, and makes it if it is not there, for its owner
/// only, also when it was there and others could read it. Who has it open already reads on.
///
/// # Errors
/// When it cannot be opened, or belongs to somebody else than who runs this.
pub fn keep(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE);
    let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
    belongs_to_us(&file.metadata()?)?;
    owner_only(&file, path)?;
    Ok(file)
}

/// A file for its owner only beside the one that is to be, which takes its name when it is whole.
///
/// # Errors
/// When it cannot be written. They do not tell its name, which nobody has heard of.
pub fn unfinished(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE);
    options.read(true).write(true).create_new(true);
    let mut file = tempfile::Builder::new().prefix(".unfinished-").make_in(folder, |path| options.open(path))?;
    owner_only(file.as_file(), file.path())?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::io::Read;
    use std::os::unix::fs::{PermissionsExt, symlink};

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
    fn what_cannot_be_begun_names_no_file_that_nobody_has_heard_of() {
        let outer = tempfile::tempdir().unwrap();
        let file = outer.path().join("file");
        write(&file, "uno").unwrap();
        for (path, kind) in
            [(outer.path().join("gone/a"), ErrorKind::NotFound), (file.join("a"), ErrorKind::NotADirectory)]
        {
            let error = create(&path).map(drop).unwrap_err();
            assert!(error.kind() == kind && error.raw_os_error().is_some(), "{error}");
        }
        let inside = folder(&file).unwrap_err();
        assert!(inside.to_string().contains("expected a folder"), "{inside}");
        folder_for_files(&outer.path().join("b/c")).unwrap();
        assert_eq!(fs::read_dir(outer.path().join("b/c")).unwrap().count(), 0);
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
    fn a_new_file_takes_the_place_of_an_old_one_and_whoever_has_that_open_reads_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (folder.path().join("dossier"), folder.path().join("elsewhere"));
        fs::write(&path, "old").unwrap();
        let mut reader = File::open(&path).unwrap();
        write(&path, "new").unwrap();
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        assert_eq!((read.as_str(), fs::read_to_string(&path).unwrap().as_str()), ("old", "new"));
        // What somebody's link leads to stays as it is.
        fs::write(&elsewhere, "mine").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&elsewhere, &path).unwrap();
        write(&path, "newer").unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine");
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        // What is not finished is not there.
        let mut given_up = create(&path).unwrap();
        given_up.write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_written_into_a_pipe_that_somebody_put_there() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("dossier");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(write(&pipe, "secret").unwrap_err().to_string().contains("device or a pipe"));
    }

    #[test]
    fn what_others_put_into_the_memory_of_all_is_not_written_to() {
        let Ok(folder) = tempfile::tempdir_in("/dev/shm") else { return };
        let path = folder.path().join("dossier");
        let theirs = |mode| {
            fs::write(folder.path().join("theirs"), "theirs").unwrap();
            fs::set_permissions(folder.path().join("theirs"), Permissions::from_mode(mode)).unwrap();
        };
        theirs(0o666);
        fs::hard_link(folder.path().join("theirs"), &path).unwrap();
        write(&path, "secret").unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o600, "secret"));
        fs::remove_file(&path).unwrap();
        symlink(folder.path().join("theirs"), &path).unwrap();
        write(&path, "secret").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("theirs")).unwrap(), "theirs");
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        // Somebody reads along, so that opening it to write would not wait.
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let _reads = std::os::unix::fs::OpenOptionsExt::custom_flags(OpenOptions::new().read(true), flags).open(&path);
        assert!(write(&path, "secret").unwrap_err().to_string().contains("device or a pipe"));
    }

    #[test]
    fn only_what_the_system_keeps_for_itself_is_a_device_to_write_to() {
        for of_the_system in ["/dev/stdout", "/dev/stderr", "/dev/null", "/dev/tty", "/dev/fd/3", "/dev//fd/12"] {
            assert!(is_of_the_system(Path::new(of_the_system)), "{of_the_system}");
        }
        for other in ["/dev/shm/a", "/dev/mqueue/a", "/dev/fd", "/dev/fd/../shm/a", "/dev/fd/3/a", "/dev/sda", "stdout"]
        {
            assert!(!is_of_the_system(Path::new(other)), "{other}");
        }
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
}
