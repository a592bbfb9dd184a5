//! Messages as frames over standard input and output.
//!
//! What is no message is answered with an error and passed over, as JSON-RPC has it; only a frame whose end
//! cannot be found ends the connection.

use crate::output::streams;
use crossbeam_channel::{Receiver, Sender, bounded, never, select};
use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::thread::{Builder, JoinHandle};

/// The bytes of a header line: none comes near.
const LONGEST_HEADER: u64 = 8 << 10;
/// The bytes of a message: far beyond any file.
const LONGEST: u64 = 1 << 30;

/// The threads that read and write.
pub(crate) struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits until everything is written, once the connection is dropped. The reader may wait for a client
    /// that says nothing any more, so it is asked only if it has ended.
    pub(crate) fn join(self) -> io::Result<()> {
        let ended = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread has failed")))
        };
        match ended(self.writer) {
            // Nobody reads any more, which is no failure.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
        if self.reader.is_finished() { ended(self.reader) } else { Ok(()) }
    }
}

/// A connection over standard input and output.
///
/// # Errors
/// No thread can be started.
pub(crate) fn stdio() -> io::Result<(Connection, Threads)> {
    let (sender, to_write) = bounded::<Message>(0);
    let (refuse, refused) = bounded::<Value>(0);
    let (read, receiver) = bounded::<Message>(0);
    let writer = Builder::new().spawn(move || write_all(&to_write, refused))?;
    let reader = Builder::new().spawn(move || read_all(&mut io::stdin().lock(), &read, &refuse))?;
    Ok((Connection { sender, receiver }, Threads { reader, writer }))
}

fn read_all(
    input: &mut impl BufRead,
    read: &Sender<Message>,
    refuse: &Sender<Value>,
) -> io::Result<()> {
    while let Some(bytes) = frame(input)? {
        let is_open = match serde_json::from_slice::<Message>(&bytes) {
            // What has an id is a request, and this one's is none that the protocol has.
            Ok(Message::Notification(_)) if has_id(&bytes) => refuse.send(refusal(&bytes)).is_ok(),
            Ok(message) => {
                let is_exit = matches!(&message, Message::Notification(n) if n.method == "exit");
                read.send(message).is_ok() && !is_exit
            }
            Err(_) => refuse.send(refusal(&bytes)).is_ok(),
        };
        if !is_open {
            break;
        }
    }
    Ok(())
}

/// The answer to what is no message.
fn refusal(bytes: &[u8]) -> Value {
    let (id, code, message) = match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Array(_)) => {
            let message = "the protocol has no batches: send each message by itself";
            (Value::Null, ErrorCode::InvalidRequest, message.to_owned())
        }
        Ok(other) => {
            let id = other.get("id").filter(|id| id.is_string() || id.is_number());
            let message = "this is neither a request nor a notification of the protocol".to_owned();
            (id.cloned().unwrap_or_default(), ErrorCode::InvalidRequest, message)
        }
        Err(error) => (Value::Null, ErrorCode::ParseError, error.to_string()),
    };
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code as i32, "message": message } })
}

fn has_id(bytes: &[u8]) -> bool {
    const ID: &[u8] = b"\"id\"";
    bytes.windows(ID.len()).any(|part| part == ID)
        && serde_json::from_slice::<Value>(bytes).is_ok_and(|message| message.get("id").is_some())
}

/// The bytes of the next message; nothing at the end of the input.
fn frame(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let malformed = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.by_ref().take(LONGEST_HEADER).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some(header) = line.strip_suffix('\n') else {
            return Err(malformed("a cut off header"));
        };
        let header = header.trim_end();
        if header.is_empty() {
            break;
        }
        let (name, value) =
            header.split_once(':').ok_or_else(|| malformed("a malformed header"))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            let given = value.trim().parse::<u64>().ok();
            if length.is_some() && length != given {
                return Err(malformed("a message with two lengths"));
            }
            length = given;
        }
    }
    let length = length.filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| malformed("a message without a length"))?;
    let mut bytes = Vec::new(); // grows with what comes, whatever the header says
    if input.by_ref().take(length).read_to_end(&mut bytes)? as u64 == length {
        return Ok(Some(bytes));
    }
    Ok(None) // cut off: the client has gone
}

/// Writes until nobody has a message any more.
fn write_all(to_write: &Receiver<Message>, mut refused: Receiver<Value>) -> io::Result<()> {
    let mut out = streams::plain();
    loop {
        select! {
            recv(to_write) -> message => match message {
                Ok(message) => message.write(&mut out)?,
                Err(_) => return Ok(()),
            },
            recv(refused) -> refusal => match refusal {
                Ok(refusal) => {
                    let text = refusal.to_string();
                    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
                    out.flush()?;
                }
                Err(_) => refused = never(), // the reader has ended
            },
        }
    }
}
