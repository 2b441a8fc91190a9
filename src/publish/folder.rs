//! A folder into which files are put whole or not at all.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use local::files;

use crate::store::{Existing, Put};

/// A file or folder that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct NotWritten {
    path: PathBuf,
    source: io::Error,
}

/// Puts a file below a folder, which is made if it is not there. Whoever looks, and whenever this is killed, the file is
/// whole or not there, and for its owner only.
///
/// # Errors
/// When it could not be written, or its name leads out of the folder.
pub fn put(folder: &Path, name: &str, text: &str, existing: Existing) -> Result<Put, NotWritten> {
    let path = folder.join(name);
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| NotWritten { path, source }
    };
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(failed(&path)(io::Error::new(ErrorKind::InvalidInput, "the file would leave its folder")));
    }
    if existing == Existing::Kept && path.exists() {
        return compared(&path, text).map_err(failed(&path));
    }
    let parent = path.parent().unwrap_or(folder);
    files::folder(parent).map_err(failed(parent))?;
    let others_read = fs::metadata(&path).is_ok_and(|earlier| files::is_open_to_others(&earlier));
    let whole = files::unfinished(parent, text.as_bytes()).map_err(failed(&path))?;
    let persisted = match existing {
        Existing::Replaced => whole.persist(&path),
        Existing::Kept => whole.persist_noclobber(&path),
    };
    match persisted {
        Ok(_) => {
            if others_read {
                files::narrowed(&path);
            }
            Ok(Put::Written)
        }
        // Somebody was faster.
        Err(error) if existing == Existing::Kept && error.error.kind() == ErrorKind::AlreadyExists => {
            compared(&path, text).map_err(failed(&path))
        }
        Err(error) => Err(failed(&path)(error.error)),
    }
}

/// Somebody may have put a pipe there, of which reading would not end, or a file that has no end.
fn compared(path: &Path, text: &str) -> io::Result<Put> {
    match files::read(path, text.len() as u64) {
        Ok(there) if there == text.as_bytes() => Ok(Put::Same),
        Ok(_) => Ok(Put::Different),
        Err(error) if error.kind() == ErrorKind::FileTooLarge => Ok(Put::Different),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_kept_stays_and_it_is_told_whether_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let put = |text, existing| put(folder.path(), "2026-10/report.html", text, existing).unwrap();
        assert_eq!(put("uno", Existing::Kept), Put::Written);
        assert_eq!(put("uno", Existing::Kept), Put::Same);
        assert_eq!(put("due", Existing::Kept), Put::Different);
        assert_eq!(put("un", Existing::Kept), Put::Different);
        assert_eq!(fs::read_to_string(folder.path().join("2026-10/report.html")).unwrap(), "uno");
        assert_eq!(put("due", Existing::Replaced), Put::Written);
        assert_eq!(fs::read_to_string(folder.path().join("2026-10/report.html")).unwrap(), "due");
        assert_eq!(fs::read_dir(folder.path().join("2026-10")).unwrap().count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn a_file_that_does_not_get_its_name_leaves_nothing_half_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("report.html")).unwrap();
        let error = put(folder.path(), "report.html", "uno", Existing::Replaced).unwrap_err();
        assert!(error.to_string().contains("report.html: "), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        for outside in ["../report.html", "/etc/report.html"] {
            assert!(put(folder.path(), outside, "uno", Existing::Replaced).is_err(), "{outside}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_what_is_to_be_kept_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("seal");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (tell, told) = std::sync::mpsc::channel();
        let path = folder.path().to_owned();
        std::thread::spawn(move || {
            tell.send(put(&path, "seal", "uno", Existing::Kept).map_err(|error| error.to_string()))
        });
        let error = told.recv_timeout(std::time::Duration::from_secs(10)).expect("it is waited for").unwrap_err();
        assert!(error.contains("device or a pipe"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_and_a_new_folder_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "2026-10/put", "uno", Existing::Kept).unwrap();
        let mode = |name| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("2026-10"), mode("2026-10/put")), (0o700, 0o600));
    }
}
