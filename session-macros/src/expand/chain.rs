//! One step of the expansion. Attributes are expanded from the top down, one at a time, and none of them looks for its
//! siblings by name: a user may have renamed them, or hidden them behind `cfg_attr`.
//!
//! The first of ours to be expanded takes the `#[session]` parameters out of the function and leaves a marker below all
//! other attributes. Each later one adds what it says to the marker, and the gate to the function if it is missing.
//! Whichever finds nothing below it that could still be ours writes out type, contract and function.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Attribute;

use super::{contract, front, gate};
use crate::attribute::{Kind, Said, root};
use crate::check;
use crate::error::Errors;
use crate::item::{Function, Item};
use crate::model::marker::{Known, Marked, Marker, is_marker};
use crate::model::{Contract, parameters};
use crate::paths::Root;
use crate::writer::{Write, Writer};

/// Attributes of the compiler that never expand to anything. `cfg_attr` is not one of them: it may hold anything.
const INERT: [&str; 17] = [
    "allow",
    "cfg",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "inline",
    "link_section",
    "must_use",
    "no_mangle",
    "target_feature",
    "track_caller",
    "warn",
];

/// A guard that only falls silent would leave its function open.
const UNREADABLE: &str = "another macro has changed this item so that session-runtime's attributes cannot be read; put them above its attribute";

/// Expands one of our attributes.
pub(crate) fn attribute(kind: Kind, args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (args, root) = root::take(args, &mut errors);
    // Once for all who look at it: the compiler copies a stream for whoever does.
    let tokens: Vec<_> = item.clone().into_iter().collect();
    let said = Said {
        kind,
        span: attribute_span(&tokens),
        args,
    };
    let out = match Function::of(tokens) {
        Ok(mut function) => {
            let marked = take_marker(&mut function.attrs);
            let root = root.or_else(|| root_of(marked.as_ref(), &function.attrs));
            let root = root.unwrap_or_default();
            root.within(|| step(said, function, marked, item, &mut errors))
        }
        Err(_) => {
            let root = root.or_else(|| {
                let mut attrs = syn::parse2::<Item>(item.clone()).ok()?.attrs;
                root_of(take_marker(&mut attrs).as_ref(), &attrs)
            });
            let root = root.unwrap_or_default();
            root.within(|| refuse_item(&said, item, &mut errors))
        }
    };
    errors.before(out)
}

