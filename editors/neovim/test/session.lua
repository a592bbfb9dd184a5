-- A session of a real Neovim with the server: `cargo xtask editors` runs it.
-- nvim --headless -u NONE -i NONE --cmd "set rtp^=editors/neovim" -c "filetype plugin on" -c "luafile …"

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

local function wait(what, condition)
  assert(vim.wait(20000, condition, 20), what .. ": " .. vim.inspect(vim.diagnostic.get(0)))
end

local function codes()
  local codes = vim.tbl_map(function(found) return found.code end, vim.diagnostic.get(0))
  return table.concat(codes, " ")
end

local function ask(method, line, column, further)
  local place = {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = line, character = column },
  }
  local answers = assert(vim.lsp.buf_request_sync(0, method, vim.tbl_extend("force", place, further or {}), 20000))
  local _, answer = next(answers)
  assert(answer and not answer.error, method .. ": " .. vim.inspect(answer))
  return answer.result
end

local function session()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, "p")
  write(folder .. "/names.why", 'category email "Email address"\npurpose login\n')
  write(folder .. "/shop.why", 'policy shop\nimport "names.why"\nuse emial for login\n')
  vim.cmd("edit " .. folder .. "/shop.why")
  assert(vim.bo.filetype == "why", "the type of the file is " .. vim.bo.filetype)

  wait("a misspelt name is told", function() return codes() == "E0201" end)
  local range = { start = { line = 2, character = 4 }, ["end"] = { line = 2, character = 9 } }
  local actions = ask("textDocument/codeAction", 2, 4, { range = range, context = { diagnostics = {} } })
  vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
  assert(vim.fn.getline(3) == "use email for login", vim.fn.getline(3))
  wait("what is mended is taken back", function() return codes() == "" end)

  -- As one types: a letter at the end of the word, and away with it.
  vim.cmd("normal! 3GA,")
  wait("what is typed is read", function() return codes() == "E0103" end)
  vim.cmd("normal! 3GA\b")
  wait("and read again", function() return codes() == "" end)

  assert(ask("textDocument/hover", 2, 5).contents.value:find("Email address", 1, true))
  assert(ask("textDocument/definition", 2, 5)[1].uri:find("names.why", 1, true))
  local edit = ask("textDocument/rename", 2, 5, { newName = "mail" })
  vim.lsp.util.apply_workspace_edit(edit, "utf-16")
  assert(vim.fn.getline(3) == "use mail for login", vim.fn.getline(3))
  local names = vim.fn.bufnr(folder .. "/names.why")
  assert(vim.api.nvim_buf_get_lines(names, 0, 1, false)[1] == 'category mail "Email address"')
  wait("both files are read as they are now", function() return codes() == "" end)
end

local fine, message = xpcall(session, debug.traceback)
io.stdout:write(fine and "a session with Neovim: ok\n" or ("a session with Neovim: " .. message .. "\n"))
vim.cmd(fine and "qall!" or "cquit 1")
