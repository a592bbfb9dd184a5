//! `whyfor matrix`: the built command on real policies, its output read by what reads it: `ask`, a
//! JSON parser, a browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod browser;
#[path = "matrix/mod.rs"]
mod command;

use browser::{chromium, dom};
use command::{matrix, whyfor};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const DRUN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/drun.why");

const SHOP: &str = include_str!("matrix/shop.why");

/// Labels that would be markup or scripts if they were not escaped.
const HOSTILE: &str = include_str!("matrix/hostile.why");

// ── The command ─────────────────────────────────────────────────────────────────────────────────

/// A folder with one policy in it.
struct Written {
    folder: tempfile::TempDir,
    policy: String,
}

fn written(text: &str) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.why");
    std::fs::write(&policy, text).unwrap();
    Written { policy: policy.to_str().unwrap().to_owned(), folder }
}

/// Verdicts by category and purpose; no path needs quotes.
fn read_csv(text: &str) -> HashMap<(String, String), String> {
    let mut lines = text.split_terminator("\r\n");
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(head[0], "category");
    let mut cells = HashMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), head.len(), "{line}");
        for (purpose, verdict) in head.iter().zip(&fields).skip(1) {
            cells.insert((fields[0].to_owned(), (*purpose).to_owned()), (*verdict).to_owned());
        }
    }
    cells
}

