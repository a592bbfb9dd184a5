// Starts `whyfor lsp` for `.why` files and stops it; all else is the server's.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function activate() {
  const command = vscode.workspace.getConfiguration("whyfor").get("command", "whyfor");
  const server = { command, args: ["lsp"] };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.why");
  client = new LanguageClient("whyfor", "whyfor", server, {
    documentSelector: [{ language: "why" }],
    synchronize: { fileEvents: watcher },
  });
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `whyfor: cannot start \`${command} lsp\`: ${error.message}. ` +
        "Install it with `cargo install whyfor-cli`, or set `whyfor.command` to where it is.",
    );
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
