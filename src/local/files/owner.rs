//! To whom files and folders belong, and who else may do anything with them.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Who may read and write a file: its owner.
#[cfg(unix)]
pub(super) const FILE: u32 = 0o600;
/// Who may enter a folder: its owner.
#[cfg(unix)]
pub(super) const FOLDER: u32 = 0o700;
/// What a mode grants to others than the owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

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

/// Whether it belongs to who runs this.
///
/// # Errors
/// When it does not.
#[cfg(unix)]
pub(super) fn belongs_to_us(metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (owner, us) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner == us {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::PermissionDenied, format!("it belongs to user {owner}, and this runs as user {us}")))
}

#[cfg(not(unix))]
pub(super) fn belongs_to_us(_metadata: &fs::Metadata) -> io::Result<()> {
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

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_free_for_all_unless_it_is_sticky() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, free) in [(0o700, false), (0o775, false), (0o777, true), (0o1777, false)] {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_free_for_all(folder.path()).unwrap(), free, "{mode:o}");
        }
    }
}