/// Expands the marker, once all attributes above it are gone or will never go.
pub(crate) fn marker(args: TokenStream, item: TokenStream) -> TokenStream {
    let (Ok(Marked { root, marker }), Ok(function)) =
        (syn::parse2(args), Function::read(item.clone()))
    else {
        let error = syn::Error::new(Span::call_site(), UNREADABLE).to_compile_error();
        return quote!(#error #item);
    };
    match marker {
        Marker::Refused => item,
        Marker::Known(known) => {
            let mut errors = Errors::default();
            let left = left(&function.attrs);
            // Once a whole round changed nothing, what is left is inert: `#[rustfmt::skip]`, `#[clippy::msrv]`.
            let out = root.within(|| {
                if left.is_empty() || left == known.left {
                    finish(function, known, &mut errors)
                } else {
                    pass_on(function, Known { left, ..known })
                }
            });
            errors.before(out)
        }
    }
}

fn step(
    said: Said,
    mut function: Function,
    marked: Option<syn::Result<Marked>>,
    item: TokenStream,
    errors: &mut Errors,
) -> TokenStream {
    let mut known = match marked.map(|marked| marked.map(|marked| marked.marker)) {
        Some(Ok(Marker::Known(known))) => known,
        Some(Ok(Marker::Refused)) => return refused(function.attrs, item),
        Some(Err(_)) => {
            errors.at(said.span, UNREADABLE);
            return refused(function.attrs, item);
        }
        None => {
            if parameters::check_signature(&mut function, errors) {
                return refused(function.attrs, item);
            }
            let locals = parameters::take(&mut function, errors);
            let (bindings, gated) = gate::add_locals(&mut function, locals);
            Known {
                bindings,
                gated,
                ..Known::default()
            }
        }
    };
    if said.kind.needs_gate() && !known.gated {
        gate::add(&mut function);
        known.gated = true;
    }
    known.said.push(said);
    known.left.clear();
    // `debug_handler` copies the function and counts its parameters: it may only see the finished signature.
    function.attrs.sort_by_key(is_debug_handler);
    if left(&function.attrs).is_empty() {
        finish(function, known, errors)
    } else {
        pass_on(function, known)
    }
}

fn finish(mut function: Function, known: Known, errors: &mut Errors) -> TokenStream {
    let contract = Contract::of(known.said, known.bindings, errors);
    check::check(&contract, &function, errors);
    let surplus = parameters::take_surplus(&mut function, known.gated, errors);
    gate::add_locals(&mut function, surplus);
    let front = front::expand(&function, &contract, known.gated);
    if contract.session.read_only.is_some() {
        gate::hand_out_read_only(&mut function);
    }
    contract::expand(function, &contract, &front, known.gated)
}

fn pass_on(mut function: Function, known: Known) -> TokenStream {
    function.attrs.push(Marker::Known(known).to_attribute());
    let mut out = Writer::new();
    function.write(&mut out);
    out.into_stream()
}

/// Says what the attribute belongs on, and gives the item back.
fn refuse_item(said: &Said, item: TokenStream, errors: &mut Errors) -> TokenStream {
    let Ok(mut parsed) = syn::parse2::<Item>(item.clone()) else {
        errors.at(said.span, UNREADABLE);
        return item;
    };
    let marker = take_marker(&mut parsed.attrs);
    if !marker
        .is_some_and(|marked| marked.is_ok_and(|marked| matches!(marked.marker, Marker::Refused)))
    {
        let name = said.kind.name();
        errors.at(
            said.span,
            format!(
                "`#[{name}]` goes on an `async fn` with a body; this is {}",
                parsed.describe()
            ),
        );
    }
    refused(parsed.attrs, item)
}

/// The item as it is; while attributes of ours may follow, a marker tells them that everything has been said.
fn refused(attrs: Vec<Attribute>, item: TokenStream) -> TokenStream {
    let Ok(mut parsed) = syn::parse2::<Item>(item.clone()) else {
        return item;
    };
    parsed.rest = without_bindings(parsed.rest);
    parsed.attrs = attrs;
    parsed.attrs.retain(|attribute| !is_marker(attribute));
    if !left(&parsed.attrs).is_empty() {
        parsed.attrs.push(Marker::Refused.to_attribute());
    }
    parsed.to_token_stream()
}

/// Without the `#[session]` of parameters: nobody takes them out any more, and each would be an error of its own.
fn without_bindings(rest: TokenStream) -> TokenStream {
    let mut is_after_fn = false;
    let tokens = rest.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_after_fn && group.delimiter() == Delimiter::Parenthesis => {
            is_after_fn = false;
            let mut inputs = Group::new(
                group.delimiter(),
                parameters::without_session(group.stream()),
            );
            inputs.set_span(group.span());
            inputs.into()
        }
        TokenTree::Ident(word) => {
            is_after_fn |= word == "fn";
            word.into()
        }
        other => other,
    });
    tokens.collect()
}

fn take_marker(attrs: &mut Vec<Attribute>) -> Option<syn::Result<Marked>> {
    let at = attrs.iter().position(is_marker)?;
    Some(attrs.remove(at).parse_args())
}

/// Where the runtime is, for an attribute that does not say it: as one before it said, or one after it will.
fn root_of(marked: Option<&syn::Result<Marked>>, attrs: &[Attribute]) -> Option<Root> {
    match marked {
        Some(marked) => marked.as_ref().ok().map(|marked| marked.root.clone()),
        None => root::below(attrs),
    }
}

/// The attributes that may still expand to something, as text.
fn left(attrs: &[Attribute]) -> String {
    attrs
        .iter()
        .filter(|attribute| !is_inert(attribute))
        .map(|attribute| attribute.to_token_stream().to_string())
        .collect()
}

fn is_inert(attribute: &Attribute) -> bool {
    attribute
        .path()
        .get_ident()
        .is_some_and(|ident| INERT.contains(&ident.to_string().as_str()))
}

fn is_debug_handler(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "debug_handler")
}

/// The whole attribute, as if the user's own code stood there: an error then needs no note about the macro it is from.
fn attribute_span(item: &[TokenTree]) -> Span {
    // Not the first token of all: that may be the marker's.
    let user = item.iter().find_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.span()),
        _ => None,
    });
    user.map_or_else(Span::call_site, |user| Span::call_site().resolved_at(user))
}
