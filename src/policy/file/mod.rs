//! From the files to a policy: everything that is wrong with them is reported in one run.

mod identity;
mod reader;
mod register;
mod rules;
mod terms;

use sha2::{Digest, Sha256};

use self::reader::{Placed, Reading};
use self::rules::Known;
use self::terms::Terms;
use crate::engine::Engine;
use crate::{ListRef, Policy, PolicyRef, Problem, Source};

/// Loads a policy file with the lists that it names. Lists that it does not name are not looked at.
pub(crate) fn load(file: &Source, lists: &[Source]) -> Result<Policy, Vec<Problem>> {
    let reading = Reading::new(file);
    let document = reading.document();
    let mut top = reading.top(&document);

    let head = identity::head(&reading, &mut top);
    let organisation = identity::organisation(&mut top);
    let accounts = identity::accounts(&reading, &mut top);
    let clauses = identity::clauses(&reading, &mut top);
    let services = identity::services(&reading, &mut top);
    let mut terms = Terms::default();
    let (used, list_problems) = terms.read_all(&reading, &head.lists, lists);
    let known = Known { accounts: &accounts, clauses: &clauses, services: &services, terms: &terms };
    let rules = rules::rules(&reading, &mut top, &known);
    top.finish();

    let mut problems = reading.finish();
    problems.extend(list_problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (Some(identity), Some((organisation, own))) = (head.identity, organisation) else { return Err(problems) };
    let engine = Engine::new(rules, own).map_err(|error| vec![too_large(file, &error)])?;
    Ok(Policy {
        reference: PolicyRef { id: identity.id, version: identity.version, hash: sha256(file) },
        date: identity.date,
        time_zone: identity.time_zone,
        url: identity.url,
        organisation,
        accounts: accounts.items,
        clauses: clauses.items,
        services: services.items,
        lists: used.into_iter().map(|list| ListRef { name: list.name.clone(), hash: sha256(list) }).collect(),
        engine,
    })
}

/// The names of the lists that a policy file names, as far as they can be read.
pub(crate) fn list_names(file: &Source) -> Vec<String> {
    let reading = Reading::new(file);
    let document = reading.document();
    let head = identity::head(&reading, &mut reading.top(&document));
    head.lists.into_iter().map(|Placed { value, .. }| value).collect()
}

fn too_large(file: &Source, error: &aho_corasick::BuildError) -> Problem {
    Problem {
        file: file.name.clone(),
        line: 1,
        field: "rule".to_owned(),
        found: "more terms than can be compiled".to_owned(),
        expected: format!("fewer or shorter terms: {error}"),
    }
}

fn sha256(source: &Source) -> String {
    hex::encode(Sha256::digest(source.text.as_bytes()))
}
