//! Files for their owner only, and input from files alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Who may read and write a file: its owner.
#[cfg(unix)]
const FILE: u32 = 0o600;
/// Who may enter a folder: its owner.
#[cfg(unix)]
const FOLDER: u32 = 0o700;
/// What a mode grants to others than the owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

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

/// Says that a file is no longer open to others who could read it: somebody may have published it.
pub fn narrowed(path: &Path) {
    tracing::warn!(
        file = %path.display(),
        "others could read this file, and now its owner alone can; to publish it, copy it or change its mode"
    );
}

/// Whether others than its owner may do anything with a file.
#[cfg(unix)]
pub fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & OTHERS != 0
}

/// Whether others than its owner may do anything with a file: that is not known here.
#[cfg(not(unix))]
pub fn is_open_to_others(_metadata: &fs::Metadata) -> bool {
    false
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

#[cfg(unix)]
fn belongs_to_us(metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (owner, us) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner == us {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::PermissionDenied, format!("it belongs to user {owner}, and this runs as user {us}")))
}

#[cfg(not(unix))]
fn belongs_to_us(_metadata: &fs::Metadata) -> io::Result<()> {
    Ok(())
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

/// Takes a file from everybody but its owner. A file system that keeps no permissions cannot do that, which is said.
///
/// # Errors
/// When its permissions cannot be read.
pub fn owner_only(file: &File, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o7777 == FILE {
            return Ok(());
        }
        let changed = file.set_permissions(fs::Permissions::from_mode(FILE));
        if changed.is_err() || is_open_to_others(&file.metadata()?) {
            tracing::warn!(
                file = %path.display(),
                "others may read this file: its file system keeps no permissions; put it on another"
            );
        }
    }
    #[cfg(not(unix))]
    let _ = (file, path);
    Ok(())
}

/// Whether everybody on the machine may put files into a folder and take those of others away.
///
/// # Errors
/// When its permissions cannot be read.
pub fn is_free_for_all(folder: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // In a sticky folder, such as /tmp, nobody takes away what is not his.
        Ok(metadata.permissions().mode() & 0o1002 == 0o002)
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(false)
    }
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
    use std::fs::Permissions;
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

    #[test]
    fn a_folder_is_free_for_all_unless_it_is_sticky() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, free) in [(0o700, false), (0o775, false), (0o777, true), (0o1777, false)] {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_free_for_all(folder.path()).unwrap(), free, "{mode:o}");
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
