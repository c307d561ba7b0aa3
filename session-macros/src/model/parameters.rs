//! Takes the `#[session]` parameters out of a signature: they become locals of the function.
//!
//! This is also where a signature that no handler can have is refused. Whatever is refused is left such that nothing
//! else turns red: a parameter that cannot be bound becomes a local of its type, so that the body still fits.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Type};

use super::binding::{self, Binding, Default, peel};
use super::meant;
use crate::attribute::binding::{self as written, Key};
use crate::error::Errors;
use crate::item::Function;
use crate::name;
use crate::signature::{Input, Parameter, Tokens};

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
            None if is_hidden_session(&parameter) => {
                refuse_cfg(&parameter.attrs, errors);
                locals.push(refused(parameter));
            }
            None if meant::refuse(&parameter, errors) => locals.push(refused(parameter)),
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
