//! The language server as an editor talks to it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod editor;
mod folder;

use editor::{Editor, MORE, SHOP, slice, uri};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

#[test]
fn what_is_wrong_is_told_as_one_types_and_taken_back() {
    let mut editor = Editor::shop();
    editor.until("shop.why", &[("E0501", 17)]); // `phone` is not permitted for billing
    editor.replace("shop.why", "email for service", "emial for service");
    let found = editor.until("shop.why", &[("E0201", 13)]);
    assert!(found[0]["message"].as_str().unwrap().contains("did you mean"), "{found:?}");
    assert_eq!(found[0]["source"], "whyfor");
    editor.replace("shop.why", "allow use phone", "deny use phone");
    editor.replace("shop.why", "emial for service", "email for service");
    editor.until("shop.why", &[]);
}

#[test]
fn a_policy_is_read_from_disk_where_it_is_not_open_and_from_the_editor_where_it_is() {
    let mut editor = Editor::shop();
    editor.until("shop.why", &[("E0501", 17)]);
    editor.open("more.why");
    editor.replace("more.why", "use email", "use emial");
    editor.until("more.why", &[("E0201", 1)]);
    // What is declared there is used here.
    editor.replace("more.why", "use emial", "use email");
    editor.replace("more.why", "purpose research", "purpose studies");
    editor.until("more.why", &[("E0201", 1)]);
    let uri = editor.uri("more.why");
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    editor.until("more.why", &[]);
}

#[test]
fn the_policy_of_an_imported_file_is_found() {
    let mut editor = Editor::new(&[
        ("a/shop.why", "policy shop\ncategory email\npurpose login\nimport \"b/more.why\"\n"),
        ("a/b/more.why", "use email for logni\n"),
    ]);
    editor.open("a/b/more.why");
    let found = editor.until("a/b/more.why", &[("E0201", 0)]);
    assert!(found[0]["message"].as_str().unwrap().contains("`login`"), "{found:?}");
}

#[test]
fn hover_says_what_a_name_covers_and_what_a_statement_permits() {
    let mut editor = Editor::shop();
    let mut hover = |text: &str, offset: usize| {
        let at = editor.at("shop.why", text, offset);
        let answer = editor.ask("textDocument/hover", at);
        answer["contents"]["value"].as_str().unwrap_or("").to_owned()
    };
    let contact = hover("contact by", 1);
    for part in [
        "**category** `contact`: Contact",
        "itself and 2 below it",
        "covered by 1 permit",
        "used once",
    ] {
        assert!(contact.contains(part), "{part}: {contact}");
    }
    assert!(hover("region is", 0).starts_with("**fact** `region`"));
    let statement = hover("collect contact", 0);
    assert_eq!(
        statement,
        "This permits `collect` at 3 points: 3 categories × 1 method × 1 purpose."
    );
    assert_eq!(hover("policy shop", 2), "");
}

#[test]
fn a_broken_statement_elsewhere_keeps_hover_definition_and_completion() {
    let mut editor = Editor::shop();
    editor.replace("shop.why", "expect {", "use contact fro\nexpect {");
    editor.until("shop.why", &[("E0103", 15)]);
    let at = editor.at("shop.why", "contact by", 1);
    let hover = editor.ask("textDocument/hover", at);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("itself and 2 below it"));
    let at = editor.at("shop.why", "login\n", 1);
    let answer = editor.ask("textDocument/definition", at);
    assert_eq!(editor.places(&answer), [("shop.why".to_owned(), "login".to_owned())]);
    let labels = editor.labels("shop.why", "email for service", 3);
    assert_eq!(labels, ["email", "collected"]);
}

#[test]
fn completion_offers_the_names_and_words_that_fit() {
    let mut editor = Editor::shop();
    editor.replace(
        "shop.why",
        "    use email for service when region is eu then deidentify\n",
        "    use email for \n    use email for login when \n",
    );
    for (text, offset, some, none) in [
        ("use email", 4, "phone", "login"),
        ("for \n", 4, "billing", "email"),
        ("for \n", 4, "research", "eu"), // of the other file
        ("when \n", 5, "region", "login"),
        ("by provided", 3, "provided", "login"),
    ] {
        let labels = editor.labels("shop.why", text, offset);
        assert!(labels.iter().any(|label| label == some), "{text}: {labels:?}");
        assert!(!labels.iter().any(|label| label == none), "{text}: {labels:?}");
    }
    editor.replace("shop.why", "login when \n", "login when region is  t\n");
    assert_eq!(editor.labels("shop.why", "is  t", 3), ["eu", "us", "not"]);
    editor.replace("shop.why", "region is  t", "region is eu t");
    let labels = editor.labels("shop.why", "eu t", 4);
    assert!(
        labels.contains(&"then".to_owned()) && !labels.contains(&"is".to_owned()),
        "{labels:?}"
    );
}

