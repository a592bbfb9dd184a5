//! Names of policies as identifiers of Rust: `first-name` is `FIRST_NAME`, `type` is the module `r#type`.

use std::collections::BTreeSet;

/// Words that Rust reserves, in any edition up to 2024.
const RESERVED: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Reserved words that cannot be written as `r#word`.
const NEVER_RAW: [&str; 4] = ["crate", "self", "Self", "super"];

/// The identifiers of one module: each is used once.
#[derive(Default)]
pub(crate) struct Identifiers(BTreeSet<String>);

impl Identifiers {
    /// A constant's identifier.
    pub(crate) fn constant(&mut self, name: &str) -> String {
        self.unused(&plain(&name.to_uppercase()))
    }

    /// A module's identifier.
    pub(crate) fn module(&mut self, name: &str) -> String {
        let name = plain(name);
        let name = match () {
            () if NEVER_RAW.contains(&name.as_str()) => format!("{name}_"),
            () if RESERVED.contains(&name.as_str()) => format!("r#{name}"),
            () => name,
        };
        self.unused(&name)
    }

    /// Names that differ only in what an identifier cannot have get a number.
    fn unused(&mut self, name: &str) -> String {
        let mut unused = name.to_owned();
        let mut number = 2;
        while !self.0.insert(unused.clone()) {
            unused = format!("{}_{number}", name.trim_start_matches("r#"));
            number += 1;
        }
        unused
    }
}

/// With `_` for each character that an identifier cannot have.
fn plain(name: &str) -> String {
    let part = |c: char| if unicode_ident::is_xid_continue(c) { c } else { '_' };
    let plain: String = name.chars().map(part).collect();
    match plain.chars().next() {
        Some(first) if unicode_ident::is_xid_start(first) => plain,
        _ if plain.chars().all(|c| c == '_') => format!("{plain}_"), // `_` alone is no name
        Some('_') => plain,
        _ => format!("_{plain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Identifiers;

    #[test]
    fn names_of_policies_become_identifiers() {
        let cases = [
            ("email", "EMAIL", "email"),
            ("first-name", "FIRST_NAME", "first_name"),
            ("2fa", "_2FA", "_2fa"),
            ("type", "TYPE", "r#type"),
            ("self", "SELF", "self_"),
            ("微信", "微信", "微信"),
            ("straße", "STRASSE", "straße"),
            ("-", "__", "__"),
            ("_", "__", "__"),
            ("a b", "A_B", "a_b"),
        ];
        for (name, constant, module) in cases {
            assert_eq!(Identifiers::default().constant(name), constant);
            assert_eq!(Identifiers::default().module(name), module);
        }
    }

    #[test]
    fn no_two_names_share_an_identifier() {
        let mut identifiers = Identifiers::default();
        let made = ["a-b", "a_b", "A b"].map(|name| identifiers.constant(name));
        assert_eq!(made, ["A_B", "A_B_2", "A_B_3"]);
        let mut identifiers = Identifiers::default();
        assert_eq!(["type", "type"].map(|name| identifiers.module(name)), ["r#type", "type_2"]);
    }
}
