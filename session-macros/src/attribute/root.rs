//! `crate = path`: where session-runtime is found, if a crate of another name re-exports it. Every attribute of ours knows
//! this option, so that none has to read it by itself.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Path, Token};

use super::options::split_at_commas;
use crate::error::Errors;
use crate::paths::Root;

/// Takes the option out of an attribute's arguments.
pub(crate) fn take(args: TokenStream, errors: &mut Errors) -> (TokenStream, Option<Root>) {
    let is_ours = |entry: &TokenStream| option_name(entry).is_some();
    let entries = split_at_commas(args.clone());
    if !entries.iter().any(is_ours) {
        return (args, None);
    }
    let (ours, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_ours);
    for second in ours.iter().skip(1).filter_map(option_name) {
        errors.at(second, "`crate` is given twice; write it once");
    }
    let root = ours.into_iter().next().and_then(|entry| {
        let root = read(entry.clone());
        if root.is_none() {
            errors.over(&entry, "`crate` is given the path under which session-runtime is found here: `crate = my_framework::session`");
        }
        root
    });
    (quote!(#(#rest),*), root)
}

/// What a route attribute further down says, so that one `crate = path` is enough for a function and any attribute may stand
/// above it. It is known by its form, a path in quotes and then the option: its name may be another.
pub(crate) fn below(attrs: &[Attribute]) -> Option<Root> {
    attrs.iter().find_map(|attribute| of_route(&attribute.meta))
}

fn of_route(meta: &Meta) -> Option<Root> {
    let Meta::List(list) = meta else {
        return None;
    };
    if list.path.is_ident("cfg_attr") {
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated;
        let metas = metas.parse2(list.tokens.clone()).ok()?;
        return metas.iter().skip(1).find_map(of_route);
    }
    let entries = split_at_commas(list.tokens.clone());
    let (path, options) = entries.split_first()?;
    syn::parse2::<LitStr>(path.clone()).ok()?;
    options.iter().find_map(|option| read(option.clone()))
}

/// `crate = path`, or with the path in quotes, as serde has it.
fn read(entry: TokenStream) -> Option<Root> {
    let option = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        if input.peek(LitStr) {
            let quoted: LitStr = input.parse()?;
            return quoted.parse_with(Path::parse_mod_style);
        }
        input.call(Path::parse_mod_style)
    };
    option.parse2(entry).ok().map(Root::new)
}

/// The place of the word `crate`, where it is an option's name and no beginning of a path, as in `crate::IsOwner`.
fn option_name(entry: &TokenStream) -> Option<Span> {
    let mut tokens = entry.clone().into_iter();
    match (tokens.next()?, tokens.next()) {
        (_, Some(TokenTree::Punct(punct))) if punct.as_char() == ':' => None,
        (TokenTree::Ident(word), _) if word == "crate" => Some(word.span()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    /// The root and the other arguments as text, and how many faults there are.
    fn taken(args: TokenStream) -> (Option<String>, String, usize) {
        let mut errors = Errors::default();
        let (rest, root) = take(args, &mut errors);
        let root = root.map(|root| root.to_token_stream().to_string().replace(' ', ""));
        (root, rest.to_string(), errors.count())
    }

    #[test]
    fn it_is_taken_out_wherever_it_stands() {
        for args in [
            quote!("/x", crate = web::session, methods(GET)),
            quote!("/x", methods(GET), crate = web::session),
            quote!("/x", crate = "web::session", methods(GET)),
        ] {
            let (root, rest, faults) = taken(args);
            assert_eq!(root.as_deref(), Some("web::session"));
            assert_eq!(rest, quote!("/x", methods(GET)).to_string());
            assert_eq!(faults, 0);
        }
    }

    #[test]
    fn a_guard_of_this_crate_is_no_such_option() {
        let guard = quote!(crate::guards::HasRole("a", "b"), crate::IsOwner);
        let (root, rest, faults) = taken(guard.clone());
        assert_eq!((root, rest, faults), (None, guard.to_string(), 0));
    }

    #[test]
    fn what_is_no_path_or_given_twice_is_one_fault() {
        for args in [
            quote!(crate),
            quote!(crate = 5),
            quote!(crate = "a b"),
            quote!(crate = a, crate = b),
        ] {
            assert_eq!(taken(args.clone()).2, 1, "{args}");
        }
    }

    #[test]
    fn a_route_attribute_below_is_known_by_its_form_even_behind_cfg_attr() {
        let below = |attribute: Attribute| below(&[attribute]).is_some();
        assert!(below(syn::parse_quote!(#[post_it("/x", crate = web)])));
        assert!(below(
            syn::parse_quote!(#[cfg_attr(all(), inline, get("/x", crate = web))])
        ));
        assert!(!below(syn::parse_quote!(#[instrument(crate = "tracing")])));
        assert!(!below(syn::parse_quote!(#[get("/x")])));
    }
}