#[test]
fn a_definition_and_its_references_are_found_across_files() {
    let mut editor = Editor::shop();
    let at = editor.at("shop.why", "email for service", 2);
    let answer = editor.ask("textDocument/definition", at.clone());
    assert_eq!(editor.places(&answer), [("shop.why".to_owned(), "email".to_owned())]);
    assert_eq!(answer[0]["range"]["start"]["line"], 4);
    let mut all = at;
    for (declaration, count) in [(true, 4), (false, 3)] {
        all["context"] = json!({ "includeDeclaration": declaration });
        let answer = editor.ask("textDocument/references", all.clone());
        let places = editor.places(&answer);
        assert!(places.iter().all(|(_, text)| text == "email"), "{places:?}");
        assert_eq!(places.len(), count);
        assert!(places.iter().any(|(file, _)| file == "more.why"));
    }
}

#[test]
fn a_rename_goes_through_all_files_or_is_refused() {
    let mut editor = Editor::shop();
    let at = editor.at("shop.why", "email for service", 2);
    let range = editor.ask("textDocument/prepareRename", at.clone());
    assert_eq!(slice(&editor.texts["shop.why"], &range), "email");
    let mut rename = at;
    rename["newName"] = json!("mail");
    let answer = editor.ask("textDocument/rename", rename.clone());
    let changes = answer["changes"].as_object().unwrap();
    assert_eq!(changes[&editor.uri("shop.why")].as_array().unwrap().len(), 3);
    assert_eq!(changes[&editor.uri("more.why")].as_array().unwrap().len(), 1);
    for (name, part) in [("phone", "mean something else"), ("a b", "is no name")] {
        rename["newName"] = json!(name);
        let answer = editor.answer("textDocument/rename", rename.clone());
        assert!(answer["error"]["message"].as_str().unwrap().contains(part), "{answer}");
    }
}

#[test]
fn the_outline_the_colours_and_the_layout_are_given() {
    let mut editor = Editor::shop();
    let symbols = editor.ask("textDocument/documentSymbol", editor.document("shop.why"));
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["shop", "import \"more.why\"", "sensitive", "contact"]);
    assert_eq!(symbols[3]["children"][1]["name"], "phone");
    assert_eq!(
        symbols[8]["children"][1]["name"],
        "use email for service when region is eu then deidentify"
    );

    let tokens = editor.ask("textDocument/semanticTokens/full", editor.document("shop.why"));
    let data: Vec<u64> =
        tokens["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    assert_eq!(data[..15], [0, 0, 6, 0, 0, 0, 7, 4, 5, 0, 0, 5, 11, 1, 0]); // policy shop "Shop list"

    let mut format = editor.document("shop.why");
    format["options"] = json!({ "tabSize": 4, "insertSpaces": true });
    assert_eq!(editor.ask("textDocument/formatting", format.clone()), json!([]));
    editor.replace("shop.why", "tag sensitive", "tag   sensitive");
    let edits = editor.ask("textDocument/formatting", format.clone());
    assert_eq!(edits[0]["newText"], SHOP);
    editor.replace("shop.why", "tag   sensitive", "tag");
    assert_eq!(editor.ask("textDocument/formatting", format), json!(null));
}

#[test]
fn a_lens_says_whether_expectations_hold() {
    let mut editor = Editor::with(
        &[("shop.why", SHOP), ("more.why", MORE)],
        json!({ "workspace": { "codeLens": { "refreshSupport": true } } }),
    );
    editor.open("shop.why");
    editor.until("shop.why", &[("E0501", 17)]);
    loop {
        let notice = editor.notices.pop_front().unwrap_or_else(|| editor.receive());
        if notice["method"] == "workspace/codeLens/refresh" {
            break;
        }
    }
    let lenses = editor.ask("textDocument/codeLens", editor.document("shop.why"));
    assert_eq!(lenses[0]["command"]["title"], "1 of 2 expectations fail");
    assert_eq!(lenses[0]["range"]["start"]["line"], 15);
    editor.replace("shop.why", "allow use phone", "deny use phone");
    editor.until("shop.why", &[]);
    let lenses = loop {
        let lenses = editor.ask("textDocument/codeLens", editor.document("shop.why"));
        if !lenses.as_array().unwrap().is_empty() {
            break lenses;
        }
    };
    assert_eq!(lenses[0]["command"]["title"], "2 expectations hold");
}

