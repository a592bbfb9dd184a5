//! The tasks of `editors`: the client of Visual Studio Code is packed as it is published, and talks to the
//! server with the library that the editor itself has; Neovim has a session with the server.

use crate::command::{Cargo, Failure, Program, root};

const VSCODE: &str = "editors/vscode";

/// Packs the client and runs the tests, that of Neovim where there is one.
pub(crate) fn test() -> Result<(), Failure> {
    Cargo::new("build -p whyfor-cli").run()?;
    vscode()?;
    neovim_if_possible()
}

/// As [`test()`] with what there is; what is not checked is told.
pub(crate) fn test_if_possible() -> Result<(), Failure> {
    if Program::new("npm", "--version").succeeds() {
        return test();
    }
    println!(
        "the client of Visual Studio Code was NOT packed: `npm` is not on the PATH; as root, \
         `apt-get install npm` installs it"
    );
    Cargo::new("build -p whyfor-cli").run()?;
    neovim_if_possible()
}

fn vscode() -> Result<(), Failure> {
    Program::new("npm", "ci --no-audit --no-fund --ignore-scripts").inside(VSCODE).run()?;
    let target = root().join("target");
    std::fs::create_dir_all(&target)
        .map_err(|error| Failure::Start("mkdir target".to_owned(), error))?;
    Program::new("npx", "vsce package --allow-missing-repository --out")
        .argument(target.join("whyfor.vsix"))
        .inside(VSCODE)
        .run()?;
    Program::new("npm", "test").inside(VSCODE).run()
}

fn neovim_if_possible() -> Result<(), Failure> {
    if !Program::new("nvim", "--version").succeeds() {
        println!(
            "no session of Neovim was tried: `nvim` is not on the PATH; as root, \
             `apt-get install neovim` installs it"
        );
        return Ok(());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), Into::into);
    let command = target.join("debug/whyfor");
    Program::new("nvim", "--headless -u NONE -i NONE --cmd")
        .argument(format!("let g:whyfor_command = '{}'", command.display()))
        .argument("--cmd")
        .argument("set runtimepath^=editors/neovim")
        .argument("-c")
        .argument("filetype plugin on")
        .argument("-c")
        .argument("luafile editors/neovim/test/session.lua")
        .run()
}
