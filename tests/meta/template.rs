//! What `template.yaml` promises and no other test can see.

use std::collections::BTreeMap;
use std::fs;

use crate::{root, texts};

/// What would change or remove an entry of a table, or the table.
const CHANGES: [&str; 7] =
    ["DeleteItem", "UpdateItem", "BatchWriteItem", "PartiQL", "DeleteTable", "UpdateTable", "dynamodb:*"];

/// Policies of others that grant such things without a word here.
const WHOLESALE: [&str; 4] =
    ["DynamoDBCrudPolicy", "DynamoDBWritePolicy", "AmazonDynamoDBFullAccess", "AdministratorAccess"];

/// Whether a line begins a resource, parameter or output.
pub(crate) fn is_resource(line: &str) -> bool {
    line.starts_with("  ") && !line.starts_with("   ")
}

pub(crate) fn template() -> String {
    fs::read_to_string(root().join("template.yaml")).unwrap()
}

/// The blocks that a line begins, each with all lines that are indented more. Comments are left out.
pub(crate) fn blocks(text: &str, begins: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = None;
    for line in text.lines() {
        let shown = line.trim();
        if shown.is_empty() || shown.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if begins(line) {
            found.push(format!("{line}\n"));
            inside = Some(indent);
        } else if inside.is_some_and(|begin| indent > begin) {
            let block = found.last_mut().unwrap();
            block.push_str(line);
            block.push('\n');
        } else {
            inside = None;
        }
    }
    found
}

#[test]
fn nobody_may_change_or_delete_what_stands_in_the_audit_log() {
    let template = template();
    let statements = blocks(&template, |line| line.contains("Effect: Allow"));
    let about_audit = |statement: &String| statement.contains("Audit.Arn") || statement.contains("Ref Audit");
    let is_open = |statement: &String| statement.contains("Resource: \"*\"") || statement.contains("Resource: '*'");
    assert!(statements.iter().filter(|statement| about_audit(statement)).count() > 5, "few statements were found");
    for statement in statements.iter().filter(|statement| about_audit(statement) || is_open(statement)) {
        for change in CHANGES {
            assert!(!statement.contains(change), "{change} in\n{statement}");
        }
    }
    for policy in WHOLESALE {
        assert!(!template.contains(policy), "{policy} grants more than is said");
    }
    let [table] = &blocks(&template, |line| line == "  Audit:")[..] else { panic!("the audit log is one table") };
    for promise in ["DeletionProtectionEnabled: true", "PointInTimeRecoveryEnabled: true"] {
        assert!(table.contains(promise), "{promise} is not said of the audit log");
    }
    assert!(!table.contains("TimeToLive"), "nothing expires in the audit log");
}

#[test]
fn what_is_kept_is_kept_but_where_its_first_deployment_fails() {
    let template = template();
    let (mut kept, mut replaced) = (0, 0);
    for resource in blocks(&template, is_resource) {
        let policy = |name: &str| {
            let found = resource.lines().find_map(|line| line.trim().strip_prefix(name));
            found.map(str::to_owned)
        };
        let (deletion, replacement) = (policy("DeletionPolicy: "), policy("UpdateReplacePolicy: "));
        kept += usize::from(deletion.as_deref() == Some("RetainExceptOnCreate"));
        replaced += usize::from(replacement.as_deref() == Some("Retain"));
        let holds_records = ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]
            .iter()
            .any(|of| resource.lines().any(|line| line.trim() == format!("Type: {of}")));
        assert_eq!(holds_records, deletion.is_some(), "{resource}");
        assert_ne!(deletion.as_deref(), Some("Retain"), "a first deployment that fails leaves it behind:\n{resource}");
        assert_eq!(deletion.as_deref() == Some("Delete"), replacement.as_deref() == Some("Delete"), "{resource}");
    }
    assert_eq!((kept, replaced), (4, 4));
}

#[test]
fn the_concurrency_that_operations_asks_for_is_what_the_template_reserves() {
    let template = template();
    let [parameter] = &blocks(&template, |line| line == "  WebhookConcurrency:")[..] else { panic!("no parameter") };
    let webhook = parameter.lines().find_map(|line| line.trim().strip_prefix("Default: ")).unwrap();
    let webhook: usize = webhook.parse().unwrap();
    let (mut webhooks, mut others, mut reports) = (0, 0, 0);
    for function in blocks(&template, is_resource).iter().filter(|resource| resource.contains("\n      Handler: ")) {
        let (_, reserved) = function.split_once("ReservedConcurrentExecutions: !If [ReservesConcurrency, ").unwrap();
        match reserved.split(',').next().unwrap() {
            "!Ref WebhookConcurrency" => webhooks += 1,
            own if function.contains("Condition: ReceivesReports") => reports += own.parse::<usize>().unwrap(),
            own => others += own.parse::<usize>().unwrap(),
        }
    }
    // AWS keeps so much of an account's limit for what reserves nothing.
    let (free, all) = (100, webhooks * webhook + others);
    let (asked, with_reports, rest) = (free + all, free + all + reports, others + reports);
    let said = format!(
        "must allow {asked} concurrent Lambda executions, and with `ReportAddress` {with_reports}: {webhooks} × {webhook} \
         and {others} (with it {rest}) are reserved, and {free} must stay free."
    );
    let page = fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let page: Vec<&str> = page.split_whitespace().collect();
    assert!(page.join(" ").contains(&said), "operations.md does not say: {said}");
}