#[test]
fn a_misspelt_name_is_mended_by_an_action() {
    let mut editor = Editor::shop();
    editor.replace("shop.why", "email for service", "emial for service");
    let found = editor.until("shop.why", &[("E0201", 13)]);
    let mut params = editor.document("shop.why");
    params["range"] = found[0]["range"].clone();
    params["context"] = json!({ "diagnostics": found });
    let actions = editor.ask("textDocument/codeAction", params);
    assert_eq!(actions[0]["title"], "Replace by `contact.email`");
    let edit = &actions[0]["edit"]["changes"][editor.uri("shop.why")][0];
    assert_eq!(slice(&editor.texts["shop.why"], &edit["range"]), "emial");
    assert_eq!(edit["newText"], "contact.email");
}

#[test]
fn places_are_counted_in_the_encoding_that_was_agreed_on() {
    let text = "policy shop category 邮箱 \"𝄞\" purpose login use 邮箱 for logni\n";
    let capabilities =
        [json!({}), json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } })];
    let before = &text[..text.find("logni").unwrap()];
    let columns = [before.encode_utf16().count(), before.len()];
    for (capabilities, column) in capabilities.into_iter().zip(columns) {
        let mut editor = Editor::with(&[("shop.why", text)], capabilities);
        editor.open("shop.why");
        let found = editor.until("shop.why", &[("E0201", 0)]);
        assert_eq!(found[0]["range"]["start"]["character"], column);
    }
}

#[test]
fn hostile_and_half_written_texts_are_served() {
    let mut editor = Editor::shop();
    for text in [
        "",
        "“",
        "\u{202E}",
        "{{{{{{{{",
        "}",
        "use",
        "\"",
        "policy p policy q category a also a",
        "邮箱 \\ \u{0}",
    ] {
        let uri = editor.uri("shop.why");
        editor.version += 1;
        let document = json!({ "uri": uri, "version": editor.version });
        editor.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
        for method in [
            "textDocument/documentSymbol",
            "textDocument/semanticTokens/full",
            "textDocument/codeLens",
        ] {
            editor.ask(method, editor.document("shop.why"));
        }
        for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
            for character in [0, 1, 2, 9, 4_000_000_000u32] {
                let position = json!({ "line": 0, "character": character });
                editor.ask(method, json!({ "textDocument": { "uri": editor.uri("shop.why") }, "position": position }));
            }
        }
    }
}

#[test]
fn the_server_ends_when_it_is_told_to() {
    let mut editor = Editor::shop();
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    let answer = editor.answer("textDocument/codeLens", editor.document("shop.why"));
    assert_eq!(answer["error"]["code"], -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().unwrap().code(), Some(0));
    let answer = Editor::shop().answer("textDocument/nothing", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
}

#[test]
fn a_client_that_goes_without_a_word_ends_the_server() {
    let mut editor = Editor::shop();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().unwrap().code(), Some(1));
    let mut server = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .arg("lsp")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(2));
}

#[test]
fn the_linter_speaks_after_a_pause_and_nothing_stale_is_shown() {
    let text = "policy shop\ncategory email\npurpose login\nuse email for login\nuse email for login\n\
                category phone // whyfor: allow(W0705) not used yet\n";
    let mut editor = Editor::new(&[("shop.why", text)]);
    editor.open("shop.why");
    let twice = [("W0701", 3), ("W0701", 4)];
    let found = editor.until("shop.why", &twice);
    assert_eq!(found[0]["severity"], 2);
    let mut params = editor.document("shop.why");
    params["range"] =
        json!({ "start": found[0]["range"]["start"], "end": found[1]["range"]["end"] });
    params["context"] = json!({ "diagnostics": found });
    let actions = editor.ask("textDocument/codeAction", params);
    assert_eq!(actions.as_array().unwrap().len(), 1, "with one of them gone the other counts");
    assert_eq!(actions[0]["title"], "Remove the statement");
    assert!(found.contains(&actions[0]["diagnostics"][0]));
    let edit = &actions[0]["edit"]["changes"][editor.uri("shop.why")][0];
    assert_eq!(edit["newText"], "");
    // With the next letter it is taken back at once, until the linter has looked again.
    editor.replace("shop.why", "policy shop", "policy shops");
    editor.until("shop.why", &[]);
    editor.until("shop.why", &twice);
    editor.replace("shop.why", "login\nuse email for login\nuse", "login\nuse");
    editor.until("shop.why", &[]);
}

