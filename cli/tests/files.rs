//! What the commands write, and what stays unchanged.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const WHYFOR: &str = env!("CARGO_BIN_EXE_whyfor");
const POLICY: &str = "policy p\ncategory x\npurpose q\nuse x for q\n";
const MESSY: &str = "policy   p\n";
const NEAT: &str = "policy p\n";
/// A user who is not root.
const NOBODY: u32 = 65534;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn write(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The names in a folder: shows whether a temporary file remains.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = folder.path().read_dir().unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

fn whyfor(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(WHYFOR).args(arguments).current_dir(folder).output().unwrap()
}

fn shell(folder: &TempDir, script: &str) -> Output {
    let script = script.replace("whyfor ", &format!("{WHYFOR} "));
    Command::new("sh").args(["-c", &script]).current_dir(folder).output().unwrap()
}

#[track_caller]
fn assert_ends(output: &Output, status: i32, part: &str) {
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{shown}");
    assert!(shown.contains(part), "{part}: {shown}");
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0)
}

/// Runs the command as a user who cannot write into a closed folder; root can.
fn as_nobody(folder: &TempDir, arguments: &[&str]) -> Output {
    let run = |program: &Path| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output()
    };
    run(Path::new(WHYFOR)).unwrap_or_else(|_| {
        let elsewhere = tempfile::tempdir().unwrap(); // the build is in a closed folder
        fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let copy = elsewhere.path().join("whyfor");
        fs::copy(WHYFOR, &copy).unwrap();
        run(&copy).unwrap()
    })
}

fn artifact() -> Vec<u8> {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    assert_ends(&whyfor(&folder, &["compile", "p.why", "-o", "p.whyc"]), 0, "");
    fs::read(folder.path().join("p.whyc")).unwrap()
}

fn pipe(folder: &TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

// ── Devices and pipes ───────────────────────────────────────────────────────────────────────────

#[test]
fn a_pipe_is_written_to_and_stays_a_pipe() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let pipe = pipe(&folder, "pipe");
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut bytes = Vec::new();
            File::open(pipe).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        }
    });
    assert_ends(&whyfor(&folder, &["compile", "p.why", "-o", "pipe"]), 0, "");
    assert_eq!(reader.join().unwrap(), artifact());
    assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo());
}

#[test]
fn a_pipe_that_nobody_reads_is_not_waited_for_and_stays_one() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let pipe = pipe(&folder, "pipe");
    let start = Instant::now();
    let output = whyfor(&folder, &["compile", "p.why", "-o", "pipe"]);
    assert_ends(&output, 2, "nobody reads from the pipe");
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo());
    assert_eq!(names(&folder), ["p.why", "pipe"]);
}

#[test]
fn a_device_is_written_to_and_stays_a_device() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let device = folder.path().join("null");
    let made = Command::new("mknod").arg(&device).args(["c", "1", "3"]).output().unwrap();
    if !made.status.success() {
        return; // only root makes devices, and only root could replace one
    }
    symlink("null", folder.path().join("link")).unwrap();
    for name in ["null", "link"] {
        // In some containers nobody may open one.
        let output = whyfor(&folder, &["compile", "p.why", "-o", name]);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
        assert!(device.symlink_metadata().unwrap().file_type().is_char_device(), "{name}");
    }
    assert_eq!(names(&folder), ["link", "null", "p.why"]);
}

// ── Standard output ─────────────────────────────────────────────────────────────────────────────

#[test]
fn standard_output_by_any_name_has_the_artifact_and_nothing_else() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let artifact = artifact();
    let piped = whyfor(&folder, &["compile", "p.why", "-o", "-"]);
    assert_ends(&piped, 0, "digest");
    assert!(piped.stdout == artifact);
    for script in [
        "whyfor compile p.why -o - > out.whyc",
        "whyfor compile p.why -o /dev/stdout > out.whyc",
        "whyfor compile p.why -o out.whyc > out.whyc",
        "whyfor compile p.why -o /dev/stdout | cat > out.whyc",
    ] {
        assert_ends(&shell(&folder, script), 0, "");
        assert!(fs::read(folder.path().join("out.whyc")).unwrap() == artifact, "{script}");
    }
    assert_eq!(names(&folder), ["out.whyc", "p.why"]);
}

// ── The policy's own files ──────────────────────────────────────────────────────────────────────

