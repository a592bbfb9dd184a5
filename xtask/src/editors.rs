//! The tasks of `editors`: the client of Visual Studio Code is packed as it is published, and talks to the
//! server with the library that the editor itself has.

use crate::command::{Cargo, Failure, Program, root};

const FOLDER: &str = "editors/vscode";

/// Packs the client and runs its test.
pub(crate) fn test() -> Result<(), Failure> {
    Cargo::new("build -p whyfor-cli").run()?;
    Program::new("npm", "ci --no-audit --no-fund --ignore-scripts").inside(FOLDER).run()?;
    let target = root().join("target");
    std::fs::create_dir_all(&target)
        .map_err(|error| Failure::Start("mkdir target".to_owned(), error))?;
    Program::new("npx", "vsce package --out")
        .argument(target.join("whyfor.vsix"))
        .inside(FOLDER)
        .run()?;
    Program::new("npm", "test").inside(FOLDER).run()
}

/// As [`test()`] where there is Node.js; where there is none nothing is checked, and that is told.
pub(crate) fn test_if_possible() -> Result<(), Failure> {
    if Program::new("npm", "--version").succeeds() {
        return test();
    }
    println!(
        "the client of Visual Studio Code was NOT packed: `npm` is not on the PATH; as root, \
         `apt-get install npm` installs it"
    );
    Ok(())
}
