//! `galateo policy render`: the policy as a page to publish, from the file that is enforced.

use std::fs;

use crate::cli::RenderOptions;
use crate::policies;
use crate::terminal::failure::Failure;
use crate::terminal::output;
use crate::terminal::replaced::may_be_replaced;

/// Writes the page to a file or to standard output. The file has the mode that the process gives its files: it is to be
/// published, and names nobody.
pub fn render(options: &RenderOptions) -> Result<(), Failure> {
    if let Some(file) = &options.output {
        may_be_replaced(file, Some(&options.file))?;
    }
    let policy = policies::load(Some(&options.file))?;
    let page = pages::policy(&policy);
    match &options.output {
        Some(file) => fs::write(file, page).map_err(|e| Failure::unusable(format!("{}: {e}", file.display()))),
        None => output::html(&page),
    }
}
