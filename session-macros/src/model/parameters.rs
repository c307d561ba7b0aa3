//! Takes the `#[session]` parameters out of a signature: they become locals of the function.
//!
//! This is also where a signature that no handler can have is refused. Whatever is refused is left such that nothing
//! else turns red: a parameter that cannot be bound becomes a local of its type, so that the body still fits.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Type};

use super::binding::{self, Binding, Default, argument, lent, owned, peel};
use crate::attribute::binding::{self as written, Key};
use crate::error::{Errors, shown};
use crate::item::Function;
use crate::signature::{Input, Parameter, Tokens};
use crate::{name, suggest};

/// A parameter that became a local.
pub(crate) struct Local {
    /// Attributes of the parameter that are not ours, as in `#[allow(unused)]`.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Tokens,
    pub(crate) source: Source,
}

/// Where a local has its value from.
pub(crate) enum Source {
    Binding(Box<Binding>),
    /// Nowhere: the parameter was refused with a sentence, and the program will not be run.
    Refused(Tokens),
}

/// Types that are surely no extractors, and surely meant as session values.
const PLAIN: [&str; 19] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "Vec", "Duration", "Instant",
];

/// Refuses a signature that no handler can have; true if the function cannot be a handler at all.
pub(crate) fn check_signature(function: &mut Function, errors: &mut Errors) -> bool {
    let sig = &mut function.sig;
    let receiver = sig.inputs.iter().find_map(|input| match input {
        Input::Receiver(receiver) => Some(receiver),
        Input::Parameter(_) => None,
    });
    if let Some(receiver) = receiver {
        // What is no receiver is a parameter without a type, and the compiler has said so.
        if has_self(receiver) {
            errors.over(receiver, "a handler is a free function and takes no `self`; move it out of the `impl` and share data with `State<T>`");
        }
        return true;
    }
    if !sig.generics.is_empty() {
        errors.over(
            &sig.generics,
            "a handler is not generic: a route is served by one concrete function",
        );
    }
    let mut changed = false;
    if let Some(token) = sig.qualifier("const") {
        errors.at(
            token.span(),
            "a handler is an `async fn`, and no function is `const` and `async`; write `async` instead of `const`",
        );
        changed = true;
    } else if sig.qualifier("async").is_none() {
        errors.at(
            sig.fn_token.span(),
            "a handler is an `async fn`; write `async` before `fn`",
        );
        changed = true;
    }
    if let Some(token) = sig.qualifier("unsafe") {
        errors.at(
            token.span(),
            "a handler is a safe function: requests come from anyone",
        );
        changed = true;
    }
    if let Some(token) = sig.qualifier("extern") {
        errors.at(
            token.span(),
            "a handler is called from Rust alone; drop `extern`",
        );
        changed = true;
    }
    if changed {
        // The rest of the program may well take it for a handler.
        let is_async = Ident::new("async", sig.fn_token.span());
        sig.qualifiers = vec![is_async.into()];
    }
    false
}

fn has_self(receiver: &Tokens) -> bool {
    let mut tokens = receiver.to_token_stream().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(word) if word == "self"))
}

/// Makes locals of the `#[session]` parameters, and refuses what cannot be a parameter.
pub(crate) fn take(function: &mut Function, errors: &mut Errors) -> Vec<Local> {
    let mut locals = Vec::new();
    // Types of a generic function stand in no contract; it was refused.
    let is_generic_function = !function.sig.generics.is_empty();
    for input in std::mem::take(&mut function.sig.inputs) {
        let Input::Parameter(mut parameter) = input else {
            continue;
        };
        let (ours, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut parameter.attrs)
            .into_iter()
            .partition(is_session);
        parameter.attrs = rest;
        match ours.split_first() {
            Some((first, others)) => match parameter.parse_type() {
                Ok(ty) if is_opaque(&ty) => {
                    errors.over(
                        &ty,
                        "a session value has a type that can be named; write it instead of `impl`",
                    );
                    function.sig.inputs.push(Input::Parameter(parameter));
                }
                Ok(ty) if is_generic_function => {
                    try_bind(&parameter, &ty, first.clone(), others, errors);
                    locals.push(refused(parameter));
                }
                Ok(ty) => locals.push(bind(parameter, &ty, first.clone(), others, errors)),
                Err(error) => {
                    errors.at(error.span(), error);
                    locals.push(refused(parameter));
                }
            },
            None if is_generic(&parameter) => {
                errors.over(&parameter.ty, "a handler is not generic: name the type that a request brings instead of `impl`");
                function.sig.inputs.push(Input::Parameter(parameter));
            }
            None if misspelt_session(&parameter).is_some() => {
                if let Some((slip, name)) = misspelt_session(&parameter) {
                    errors.over(
                        slip,
                        format!("unknown attribute `{name}`; did you mean `session`?"),
                    );
                }
                locals.push(refused(parameter));
            }
            None if is_hidden_session(&parameter) => {
                refuse_cfg(&parameter.attrs, errors);
                locals.push(refused(parameter));
            }
            None if refuse_lent(&parameter, errors) => locals.push(refused(parameter)),
            None if is_plain(&parameter) => {
                let ty = match parameter.parse_type() {
                    Ok(ty) => binding::shown(&ty),
                    Err(_) => shown(&parameter.ty),
                };
                let mend = meant(&parameter, &ty);
                errors.over(&parameter.ty, format!("`{ty}` is not an extractor; {mend}"));
                locals.push(refused(parameter));
            }
            None => function.sig.inputs.push(Input::Parameter(parameter)),
        }
    }
    locals
}

