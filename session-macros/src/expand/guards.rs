//! The guards of the application's own, as the gate asks them.
//!
//! The bounds stand on the implementation, and nowhere else: so the router's state, which is known in `routes![]` alone,
//! decides whether a guard fits, and a guard may be a private type in front of a public handler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Attribute;
use syn::spanned::Spanned;

use crate::model::Contract;
use crate::paths::{ADMISSION, GUARD, OWN_GUARDS, RESPONSE};

/// The implementation that asks them; nothing where there are none.
pub(super) fn expand(name: &Ident, cfgs: &[Attribute], contract: &Contract) -> Option<TokenStream> {
    if contract.guards.is_empty() {
        return None;
    }
    let state = Ident::new("__S", Span::mixed_site());
    let admission = Ident::new("admission", Span::mixed_site());
    let (mut items, mut bounds, mut asks) = (Vec::new(), Vec::new(), Vec::new());
    for (number, guard) in contract.guards.iter().enumerate() {
        let (declared, value) = (&guard.value.ty, &guard.value.value);
        let span = declared.span().resolved_at(Span::mixed_site());
        let ty = format_ident!("__Guard{}", number, span = span);
        let own = format_ident!("__GUARD{}", number, span = span);
        let bound = GUARD.at(span);
        // A static, made once for all requests: a guard may count. Its value is constant, or the compiler says so.
        items.push(quote_spanned!(span=>
            type #ty = #declared;
            static #own: #ty = #ty #value;
        ));
        bounds.push(quote_spanned!(span=> #ty: #bound<#state>));
        asks.push(quote!(#ADMISSION::ask(#admission, &#own).await?;));
    }
    Some(quote! {
        #(#cfgs)*
        const _: () = {
            #(#items)*

            #[automatically_derived]
            impl<#state: ::core::marker::Sync> #OWN_GUARDS<#state> for #name
            where
                #(#bounds,)*
            {
                async fn ask(
                    #admission: &mut #ADMISSION<'_, #state>,
                ) -> ::core::result::Result<(), #RESPONSE> {
                    #(#asks)*
                    ::core::result::Result::Ok(())
                }
            }
        };
    })
}
