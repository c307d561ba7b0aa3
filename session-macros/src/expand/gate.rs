//! The gate in front of a function, and the locals behind it.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::return_type;
use crate::item::Function;
use crate::model::binding::{Access, Binding, Shape, peel};
use crate::model::parameters::{Local, Source};
use crate::paths::{GATE, READ_ONLY, SESSION_ERROR, SLOT, UPDATE};
use crate::signature::{Input, Parameter};
use crate::writer::{Writer, code};

/// Puts a gate in front of a function that binds nothing.
pub(super) fn add(function: &mut Function) {
    let gate = add_parameter(function);
    let body = user_body(function);
    let mut out = Writer::new();
    code!(out; #gate.enter(); #body);
    set_body(function, out);
}

/// Makes the locals, behind a gate if any of them is bound; gives the bindings back, and whether there is a gate.
pub(super) fn add_locals(function: &mut Function, locals: Vec<Local>) -> (Vec<Binding>, bool) {
    if locals.is_empty() {
        return (Vec::new(), false);
    }
    let gate = Ident::new("__gate", Span::mixed_site());
    let (mut bindings, mut updates, mut lets) = (Vec::new(), Vec::new(), Writer::new());
    for Local { attrs, pat, source } in locals {
        let binding = match source {
            Source::Binding(binding) => *binding,
            Source::Refused(ty) => {
                lets.write_all(&attrs);
                code!(lets; let #pat: #ty = ::core::option::Option::unwrap(::core::option::Option::None););
                continue;
            }
        };
        let (ty, written) = (held_type(&binding), written_type(&binding));
        let (gate, mut next) = (gate.clone(), Writer::new());
        if bindings.is_empty() {
            code!(next; #gate.first_value::<#ty>());
        } else {
            code!(next; #gate.next_value::<#ty>());
        }
        if binding.access == Access::Update {
            // At the parameter, so that what is wrong with the loan is said there.
            let span = pat.span().resolved_at(Span::mixed_site());
            let var = format_ident!("__b{}", bindings.len(), span = span);
            let held = var.clone();
            updates.push(var.clone());
            code!(lets; let mut #var #written = #next;);
            lets.write_all(&attrs);
            let mut lent = Writer::at(span);
            code!(lent; &mut #held);
            code!(lets; let #pat = #UPDATE::value(#lent););
        } else {
            lets.write_all(&attrs);
            code!(lets; let #pat #written = #next;);
        }
        bindings.push(binding);
    }
    let gated = !bindings.is_empty();
    // Only a take has to wait for a store.
    let takes = bindings
        .iter()
        .any(|binding| binding.access == Access::Take);
    let mut out = Writer::new();
    if takes {
        let before = gate.clone();
        code!(out; let mut #gate = #before.take().await;);
    }
    if gated {
        add_parameter(function);
    }
    let body = if updates.is_empty() {
        user_body(function)
    } else {
        stored_body(function, updates)
    };
    code!(out; #lets #body);
    set_body(function, out);
    (bindings, gated)
}

/// What the gate holds for a parameter.
fn held_type(binding: &Binding) -> Writer {
    let (value, mut ty) = (&binding.value, Writer::new());
    match binding.shape {
        Shape::Plain => code!(ty; #value),
        Shape::Option => code!(ty; ::core::option::Option<#value>),
        Shape::Result => code!(ty; ::core::result::Result<#value, #SESSION_ERROR>),
        Shape::Slot => code!(ty; #SLOT<#value>),
    }
    if binding.access != Access::Update {
        return ty;
    }
    let mut update = Writer::new();
    code!(update; #UPDATE<#ty>);
    update
}

/// What the user wrote, where that is not known to be the same: there are other types called `Option` and `Result`.
fn written_type(binding: &Binding) -> Writer {
    let (declared, mut ty) = (&binding.declared, Writer::new());
    match (binding.shape, binding.access) {
        (Shape::Plain, _) => {}
        (_, Access::Update) => code!(ty; : #UPDATE<#declared>),
        _ => code!(ty; : #declared),
    }
    ty
}

/// Makes the handle of a `Session` parameter one that cannot write. It is known by its name alone; the user's type stays
/// there, so that its import is used.
pub(super) fn hand_out_read_only(function: &mut Function) {
    for input in &mut function.sig.inputs {
        let Input::Parameter(parameter) = input else {
            continue;
        };
        if let Ok(ty) = parameter.parse_type()
            && let Type::Path(path) = peel(&ty)
            && let Some(last) = path.path.segments.last()
            && last.ident == "Session"
            && last.arguments.is_none()
        {
            let span = ty.span().resolved_at(Span::mixed_site());
            let read_only = READ_ONLY.at(span);
            parameter.ty = quote_spanned!(span=> <#ty as #read_only>::Handle).into();
        }
    }
}

/// The gate stands first: extractors run in order, so nothing else is extracted for a stranger.
fn add_parameter(function: &mut Function) -> Ident {
    let gate = Ident::new("__gate", Span::mixed_site());
    let name = function.sig.ident.clone();
    let (parameter, mut pat, mut ty) = (gate.clone(), Writer::new(), Writer::new());
    code!(pat; mut #parameter);
    code!(ty; #GATE<#name>);
    let parameter = Parameter {
        attrs: Vec::new(),
        pat: pat.into(),
        colon: Punct::new(':', Spacing::Alone),
        ty: ty.into(),
    };
    function.sig.inputs.insert(0, Input::Parameter(parameter));
    gate
}

/// The user's own group, untouched: a half-typed body is then reported once, and where it stands. In parentheses, as braces around
/// one expression would be called unused: a lint that is allowed costs the compiler more.
fn user_body(function: &Function) -> Writer {
    let (body, mut out) = (function.body.clone(), Writer::new());
    code!(out; (#body));
    out
}

/// The values are written back when the body has finished: not after a panic, and not when a time-out drops it half-way, which
/// a guard with a `Drop` could not tell from a `return`. A body that may leave by another way than its end is an inner future for
/// that; one more future costs the compiler a good part of what a handler does, so that any other is a block.
fn stored_body(function: &Function, updates: Vec<Ident>) -> Writer {
    let result = Ident::new("__out", Span::mixed_site());
    let (bound, mut out) = (result.clone(), Writer::new());
    // One that cannot be understood need not be named.
    let nothing = syn::parse_quote!(-> _);
    let output = function.sig.output().unwrap_or(nothing);
    if leaves_early(function.body.stream()) {
        let body = user_body(function);
        let typed = return_type::name_once(&output);
        let typed = &typed;
        code!(out; let #bound = async move { #typed #body }.await;);
    } else {
        let (body, mut ty) = (function.body.clone(), Writer::new());
        if let Some(nameable) = &return_type::nameable(&output) {
            code!(ty; : #nameable);
        }
        code! { out;
            #[allow(unused_braces, clippy::let_unit_value, clippy::let_with_type_underscore)]
            let #bound #ty = #body;
        }
    }
    for update in updates {
        // Not reached where the body never ends, which is no fault of its author.
        code!(out; #[allow(unreachable_code)] #UPDATE::store(#update););
    }
    code!(out; #result);
    out
}

/// Whether a body may leave its function before its end, as far as its tokens tell: by `?` or `return`, in it or in what a
/// macro makes of it.
fn leaves_early(body: TokenStream) -> bool {
    let mut after_word = false;
    body.into_iter().any(|token| {
        let was_word = std::mem::replace(&mut after_word, matches!(token, TokenTree::Ident(_)));
        match token {
            TokenTree::Ident(word) => word == "return",
            TokenTree::Punct(punct) => match punct.as_char() {
                '?' => true,
                // A macro's `!` stands behind its name; `a != b` is no macro.
                '!' => was_word && punct.spacing() == Spacing::Alone,
                _ => false,
            },
            TokenTree::Group(group) => leaves_early(group.stream()),
            TokenTree::Literal(_) => false,
        }
    })
}

/// Two pairs of braces. The inner are ours, so that the edition of this crate says how long the last expression's
/// temporaries live: before edition 2024 they would outlive the locals. The outer are the user's: a function whose body
/// is from a macro would never be reported as unused.
fn set_body(function: &mut Function, out: Writer) {
    let braces = |out: Writer, span| {
        let mut group = Group::new(Delimiter::Brace, out.into_stream());
        group.set_span(span);
        group
    };
    let mut inner = Writer::new();
    inner.push(braces(out, Span::mixed_site()));
    function.body = braces(inner, function.body.span());
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_body_with_another_way_out_than_its_end_leaves_early() {
        for body in [
            quote!(f()?),
            quote!(if x { return 1; } 2),
            quote!(log!("x"); 2),
            quote!(std::println!("x")),
            quote!(f(|x| { g(x, [h()?]) })),
        ] {
            assert!(leaves_early(body.clone()), "{body}");
        }
    }

    #[test]
    fn one_that_runs_to_its_end_does_not() {
        for body in [
            quote!(*visits += by; visits.to_string()),
            quote!(if a != b { f().await } else { "return?!" }),
            quote!(a = !b; loop { break }),
        ] {
            assert!(!leaves_early(body.clone()), "{body}");
        }
    }
}
