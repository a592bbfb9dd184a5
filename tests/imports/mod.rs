//! Which file of a crate imports which: reads every `use` tree and every path in the code.
//!
//! A path leads to the file of the longest module that it starts with. If that module re-exports the next name
//! (`pub use child::Name`), it leads on to where the name comes from. So a `mod.rs` that re-exports its children
//! does not import them, and who imports a name from it imports the child.
//!
//! Code for tests is skipped, and so are paths into other crates.

mod lexer;

use lexer::{Token, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// A module by the names that lead to it from the root of the crate.
type ModulePath = Vec<String>;

/// The imports of a crate, between its files.
pub(crate) struct Imports {
    /// For each file, the files that it imports from.
    pub(crate) edges: BTreeMap<String, BTreeSet<String>>,
}

/// What one file says.
#[derive(Default)]
struct FileImports {
    /// The paths that it uses, absolute.
    used: Vec<ModulePath>,
    /// The names that it re-exports, each with its module and the path that it stands for. `*` for all.
    exported: Vec<(ModulePath, String, ModulePath)>,
}

impl Imports {
    /// Reads a crate from the texts of its files, by their paths below its `src`.
    pub(crate) fn of(files: &BTreeMap<String, String>) -> Self {
        let modules: BTreeMap<ModulePath, &String> =
            files.keys().map(|file| (module_path(file), file)).collect();
        let read: BTreeMap<&String, FileImports> = files
            .iter()
            .map(|(file, text)| {
                let module = module_path(file);
                (file, Reader::new(&modules, module, text).read())
            })
            .collect();
        let mut exported: BTreeMap<(ModulePath, String), Vec<ModulePath>> = BTreeMap::new();
        for (module, name, target) in read.values().flat_map(|file| file.exported.clone()) {
            exported.entry((module, name)).or_default().push(target);
        }
        let resolver = Resolver { modules: &modules, exported: &exported };
        let edges = read.iter().map(|(file, imports)| {
            let mut targets = BTreeSet::new();
            for path in &imports.used {
                targets.extend(resolver.files(path, 0));
            }
            targets.remove(*file);
            ((*file).clone(), targets)
        });
        Self { edges: edges.collect() }
    }

    /// The circles: groups of files each of which imports all others of its group, directly or over others.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.edges.keys().map(|file| (file.as_str(), self.reached_from(file))).collect();
        let mut circles: Vec<Vec<&str>> = Vec::new();
        for (file, others) in &reached {
            if !others.contains(file) || circles.iter().any(|circle| circle.contains(file)) {
                continue;
            }
            circles.push(others.iter().filter(|o| reached[*o].contains(file)).copied().collect());
        }
        circles
    }

    /// The files that a file imports, directly or over others.
    fn reached_from<'s>(&'s self, file: &'s str) -> BTreeSet<&'s str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            let targets = self.edges.get(next).into_iter().flatten();
            open.extend(targets.map(String::as_str).filter(|target| reached.insert(*target)));
        }
        reached
    }
}

/// The module of a file: `model/mod.rs` and `model.rs` are `model`, `lib.rs` is the root.
fn module_path(file: &str) -> ModulePath {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut names: ModulePath = stem.split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|last| last == "mod") || names == ["lib"] {
        names.pop();
    }
    names
}

struct Resolver<'c> {
    modules: &'c BTreeMap<ModulePath, &'c String>,
    exported: &'c BTreeMap<(ModulePath, String), Vec<ModulePath>>,
}

impl Resolver<'_> {
    /// The files that a path leads to: several if a name is a type in one and a function in another.
    fn files(&self, path: &[String], depth: usize) -> BTreeSet<String> {
        assert!(depth < 32, "re-exports go round in a circle: {path:?}");
        let inside =
            (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]));
        let Some(inside) = inside else { return BTreeSet::new() };
        let (module, rest) = path.split_at(inside);
        // A re-export is followed from the module itself and from modules inside its file.
        if let Some(name) = rest.first() {
            let key = (module.to_vec(), name.clone());
            if let Some(targets) = self.exported.get(&key) {
                let with_rest = |target: &ModulePath| [target, &rest[1..]].concat();
                return targets.iter().flat_map(|t| self.files(&with_rest(t), depth + 1)).collect();
            }
        }
        BTreeSet::from([self.modules[module].clone()])
    }
}

/// Reads the imports of one file.
struct Reader<'c> {
    modules: &'c BTreeMap<ModulePath, &'c String>,
    tokens: Vec<Token>,
    at: usize,
    /// The module around, with modules that are written within the file.
    module: ModulePath,
    /// For each such module, the braces that are open around it.
    inline: Vec<usize>,
    braces: usize,
    found: FileImports,
}

impl<'c> Reader<'c> {
    fn new(modules: &'c BTreeMap<ModulePath, &'c String>, module: ModulePath, text: &str) -> Self {
        let (tokens, found) = (tokens(text), FileImports::default());
        Self { modules, tokens, at: 0, module, inline: Vec::new(), braces: 0, found }
    }

