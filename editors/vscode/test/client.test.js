// `whyfor lsp` beside the protocol library that Visual Studio Code itself uses, with the client's own types.

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const path = require("node:path");
const test = require("node:test");
const protocol = require("vscode-languageserver-protocol/node");

const root = path.resolve(__dirname, "../../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const command = process.env.WHYFOR ?? path.join(target, "debug", "whyfor");
const uri = "untitled:shop.why";
const text = `policy shop
category email "Email address"
purpose login
use emial for login
`;

test("a session of an editor", { timeout: 60_000 }, async () => {
  const server = spawn(command, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise((resolve) => server.on("exit", resolve));
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout),
    new protocol.StreamMessageWriter(server.stdin),
  );
  const diagnostics = [];
  let told = () => {};
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    diagnostics.push(params);
    told();
  });
  connection.listen();

  const initialized = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { general: { positionEncodings: ["utf-16"] } },
    workspaceFolders: null,
  });
  assert.equal(initialized.capabilities.positionEncoding, "utf-16");
  await connection.sendNotification(protocol.InitializedNotification.type, {});

  const first = new Promise((resolve) => (told = resolve));
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "why", version: 1, text },
  });
  await first;
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

  const tokens = await connection.sendRequest(protocol.SemanticTokensRequest.type, {
    textDocument: { uri },
  });
  assert.ok(tokens.data.length > 0 && tokens.data.length % 5 === 0);

  await connection.sendRequest(protocol.ShutdownRequest.type);
  await connection.sendNotification(protocol.ExitNotification.type);
  assert.equal(await exit, 0);
});
