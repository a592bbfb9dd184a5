// The colours that the grammar gives before the server has started, beside those of the server.

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");
const { session } = require("./session.js");

const syntax = path.resolve(__dirname, "../syntaxes/why.tmLanguage.json");
const text = fs.readFileSync(path.resolve(__dirname, "words.why"), "utf8");

async function grammar() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (string) => new oniguruma.OnigString(string),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(syntax, "utf8"), syntax),
  });
  return registry.loadGrammar("source.why");
}

// The words of the language in each line, as `column word`.
async function byGrammar(lines) {
  const loaded = await grammar();
  let state = textmate.INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = loaded.tokenizeLine(line, state);
    state = ruleStack;
    const isWord = ({ scopes }) => {
      const scope = scopes.at(-1);
      return scope.startsWith("keyword.") && !scope.startsWith("keyword.operator");
    };
    return tokens.filter(isWord).map((t) => `${t.startIndex} ${line.slice(t.startIndex, t.endIndex)}`);
  });
}

async function byServer(lines) {
  const words = lines.map(() => []);
  await session(text, async ({ initialized, tokens }) => {
    const legend = initialized.capabilities.semanticTokensProvider.legend.tokenTypes;
    const { data } = await tokens();
    let [line, column] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      column = data[at] === 0 ? column + data[at + 1] : data[at + 1];
      line += data[at];
      if (legend[data[at + 3]] === "keyword") {
        words[line].push(`${column} ${lines[line].slice(column, column + data[at + 2])}`);
      }
    }
  });
  return words;
}

test("a word is a keyword where it is one, and a name elsewhere", { timeout: 60_000 }, async () => {
  const lines = text.split("\n");
  const [grammar, server] = [await byGrammar(lines), await byServer(lines)];
  const shown = (words) => lines.map((line, number) => [line, ...words[number]]);
  assert.deepEqual(shown(grammar), shown(server));
  assert.ok(server.flat().length > 100);
});
