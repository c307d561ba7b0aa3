//! A function whose signature is parsed and whose body is not: a half-typed body must not stop an expansion, and comes
//! out token for token.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Result};

use crate::signature::{Signature, split_attributes};
use crate::writer::{Write, Writer};

/// A function with a body.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) sig: Signature,
    pub(crate) body: Group,
}

/// Any item: its attributes, and the rest as it came.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) rest: TokenStream,
}

impl Item {
    /// What this item is, where it is no function with a body: "a `mod`".
    pub(crate) fn describe(&self) -> String {
        let words = self
            .rest
            .clone()
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            });
        let qualifiers = ["pub", "unsafe", "async", "default", "extern"];
        match words
            .into_iter()
            .find(|word| !qualifiers.contains(&word.as_str()))
        {
            Some(word) if word == "fn" => "a function without a body".to_owned(),
            Some(word) if is_item_keyword(&word) => format!("`{word}`"),
            _ => "something else".to_owned(),
        }
    }
}

impl Function {
    /// Reads a function.
    pub(crate) fn read(item: TokenStream) -> Result<Self> {
        Self::of(item.into_iter().collect())
    }

    /// Reads a function, token by token.
    pub(crate) fn of(item: Vec<TokenTree>) -> Result<Self> {
        let mut head = item;
        let body = braces(head.pop())?;
        let (attrs, head) = split_attributes(head)?;
        Ok(Self {
            attrs,
            sig: Signature::read(head)?,
            body,
        })
    }
}

impl Write for Function {
    fn write(self, out: &mut Writer) {
        out.write_all(&self.attrs);
        self.sig.write(out);
        out.push(self.body);
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            rest: input.parse()?,
        })
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.rest.to_tokens(tokens);
    }
}

/// A `$body:block` of `macro_rules!` comes inside an invisible group.
fn braces(token: Option<TokenTree>) -> Result<Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Ok(group),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            let mut inside = group.stream().into_iter();
            braces(inside.next().filter(|_| inside.next().is_none()))
        }
        other => {
            let span = other.map_or_else(Span::call_site, |token| token.span());
            Err(syn::Error::new(span, "expected a function body"))
        }
    }
}

fn is_item_keyword(word: &str) -> bool {
    let keywords = [
        "const",
        "enum",
        "impl",
        "macro_rules",
        "mod",
        "static",
        "struct",
        "trait",
        "type",
        "union",
        "use",
    ];
    keywords.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn a_half_typed_body_stays_token_for_token() {
        let function = Function::read(quote! { async fn index() { user. } }).unwrap();
        assert_eq!(
            function.body.stream().to_string(),
            quote!(user.).to_string()
        );
    }

    #[test]
    fn a_body_in_an_invisible_group_is_unwrapped() {
        let body = Group::new(Delimiter::None, quote!({ "e" }));
        let function = Function::read(quote! { async fn e() -> &'static str #body }).unwrap();
        assert_eq!(function.body.delimiter(), Delimiter::Brace);
    }

    #[test]
    fn what_is_no_function_is_called_by_its_keyword() {
        let describe = |tokens| syn::parse2::<Item>(tokens).unwrap().describe();
        assert_eq!(
            describe(quote!(
                pub(crate) mod m {}
            )),
            "`mod`"
        );
        assert_eq!(
            describe(quote!(
                #[derive(Debug)]
                struct S;
            )),
            "`struct`"
        );
        assert_eq!(
            describe(quote!(
                async fn f();
            )),
            "a function without a body"
        );
        assert_eq!(
            describe(quote!(
                const X: u8 = 1;
            )),
            "`const`"
        );
    }
}
