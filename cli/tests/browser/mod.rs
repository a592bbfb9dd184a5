//! Pages in Chromium.

#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unreachable_pub, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

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
