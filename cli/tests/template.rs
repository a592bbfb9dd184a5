//! `whyfor notice --template`: the list in a template of the user's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod lists;

use lists::{DRUN, SHOP, file, out, whyfor};

#[test]
fn a_template_of_ones_own_is_given_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{% for s in sections %}{{ s.id }}={{ s.blocks | length }};{% endfor %}\n{{ title }} <{{ words.method }}>";
    let plain = file(&folder, "list.txt", text);
    let list = out(&["notice", DRUN, "--template", &plain], 0);
    assert!(list.starts_with("registration=1;real_name=1;login=1;operations=2;"), "{list}");
    assert!(
        list.ends_with("d.run Personal Information Collection List <Collection Method>"),
        "{list}"
    );
    let policy = file(&folder, "shop.why", &SHOP.replace("Shop list", "a < b"));
    let html = file(&folder, "list.html.j2", "<h1>{{ title }}</h1>");
    assert_eq!(out(&["notice", &policy, "--template", &html], 0), "<h1>a &lt; b</h1>");
    for (template, error) in [
        ("{{ titel }}", "undefined value"),
        ("{% for %}", "syntax error"),
        ("{% include '/etc/passwd' %}", "template not found"),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "engine ran out of fuel",
        ),
    ] {
        let template = file(&folder, "wrong.txt", template);
        let output = whyfor(&["notice", DRUN, "--template", &template]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(errors.contains(error), "{errors}");
    }
}

#[test]
fn a_template_that_nests_or_grows_without_end_is_refused_or_shown() {
    let folder = tempfile::tempdir().unwrap();
    let grown = |step: &str, count: usize, shown: &str| {
        format!(
            "{{% set n = namespace(x=[1]) %}}{{% for i in range({count}) %}}{{% set n.x = {step} %}}{{% endfor %}}{{{{ {shown} }}}}"
        )
    };
    for (template, status) in [
        (format!("{{{{ {}1 }}}}", "-".repeat(100_000)), 2),
        (format!("{{{{ {}1 }}}}", "-".repeat(4_000)), 0),
        (format!("{{{{ 1{} }}}}", "+1".repeat(300_000)), 2),
        (format!("{{{{ {}1{} }}}}", "[".repeat(1_000), "]".repeat(1_000)), 2),
        (format!("{}x{}", "{% if 1 %}".repeat(20_000), "{% endif %}".repeat(20_000)), 2),
        (format!("{{{{ {} }}}}", "x ".repeat(4_000)), 2), // it has no end before the limit
        (grown("[n.x]", 100_000, "n.x"), 0),
        (grown("[n.x]", 100_000, "1"), 0),
        (grown("n.x ~ n.x", 60, "1"), 2),
        (grown("n.x + n.x", 60, "n.x | length"), 2),
    ] {
        let path = file(&folder, "t.txt", &template);
        let output = whyfor(&["notice", DRUN, "--template", &path]);
        let shown = &template[..template.len().min(90)];
        assert_eq!(output.status.code(), Some(status), "{shown}");
    }
}
