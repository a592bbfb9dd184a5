//! An editor that talks to the language server: a scripted client over standard input and output.

#![allow(dead_code, unreachable_pub, reason = "each file of tests uses a part")]

use crate::folder::folder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any answer takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const SHOP: &str = r#"policy shop "Shop list"
import "more.why"
tag sensitive
category contact "Contact" {
    email "Email"
    phone #sensitive
}
method provided
purpose service { login  billing }
fact region: one of eu, us
duty deidentify
section account "Account" {
    collect contact by provided for login
    use email for service when region is eu then deidentify
}
expect {
    allow collect email by provided for login
    allow use phone for billing
}
"#;
pub const MORE: &str = "purpose research\nuse email for research\n";

/// An editor with a folder of its own.
pub struct Editor {
    pub folder: tempfile::TempDir,
    pub server: Child,
    pub input: ChildStdin,
    pub incoming: Receiver<Value>,
    pub texts: BTreeMap<String, String>,
    pub version: i32,
    pub requests: i64,
    /// What came while something else was waited for.
    pub notices: VecDeque<Value>,
}

impl Editor {
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, json!({}))
    }

    pub fn with(files: &[(&str, &str)], capabilities: Value) -> Self {
        Self::starting(files, |folder| {
            let folder = json!([{ "uri": uri(folder), "name": "shop" }]);
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folder })
        })
    }

    /// An editor that starts the server with these parameters, made of its folder.
    pub fn starting(files: &[(&str, &str)], parameters: impl FnOnce(&Path) -> Value) -> Self {
        let folder = folder(files);
        let mut server = Command::new(env!("CARGO_BIN_EXE_whyfor"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut editor = Self {
            input: server.stdin.take().unwrap(),
            incoming: incoming(server.stdout.take().unwrap()),
            folder,
            server,
            texts: BTreeMap::new(),
            version: 0,
            requests: 0,
            notices: VecDeque::new(),
        };
        let parameters = parameters(editor.folder.path());
        let answer = editor.ask("initialize", parameters);
        assert_eq!(answer["serverInfo"]["name"], "whyfor");
        editor.tell("initialized", json!({}));
        editor
    }

    /// An editor with shop.why open.
    pub fn shop() -> Self {
        let mut editor = Self::new(&[("shop.why", SHOP), ("more.why", MORE)]);
        editor.open("shop.why");
        editor
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        uri(&self.path(name))
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    #[track_caller]
    pub fn receive(&mut self) -> Value {
        self.incoming.recv_timeout(PATIENCE).expect("the server says nothing")
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
            self.notices.push_back(message);
        }
    }

    #[track_caller]
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    pub fn open(&mut self, name: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        self.version += 1;
        let document = json!({ "uri": self.uri(name), "languageId": "why", "version": self.version, "text": text });
        self.texts.insert(name.to_owned(), text);
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Puts `by` in place of `text`, which stands there once, as someone who types does.
    pub fn replace(&mut self, name: &str, text: &str, by: &str) {
        let start = self.place(name, text, 0);
        let end = self.place(name, text, text.len());
        self.version += 1;
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": self.uri(name), "version": self.version },
                "contentChanges": [{ "range": { "start": start, "end": end }, "text": by }],
            }),
        );
        let buffer = self.texts.get_mut(name).unwrap();
        *buffer = buffer.replacen(text, by, 1);
    }

    /// The position `offset` bytes behind where `text` starts, in UTF-16.
    #[track_caller]
    pub fn place(&self, name: &str, text: &str, offset: usize) -> Value {
        let whole = &self.texts[name];
        let before = &whole[..whole.find(text).unwrap_or_else(|| panic!("no {text}")) + offset];
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
        json!({ "line": line, "character": column })
    }

    pub fn at(&self, name: &str, text: &str, offset: usize) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) }, "position": self.place(name, text, offset) })
    }

    pub fn document(&self, name: &str) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) } })
    }

    /// What a file is told to have, once it is what is `wanted`: code, line.
    #[track_caller]
    pub fn until(&mut self, name: &str, wanted: &[(&str, u64)]) -> Vec<Value> {
        let uri = self.uri(name);
        let mut last = Vec::new();
        loop {
            let notice = match self.notices.pop_front() {
                Some(notice) => notice,
                None => match self.incoming.recv_timeout(PATIENCE) {
                    Ok(notice) => notice,
                    Err(_) => panic!("{name} never has {wanted:?}, but {last:?}"),
                },
            };
            if notice["method"] != "textDocument/publishDiagnostics"
                || notice["params"]["uri"] != uri
            {
                continue;
            }
            let all = notice["params"]["diagnostics"].as_array().unwrap().clone();
            let codes: Vec<(&str, u64)> = all
                .iter()
                .map(|d| {
                    (d["code"].as_str().unwrap(), d["range"]["start"]["line"].as_u64().unwrap())
                })
                .collect();
            if codes == wanted {
                return all;
            }
            last = all;
        }
    }

    pub fn labels(&mut self, name: &str, text: &str, offset: usize) -> Vec<String> {
        let at = self.at(name, text, offset);
        let items = self.ask("textDocument/completion", at);
        let items = items["items"].as_array().unwrap();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    /// The places of an answer: file, the text there.
    pub fn places(&self, answer: &Value) -> Vec<(String, String)> {
        let one = |place: &Value| {
            let uri = place["uri"].as_str().unwrap();
            let name = uri.rsplit('/').next().unwrap().to_owned();
            let text = self.texts.get(&name).cloned();
            let text = text.unwrap_or_else(|| std::fs::read_to_string(self.path(&name)).unwrap());
            (name, slice(&text, &place["range"]))
        };
        answer.as_array().unwrap().iter().map(one).collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The messages of the server, read by a thread so that waiting for them ends.
pub fn incoming(output: ChildStdout) -> Receiver<Value> {
    let (sender, incoming) = channel();
    let mut output = BufReader::new(output);
    std::thread::spawn(move || {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if output.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                match line.trim().split_once(": ") {
                    Some(("Content-Length", number)) => length = number.parse().unwrap(),
                    Some(_) => {}
                    None => break,
                }
            }
            let mut bytes = vec![0; length];
            output.read_exact(&mut bytes).unwrap();
            if sender.send(serde_json::from_slice(&bytes).unwrap()).is_err() {
                return;
            }
        }
    });
    incoming
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The text in a range in UTF-16, within one line.
pub fn slice(text: &str, range: &Value) -> String {
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let line = text.split('\n').nth(number(&range["start"]["line"])).unwrap();
    let units: Vec<u16> = line.encode_utf16().collect();
    let (start, end) = (number(&range["start"]["character"]), number(&range["end"]["character"]));
    String::from_utf16(&units[start..end]).unwrap()
}