#[test]
fn an_artifact_never_takes_the_place_of_what_it_is_made_from() {
    let folder = folder();
    let root = write(&folder, "root.why", "policy r\nimport \"lib.why\"\nuse x for p\n");
    let lib = write(&folder, "lib.why", "category x\npurpose p\n");
    symlink("lib.why", folder.path().join("link")).unwrap();
    fs::hard_link(&root, folder.path().join("same")).unwrap();
    fs::write(folder.path().join("a.whyc"), artifact()).unwrap();
    for script in [
        "whyfor compile root.why -o root.why",
        "whyfor compile root.why -o lib.why",
        "whyfor compile root.why -o link",
        "whyfor compile root.why -o same",
        "whyfor compile root.why -o ./../$(basename $PWD)/lib.why",
        "whyfor compile root.why -o - >> lib.why",
        "whyfor compile root.why -o /dev/stdout >> root.why",
        "whyfor compile - -o lib.why < lib.why",
        "whyfor compile a.whyc -o a.whyc",
    ] {
        let output = shell(&folder, script);
        assert_eq!(output.status.code(), Some(2), "{script}: {output:?}");
        assert_eq!(text(&root), "policy r\nimport \"lib.why\"\nuse x for p\n", "{script}");
        assert_eq!(text(&lib), "category x\npurpose p\n", "{script}");
    }
    let output = shell(&folder, "whyfor compile root.why -o link");
    assert_ends(&output, 2, "the policy was read from `lib.why`");
    assert_ends(&shell(&folder, "whyfor compile root.why -o new.whyc"), 0, "");
}

// ── What a file is beside its bytes ─────────────────────────────────────────────────────────────

#[test]
fn a_read_only_file_is_written_by_nobody() {
    let folder = folder();
    let fixable = "policy p\ncategory x\npurpose q\nuse x for q\nuse x for q\n";
    for (name, text) in [("a.why", MESSY), ("b.why", fixable), ("c.whyc", "old")] {
        let path = write(&folder, name, text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    }
    write(&folder, "p.why", POLICY);
    for arguments in
        [&["fmt", "a.why"][..], &["lint", "--fix", "b.why"], &["compile", "p.why", "-o", "c.whyc"]]
    {
        let output = whyfor(&folder, arguments);
        assert_ends(&output, 2, "");
        let shown = String::from_utf8_lossy(&output.stderr);
        assert!(shown.contains("read-only") || !is_root(), "{shown}");
    }
    assert_eq!(text(&folder.path().join("a.why")), MESSY);
    assert_eq!(text(&folder.path().join("b.why")), fixable);
    assert_eq!(text(&folder.path().join("c.whyc")), "old");
}

#[test]
fn a_file_that_is_laid_out_keeps_its_owner_its_mode_and_what_is_attached() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let folder = folder();
    let path = write(&folder, "a.why", MESSY);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o646)).unwrap();
    if is_root() {
        std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let attached = setxattr(&path, "user.note", b"kept", XattrFlags::empty()).is_ok();
    let before = path.metadata().unwrap();
    assert_ends(&whyfor(&folder, &["fmt", "a.why"]), 0, "");
    let after = path.metadata().unwrap();
    assert_eq!(text(&path), NEAT);
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert_eq!(after.mode(), before.mode());
    if attached {
        let mut value = [0; 8];
        assert_eq!(getxattr(&path, "user.note", &mut value[..]), Ok(4));
    }
}

#[test]
fn another_writer_than_the_owner_leaves_the_file_the_owners() {
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = write(&folder, "a.why", MESSY);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let owner = path.metadata().unwrap().uid();
    assert_ends(&as_nobody(&folder, &["fmt", "a.why"]), 0, "");
    assert_eq!(text(&path), NEAT);
    assert_eq!(path.metadata().unwrap().uid(), owner);
    assert_eq!(names(&folder), ["a.why"]);
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let output = whyfor(&folder, &["compile", "p.why", "-o", "none/p.whyc"]);
    assert_ends(&output, 2, "cannot write `none/p.whyc`: there is no folder `");
    assert!(!String::from_utf8_lossy(&output.stderr).contains(".whyfor-"));
}

