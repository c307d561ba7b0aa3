//! `#[guard(IsOwner)]`: a guard of the application's own, or several.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, Index, Path, PathSegment};

use super::Said;
use super::options::split_at_commas;
use crate::error::Errors;
use crate::name;

/// One guard.
pub(crate) struct Guard {
    /// Its type.
    pub(crate) ty: Path,
    /// What makes the value, put behind the type.
    pub(crate) value: TokenStream,
    pub(crate) written: TokenStream,
    /// The same, for the table.
    pub(crate) text: String,
    /// The whole attribute.
    pub(crate) span: Span,
}

pub(super) fn read(said: Said, errors: &mut Errors) -> Vec<Guard> {
    let entries = split_at_commas(said.args);
    if entries.is_empty() {
        errors.at(
            said.span,
            "`#[guard]` needs the guard that it puts here, as in `#[guard(IsOwner)]`",
        );
    }
    entries
        .into_iter()
        .filter_map(|entry| read_one(entry, said.span, errors))
        .collect()
}

fn read_one(entry: TokenStream, span: Span, errors: &mut Errors) -> Option<Guard> {
    if entry.is_empty() {
        errors.at(
            span,
            "there is an empty place between two commas in `#[guard]`",
        );
        return None;
    }
    let text = shown(entry.clone());
    if text.rsplit("::").next() == Some("LoginRequired") {
        errors.over(&entry, "the login guard has an attribute of its own, and is asked before all others: write `#[login_required]`");
        return None;
    }
    match syn::parse2::<Expr>(entry.clone()).ok().and_then(split) {
        Some((ty, _)) if is_function(&ty) => {
            let (written, example) = (shown(ty.to_token_stream()), camel_case(&ty));
            errors.over(&entry, format!("a guard is a value of a type that implements `Guard`, and `{written}` is called as a function is; write `impl Guard<..> for {example}`, then `#[guard({example})]`"));
            None
        }
        Some((ty, value)) => Some(Guard {
            ty,
            value,
            written: entry,
            text,
            span,
        }),
        None => {
            errors.over(&entry, "a guard is a constant value of a type that can be read here: `IsOwner`, `HasRole(\"admin\")`, `Limit::per_minute(5)`");
            None
        }
    }
}

/// The type of a value that is written as a path, a call or a struct, and what makes the value of it. A type is named once,
/// since a name that does not exist would be an error among the types and another among the values.
fn split(value: Expr) -> Option<(Path, TokenStream)> {
    match value {
        Expr::Path(path) if path.qself.is_none() => Some(match split_path(path.path) {
            (ty, None) => (ty, quote!({})),
            (ty, Some(rest)) => (ty, rest),
        }),
        Expr::Call(call) => {
            let Expr::Path(path) = *call.func else {
                return None;
            };
            let args = call.args;
            Some(match split_path(path.path) {
                (ty, None) => {
                    let fields = args.iter().enumerate().map(|(number, arg)| {
                        let index = Index::from(number);
                        quote!(#index: #arg)
                    });
                    (ty, quote!({ #(#fields),* }))
                }
                (ty, Some(rest)) => (ty, quote!(#rest(#args))),
            })
        }
        Expr::Struct(value) => {
            let (fields, (ty, rest)) = (&value.fields, split_path(value.path));
            Some((ty, quote!(#rest { #fields })))
        }
        Expr::Group(group) => split(*group.expr),
        Expr::Paren(paren) => split(*paren.expr),
        _ => None,
    }
}

/// The type in `guards::Limit::per_minute`: up to the first name that is spelled as types are. What follows it is a variant
/// or a function of the type.
fn split_path(mut path: Path) -> (Path, Option<TokenStream>) {
    let is_type = |segment: &PathSegment| {
        let text = name::text(&segment.ident);
        text.trim_start_matches('_').starts_with(char::is_uppercase)
    };
    let Some(at) = path.segments.iter().position(is_type) else {
        return (path, None);
    };
    let segments: Vec<_> = std::mem::take(&mut path.segments).into_iter().collect();
    let (ty, rest) = segments.split_at(at + 1);
    path.segments = ty.iter().cloned().collect();
    let rest = (!rest.is_empty()).then(|| quote!(#(::#rest)*));
    (path, rest)
}

/// Whether nothing in the path is spelled as types are: a function is meant, as other frameworks have them for this.
fn is_function(path: &Path) -> bool {
    let is_lower = |text: String| text.starts_with(char::is_lowercase);
    path.segments
        .iter()
        .all(|segment| is_lower(name::text(&segment.ident)))
}

/// What the type could be called: `IsAdmin` for `guards::is_admin`.
fn camel_case(path: &Path) -> String {
    let last = path.segments.last().map(|last| name::text(&last.ident));
    let words = last.iter().flat_map(|text| text.split('_'));
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}

/// Tokens as people write them: a space after a comma and between words.
fn shown(tokens: TokenStream) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&shown(group.stream()));
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                if punct.as_char() == ',' {
                    text.push(' ');
                }
            }
            word => {
                let after = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '\'');
                let is_field = text.ends_with(':') && !text.ends_with("::");
                if is_field || text.ends_with(after) {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Type, value and text of each guard, and how many faults there are.
    fn guards(args: TokenStream) -> (Vec<[String; 3]>, usize) {
        let said = Said {
            kind: super::super::Kind::Guard,
            span: Span::call_site(),
            args,
        };
        let mut errors = Errors::default();
        let plain = |tokens: TokenStream| tokens.to_string().replace(' ', "");
        let guards = read(said, &mut errors).into_iter();
        let guards = guards.map(|guard| {
            let ty = plain(guard.ty.to_token_stream());
            [ty, plain(guard.value), guard.text]
        });
        (guards.collect(), errors.count())
    }

    #[test]
    fn the_type_of_a_guard_is_read_off_its_value() {
        for (written, ty, value, text) in [
            (quote!(IsOwner), "IsOwner", "{}", "IsOwner"),
            (
                quote!(::app::a::IsOwner),
                "::app::a::IsOwner",
                "{}",
                "::app::a::IsOwner",
            ),
            (
                quote!(HasRole("admin")),
                "HasRole",
                "{0:\"admin\"}",
                "HasRole(\"admin\")",
            ),
            (quote!(Limit::of(5)), "Limit", "::of(5)", "Limit::of(5)"),
            (
                quote!(Limit { of: 5 }),
                "Limit",
                "{of:5}",
                "Limit { of: 5 }",
            ),
            (
                quote!(a::Role::Admin),
                "a::Role",
                "::Admin",
                "a::Role::Admin",
            ),
            (
                quote!(Owns::<Post>::new()),
                "Owns::<Post>",
                "::new()",
                "Owns::<Post>::new()",
            ),
        ] {
            let expected = [ty, value, text].map(str::to_owned);
            assert_eq!(guards(written), (vec![expected], 0));
        }
    }

    #[test]
    fn several_guards_in_one_attribute_keep_their_order() {
        let (both, faults) = guards(quote!(IsUser, HasRole("a", "b"),));
        assert_eq!(faults, 0);
        assert_eq!(both[0][2], "IsUser");
        assert_eq!(both[1][2], "HasRole(\"a\", \"b\")");
    }

    #[test]
    fn what_is_no_value_of_a_readable_type_is_one_fault() {
        for value in [
            quote!(),
            quote!("IsOwner"),
            quote!(|x| x),
            quote!(a+),
            quote!(A, , B),
        ] {
            assert_eq!(guards(value.clone()).1, 1, "{value}");
        }
    }
}
