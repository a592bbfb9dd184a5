//! How long a keystroke takes in a file of 10,000 lines: from the change that an editor sends to the mistakes
//! that `whyfor lsp` publishes for it.
//!
//! `cargo run --release --manifest-path benches/speed/Cargo.toml --bin keystroke -- target/release/whyfor`

use serde_json::{Value, json};
use speed::{Size, generate};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const KEYSTROKES: usize = 200;
const SIZE: Size = Size { statements: 9_750, categories: 2_000, purposes: 200 };
/// Between two keystrokes: a fast typist's pace.
const PACE: Duration = Duration::from_millis(100);
const FILE: &str = "untitled:generated.why";

/// What is typed, in a statement in the middle: a name there, then an item of its own.
const TYPED: [(&str, &str); 2] =
    [("a name", "xyz"), ("a statement that is not whole yet", "\nuse cat1 for ")];

fn main() -> Result<(), Box<dyn Error>> {
    let command =
        std::env::args().nth(1).ok_or("which command? `keystroke target/release/whyfor`")?;
    let text = generate(SIZE).text;
    let lines: Vec<&str> = text.lines().collect();
    let middle = lines.len() / 2;
    println!("{} lines, {} KB, {KEYSTROKES} keystrokes each", lines.len(), text.len() / 1000);
    for (what, typed) in TYPED {
        let mut server = Server::start(&command)?;
        server.open(&text)?;
        let mut times = Vec::new();
        let mut at = (middle, lines[middle].len());
        'all: loop {
            for letter in typed.chars() {
                if times.len() == KEYSTROKES {
                    break 'all;
                }
                std::thread::sleep(PACE);
                times.push(server.type_letter(at, letter)?);
                at = if letter == '\n' { (at.0 + 1, 0) } else { (at.0, at.1 + 1) };
            }
        }
        times.sort();
        let [half, most] = [0.5, 0.95].map(|part| times[(times.len() as f64 * part) as usize]);
        println!("{what}: p50 {half:.1?}, p95 {most:.1?}, longest {:.1?}", times[KEYSTROKES - 1]);
    }
    Ok(())
}

struct Server {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: usize,
}

impl Server {
    fn start(command: &str) -> Result<Self, Box<dyn Error>> {
        let mut server = Command::new(command)
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = server.stdin.take().ok_or("no input")?;
        let output = BufReader::new(server.stdout.take().ok_or("no output")?);
        let mut server = Self { input, output, version: 0 };
        let parameters = json!({ "processId": null, "rootUri": null, "capabilities": {} });
        server.send(&json!({ "id": 0, "method": "initialize", "params": parameters }))?;
        server.receive()?;
        server.send(&json!({ "method": "initialized", "params": {} }))?;
        Ok(server)
    }

    fn open(&mut self, text: &str) -> Result<(), Box<dyn Error>> {
        let document = json!({ "uri": FILE, "languageId": "why", "version": 0, "text": text });
        let params = json!({ "textDocument": document });
        self.send(&json!({ "method": "textDocument/didOpen", "params": params }))?;
        self.until_published()
    }

    /// Types a letter and waits for what is published of the text with it.
    fn type_letter(
        &mut self,
        (line, column): (usize, usize),
        letter: char,
    ) -> Result<Duration, Box<dyn Error>> {
        self.version += 1;
        let place = json!({ "line": line, "character": column });
        let change =
            json!({ "range": { "start": place, "end": place }, "text": letter.to_string() });
        let document = json!({ "uri": FILE, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        let start = Instant::now();
        self.send(&json!({ "method": "textDocument/didChange", "params": params }))?;
        // Where nothing new is to be told, nothing is: an answer comes when the change was read.
        let params = json!({ "textDocument": { "uri": FILE }, "position": place });
        self.send(
            &json!({ "id": self.version, "method": "textDocument/definition", "params": params }),
        )?;
        loop {
            let message = self.receive()?;
            if message["id"] == self.version {
                return Ok(start.elapsed());
            }
        }
    }

    fn until_published(&mut self) -> Result<(), Box<dyn Error>> {
        while self.receive()?["method"] != "textDocument/publishDiagnostics" {}
        Ok(())
    }

    fn send(&mut self, message: &Value) -> Result<(), Box<dyn Error>> {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.input.flush()?)
    }

    fn receive(&mut self) -> Result<Value, Box<dyn Error>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err("the server is gone".into());
            }
            match line.trim().split_once(": ") {
                Some(("Content-Length", number)) => length = number.parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}