#[test]
fn punctuation_of_another_script_is_mended_by_an_action() {
    let text =
        "policy shop \u{201C}Shop\u{201D}\ncategory a category b\npurpose p\nuse a，b for p；\n";
    let mut editor = Editor::new(&[("shop.why", text)]);
    editor.open("shop.why");
    editor.until("shop.why", &[("E0102", 0), ("E0102", 3), ("E0102", 3)]);
    let mut params = editor.document("shop.why");
    params["range"] =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    params["context"] = json!({ "diagnostics": [] });
    let actions = editor.ask("textDocument/codeAction", params);
    let actions: Vec<(&str, usize)> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| {
            let edits = &action["edit"]["changes"][editor.uri("shop.why")];
            (action["title"].as_str().unwrap(), edits.as_array().unwrap().len())
        })
        .collect();
    assert_eq!(actions, [("Write `\"`", 2), ("Write `,`", 1), ("Remove it", 1)]);
}

#[test]
fn completion_offers_no_word_that_has_no_meaning_there() {
    let mut editor = Editor::shop();
    editor.replace(
        "shop.why",
        "    use email for service when region is eu then deidentify\n",
        "    use email for login \n    never use email \n    collect  by\n    share email \n",
    );
    for (text, offset, words) in [
        ("for login \n", 10, &["when", "unless", "then", "retain", "except"][..]),
        ("never use email \n", 16, &["for", "when", "unless", "except"]),
        ("collect  by", 8, &[]),
        ("share email \n", 12, &["with", "for", "when", "unless", "then", "retain", "except"]),
    ] {
        let labels = editor.labels("shop.why", text, offset);
        let words_offered = labels.iter().filter(|label| KEYWORDS.contains(&label.as_str()));
        assert_eq!(words_offered.collect::<Vec<_>>(), words, "{text}");
    }
}

const KEYWORDS: [&str; 11] =
    ["by", "with", "for", "when", "unless", "then", "retain", "except", "collected", "given", "to"];

#[test]
fn files_that_import_each_other_belong_to_the_one_with_the_header() {
    let mut editor = Editor::new(&[
        ("z.why", "policy shop\nimport \"a.why\"\n"),
        ("a.why", "import \"z.why\"\ncategory email\n"),
    ]);
    editor.open("a.why");
    editor.until("a.why", &[("E0302", 0)]);
    // What is imported no more is a policy of its own, which lacks its header.
    editor.open("z.why");
    editor.replace("z.why", "import \"a.why\"\n", "");
    editor.replace("a.why", "import \"z.why\"\n", "");
    editor.until("a.why", &[("E0304", 0)]);
}

#[test]
fn a_file_that_is_deleted_while_it_is_open_stays_until_it_is_closed() {
    let mut editor = Editor::shop();
    editor.until("shop.why", &[("E0501", 17)]);
    editor.open("more.why");
    std::fs::remove_file(editor.path("more.why")).unwrap();
    let uri = editor.uri("more.why");
    let changes = json!({ "changes": [{ "uri": uri, "type": 3 }] });
    editor.tell("workspace/didChangeWatchedFiles", changes);
    editor.until("shop.why", &[("E0501", 17)]);
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    editor.until("shop.why", &[("E0301", 1)]);
}

#[test]
fn places_are_those_of_the_text_behind_a_byte_order_mark() {
    let mut editor = Editor::new(&[("shop.why", "\u{FEFF}policy shop\ncategory email\n")]);
    editor.open("shop.why");
    let position = json!({ "line": 1, "character": 10 });
    let at = json!({ "textDocument": editor.document("shop.why")["textDocument"], "position": position });
    let hover = editor.ask("textDocument/hover", at);
    assert_eq!(hover["range"]["start"]["character"], 9);
}

