-- Starts `whyfor lsp` for `.why` files, once for each folder; all else is the server's.
-- `vim.g.whyfor_command` is the command, by its name on the PATH or by its path.

vim.bo.commentstring = "// %s"

local buffer = vim.api.nvim_get_current_buf()
local path = vim.api.nvim_buf_get_name(buffer)
local git = vim.fn.finddir(".git", vim.fn.fnamemodify(path, ":h") .. ";")
local root = vim.fn.fnamemodify(git ~= "" and git or path, ":p:h" .. (git ~= "" and ":h" or ""))
local config = {
  name = "whyfor",
  cmd = { vim.g.whyfor_command or "whyfor", "lsp" },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
}

if vim.lsp.start then
  vim.lsp.start(config)
else -- before Neovim 0.8
  for _, client in pairs(vim.lsp.get_active_clients()) do
    if client.name == config.name and client.config.root_dir == root then
      vim.lsp.buf_attach_client(buffer, client.id)
      return
    end
  end
  vim.lsp.buf_attach_client(buffer, vim.lsp.start_client(config))
end
