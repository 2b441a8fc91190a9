//! The policies that are built in, so that a function needs no file and a changed policy is a deployment.

use include_dir::{Dir, include_dir};
use policy::{Policy, Problem, Source};

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../policies");

/// A built-in policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BuiltInError {
    /// There is none with this id.
    #[error("there is no built-in policy {id:?}, expected one of {known}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// Those that exist, separated by commas.
        known: String,
    },
    /// Its file has mistakes.
    #[error("the built-in policy {id} cannot be loaded: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid {
        /// Which policy.
        id: String,
        /// All its mistakes.
        problems: Vec<Problem>,
    },
}

/// Loads the built-in policy with this id.
///
/// # Errors
/// When there is none, or its file has mistakes.
pub fn built_in(id: &str) -> Result<Policy, BuiltInError> {
    let name = format!("{id}.toml");
    let Some(file) = POLICIES.get_file(&name).and_then(|file| file.contents_utf8()) else {
        let known: Vec<_> = POLICIES.files().filter_map(|file| file.path().file_stem()?.to_str()).collect();
        return Err(BuiltInError::Unknown { id: id.to_owned(), known: known.join(", ") });
    };
    let file = Source { name, text: file.to_owned() };
    Policy::load(&file, &built_in_lists()).map_err(|problems| BuiltInError::Invalid { id: id.to_owned(), problems })
}

/// The shared term lists that are built in, by the names under which policies refer to them.
pub fn built_in_lists() -> Vec<Source> {
    let lists = POLICIES.get_dir("lists").into_iter().flat_map(Dir::files);
    lists
        .filter_map(|file| {
            Some(Source { name: file.path().to_str()?.to_owned(), text: file.contents_utf8()?.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_of_the_repository_can_be_loaded_by_its_id() {
        for file in POLICIES.files() {
            let id = file.path().file_stem().unwrap().to_str().unwrap();
            let policy = built_in(id).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(policy.reference.id, id);
        }
        assert!(POLICIES.files().count() >= 2);
    }

    #[test]
    fn an_unknown_id_is_answered_with_those_that_exist() {
        let error = built_in("atlantide").unwrap_err().to_string();
        assert!(error.contains("\"atlantide\"") && error.contains("milano-monza-brianza-lodi"), "{error}");
    }
}