#[test]
fn who_only_says_where_the_root_is_has_the_policies_below_it() {
    let files =
        [("shop.why", "policy shop\nimport \"more.why\"\n"), ("more.why", "category email\n")];
    let mut editor = Editor::starting(
        &files,
        |folder| json!({ "processId": null, "rootUri": uri(folder), "capabilities": {} }),
    );
    editor.open("more.why");
    editor.until("more.why", &[]);
}

#[test]
fn a_text_too_long_for_a_policy_is_told_and_has_no_outline() {
    let mut editor = Editor::new(&[("shop.why", &"category email\n".repeat(1_200_000))]);
    editor.open("shop.why");
    editor.until("shop.why", &[("E0401", 0)]);
    assert_eq!(editor.ask("textDocument/documentSymbol", editor.document("shop.why")), json!([]));
}

#[test]
fn lines_are_those_of_the_protocol_and_of_no_other_line_break() {
    let text = "policy p\rcategory email\r\n// a\u{2028}tag t\r\rpurpose login\u{C}\nuse emial for login\n";
    let mut editor = Editor::new(&[("p.why", text)]);
    editor.open("p.why");
    editor.until("p.why", &[("E0201", 5)]);
    let place = |character: u32| json!({ "line": 5, "character": character });
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": editor.uri("p.why"), "version": 2 },
            "contentChanges": [{ "range": { "start": place(5), "end": place(7) }, "text": "ai" }],
        }),
    );
    editor.until("p.why", &[("E0201", 5)]);
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": editor.uri("p.why"), "version": 3 },
            "contentChanges": [{ "range": { "start": place(4), "end": place(9) }, "text": "email" }],
        }),
    );
    editor.until("p.why", &[("W0101", 2)]);
    // A place behind the end of a line is at its end, before the line break.
    let document = json!({ "uri": editor.uri("p.why") });
    let at = json!({ "textDocument": document, "position": { "line": 1, "character": 99 } });
    let hover = editor.ask("textDocument/hover", at);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("email"), "{hover}");
}

#[test]
fn a_file_that_ends_too_early_or_goes_on_is_told_as_one_types() {
    let text = "policy p {\n    closed\n}\ncategory email\npurpose login\nuse email for login\n";
    let mut editor = Editor::new(&[("p.why", text)]);
    editor.open("p.why");
    editor.until("p.why", &[("E0306", 5)]);
    assert!(editor.labels("p.why", "use email", 0).contains(&"end".to_owned()));
    assert!(editor.labels("p.why", "closed", 0).contains(&"closed".to_owned()));
    editor.replace("p.why", "login\nuse", "login\nend\nuse");
    editor.until("p.why", &[("E0307", 6)]);
}

#[test]
fn a_label_is_text_in_a_hover_and_no_markup() {
    let label =
        "![i](http://e.example/x.png) <b>b</b> *e*_mail_ www.e.example a@e.example `c` &amp;\\n# x";
    let text = format!("policy p\ncategory x \"{label}\"\npurpose q\nuse x for q\n");
    let mut editor = Editor::new(&[("p.why", &text)]);
    editor.open("p.why");
    let place = json!({
        "textDocument": { "uri": editor.uri("p.why") },
        "position": { "line": 1, "character": 9 },
    });
    let hover = editor.ask("textDocument/hover", place);
    let shown = hover["contents"]["value"].as_str().unwrap();
    let label = shown.lines().next().unwrap().split_once(": ").unwrap().1;
    assert_eq!(
        label,
        r"\!\[i\](http\://e.example/x.png) \<b>b\</b> \*e\*\_mail\_ www\.e.example a\@e.example \`c\` \&amp; # x"
    );
}

#[cfg(unix)]
#[test]
fn a_policy_whose_root_file_is_a_link_is_read_where_it_leads() {
    let root = "policy p\nimport \"c.why\"\nuse x for q\n";
    let files = [("store/p.why", root), ("store/c.why", "category x\npurpose q\n"), ("etc/x", "")];
    let mut editor = Editor::new(&files);
    std::os::unix::fs::symlink("../store/p.why", editor.path("etc/p.why")).unwrap();
    editor.open("etc/p.why");
    let place = json!({
        "textDocument": { "uri": editor.uri("etc/p.why") },
        "position": { "line": 2, "character": 4 },
    });
    let found = editor.ask("textDocument/definition", place);
    let declared = found[0]["uri"].as_str().unwrap();
    assert!(declared.ends_with("/store/c.why"), "{found}");
}
