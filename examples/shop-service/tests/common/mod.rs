//! The real program on loopback, with a policy, data and a log in a folder of its own.

#![allow(dead_code, reason = "each test file uses some of it")]

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::Request;

pub const STAFF: &str = "token-of-the-staff";
/// Whom the file of customers has: one whose ledger is of today, and one whose ledger names a purpose that is gone.
pub const ADA: &str = "demo-ada";
pub const GRACE: &str = "demo-grace";

/// A running service. It is killed when it is dropped.
pub struct Service {
    process: Child,
    output: BufReader<ChildStdout>,
    folder: TempDir,
    agent: Agent,
    public: String,
    operations: String,
}

/// A response that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub request: Option<String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Fails unless this is the denial of the policy, which says nothing else.
    #[track_caller]
    pub fn assert_denied(&self) {
        let denied = r#"{"type":"about:blank","title":"Forbidden","status":403}"#;
        assert_eq!(
            (self.status, self.kind.as_str()),
            (403, "application/problem+json"),
            "{self:?}"
        );
        assert_eq!(self.body, denied);
    }
}

impl Service {
    /// The service with its own policy and data.
    pub fn start() -> Self {
        Self::start_beside(None)
    }

    /// The same with a candidate: its own policy, changed.
    pub fn start_beside(candidate: Option<fn(String) -> String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("policy")).unwrap();
        fs::copy(shipped("policy/shop.why"), folder.path().join("policy/shop.why")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop-service"));
        if let Some(change) = candidate {
            let path = folder.path().join("candidate.why");
            let policy = fs::read_to_string(shipped("policy/shop.why")).unwrap();
            fs::write(&path, change(policy)).unwrap();
            command.env("SHOP_CANDIDATE", path);
        }
        let mut process = command
            .env("SHOP_ADDRESS", "127.0.0.1:0")
            .env("SHOP_OPERATIONS", "127.0.0.1:0")
            .env("SHOP_POLICY", folder.path().join("policy/shop.why"))
            .env("SHOP_LOG", folder.path().join("log"))
            .env("SHOP_CUSTOMERS", shipped("data/customers.json"))
            .env("SHOP_STAFF_TOKEN", STAFF)
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("errors")).unwrap())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut address = || {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            line[line.find("http://").expect("the service starts")..].trim().to_owned()
        };
        let (public, operations) = (address(), address());
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)));
        let agent = agent.build().new_agent();
        Self { process, output, folder, agent, public, operations }
    }

    pub fn get(&self, path: &str, token: &str) -> Answer {
        self.send("GET", &format!("{}{path}", self.public), token, "")
    }

    pub fn post(&self, path: &str, token: &str, body: &str) -> Answer {
        self.send("POST", &format!("{}{path}", self.public), token, body)
    }

    pub fn put(&self, path: &str, token: &str, body: &str) -> Answer {
        self.send("PUT", &format!("{}{path}", self.public), token, body)
    }

    /// What operators get.
    pub fn operations(&self, path: &str) -> Answer {
        self.send("GET", &format!("{}{path}", self.operations), "", "")
    }

    fn send(&self, method: &str, address: &str, token: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = if body.is_empty() {
            self.agent.run(request.body(()).unwrap()).unwrap()
        } else {
            self.agent.run(request.body(body).unwrap()).unwrap()
        };
        let header = |name| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
        Answer {
            status: response.status().as_u16(),
            kind: header("content-type").unwrap_or_default(),
            request: header("x-request-id"),
            body: response.body_mut().read_to_string().unwrap(),
        }
    }

    /// Signs up, and gives the token.
    pub fn sign_up(&self, body: &str) -> String {
        let answer = self.post("/customers", "", body);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    pub fn policy(&self) -> String {
        fs::read_to_string(self.folder.path().join("policy/shop.why")).unwrap()
    }

    /// Replaces the policy as an editor does.
    pub fn write_policy(&self, text: &str) {
        let path = self.folder.path().join("policy/shop.why");
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }

    pub fn status_of_policy(&self) -> Value {
        self.operations("/status").json()["policies"][0].clone()
    }

    /// Ends the service as a supervisor does. Gives its last words.
    pub fn stop(mut self) -> Stopped {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        let mut output = String::new();
        self.output.read_to_string(&mut output).unwrap();
        let status = self.process.wait().unwrap();
        let log = texts(&self.folder.path().join("log"));
        let errors = fs::read_to_string(self.folder.path().join("errors")).unwrap();
        Stopped { status, output, errors, log }
    }
}

/// What a service left.
pub struct Stopped {
    pub status: ExitStatus,
    pub output: String,
    pub errors: String,
    /// The files of its log.
    pub log: Vec<(PathBuf, String)>,
}

impl Stopped {
    /// The decisions in the log.
    pub fn decisions(&self) -> Vec<Value> {
        let is_log = |path: &Path| path.extension().is_some_and(|ending| ending == "jsonl");
        let files = self.log.iter().filter(|(path, _)| is_log(path));
        files
            .flat_map(|(_, text)| text.lines())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A file of the example.
fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All files below a folder, as texts.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(texts(&path));
        } else {
            all.push((
                path.clone(),
                String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned(),
            ));
        }
    }
    all
}

/// Waits until something is so. The time only bounds a test that fails.
#[track_caller]
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
