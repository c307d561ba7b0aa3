//! What a parameter without `#[session]` was meant as, where it is surely nothing that a request brings.
//!
//! It goes by names and by how a type is written, and refuses what could not compile otherwise. What an extractor is, only the
//! compiler knows.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Type};

use super::binding::{self, argument, lent, owned, peel};
use crate::error::{Errors, shown};
use crate::signature::Parameter;
use crate::suggest;

/// Types that are surely no extractors, and surely meant as session values.
const PLAIN: [&str; 19] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "Vec", "Duration", "Instant",
];

/// Refuses such a parameter with what was meant; true if it is one.
pub(super) fn refuse(parameter: &Parameter, errors: &mut Errors) -> bool {
    if let Some((slip, name)) = misspelt_session(parameter) {
        let sentence = format!("unknown attribute `{name}`; did you mean `session`?");
        errors.over(slip, sentence);
        return true;
    }
    if refuse_lent(parameter, errors) {
        return true;
    }
    let is_plain = is_plain(parameter);
    if is_plain {
        let ty = match parameter.parse_type() {
            Ok(ty) => binding::shown(&ty),
            Err(_) => shown(&parameter.ty),
        };
        let mend = meant(parameter, &ty);
        errors.over(&parameter.ty, format!("`{ty}` is not an extractor; {mend}"));
    }
    is_plain
}

/// `#[sesion]`, with its name. Whatever it is, only what is near enough and begins alike is taken for a slip.
fn misspelt_session(parameter: &Parameter) -> Option<(&Attribute, String)> {
    let mut attrs = parameter.attrs.iter();
    attrs.find_map(|attribute| {
        let name = attribute.path().get_ident()?.to_string();
        let is_slip = name.to_lowercase().starts_with("se")
            && suggest::nearest(&name, &["session"]).is_some();
        is_slip.then_some((attribute, name))
    })
}

/// What a parameter of such a type is meant as. Flask hands over the parts of a path by their names.
fn meant(parameter: &Parameter, ty: &str) -> String {
    if let "&Session" | "&mut Session" = ty {
        return "take `Session`, which is a handle on the session".to_owned();
    }
    let (mut value, mut part) = (
        "for a session value, write `#[session]` before the parameter".to_owned(),
        ty.to_owned(),
    );
    if let Ok(Type::Reference(reference)) = parameter.parse_type()
        && reference.mutability.is_none()
    {
        part = owned(&reference.elem);
        value = format!(
            "a handler owns what it takes: write `{part}`, and for a session value `#[session]` before the parameter"
        );
    }
    let is_part =
        part == "String" || PLAIN.contains(&&*part) && part.starts_with(char::is_lowercase);
    match parameter.name() {
        Some(name) if is_part => {
            format!("{value}; for a part of the path, take `Path({name}): Path<{part}>`")
        }
        _ => value,
    }
}

/// Refuses what axum reads from a request's text and would have to lend to the handler; true if it is such.
fn refuse_lent(parameter: &Parameter, errors: &mut Errors) -> bool {
    const READ: [&str; 4] = ["Form", "Json", "Path", "Query"];
    let name = parameter.type_name();
    if !name.is_some_and(|name| READ.contains(&&*name))
        || !has_reference(parameter.ty.to_token_stream())
    {
        return false;
    }
    let ty = parameter.parse_type();
    let Some(reference) = ty.as_ref().ok().and_then(lent) else {
        return false;
    };
    let value = owned(&reference.elem);
    errors.over(
        reference,
        format!("what a request brings is the handler's own: write `{value}` here"),
    );
    true
}

/// Looked for among the tokens, as most types have none and need not be understood.
fn has_reference(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '&',
        TokenTree::Group(group) => has_reference(group.stream()),
        _ => false,
    })
}

/// Most parameters are called by a name that tells it.
fn is_plain(parameter: &Parameter) -> bool {
    match parameter.type_name().as_deref() {
        Some("Option") | None => parameter.parse_type().is_ok_and(|ty| is_plain_type(&ty)),
        Some(name) => PLAIN.contains(&name),
    }
}

fn is_plain_type(ty: &Type) -> bool {
    match peel(ty) {
        Type::Reference(_) | Type::Slice(_) | Type::Array(_) => true,
        ty @ Type::Path(path) => match argument(ty, "Option") {
            Some(inner) => {
                is_plain_type(inner)
                    || matches!(peel(inner), Type::Path(path) if path.path.is_ident("String"))
            }
            None => path
                .path
                .segments
                .last()
                .is_some_and(|last| PLAIN.contains(&last.ident.to_string().as_str())),
        },
        _ => false,
    }
}
