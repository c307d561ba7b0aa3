//! What is known of a handler while its attributes expand one by one. It travels in the marker attribute `__contract`
//! below the attributes that are still to come.
//!
//! The arguments of the attributes travel as they were written and are read once, at the end; the `#[session]`
//! parameters are read at the start, since they leave the signature then.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitBool, LitStr, Result, Token, bracketed, parenthesized};

use super::binding::{Access, Binding, Default, Shape};
use crate::attribute::binding::Key;
use crate::attribute::{Kind, Said};
use crate::paths::{self, Root};

/// The marker's content, and where the runtime is found: the next attribute need not say it again.
pub(crate) struct Marked {
    pub(crate) root: Root,
    pub(crate) marker: Marker,
}

/// What the attributes before this one leave for it.
pub(crate) enum Marker {
    Known(Known),
    /// An attribute before this one refused the item with a sentence; the others hold their tongues.
    Refused,
}

/// What is known so far.
#[derive(std::default::Default)]
pub(crate) struct Known {
    /// The attributes that were left when the marker itself was last expanded, to see whether anything still moves.
    pub(crate) left: String,
    /// Whether the function has its gate already.
    pub(crate) gated: bool,
    pub(crate) said: Vec<Said>,
    pub(crate) bindings: Vec<Binding>,
}

/// Whether this attribute is the marker, under whatever path.
pub(crate) fn is_marker(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == paths::MARKER_NAME)
}

impl Marker {
    /// The marker as an attribute.
    pub(crate) fn to_attribute(&self) -> Attribute {
        let (path, root) = (paths::MARKER, Root::current());
        let tokens = match self {
            Self::Known(known) => known.to_token_stream(),
            Self::Refused => quote!(refused),
        };
        syn::parse_quote!(#[#path((#root) #tokens)])
    }
}

impl Parse for Marked {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let root;
        parenthesized!(root in input);
        Ok(Self {
            root: root.parse()?,
            marker: input.parse()?,
        })
    }
}

impl Parse for Marker {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Known);
        }
        let word: Ident = input.parse()?;
        if word == "refused" {
            Ok(Self::Refused)
        } else {
            Err(syn::Error::new(word.span(), "`__contract` is internal"))
        }
    }
}

impl Parse for Known {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let left = input.parse::<LitStr>()?.value();
        let gated = input.parse::<LitBool>()?.value;
        let (said, bindings);
        bracketed!(said in input);
        bracketed!(bindings in input);
        Ok(Self {
            left,
            gated,
            said: many(&said, parse_said)?,
            bindings: many(&bindings, parse_binding)?,
        })
    }
}

impl ToTokens for Known {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            left,
            gated,
            said,
            bindings,
        } = self;
        let said = said.iter().map(|Said { kind, span, args }| {
            let name = Ident::new(kind.name(), *span);
            quote!(#name (#args))
        });
        let bindings = bindings.iter().map(
            |Binding {
                 access,
                 shape,
                 key,
                 declared,
                 value,
                 default,
             }| {
                let (access, shape) = (access.word(), shape.word());
                let key = match key {
                    Key::Literal(literal) => literal.to_token_stream(),
                    Key::Constant(path) => path.to_token_stream(),
                };
                let default = default.as_ref().map(|default| match default {
                    Default::OfType => quote!(default),
                    Default::Written(value) => quote!(= #value),
                });
                quote!(#access #shape (#key) (#declared) (#value) (#default))
            },
        );
        tokens.extend(quote!(#left #gated [#(#said)*] [#(#bindings)*]));
    }
}

fn many<T>(input: ParseStream<'_>, one: impl Fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(one(input)?);
    }
    Ok(all)
}

fn parse_said(input: ParseStream<'_>) -> Result<Said> {
    let name: Ident = input.parse()?;
    let kind = Kind::from_name(&name.to_string())
        .ok_or_else(|| syn::Error::new(name.span(), "`__contract` is internal"))?;
    let args;
    parenthesized!(args in input);
    Ok(Said {
        kind,
        span: name.span(),
        args: args.parse()?,
    })
}

fn parse_binding(input: ParseStream<'_>) -> Result<Binding> {
    let access = Access::parse(input)?;
    let shape = Shape::parse(input)?;
    let (key, declared, value, default);
    parenthesized!(key in input);
    parenthesized!(declared in input);
    parenthesized!(value in input);
    parenthesized!(default in input);
    Ok(Binding {
        access,
        shape,
        key: if key.peek(LitStr) {
            Key::Literal(key.parse()?)
        } else {
            Key::Constant(key.parse()?)
        },
        declared: declared.parse()?,
        value: value.parse()?,
        default: parse_default(&default)?,
    })
}

fn parse_default(input: ParseStream<'_>) -> Result<Option<Default>> {
    if input.is_empty() {
        return Ok(None);
    }
    if input.parse::<Option<Token![=]>>()?.is_some() {
        return input.parse().map(Default::Written).map(Some);
    }
    input.parse::<Ident>()?;
    Ok(Some(Default::OfType))
}
