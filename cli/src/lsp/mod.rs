//! `whyfor lsp`: the language server, over standard input and output.
//!
//! One thread answers, in the order of the messages; another verifies expectations and lints, which may
//! take longer than a keystroke. What a text means is the library's: here it is put into the protocol.
//!
//! - `transport`, `client`: how messages come and go, and whether anybody is there;
//! - `documents`: the open files, with unsaved changes, and their places in lines and columns;
//! - `workspace`: which policies a file is part of;
//! - `server`: the state, and which message goes where;
//! - `diagnostics`, `hover`, `completion`, `navigation`, `rename`, `structure`, `lenses`: the answers;
//! - `check`: the thread that verifies expectations and lints.

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

/// Serves until the client says `exit`, closes the connection or ends, which is fine if it had said `shutdown`.
pub(crate) fn run() -> Result<Exit, Failure> {
    let (connection, threads) = transport::stdio().map_err(Failure::io("cannot serve"))?;
    let served = serve(&connection);
    drop(connection); // or the thread that writes waits for more
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
        let _ = connection.sender.send(Message::Response(refusal)); // it is told below as well
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
