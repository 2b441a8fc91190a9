//! What the role of each function may do, and what its code does: neither is more than the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::calls::{Code, Function, words};
use crate::layers::used;
use crate::template::{blocks, is_resource, template};
use crate::texts;

/// An action of AWS with what it is done to: `dynamodb:Query` and `Casebook.Arn/index/desk`.
type Grant = (String, String);

/// Where AWS is spoken to. Elsewhere nothing may be asked of it: these tests would not see it.
const DOORS: [&str; 6] = [
    "src/functions/runtime/parameters.rs",
    "src/functions/runtime/user_reports.rs",
    "src/ledger/table/store.rs",
    "src/ledger/table/tables.rs",
    "src/publish/bucket.rs",
    "src/publish/signed.rs",
];

/// The store's own methods, by which the ledger asks for one thing of one table.
const STORE: &str = "Store";

/// The code of an entry (the library of the functions, which is deployed, or the command line) and every room behind it.
fn behind(entry: &str) -> Code {
    let texts = texts();
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(room) = waiting.pop() {
        let manifest = match room.as_str() {
            "functions" => "Cargo.toml".to_owned(),
            _ => format!("src/{room}/Cargo.toml"),
        };
        let uses: BTreeSet<String> = used(&texts[&manifest]).into_iter().map(str::to_owned).collect();
        waiting.extend(uses.iter().filter(|room| !rooms.contains_key(*room)).cloned());
        rooms.insert(room, uses);
    }
    Code::read(rooms, &texts)
}

/// Where words stand one after the other, `_` standing for any one; each time with what stood for those.
fn found<'w>(words: &'w [String], pattern: &str) -> Vec<Vec<&'w str>> {
    let pattern: Vec<&str> = pattern.split(' ').collect();
    let fits =
        |window: &&[String]| pattern.iter().zip(*window).all(|(expected, word)| *expected == "_" || expected == word);
    let any = |window: &'w [String]| {
        let stood = pattern.iter().zip(window).filter(|(expected, _)| **expected == "_");
        stood.map(|(_, word)| word.as_str()).collect()
    };
    words.windows(pattern.len()).filter(fits).map(any).collect()
}

fn is_there(words: &[String], pattern: &str) -> bool {
    !found(words, pattern).is_empty()
}

/// `get_item` as AWS calls it: `GetItem`.
fn action(method: &str) -> String {
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    method.split('_').map(capital).collect()
}

/// What the forms of the ledger ask of DynamoDB, as its own code says.
struct Forms {
    /// The actions of the forms of a write: `New` is `PutItem`.
    writes: BTreeMap<String, String>,
    /// The actions of the store's methods that name a table: `get` is `GetItem`.
    methods: BTreeMap<String, String>,
    /// The indexes by their constants: `ON_DESK` is `Casebook.Arn/index/desk`.
    indexes: BTreeMap<String, String>,
}