#[test]
fn no_alarm_rings_because_the_stack_is_new() {
    let template = template();
    let (mut silent, mut told) = (0, 0);
    for alarm in blocks(&template, is_resource).iter().filter(|one| one.contains("Type: AWS::CloudWatch::Alarm")) {
        let number = |name: &str| -> u64 {
            let found = alarm.lines().find_map(|line| line.trim().strip_prefix(name));
            found.unwrap_or_else(|| panic!("{name} is not said in\n{alarm}")).parse().unwrap()
        };
        let seconds = number("Period: ") * number("EvaluationPeriods: ");
        if alarm.contains("TreatMissingData: breaching") {
            // What comes within minutes of a deployment is there before anybody has confirmed to be told.
            assert!(seconds <= 600, "it rings until {seconds} seconds are over:\n{alarm}");
            silent += 1;
        } else if alarm.contains("TreatMissingData: missing") {
            assert!(alarm.contains("InsufficientDataActions: [!Ref Alarms]"), "nobody is told of silence:\n{alarm}");
            told += 1;
        }
    }
    assert_eq!((silent, told), (1, 1));
}

#[test]
fn an_address_of_aws_ends_in_what_its_partition_says() {
    let template = template();
    let mut services = 0;
    for line in template.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((before, _)) = line.split_once(".amazonaws.com") else { continue };
        // Services are called the same in every partition.
        let service = before.rsplit_once("Service: ").or_else(|| before.rsplit_once("Principal: "));
        let is_name = |name: &str| name.bytes().all(|letter| letter.is_ascii_lowercase());
        assert!(service.is_some_and(|(_, name)| is_name(name)), "{line}");
        services += 1;
    }
    assert!(services > 10, "{services} services were found");
    assert!(!template.contains("arn:aws:"), "a name of a resource begins with its partition");
    for (path, text) in texts() {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        if !path.starts_with("src/") || !path.ends_with(".rs") || is_test {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| line.contains("amazonaws.com") && !line.trim().starts_with("//")) {
            // A name that somebody sends in a made-up event.
            assert!(line.contains("\"example.execute-api."), "{path}: {line}");
        }
    }
}

#[test]
fn no_environment_variable_of_a_function_holds_a_secret() {
    let template = template();
    let mut variables = 0;
    for block in blocks(&template, |line| line.trim() == "Variables:") {
        for line in block.lines().skip(1) {
            let (name, value) = line.trim().split_once(": ").unwrap();
            for word in ["SECRET", "TOKEN", "PASSWORD", "_KEY"] {
                assert!(!name.contains(word), "{name} is for Parameter Store");
            }
            assert!(!value.contains("resolve:"), "{name}: {value} would be readable in the function's settings");
            assert!(value.starts_with('!'), "{name}: {value} is written out");
            variables += 1;
        }
    }
    assert!(variables > 5, "{variables} variables were found");
}

#[test]
fn on_a_laptop_the_paths_lead_to_the_functions_they_lead_to_in_aws() {
    let template = template();
    let (mut deployed, mut console) = (BTreeMap::new(), Vec::new());
    for resource in blocks(&template, is_resource) {
        let Some((_, handler)) = resource.split_once("\n      Handler: ") else { continue };
        let function = handler.lines().next().unwrap();
        for line in resource.lines().filter(|line| line.contains("{ApiId: ")) {
            let (_, path) = line.split_once("Path: ").unwrap();
            let path = path.trim_end_matches('}').trim_matches('"');
            // `galateo serve` is the console on a laptop.
            if function == "console" {
                console.push(path.to_owned());
            } else {
                deployed.insert(path.to_owned(), function.to_owned());
            }
        }
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, router) = manifest.split_once("[workspace.metadata.lambda.watch.router]").unwrap();
    let played: BTreeMap<String, String> = router
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('"'))
        .map(|line| line.split_once(" = ").unwrap())
        .map(|(path, function)| (path.trim_matches('"').to_owned(), function.trim_matches('"').to_owned()))
        .collect();
    assert!(played.len() >= 8, "{played:?}");
    assert_eq!(played, deployed);
    assert_eq!(console, ["/console", "/console/{proxy+}"]);
}
