//! The tasks of `editors`: the client of Visual Studio Code is packed as it is published, and talks to the
//! server with the library that the editor itself has; Neovim has a session with the server.

use crate::command::{Cargo, Failure, Program, root};
use std::path::Path;

/// Builds the command, which tests of it need: as the tests of the workspace have built it, so that nothing is built again.
pub(crate) const COMMAND: &str = "test --workspace --all-features --no-run --test readme";
const VSCODE: &str = "editors/vscode";
const NOT_PACKED: &str = "the client of Visual Studio Code was NOT packed: `npm` is not on the PATH; as root, \
                          `apt-get install npm` installs it";

/// Packs the client and runs the tests, that of Neovim where there is one.
pub(crate) fn test() -> Result<(), Failure> {
    Cargo::new(COMMAND).run()?;
    vscode()?;
    neovim_if_possible()
}

/// As [`test()`], if npm is there; otherwise says that nothing was checked.
pub(crate) fn test_if_possible() -> Result<(), Failure> {
    if Program::new("npm", "--version").succeeds() {
        return test();
    }
    println!("{NOT_PACKED}");
    Cargo::new(COMMAND).run()?;
    neovim_if_possible()
}

fn vscode() -> Result<(), Failure> {
    pack(&root().join("target"))?;
    Program::new("npm", "test").inside(VSCODE).run()
}

/// Packs the client of Visual Studio Code into a folder, where there is `npm`.
pub(crate) fn pack_if_possible(folder: &Path) -> Result<(), Failure> {
    if Program::new("npm", "--version").succeeds() {
        return pack(folder);
    }
    println!("{NOT_PACKED}");
    Ok(())
}

fn pack(folder: &Path) -> Result<(), Failure> {
    Program::new("npm", "ci --no-audit --no-fund --ignore-scripts").inside(VSCODE).run()?;
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::Start(format!("mkdir {}", folder.display()), error))?;
    Program::new("npx", "vsce package --allow-missing-repository --out")
        .argument(folder.join("whyfor.vsix"))
        .inside(VSCODE)
        .run()
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