#[test]
fn an_artifact_of_another_owner_keeps_its_group_and_its_mode() {
    if !is_root() {
        return; // nobody else gives files away
    }
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    write(&folder, "p.why", POLICY);
    for (group, mode) in [(NOBODY, 0o660), (0, 0o606)] {
        let path = write(&folder, "p.whyc", "");
        std::os::unix::fs::chown(&path, None, Some(group)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666 & (mode | 0o006))).unwrap();
        if group == NOBODY {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
        }
        assert_ends(&as_nobody(&folder, &["compile", "p.why", "-o", "p.whyc"]), 0, "");
        let written = path.metadata().unwrap();
        assert_eq!((written.gid(), written.mode() & 0o777), (NOBODY, mode));
    }
}

#[test]
fn all_names_of_a_file_have_the_new_layout() {
    let folder = folder();
    let path = write(&folder, "a.why", MESSY);
    fs::hard_link(&path, folder.path().join("b.why")).unwrap();
    assert_ends(&whyfor(&folder, &["fmt", "a.why"]), 0, "");
    assert_eq!(text(&folder.path().join("b.why")), NEAT);
    assert_eq!(path.metadata().unwrap().nlink(), 2);
}

#[test]
fn an_artifact_is_another_file_for_whoever_has_the_old_one_open() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    write(&folder, "p.whyc", "old");
    let mut open = File::open(folder.path().join("p.whyc")).unwrap();
    assert_ends(&whyfor(&folder, &["compile", "p.why", "-o", "p.whyc"]), 0, "");
    let mut seen = String::new();
    open.read_to_string(&mut seen).unwrap();
    assert_eq!(seen, "old");
}

#[test]
fn a_new_file_is_made_where_a_link_leads_and_has_the_usual_mode() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    symlink("out/new.whyc", folder.path().join("link")).unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    assert_ends(&shell(&folder, "umask 027; whyfor compile p.why -o link"), 0, "");
    assert!(folder.path().join("link").symlink_metadata().unwrap().is_symlink());
    let made = folder.path().join("out/new.whyc").metadata().unwrap();
    assert_eq!(made.mode() & 0o777, 0o640);
}

// ── Where a file cannot be replaced ─────────────────────────────────────────────────────────────

#[test]
fn a_text_in_a_folder_that_is_closed_is_written_in_place_and_an_artifact_is_not() {
    let folder = folder();
    for (name, text) in [("a.why", MESSY), ("p.why", POLICY), ("p.whyc", "old")] {
        let path = write(&folder, name, text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let laid_out = as_nobody(&folder, &["fmt", "a.why"]);
    let refused = as_nobody(&folder, &["compile", "p.why", "-o", "p.whyc"]);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_ends(&laid_out, 0, "");
    assert_eq!(text(&folder.path().join("a.why")), NEAT);
    assert_ends(&refused, 2, "`--output -`");
    assert_eq!(text(&folder.path().join("p.whyc")), "old");
    assert_eq!(names(&folder), ["a.why", "p.why", "p.whyc"]);
}

#[test]
fn a_full_disk_leaves_the_old_file_whole_and_nothing_beside_it() {
    // A limit on the size of files fails in the middle, as a full disk does.
    let many = |what: &str| (0..200).map(|i| format!("category c{i}{what}")).collect::<String>();
    let old = format!("policy   p\n{}", many("{x y}"));
    let folder = folder();
    for name in ["renamed.why", "linked.why", "old.whyc"] {
        write(&folder, name, &old);
    }
    fs::hard_link(folder.path().join("linked.why"), folder.path().join("other.why")).unwrap();
    for command in [
        "fmt renamed.why",
        "fmt linked.why", // written in place
        "compile renamed.why -o old.whyc",
        "compile renamed.why -o new.whyc",
    ] {
        let script = format!("trap '' XFSZ; ulimit -f 2; whyfor {command}");
        assert_ends(&shell(&folder, &script), 2, "cannot write");
    }
    assert_eq!(names(&folder), ["linked.why", "old.whyc", "other.why", "renamed.why"]);
    for name in names(&folder) {
        assert_eq!(text(&folder.path().join(&name)), old, "{name}");
    }
}

#[test]
fn many_who_write_the_same_file_at_once_do_not_meet() {
    let folder = folder();
    write(&folder, "p.why", POLICY);
    let spawn = |_| {
        let mut command = Command::new(WHYFOR);
        command.args(["compile", "p.why", "-o", "p.whyc"]).current_dir(&folder);
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    let all: Vec<_> = (0..8).map(spawn).collect();
    for mut one in all {
        assert!(one.wait().unwrap().success());
    }
    assert!(fs::read(folder.path().join("p.whyc")).unwrap() == artifact());
    assert_eq!(names(&folder), ["p.why", "p.whyc"]);
}