    fn read(mut self) -> FileImports {
        let mut is_public = false;
        while let Some(token) = self.tokens.get(self.at).cloned() {
            match token.text() {
                "#" if self.is_test_attribute() => self.skip_item(),
                "#" => self.skip_group(), // an attribute; its brackets come next
                "pub" => {
                    is_public = true;
                    self.at += 1;
                    if self.text(0) == "(" {
                        self.skip_group();
                    }
                    continue;
                }
                "mod" if self.text(2) == "{" => {
                    self.module.push(self.text(1).to_owned());
                    self.inline.push(self.braces);
                    self.braces += 1;
                    self.at += 3;
                }
                "use" if self.text(1) != "<" => {
                    self.at += 1;
                    self.use_tree(&[], is_public);
                }
                "{" => {
                    self.braces += 1;
                    self.at += 1;
                }
                "}" => {
                    self.braces = self.braces.saturating_sub(1);
                    if self.inline.pop_if(|around| *around == self.braces).is_some() {
                        self.module.pop();
                    }
                    self.at += 1;
                }
                // What a macro writes into other crates.
                "$" if self.text(1) == "crate" => self.at += 2,
                _ if matches!(token, Token::Word(_)) => self.path_in_code(),
                _ => self.at += 1,
            }
            is_public = false;
        }
        self.found
    }

    fn text(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", Token::text)
    }

    /// Whether an attribute such as `#[cfg(test)]` starts here.
    fn is_test_attribute(&self) -> bool {
        let attribute = self.tokens[self.at..].iter().take_while(|token| token.text() != "]");
        let words: Vec<&str> = attribute.map(Token::text).collect();
        words.starts_with(&["#", "[", "cfg"]) && words.contains(&"test") && !words.contains(&"not")
    }

    /// Skips what stands in the next brackets, parentheses or braces, with all before them.
    fn skip_group(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.text() {
                "[" | "(" | "{" => depth += 1,
                "]" | ")" | "}" if depth <= 1 => return,
                "]" | ")" | "}" => depth -= 1,
                _ => {}
            }
        }
    }

    /// Skips an attribute and the item after it.
    fn skip_item(&mut self) {
        self.skip_group();
        while self.text(0) == "#" {
            self.skip_group();
        }
        while !self.text(0).is_empty() {
            match self.text(0) {
                ";" => return self.at += 1,
                "{" => return self.skip_group(),
                "(" | "[" => self.skip_group(),
                _ => self.at += 1,
            }
        }
    }

    /// One tree of a `use`, after the names that lead to it.
    fn use_tree(&mut self, before: &[String], is_public: bool) {
        let mut path = before.to_vec();
        loop {
            match self.text(0) {
                "::" => self.at += 1,
                "{" => {
                    self.at += 1;
                    while !matches!(self.text(0), "}" | "") {
                        self.use_tree(&path, is_public);
                        if self.text(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "as" => {
                    let name = self.text(1).to_owned();
                    self.at += 2;
                    return self.imported(path, name, is_public);
                }
                "," | ";" | "}" | "" => {
                    let name = path.last().cloned().unwrap_or_default();
                    return self.imported(path, name, is_public);
                }
                "self" if !path.is_empty() => self.at += 1,
                name => {
                    path.push(name.to_owned());
                    self.at += 1;
                }
            }
        }
    }

    fn imported(&mut self, path: ModulePath, name: String, is_public: bool) {
        let Some(mut path) = self.absolute(&path) else { return };
        if name == "*" {
            path.pop();
        }
        let is_below = path.starts_with(&self.module) && path.len() > self.module.len();
        if is_public && is_below {
            self.found.exported.push((self.module.clone(), name, path));
        } else {
            self.found.used.push(path.clone());
            // Others may import it from here.
            if is_public {
                self.found.exported.push((self.module.clone(), name, path));
            }
        }
    }

    /// A path outside of `use`: all words that are joined by `::`.
    fn path_in_code(&mut self) {
        let mut path = vec![self.text(0).to_owned()];
        self.at += 1;
        while self.text(0) == "::" && matches!(self.tokens.get(self.at + 1), Some(Token::Word(_))) {
            path.push(self.text(1).to_owned());
            self.at += 2;
        }
        if path.len() > 1 {
            self.found.used.extend(self.absolute(&path));
        }
    }

    /// A path from the root of the crate; `None` if it leads to another crate, or to a name of this file.
    fn absolute(&self, path: &[String]) -> Option<ModulePath> {
        let first = path.first()?.as_str();
        let mut module = self.module.clone();
        let rest = match first {
            "crate" => {
                module.clear();
                &path[1..]
            }
            "self" => &path[1..],
            "super" => {
                let count = path.iter().take_while(|name| *name == "super").count();
                module.truncate(module.len().checked_sub(count)?);
                &path[count..]
            }
            _ => {
                let child = [module.as_slice(), &path[..1]].concat();
                self.modules.contains_key(&child).then_some(path)?
            }
        };
        Some([module.as_slice(), rest].concat())
    }
}
