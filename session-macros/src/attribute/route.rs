//! `#[get("/path")]` and its like, and `#[route("/path", methods(GET, POST))]`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::Said;
use super::options::split_at_commas;
use super::path;
use crate::error::Errors;
use crate::{name, suggest};

/// A request method, or any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
    Any,
}

/// A path, and the methods under which it is served.
pub(crate) struct Route {
    pub(crate) path: String,
    /// Each with its place.
    pub(crate) methods: Vec<(Method, Span)>,
    /// It stands for one that was refused with a sentence.
    pub(crate) is_refused: bool,
}

impl Route {
    /// What a refused route leaves: that its function has one, so that nobody who names the function says that it has none.
    pub(crate) fn refused(span: Span) -> Self {
        Self {
            path: "/".to_owned(),
            methods: vec![(Method::Any, span)],
            is_refused: true,
        }
    }
}

impl Method {
    /// Those that a `methods(..)` list may name.
    const NAMED: [Self; 7] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
        Self::Options,
    ];

    /// As it stands in a request line; `ANY` is ours.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Any => "ANY",
        }
    }

    /// The attribute of this method.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Head => "head",
            Self::Options => "options",
            Self::Any => "any",
        }
    }
}

/// Reads `#[get("/path")]` and its like.
pub(super) fn read_method(method: Method, said: Said, errors: &mut Errors) -> Option<Route> {
    let attribute = method.attribute();
    let example = || format!("#[{attribute}(\"/path\")]");
    let (path, rest) = read_path(&said, example, errors)?;
    if let Some(first) = rest.first() {
        let sentence = match first.clone().into_iter().next() {
            Some(TokenTree::Ident(ident)) if ident == "methods" => {
                format!(
                    "`#[{attribute}]` has its method in its name; for several, write `#[route({}, methods(GET, POST))]`",
                    quote!(#path)
                )
            }
            _ => format!("`#[{attribute}]` takes a path and nothing else"),
        };
        errors.over(first, sentence);
    }
    Some(Route {
        methods: vec![(method, path.span())],
        path: path::check(&path, errors)?,
        is_refused: false,
    })
}

/// Reads `#[route("/path", methods(GET, POST))]`.
pub(super) fn read(said: Said, errors: &mut Errors) -> Option<Route> {
    let span = said.span;
    let example = || "#[route(\"/path\", methods(GET, POST))]".to_owned();
    let (path, rest) = read_path(&said, example, errors)?;
    let methods = read_methods(&path, span, rest, errors);
    let path = path::check(&path, errors)?;
    Some(Route {
        path,
        methods: methods?,
        is_refused: false,
    })
}

/// The path, and what follows its comma, entry by entry.
fn read_path(
    said: &Said,
    example: impl Fn() -> String,
    errors: &mut Errors,
) -> Option<(LitStr, Vec<TokenStream>)> {
    let mut entries = split_at_commas(said.args.clone()).into_iter();
    let Some(first) = entries.next() else {
        let example = example();
        errors.at(said.span, format!("the path is missing: `{example}`"));
        return None;
    };
    match syn::parse2::<LitStr>(first.clone()) {
        Ok(path) => Some((path, entries.collect())),
        Err(_) => {
            let example = example();
            errors.over(&first, format!("a path in quotes comes first: `{example}`"));
            None
        }
    }
}

fn read_methods(
    path: &LitStr,
    span: Span,
    rest: Vec<TokenStream>,
    errors: &mut Errors,
) -> Option<Vec<(Method, Span)>> {
    let mend = format!(
        "write `methods(GET, POST)` after the path {}",
        quote!(#path)
    );
    let mut lists = rest.into_iter();
    let Some(list) = lists.next() else {
        errors.at(
            span,
            format!("`#[route]` does not know its methods; {mend}"),
        );
        return None;
    };
    if let Some(surplus) = lists.next() {
        errors.over(&surplus, "`#[route]` takes a path and one `methods(..)`");
    }
    let tokens: Vec<_> = list.clone().into_iter().collect();
    match &tokens[..] {
        [TokenTree::Ident(word), TokenTree::Group(group)] if word == "methods" => {
            let methods = split_at_commas(group.stream());
            if methods.is_empty() {
                errors.over(
                    &list,
                    "a route without a method is never served; name one, as in `methods(GET)`",
                );
                return None;
            }
            let before = errors.count();
            let mut read: Vec<(Method, Span)> = Vec::new();
            for method in methods {
                let Some((method, span)) = read_one_method(&method, errors) else {
                    continue;
                };
                if read.iter().any(|(other, _)| *other == method) {
                    errors.at(
                        span,
                        format!("`{}` is given twice; write it once", method.text()),
                    );
                } else {
                    read.push((method, span));
                }
            }
            // With a fault inside, an empty list is no fault of its own.
            (!read.is_empty() || errors.count() == before).then_some(read)
        }
        [TokenTree::Ident(word), ..] if word != "methods" => {
            errors.at(
                word.span(),
                suggest::unknown("`#[route]` option", &name::text(word), &["methods"]),
            );
            None
        }
        _ => {
            errors.over(&list, mend);
            None
        }
    }
}

fn read_one_method(entry: &TokenStream, errors: &mut Errors) -> Option<(Method, Span)> {
    let known = Method::NAMED.map(Method::text);
    if let Ok(ident) = Ident::parse_any.parse2(entry.clone()) {
        let text = name::text(&ident);
        if let Some(method) = Method::NAMED
            .into_iter()
            .find(|method| method.text() == text)
        {
            return Some((method, ident.span()));
        }
        errors.at(
            ident.span(),
            match text.to_uppercase().as_str() {
                "ANY" => {
                    "for every method, write `#[any(\"/path\")]` instead of `#[route]`".to_owned()
                }
                _ => suggest::unknown("method", &text, &known),
            },
        );
    } else if let Ok(string) = syn::parse2::<LitStr>(entry.clone()) {
        errors.over(
            entry,
            format!(
                "methods are named without quotes: `{}`",
                string.value().to_uppercase()
            ),
        );
    } else {
        errors.over(
            entry,
            format!("this is no method; there is {}", suggest::list(&known)),
        );
    }
    None
}
