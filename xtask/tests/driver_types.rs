//! No type of a store's driver stands in session-runtime's public API: applications and the versions of drivers are then
//! independent of each other. `cargo xtask release-check` asks the compiler for all foreign types; this reads the sources, and
//! needs no more than they.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::files_in;
use syn::visit::{self, Visit};
use syn::{
    Field, Fields, File, ImplItem, Item, ItemImpl, Signature, TraitItem, Type, UseTree, Visibility,
};

/// The crates that a store's feature brings.
const DRIVERS: [&str; 7] = [
    "deadpool",
    "redis",
    "rusqlite",
    "rustls",
    "rustls_native_certs",
    "tokio_postgres",
    "tokio_postgres_rustls",
];

#[test]
fn no_type_of_a_driver_is_in_the_public_api() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../session-runtime/src");
    let files: Vec<_> = files_in(&sources)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.display().to_string(), syn::parse_file(&text).unwrap())
        })
        .collect();
    let drivers = files.iter().map(|(_, file)| Names::of(file).0.len());
    assert!(
        drivers.sum::<usize>() > 30,
        "the drivers' names are not seen"
    );
    let found = leaks(&files);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Every way in which a driver's type can get out, and what looks like one.
#[test]
fn what_would_be_in_the_public_api_is_found() {
    for leaking in [
        "use redis::Client; pub struct Store; impl Store { pub fn client(&self) -> &Client { todo!() } }",
        "pub struct Store; impl Store { pub fn of(client: redis::Client) -> Self { Self } }",
        "use redis::{Client as Driver}; pub struct Store { pub client: Option<Driver> }",
        "pub enum Failure { Driver(redis::RedisError) }",
        "pub enum Failure { Driver { source: redis::RedisError } }",
        "pub struct Failure; impl From<redis::RedisError> for Failure { }",
        "pub struct Store; impl std::ops::Deref for Store { type Target = redis::Client; }",
        "pub type Store = redis::Client;",
        "pub use redis::Client;",
        "pub fn connect() -> Result<(), ::redis::RedisError> { Ok(()) }",
        "pub fn ask<C: redis::ConnectionLike>(connection: C) {}",
        "pub trait Ask { fn ask(&self) -> redis::Value; }",
        "pub mod driver { pub use redis::Client; }",
        "pub const VALUE: redis::Value = redis::Value::Nil;",
    ] {
        let file = ("leaking".to_owned(), syn::parse_file(leaking).unwrap());
        assert_eq!(leaks(&[file]).len(), 1, "{leaking}");
    }
    for tight in [
        "use redis::Client; pub struct Store { client: Client }",
        "use redis::Client; pub struct Store; impl Store { pub(super) fn client(&self) -> &Client { todo!() } }",
        "use redis::Client; struct Store; impl Store { fn client(&self) -> &Client { todo!() } }",
        "pub(super) struct Failure; impl From<redis::RedisError> for Failure { }",
        "mod redis; pub use redis::RedisStore;",
        "pub struct Store; impl Store { pub fn ask(&self) { let _: redis::Client; } }",
        "pub struct Client; pub fn connect() -> Client { Client }",
    ] {
        let file = ("tight".to_owned(), syn::parse_file(tight).unwrap());
        assert_eq!(leaks(&[file]), Vec::<String>::new(), "{tight}");
    }
}

/// A sentence for each public item that names a driver's type.
fn leaks(files: &[(String, File)]) -> Vec<String> {
    let public: BTreeSet<String> = files
        .iter()
        .flat_map(|(_, file)| public_types(&file.items))
        .collect();
    let mut found = Vec::new();
    for (path, file) in files {
        let names = Names::of(file);
        look_at(&file.items, &names, &public, &mut |item| {
            found.push(format!("{path}: {item} names a type of a store's driver"));
        });
    }
    found
}

/// Types that stand outside of their module without restriction. Which of them can be reached is not asked: here `pub` is
/// written for nothing else.
fn public_types(items: &[Item]) -> Vec<String> {
    let mut types = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => types.push(item.ident.to_string()),
            Item::Enum(item) if is_public(&item.vis) => types.push(item.ident.to_string()),
            Item::Mod(item) => {
                let inner = item.content.as_ref().map(|(_, items)| items.as_slice());
                types.extend(public_types(inner.unwrap_or_default()));
            }
            _ => {}
        }
    }
    types
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What a driver's types are called in a file.
struct Names(BTreeSet<String>);