impl Forms {
    fn read(code: &Code) -> Self {
        let body = |owner: &str, name: &str| -> &[String] {
            let method = code.of(owner).into_iter().find(|function| function.name == name);
            &method.unwrap_or_else(|| panic!("{owner}::{name} is not there")).body
        };
        // `Write::New(..) => (.., Request::Put(..), ..)`, then `Request::Put(..) => .. Put::builder()`.
        let after = |words: &[String], mark: &str, what: &str| -> Vec<(String, Vec<String>)> {
            let starts: Vec<usize> =
                (0..words.len().saturating_sub(2)).filter(|at| words[*at] == mark && words[*at + 1] == "::").collect();
            let ends = starts.iter().skip(1).copied().chain([words.len()]);
            let spans = starts.iter().zip(ends).map(|(start, end)| {
                let found = found(&words[*start..end], what).into_iter().map(|stood| stood[0].to_owned());
                (words[start + 2].clone(), found.collect())
            });
            spans.collect()
        };
        let requests: BTreeMap<String, String> = after(body(STORE, "transact_item"), "Request", "_ :: builder (")
            .into_iter()
            .map(|(request, items)| (request, format!("{}Item", items[0])))
            .collect();
        let writes: BTreeMap<String, String> = after(body("Write", "into_parts"), "Write", "Request :: _")
            .into_iter()
            .map(|(write, kinds)| (write, requests[&kinds[0]].clone()))
            .collect();
        let mut methods = BTreeMap::new();
        for method in code.of(STORE).into_iter().filter(|method| is_there(&method.signature, "table : Table")) {
            let own = |words: &[String]| {
                let asked = found(words, ". client . _ (").into_iter().map(|stood| action(stood[0]));
                asked.collect::<Vec<String>>()
            };
            let through = found(&method.body, "self . _ (").into_iter().filter(|stood| stood[0] != "client");
            let through = through.flat_map(|stood| {
                let next = code.of(STORE).into_iter().find(|next| next.name == stood[0]);
                next.map(|next| own(&next.body)).unwrap_or_default()
            });
            let asked: BTreeSet<String> = own(&method.body).into_iter().chain(through).collect();
            let [asked] = &asked.into_iter().collect::<Vec<_>>()[..] else {
                panic!("{} asks for one thing", method.name)
            };
            methods.insert(method.name.clone(), asked.clone());
        }
        let source = words(&texts()["src/ledger/table/tables.rs"]);
        let indexes = found(&source, "_ : Index = Index { table : Table :: _ , name : _")
            .into_iter()
            .map(|stood| (stood[0].to_owned(), format!("{}.Arn/index/{}", stood[1], stood[2].trim_matches('"'))))
            .collect();
        Self { writes, methods, indexes }
    }

    /// What these functions ask of the two tables.
    fn asked_by(&self, functions: &[&Function], asked: &mut BTreeSet<Grant>) {
        functions.iter().for_each(|function| self.asked(function, asked));
    }

    fn asked(&self, function: &Function, asked: &mut BTreeSet<Grant>) {
        let of_table = |action: &str, table: &str| (format!("dynamodb:{action}"), format!("{table}.Arn"));
        for write in found(&function.body, "Write :: _ ( Table :: _") {
            asked.insert(of_table(&self.writes[write[0]], write[1]));
        }
        for query in found(&function.body, "Query :: of ( Table :: _") {
            asked.insert(of_table("Query", query[0]));
        }
        for query in found(&function.body, "Query :: index ( _") {
            // `Query::index(index, partition)` is the form itself.
            if let Some(index) = self.indexes.get(query[0]) {
                asked.insert(("dynamodb:Query".to_owned(), index.clone()));
            }
        }
        for call in found(&function.body, "store . _ ( Table :: _") {
            asked.insert(of_table(&self.methods[call[0]], call[1]));
        }
    }
}

/// A function of the template: its name there, its name among the functions, and all that is said of it.
struct Deployed {
    handler: String,
    text: String,
    role: String,
}

fn functions(template: &str) -> Vec<Deployed> {
    let handled = blocks(template, is_resource).into_iter().filter(|resource| resource.contains("\n      Handler: "));
    let said = |text: &str, name: &str| {
        let found = text.lines().find_map(|line| line.trim().strip_prefix(name).map(str::to_owned));
        found.unwrap_or_else(|| panic!("{name} is not said in\n{text}"))
    };
    let function = |text: String| {
        let role = said(&text, "Role: !GetAtt ").trim_end_matches(".Arn").to_owned();
        Deployed { handler: said(&text, "Handler: "), role, text }
    };
    handled.map(function).collect()
}

/// What the statements of a role or policy allow, each grant as often as it is said.
fn allowed(resource: &str) -> Vec<Grant> {
    let mut grants = Vec::new();
    for statement in blocks(resource, |line| line.contains("Effect: Allow")) {
        let Some((_, said)) = statement.split_once("Action: ") else { continue };
        let Some((actions, said)) = said.split_once("Resource:") else { continue };
        let resources = said.split("Condition:").next().unwrap();
        let listed = |text: &str| -> Vec<String> {
            let listed = text.split([',', '\n', ' ', '[', ']', '"', '{', '}']);
            listed.map(|word| word.trim_end_matches('$')).filter(|word| word.len() > 1).map(str::to_owned).collect()
        };
        let resources = resources.replace("${", "").replace('}', "");
        for action in listed(actions) {
            for name in listed(&resources).iter().filter(|word| !word.starts_with('!')) {
                // Of a long name what tells it from others.
                let short = name.rsplit_once("AWS::StackName/").or_else(|| name.rsplit_once("AWS::AccountId:"));
                grants.push((action.clone(), short.map_or(name.as_str(), |(_, short)| short).to_owned()));
            }
        }
    }
    grants
}

