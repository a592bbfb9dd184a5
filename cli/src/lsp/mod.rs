//! `whyfor lsp`: the language server, over standard input and output.
//!
//! One thread answers, in message order; another verifies expectations and lints, which may take
//! longer than a keystroke. The library analyses the text; this module speaks the protocol.
//!
//! - `transport`, `client`: reading and writing messages, and whether the client still runs;
//! - `documents`: the open files, with unsaved changes, and positions in lines and columns;
//! - `workspace`: the policies that a file belongs to;
//! - `analysis`: the last analysis of a policy;
//! - `server`: the state, notifications, and published diagnostics;
//! - `answers`: the answers to requests;
//! - `diagnostics`, `hover`, `completion`, `navigation`, `rename`, `structure`, `lenses`: the parts of answers;
//! - `check`: the thread that verifies expectations and lints.

mod analysis;
mod answers;
mod check;
mod client;
mod completion;
mod diagnostics;
mod documents;
mod hover;
mod lenses;
mod navigation;
mod rename;
mod server;
mod structure;
mod transport;
mod workspace;

use crate::exit::{Exit, Failure};
use lsp_server::{Connection, ErrorCode, Message, Response};
use lsp_types::InitializeParams;

/// Serves until the client sends `exit`, disconnects or ends. Only after `shutdown` is that a
/// success.
pub(crate) fn run() -> Result<Exit, Failure> {
    let (connection, threads) = transport::stdio().map_err(Failure::io("cannot serve"))?;
    let served = serve(&connection);
    drop(connection); // so that the writing thread ends
    threads.join().map_err(Failure::io("cannot go on with the client"))?;
    served
}

fn serve(connection: &Connection) -> Result<Exit, Failure> {
    let protocol = |_| {
        let message = "the client did not start with `initialize`: an editor runs `whyfor lsp`";
        Failure::Usage(message.to_owned())
    };
    let (id, parameters) = connection.initialize_start().map_err(protocol)?;
    let Ok(parameters) = serde_json::from_value::<InitializeParams>(parameters) else {
        let message = "invalid parameters of `initialize`".to_owned();
        let refusal = Response::new_err(id, ErrorCode::InvalidParams as i32, message.clone());
        let _ = connection.sender.send(Message::Response(refusal)); // also reported below
        return Err(Failure::Usage(message));
    };
    let encoding = documents::Encoding::of(&parameters);
    let answer = serde_json::json!({
        "capabilities": server::capabilities(encoding),
        "serverInfo": { "name": "whyfor", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(protocol)?;
    let server = server::Server::new(connection, encoding, &parameters);
    let was_shut_down = server.map_err(Failure::io("cannot serve"))?.run();
    Ok(if was_shut_down { Exit::Fine } else { Exit::Found })
}
