//! The gate in front of a function, and the locals behind it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Type};

use super::contract::{held_types, nested};
use super::return_type;
use crate::item::Function;
use crate::model::binding::{Access, Binding, peel};
use crate::model::parameters::{Local, Source};
use crate::paths::{GATE, READ_ONLY, TAKE, UPDATE};

/// Puts a gate in front of a function that binds nothing.
pub(super) fn add(function: &mut Function) {
    let gate = add_parameter(function);
    let body = user_body(function);
    let session = held_session();
    set_body(
        function,
        quote!(let ((), #session) = #GATE::enter(#gate); #body),
    );
}

/// Makes the locals, behind a gate if any of them is bound; gives the bindings back, and whether there is a gate.
pub(super) fn add_locals(function: &mut Function, locals: Vec<Local>) -> (Vec<Binding>, bool) {
    if locals.is_empty() {
        return (Vec::new(), false);
    }
    let (mut bindings, mut held, mut updates, mut lets) =
        (Vec::new(), Vec::new(), Vec::new(), TokenStream::new());
    for Local { attrs, pat, source } in locals {
        let binding = match source {
            Source::Binding(binding) => *binding,
            Source::Refused(ty) => {
                lets.extend(quote!(#(#attrs)* let #pat: #ty = ::core::option::Option::unwrap(::core::option::Option::None);));
                continue;
            }
        };
        let var = format_ident!("__b{}", bindings.len(), span = Span::mixed_site());
        lets.extend(match binding.access {
            Access::Update => quote!(#(#attrs)* let #pat = #UPDATE::value(&mut #var);),
            Access::Take => quote!(#(#attrs)* let #pat = #TAKE::value(#var);),
            Access::Read | Access::Write => quote!(#(#attrs)* let #pat = #var;),
        });
        if binding.access == Access::Update {
            held.push(quote!(mut #var));
            updates.push(var);
        } else {
            held.push(quote!(#var));
        }
        bindings.push(binding);
    }
    let gated = !bindings.is_empty();
    let enter = gated.then(|| {
        let gate = add_parameter(function);
        let session = held_session();
        let values = held_types(&bindings);
        let held = held_pattern(&held);
        // Only a take has to wait for a store.
        let takes = bindings
            .iter()
            .any(|binding| binding.access == Access::Take);
        let gate = if takes {
            quote!(#GATE::take(#gate).await)
        } else {
            quote!(#gate)
        };
        quote!(let (#held, #session) = #GATE::enter::<#values>(#gate);)
    });
    let body = if updates.is_empty() {
        user_body(function)
    } else {
        stored_body(function, &updates)
    };
    set_body(function, quote!(#enter #lets #body));
    (bindings, gated)
}

fn held_pattern(held: &[TokenStream]) -> TokenStream {
    nested(held, &TokenStream::clone, &held_pattern)
}

/// Makes the handle of a `Session` parameter one that cannot write. It is known by its name alone; the user's type stays
/// there, so that its import is used.
pub(super) fn hand_out_read_only(function: &mut Function) {
    for argument in &mut function.sig.inputs {
        let FnArg::Typed(parameter) = argument else {
            continue;
        };
        if let Type::Path(path) = peel(&parameter.ty)
            && let Some(last) = path.path.segments.last()
            && last.ident == "Session"
            && last.arguments.is_none()
        {
            let ty = &parameter.ty;
            let span = ty.span().resolved_at(Span::mixed_site());
            let read_only = READ_ONLY.at(span);
            *parameter.ty = Type::Verbatim(quote_spanned!(span=> <#ty as #read_only>::Handle));
        }
    }
}

/// The gate stands first: extractors run in order, so nothing else is extracted for a stranger.
fn add_parameter(function: &mut Function) -> Ident {
    let gate = Ident::new("__gate", Span::mixed_site());
    let name = &function.sig.ident;
    function
        .sig
        .inputs
        .insert(0, syn::parse_quote!(#gate: #GATE<#name>));
    gate
}

/// A handle on the session that lives as long as the body runs: it notices a panic, after which nothing is saved.
fn held_session() -> Ident {
    Ident::new("__session", Span::mixed_site())
}

/// The user's own group, untouched: a half-typed body is then reported once, and where it stands.
fn user_body(function: &Function) -> TokenStream {
    let body = &function.body;
    quote!(#[allow(unused_braces)] #body)
}

/// An inner future, so that the values are written back when the body has finished: not after a panic, and not when a
/// time-out drops it half-way, which a guard with a `Drop` could not tell from a `return`.
fn stored_body(function: &Function, updates: &[Ident]) -> TokenStream {
    let out = Ident::new("__out", Span::mixed_site());
    let typed = return_type::name_once(&function.sig.output);
    let body = user_body(function);
    let stores = updates
        .iter()
        .map(|update| quote!(#UPDATE::store(#update);));
    quote! {
        let #out = async move { #typed #body }.await;
        #(#stores)*
        #out
    }
}

/// Two pairs of braces. The inner are ours, so that the edition of this crate says how long the last expression's
/// temporaries live: before edition 2024 they would outlive the locals. The outer are the user's: a function whose body
/// is from a macro would never be reported as unused.
fn set_body(function: &mut Function, tokens: TokenStream) {
    let braces = |tokens, span| {
        let mut group = Group::new(Delimiter::Brace, tokens);
        group.set_span(span);
        group
    };
    let inner = braces(tokens, Span::mixed_site());
    function.body = braces(inner.to_token_stream(), function.body.span());
}
