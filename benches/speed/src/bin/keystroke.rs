//! How long a keystroke takes in a file of 10,000 lines: from the change that an editor sends to the mistakes
//! that `whyfor lsp` publishes for it.
//!
//! Called in the root of the repository; of `target/release/whyfor`, or of the command that is its argument.

use serde_json::{Value, json};
use speed::{Size, generate};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const KEYSTROKES: usize = 200;
const SIZE: Size = Size { statements: 9_750, categories: 2_000, purposes: 200 };
/// Between two keystrokes: a fast typist's pace.
const PACE: Duration = Duration::from_millis(100);
const FILE: &str = "untitled:generated.why";

/// What is typed behind a statement in the middle, and then taken away letter by letter.
const TYPED: [(&str, &str); 2] =
    [("a name", "xyz"), ("a statement that is not whole yet", "\nuse cat1 for ")];

fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let built = Path::new(&target).join("release/whyfor");
    let command = std::env::args_os().nth(1).map_or(built, PathBuf::from);
    let text = generate(SIZE).text;
    let lines: Vec<&str> = text.lines().collect();
    let middle = lines.len() / 2;
    println!("{} lines, {} KB, {KEYSTROKES} keystrokes each", lines.len(), text.len() / 1000);
    for (what, typed) in TYPED {
        let mut server = Server::start(&command)?;
        server.open(&text)?;
        let mut times = Vec::new();
        let at = (middle, lines[middle].len());
        while times.len() < KEYSTROKES {
            let mut places = vec![at];
            for letter in typed.chars() {
                let at = places[places.len() - 1];
                times.push(server.change([at, at], &letter.to_string())?);
                places.push(if letter == '\n' { (at.0 + 1, 0) } else { (at.0, at.1 + 1) });
            }
            for pair in places.windows(2).rev() {
                times.push(server.change([pair[0], pair[1]], "")?);
            }
        }
        times.sort();
        let [half, most] = [0.5, 0.95].map(|part| times[(times.len() as f64 * part) as usize]);
        println!("{what}: p50 {half:.1?}, p95 {most:.1?}, longest {:.1?}", times[times.len() - 1]);
    }
    Ok(())
}

struct Server {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: usize,
}

impl Server {
    fn start(command: &Path) -> Result<Self, Box<dyn Error>> {
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

    /// Replaces a range and waits for what is published of the text with it.
    fn change(&mut self, range: [(usize, usize); 2], by: &str) -> Result<Duration, Box<dyn Error>> {
        std::thread::sleep(PACE);
        self.version += 1;
        let place = |(line, column)| json!({ "line": line, "character": column });
        let [start, end] = range.map(place);
        let change = json!({ "range": { "start": start, "end": end }, "text": by });
        let document = json!({ "uri": FILE, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        let sent = Instant::now();
        self.send(&json!({ "method": "textDocument/didChange", "params": params }))?;
        let start_of_file = json!({ "line": 0, "character": 0 });
        // Where nothing new is to be told, nothing is: an answer comes when the change was read.
        let params = json!({ "textDocument": { "uri": FILE }, "position": start_of_file });
        self.send(
            &json!({ "id": self.version, "method": "textDocument/definition", "params": params }),
        )?;
        loop {
            let message = self.receive()?;
            if message["id"] == self.version {
                return Ok(sent.elapsed());
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
