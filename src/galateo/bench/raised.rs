//! The built-in policy with its limits on automation out of the way. With those of the policy, the circuit breaker
//! would leave almost every violation of a measurement to a person, and nothing would be measured.

use policy::{Automation, Policy, Source};

use crate::policies::DEFAULT_POLICY;
use crate::terminal::failure::Failure;

const TEXT: &str = include_str!("../../../policies/milano-monza-brianza-lodi.toml");

/// What is raised, and to what: the highest that a policy may say.
const RAISED: [(&str, u32); 3] = [("hides_per_hour", 100_000), ("share_percent", 100), ("share_from", 100_000)];

/// Loads it.
pub fn policy() -> Result<Policy, Failure> {
    let name = format!("{DEFAULT_POLICY}.toml");
    let text = TEXT.lines().map(raised).collect::<Vec<_>>().join("\n");
    let policy = Policy::load(&Source { name, text }, &moderation::built_in_lists()).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::unusable(format!("the policy with raised limits cannot be used: {}", problems.join("; ")))
    })?;
    let Automation { hides_per_hour, share_percent, share_from, .. } = policy.automation;
    if [hides_per_hour, share_percent, share_from] == RAISED.map(|(_, limit)| limit) {
        Ok(policy)
    } else {
        Err(Failure::unusable(
            "the built-in policy does not set the limits on automation that a measurement has to raise",
        ))
    }
}

fn raised(line: &str) -> String {
    let key = line.split('=').next().unwrap_or_default().trim();
    match RAISED.iter().find(|(name, _)| *name == key) {
        Some((name, limit)) => format!("{name} = {limit}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_circuit_breaker_lets_everything_pass_and_the_rest_is_the_built_in_policy() {
        let (raised, built_in) = (policy().unwrap(), moderation::built_in(DEFAULT_POLICY).unwrap());
        assert!(built_in.automation.trips(1_500, 30_000) && !raised.automation.trips(50_000, 1_000_000));
        assert_eq!(raised.reference.id, built_in.reference.id);
        assert_ne!(raised.reference.hash, built_in.reference.hash);
        assert_eq!(raised.ladder, built_in.ladder);
    }
}
