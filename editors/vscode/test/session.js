// A session with `whyfor lsp`, by the protocol library that Visual Studio Code itself uses.

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const path = require("node:path");
const protocol = require("vscode-languageserver-protocol/node");

const root = path.resolve(__dirname, "../../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const command = process.env.WHYFOR ?? path.join(target, "debug", "whyfor");
const uri = "untitled:shop.why";

// Opens a text, calls `work` when its diagnostics have come, and ends the server.
async function session(text, work) {
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
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  const first = new Promise((resolve) => (told = resolve));
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "why", version: 1, text },
  });
  await first;
  const tokens = () =>
    connection.sendRequest(protocol.SemanticTokensRequest.type, { textDocument: { uri } });
  await work({ connection, diagnostics, initialized, tokens, uri });

  await connection.sendRequest(protocol.ShutdownRequest.type);
  await connection.sendNotification(protocol.ExitNotification.type);
  assert.equal(await exit, 0);
}

module.exports = { session };
