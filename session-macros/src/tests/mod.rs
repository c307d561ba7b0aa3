//! Whole expansions, driven as the compiler drives them: the first attribute from the top that is not built in, one at a
//! time, until nothing moves.

mod order;
mod refusals;
mod snapshots;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Meta;

use crate::attribute::Kind;
use crate::expand;
use crate::item::Item;
use crate::model::marker::is_marker;

/// Expands all of an item's attributes. Foreign ones vanish, as `#[tracing::instrument]` does; `#[rustfmt::skip]` stays.
fn expand_all(item: TokenStream) -> TokenStream {
    let (mut errors, mut current) = (TokenStream::new(), item);
    loop {
        let Item { mut attrs, rest } = syn::parse2(current.clone()).unwrap();
        let moves =
            |path: String| !["allow", "doc", "cfg", "rustfmt :: skip"].contains(&path.as_str());
        let Some(at) = attrs
            .iter()
            .position(|attribute| moves(attribute.path().to_token_stream().to_string()))
        else {
            return quote!(#errors #current);
        };
        let attribute = attrs.remove(at);
        let args = match &attribute.meta {
            Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let item = quote!(#(#attrs)* #rest);
        let name = attribute.path().segments.last().unwrap().ident.to_string();
        let out = if is_marker(&attribute) {
            expand::marker(args, item)
        } else if let Some(kind) = Kind::from_name(&name) {
            expand::attribute(kind, args, item)
        } else {
            item
        };
        let (said, rest) = split_errors(out);
        errors.extend(said);
        if rest.to_string().contains("declare !") {
            return quote!(#errors #rest);
        }
        current = rest;
    }
}

/// The `::core::compile_error! { .. }` before an item, and the item.
fn split_errors(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let (mut errors, mut rest) = (TokenStream::new(), tokens);
    loop {
        let mut tokens = rest.clone().into_iter();
        let error: TokenStream = tokens.by_ref().take(8).collect();
        let is_error = |text: String| text.starts_with(":: core :: compile_error !");
        if !is_error(error.to_string()) {
            return (errors, rest);
        }
        errors.extend(error);
        rest = tokens.collect();
    }
}

/// What an expansion says, sentence by sentence.
fn sentences(tokens: TokenStream) -> Vec<String> {
    let (errors, _) = split_errors(tokens);
    let groups = errors.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    groups
        .map(|sentence| syn::parse2::<syn::LitStr>(sentence).unwrap().value())
        .collect()
}
