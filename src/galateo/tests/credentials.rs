//! The office's commands with the profiles that organisations have, against a service on this machine that answers as AWS
//! does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A service that gives everybody the same answer, and remembers who asked.
struct Service {
    url: String,
    authorizations: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn start(status: &'static str, media_type: &'static str, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let authorizations = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&authorizations);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut request = BufReader::new(stream);
                let (mut length, mut line) = (0, String::new());
                while request.read_line(&mut line).unwrap_or(0) > 2 {
                    let (name, value) = line.split_once(':').unwrap_or_default();
                    match name.to_ascii_lowercase().as_str() {
                        "authorization" => seen.lock().unwrap().push(value.trim().to_owned()),
                        "content-length" => length = value.trim().parse().unwrap(),
                        _ => {}
                    }
                    line.clear();
                }
                let mut ignored = vec![0; length];
                let _ = request.read_exact(&mut ignored);
                let length = body.len();
                let head = format!("HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}");
                let _ = request.get_mut().write_all(format!("{head}\r\nconnection: close\r\n\r\n{body}").as_bytes());
            }
        });
        Self { url, authorizations }
    }

    fn dynamodb(code: &'static str) -> Self {
        Self::start("400 Bad Request", "application/x-amz-json-1.0", code)
    }
}

const DENIED: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}"#;

/// Lists the cases with this profile file, and says how long that took.
fn list(folder: &Path, config: &str, variables: &[(&str, &str)], lang: &str) -> (Output, Duration) {
    let file = folder.join("config");
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(["case", "list", "--lang", lang]).env_clear().stdin(Stdio::null());
    command
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("AWS_CONFIG_FILE", &file)
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.join("none"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_PROFILE", "office")
        .env("GALATEO_CASEBOOK_TABLE", "c")
        .env("GALATEO_AUDIT_TABLE", "a")
        .env("GALATEO_PSEUDONYM_KEY", "a key of these tests")
        .envs(variables.iter().copied());
    let started = Instant::now();
    (command.output().unwrap(), started.elapsed())
}

fn refused(output: &Output, reasons: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for reason in reasons {
        assert!(said.contains(reason), "{reason}: {said}");
    }
    for wrong in ["broken connection", "try later", "riprovare più tardi", "features"] {
        assert!(!said.contains(wrong), "{said}");
    }
}

#[test]
fn credentials_of_a_program_are_used_and_a_denied_role_is_named_after_one_request() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::dynamodb(DENIED);
    let config = "[profile office]\nregion = eu-south-1\ncredential_process = echo \
                  '{\"Version\":1,\"AccessKeyId\":\"AKIAOFPROGRAM\",\"SecretAccessKey\":\"s\"}'\n";
    let (output, _) = list(folder.path(), config, &[("AWS_ENDPOINT_URL_DYNAMODB", &service.url)], "en");
    refused(&output, &["AccessDeniedException", "not permitted"]);
    let asked = service.authorizations.lock().unwrap();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].contains("Credential=AKIAOFPROGRAM/"), "{asked:?}");
}

#[test]
fn who_has_not_signed_in_is_told_how() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[profile office]\nregion = eu-south-1\nsso_session = work\nsso_account_id = 123456789012\n\
                  sso_role_name = Office\n[sso-session work]\nsso_region = eu-south-1\n\
                  sso_start_url = https://example.awsapps.com/start\n";
    let (output, took) = list(folder.path(), config, &[], "it");
    refused(&output, &["credenziali", "office", "aws sso login"]);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn no_region_and_no_credentials_are_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let keys = "[profile office]\naws_access_key_id = A\naws_secret_access_key = s\n";
    refused(&list(folder.path(), keys, &[], "en").0, &["no AWS region", "AWS_REGION"]);
    refused(&list(folder.path(), keys, &[], "it").0, &["manca la regione"]);
    let empty = format!("{keys}region =\n");
    refused(&list(folder.path(), &empty, &[("AWS_REGION", "")], "en").0, &["no AWS region"]);
    let region = "[profile office]\nregion = eu-south-1\n";
    refused(&list(folder.path(), region, &[], "en").0, &["no usable AWS credentials", "\"office\""]);
}

#[test]
fn a_role_that_may_not_be_assumed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let sts = Service::start(
        "403 Forbidden",
        "text/xml",
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: \
         sts:AssumeRole</Message></Error></ErrorResponse>",
    );
    let config = "[profile base]\naws_access_key_id = A\naws_secret_access_key = s\n[profile office]\n\
                  region = eu-south-1\nrole_arn = arn:aws:iam::123456789012:role/Office\nsource_profile = base\n";
    let (output, _) = list(folder.path(), config, &[("AWS_ENDPOINT_URL_STS", &sts.url)], "en");
    refused(&output, &["no usable AWS credentials", "AccessDenied"]);
}
