//! The type beside a function that carries its contract. It has the function's name: `struct name {}` lives among the
//! types only, so that `name` is both, and `routes![name]` needs no second name.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitInt;
use syn::spanned::Spanned;

use super::{front, guards};
use crate::attribute::LoginRequired;
use crate::attribute::binding::Key;
use crate::item::Function;
use crate::model::Contract;
use crate::model::binding::{Access, Binding, Default, Shape, argument};
use crate::name;
use crate::paths::{CHECK_KEY, DECLARE, LOGIN_REQUIRED, OTHERWISE};
use crate::writer::{Writer, code};

/// Clippy's limit is seven parameters, and whoever sets a lower one has no handlers in mind.
const FEW: usize = 4;

/// The type, its contract, and the function.
pub(super) fn expand(
    function: Function,
    contract: &Contract,
    front: &TokenStream,
    gated: bool,
) -> TokenStream {
    let Function { sig, attrs, .. } = &function;
    let (vis, name) = (sig.vis.clone(), &sig.ident);
    let cfgs: Vec<_> = attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .cloned()
        .collect();
    let (text, arity) = (text(name, contract), front::arity(&function));
    let said = said(contract);
    let own_guards = guards::expand(name, &cfgs, contract);
    let checks = contract.bindings.iter().filter_map(check_key);
    let checks: Vec<_> = checks.map(|check| quote!(#(#cfgs)* #check)).collect();
    // A handler has to be async, whether it waits or not; and the gate is one parameter more than the user wrote. Where those are
    // few nobody counts them, and a lint that is allowed costs the compiler something.
    let lint = match (gated, sig.inputs.len()) {
        (true, ..=FEW) => None,
        (true, _) => Some("too_many_arguments"),
        (false, _) => Some("unused_async"),
    };
    let mut written_cfgs = Writer::new();
    written_cfgs.write_all(&cfgs);
    let (name, mut out) = (name.clone(), Writer::new());
    code!(out; #DECLARE! { [#written_cfgs] [#vis] #name #text [#front] #arity #said });
    out.write_all(&own_guards);
    out.write_all(&checks);
    if let Some(lint) = lint {
        let lint = Ident::new(lint, Span::call_site());
        code!(out; #[allow(clippy::#lint)]);
    }
    code!(out; #function);
    out.into_stream()
}

/// A key in quotes is checked by the macro; what a constant is called, and of which type it is, only the compiler knows.
fn check_key(binding: &Binding) -> Option<TokenStream> {
    let Key::Constant(path) = &binding.key else {
        return None;
    };
    let value = &binding.value;
    let check = CHECK_KEY.at(path.span());
    let span = path.span().resolved_at(Span::mixed_site());
    Some(quote_spanned!(span=> const _: () = #check::<#value>(#path);))
}

/// What the declaration says in text, in the order in which the runtime reads it.
fn text(name: &Ident, contract: &Contract) -> Writer {
    let flags = [
        (!contract.routes.is_empty(), 'r'),
        (contract.public.is_some(), 'p'),
        (contract.csrf_exempt.is_some(), 'c'),
        (has_plain_login_alone(contract), 'l'),
    ];
    let flags = flags.map(|(is_set, letter)| if is_set { letter } else { '-' });
    let begin = format!("{}{}\0", String::from_iter(flags), name::text(name));
    let mut routes = String::from('\0');
    for route in &contract.routes {
        for (method, _) in &route.methods {
            routes.extend([method.text(), " ", &route.path, "\0"]);
        }
    }
    let mut line = Writer::at(name.span());
    code!(line; ::core::line!());
    let mut out = Writer::new();
    out.text(&begin);
    out.group(Delimiter::Bracket, line);
    out.text(&routes);
    out
}

/// Whether there is one guard, which wants a login and nothing more: that is a letter of the text.
fn has_plain_login_alone(contract: &Contract) -> bool {
    let login = contract.login.as_ref().map(|login| &login.value);
    contract.guards.is_empty() && login.is_some_and(LoginRequired::is_plain)
}

/// What cannot be said in text, where there is some.
fn said(contract: &Contract) -> Writer {
    let mut out = Writer::new();
    let login = contract
        .login
        .iter()
        .filter(|_| !has_plain_login_alone(contract));
    let login = login.map(|login| login_guard(&login.value));
    let own_guards = contract.guards.iter().map(|guard| {
        let text = &guard.value.text;
        quote!(own(#text))
    });
    let guards: Vec<_> = login.chain(own_guards).collect();
    if !guards.is_empty() {
        let guards: TokenStream = guards.into_iter().collect();
        let guards = &guards;
        code!(out; guards [#guards]);
    }
    match (&contract.bindings[..], contract.routes.is_empty()) {
        ([], false) => {}
        ([one], false) => {
            let key = key_use(one);
            code!(out; key [#key]);
        }
        (several, is_unrouted) => {
            out.word("keys");
            out.word(if is_unrouted { "Unrouted" } else { "Many" });
            for key in several.iter().map(key_use) {
                code!(out; [#key]);
            }
        }
    }
    let options = &options(contract);
    if !options.is_empty() {
        code!(out; options [#options]);
    }
    out
}

/// How a value is used and read. A type that no session can hold is said where the user wrote it.
fn key_use(binding: &Binding) -> Writer {
    let way = Ident::new(way(binding), Span::mixed_site());
    let (value, mut otherwise, mut out) = (&binding.value, Writer::new(), Writer::new());
    if let Some(Default::Written(value)) = &binding.default {
        code!(otherwise; , &#OTHERWISE(|| #value));
    }
    code!(out; #way::<#value>);
    match &binding.key {
        Key::Literal(name) => {
            let mark = Literal::u64_unsuffixed(mark(&name.value()));
            code!(out; (#name, #mark #otherwise));
        }
        Key::Constant(path) => {
            // The `&` too stands at the user's token, as what is borrowed may be no `Key`.
            let constant = &quote_spanned!(path.span().resolved_at(Span::mixed_site())=> &#path);
            let mark = Literal::u64_unsuffixed(0);
            code!(out; ("", #mark #otherwise).of(#constant));
        }
    }
    // Nothing is kept where an `Option` is nothing.
    if let Some(kept) = argument(value, "Option") {
        code!(out; .keeps::<#kept>());
    }
    out
}

/// FNV-1a of a key's name, as the runtime's `mark` has it: its constants compare it instead of texts.
fn mark(name: &str) -> u64 {
    let mut mark = 0xcbf2_9ce4_8422_2325;
    for &byte in name.as_bytes() {
        mark = (mark ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mark
}

/// The runtime's function that declares how the parameter uses its key.
fn way(binding: &Binding) -> &'static str {
    match (binding.access, binding.shape, &binding.default) {
        (Access::Read, Shape::Option, _) => "reads_option",
        (Access::Read, Shape::Result, _) => "reads_result",
        (Access::Read, _, None) => "reads",
        (Access::Read, _, Some(Default::OfType)) => "reads_default",
        (Access::Read, _, Some(Default::Written(_))) => "reads_or",
        (Access::Take, Shape::Option, _) => "takes_option",
        (Access::Take, _, None) => "takes",
        (Access::Take, _, Some(Default::OfType)) => "takes_default",
        (Access::Take, _, Some(Default::Written(_))) => "takes_or",
        (Access::Update, Shape::Option, _) => "updates_option",
        (Access::Update, _, None) => "updates",
        (Access::Update, _, Some(Default::OfType)) => "updates_default",
        (Access::Update, _, Some(Default::Written(_))) => "updates_or",
        (Access::Write, ..) => "writes",
    }
}

fn login_guard(login: &LoginRequired) -> TokenStream {
    let redirect = login.redirect.iter().map(|page| quote!(.redirect(#page)));
    let fresh = login.fresh.iter().map(|fresh| match fresh.within {
        Some(seconds) => {
            let seconds = LitInt::new(&seconds.to_string(), fresh.span);
            quote!(.fresh_within(::core::time::Duration::from_secs(#seconds)))
        }
        None => quote!(.fresh()),
    });
    let role = login.role.iter().map(|role| quote!(.role(#role)));
    let permission = login
        .permission
        .iter()
        .map(|name| quote!(.permission(#name)));
    quote!(login(#LOGIN_REQUIRED #(#redirect)* #(#fresh)* #(#role)* #(#permission)*))
}

fn options(contract: &Contract) -> TokenStream {
    let session = &contract.session;
    let permanent = session.permanent.iter().map(|_| quote!(.permanent()));
    let lifetime = session.lifetime.iter().map(|lifetime| {
        let seconds = LitInt::new(&lifetime.seconds.to_string(), lifetime.span);
        quote!(.lifetime(#seconds))
    });
    let renew = session.renew.iter().map(|_| quote!(.renew()));
    let clear = session.clear.iter().map(|_| quote!(.clear()));
    let read_only = session.read_only.iter().map(|_| quote!(.read_only()));
    let lock = session.lock.iter().map(|_| quote!(.lock()));
    quote!(#(#permanent)* #(#lifetime)* #(#renew)* #(#clear)* #(#read_only)* #(#lock)*)
}
