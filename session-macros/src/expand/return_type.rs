//! Tells an inner future what it returns, so that `?` and `return` in it are typed as in the function itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, ReturnType, Token, Type, TypeInfer};

/// A `return` that never happens, of the function's type.
pub(super) fn name_once(output: &ReturnType) -> TokenStream {
    let Some(ty) = nameable(output) else {
        return TokenStream::new();
    };
    let never = Ident::new("__never", Span::mixed_site());
    let ret = quote_spanned!(Span::mixed_site()=> return #never;);
    quote! {
        #[allow(
            unreachable_code, clippy::diverging_sub_expression, clippy::empty_loop, clippy::let_unit_value,
            clippy::let_with_type_underscore, clippy::needless_return, clippy::unreachable,
        )]
        if false {
            let #never: #ty = loop {};
            #ret
        }
    }
}

/// The function's type as far as it can be written down.
pub(super) fn nameable(output: &ReturnType) -> Option<Type> {
    let ty = match output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => {
            let mut ty = (**ty).clone();
            erase_impl(&mut ty);
            ty
        }
    };
    // `impl Trait` alone says nothing.
    (!matches!(ty, Type::Infer(_))).then_some(ty)
}

/// `Result<impl IntoResponse, E>` as `Result<_, E>`.
fn erase_impl(ty: &mut Type) {
    match ty {
        Type::ImplTrait(opaque) => {
            let span = opaque.span();
            *ty = Type::Infer(TypeInfer {
                attrs: Vec::new(),
                underscore_token: Token![_](span),
            });
        }
        Type::Array(array) => erase_impl(&mut array.elem),
        Type::Group(group) => {
            erase_impl(&mut group.elem);
            if let Type::Infer(_) = &*group.elem {
                *ty = (*group.elem).clone();
            }
        }
        Type::Paren(paren) => {
            erase_impl(&mut paren.elem);
            if let Type::Infer(_) = &*paren.elem {
                *ty = (*paren.elem).clone();
            }
        }
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
                    continue;
                };
                for argument in &mut arguments.args {
                    match argument {
                        GenericArgument::Type(ty) => erase_impl(ty),
                        GenericArgument::AssocType(assoc) => erase_impl(&mut assoc.ty),
                        _ => {}
                    }
                }
            }
        }
        Type::Reference(reference) => erase_impl(&mut reference.elem),
        Type::Slice(slice) => erase_impl(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase_impl),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(mut ty: Type) -> String {
        erase_impl(&mut ty);
        quote!(#ty).to_string().replace(' ', "")
    }

    #[test]
    fn an_opaque_type_is_left_to_inference_wherever_it_stands() {
        assert_eq!(
            erased(syn::parse_quote!(Result<impl IntoResponse, E>)),
            "Result<_,E>"
        );
        assert_eq!(
            erased(syn::parse_quote!((
                StatusCode,
                impl Iterator<Item = (u8, u8)> + Send
            ))),
            "(StatusCode,_)"
        );
        assert_eq!(
            erased(syn::parse_quote!(Result<(A, impl Fn(A) -> B), Vec<impl C>>)),
            "Result<(A,_),Vec<_>>"
        );
        assert_eq!(
            erased(syn::parse_quote!(std::result::Result<String, Oops>)),
            "std::result::Result<String,Oops>"
        );
    }

    #[test]
    fn a_type_that_is_opaque_as_a_whole_is_not_named() {
        assert!(name_once(&syn::parse_quote!(-> impl IntoResponse)).is_empty());
        assert!(name_once(&syn::parse_quote!(-> (impl IntoResponse))).is_empty());
        assert!(!name_once(&ReturnType::Default).is_empty());
    }
}
