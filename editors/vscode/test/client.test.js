// `whyfor lsp` beside the protocol library that Visual Studio Code itself uses, with the client's own types.

const assert = require("node:assert");
const test = require("node:test");
const protocol = require("vscode-languageserver-protocol/node");
const { session } = require("./session.js");

const text = `policy shop
category email "Email address"
purpose login
use emial for login
`;

test("a session of an editor", { timeout: 60_000 }, () =>
  session(text, async ({ connection, diagnostics, initialized, tokens, uri }) => {
    assert.equal(initialized.capabilities.positionEncoding, "utf-16");
    assert.equal(diagnostics[0].uri, uri);
    assert.equal(diagnostics[0].diagnostics[0].code, "E0201");

    const place = { textDocument: { uri }, position: { line: 1, character: 10 } };
    const hover = await connection.sendRequest(protocol.HoverRequest.type, place);
    assert.match(hover.contents.value, /Email address/);

    const actions = await connection.sendRequest(protocol.CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostics[0].diagnostics[0].range,
      context: { diagnostics: diagnostics[0].diagnostics },
    });
    assert.equal(actions[0].edit.changes[uri][0].newText, "email");

    const { data } = await tokens();
    assert.ok(data.length > 0 && data.length % 5 === 0);
  }));
