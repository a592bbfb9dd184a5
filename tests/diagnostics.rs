//! Every mistake is told where it is, once, with a way out.
//!
//! Each `.why` file in `tests/diagnostics` carries the messages that it expects, exactly those, and
//! beside it is how they are shown. `UPDATE_SNAPSHOTS=1 cargo test --test diagnostics` writes what is
//! shown anew. A message is expected by a comment:
//!
//! ```text
//! use emial for login //~ E0201 no category is named `emial`
//! //~^ E0201 a message on the line above; with `^^`, on the one above that
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use whyfor::lint::{Options, lint};
use whyfor::{Code, Diagnostic, Diagnostics, Folder, Loader, Memory, Model, Policy, Severity};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// The names of the corpus' files, without `.why`.
fn files() -> Vec<String> {
    let entries = std::fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|ext| ext == "why"));
    let mut names: Vec<_> =
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Everything that `whyfor check` would say; of a file whose name starts with `lint`, what `whyfor lint`
/// would.
fn check(loader: &dyn Loader, root: &str) -> Vec<Diagnostics> {
    let model = match Model::from_loader(loader, root) {
        Ok(model) => model,
        Err(errors) => return vec![errors],
    };
    match Policy::compile(&model) {
        Ok(_) if root.starts_with("lint") => vec![lint(&model, &Options::default()).unwrap()],
        Ok(policy) => vec![model.warnings(), policy.check_expectations(&model)],
        Err(errors) => vec![errors],
    }
}

fn all(found: &[Diagnostics]) -> impl Iterator<Item = (&Diagnostics, &Diagnostic)> {
    found.iter().flat_map(|list| list.iter().map(move |diagnostic| (list, diagnostic)))
}

/// The line of a message, and in which file.
fn place(list: &Diagnostics, diagnostic: &Diagnostic) -> (String, u32) {
    diagnostic.primary().map_or((String::new(), 0), |label| {
        let path = list.sources().file(label.span.file).path();
        (path.to_owned(), list.sources().position(label.span).line)
    })
}

/// The messages that a text expects: line, code and part of the message.
fn expected(text: &str) -> Vec<(u32, &str, &str)> {
    let mut expected = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for comment in line.split("//~").skip(1) {
            let message = comment.trim_start_matches('^');
            let line = index as u32 + 1 - (comment.len() - message.len()) as u32;
            let (code, part) = message.trim().split_once(' ').unwrap_or((message.trim(), ""));
            expected.push((line, code, part));
        }
    }
    expected
}

