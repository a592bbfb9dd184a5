//! `whyfor lint` as a user runs it: levels, formats, fixes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::process::{Command, Output};

const SHOP: &str = "policy shop\r
import \"more.why\"\r
category contact { email phone }\r
purpose login\r
use contact for login\r
  // mail alone\r
  use email for login // twice\r
";

struct Shop(tempfile::TempDir);

impl Shop {
    /// A policy of two files in which one statement each changes nothing.
    fn new() -> (Self, String) {
        let shop = Self(tempfile::tempdir().unwrap());
        let root = shop.file("shop.why", SHOP);
        shop.file("more.why", "use phone for login\n");
        (shop, root)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }
}

fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

#[track_caller]
fn ran(arguments: &[&str], status: i32) -> (String, String) {
    let output = whyfor(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}{errors}");
    (text, errors)
}

#[test]
fn findings_are_warnings_unless_they_are_denied() {
    let (_shop, root) = Shop::new();
    let (text, errors) = ran(&["lint", &root], 0);
    assert!(text.ends_with("shop.why: 2 findings\n"), "{text}");
    assert_eq!(errors.matches("warning[W0701]: this statement changes no decision").count(), 2);
    assert!(errors.contains("`--fix` puts 2 findings right"), "{errors}");
    let (_, errors) = ran(&["lint", &root, "--deny", "w0701"], 1);
    assert_eq!(errors.matches("error[W0701]").count(), 2, "{errors}");
    ran(&["lint", &root, "--deny", "all", "--warn", "W0701"], 0);
    let (text, _) = ran(&["lint", &root, "--deny", "all", "--allow", "W0701"], 0);
    assert!(text.ends_with("nothing found\n"), "{text}");
    let (_, errors) = ran(&["lint", &root, "--deny", "W0601"], 2);
    assert!(errors.contains("`W0601` is no code of the linter"), "{errors}");
    let (_, errors) = ran(&["lint", "nowhere.why"], 2);
    assert!(errors.contains("cannot read `nowhere.why`"), "{errors}");
}

#[test]
fn programs_code_scanning_and_pull_requests_read_the_findings_and_their_fixes() {
    let (_shop, root) = Shop::new();
    let (text, _) = ran(&["lint", &root, "--format", "json"], 0);
    let json: Value = serde_json::from_str(&text).unwrap();
    let first = &json["diagnostics"][0];
    assert_eq!((&first["code"], &first["place"]["line"]), (&"W0701".into(), &7.into()));
    assert_eq!(first["fix"]["title"], "remove the statement");
    assert_eq!(first["fix"]["edits"][0]["place"]["line"], 7);
    assert_eq!(first["fix"]["edits"][0]["text"], "");
    let (text, _) = ran(&["lint", &root, "--format", "sarif", "--deny", "all"], 1);
    let sarif: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][0]["id"], "W0701");
    let change = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 7);
    let (text, _) = ran(&["lint", &root, "--format", "github"], 0);
    assert!(text.starts_with(&format!("::warning file={root},line=7,")), "{text}");
}

