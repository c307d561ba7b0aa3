//! `url_for!(user, id = 5)`: the URL of a handler by its name, checked against its path when compiled.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Path, Token};

use crate::error::Errors;
use crate::name;
use crate::paths::{CHECK_URL, DISPLAY, INFO, URL_FOR};

/// `id = 5`
struct Argument {
    name: Ident,
    value: Expr,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let out = try_expand(input, &mut errors);
    // A `String` all the same, so that nothing else turns red.
    let out = out
        .unwrap_or_else(|| quote!(<::std::string::String as ::core::default::Default>::default()));
    let errors = errors.into_tokens();
    quote!({ #errors #out })
}

fn try_expand(input: TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    if input.is_empty() {
        errors.at(
            Span::call_site(),
            "name a handler: `url_for!(index)`, `url_for!(user, id = 5)`",
        );
        return None;
    }
    let split = |input: ParseStream<'_>| {
        let path = input.call(Path::parse_mod_style)?;
        Ok((path, input.parse::<TokenStream>()?))
    };
    let Ok((path, rest)) = split.parse2(input.clone()) else {
        errors.over(
            &input,
            "a handler's name comes first: `url_for!(index)`, `url_for!(user, id = 5)`",
        );
        return None;
    };
    let arguments = read_arguments(rest, errors)?;
    let span = path.span().resolved_at(Span::mixed_site());
    let (info, check) = (INFO.at(span), CHECK_URL.at(span));
    let names: Vec<LitStr> = arguments
        .iter()
        .map(|argument| name::literal(&argument.name))
        .collect();
    let values = arguments.iter().map(|Argument { value, .. }| {
        let span = value.span().resolved_at(Span::mixed_site());
        let display = display_ident(span);
        // In brackets, as `page + 1` is borrowed as a whole.
        quote_spanned!(span=> &#display(&(#value)))
    });
    let import = (!arguments.is_empty()).then(|| {
        let display = display_ident(span);
        quote_spanned!(span=> use #DISPLAY as #display;)
    });
    let url_for = URL_FOR.at(span);
    // Named once, since a name that is no handler's would be an error at each place that names it.
    let handler = Ident::new("Handler", Span::mixed_site());
    Some(quote_spanned! {span=>
        type #handler = #path;
        #import
        const _: () = #check(&#info::of::<#handler>(), &[#(#names),*]);
        #url_for::<#handler>(&[#((#names, #values)),*])
    })
}

/// The local name of what shows a value. The path of it begins at `$crate`, which is the whole macro in an error; so that a value
/// without a text is told of at the value, its path is not written there.
fn display_ident(span: Span) -> Ident {
    Ident::new("__display", span)
}

fn read_arguments(rest: TokenStream, errors: &mut Errors) -> Option<Vec<Argument>> {
    let before = errors.count();
    let mut arguments: Vec<Argument> = Vec::new();
    let parse = |input: ParseStream<'_>| {
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let argument: Argument = input.parse()?;
            if arguments
                .iter()
                .any(|other| name::text(&other.name) == name::text(&argument.name))
            {
                let name = name::text(&argument.name);
                errors.at(
                    argument.name.span(),
                    format!("`{name}` is given twice; write it once"),
                );
            } else {
                arguments.push(argument);
            }
        }
        Ok(())
    };
    if parse.parse2(rest.clone()).is_err() {
        errors.over(
            &rest,
            "parameters follow the handler's name, each with its own: `url_for!(user, id = 5)`",
        );
    }
    (errors.count() == before).then_some(arguments)
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self {
            name,
            value: input.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(input: TokenStream, words: &str) {
        let out = expand(input).to_string();
        assert_eq!(out.matches("compile_error").count(), 1, "{out}");
        assert!(out.contains(words), "{out}");
    }

    #[test]
    fn names_are_checked_when_compiled_and_values_shown_at_run_time() {
        let out = expand(quote!(admin::user, id = user.id, r#type = "x"))
            .to_string()
            .replace(' ', "");
        assert!(
            out.contains(
                "check_url(&::session_runtime::__private::Info::of::<Handler>(),&[\"id\",\"type\"]);"
            ),
            "{out}"
        );
        assert!(
            out.contains("use::session_runtime::__private::displayas__display;"),
            "{out}"
        );
        assert!(
            out.contains("typeHandler=admin::user;")
                && out.contains("url_for::<Handler>(&[(\"id\",&__display(&(user.id))),"),
            "{out}"
        );
    }

    #[test]
    fn a_value_is_shown_as_a_whole() {
        let out = expand(quote!(index, page = page + 1)).to_string();
        assert!(out.contains("& (page + 1)"), "{out}");
    }

    #[test]
    fn a_handler_without_parameters_needs_its_name_alone() {
        assert!(
            expand(quote!(index))
                .to_string()
                .replace(' ', "")
                .contains("typeHandler=index;")
        );
        assert!(
            expand(quote!(r#match,))
                .to_string()
                .replace(' ', "")
                .contains("typeHandler=r#match;")
        );
    }

    #[test]
    fn what_is_wrong_gets_one_sentence() {
        refuses(quote!(), "name a handler");
        refuses(quote!("index"), "a handler's name comes first");
        refuses(quote!(user, id = 1, id = 2), "`id` is given twice");
        refuses(quote!(user, id = 1, r#id = 2), "`id` is given twice");
        refuses(quote!(user, 5), "each with its own");
        refuses(quote!(user(5)), "each with its own");
    }
}