/// Parameters without their `#[session]`.
pub(crate) fn without_session(inputs: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in inputs {
        let attribute = [out.last().cloned(), Some(token.clone())]
            .into_iter()
            .flatten();
        let attributes = Attribute::parse_outer.parse2(attribute.collect());
        if attributes.is_ok_and(|attributes| attributes.iter().any(is_session)) {
            out.pop();
        } else {
            out.push(token);
        }
    }
    out.into_iter().collect()
}

/// A parameter that was refused, as a local of its type.
pub(crate) fn refused(parameter: Parameter) -> Local {
    let mut attrs = parameter.attrs;
    attrs.retain(is_lint);
    Local {
        attrs,
        pat: parameter.pat,
        source: Source::Refused(parameter.ty),
    }
}

fn bind(
    parameter: Parameter,
    ty: &Type,
    first: Attribute,
    others: &[Attribute],
    errors: &mut Errors,
) -> Local {
    match try_bind(&parameter, ty, first, others, errors) {
        Some(binding) => Local {
            attrs: parameter.attrs,
            pat: parameter.pat,
            source: Source::Binding(Box::new(binding)),
        },
        None => refused(parameter),
    }
}

fn try_bind(
    parameter: &Parameter,
    ty: &Type,
    first: Attribute,
    others: &[Attribute],
    errors: &mut Errors,
) -> Option<Binding> {
    let mut sound = refuse_cfg(&parameter.attrs, errors);
    if let Some(second) = others.first() {
        errors.over(second, "one `#[session]` a parameter: put its options together, as in `#[session(pop, key = \"name\")]`");
        sound = false;
    }
    let options = written::read(first, errors)?;
    let key = match options.key.clone() {
        Some(key) => Some(key),
        None => key_of(parameter, errors),
    };
    let (access, shape, declared, value) = binding::classify(&options, ty, errors)?;
    let default = options.default.map(|default| match default.value {
        Some(expr) => Default::Written(expr.into_token_stream()),
        None => Default::OfType,
    });
    let binding = Binding {
        access,
        shape,
        key: key?,
        declared,
        value,
        default,
    };
    sound.then_some(binding)
}

/// The key of a parameter that names none: its own name.
fn key_of(parameter: &Parameter, errors: &mut Errors) -> Option<Key> {
    let Some(name) = parameter.name() else {
        errors.over(&parameter.pat, "the key is the parameter's name, and a pattern has none; say it with `#[session(key = \"name\")]`");
        return None;
    };
    let key = name::literal(&name);
    written::check_key(&key, errors).then_some(Key::Literal(key))
}

fn is_session(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "session")
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

/// What may stand before a `let` as well as before a parameter.
fn is_lint(attribute: &Attribute) -> bool {
    ["allow", "deny", "expect", "forbid", "warn"]
        .iter()
        .any(|lint| attribute.path().is_ident(lint))
}

/// Whether a parameter under it may be none.
pub(crate) fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

/// `#[cfg_attr(.., session)]`: seen before it is evaluated, so it is not known to be ours or not.
fn is_hidden_session(parameter: &Parameter) -> bool {
    parameter
        .attrs
        .iter()
        .any(|attribute| match &attribute.meta {
            Meta::List(list) if attribute.path().is_ident("cfg_attr") => list
                .tokens
                .clone()
                .into_iter()
                .any(|token| token.to_string() == "session"),
            _ => false,
        })
}

/// A macro sees `cfg` unevaluated; true if there is none.
fn refuse_cfg(attrs: &[Attribute], errors: &mut Errors) -> bool {
    let Some(cfg) = attrs.iter().find(|attribute| is_cfg(attribute)) else {
        return true;
    };
    errors.over(cfg, "a `#[session]` parameter cannot be under `cfg`; put the `cfg` on the function, and write two of them");
    false
}

/// `impl Trait` has no name that a local could be given.
fn is_opaque(ty: &Type) -> bool {
    match peel(ty) {
        Type::ImplTrait(_) => true,
        Type::Reference(reference) => is_opaque(&reference.elem),
        _ => false,
    }
}

/// `impl Trait` makes the function generic, as `<T>` does.
fn is_generic(parameter: &Parameter) -> bool {
    parameter.ty.begins_with("impl")
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

/// axum calls handlers of up to sixteen parameters; those beyond are reported and taken out.
pub(crate) fn take_surplus(
    function: &mut Function,
    gated: bool,
    errors: &mut Errors,
) -> Vec<Local> {
    const MOST: usize = 16;
    let inputs = std::mem::take(&mut function.sig.inputs);
    let mut surplus = Vec::new();
    for (at, argument) in inputs.into_iter().enumerate() {
        match argument {
            Input::Parameter(parameter) if at >= MOST => {
                if at == MOST {
                    let gate = if gated {
                        ", and the gate in front of an annotated handler is one of them"
                    } else {
                        ""
                    };
                    errors.at(parameter.ty.span(), format!("axum calls handlers with up to {MOST} parameters{gate}; put two extractors into one tuple: `(a, b): (A, B)`"));
                }
                surplus.push(refused(parameter));
            }
            argument => function.sig.inputs.push(argument),
        }
    }
    surplus
}
