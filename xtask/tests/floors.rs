//! The floors of session-runtime, as ARCHITECTURE.md names them: none imports from one above it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::files_in;
use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, UseTree};

#[test]
fn no_floor_imports_from_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let floors = Floors::read(&root);
    let sources = root.join("session-runtime/src");
    let (mut faults, mut imports) = (Vec::new(), 0);
    // A file of tests may look at what stands above.
    let is_tests = |path: &PathBuf| path.ends_with("tests.rs");
    for path in files_in(&sources).into_iter().filter(|it| !is_tests(it)) {
        let module = module(path.strip_prefix(&sources).unwrap());
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let (seen, found) = floors.faults(&module, &file);
        imports += seen;
        faults.extend(
            found
                .into_iter()
                .map(|it| format!("{}: {it}", path.display())),
        );
    }
    assert!(imports > 200, "the imports are not seen: {imports}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every way to name what stands above, and what is none.
#[test]
fn what_stands_above_is_found_however_it_is_named() {
    let floors = Floors {
        order: ["ground", "middle", "roof"].map(str::to_owned).to_vec(),
        exported: [("Tile".to_owned(), "roof".to_owned())].into(),
    };
    let module = ["middle".to_owned(), "room".to_owned()];
    for above in [
        "use crate::roof::Tile;",
        "use crate::{ground::Stone, roof};",
        "use crate::Tile;",
        "use super::super::roof::Tile as Slate;",
        "fn lay() { crate::roof::lay() }",
        "struct Wall { on: Option<crate::Tile> }",
        "mod corner { fn lay() { crate::roof::lay() } }",
    ] {
        let file = syn::parse_file(above).unwrap();
        assert_eq!(floors.faults(&module, &file).1.len(), 1, "{above}");
    }
    for below in [
        "use crate::ground::Stone;",
        "use crate::middle::Wall;",
        "use super::roof;",
        "use roof::Tile;",
        "#[cfg(test)] mod tests { use crate::roof::Tile; }",
        "#[cfg(all(test, unix))] use crate::Tile;",
    ] {
        let file = syn::parse_file(below).unwrap();
        assert_eq!(
            floors.faults(&module, &file).1,
            Vec::<String>::new(),
            "{below}"
        );
    }
}

struct Floors {
    /// From the ground.
    order: Vec<String>,
    /// What the crate's root exports, and from which floor.
    exported: BTreeMap<String, String>,
}

impl Floors {
    fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
        let (_, table) = text.split_once("| floor | ").unwrap();
        let order: Vec<_> = table
            .lines()
            .skip(2)
            .map_while(|row| row.strip_prefix("| `"))
            .map(|row| row.split('`').next().unwrap().to_owned())
            .collect();
        assert!(order.len() > 8, "{order:?}");
        let root = fs::read_to_string(root.join("session-runtime/src/lib.rs")).unwrap();
        let mut exported = BTreeMap::new();
        for item in syn::parse_file(&root).unwrap().items {
            if let Item::Use(item) = item {
                for path in paths(&item.tree) {
                    let (floor, name) = (path.first().unwrap(), path.last().unwrap());
                    exported.insert(name.clone(), floor.clone());
                }
            }
        }
        Self { order, exported }
    }

    /// How many imports a module has from floors, and a sentence for each from one above its own.
    fn faults(&self, module: &[String], file: &File) -> (usize, Vec<String>) {
        let height = |floor: &String| self.order.iter().position(|known| known == floor);
        // The rest is no floor: what documents or re-exports all of them.
        let Some(own) = module.first().and_then(height) else {
            return (0, Vec::new());
        };
        let mut names = Names::default();
        names.visit_file(file);
        let supers = vec!["super".to_owned(); module.len()];
        let from_root = names.0.iter().filter_map(|path| {
            let crate_root = path.strip_prefix(&["crate".to_owned()][..]);
            crate_root
                .or_else(|| path.strip_prefix(&supers[..]))?
                .first()
        });
        let heights: Vec<_> = from_root
            .filter_map(|name| Some((name, height(self.exported.get(name).unwrap_or(name))?)))
            .collect();
        let faults = heights
            .iter()
            .filter(|(_, height)| *height > own)
            .map(|(name, _)| {
                format!(
                    "`{}` imports `{name}`, which stands above it",
                    self.order[own]
                )
            })
            .collect();
        (heights.len(), faults)
    }
}

/// The paths that a file names, but for its tests.
#[derive(Default)]
struct Names(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes: &[Attribute] = match item {
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => &[],
        };
        if attributes.iter().any(is_for_tests) {
            return;
        }
        if let Item::Use(item) = item {
            self.0.extend(paths(&item.tree));
        }
        visit::visit_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.0.push(segments.collect());
        visit::visit_path(self, path);
    }
}

/// `#[cfg(test)]`, alone or with what else must hold.
fn is_for_tests(attribute: &Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let text = list.tokens.to_string();
    list.path.is_ident("cfg") && (text == "test" || text.replace(' ', "").starts_with("all(test,"))
}

/// What a `use` names, a path for each name.
fn paths(tree: &UseTree) -> Vec<Vec<String>> {
    let behind = |name: String, rest: Vec<Vec<String>>| {
        let with = |path: Vec<String>| [vec![name.clone()], path].concat();
        rest.into_iter().map(with).collect()
    };
    match tree {
        UseTree::Path(path) => behind(path.ident.to_string(), paths(&path.tree)),
        UseTree::Group(group) => group.items.iter().flat_map(paths).collect(),
        UseTree::Name(name) => vec![vec![name.ident.to_string()]],
        UseTree::Rename(rename) => vec![vec![rename.ident.to_string()]],
        UseTree::Glob(_) => vec![vec!["*".to_owned()]],
    }
}

/// The module of a file, by its place: `session/handle.rs` is `session::handle`.
fn module(path: &Path) -> Vec<String> {
    let names = path.with_extension("");
    let names = names.iter().map(|name| name.to_str().unwrap().to_owned());
    names.filter(|name| name != "mod").collect()
}