fn names(list: &Value) -> Vec<String> {
    let path = |node: &Value| node["path"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(path).collect()
}

/// Compares every `step`-th cell of the JSON and of the CSV with what `ask` says.
fn agrees_with_ask(policy: &str, act: &str, rest: &[&str], step: usize) {
    let shown = [&["--act", act], rest].concat();
    let csv = read_csv(&matrix(policy, &[&shown[..], &["--format", "csv"]].concat()));
    let json = matrix(policy, &[&shown[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let (categories, purposes) = (names(&json["categories"]), names(&json["purposes"]));
    assert_eq!(csv.len(), categories.len() * purposes.len());
    for number in (0..csv.len()).step_by(step) {
        let (row, column) = (number / purposes.len(), number % purposes.len());
        let (category, purpose) = (&categories[row], &purposes[column]);
        let question = ["ask", policy, act, category, "--for", purpose, "--format", "json"];
        let answer = whyfor(&[&question[..], rest].concat()).stdout;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let cell = &json["cells"][row][column];
        for member in ["decision", "duties", "retain_days", "missing"] {
            assert_eq!(cell[member], answer[member], "{member} of {act} {category} for {purpose}");
        }
        assert_eq!(csv[&(category.clone(), purpose.clone())], answer["decision"]);
    }
}

// ── For programs ────────────────────────────────────────────────────────────────────────────────

#[test]
fn csv_and_json_agree_with_ask() {
    agrees_with_ask(DRUN, "use", &[], 97);
    agrees_with_ask(DRUN, "collect", &["--by", "automatic"], 211);
    let shop = written(SHOP);
    agrees_with_ask(&shop.policy, "use", &[], 1);
    agrees_with_ask(&shop.policy, "use", &["--fact", "consent=marketing", "--fact", "age=20"], 2);
    agrees_with_ask(&shop.policy, "collect", &["--by", "observed"], 2);
    agrees_with_ask(&shop.policy, "share", &["--with", "courier"], 1);
}

#[test]
fn json_says_what_was_asked_of_which_policy() {
    let shop = written(SHOP);
    let asked = ["--act", "collect", "--by", "automatic", "--fact", "age=20", "--format", "json"];
    let shown: Value = serde_json::from_str(&matrix(&shop.policy, &asked)).unwrap();
    assert_eq!(shown["policy"]["name"], "shop");
    assert_eq!(shown["policy"]["label"], "Shop");
    assert_eq!(shown["policy"]["version"], "2026-01");
    assert_eq!(shown["policy"]["digest"].as_str().unwrap().len(), 64);
    assert_eq!(shown["act"], "collect");
    assert_eq!(shown["by"], "observed.automatic");
    assert_eq!(shown.get("with"), None);
    assert_eq!(shown["facts"], json!(["age=20"]));
    let email = json!({ "path": "contact.email", "label": "Email address", "depth": 1 });
    assert_eq!(shown["categories"][1], email);
    let login = json!({
        "decision": "allow", "duties": [], "retain_days": 90, "missing": [], "bases": [], "unbased": false,
        "retain": [{ "period": "90 days" }], "retain_at_least": [], "optional": false,
    });
    assert_eq!(shown["cells"][1][1], login);
}

#[test]
fn without_a_method_the_best_counts_and_is_named() {
    let shop = written(SHOP);
    let shown = matrix(&shop.policy, &["--act", "collect", "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let each = ["provided", "observed", "observed.automatic"].map(|method| {
        let arguments = ["--act", "collect", "--by", method, "--format", "csv"];
        read_csv(&matrix(&shop.policy, &arguments))
    });
    let order = ["deny", "depends", "allow"];
    let rank = |word: &str| order.iter().position(|known| *known == word).unwrap();
    for (row, category) in names(&shown["categories"]).iter().enumerate() {
        for (column, purpose) in names(&shown["purposes"]).iter().enumerate() {
            let place = (category.clone(), purpose.clone());
            let best = each.iter().map(|csv| rank(&csv[&place])).max().unwrap();
            assert_eq!(shown["cells"][row][column]["decision"], order[best], "{place:?}");
        }
    }
    assert_eq!(shown.get("by"), None);
    let login = &shown["cells"][1][1]; // an email address, to sign in
    assert_eq!(login["by"], json!(["provided", "observed.automatic"]));
    assert_eq!(login["retain_days"], 90);
    assert_eq!(shown["cells"][0][1]["by"], json!([]));
}

#[test]
fn with_a_purpose_the_columns_are_who_may_get_it() {
    let shop = written(SHOP);
    let shown = matrix(&shop.policy, &["--act", "share", "--for", "billing", "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown["for"], shown.get("purposes")), (&json!("service.billing"), None));
    let csv =
        read_csv(&matrix(&shop.policy, &["--act", "share", "--for", "billing", "--format", "csv"]));
    for (row, category) in names(&shown["categories"]).iter().enumerate() {
        for (column, recipient) in names(&shown["recipients"]).iter().enumerate() {
            let arguments = ["--act", "share", "--with", recipient, "--format", "csv"];
            let of_recipient = read_csv(&matrix(&shop.policy, &arguments));
            let expected = &of_recipient[&(category.clone(), "service.billing".to_owned())];
            assert_eq!(shown["cells"][row][column]["decision"], expected.as_str());
            assert_eq!(&csv[&(category.clone(), recipient.clone())], expected);
        }
    }
    let page = matrix(&shop.policy, &["--act", "share", "--for", "billing", "--format", "html"]);
    assert!(page.contains("What may be shared for service.billing, and with whom"));
    let text = matrix(&shop.policy, &["--act", "share", "--for", "billing"]);
    assert!(text.contains("recipient"), "{text}");
}

#[test]
fn an_artifact_shows_the_same() {
    let shop = written(SHOP);
    let artifact = shop.folder.path().join("policy.whyc");
    let artifact = artifact.to_str().unwrap();
    assert!(whyfor(&["compile", &shop.policy, "-o", artifact]).status.success());
    for format in ["text", "csv", "json", "html", "svg"] {
        let arguments = ["--format", format];
        assert!(matrix(&shop.policy, &arguments) == matrix(artifact, &arguments), "{format}");
    }
}

// ── For a terminal ──────────────────────────────────────────────────────────────────────────────

#[test]
fn text_leads_from_each_purpose_to_its_marks() {
    let expected = "\
Shop 2026-01
What may be used, with no fact stated: 6 categories × 5 purposes

 newsletter ──────────┐
  marketing ────────┐ │
    billing ─────┐  │ │
      login ───┐ │  │ │
    service ─┐ │ │  │ │
contact      · · ·  · ·
  email      ● ● ●  · ◐
  phone      ● ● ●  · ·
  微信       · · ·  · ·
device       ● ● ●  · ·
  ip_address ● ● ●  · ·

● allow 12   ◐ depends 1   · deny 17
A group is allowed only if everything below it is. For duties and reasons, ask: `whyfor ask`.
";
    assert_eq!(matrix(&written(SHOP).policy, &[]), expected);
}

#[test]
fn text_stays_within_a_hundred_columns_and_shows_every_purpose_once() {
    let text = matrix(DRUN, &[]);
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let json: Value = serde_json::from_str(&matrix(DRUN, &["--format", "json"])).unwrap();
    assert_eq!(text.matches('┐').count(), names(&json["purposes"]).len());
    assert!(text.matches("\nidentity ").count() > 1, "it is split into blocks");
    let allowed = text.matches('●').count() - 1; // one in the legend
    let cells = json["cells"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
    assert_eq!(allowed, cells.filter(|cell| cell["decision"] == "allow").count());
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let shop = written(SHOP);
    assert!(!matrix(&shop.policy, &[]).contains('\x1b'));
    let coloured = matrix(&shop.policy, &["--color", "always"]);
    assert!(coloured.contains("\x1b[1m\x1b[32m●"), "{coloured}");
}

#[test]
fn text_has_no_control_characters_of_labels() {
    let policy = r#"policy p "\n[35m\t\r" category a purpose b"#;
    let text = matrix(&written(policy).policy, &["--color", "always"]);
    let title = text.lines().next().unwrap();
    assert!(title.starts_with("\u{1b}[1m [35m  \u{1b}[0m"), "each is a space: {title:?}");
}

// ── Pages and pictures ──────────────────────────────────────────────────────────────────────────

#[test]
fn the_page_is_small_and_asks_nobody_for_anything() {
    let page = matrix(DRUN, &["--format", "html"]);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'"));
    let addresses = page.replace("http://www.w3.org/2000/svg", ""); // a namespace
    assert!(!addresses.contains("http://") && !addresses.contains("https://"));
    assert!(!page.contains("{{"), "a place of the template is left");
    assert_eq!(page.matches("<td ").count(), 82 * 73);
}

#[test]
fn groups_that_are_denied_in_part_are_marked() {
    let page = matrix(DRUN, &["--format", "html"]);
    let cells = read_csv(&matrix(DRUN, &["--format", "csv"]));
    let not_denied: Vec<_> =
        cells.iter().filter(|(_, verdict)| *verdict != "deny").map(|(place, _)| place).collect();
    let below = |path: &str, of: &str| {
        path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let in_part = |(category, purpose): &(String, String)| {
        not_denied.iter().any(|(c, p)| below(c, category) && below(p, purpose))
    };
    let expected = cells.iter().filter(|(place, verdict)| *verdict == "deny" && in_part(place));
    let marked = page.matches("class=\"n p\">deny").count();
    assert_eq!(marked + page.matches("class=\"n p g\">deny").count(), expected.count());
}

#[test]
fn labels_stay_text_in_the_page_and_in_the_picture() {
    let hostile = written(HOSTILE);
    for act in ["use", "collect"] {
        let page = matrix(&hostile.policy, &["--act", act, "--format", "html"]);
        for markup in ["<img", "<svg onload", "<!--"] {
            assert!(!page.contains(markup), "{markup} in {page}");
        }
        let (markup, _) = page.split_once("id=\"data\">").unwrap(); // quotes are fine in JSON
        assert!(!markup.contains("\" onmouseover"), "{markup}");
        assert_eq!(page.matches("</script>").count(), 3, "those of the page itself");
        assert!(markup.contains("&#39; &amp; {{data}}    [31m  "), "{markup}");
    }
    let picture = matrix(&hostile.policy, &["--format", "svg"]);
    assert!(!picture.contains("<img") && !picture.contains("<script"), "{picture}");
    assert_eq!(picture.matches("</style>").count(), 1);
    assert!(picture.contains("&lt;/script&gt;&lt;img src=x"));
    assert!(!picture.contains('\0') && !picture.contains('\x1b'));
}

#[test]
fn the_panel_has_reasons_with_their_places() {
    let page = matrix(&written(SHOP).policy, &["--format", "html"]);
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let data: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let outcome =
        |row: usize, column: usize| &data["outcomes"][number(&data["cells"][row][column])];

    let newsletter = outcome(1, 4);
    assert_eq!(newsletter["verdict"], "depends");
    assert_eq!(newsletter["missing"], json!(["consent", "age"]));
    assert_eq!(newsletter["why"][0]["is"], "waiting");
    let statement = &data["statements"][number(&newsletter["why"][0]["at"])];
    assert_eq!(statement["text"], "use email for newsletter when consent and age >= 18");
    assert_eq!(statement["file"], "policy.why");
    assert_eq!(statement["line"], 24);

    assert_eq!(outcome(2, 4)["why"][0]["is"], "never");
    assert_eq!(outcome(4, 0)["duties"], json!(["deidentify"]));
    assert_eq!(outcome(4, 0)["retain"], json!(["180 days"]));
    let contact = outcome(0, 0); // denied for what is furthest down
    assert_eq!(contact["why"][0], json!({ "is": "no_permit", "category": 3, "purpose": 1 }));
}

/// A policy with this many categories, purposes and recipients, and these statements.
fn flat(counts: [usize; 3], statements: &str) -> Written {
    let mut text = "policy p\n".to_owned();
    for (word, count) in ["category", "purpose", "recipient"].into_iter().zip(counts) {
        text.extend((0..count).map(|number| format!("{word} {word}{number}\n")));
    }
    written(&(text + statements))
}

/// The page for sharing with any recipient, its data, and the note about what it leaves out.
fn page_of_any(policy: &str) -> (String, Value, String) {
    let output = whyfor(&["matrix", policy, "--act", "share", "--format", "html"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let page = String::from_utf8(output.stdout).unwrap();
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let data = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    (page.clone(), data, told)
}

#[test]
fn a_page_says_how_many_recipients_it_leaves_out() {
    let with = |c: usize, p: usize| -> Vec<String> {
        let mixed =
            |r: &usize| (((c * 60 + p) * 40_503) ^ (r * 60_493)).wrapping_mul(2_654_435_761);
        let scattered = |r: &usize| mixed(r) >> 21 & 1 == 0;
        (0..120).filter(scattered).map(|r| format!("recipient{r}")).collect()
    };
    let mut statements = String::new();
    for (c, p) in (0..60).flat_map(|c| (0..60).map(move |p| (c, p))) {
        statements += &format!("share category{c} with {} for purpose{p}\n", with(c, p).join(", "));
    }
    let shop = flat([60, 60, 120], &statements);
    let (page, data, told) = page_of_any(&shop.policy);
    let message = told.trim_end().strip_prefix("left out: ").unwrap();
    assert!(message.starts_with("The page would be too large with some recipients of "), "{told}");
    assert!(message.ends_with("`--with NAME` shows one of the recipients in full."), "{told}");
    assert!(page.contains(message), "{message}");
    let mut named = 0;
    for (c, p) in (0..60).flat_map(|c| (0..60).map(move |p| (c, p))) {
        let number = data["cells"][c][p].as_u64().unwrap() as usize;
        let outcome = &data["outcomes"][number];
        let shown = outcome["parties"].as_array().map_or(0, Vec::len);
        let others = outcome["others"].as_u64().unwrap_or(0) as usize;
        assert_eq!(shown + others, with(c, p).len(), "{outcome}");
        named += shown;
    }
    assert!(named <= 100_000, "{named}");
    // With one recipient nothing is left out.
    let one = ["--act", "share", "--with", "recipient1", "--format", "html"];
    assert!(!matrix(&shop.policy, &one).contains("too large"));
}

#[test]
fn a_page_says_where_it_leaves_out_the_reasons_of_other_recipients() {
    let shop = flat([100, 100, 200], "share category0 with recipient7 for purpose0");
    let (page, data, told) = page_of_any(&shop.policy);
    assert!(told.contains("with some reasons of "), "{told}");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    let outcome = |row: usize, column: usize| {
        &data["outcomes"][data["cells"][row][column].as_u64().unwrap() as usize]
    };
    assert_eq!(
        (&outcome(0, 0)["unasked"], &outcome(0, 1)["unasked"]),
        (&Value::Null, &true.into())
    );
}

// ── The page in a browser ───────────────────────────────────────────────────────────────────────

/// The table of a policy in a file, in a folder of its own.
fn shown(policy: &str, arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let format = arguments.last().unwrap();
    let file = folder.path().join(format!("matrix.{format}"));
    std::fs::write(&file, matrix(policy, arguments)).unwrap();
    (folder, file)
}

/// The page after its script ran, at a place in it.
fn document(policy: &str, act: &str, place: &str) -> String {
    dom(&matrix(policy, &["--act", act, "--format", "html"]), place)
}

/// What a browser of 1600 × 1000 shows, as red, green and blue.
fn screenshot(format: &str, arguments: &[&str]) -> Vec<[u8; 3]> {
    let (folder, file) = shown(DRUN, &["--format", format]);
    let picture = folder.path().join("screenshot.png");
    let to = format!("--screenshot={}", picture.display());
    let address = format!("file://{}", file.display());
    chromium(folder.path(), &[arguments, &[&to, &address]].concat());
    let picture = std::fs::File::open(&picture).expect("the browser wrote a picture");
    let mut reader = png::Decoder::new(std::io::BufReader::new(picture)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bytes).unwrap();
    assert_eq!((frame.width, frame.height), (1600, 1000));
    assert_eq!(frame.bit_depth, png::BitDepth::Eight);
    let samples = frame.color_type.samples();
    bytes[..frame.buffer_size()].chunks(samples).map(|p| [p[0], p[1], p[2]]).collect()
}

/// The share of pixels with this colour, without the edges of shapes.
fn share(pixels: &[[u8; 3]], color: [u8; 3]) -> f64 {
    let near = |pixel: &&[u8; 3]| pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 6);
    pixels.iter().filter(near).count() as f64 / pixels.len() as f64
}

/// Fails unless the marks for allowed and denied take as much room as they should.
fn has_marks(pixels: &[[u8; 3]], allow: [u8; 3], deny: [u8; 3]) {
    let mut colours = pixels.to_vec();
    colours.sort_unstable();
    colours.dedup();
    assert!(colours.len() > 200, "{} colours", colours.len());
    let (allow, deny) = (share(pixels, allow), share(pixels, deny));
    assert!((0.01..0.2).contains(&allow), "{allow} allowed");
    assert!((0.0005..0.05).contains(&deny), "{deny} denied");
}

#[test]
fn a_browser_shows_the_page_in_the_colours_of_the_verdicts() {
    let pixels = screenshot("html", &[]);
    has_marks(&pixels, [0x15, 0x79, 0x5a], [0xc2, 0x5a, 0x4c]);
    let tint = share(&pixels, [0xdc, 0xef, 0xe5]);
    let paper = share(&pixels, [0xfa, 0xf9, 0xf6]);
    assert!((0.02..0.5).contains(&tint), "{tint} behind what is allowed");
    assert!((0.3..0.95).contains(&paper), "{paper} paper");
}

#[test]
fn the_page_is_dark_for_those_who_like_it_dark() {
    let pixels = screenshot("html", &["--blink-settings=preferredColorScheme=0"]);
    has_marks(&pixels, [0x4f, 0xc5, 0x94], [0xd4, 0x77, 0x6b]);
    assert!(share(&pixels, [0x15, 0x17, 0x1a]) > 0.3);
}

#[test]
fn a_browser_shows_the_picture() {
    let pixels = screenshot("svg", &[]);
    has_marks(&pixels, [0x15, 0x79, 0x5a], [0xc2, 0x5a, 0x4c]);
}

#[test]
fn the_script_folds_groups_and_opens_the_cell_in_the_address() {
    let document = document(DRUN, "use", "contact.email/accounts.login");
    assert!(document.contains("data-ready"), "the script ran to its end");
    assert!(document.contains("aria-expanded=\"true\""));
    assert!(document.contains("aria-selected=\"true\""));
    let (_, panel) = document.split_once("<aside").unwrap();
    for text in ["Allowed", "Email address", "Ensure normal login", "drun.why:", "Account Login"] {
        assert!(panel.contains(text), "{text} in {panel}");
    }
}

#[test]
fn no_label_runs_in_a_browser() {
    let hostile = written(HOSTILE);
    for act in ["use", "collect"] {
        let document = document(&hostile.policy, act, "a.b/p.q");
        assert!(document.contains("data-ready"), "{document}");
        assert!(document.contains("aria-selected=\"true\""));
        assert!(!document.contains("data-owned"), "{document}");
        assert!(!document.contains("<img"));
    }
}

// ── What is refused, and what is not ────────────────────────────────────────────────────────────

#[test]
fn a_table_that_nobody_could_look_at_is_refused_but_as_csv() {
    let list = |prefix: &str| (0..501).map(|i| format!(" {prefix}{i}")).collect::<String>();
    let text = format!("policy big category c {{{}}} purpose p {{{}}}", list("a"), list("b"));
    let big = written(&text);
    for format in ["html", "svg"] {
        let output = whyfor(&["matrix", &big.policy, "--format", format]);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("502 categories × 502 purposes"), "{error}");
        assert!(error.contains("--format csv"), "{error}");
    }
    assert_eq!(read_csv(&matrix(&big.policy, &["--format", "csv"])).len(), 502 * 502);
}

#[test]
fn a_policy_without_categories_or_purposes_is_a_small_table() {
    for text in ["policy p", "policy p category a", "policy p purpose a"] {
        let empty = written(text);
        assert!(matrix(&empty.policy, &[]).contains("nothing to show"));
        for format in ["csv", "json", "html", "svg"] {
            assert!(!matrix(&empty.policy, &["--format", format]).is_empty());
        }
    }
}

#[test]
fn an_unknown_method_is_told_with_what_was_meant() {
    let shop = written(SHOP);
    let output = whyfor(&["matrix", &shop.policy, "--act", "collect", "--by", "automatik"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("`automatik`") && error.contains("automatic"), "{error}");
    let output = whyfor(&["matrix", &shop.policy, "--by", "provided"]);
    assert_eq!(output.status.code(), Some(2), "`--by` is not for `use`");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for format in ["csv", "json", "html", "svg", "text"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
            .args(["matrix", DRUN, "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut some = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut some).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}
