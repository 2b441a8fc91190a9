//! Every function, really run: the deployed artefact is started as each of them against a Runtime API, an embedded DynamoDB, a Parameter Store
//! and the sandbox platforms, and is sent its events.

mod console;
mod runtime;
mod world;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use policy::Platform;
use serde_json::{Value, json};

use crate::runtime::Function;
use crate::world::{World, event_files};

/// An event of API Gateway, payload version 2.0, that carries a signed body.
fn webhook(platform: Platform, body: &[u8], secret: &str, base64: bool) -> Value {
    let (header, signature) = sandbox::sign(platform, secret, body);
    let text = if base64 { BASE64.encode(body) } else { String::from_utf8(body.to_vec()).unwrap() };
    json!({
        "version": "2.0", "routeKey": "POST /webhooks/x", "rawPath": format!("/webhooks/{platform}"),
        "rawQueryString": "", "headers": { header.to_lowercase(): signature, "content-type": "application/json" },
        "requestContext": { "http": { "method": "POST", "path": format!("/webhooks/{platform}") } },
        "body": text, "isBase64Encoded": base64
    })
}

fn handshake(platform: Platform, query: &str) -> Value {
    json!({
        "version": "2.0", "rawPath": format!("/webhooks/{platform}"), "rawQueryString": query, "headers": {},
        "requestContext": { "http": { "method": "GET", "path": format!("/webhooks/{platform}") } },
        "isBase64Encoded": false
    })
}

#[tokio::test]
async fn every_webhook_function_takes_all_its_events_as_text_and_as_base64() {
    let world = World::start().await;
    for platform in Platform::ALL.iter().copied() {
        let function = Function::spawn(platform.as_str(), &world).await;
        let files = event_files(platform);
        assert!(files.len() >= 2, "{platform} has {} events", files.len());
        for (index, (name, body)) in files.iter().enumerate() {
            let answer = function.invoke(&webhook(platform, body, world.secret(), index % 2 == 0)).await;
            assert_eq!(answer["statusCode"], 200, "{platform}/{name}: {answer}");
        }
        let forged = function.invoke(&webhook(platform, &files[0].1, "another secret", false)).await;
        assert_eq!(forged["statusCode"], 401, "{platform}: {forged}");
        let broken = json!({
            "headers": {}, "requestContext": { "http": { "method": "POST" } }, "body": "not base64!",
            "isBase64Encoded": true
        });
        assert_eq!(function.invoke(&broken).await["statusCode"], 400, "{platform}");
    }
    assert!(world.judged().await > 20, "only {} contributions were judged", world.judged().await);
}

#[tokio::test]
async fn the_functions_answer_the_handshakes_of_their_platforms() {
    let world = World::start().await;
    let secret = world.secret();
    let facebook = Function::spawn("facebook", &world).await;
    let good = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={secret}");
    let answer = facebook.invoke(&handshake(Platform::Facebook, &good)).await;
    assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("1158201444")));
    let bad = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
    assert_eq!(facebook.invoke(&handshake(Platform::Facebook, bad)).await["statusCode"], 403);

    let x = Function::spawn("x", &world).await;
    let answer = x.invoke(&handshake(Platform::X, "crc_token=abc")).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert!(body["response_token"].as_str().unwrap().starts_with("sha256="), "{answer}");

    let linkedin = Function::spawn("linkedin", &world).await;
    let answer = linkedin.invoke(&handshake(Platform::Linkedin, "challengeCode=abc")).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["challengeCode"], "abc");
}

/// A record of the casebook's stream, keys only.
fn record(pk: &str, sk: &str, sequence_number: &str) -> Value {
    json!({
        "eventID": sequence_number, "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "eu-south-1",
        "dynamodb": {
            "Keys": { "pk": { "S": pk }, "sk": { "S": sk } }, "SequenceNumber": sequence_number,
            "StreamViewType": "KEYS_ONLY", "SizeBytes": 64
        }
    })
}

