//! The environment of the functions, as a file for `cargo lambda watch --env-file`.

use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ledger::Tables;

use super::{BUCKETS, MAILER, PARAMETER_STORE, PARAMETERS};
use crate::terminal::failure::Failure;

/// Where `cargo lambda watch` listens unless it is told otherwise.
pub const WATCH: &str = "http://127.0.0.1:9000";

/// The first line of an environment file, by which it is known that it may be replaced.
const HEADER: &str = "# Written by `galateo serve --functions` at each start. It holds a credential.";

/// The file in the folder beside it that the server holds as long as it runs.
const IN_USE: &str = "in-use";

/// What the functions are told about the local server.
pub struct Environment<'e> {
    /// Where the local server listens: `http://127.0.0.1:8787`.
    pub server: &'e str,
    /// Where the tables are.
    pub engine: &'e str,
    /// With what the functions sign, for tables, secrets and messages.
    pub access_key: &'e str,
    /// What the sandbox's own calls have to show.
    pub control_key: &'e str,
    /// The id of the policy.
    pub policy: &'e str,
}

impl Environment<'_> {
    /// Writes the file, for its owner only, and makes the folder beside it for what the functions write. Until what is
    /// answered is dropped, no other server takes them over.
    ///
    /// # Errors
    /// When it cannot be written, when a path holds a line break, which no such file can say, when another file stands
    /// there, or the one of a server that runs.
    pub fn write(&self, file: &Path) -> Result<File, Failure> {
        let failed = |error: io::Error| Failure::unusable(format!("{}: {error}", file.display()));
        let folder = files(file)?;
        // No line of such a file could say it.
        if folder.to_string_lossy().contains(['\n', '\r']) {
            return Err(Failure::unusable(format!(
                "{:?}: found a line break in the path, expected none",
                file.display()
            )));
        }
        if !may_be_replaced(file).map_err(failed)? {
            return Err(Failure::unusable(format!(
                "{}: found a file that `serve --functions` did not write, expected none: name another",
                file.display()
            )));
        }
        local::files::folder(&folder).map_err(failed)?;
        let held = local::files::keep(&folder.join(IN_USE)).map_err(failed)?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::unusable(format!(
                    "{}: found the file of another `galateo serve --functions` that runs, expected none: end that one, or name \
                     another file",
                    file.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        local::files::write(file, self.text(&folder)).map_err(failed)?;
        Ok(held)
    }

    fn text(&self, folder: &Path) -> String {
        let Self { server, engine, access_key, control_key, policy } = self;
        let Tables { casebook, audit } = Tables::default();
        let folder = folder.display();
        format!(
            "{HEADER}\n\
             AWS_REGION=eu-south-1\n\
             AWS_ACCESS_KEY_ID={access_key}\n\
             AWS_SECRET_ACCESS_KEY={access_key}\n\
             AWS_ENDPOINT_URL_DYNAMODB={engine}\n\
             AWS_ENDPOINT_URL_SSM={server}{PARAMETER_STORE}\n\
             AWS_ENDPOINT_URL_S3={server}{BUCKETS}\n\
             AWS_ENDPOINT_URL_SESV2={server}{MAILER}\n\
             GALATEO_POLICY={policy}\n\
             GALATEO_CASEBOOK_TABLE={casebook}\n\
             GALATEO_AUDIT_TABLE={audit}\n\
             GALATEO_PARAMETERS={PARAMETERS}\n\
             GALATEO_SANDBOX_URL={server}/sandbox\n\
             GALATEO_SANDBOX_KEY={control_key}\n\
             GALATEO_MAIL=s3://mail/messages\n\
             GALATEO_REPORTS={folder}/reports\n\
             GALATEO_SEALS={folder}/seals\n"
        )
    }
}

/// The folder beside an environment file for what the functions write: reports, seals, e-mails.
///
/// # Errors
/// When the current folder is gone.
pub fn files(file: &Path) -> Result<PathBuf, Failure> {
    let file = std::path::absolute(file).map_err(|error| Failure::unusable(format!("{}: {error}", file.display())))?;
    Ok(file.with_added_extension("files"))
}

/// Whether nothing stands there, or what an earlier start wrote.
fn may_be_replaced(file: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    match local::files::input(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        opened => opened?.take(HEADER.len() as u64).read_to_end(&mut beginning)?,
    };
    Ok(beginning == HEADER.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ENVIRONMENT: Environment<'_> = Environment {
        server: "http://127.0.0.1:8787",
        engine: "http://127.0.0.1:8788",
        access_key: "key",
        control_key: "control",
        policy: "prova",
    };

    #[test]
    fn the_file_is_replaced_at_each_start_and_no_other_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("functions.env");
        ENVIRONMENT.write(&file).unwrap();
        Environment { access_key: "another", ..ENVIRONMENT }.write(&file).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("AWS_ACCESS_KEY_ID=another\n") && !text.contains("=key\n"), "{text}");
        assert!(text.contains("AWS_ENDPOINT_URL_SSM=http://127.0.0.1:8787/aws/ssm\n"), "{text}");
        let reports = text.lines().find_map(|line| line.strip_prefix("GALATEO_REPORTS=")).unwrap();
        assert!(Path::new(reports).is_absolute() && Path::new(reports).parent().unwrap().is_dir(), "{reports}");
        let own = folder.path().join(".env");
        fs::write(&own, "TOKEN=mine\n").unwrap();
        let refused = ENVIRONMENT.write(&own).unwrap_err().to_string();
        assert!(refused.contains("name another"), "{refused}");
        assert_eq!(fs::read_to_string(&own).unwrap(), "TOKEN=mine\n");
    }

    #[test]
    fn a_second_server_does_not_take_the_file_over_while_the_first_runs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("functions.env");
        let first = ENVIRONMENT.write(&file).unwrap();
        let second = Environment { access_key: "another", ..ENVIRONMENT };
        let refused = second.write(&file).unwrap_err().to_string();
        assert!(refused.contains("end that one, or name another file"), "{refused}");
        assert!(fs::read_to_string(&file).unwrap().contains("AWS_ACCESS_KEY_ID=key\n"));
        drop(first);
        second.write(&file).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_what_holds_a_credential() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("functions.env");
        ENVIRONMENT.write(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        ENVIRONMENT.write(&file).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&files(&file).unwrap())), (0o600, 0o700));
    }
}
