//! Writes tokens one by one.
//!
//! The compiler runs this crate without optimisation, and copies a stream for each that is put into another. So what every handler has is
//! written here, a group in one piece, and what the user wrote is moved into it; `quote!` is for what is rare.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Tokens that are being written.
pub(crate) struct Writer {
    tokens: Vec<TokenTree>,
    /// Of the words that are not the user's.
    span: Span,
}

/// What can stand behind a `#` in [`code!`].
pub(crate) trait Write {
    fn write(self, out: &mut Writer);
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self {
            tokens: Vec::with_capacity(32),
            span: Span::call_site(),
        }
    }

    /// For a group's tokens.
    pub(crate) fn inside(&self) -> Self {
        Self::at(self.span)
    }

    /// With the words at a place of the user's.
    pub(crate) fn at(span: Span) -> Self {
        Self {
            span,
            ..Self::new()
        }
    }

    pub(crate) fn word(&mut self, word: &str) {
        self.tokens.push(Ident::new(word, self.span).into());
    }

    pub(crate) fn punct(&mut self, char: char, spacing: Spacing) {
        let mut punct = Punct::new(char, spacing);
        punct.set_span(self.span);
        self.tokens.push(punct.into());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.tokens.push(Literal::string(text).into());
    }

    pub(crate) fn push(&mut self, token: impl Into<TokenTree>) {
        self.tokens.push(token.into());
    }

    pub(crate) fn extend(&mut self, tokens: impl IntoIterator<Item = TokenTree>) {
        self.tokens.extend(tokens);
    }

    pub(crate) fn write_all(&mut self, all: impl IntoIterator<Item: Write>) {
        for one in all {
            one.write(self);
        }
    }

    pub(crate) fn group(&mut self, delimiter: Delimiter, inside: Self) {
        let mut group = Group::new(delimiter, inside.into_stream());
        group.set_span(self.span);
        self.push(group);
    }

    pub(crate) fn into_tokens(self) -> Vec<TokenTree> {
        self.tokens
    }

    pub(crate) fn into_stream(self) -> TokenStream {
        self.tokens.into_iter().collect()
    }
}

impl Write for Writer {
    fn write(self, out: &mut Writer) {
        out.extend(self.tokens);
    }
}

impl Write for TokenTree {
    fn write(self, out: &mut Writer) {
        out.tokens.push(self);
    }
}

impl Write for Literal {
    fn write(self, out: &mut Writer) {
        out.push(self);
    }
}

impl Write for Group {
    fn write(self, out: &mut Writer) {
        out.push(self);
    }
}

impl Write for Ident {
    fn write(self, out: &mut Writer) {
        out.push(self);
    }
}

impl<W: Write> Write for Option<W> {
    fn write(self, out: &mut Writer) {
        if let Some(some) = self {
            some.write(out);
        }
    }
}

impl<T: ToTokens> Write for &T {
    fn write(self, out: &mut Writer) {
        out.extend(self.to_token_stream());
    }
}

/// Writes what stands behind the semicolon. `# name` is the value of that variable, which is moved.
macro_rules! code {
    (@group $out:expr, $delimiter:ident, $($inside:tt)*) => {{
        #[allow(unused_mut)]
        let mut inside = $out.inside();
        $crate::writer::code!(@ inside; $($inside)*);
        $out.group(::proc_macro2::Delimiter::$delimiter, inside);
    }};
    (@ $out:expr;) => {};
    (@ $out:expr; # $name:ident $($rest:tt)*) => {
        $crate::writer::Write::write($name, &mut $out);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; :: $($rest:tt)*) => {
        $out.punct(':', ::proc_macro2::Spacing::Joint);
        $out.punct(':', ::proc_macro2::Spacing::Alone);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; "" $($rest:tt)*) => {
        $out.text("");
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; || $($rest:tt)*) => {
        $out.punct('|', ::proc_macro2::Spacing::Joint);
        $out.punct('|', ::proc_macro2::Spacing::Alone);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; ($($inside:tt)*) $($rest:tt)*) => {
        $crate::writer::code!(@group $out, Parenthesis, $($inside)*);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; [$($inside:tt)*] $($rest:tt)*) => {
        $crate::writer::code!(@group $out, Bracket, $($inside)*);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; {$($inside:tt)*} $($rest:tt)*) => {
        $crate::writer::code!(@group $out, Brace, $($inside)*);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; $word:ident $($rest:tt)*) => {
        $out.word(stringify!($word));
        $crate::writer::code!(@ $out; $($rest)*);
    };
    (@ $out:expr; $punct:tt $($rest:tt)*) => {
        $out.punct(const { stringify!($punct).as_bytes()[0] as char }, ::proc_macro2::Spacing::Alone);
        $crate::writer::code!(@ $out; $($rest)*);
    };
    ($out:expr; $($code:tt)*) => {{
        $crate::writer::code!(@ $out; $($code)*);
    }};
}

pub(crate) use code;

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_is_written_is_what_quote_writes() {
        let ty: Vec<TokenTree> = quote!(Vec<u8>).into_iter().collect();
        let mut tokens = Writer::new();
        tokens.extend(ty);
        let mut out = Writer::new();
        code!(out; let mut x: #tokens = ::core::option::f(&mut [""], || { a.b; }););
        let expected = quote!(let mut x: Vec<u8> = ::core::option::f(&mut [""], || { a.b; }););
        assert_eq!(out.into_stream().to_string(), expected.to_string());
    }
}