/// What the role of a function allows, by itself and by the policies that it names. The key's policy is left out: it
/// follows from what is encrypted.
fn granted(template: &str, role: &str) -> Vec<Grant> {
    let of = |name: &str| {
        let begins = format!("  {name}:");
        let [resource] = &blocks(template, |line| line == begins)[..] else { panic!("{name} is not one resource") };
        resource.clone()
    };
    let role = of(role);
    let policies = role.lines().filter_map(|line| line.trim().strip_prefix("- !Ref "));
    let named = policies.flat_map(|name| allowed(&of(name))).collect::<Vec<_>>();
    // The trust policy comes first: it allows others to be this role.
    let (_, own) = role.split_once("Policies:\n        - PolicyName").unwrap();
    allowed(own).into_iter().chain(named).collect()
}

/// What Lambda does in the name of a function, by what the template says of it: it writes the log, reads the stream and
/// puts away what failed.
fn asked_by_lambda(function: &Deployed) -> BTreeSet<Grant> {
    let grant = |action: &str, of: &str| (action.to_owned(), of.to_owned());
    let mut asked = BTreeSet::new();
    let (_, log) = function.text.split_once("LogGroup: !Ref ").unwrap();
    let log = format!("{}.Arn", log.split([',', '}']).next().unwrap());
    asked.extend([grant("logs:CreateLogStream", &log), grant("logs:PutLogEvents", &log)]);
    if let Some((_, stream)) = function.text.split_once("Stream: !GetAtt ") {
        let stream = stream.lines().next().unwrap();
        let table = stream.trim_end_matches(".StreamArn");
        for action in ["DescribeStream", "GetRecords", "GetShardIterator"] {
            asked.insert(grant(&format!("dynamodb:{action}"), stream));
        }
        asked.insert(grant("dynamodb:ListStreams", &format!("{table}.Arn/stream/*")));
    }
    if let Some((_, queue)) = function.text.split_once("OnFailure: {Type: SQS, Destination: !GetAtt ") {
        asked.insert(grant("sqs:SendMessage", queue.split('}').next().unwrap()));
    }
    asked
}

/// The secrets that are asked of Parameter Store, by the scope with which the function starts.
fn secrets(reached: &[&Function], code: &Code, handler: &str, asked: &mut BTreeSet<Grant>) {
    let mut ask = |name: &str| asked.insert(("ssm:GetParameters".to_owned(), name.to_owned()));
    let fetch = reached.iter().find(|function| is_there(&function.body, "client . get_parameters (")).unwrap();
    assert!(is_there(&fetch.body, "names . push ( \"pseudonym-key\""), "the key is asked for by every function");
    ask("pseudonym-key");
    let scopes: BTreeSet<&str> = reached
        .iter()
        .flat_map(|function| found(&function.body, "Function :: start ( Scope :: _"))
        .map(|stood| stood[0])
        .collect();
    match &scopes.into_iter().collect::<Vec<_>>()[..] {
        ["Webhook"] => {
            let free = |name: &str| code.functions.iter().find(|function| function.name == name).unwrap();
            let repeats = &free("repeats_a_token").body;
            let variant = action(handler);
            let (yes, no) = repeats.split_at(repeats.iter().position(|word| word == "true").unwrap());
            let is_in = |words: &[String]| is_there(words, &format!("Platform :: {variant}"));
            assert!(is_in(yes) != is_in(no), "{handler}");
            assert!(is_there(&free("webhook_path").body, "\"webhook-secrets/{platform}\""));
            assert!(is_there(&free("verify_path").body, "\"verify-tokens/{platform}\""));
            ask(&format!("webhook-secrets/{handler}"));
            if is_in(yes) {
                ask(&format!("verify-tokens/{handler}"));
            }
        }
        ["Calls"] => drop(ask("access-tokens/*")),
        ["Console"] => {
            assert!(is_there(&fetch.body, "console :: Settings :: NAMES"), "its settings are asked for by their names");
            ask("console/*");
        }
        ["Key"] => {}
        others => panic!("{handler}: {others:?}"),
    }
}

