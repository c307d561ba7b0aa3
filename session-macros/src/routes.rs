//! `routes![index, admin::users]`: the one place that names a handler twice, as a function and as its contract.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Path, PathArguments};

use crate::error::Errors;
use crate::paths::{CONTRACT, INFO, KEY_SLOTS, KEY_TYPES, ROUTES};

/// One handler of the list, with the `#[cfg(..)]` before it.
struct Entry {
    cfgs: Vec<Attribute>,
    path: Path,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (strict, list) = split_strict(input);
    let entries: Vec<_> = split(list)
        .into_iter()
        .filter_map(|entry| read(entry, &mut errors))
        .collect();
    let errors = errors.into_tokens();
    let names = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| declare(entry, number));
    let key_types = (entries.len() > 1).then(|| key_types(&entries));
    let checks = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| check(entry, number, strict, key_types.is_some()));
    let added = if entries.iter().all(|entry| entry.cfgs.is_empty()) {
        let adds = entries.iter().enumerate().map(add);
        quote!(#ROUTES::new() #(#adds)*)
    } else {
        // An attribute cannot stand inside a chain of calls.
        let routes = quote_spanned!(Span::mixed_site()=> routes);
        let steps = entries.iter().enumerate().map(|(number, entry)| {
            let (cfgs, add) = (&entry.cfgs, add((number, entry)));
            quote!(#(#cfgs)* let #routes = #routes #add;)
        });
        quote!(let #routes = #ROUTES::new(); #(#steps)* #routes)
    };
    quote!({ #errors #(#names)* #key_types #(#checks)* #added })
}

/// The local name of an entry's contract. The type is named once, under it, since a name that is no handler's would be an
/// error at each place that names it.
fn contract(number: usize) -> Ident {
    Ident::new(&format!("Contract{number}"), Span::mixed_site())
}

fn add((number, Entry { path, .. }): (usize, &Entry)) -> TokenStream {
    let span = path.span().resolved_at(Span::mixed_site());
    let contract = contract(number);
    quote_spanned!(span=> .__add::<#contract, _, _, _>(#path))
}

/// The local name of an entry's declaration: taken out of the contract once, for the same reason.
fn info(number: usize) -> Ident {
    Ident::new(&format!("INFO{number}"), Span::mixed_site())
}

fn declare(Entry { cfgs, path }: &Entry, number: usize) -> TokenStream {
    let span = path.span().resolved_at(Span::mixed_site());
    let (local, info) = (contract(number), info(number));
    let (contract, info_type) = (CONTRACT.at(span), INFO.at(span));
    quote_spanned! {span=>
        #(#cfgs)*
        type #local = #path;
        #(#cfgs)*
        const #info: &#info_type = <#local as #contract>::INFO;
    }
}

fn key_types_ident(span: Span) -> Ident {
    Ident::new("KEY_TYPES", span)
}

/// Which type each key has in the list, where it comes first.
fn key_types(entries: &[Entry]) -> TokenStream {
    let infos = entries.iter().enumerate().map(|(number, entry)| {
        let (cfgs, info) = (&entry.cfgs, info(number));
        quote!(#(#cfgs)* #info)
    });
    let key_types = key_types_ident(Span::mixed_site());
    quote! {
        const INFOS: &[&#INFO] = &[#(#infos),*];
        // By reference: each check would copy the table.
        const #key_types: &#KEY_TYPES<{ #KEY_SLOTS(INFOS) }> = &#KEY_TYPES::of(INFOS);
    }
}

/// An item of its own: an inline `const` block in a function that nobody calls is not looked at by `cargo check`.
fn check(
    Entry { cfgs, path }: &Entry,
    number: usize,
    strict: bool,
    key_types: bool,
) -> TokenStream {
    // All of a check stands at the name, so that what it says is said there.
    let span = path.span().resolved_at(Span::mixed_site());
    let mut info = info(number);
    info.set_span(span);
    let name = path.to_token_stream().to_string().replace(' ', "");
    let no_route = format!("`{name}` has no route; put `#[get(\"/path\")]` on it");
    let undecided = format!(
        "`{name}` is neither `#[public]` nor guarded, and these routes are `strict`; say which"
    );
    let strict = strict.then(|| quote_spanned!(span=> ::core::assert!(#info.public || !#info.guards.is_empty(), #undecided);));
    let key_types = key_types.then(|| {
        // Not as a method: that costs the compiler milliseconds each.
        let (check, key_types) = (KEY_TYPES.at(span), key_types_ident(span));
        quote_spanned!(span=> #check::check(#key_types, #info);)
    });
    quote_spanned! {span=>
        #(#cfgs)*
        const _: () = {
            ::core::assert!(!#info.routes.is_empty(), #no_route);
            #strict
            #key_types
        };
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
fn split(list: TokenStream) -> Vec<TokenStream> {
    let mut entries = vec![TokenStream::new()];
    for token in list {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            entries.push(TokenStream::new());
        } else if let Some(entry) = entries.last_mut() {
            entry.extend([token]);
        }
    }
    entries.retain(|entry| !entry.is_empty());
    entries
}

fn read(entry: TokenStream, errors: &mut Errors) -> Option<Entry> {
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
        let _: TokenStream = input.parse()?;
        Ok(path)
    };
    match path.parse2(entry.clone()) {
        Ok(path) => format!(
            "`routes!` lists handlers by name; did you mean `{}`?",
            path.to_token_stream().to_string().replace(' ', "")
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
        Ok(Self { cfgs, path })
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
        for contract in [
            "typeContract0=index;",
            "typeContract1=admin::two;",
            "typeContract2=r#match;",
        ] {
            assert_eq!(out.matches(contract).count(), 1, "{out}");
        }
        assert!(out.ends_with(
            "::session_runtime::Routes::new().__add::<Contract0,_,_,_>(index).__add::<Contract1,_,_,_>(admin::two).__add::<Contract2,_,_,_>(r#match)}"
        ), "{out}");
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
        assert_eq!(out.matches("#[cfg(unix)]").count(), 5, "{out}");
        assert!(
            out.contains("#[cfg(unix)]letroutes=routes.__add::<Contract1,_,_,_>(two);"),
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
        assert!(out(quote!(strict; a)).contains(".public"));
        assert!(!out(quote!(a)).contains(".public"));
        assert!(
            out(quote!(strict, a)).contains("=strict;"),
            "a handler may be called so"
        );
    }

    #[test]
    fn what_is_no_name_gets_a_sentence_and_the_others_stay() {
        refuses(quote!(a, b()), "did you mean `b`?");
        refuses(quote!(a, "b"), "lists handlers by name");
        refuses(quote!(a, b::<u8>), "did you mean `b`?");
        assert!(out(quote!("b", a)).contains("=a;"));
    }
}