impl Names {
    fn of(file: &File) -> Self {
        let modules: BTreeSet<_> = file
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Mod(item) => Some(item.ident.to_string()),
                _ => None,
            })
            .collect();
        let drivers = DRIVERS.iter().map(|name| (*name).to_owned());
        // A module of ours may be called as the driver that it is for.
        let mut names: BTreeSet<_> = drivers.filter(|name| !modules.contains(name)).collect();
        for item in &file.items {
            if let Item::Use(item) = item
                && let UseTree::Path(path) = &item.tree
                && names.contains(&path.ident.to_string())
            {
                imported(&path.tree, &mut names);
            }
        }
        Self(names)
    }

    fn has(&self, path: &syn::Path) -> bool {
        let first = path.segments.first();
        first.is_some_and(|segment| self.0.contains(&segment.ident.to_string()))
    }
}

fn imported(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Glob(_) => panic!("a glob of a driver hides what it brings"),
    }
}

/// Whether a signature or a type names a driver's. What a function's body does is its own matter.
struct Look<'n> {
    names: &'n Names,
    found: bool,
}

impl<'ast> Visit<'ast> for Look<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.found |= self.names.has(path);
        visit::visit_path(self, path);
    }

    fn visit_block(&mut self, _: &'ast syn::Block) {}

    fn visit_expr(&mut self, _: &'ast syn::Expr) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn finds(names: &Names, look_at: impl FnOnce(&mut Look<'_>)) -> bool {
    let mut look = Look {
        names,
        found: false,
    };
    look_at(&mut look);
    look.found
}

fn look_at(items: &[Item], names: &Names, public: &BTreeSet<String>, tell: &mut dyn FnMut(String)) {
    let signature = |signature: &Signature| finds(names, |look| look.visit_signature(signature));
    let ty = |ty: &Type| finds(names, |look| look.visit_type(ty));
    for item in items {
        match item {
            Item::Fn(item) if is_public(&item.vis) && signature(&item.sig) => {
                tell(item.sig.ident.to_string());
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let is_open = |field: &&Field| is_public(&field.vis);
                if item
                    .fields
                    .iter()
                    .filter(is_open)
                    .any(|field| ty(&field.ty))
                    || finds(names, |look| look.visit_generics(&item.generics))
                {
                    tell(item.ident.to_string());
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let fields = item.variants.iter().map(|variant| &variant.fields);
                if fields.flat_map(Fields::iter).any(|field| ty(&field.ty)) {
                    tell(item.ident.to_string());
                }
            }
            Item::Type(item) if is_public(&item.vis) && ty(&item.ty) => {
                tell(item.ident.to_string());
            }
            Item::Const(item) if is_public(&item.vis) && ty(&item.ty) => {
                tell(item.ident.to_string());
            }
            Item::Static(item) if is_public(&item.vis) && ty(&item.ty) => {
                tell(item.ident.to_string());
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let method = |item: &TraitItem| finds(names, |look| look.visit_trait_item(item));
                if item.items.iter().any(method) {
                    tell(item.ident.to_string());
                }
            }
            Item::Use(item) if is_public(&item.vis) => {
                if let UseTree::Path(path) = &item.tree
                    && names.0.contains(&path.ident.to_string())
                {
                    tell(format!("`pub use {}::…`", path.ident));
                }
            }
            Item::Mod(item) => {
                let inner = item.content.as_ref().map(|(_, items)| items.as_slice());
                look_at(inner.unwrap_or_default(), names, public, tell);
            }
            Item::Impl(item) if is_of(item, public) && shows(item, names) => {
                tell("an implementation".to_owned());
            }
            _ => {}
        }
    }
}

/// Whether it is of a type that is public.
fn is_of(item: &ItemImpl, public: &BTreeSet<String>) -> bool {
    match &*item.self_ty {
        Type::Path(ty) => {
            let last = ty.path.segments.last();
            last.is_some_and(|segment| public.contains(&segment.ident.to_string()))
        }
        _ => false,
    }
}

fn shows(item: &ItemImpl, names: &Names) -> bool {
    let of_a_trait = item.trait_.as_ref();
    if of_a_trait.is_some_and(|(path, _)| finds(names, |look| look.visit_path(path))) {
        return true;
    }
    item.items.iter().any(|inner| match inner {
        ImplItem::Fn(method) => {
            (of_a_trait.is_some() || is_public(&method.vis))
                && finds(names, |look| look.visit_signature(&method.sig))
        }
        ImplItem::Type(inner) => finds(names, |look| look.visit_type(&inner.ty)),
        ImplItem::Const(inner) => {
            is_public(&inner.vis) && finds(names, |look| look.visit_type(&inner.ty))
        }
        _ => false,
    })
}