#[test]
fn every_function_may_do_what_its_code_asks_for_and_nothing_else() {
    let (template, code) = (template(), behind("functions"));
    let forms = Forms::read(&code);
    let functions = functions(&template);
    assert!(functions.len() >= 10, "{} functions were found", functions.len());
    let mut wrong = Vec::new();
    for function in &functions {
        let handler = function.handler.as_str();
        let own = format!("src/functions/runtime/{handler}.rs");
        let begin = match code.begins(&own, handler) {
            begin if begin.is_empty() => code.begins("src/functions/runtime/webhook.rs", "webhook"),
            begin => begin,
        };
        assert_eq!(begin.len(), 1, "{handler} begins in one place");
        let reached = code.reached(begin);
        let mut asked = asked_by_lambda(function);
        forms.asked_by(&reached, &mut asked);
        secrets(&reached, &code, handler, &mut asked);

        let allowed = granted(&template, &function.role);
        let mut said = BTreeSet::new();
        for grant in &allowed {
            if !said.insert(grant.clone()) {
                wrong.push(format!("{handler}: {} on {} is allowed twice", grant.0, grant.1));
            }
        }
        // Whether a file is only put into a bucket or read as well depends on what is to become of one that is there, which
        // no name tells: buckets are compared as a whole.
        let of_bucket = |grant: &&Grant| grant.0.starts_with("s3:") || grant.0.starts_with("ses:");
        wrong.extend(elsewhere(function, &reached, &said.iter().filter(of_bucket).cloned().collect()));
        said.retain(|grant| !of_bucket(&grant));
        let shown = |grant: &Grant, what: &str| format!("{handler}: {} on {} {what}", grant.0, grant.1);
        wrong.extend(asked.difference(&said).map(|grant| shown(grant, "is asked for, and not allowed")));
        wrong.extend(said.difference(&asked).map(|grant| shown(grant, "is allowed, and not asked for")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong about the buckets and the mails of a function.
fn elsewhere(function: &Deployed, reached: &[&Function], allowed: &BTreeSet<Grant>) -> Vec<String> {
    let any = |pattern: &str| reached.iter().any(|one| is_there(&one.body, pattern));
    let speaks =
        |service: &str, method: &str| any(&format!("Service :: {service}")) && any(&format!("Request :: {method} ("));
    let (mut actions, mut places) = (BTreeSet::new(), BTreeSet::new());
    for (service, method, asked) in [("S3", "get", "s3:GetObject"), ("S3", "put", "s3:PutObject")] {
        actions.extend(speaks(service, method).then(|| asked.to_owned()));
    }
    if speaks("Ses", "post") {
        // A message that is sent whole.
        assert!(any("\"Raw\""), "SES is asked for something else");
        actions.extend(["ses:SendEmail", "ses:SendRawEmail"].map(str::to_owned));
        places.extend(["identity/*", "configuration-set/*"].map(str::to_owned));
    }
    for line in function.text.lines() {
        let Some((variable, bucket)) = line.trim().split_once(": !Sub s3://${") else { continue };
        let is_read = any(&format!("variable ( \"{variable}\""));
        places.extend(is_read.then(|| bucket.split('}').next().unwrap().to_owned()));
    }
    let said: BTreeSet<String> = allowed.iter().map(|(action, _)| action.clone()).collect();
    let of: BTreeSet<String> = allowed.iter().map(|(_, of)| of.split(".Arn").next().unwrap().to_owned()).collect();
    let mut wrong = Vec::new();
    for (asked, said) in [(actions, said), (places, of)] {
        if asked != said {
            wrong.push(format!("{}: asked for {asked:?}, allowed {said:?}", function.handler));
        }
    }
    wrong
}

/// The commands that the office runs on the tables of a stack.
const COMMANDS: [&str; 3] = ["src/galateo/audit/", "src/galateo/office/", "src/galateo/statistics/"];

#[test]
fn the_office_may_do_in_the_tables_what_its_commands_ask_for_and_nothing_else() {
    let code = behind("galateo");
    let commands: Vec<usize> = COMMANDS.iter().flat_map(|folder| code.below(folder)).collect();
    assert!(commands.len() > 100, "{} functions of commands were found", commands.len());
    let mut asked = BTreeSet::new();
    Forms::read(&code).asked_by(&code.reached(commands), &mut asked);
    let [policy] = &blocks(&template(), |line| line == "  OfficePolicy:")[..] else { panic!("it is one policy") };
    // What else it allows is for the commands of operations.md.
    let said: BTreeSet<Grant> =
        allowed(policy).into_iter().filter(|(action, _)| action.starts_with("dynamodb:")).collect();
    let missing: Vec<&Grant> = asked.difference(&said).collect();
    let unused: Vec<&Grant> = said.difference(&asked).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "asked for and not allowed: {missing:?}; not asked for: {unused:?}"
    );
}

#[test]
fn aws_is_spoken_to_where_these_tests_look() {
    let mut doors = Vec::new();
    for (path, text) in texts() {
        // All rooms but those that only a laptop has.
        let is_deployed = path.starts_with("src/")
            && !["galateo", "local", "sandbox"].iter().any(|room| path.starts_with(&format!("src/{room}/")));
        let is_test = ["/tests/", "/benches/", "/embedded", "/examples/"].iter().any(|folder| path.contains(folder));
        if !is_deployed || is_test || !path.ends_with(".rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let is_sdk = code.contains("aws_sdk_") && code.contains(".send()");
        if is_sdk || code.contains(".send(Service::") {
            doors.push(path.clone());
        }
    }
    assert_eq!(doors, DOORS);
}

#[test]
fn calls_are_followed_by_types_and_where_nothing_tells_a_type_by_name() {
    let source = |text: &str| text.to_owned();
    let sources = BTreeMap::from([
        (
            "src/functions/runtime/poll.rs".to_owned(),
            source(
                "pub async fn poll() { run(start(), |begun, event: Event<Value>| async move {
                    let (room, _) = begun.parts().await?;
                    room.keep().await.map(work_done)
                }) }
                fn work_done() { Write::Forget(Table::Casebook, key); }",
            ),
        ),
        ("src/functions/runtime/other.rs".to_owned(), source("fn start() { Write::Absent(Table::Audit, key); }")),
        (
            "src/ledger/lib.rs".to_owned(),
            source(
                "#[cfg(feature = \"embedded\")]
                pub mod embedded;
                pub struct Room { store: Store }
                pub struct Cellar;
                impl Begun { pub async fn parts(&self) -> Result<(Room, u8), E> { todo!() } }
                impl Room { pub async fn keep(&self) { tracing::info!(\"{}\", self.store.get(Table::Audit, &key)) } }
                impl Cellar { pub async fn keep(&self) { Write::New(Table::Audit, key); } }
                #[cfg(test)]
                mod tests { fn work_done() { Query::of(Table::Audit, pk); } }",
            ),
        ),
        ("src/ledger/embedded/mod.rs".to_owned(), source("pub fn work_done() { Write::Take(Table::Audit, key); }")),
    ]);
    let uses = |rooms: &[&str]| rooms.iter().map(|room| (*room).to_owned()).collect::<BTreeSet<String>>();
    let rooms = BTreeMap::from([("functions".to_owned(), uses(&["ledger"])), ("ledger".to_owned(), uses(&[]))]);
    let code = Code::read(rooms, &sources);
    let reached = code.reached(code.begins("src/functions/runtime/poll.rs", "poll"));
    let mut asked = BTreeSet::new();
    Forms::read(&behind("functions")).asked_by(&reached, &mut asked);
    let asked: Vec<String> = asked.iter().map(|(action, of)| format!("{action} {of}")).collect();
    // `start` stands in no file of its own here, so the one of that name counts; `keep` is that of the room alone.
    assert_eq!(
        asked,
        ["dynamodb:ConditionCheckItem Audit.Arn", "dynamodb:DeleteItem Casebook.Arn", "dynamodb:GetItem Audit.Arn"]
    );
}