#[tokio::test]
async fn actions_reports_only_the_record_that_failed_and_a_sweep_finds_the_rest() {
    let world = World::start().await;
    let facebook = Function::spawn("facebook", &world).await;
    for index in 0..4 {
        let body = world.violating_comment(index);
        let answer = facebook.invoke(&webhook(Platform::Facebook, &body, world.secret(), false)).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
    }
    let mut keys = world.pending().await;
    assert_eq!(keys.len(), 4);
    let missed_by_the_stream = keys.pop().unwrap();
    world.corrupt(&keys[1]).await;

    let actions = Function::spawn("actions", &world).await;
    let mut records: Vec<Value> =
        keys.iter().enumerate().map(|(n, key)| record(key.pk(), key.sk(), &format!("10{n}"))).collect();
    records.push(record("milano-monza-brianza-lodi#T", "some task", "199"));
    let answer = actions.invoke(&json!({ "Records": records })).await;
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "101" }] }));
    assert_eq!(world.hide_calls(), 2);

    let answer = actions.invoke(&json!({ "source": "aws.scheduler" })).await;
    // Besides the missed one, what follows from those that were hidden: the ladder, and the warning.
    assert!(answer["settled"].as_u64().is_some_and(|settled| settled > 1), "{answer}");
    assert_eq!(world.hide_calls(), 3);
    assert!(world.still_pending(&missed_by_the_stream).await.is_none(), "the missed action is still pending");
}