#[test]
fn every_file_gives_its_messages_and_no_others() {
    let mut wrong = String::new();
    for name in files() {
        let root = format!("{name}.why");
        let bytes = std::fs::read(corpus().join(&root)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let found = check(&Folder::new(corpus()), &root);
        let mut missing = expected(&text);
        for (list, diagnostic) in all(&found) {
            let (file, line) = place(list, diagnostic);
            let (code, message) = (diagnostic.code().as_str(), diagnostic.message());
            let met = missing.iter().position(|(at, expected, part)| {
                file == root && line == *at && code == *expected && message.contains(part)
            });
            match met {
                Some(index) => drop(missing.remove(index)),
                None => writeln!(wrong, "{file}:{line}: not expected: {code} {message}").unwrap(),
            }
        }
        for (line, code, part) in missing {
            writeln!(wrong, "{root}:{line}: not found: {code} {part}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_file_is_shown_as_beside_it() {
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut wrong = String::new();
    for name in files() {
        let found = check(&Folder::new(corpus()), &format!("{name}.why"));
        let shown: String = found.iter().map(|list| list.render(false)).collect();
        let snapshot = corpus().join(format!("{name}.txt"));
        if update {
            std::fs::write(&snapshot, &shown).unwrap();
        } else if std::fs::read_to_string(&snapshot).is_ok_and(|text| text == shown) {
            continue;
        } else {
            writeln!(wrong, "── {name}\n{shown}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "shown otherwise than in the snapshots:\n{wrong}");
}

#[test]
fn every_snapshot_has_its_file() {
    let files: BTreeSet<String> = files().into_iter().collect();
    for entry in std::fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "txt") {
            let name = entry.file_stem().unwrap().to_str().unwrap();
            assert!(files.contains(name), "{} is left over", entry.display());
        }
    }
}

#[test]
fn every_code_is_tested_and_documented() {
    let mut tested = BTreeSet::new();
    for name in files() {
        let found = check(&Folder::new(corpus()), &format!("{name}.why"));
        tested.extend(all(&found).map(|(_, diagnostic)| diagnostic.code()));
    }
    for code in Code::ALL {
        assert!(tested.contains(code), "no file of the corpus gives {code}");
        assert!(!code.title().is_empty(), "{code} has no title in docs/diagnostics.md");
        let explanation = code.explanation();
        assert!(explanation.starts_with(&format!("## {code}: {}\n", code.title())), "{code}");
        assert!(explanation.contains("```why"), "{code} is explained without an example");
        assert_eq!(
            explanation.matches("\n## ").count(),
            0,
            "{code} is cut off at the next section"
        );
        assert_eq!(code.as_str().to_lowercase().parse().ok(), Some(*code));
    }
}

#[test]
fn every_message_reads_like_the_others() {
    for name in files() {
        let found = check(&Folder::new(corpus()), &format!("{name}.why"));
        for (list, diagnostic) in all(&found) {
            let message = diagnostic.message();
            assert!(!message.ends_with(['.', '!']), "{name}: {message}");
            assert!(!message.contains('\n'), "{name}: {message}");
            let first = message.chars().next().unwrap();
            assert!(!first.is_uppercase(), "{name}: {message}");
            let warning = diagnostic.code().as_str().starts_with('W');
            assert_eq!(diagnostic.severity() == Severity::Warning, warning);
            let labels = diagnostic.primary().into_iter().chain(diagnostic.related_labels());
            for span in labels.map(|label| label.span) {
                let text = list.sources().file(span.file).text();
                assert!(text.get(span.range()).is_some(), "{name}: {message}: {span:?}");
            }
        }
    }
}

// ── Several files ───────────────────────────────────────────────────────────────────────────────

/// The codes of what is found, and all of it as shown.
fn found(loader: &dyn Loader, root: &str) -> (Vec<&'static str>, String) {
    let found = check(loader, root);
    let codes = all(&found).map(|(_, diagnostic)| diagnostic.code().as_str()).collect();
    (codes, found.iter().map(|list| list.render(false)).collect())
}

#[test]
fn a_missing_import_is_told_at_the_import_and_its_names_are_not_told_to_be_unknown() {
    let files = Memory::new()
        .with("shop.why", "policy shop\nimport \"sub/a.why\"\nuse email for login when verified")
        .with("sub/a.why", "import \"b.why\"\npurpose login");
    let (codes, shown) = found(&files, "shop.why");
    assert_eq!(codes, ["E0301"], "{shown}");
    assert!(shown.contains("cannot read `sub/b.why`: there is no such file"), "{shown}");
    assert!(shown.contains("sub/a.why:1:8"), "{shown}");
}

#[test]
fn a_file_is_read_once_however_often_it_is_imported() {
    let files = Memory::new()
        .with("a.why", "policy p import \"b.why\" import \"c.why\" import \"b.why\"")
        .with("b.why", "import \"./sub/../c.why\"")
        .with("c.why", "category email purpose login use email for login");
    assert_eq!(found(&files, "a.why").0, [""; 0]);
    assert_eq!(Model::from_loader(&files, "a.why").unwrap().sources().files().len(), 3);
}

#[test]
fn a_circle_of_imports_shows_the_circle() {
    let files = Memory::new()
        .with("a.why", "policy p\nimport \"b.why\"")
        .with("b.why", "import \"sub/c.why\"")
        .with("sub/c.why", "// back again\nimport \"../a.why\"");
    let (codes, shown) = found(&files, "a.why");
    assert_eq!(codes, ["E0302"], "{shown}");
    assert!(shown.contains("a.why > b.why > sub/c.why > a.why"), "{shown}");
    for place in ["sub/c.why:2:8", "a.why:2:8", "b.why:1:8"] {
        assert!(shown.contains(place), "{shown}");
    }
}

#[test]
fn a_long_circle_of_imports_is_told_once_and_shortened() {
    let mut files = Memory::new();
    for n in 0..2000 {
        let next = (n + 1) % 2000;
        let header = if n == 0 { "policy p\n" } else { "" };
        let text = format!("{header}import \"f{next}.why\"\nimport \"f{next}.why\"");
        files = files.with(format!("f{n}.why"), text);
    }
    let (codes, shown) = found(&files, "f0.why");
    assert_eq!(codes, ["E0302"], "{shown}");
    assert!(shown.len() < 3000, "{shown}");
}

#[test]
fn mistakes_in_all_files_are_told_with_their_files() {
    let files = Memory::new()
        .with("a.why", "policy p\nimport \"b.why\"\nuse email for login\nuse emial for login")
        .with(
            "b.why",
            "category email\npurpose login\nuse email for logn\nuse email by x for login",
        );
    let (codes, shown) = found(&files, "a.why");
    assert_eq!(codes, ["E0201", "E0201", "E0111"], "{shown}");
    assert!(shown.contains("a.why:4:5") && shown.contains("b.why:3:15"), "{shown}");
}

#[test]
fn declarations_that_differ_show_both_files() {
    let files = Memory::new()
        .with("a.why", "policy p\nimport \"b.why\"\ncategory email \"Email\"")
        .with("b.why", "category email \"E-mail\"");
    let (codes, shown) = found(&files, "a.why");
    assert_eq!(codes, ["E0204"], "{shown}");
    assert!(shown.contains("a.why:3:10") && shown.contains("b.why:1:10"), "{shown}");
}

#[test]
fn an_import_never_leaves_the_root_folder() {
    let files = Memory::new().with("outside.why", "category email");
    for path in ["../outside.why", "/outside.why", "sub/../../outside.why", "C:/x.why", "\\\\x\\y"]
    {
        let text = format!("policy p\nimport \"{}\"", path.replace('\\', "\\\\"));
        let (codes, shown) = found(&files.clone().with("a.why", text), "a.why");
        assert_eq!(codes, ["E0303"], "{path}: {shown}");
        assert!(shown.contains("leaves the root folder"), "{shown}");
    }
    for path in ["a\0b.why", "sub/\u{202E}.why"] {
        let text = format!("policy p\nimport \"{path}\"");
        assert!(!found(&files.clone().with("a.why", text), "a.why").0.is_empty(), "{path:?}");
    }
}

#[test]
fn a_header_in_an_imported_file_is_no_mistake_and_does_not_count() {
    let files = Memory::new()
        .with("a.why", "policy first \"First\"\nimport \"b.why\"")
        .with("b.why", "policy second \"Second\"");
    let model = Model::from_loader(&files, "a.why").unwrap();
    assert_eq!(Policy::compile(&model).unwrap().name(), "first");
}

/// A folder of its own for one test; removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("whyfor-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("root/sub")).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
#[cfg(unix)]
fn a_link_does_not_lead_out_of_the_root_folder() {
    let folder = Temporary::new("links");
    folder.write("secret.why", "category secret");
    folder.write("root/inside.why", "category inside");
    folder.write(
        "root/shop.why",
        "policy p\nimport \"sub/in.why\"\nimport \"sub/out.why\"\nimport \"far/secret.why\"",
    );
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.0.join(at)).unwrap();
    link("../inside.why", "root/sub/in.why");
    link("../../secret.why", "root/sub/out.why");
    link("..", "root/far");
    let (codes, shown) = found(&Folder::new(folder.0.join("root")), "shop.why");
    assert_eq!(codes, ["E0301", "E0301"], "{shown}");
    assert_eq!(shown.matches("a link that leads out of the root folder").count(), 2, "{shown}");
    assert!(!shown.contains("category secret"), "{shown}");
}

#[test]
#[cfg(unix)]
fn a_root_file_is_read_where_a_link_to_it_leads_and_so_are_its_imports() {
    let link = |to: &std::path::Path, at: PathBuf| std::os::unix::fs::symlink(to, at).unwrap();
    let folder = Temporary::new("root-links");
    let root = "policy p\nimport \"parts/c.why\"\nuse a for *";
    folder.write("store/v1/p.why", root);
    folder.write("store/v1/parts/c.why", "category a\npurpose first");
    folder.write("store/v2/p.why", root);
    folder.write("store/v2/parts/c.why", "category a\npurpose second");
    std::fs::create_dir_all(folder.0.join("etc")).unwrap();
    // The file alone is linked; a link to its folder is turned; names are of both folders.
    link(&folder.0.join("store/v1/p.why"), folder.0.join("etc/p.why"));
    link("store/v1".as_ref(), folder.0.join("data"));
    link("data/p.why".as_ref(), folder.0.join("p.why"));
    link("data/parts".as_ref(), folder.0.join("parts"));
    let purpose = |path: &str| {
        let model = Model::from_path(folder.0.join(path)).unwrap_or_else(|error| panic!("{error}"));
        let policy = Policy::compile(&model).unwrap();
        policy.purposes().next().unwrap().1.path.to_owned()
    };
    for path in ["etc/p.why", "p.why", "data/p.why"] {
        assert_eq!(purpose(path), "first", "{path}");
    }
    std::fs::remove_file(folder.0.join("data")).unwrap();
    link("store/v2".as_ref(), folder.0.join("data"));
    assert_eq!((purpose("p.why").as_str(), purpose("etc/p.why").as_str()), ("second", "first"));
}

#[test]
#[cfg(unix)]
fn an_import_beside_the_link_is_found_and_one_that_leads_out_of_both_folders_is_refused() {
    let link = |to: &str, at: PathBuf| std::os::unix::fs::symlink(to, at).unwrap();
    let folder = Temporary::new("both-folders");
    folder.write("store/x-p.why", "policy p\nimport \"c.why\"\nimport \"far.why\"");
    folder.write("store/y-c.why", "category a");
    folder.write("far.why", "category secret");
    std::fs::create_dir_all(folder.0.join("etc")).unwrap();
    link("../store/x-p.why", folder.0.join("etc/p.why"));
    link("../store/y-c.why", folder.0.join("etc/c.why"));
    link("../far.why", folder.0.join("etc/far.why"));
    let refused = Model::from_path(folder.0.join("etc/p.why")).unwrap_err();
    assert_eq!(refused.len(), 1, "{refused}");
    let told = refused.to_string();
    assert!(told.contains("`far.why`: it is a link that leads out"), "{told}");
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_not_waited_for() {
    let folder = Temporary::new("fifo");
    folder.write("p.why", "policy p\nimport \"pipe.why\"");
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("pipe.why")).status();
    assert!(made.unwrap().success());
    for path in ["p.why", "pipe.why"] {
        let refused = Model::from_path(folder.0.join(path)).unwrap_err().to_string();
        assert!(refused.contains("it is a pipe or a device"), "{refused}");
    }
}

#[test]
#[cfg(target_os = "linux")] // other systems keep such names from files
fn a_root_file_whose_name_is_no_unicode_is_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Temporary::new("bytes");
    folder.write("p.why", "policy p");
    let path = folder.0.join(std::ffi::OsStr::from_bytes(b"b\xff.why"));
    std::fs::rename(folder.0.join("p.why"), &path).unwrap();
    assert_eq!(Model::from_path(path).unwrap().sources().files()[0].path(), "b\u{FFFD}.why");
}

#[test]
fn the_folder_of_the_root_file_is_the_root_folder() {
    let folder = Temporary::new("root");
    folder.write("common.why", "category email");
    folder.write("root/fine.why", "policy p\nimport \"sub/more.why\"");
    folder.write("root/sub/more.why", "import \"../other.why\"");
    folder.write("root/other.why", "category email");
    folder.write("root/bad.why", "policy p\nimport \"../common.why\"");
    assert_eq!(
        Model::from_path(folder.0.join("root/fine.why")).unwrap().sources().files().len(),
        3
    );
    let errors = Model::from_path(folder.0.join("root/bad.why")).unwrap_err();
    assert_eq!(errors.iter().map(Diagnostic::code).collect::<Vec<_>>(), [Code::ImportOutside]);
}

#[test]
fn a_policy_that_cannot_be_read_is_told_without_a_place() {
    let folder = Temporary::new("unreadable");
    for path in ["none.why", "root", "root/sub/none.why", ".."] {
        let errors = Model::from_path(folder.0.join(path)).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors}");
        let error = errors.iter().next().unwrap();
        assert_eq!((error.code(), error.primary()), (Code::ImportUnreadable, None), "{errors}");
    }
}

#[test]
fn a_byte_order_mark_is_ignored() {
    let files = Memory::new()
        .with("a.why", "\u{FEFF}policy p\ncategory email")
        .with("b.why", "\u{FEFF}polcy p");
    assert_eq!(found(&files, "a.why").0, [""; 0]);
    let (codes, shown) = found(&files, "b.why");
    assert_eq!(codes, ["E0103"]);
    assert!(shown.contains("b.why:1:1\n"), "{shown}");
}

#[test]
fn lines_may_end_as_in_windows() {
    let text = "policy p\r\ncategory email // all\r\npurpose login\r\n\r\nuse emial for login\r\n";
    let (codes, shown) = found(&Memory::new().with("a.why", text), "a.why");
    assert_eq!(codes, ["E0201"]);
    assert!(shown.contains("a.why:5:5"), "{shown}");
    assert!(!shown.contains('\r'), "{shown:?}");
}

#[test]
fn colours_are_escapes_around_the_same_text() {
    let errors = Policy::from_str("policy p\nuse a for b").unwrap_err();
    let (plain, coloured) = (errors.render(false), errors.render(true));
    assert!(!plain.contains('\u{1B}') && coloured.contains('\u{1B}'));
    assert_eq!(plain, errors.to_string());
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, escape)) = rest.split_once('\u{1B}') {
        stripped.push_str(before);
        rest = escape.split_once('m').unwrap().1;
    }
    assert_eq!(stripped + rest, plain);
}

#[test]
fn places_of_another_model_are_nowhere() {
    let files = Memory::new()
        .with("a.why", "policy a\nimport \"b.why\"\npurpose q\nuse x for q\nuse x for q")
        .with("b.why", format!("category x // {}\nuse x for q", "é".repeat(3000)))
        .with("small.why", "policy s // é\ncategory x");
    let large = Model::from_loader(&files, "a.why").unwrap();
    let small = Model::from_loader(&files, "small.why").unwrap();
    let found = lint(&large, &Options::default()).unwrap();
    let labels = found.iter().filter_map(Diagnostic::primary);
    for span in labels.map(|label| label.span).chain(
        found
            .iter()
            .filter_map(Diagnostic::fix)
            .flat_map(|fix| fix.edits.iter().map(|(span, _)| *span)),
    ) {
        let sources = small.sources();
        assert!(sources.position(span).line > 0);
        assert!(sources.slice(span).len() <= small.sources().files()[0].text().len());
        let _ = (sources.file(span.file).path(), sources.file(span.file).position(usize::MAX));
    }
    assert!(found.iter().any(|finding| finding.fix().is_some()));
    assert!(whyfor::lint::fix(&small, &found).is_err());
}
