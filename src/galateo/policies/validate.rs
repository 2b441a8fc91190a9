//! `galateo policy validate`: everything that is wrong with a policy file, or what it contains.

use pages::visible;
use policy::{Account, Policy};
use serde::Serialize;
use serde_json::json;

use crate::cli::ValidateOptions;
use crate::policies;
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// What a valid policy contains.
#[derive(Serialize)]
struct Summary<'p> {
    id: &'p str,
    version: &'p str,
    hash: &'p str,
    accounts: Vec<AccountLine<'p>>,
    clauses: usize,
    rules: usize,
    terms: usize,
}

#[derive(Serialize)]
struct AccountLine<'p> {
    platform: policy::Platform,
    id: &'p str,
    handle: &'p str,
    url: &'p str,
}

/// Validates a policy file. Mistakes are a negative result; a file that cannot be read is unusable.
pub fn validate(options: &ValidateOptions) -> Result<(), Failure> {
    match policies::parse(&options.file)? {
        Ok(policy) if options.json => as_json(&policy),
        Ok(policy) => output::print(&as_text(&policy)),
        Err(problems) => {
            if options.json {
                output::json(&json!({ "problems": problems }))?;
            }
            let count = problems.len();
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let noun = if count == 1 { "problem" } else { "problems" };
            Err(Failure::negative(format!("{count} {noun} in the policy\n{}", lines.join("\n"))))
        }
    }
}

fn as_json(policy: &Policy) -> Result<(), Failure> {
    output::json(&Summary {
        id: &policy.reference.id,
        version: &policy.reference.version,
        hash: &policy.reference.hash,
        accounts: policy.accounts.iter().map(line).collect(),
        clauses: policy.clauses.len(),
        rules: policy.rule_count(),
        terms: policy.term_count(),
    })
}

fn line(account: &Account) -> AccountLine<'_> {
    AccountLine { platform: account.platform, id: account.id.as_str(), handle: &account.handle, url: &account.url }
}

fn as_text(policy: &Policy) -> String {
    let mut text = format!(
        "{} {}\nsha256 {}\n{} clauses, {} rules, {} terms\n",
        visible(&policy.reference.id),
        visible(&policy.reference.version),
        policy.reference.hash,
        policy.clauses.len(),
        policy.rule_count(),
        policy.term_count()
    );
    for account in &policy.accounts {
        let AccountLine { platform, id, handle, url } = line(account);
        text += &format!("{platform:<10} {:<28} {} {}\n", visible(id), visible(handle), visible(url));
    }
    text
}