#[test]
fn fixes_are_written_into_all_files_and_leave_the_rest_as_it_was() {
    let (shop, root) = Shop::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    let (text, errors) = ran(&["lint", "--fix", &root], 0);
    assert!(errors.contains("fixed 2 findings in "), "{errors}");
    assert!(text.ends_with("nothing found\n"), "{text}");
    assert_eq!(shop.read("shop.why"), SHOP.replace("use email for login ", ""));
    assert_eq!(shop.read("more.why"), "");
    assert_eq!(std::fs::read_dir(shop.0.path()).unwrap().count(), 2, "nothing is left over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&root).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}

#[test]
fn a_file_that_cannot_be_put_back_as_it_was_is_not_fixed() {
    let (shop, _) = Shop::new();
    let text = format!("\u{FEFF}{SHOP}");
    let root = shop.file("shop.why", &text);
    let (_, errors) = ran(&["lint", "--fix", &root], 2);
    assert!(errors.contains("nothing was fixed"), "{errors}");
    assert_eq!(
        (shop.read("shop.why"), shop.read("more.why")),
        (text, "use phone for login\n".to_owned())
    );
}

// ── Files that several policies read ────────────────────────────────────────────────────────────

const COMMON: &str = "category health { weight dna }
purpose care
purpose ads
duty deidentify
use weight for care
use weight for care then deidentify
use health for care
require deidentify to use dna for ads
require deidentify to use weight for care
";
/// Requires all that the common file requires.
const CLINIC: &str = "policy clinic
import \"common.why\"
require deidentify to use health for care, ads
";
/// Needs what the common file requires.
const APP: &str = "policy app
import \"common.why\"
use health for ads
";

fn clinic() -> (Shop, String) {
    let shop = Shop(tempfile::tempdir().unwrap());
    shop.file("common.why", COMMON);
    let root = shop.file("clinic.why", CLINIC);
    (shop, root)
}

#[track_caller]
fn stays(shop: &Shop, arguments: &[&str], why: &str) {
    let output = whyfor(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains(why), "{errors}");
    assert_eq!(shop.read("common.why"), COMMON, "{errors}");
}

#[test]
fn what_no_other_policy_reads_is_fixed_in_an_import_too() {
    let (shop, root) = clinic();
    let (_, errors) = ran(&["lint", "--fix", &root], 0);
    assert!(errors.contains("fixed 4 findings in"), "{errors}");
    assert_ne!(shop.read("common.why"), COMMON);
}

#[test]
fn a_file_that_another_policy_reads_is_fixed_only_if_that_one_agrees() {
    let (shop, root) = clinic();
    let app = shop.file("app.why", APP);
    let ask = || ran(&["ask", &app, "use", "dna", "--for", "ads"], 0).0;
    let before = ask();
    assert!(before.contains("deidentify"), "{before}");
    // Whether it is named or not, and in either order.
    for named in [vec![&root], vec![&root, &app], vec![&app, &root]] {
        let mut arguments = vec!["lint", "--fix"];
        arguments.extend(named.iter().map(|path| path.as_str()));
        let (_, errors) = ran(&arguments, 0);
        assert!(errors.contains("not fixed"), "{errors}");
        assert!(errors.contains("app.why` reads it too"), "{errors}");
        assert_eq!(ask(), before);
    }
    let kept = "require deidentify to use dna for ads";
    assert!(shop.read("common.why").contains(kept), "what the application needs stays");
}

#[test]
fn a_policy_in_a_folder_above_counts_too() {
    let shop = Shop(tempfile::tempdir().unwrap());
    std::fs::create_dir(shop.0.path().join("part")).unwrap();
    shop.file("part/common.why", COMMON);
    let root = shop.file("part/clinic.why", CLINIC);
    // It reads the file through an import that is not a policy itself.
    shop.file("part/more.why", "import \"common.why\"\nuse health for ads\n");
    shop.file("all.why", "policy all\nimport \"part/more.why\"\n");
    let (_, errors) = ran(&["lint", "--fix", &root], 0);
    assert!(errors.contains("all.why` reads it too"), "{errors}");
    assert!(shop.read("part/common.why").contains("require deidentify to use dna for ads"));
}

#[test]
fn a_reader_with_mistakes_keeps_the_file_as_it_is() {
    let (shop, root) = clinic();
    shop.file("app.why", &APP.replace("use health", "use wealth"));
    stays(&shop, &["lint", "--fix", &root], "app.why` may read it too, and has mistakes");
    // So does one with an import that may be in an unreadable part.
    shop.file("app.why", "policy app\nimprot import \"common.why\nuse health for ads\n");
    stays(&shop, &["lint", "--fix", &root], "app.why` may read it too, and has mistakes");
}

#[cfg(unix)]
#[test]
fn a_file_with_several_names_stays_as_it_is() {
    let (shop, root) = clinic();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::hard_link(shop.0.path().join("common.why"), elsewhere.path().join("c.why")).unwrap();
    stays(&shop, &["lint", "--fix", &root], "it has several names");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_is_that_file() {
    let (shop, root) = clinic();
    std::os::unix::fs::symlink("common.why", shop.0.path().join("same.why")).unwrap();
    shop.file("app.why", &APP.replace("common", "same"));
    let (_, errors) = ran(&["lint", "--fix", &root], 0);
    assert!(errors.contains("app.why` reads it too"), "{errors}");
    assert!(shop.read("common.why").contains("require deidentify to use dna for ads"));
}

#[test]
fn what_several_policies_find_alike_is_fixed_for_all_of_them() {
    let (shop, root) = clinic();
    shop.file("app.why", &CLINIC.replace("policy clinic", "policy app"));
    let (_, errors) = ran(&["lint", "--fix", &root], 0);
    assert!(errors.contains("fixed 4 findings in"), "{errors}");
    assert_ne!(shop.read("common.why"), COMMON);
}

#[cfg(unix)]
#[test]
fn a_policy_of_any_name_counts_and_one_that_a_link_elsewhere_leads_to() {
    for name in ["app.policy", "app", "app.txt"] {
        let (shop, root) = clinic();
        shop.file(name, &format!("\u{FEFF}// of the application\n\n  {APP}"));
        let elsewhere = tempfile::tempdir().unwrap();
        let link = elsewhere.path().join("app.why");
        std::os::unix::fs::symlink(shop.0.path().join(name), &link).unwrap();
        let link = link.to_str().unwrap();
        let ask = || ran(&["ask", link, "use", "dna", "--for", "ads"], 0).0;
        let before = ask();
        let (_, errors) = ran(&["lint", "--fix", &root], 0);
        assert!(errors.contains(&format!("{name}` reads it too")), "{errors}");
        assert_eq!(ask(), before);
    }
}
