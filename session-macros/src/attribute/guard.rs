//! `#[guard(IsOwner)]`: a guard of the application's own, or several.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{Expr, Path};

use super::Said;
use super::options::split_at_commas;
use crate::error::Errors;

/// One guard.
pub(crate) struct Guard {
    /// Its type.
    pub(crate) ty: Path,
    /// Its value, which is constant.
    pub(crate) value: Expr,
    /// The value as it is written, for the table.
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
    let value = syn::parse2::<Expr>(entry.clone()).ok();
    match value.as_ref().and_then(type_of) {
        Some(ty) => Some(Guard {
            ty,
            text: shown(entry),
            value: value?,
            span,
        }),
        None => {
            errors.over(&entry, "a guard is a constant value of a type that can be read here: `IsOwner`, `HasRole(\"admin\")`, `Limit::per_minute(5)`");
            None
        }
    }
}

/// The type of a value that is written as a path, a call or a struct.
fn type_of(value: &Expr) -> Option<Path> {
    match value {
        Expr::Path(path) if path.qself.is_none() => Some(named_type(&path.path)),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.qself.is_none() => Some(named_type(&path.path)),
            _ => None,
        },
        Expr::Struct(value) if value.qself.is_none() => Some(named_type(&value.path)),
        Expr::Group(group) => type_of(&group.expr),
        Expr::Paren(paren) => type_of(&paren.expr),
        _ => None,
    }
}

/// The type in `guards::Limit::per_minute`: up to the first name that is spelled as types are. What follows it is a variant
/// or a function of the type.
fn named_type(path: &Path) -> Path {
    let is_type = |text: &str| {
        let text = text.trim_start_matches("r#").trim_start_matches('_');
        text.starts_with(char::is_uppercase)
    };
    let at = path
        .segments
        .iter()
        .position(|segment| is_type(&segment.ident.to_string()));
    let Some(at) = at else {
        return path.clone();
    };
    let mut ty = path.clone();
    ty.segments = path.segments.iter().take(at + 1).cloned().collect();
    ty
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
    use quote::{ToTokens, quote};

    fn guards(args: TokenStream) -> (Vec<(String, String)>, usize) {
        let said = Said {
            kind: super::super::Kind::Guard,
            span: Span::call_site(),
            args,
        };
        let mut errors = Errors::default();
        let guards = read(said, &mut errors)
            .into_iter()
            .map(|guard| {
                let ty = guard.ty.to_token_stream().to_string().replace(' ', "");
                (ty, guard.text)
            })
            .collect();
        (guards, errors.count())
    }

    #[test]
    fn the_type_of_a_guard_is_read_off_its_value() {
        for (value, ty, text) in [
            (quote!(IsOwner), "IsOwner", "IsOwner"),
            (
                quote!(guards::IsOwner),
                "guards::IsOwner",
                "guards::IsOwner",
            ),
            (quote!(::app::IsOwner), "::app::IsOwner", "::app::IsOwner"),
            (quote!(HasRole("admin")), "HasRole", "HasRole(\"admin\")"),
            (
                quote!(Limit::per_minute(5)),
                "Limit",
                "Limit::per_minute(5)",
            ),
            (
                quote!(Limit { per_minute: 5 }),
                "Limit",
                "Limit { per_minute: 5 }",
            ),
            (quote!(a::Role::Admin), "a::Role", "a::Role::Admin"),
            (
                quote!(Owns::<Post>::new()),
                "Owns::<Post>",
                "Owns::<Post>::new()",
            ),
        ] {
            assert_eq!(guards(value), (vec![(ty.to_owned(), text.to_owned())], 0));
        }
    }

    #[test]
    fn several_guards_in_one_attribute_keep_their_order() {
        let (both, faults) = guards(quote!(IsUser, HasRole("a", "b"),));
        assert_eq!(faults, 0);
        assert_eq!(both[0].1, "IsUser");
        assert_eq!(both[1].1, "HasRole(\"a\", \"b\")");
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
