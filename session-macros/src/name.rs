//! The text of an identifier as a user means it: `r#type` is called `type`.

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

/// The identifier's text without `r#`.
pub(crate) fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The identifier's text without `r#`, as a string literal in the identifier's place.
pub(crate) fn literal(ident: &Ident) -> LitStr {
    LitStr::new(&text(ident), ident.span())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn a_raw_identifier_is_called_by_its_plain_name() {
        assert_eq!(text(&format_ident!("r#type")), "type");
        assert_eq!(literal(&format_ident!("visits")).value(), "visits");
    }
}
