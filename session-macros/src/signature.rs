//! A function's signature, taken apart no further than is needed. Which of its types and patterns have to be understood is
//! known to those who ask; the others are handed on token for token, since a parser takes longer for them than for all else
//! that is done with a function.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Pat, Result, ReturnType, Type};

use crate::writer::{Write, Writer};

/// Tokens that are handed on. They are written one by one: to put a stream into a stream has the compiler copy both.
#[derive(Clone)]
pub(crate) struct Tokens(Vec<TokenTree>);

/// What stands between a function's attributes and its body.
#[derive(Clone)]
pub(crate) struct Signature {
    pub(crate) vis: Tokens,
    /// `async`, `unsafe` and their like, each with its place.
    pub(crate) qualifiers: Vec<TokenTree>,
    pub(crate) fn_token: Ident,
    pub(crate) ident: Ident,
    /// With their brackets.
    pub(crate) generics: Tokens,
    pub(crate) inputs: Vec<Input>,
    /// Of the parentheses around the parameters.
    parentheses: Span,
    /// The arrow, the type behind it, and bounds.
    output: Tokens,
}

/// One between the commas.
#[derive(Clone)]
pub(crate) enum Input {
    /// `self`, in any form.
    Receiver(Tokens),
    Parameter(Parameter),
}

/// `pattern: Type`
#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Tokens,
    pub(crate) colon: Punct,
    pub(crate) ty: Tokens,
}

impl Signature {
    /// Reads what stands behind the attributes and before the body.
    pub(crate) fn read(head: Vec<TokenTree>) -> Result<Self> {
        let mut head = head.into_iter().peekable();
        let vis = visibility(&mut head);
        let mut qualifiers = Vec::new();
        let fn_token = loop {
            match head.next() {
                Some(TokenTree::Ident(word)) if word == "fn" => break word,
                Some(token @ (TokenTree::Ident(_) | TokenTree::Literal(_))) => {
                    qualifiers.push(token)
                }
                other => return Err(unexpected(other)),
            }
        };
        let ident = match head.next() {
            Some(TokenTree::Ident(ident)) => ident,
            other => return Err(unexpected(other)),
        };
        let (mut generics, mut depth) = (Vec::new(), Depth::default());
        let inputs = loop {
            match head.next() {
                Some(TokenTree::Group(group))
                    if depth.is_zero() && group.delimiter() == Delimiter::Parenthesis =>
                {
                    break group;
                }
                Some(token) => {
                    depth.pass(&token);
                    generics.push(token);
                }
                None => return Err(unexpected(None)),
            }
        };
        Ok(Self {
            vis,
            qualifiers,
            fn_token,
            ident,
            generics: Tokens(generics),
            inputs: split(inputs.stream())
                .into_iter()
                .map(Input::read)
                .collect::<Result<_>>()?,
            parentheses: inputs.span(),
            output: Tokens(head.collect()),
        })
    }

    /// The word among the qualifiers.
    pub(crate) fn qualifier(&self, name: &str) -> Option<&TokenTree> {
        let is_it = |token: &&TokenTree| matches!(token, TokenTree::Ident(word) if word == name);
        self.qualifiers.iter().find(is_it)
    }

    /// What the function returns.
    pub(crate) fn output(&self) -> Result<ReturnType> {
        let output = |input: ParseStream<'_>| {
            let output = input.parse()?;
            let _: TokenStream = input.parse()?;
            Ok(output)
        };
        output.parse2(self.output.to_token_stream())
    }
}

impl Input {
    fn read(tokens: Vec<TokenTree>) -> Result<Self> {
        let (attrs, tokens) = split_attributes(tokens)?;
        let Some(at) = colon(&tokens) else {
            return Ok(Self::Receiver(Tokens(tokens)));
        };
        let mut pat = tokens;
        let mut rest = pat.split_off(at).into_iter();
        let colon = match rest.next() {
            Some(TokenTree::Punct(colon)) => colon,
            other => return Err(unexpected(other)),
        };
        if matches!(pat.last(), Some(TokenTree::Ident(word)) if word == "self") {
            pat.push(colon.into());
            pat.extend(rest);
            return Ok(Self::Receiver(Tokens(pat)));
        }
        Ok(Self::Parameter(Parameter {
            attrs,
            pat: Tokens(pat),
            colon,
            ty: Tokens(rest.collect()),
        }))
    }
}

impl Parameter {
    /// The name that the pattern gives to the whole value.
    pub(crate) fn name(&self) -> Option<Ident> {
        if let [TokenTree::Ident(name)] = &self.pat.0[..]
            && name != "_"
        {
            return Some(name.clone());
        }
        match Pat::parse_single.parse2(self.pat.to_token_stream()) {
            Ok(Pat::Ident(pat)) if pat.subpat.is_none() => Some(pat.ident),
            _ => None,
        }
    }

