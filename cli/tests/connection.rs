//! The connection of the language server: what is no message, and a client that is no more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod editor;
mod folder;

use editor::{Editor, PATIENCE, SHOP};
use serde_json::json;
use std::io::Write;
use std::process::{Child, Command};
use std::time::Duration;

#[test]
fn a_batch_and_what_is_no_message_are_answered_and_passed_over() {
    let mut editor = Editor::shop();
    for (message, code) in [
        ("[]", -32600),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]"#, -32600),
        (r#"{"jsonrpc":"2.0"}"#, -32600),
        ("7", -32600),
        ("{", -32700),
        ("\u{0}", -32700),
        ("", -32700),
    ] {
        write!(editor.input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
        editor.input.flush().unwrap();
        let answer = loop {
            let message = editor.receive();
            if message.get("error").is_some() {
                break message;
            }
        };
        assert_eq!(answer["error"]["code"], code, "{message}: {answer}");
        assert!(answer["id"].is_null() && answer.get("id").is_some(), "{answer}");
    }
    let document = json!({ "textDocument": { "uri": editor.uri("shop.why") } });
    assert!(!editor.ask("textDocument/documentSymbol", document).as_array().unwrap().is_empty());
}

#[test]
fn a_request_that_the_protocol_does_not_have_is_answered_in_plain_words() {
    let mut editor = Editor::shop();
    let wrong_place = json!({ "textDocument": { "uri": editor.uri("shop.why") } });
    for (id, method, parameters, code) in [
        (json!(1.5), "textDocument/hover", json!({}), -32600),
        (json!(null), "textDocument/hover", json!({}), -32600),
        (json!("a"), "textDocument/hover", wrong_place, -32602),
        (json!("b"), "initialize", json!({}), -32600),
        (json!("c"), "textDocument/nothing", json!({}), -32601),
    ] {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters });
        editor.send(&request);
        let answer = loop {
            let message = editor.receive();
            if message.get("error").is_some() {
                break message;
            }
        };
        let error = &answer["error"];
        assert_eq!((&error["code"], &answer["id"]), (&json!(code), &id));
        let message = error["message"].as_str().unwrap();
        assert!(!message.contains("struct") && !message.contains("enum"), "{message}");
    }
}

/// The server ends, with its input still open.
fn assert_ends(server: &mut Child) {
    let start = std::time::Instant::now();
    while server.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "the server goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn the_server_ends_with_its_client_though_the_input_is_open() {
    let mut client = Command::new("sleep").arg("600").spawn().unwrap();
    let id = client.id();
    let mut editor = Editor::starting(
        &[("shop.why", SHOP)],
        |_| json!({ "processId": id, "rootUri": null, "capabilities": {} }),
    );
    client.kill().unwrap(); // and nobody waits for it yet
    assert_ends(&mut editor.server);
    client.wait().unwrap();
}
