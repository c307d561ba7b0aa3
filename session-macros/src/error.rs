//! A sink for errors: an expansion reports all of its faults at once, and goes on with what it understood.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Reports a fault at one place.
    pub(crate) fn at(&mut self, span: Span, sentence: impl Display) {
        self.0.push(syn::Error::new(span, sentence));
    }

    /// Reports a fault that covers all of `tokens`.
    pub(crate) fn over(&mut self, tokens: &impl ToTokens, sentence: impl Display) {
        self.0.push(syn::Error::new_spanned(tokens, sentence));
    }

    /// How many faults there are so far: a later stage leaves out what an earlier one has refused already.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The faults, if there are some, and what was understood.
    pub(crate) fn before(self, out: TokenStream) -> TokenStream {
        if self.0.is_empty() {
            return out;
        }
        let errors = self.into_tokens();
        quote!(#errors #out)
    }

    /// One `compile_error!` for each fault, fit for item and for statement position.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// Tokens as a sentence shows them: without the spaces that the compiler puts between them.
pub(crate) fn shown(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_becomes_one_compile_error() {
        let mut errors = Errors::default();
        errors.at(Span::call_site(), "one");
        errors.at(Span::call_site(), "two");
        let tokens = errors.into_tokens().to_string();
        assert_eq!(tokens.matches("compile_error").count(), 2);
        assert!(tokens.contains("one") && tokens.contains("two"), "{tokens}");
    }
}