    /// The type, understood.
    pub(crate) fn parse_type(&self) -> Result<Type> {
        syn::parse2(self.ty.to_token_stream())
    }

    /// The last name of a type that is a path and nothing else: `Json` of `axum::Json<u64>`.
    pub(crate) fn type_name(&self) -> Option<String> {
        let mut last = None;
        for token in &self.ty.0 {
            match token {
                TokenTree::Ident(word) => last = Some(word),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                TokenTree::Punct(punct) if punct.as_char() == '<' => break,
                _ => return None,
            }
        }
        last.map(Ident::to_string)
    }
}

impl Tokens {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of the first.
    pub(crate) fn place(&self) -> Span {
        self.0.first().map_or_else(Span::call_site, TokenTree::span)
    }

    pub(crate) fn begins_with(&self, name: &str) -> bool {
        matches!(self.0.first(), Some(TokenTree::Ident(word)) if word == name)
    }
}

impl Write for Tokens {
    fn write(self, out: &mut Writer) {
        out.extend(self.0);
    }
}

impl From<Writer> for Tokens {
    fn from(out: Writer) -> Self {
        Self(out.into_tokens())
    }
}

impl From<Vec<TokenTree>> for Tokens {
    fn from(tokens: Vec<TokenTree>) -> Self {
        Self(tokens)
    }
}

impl From<TokenStream> for Tokens {
    fn from(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.0);
    }
}

impl Write for Signature {
    fn write(self, out: &mut Writer) {
        self.vis.write(out);
        out.extend(self.qualifiers);
        out.push(self.fn_token);
        out.push(self.ident);
        self.generics.write(out);
        let mut inside = Writer::new();
        for (number, input) in self.inputs.into_iter().enumerate() {
            if number > 0 {
                inside.punct(',', Spacing::Alone);
            }
            input.write(&mut inside);
        }
        let mut inputs = Group::new(Delimiter::Parenthesis, inside.into_stream());
        inputs.set_span(self.parentheses);
        out.push(inputs);
        self.output.write(out);
    }
}

impl Write for Input {
    fn write(self, out: &mut Writer) {
        match self {
            Self::Receiver(receiver) => receiver.write(out),
            Self::Parameter(parameter) => {
                out.write_all(&parameter.attrs);
                parameter.pat.write(out);
                out.push(parameter.colon);
                parameter.ty.write(out);
            }
        }
    }
}

/// The attributes before something, and the rest. Most things have none.
pub(crate) fn split_attributes(tokens: Vec<TokenTree>) -> Result<(Vec<Attribute>, Vec<TokenTree>)> {
    let is_hash =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
    let count = tokens
        .chunks(2)
        .take_while(|pair| is_hash(&pair[0]))
        .count();
    if count == 0 {
        return Ok((Vec::new(), tokens));
    }
    let mut attrs = tokens;
    let rest = attrs.split_off((2 * count).min(attrs.len()));
    let attrs = Attribute::parse_outer.parse2(attrs.into_iter().collect())?;
    Ok((attrs, rest))
}

/// `pub`, `pub(crate)`, or what a macro matched as a visibility, which comes in an invisible group.
fn visibility(head: &mut std::iter::Peekable<impl Iterator<Item = TokenTree>>) -> Tokens {
    let mut vis = Vec::new();
    let is_begin = |token: &TokenTree| match token {
        TokenTree::Ident(word) => word == "pub",
        TokenTree::Group(group) => group.delimiter() == Delimiter::None,
        _ => false,
    };
    if let Some(begin) = head.next_if(is_begin) {
        match begin {
            TokenTree::Group(group) => vis.extend(group.stream()),
            word => vis.push(word),
        }
        let is_scope = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
        vis.extend(head.next_if(is_scope));
    }
    Tokens(vis)
}

/// How many angle brackets are open.
#[derive(Default)]
struct Depth {
    open: usize,
    after_dash: bool,
}

impl Depth {
    fn pass(&mut self, token: &TokenTree) {
        let after_dash = std::mem::take(&mut self.after_dash);
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => self.open += 1,
                // The other is an arrow's.
                '>' if !after_dash => self.open = self.open.saturating_sub(1),
                '-' => self.after_dash = true,
                _ => {}
            }
        }
    }

    fn is_zero(&self) -> bool {
        self.open == 0
    }
}

