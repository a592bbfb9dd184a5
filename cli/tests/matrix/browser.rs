//! The command, and pages in Chromium.

use std::path::Path;
use std::process::{Command, Output};

pub fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

/// The output of `whyfor matrix`, which must succeed.
pub fn matrix(policy: &str, arguments: &[&str]) -> String {
    let output = whyfor(&[&["matrix", policy], arguments].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).unwrap()
}

pub fn chromium(folder: &Path, arguments: &[&str]) -> Output {
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths)
        .flat_map(|path| known.map(|name| path.join(name)))
        .find(|path| path.is_file())
        .expect("no chromium in PATH, and the page must be looked at: apt-get install chromium");
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let output = Command::new(found)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .args(["--force-device-scale-factor=1", "--window-size=1600,1000", &profile])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The document of a page after its scripts ran, at a place in it.
pub fn dom(page: &str, place: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, page).unwrap();
    let address = format!("file://{}#{place}", file.display());
    String::from_utf8(chromium(folder.path(), &["--dump-dom", &address]).stdout).unwrap()
}