#[tokio::test]
async fn records_that_hang_keep_no_other_of_their_batch_waiting_and_what_fails_is_told_in_order() {
    let world = World::start().await;
    let facebook = Function::spawn("facebook", &world).await;
    for index in 0..6 {
        facebook.invoke(&webhook(Platform::Facebook, &world.violating_comment(index), world.secret(), false)).await;
    }
    let mut keys = world.pending().await;
    assert_eq!(keys.len(), 6);
    let x = Function::spawn("x", &world).await;
    let (body, reply) = world.violating_reply();
    x.invoke(&webhook(Platform::X, &body, world.secret(), false)).await;
    let elsewhere: Vec<_> = world.pending().await.into_iter().filter(|key| !keys.contains(key)).collect();
    assert_eq!(elsewhere.len(), 1);
    keys.extend(elsewhere);
    world.corrupt(&keys[1]).await;
    world.corrupt(&keys[3]).await;
    world.hang(Platform::Facebook);

    let actions = Function::spawn("actions", &world).await;
    let mut records: Vec<Value> =
        keys.iter().enumerate().map(|(n, key)| record(key.pk(), key.sk(), &format!("10{n}"))).collect();
    // The stream names an item once for each of its changes.
    records.push(record(keys[1].pk(), keys[1].sk(), "107"));
    let event = json!({ "Records": records });
    // Without time, nothing is begun, and all of it comes again.
    let answer = actions.invoke_within(30, &event).await;
    let told: Vec<_> = (0..8).map(|n| json!({ "itemIdentifier": format!("10{n}") })).collect();
    assert_eq!(answer, json!({ "batchItemFailures": told }));
    assert_eq!(world.journal().len(), 0);

    let since = std::time::Instant::now();
    let hidden = async {
        while !world.is_hidden_on_x(&reply) {
            assert!(since.elapsed().as_secs() < 30, "the last of the batch waits for the first");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        since.elapsed()
    };
    let (answer, hidden) = tokio::join!(actions.invoke(&event), hidden);
    println!("beside a platform that hangs, the last record was carried out after {hidden:?} of {:?}", since.elapsed());
    assert!(hidden.as_secs() < 8, "{hidden:?}");
    assert!(since.elapsed().as_secs() < 30, "{:?}", since.elapsed());
    let told: Vec<_> = ["101", "103", "107"].map(|n| json!({ "itemIdentifier": n })).into();
    assert_eq!(answer, json!({ "batchItemFailures": told }), "in the order of the stream");
    let asked = world.journal().into_iter().filter(|line| line["platform"] == "facebook").count();
    assert_eq!(asked, 1, "the others wait until it is known whether it answers");
}

#[tokio::test]
async fn poll_compares_what_is_recorded_with_what_is_so_when_its_other_schedule_asks() {
    let world = World::start().await;
    let poll = Function::spawn("poll", &world).await;
    let found = poll.invoke(&json!({ "task": "reconcile" })).await;
    // The sandbox begins without subscriptions: they are made, with the tokens of all platforms.
    assert!(found["lapsed"].as_u64().is_some_and(|lapsed| lapsed > 0), "{found}");
    assert_eq!((&found["resubscribed"], &found["stuck"]), (&found["lapsed"], &json!(0)), "{found}");
    let again = poll.invoke(&json!({ "task": "reconcile" })).await;
    assert_eq!(again["lapsed"], 0, "{again}");
}

#[tokio::test]
async fn poll_reads_youtube_and_its_violations_are_held_for_review() {
    let world = World::start().await;
    world.comment_on_youtube("Grazie, video molto utile", "UCuno");
    world.comment_on_youtube("sei un coglione di merda", "UCdue");
    let poll = Function::spawn("poll", &world).await;
    let answer = poll.invoke(&json!({ "source": "aws.scheduler" })).await;
    let youtube = answer["accounts"].as_array().unwrap().iter().find(|a| a["platform"] == "youtube").unwrap();
    assert_eq!(youtube["judged"], 2, "{answer}");
    let again = poll.invoke(&json!({ "source": "aws.scheduler" })).await;
    assert_eq!(again, json!({ "accounts": [] }), "an account that was just polled is left alone");

    let actions = Function::spawn("actions", &world).await;
    // Hidden, the ladder climbed, warned, and climbed again for what may have been written meanwhile.
    assert_eq!(actions.invoke(&json!({ "source": "aws.scheduler" })).await["settled"], 4);
    let held = world.journal().into_iter().filter(|line| {
        line["platform"] == "youtube" && line["path"].as_str().is_some_and(|path| path.contains("heldForReview"))
    });
    assert_eq!(held.count(), 1);
}

#[tokio::test]
async fn statistics_counts_every_account_and_writes_the_reports() {
    let world = World::start().await;
    let statistics = Function::spawn("statistics", &world).await;
    // The first night compiles a year. Where that takes longer than one run has, the next run goes on.
    let mut night = json!({ "more": true });
    while night["more"] == json!(true) {
        night = statistics.invoke(&json!({ "source": "aws.scheduler" })).await;
        assert_eq!(night["gaps"], json!(0));
    }
    assert!(night["counts"].as_u64() >= Some(6), "{night}");
    let reports = world.reports();
    assert_eq!(Some(reports.len() as u64), night["files"].as_u64());
    let pages = reports.iter().filter(|path| path.ends_with("report.html")).count();
    assert_eq!(pages, 2, "the month so far and the one before");
}

/// What SES calls the function with.
fn mail_event(id: &str, dmarc: &str) -> Value {
    let verdict = |status: &str| json!({ "status": status });
    json!({ "Records": [{ "eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
        "mail": { "messageId": id, "source": "nadia.ferraris@posta.example", "timestamp": "2026-11-02T09:12:04.000Z" },
        "receipt": {
            "spamVerdict": verdict(if dmarc == "SPAM" { "FAIL" } else { "PASS" }), "virusVerdict": verdict("PASS"),
            "spfVerdict": verdict("FAIL"), "dkimVerdict": verdict("PASS"), "dmarcVerdict": verdict(dmarc)
        }
    } }] })
}

