//! `routes![index, admin::users]`: the one place that names a handler twice, as a function and as its contract.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Path, PathArguments};

use crate::error::{Errors, shown};
use crate::paths::{INFO, KEY_TYPES, ROUTES, resolved_as_root};
use crate::signature::Tokens;
use crate::writer::{Writer, code};

/// Room for keys that other handlers of the list do not have; how many there are is not known here.
const KEYS_A_HANDLER: usize = 8;

/// One handler of the list, with the `#[cfg(..)]` before it.
struct Entry {
    cfgs: Vec<Attribute>,
    path: Tokens,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (strict, list) = split_strict(input);
    let entries: Vec<_> = split(list)
        .into_iter()
        .filter_map(|entry| read(entry, &mut errors))
        .collect();
    let errors = errors.into_tokens();
    let checks = (!entries.is_empty()).then(|| checks(&entries, strict));
    let added = if entries.is_empty() {
        quote!(#ROUTES::new())
    } else {
        let routes = routes_ident(Span::mixed_site());
        let adds = joined(entries.iter().map(add));
        let of = of_ident(Span::mixed_site());
        quote! {
            use ::core::marker::PhantomData as #of;
            let #routes = #ROUTES::new();
            #adds
            #routes
        }
    };
    let names = (!entries.is_empty()).then(|| names(&entries));
    quote!({ #errors #names #checks #added })
}

/// Begins an entry's statement, all of it at one place, behind the entry's `#[cfg(..)]`.
fn written_at(span: Span, cfgs: &[Attribute]) -> Writer {
    let mut out = Writer::at(span);
    out.write_all(cfgs);
    out
}

fn joined(statements: impl Iterator<Item = Writer>) -> TokenStream {
    let mut all = Writer::new();
    all.write_all(statements);
    all.into_stream()
}

/// The names once more, before all else that stands at their places: an editor that is asked for a name's definition takes what it
/// finds at the first of them.
fn names(entries: &[Entry]) -> TokenStream {
    let mut names = Writer::new();
    for Entry { cfgs, path } in entries {
        if cfgs.is_empty() {
            let path = path.clone();
            code!(names; #path,);
        }
    }
    let (all, mut out) = (Ident::new("_Names", Span::mixed_site()), Writer::new());
    code!(out; type #all = (#names););
    out.into_stream()
}

/// A statement of its own, all of it at the name: what does not fit is said there, and a `#[cfg(..)]` may stand before it.
///
/// The parentheses tell the compiler that a type is meant, and not a constant: so it says of a function without attributes.
fn add(Entry { cfgs, path }: &Entry) -> Writer {
    let span = path.place().resolved_at(Span::mixed_site());
    let mut out = written_at(span, cfgs);
    let (contract, path, of) = (path.clone(), path.clone(), of_ident(span));
    let (routes, before) = (routes_ident(span), routes_ident(span));
    code!(out; let #routes = #before.__add(#of::<(#contract)>, #path););
    out
}

fn routes_ident(span: Span) -> Ident {
    Ident::new("routes", span.resolved_at(Span::mixed_site()))
}

/// The local name of what hands a contract over as a value: a path for each name in the list is more than all else.
fn of_ident(span: Span) -> Ident {
    Ident::new("ContractOf", span.resolved_at(Span::mixed_site()))
}

fn key_types_ident(span: Span) -> Ident {
    Ident::new("key_types", resolved_as_root(span))
}

/// What has to hold of the handlers, in constants: an inline `const` block in a function that nobody calls is not looked at by
/// `cargo check`. One constant for all, as each costs the compiler a good part of what a handler does; but who asks for
/// `strict` is told all at once who is undecided.
fn checks(entries: &[Entry], strict: bool) -> TokenStream {
    let decided = strict.then(|| entries.iter().map(is_decided).collect::<TokenStream>());
    let listed = entries.iter().map(|Entry { cfgs, path }| {
        // All of a check stands at the name, so that what it says is said there.
        let span = resolved_as_root(path.place());
        let (path, table) = (path.clone(), key_types_ident(span));
        let mut out = written_at(span, cfgs);
        code!(out; #table.check::<(#path)>(););
        out
    });
    let listed = joined(listed);
    let table = key_types_ident(Span::mixed_site());
    let slots = entries.len() * KEYS_A_HANDLER;
    quote! {
        const _: () = {
            let #table = &mut #KEY_TYPES::<#slots>::new();
            #listed
        };
        #decided
    }
}

/// That one handler of a `strict` list says who may call it.
fn is_decided(Entry { cfgs, path }: &Entry) -> TokenStream {
    let span = path.place().resolved_at(Span::mixed_site());
    let info = INFO.at(span);
    let undecided = format!(
        "`{}` is neither `#[public]` nor guarded, and these routes are `strict`; say which",
        shown(path)
    );
    quote_spanned! {span=>
        #(#cfgs)*
        const _: () = ::core::assert!(#info::of::<(#path)>().is_decided(), #undecided);
    }
}

/// `strict; a, b`
fn split_strict(input: TokenStream) -> (bool, TokenStream) {
    let mut tokens = input.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Punct(punct)))
            if word == "strict" && punct.as_char() == ';' =>
        {
            (true, tokens.collect())
        }
        _ => (false, input),
    }
}

/// At commas; one at the end is fine.
fn split(list: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = vec![Vec::new()];
    for token in list {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            entries.push(Vec::new());
        } else if let Some(entry) = entries.last_mut() {
            entry.push(token);
        }
    }
    entries.retain(|entry| !entry.is_empty());
    entries
}

fn read(entry: Vec<TokenTree>, errors: &mut Errors) -> Option<Entry> {
    // Nearly all are a name and nothing else.
    if let [TokenTree::Ident(name)] = &entry[..]
        && syn::parse2::<Ident>(name.to_token_stream()).is_ok()
    {
        return Some(Entry {
            cfgs: Vec::new(),
            path: entry.into(),
        });
    }
    let entry: TokenStream = entry.into_iter().collect();
    match syn::parse2::<Entry>(entry.clone()) {
        Ok(entry) => match entry
            .cfgs
            .iter()
            .find(|attribute| !attribute.path().is_ident("cfg"))
        {
            Some(other) => {
                errors.over(
                    other,
                    "only `#[cfg(..)]` may stand before a handler in `routes!`",
                );
                None
            }
            None => Some(entry),
        },
        Err(_) => {
            errors.over(&entry, sentence(&entry));
            None
        }
    }
}

fn sentence(entry: &TokenStream) -> String {
    // `index()`, `index!`, `index => ..`: there is a name in it that was meant.
    let path = |input: ParseStream<'_>| {
        let mut path: Path = input.parse()?;
        for segment in &mut path.segments {
            segment.arguments = PathArguments::None;
        }
        let rest: TokenStream = input.parse()?;
        Ok((path, rest.into_iter().next()))
    };
    match path.parse2(entry.clone()) {
        Ok((_, Some(TokenTree::Punct(punct)))) if punct.as_char() == ';' => {
            "handlers stand between commas in `routes!`, and only `strict;` may stand in front of them"
                .to_owned()
        }
        Ok((path, Some(TokenTree::Ident(_)))) => {
            format!("a comma is missing behind `{}`", shown(&path))
        }
        Ok((path, _)) => format!(
            "`routes!` lists handlers by name; did you mean `{}`?",
            shown(&path)
        ),
        Err(_) => {
            "`routes!` lists handlers by name, as in `routes![index, admin::users]`".to_owned()
        }
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let cfgs = input.call(Attribute::parse_outer)?;
        let path: Path = input.parse()?;
        if !input.is_empty()
            || path
                .segments
                .iter()
                .any(|segment| !matches!(segment.arguments, PathArguments::None))
        {
            return Err(input.error("not a name"));
        }
        Ok(Self {
            cfgs,
            path: path.into_token_stream().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(input: TokenStream) -> String {
        expand(input).to_string().replace(' ', "")
    }

    fn refuses(input: TokenStream, words: &str) {
        let out = expand(input).to_string();
        assert_eq!(out.matches("compile_error").count(), 1, "{out}");
        assert!(out.contains(words), "{out}");
    }

    #[test]
    fn each_name_is_added_once_as_contract_and_as_function() {
        let out = out(quote!(index, admin::two, r#match,));
        for name in ["index", "admin::two", "r#match"] {
            let add = format!("letroutes=routes.__add(ContractOf::<({name})>,{name});");
            assert_eq!(out.matches(&add).count(), 1, "{out}");
        }
    }

    #[test]
    fn an_empty_list_is_an_empty_router() {
        assert_eq!(out(quote!()), "{::session_runtime::Routes::new()}");
    }

    #[test]
    fn a_cfg_takes_its_handler_out_with_its_check() {
        let out = out(quote!(
            index,
            #[cfg(unix)]
            two
        ));
        assert_eq!(out.matches("#[cfg(unix)]").count(), 2, "{out}");
        assert!(
            out.contains("#[cfg(unix)]letroutes=routes.__add(ContractOf::<(two)>,two);"),
            "{out}"
        );
        refuses(
            quote!(
                #[allow(dead_code)]
                index
            ),
            "only `#[cfg(..)]`",
        );
    }

    #[test]
    fn only_strict_routes_have_to_say_who_may_call() {
        assert!(out(quote!(strict; a)).contains("is_decided"));
        assert!(!out(quote!(a)).contains("is_decided"));
        assert!(
            out(quote!(strict, a)).contains(",strict);"),
            "a handler may be called so"
        );
    }

    #[test]
    fn what_is_no_name_gets_a_sentence_and_the_others_stay() {
        refuses(quote!(a, b()), "did you mean `b`?");
        refuses(quote!(a, "b"), "lists handlers by name");
        refuses(quote!(a, b::<u8>), "did you mean `b`?");
        refuses(quote!(stric; a), "only `strict;`");
        refuses(quote!(a; b), "between commas");
        refuses(quote!(a m::b, c), "a comma is missing behind `a`");
        refuses(quote!(a, match), "lists handlers by name");
        assert!(out(quote!("b", a)).contains(",a);"));
    }
}
