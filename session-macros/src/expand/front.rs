//! What stands in front of a function in `routes![]`: nothing, its gate, or its gate with guards of the application's own.
//! Whether the parameters are in order has to be known for that, so that what is said of their order is all that is said.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::error::shown;
use crate::item::Function;
use crate::model::Contract;
use crate::model::binding::peel;
use crate::model::parameters::is_cfg;
use crate::paths::{PRIVATE, READS_BODY, READS_NO_BODY};
use crate::signature::{Input, Parameter, Tokens};

/// Extractors that leave the body alone. To ask the compiler takes it a millisecond a handler, and most have no others before
/// their last parameter. One of another crate that is called so and reads the body is told in `routes![]`.
const OF_PARTS: [&str; 14] = [
    "ConnectInfo",
    "CookieJar",
    "Extension",
    "HeaderMap",
    "MatchedPath",
    "Method",
    "NestedPath",
    "OriginalUri",
    "Path",
    "Query",
    "Session",
    "State",
    "TypedHeader",
    "Uri",
];

/// The type that says it, below the path of what generated code names.
pub(super) fn expand(function: &Function, contract: &Contract, gated: bool) -> TokenStream {
    let front = match (gated, contract.guards.is_empty()) {
        (true, false) => "Guarded",
        (true, true) => "Gated",
        (false, _) => "Open",
    };
    let front = Ident::new(front, Span::mixed_site());
    let checks: Vec<_> = before_last(function, contract, gated).map(check).collect();
    if checks.is_empty() {
        return front.to_token_stream();
    }
    quote! {
        Ordered<#PRIVATE::#front, #PRIVATE::Order<{
            #[allow(unused_imports)]
            use #READS_NO_BODY as _;
            #(#checks)*
            true
        }>>
    }
}

/// The type that says how many parameters the function has.
pub(super) fn arity(function: &Function) -> Ident {
    let arity = match &function.sig.inputs {
        inputs if has_cfg(inputs) => "ArityUnknown".to_owned(),
        inputs => format!("Arity{}", inputs.len()),
    };
    Ident::new(&arity, Span::mixed_site())
}

/// Whether it depends on a `cfg`, which a macro sees unevaluated, how many parameters there are, and which is the last.
fn has_cfg(inputs: &[Input]) -> bool {
    inputs.iter().any(|input| match input {
        Input::Parameter(parameter) => parameter.attrs.iter().any(is_cfg),
        Input::Receiver(_) => false,
    })
}

/// The parameters that must not read the body. Without a route it may be no handler: middleware takes the whole request
/// first.
fn before_last<'f>(
    function: &'f Function,
    contract: &Contract,
    gated: bool,
) -> impl Iterator<Item = &'f Tokens> {
    let inputs = &function.sig.inputs;
    let is_handler = !contract.routes.is_empty() && function.sig.generics.is_empty();
    let has_order = is_handler && !has_cfg(inputs);
    let count = if has_order { inputs.len() } else { 0 };
    let inputs = inputs.iter().take(count.saturating_sub(1));
    let inputs = inputs.skip(usize::from(gated));
    let parameters = inputs.filter_map(|input| match input {
        Input::Parameter(parameter) => Some(parameter),
        Input::Receiver(_) => None,
    });
    let unknown = parameters.filter(|parameter| !is_known(parameter));
    // `impl Trait` cannot be named a second time.
    unknown
        .map(|parameter| &parameter.ty)
        .filter(|ty| !has_opaque(ty.to_token_stream()))
}

fn is_known(parameter: &Parameter) -> bool {
    match parameter.type_name() {
        Some(name) => OF_PARTS.contains(&name.as_str()),
        // In an invisible group of `macro_rules!`, perhaps.
        None => match parameter.parse_type().as_ref().map(peel) {
            Ok(Type::Path(path)) => {
                let last = path.path.segments.last();
                last.is_some_and(|last| OF_PARTS.iter().any(|name| last.ident == name))
            }
            _ => false,
        },
    }
}

/// A constant that cannot be made, at the parameter's type.
fn check(ty: &Tokens) -> TokenStream {
    let text = shown(ty);
    let sentence =
        format!("`{text}` reads the body, so it must stand last; move this parameter to the end");
    let span = ty.span().resolved_at(Span::mixed_site());
    let reads = READS_BODY.at(span);
    quote_spanned!(span=> ::core::assert!(!<#reads<#ty>>::BODY, #sentence);)
}

fn has_opaque(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => has_opaque(group.stream()),
        _ => false,
    })
}