#[tokio::test]
async fn user_reports_keeps_what_ses_received_and_has_it_answered() {
    let world = World::start().await;
    let mail = |name: &str| std::fs::read(format!("{}/events/email/{name}.eml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    world.receive_mail("m1", mail("link"));
    world.receive_mail("m2", mail("no-link"));
    let function = Function::spawn("user_reports", &world).await;
    // The report stands, whatever becomes of its receipt.
    world.refuse_mail(Some(StatusCode::BAD_REQUEST));
    assert_eq!(function.invoke(&mail_event("m1", "PASS")).await, json!({ "outcomes": ["new"] }));
    world.refuse_mail(None);
    assert_eq!(function.invoke(&mail_event("m1", "PASS")).await, json!({ "outcomes": ["repeated"] }));
    assert_eq!(world.sent_mail().len(), 1, "what was not sent was not marked as sent");
    // Lambda repeats an event that it is not sure of.
    assert_eq!(function.invoke(&mail_event("m1", "PASS")).await, json!({ "outcomes": ["repeated"] }));
    assert_eq!(function.invoke(&mail_event("m2", "FAIL")).await, json!({ "outcomes": ["new"] }));
    assert_eq!(function.invoke(&mail_event("m3", "SPAM")).await, json!({ "outcomes": ["rejected"] }));
    let sent = world.sent_mail();
    assert_eq!(sent.len(), 1, "one receipt, and none to an address that nobody vouches for");
    assert_eq!(sent[0]["Destination"]["ToAddresses"], json!(["nadia.ferraris@posta.example"]));
    let message = BASE64.decode(sent[0]["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap();
    assert!(String::from_utf8(message).unwrap().contains("In-Reply-To: <20261102101201.4711@posta.example>"));
}

#[tokio::test]
async fn statistics_seals_the_days_that_are_over_and_publishes_their_seals() {
    let world = World::start().await;
    let now = jiff::Timestamp::now();
    let begun = now - jiff::SignedDuration::from_hours(3 * 24);
    world.activate(begun).await;
    let statistics = Function::spawn("statistics", &world).await;
    let schedule = json!({ "source": "aws.scheduler" });
    let first = statistics.invoke(&schedule).await["seals_published"].as_u64().unwrap();
    assert!((2..=3).contains(&first), "the days that are over, from the first: {first}");
    let seal = world.seals().join(format!("{}.json", ledger::day(begun)));
    let published = std::fs::read_to_string(&seal).unwrap();
    assert_eq!(published, world.seal(ledger::day(begun)).await.to_json());

    // What is there is kept, whatever it is, and is compared; what is missing is published again.
    std::fs::write(&seal, "another").unwrap();
    let night = statistics.invoke(&schedule).await;
    assert!(night["seals_published"].as_u64() <= Some(1), "a day may have ended meanwhile");
    assert_eq!(night["seals_differing"], 1);
    assert_eq!(std::fs::read_to_string(&seal).unwrap(), "another");
    std::fs::remove_file(&seal).unwrap();
    assert!(statistics.invoke(&schedule).await["seals_published"].as_u64() >= Some(1));
    assert_eq!(std::fs::read_to_string(&seal).unwrap(), published);
}

#[tokio::test]
async fn the_policy_in_force_is_on_record_once_before_the_first_verdict() {
    let world = World::start().await;
    for _ in 0..2 {
        let facebook = Function::spawn("facebook", &world).await;
        facebook.invoke(&webhook(Platform::Facebook, &world.violating_comment(1), world.secret(), false)).await;
    }
    assert_eq!(world.activated().await, [world.policy().clone()]);
    assert_eq!(world.judged().await, 1);
}

#[tokio::test]
async fn a_function_that_cannot_record_its_policy_does_not_start() {
    let world = World::start().await;
    world.lose_audit_log().await;
    let failure = Function::spawn_failing("facebook", &world).await;
    assert!(failure.contains("which policy is in force could not be recorded"), "{failure}");
}

#[tokio::test]
async fn every_function_says_in_json_why_it_cannot_start_and_tells_lambda() {
    let world = World::start().await;
    for (function, variable) in [
        ("facebook", "GALATEO_POLICY"),
        ("actions", "GALATEO_PARAMETERS"),
        ("console", "GALATEO_PARAMETERS"),
        ("poll", "GALATEO_CASEBOOK_TABLE"),
        ("statistics", "GALATEO_SEALS"),
        ("user_reports", "GALATEO_MAIL"),
    ] {
        let failure = Function::spawn_failing_without(&[variable], function, &world).await;
        assert!(failure.contains(variable), "{function}: {failure}");
    }
}

#[tokio::test]
async fn an_artefact_that_is_told_no_function_or_one_that_is_not_there_says_so() {
    let world = World::start().await;
    let failure = Function::spawn_failing("myspace", &world).await;
    assert!(failure.contains("found \"myspace\", expected a platform, actions, console, poll"), "{failure}");
    let failure = Function::spawn_failing_without(&["_HANDLER"], "facebook", &world).await;
    assert!(failure.contains("_HANDLER is not set"), "{failure}");
}

#[tokio::test]
async fn at_no_level_does_a_function_log_what_a_person_wrote() {
    let world = World::start().await;
    for (number, level) in [
        "trace",
        "info,lambda_runtime=trace,aws_smithy_runtime=trace,hyper=trace,galateo_functions=trace,moderation=debug",
    ]
    .into_iter()
    .enumerate()
    {
        let log = tempfile::NamedTempFile::new().unwrap();
        let binary = "facebook";
        let function = Function::spawn_logging(level, log.reopen().unwrap(), binary, &world).await;
        let body = world.violating_comment(number);
        let answer = function.invoke(&webhook(Platform::Facebook, &body, world.secret(), false)).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let said = std::fs::read_to_string(log.path()).unwrap();
        assert!(said.lines().any(|line| line.contains("\"level\":")), "nothing was logged at {level}: {said}");
        for word in ["coglione", "Prova", "77_", world.secret()] {
            assert!(!said.contains(word), "{word:?} at {level}: {said}");
        }
    }
}

#[tokio::test]
async fn an_event_that_fails_is_told_by_a_kind_that_can_be_looked_for() {
    let world = World::start().await;
    let user_reports = Function::spawn("user_reports", &world).await;
    let told = user_reports.invoke_failing(&json!({"Records": [{"ses": {"mail": {}}}]})).await;
    assert_eq!(told["errorType"], "Function.EventFailed", "{told}");
    assert_eq!(told["errorMessage"], "the event names no message");
}

#[tokio::test]
async fn a_function_without_its_pseudonym_key_does_not_start() {
    let world = World::start().await;
    world.forget_parameter("pseudonym-key");
    let failure = Function::spawn_failing("facebook", &world).await;
    assert!(failure.contains("pseudonym-key"), "{failure}");
    assert!(!failure.contains(world.secret()), "a secret is in the error");
}

#[tokio::test]
async fn a_pseudonym_key_is_not_overwritten_and_after_a_rotation_nothing_is_judged_twice() {
    let world = World::start().await;
    let comment = webhook(Platform::Facebook, &world.violating_comment(1), world.secret(), false);
    let facebook = Function::spawn("facebook", &world).await;
    facebook.invoke(&comment).await;
    assert_eq!(world.judged().await, 1);

    world.put_parameter("pseudonym-key", "the second key of this test");
    let failure = Function::spawn_failing("facebook", &world).await;
    assert!(failure.contains("the records were kept under another pseudonym key"), "{failure}");
    assert!(!failure.contains("the second key"), "a secret is in the error");

    let both = format!("the second key of this test,{}@{}", world.secret(), jiff::Timestamp::now());
    world.put_parameter("pseudonym-key", &both);
    let facebook = Function::spawn("facebook", &world).await;
    facebook.invoke(&comment).await;
    assert_eq!(world.judged().await, 1);
    facebook.invoke(&webhook(Platform::Facebook, &world.violating_comment(2), world.secret(), false)).await;
    assert_eq!(world.judged().await, 2);
}