/// At commas.
fn split(inputs: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut all, mut depth) = (vec![Vec::new()], Depth::default());
    for token in inputs {
        depth.pass(&token);
        match (&token, all.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' && depth.is_zero() => {
                all.push(Vec::new());
            }
            (_, Some(last)) => last.push(token),
            (_, None) => {}
        }
    }
    all.retain(|input| !input.is_empty());
    all
}

/// Where a pattern ends: at a colon that is not one of two.
fn colon(tokens: &[TokenTree]) -> Option<usize> {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let mut at = 0;
    while at < tokens.len() {
        match (is_colon(tokens.get(at)), is_colon(tokens.get(at + 1))) {
            (true, true) => at += 2,
            (true, false) => return Some(at),
            (false, _) => at += 1,
        }
    }
    None
}

fn unexpected(token: Option<TokenTree>) -> syn::Error {
    let span = token.map_or_else(Span::call_site, |token| token.span());
    syn::Error::new(span, "expected a function")
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn read(head: TokenStream) -> Signature {
        Signature::read(head.into_iter().collect()).unwrap()
    }

    /// Pattern and type of each parameter; nothing of a receiver.
    fn inputs(head: TokenStream) -> Vec<Option<(String, String)>> {
        let inputs = read(head).inputs.into_iter();
        let texts = inputs.map(|input| match input {
            Input::Receiver(_) => None,
            Input::Parameter(Parameter { pat, ty, .. }) => Some((
                pat.to_token_stream().to_string(),
                ty.to_token_stream().to_string(),
            )),
        });
        texts.collect()
    }

    #[test]
    fn what_is_read_is_written_token_for_token() {
        for head in [
            quote!(async fn f()),
            quote!(pub(crate) const unsafe extern "C" fn r#type<'a, T: Fn(&'a u8) -> Vec<u8>>(x: T,) -> Result<T, E> where T: Send),
            quote!(fn f(#[a] #[b(c)] mut x: u8, S { y, .. }: S, (a, b): (A<B, C>, D), f: fn(A) -> B, d: &dyn for<'x> Fn(&'x A, B) -> C)),
        ] {
            let mut out = Writer::new();
            read(head.clone()).write(&mut out);
            let written = out.into_stream().to_string();
            // A comma at the end says nothing.
            assert_eq!(
                written.replace(" ,)", ")"),
                head.to_string().replace(" ,)", ")")
            );
        }
    }

    #[test]
    fn only_the_commas_between_parameters_part_them() {
        let found = inputs(quote!(fn f(
            Path((a, b)): Path<(u8, HashMap<A, B>)>,
            f: impl Fn(A, B) -> Result<C, D>,
            a::b::P::<A, B>(x): a::b::P<A, B>,
        )));
        let found: Vec<_> = found.into_iter().flatten().collect();
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].0, quote!(Path((a, b))).to_string());
        assert_eq!(
            found[1].1,
            quote!(impl Fn(A, B) -> Result<C, D>).to_string()
        );
        assert_eq!(found[2].0, quote!(a::b::P::<A, B>(x)).to_string());
    }

    #[test]
    fn a_receiver_is_known_in_every_form() {
        for receiver in [
            quote!(self),
            quote!(mut self),
            quote!(&'a mut self),
            quote!(self: Box<Self>),
            quote!(mut self: Pin<&mut Self>),
        ] {
            assert_eq!(
                inputs(quote!(fn f(#receiver, x: u8))).remove(0),
                None,
                "{receiver}"
            );
        }
    }

    #[test]
    fn a_pattern_that_takes_the_whole_value_has_its_name() {
        for (pat, name) in [
            (quote!(x), Some("x")),
            (quote!(mut x), Some("x")),
            (quote!(_), None),
            (quote!((x, y)), None),
            (quote!(x @ 1..), None),
            (quote!(Path(x)), None),
        ] {
            let Input::Parameter(parameter) = read(quote!(fn f(#pat: u8))).inputs.remove(0) else {
                unreachable!()
            };
            let found = parameter.name().map(|name| name.to_string());
            assert_eq!(found.as_deref(), name, "{pat}");
        }
    }

    #[test]
    fn a_type_is_called_by_its_last_name_if_it_is_a_path() {
        for (ty, name) in [
            (quote!(u8), Some("u8")),
            (quote!(axum::Json<Vec<u8>>), Some("Json")),
            (quote!(::std::string::String), Some("String")),
            (quote!(&str), None),
            (quote!((A, B)), None),
            (quote!([u8; 4]), None),
        ] {
            let Input::Parameter(parameter) = read(quote!(fn f(x: #ty))).inputs.remove(0) else {
                unreachable!()
            };
            assert_eq!(parameter.type_name().as_deref(), name, "{ty}");
        }
    }
}
