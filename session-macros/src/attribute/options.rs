//! A list of options in an attribute's parentheses: `permanent, lifetime = "15m"`. Knows the syntax and which words an
//! attribute has; what a word means is the attribute's own.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, LitStr, Path, Token};

use crate::error::{Errors, shown};
use crate::{name, suggest};

/// The words that an attribute knows.
pub(super) struct Vocabulary {
    /// How the attribute is written, for sentences: `#[session]`.
    pub(super) attribute: &'static str,
    pub(super) words: &'static [Word],
    /// Words that are right, but in another place, with the sentence that says where.
    pub(super) elsewhere: &'static [(&'static str, &'static str)],
    /// The option that a bare string was probably meant for.
    pub(super) bare_string: Option<&'static str>,
    /// The option that the bare name of a constant was probably meant for.
    pub(super) bare_constant: Option<&'static str>,
}

/// An option's name and whether it has a value.
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) value: Value,
}

pub(super) enum Value {
    None,
    /// With an example, for sentences: `"15m"`.
    Required(&'static str),
    Optional,
}

/// The options that were understood, each at most once, in the order in which they were written.
pub(super) struct Options(Vec<Given>);

/// One option: its name, and the value behind its `=`.
pub(super) struct Given {
    pub(super) name: Ident,
    pub(super) value: Option<Expr>,
}

impl Vocabulary {
    /// The vocabulary of an attribute without options.
    pub(super) const fn none(attribute: &'static str) -> Self {
        Self {
            attribute,
            words: &[],
            elsewhere: &[],
            bare_string: None,
            bare_constant: None,
        }
    }

    /// Whether these tokens begin with one of the words.
    fn begins(&self, tokens: TokenStream) -> bool {
        match tokens.into_iter().next() {
            Some(TokenTree::Ident(word)) => self.words.iter().any(|known| word == known.name),
            _ => false,
        }
    }

    fn names(&self) -> Vec<&'static str> {
        self.words.iter().map(|word| word.name).collect()
    }
}

impl Word {
    pub(super) const fn flag(name: &'static str) -> Self {
        Self {
            name,
            value: Value::None,
        }
    }

    pub(super) const fn with_value(name: &'static str, example: &'static str) -> Self {
        Self {
            name,
            value: Value::Required(example),
        }
    }

    pub(super) const fn with_optional_value(name: &'static str) -> Self {
        Self {
            name,
            value: Value::Optional,
        }
    }
}

impl Options {
    /// Reads a list of options, reporting what is unknown, doubled or malformed.
    pub(super) fn read(args: TokenStream, vocabulary: &Vocabulary, errors: &mut Errors) -> Self {
        let mut options = Self(Vec::new());
        for entry in split_at_commas(args) {
            if let Some(given) = read_one(entry, vocabulary, errors) {
                options.add(given, errors);
            }
        }
        options
    }

    /// Takes an option out, if it was given.
    pub(super) fn take(&mut self, name: &str) -> Option<Given> {
        let at = self.0.iter().position(|given| given.name == name)?;
        Some(self.0.remove(at))
    }

    /// Takes an option without a value out, if it was given.
    pub(super) fn take_flag(&mut self, name: &str) -> Option<Span> {
        self.take(name).map(|given| given.name.span())
    }

    fn add(&mut self, given: Given, errors: &mut Errors) {
        if self.0.iter().any(|other| other.name == given.name) {
            errors.at(given.name.span(), doubled(&given.name));
        } else {
            self.0.push(given);
        }
    }
}

/// The sentence for an option that was given before.
pub(super) fn doubled(name: &Ident) -> String {
    format!("`{name}` is given twice; write it once")
}

/// The string literal that an option's value has to be.
pub(super) fn string(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(string) => Some(string),
            _ => None,
        },
        Expr::Group(group) => string(&group.expr),
        _ => None,
    }
}

/// A comma inside parentheses is inside a token of its own, so only the list's commas are seen.
pub(super) fn split_at_commas(args: TokenStream) -> Vec<TokenStream> {
    let mut entries = vec![TokenStream::new()];
    let mut depth = 0usize;
    let mut before_bracket = ' ';
    for token in args {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                // `Vec::<A, B>::new()`: a turbofish is the one place where an expression has a comma of its own.
                '<' if depth > 0 || before_bracket == ':' => depth += 1,
                '>' if depth > 0 && before_bracket != '-' => depth -= 1,
                ',' if depth == 0 => {
                    entries.push(TokenStream::new());
                    before_bracket = ' ';
                    continue;
                }
                _ => {}
            }
            before_bracket = punct.as_char();
        } else {
            before_bracket = ' ';
        }
        if let Some(entry) = entries.last_mut() {
            entry.extend([token]);
        }
    }
    if entries.last().is_some_and(TokenStream::is_empty) {
        entries.pop();
    }
    entries
}

fn read_one(entry: TokenStream, vocabulary: &Vocabulary, errors: &mut Errors) -> Option<Given> {
    if entry.is_empty() {
        errors.at(
            Span::call_site(),
            format!(
                "there is an empty place between two commas in `{}`",
                vocabulary.attribute
            ),
        );
        return None;
    }
    if let (Some(option), Ok(path)) = (vocabulary.bare_constant, syn::parse2(entry.clone()))
        && is_constant(&path)
    {
        let sentence = format!("did you mean `{option} = {}`?", shown(&path));
        errors.over(&entry, sentence);
        return None;
    }
    let parse_name = |input: ParseStream<'_>| {
        let name = Ident::parse_any(input)?;
        Ok((name, input.parse::<TokenStream>()?))
    };
    let Ok((name, rest)) = parse_name.parse2(entry.clone()) else {
        errors.over(&entry, not_an_option(&entry, vocabulary));
        return None;
    };
    let text = name::text(&name);
    let Some(word) = vocabulary.words.iter().find(|word| word.name == text) else {
        errors.at(name.span(), unknown(&text, vocabulary));
        return None;
    };
    let value = read_value(&name, rest, word, vocabulary, errors)?;
    Some(Given { name, value })
}

/// The value behind `=`; `None` if it is not what the option wants, which is then reported.
fn read_value(
    name: &Ident,
    rest: TokenStream,
    word: &Word,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Option<Option<Expr>> {
    let parse = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.parse::<Expr>()
    };
    match &word.value {
        _ if rest.is_empty() => match word.value {
            Value::Required(example) => {
                errors.at(
                    name.span(),
                    format!("`{name}` needs a value: `{name} = {example}`"),
                );
                None
            }
            Value::None | Value::Optional => Some(None),
        },
        Value::None => {
            let sentence = if vocabulary.begins(rest.clone()) {
                format!("a comma is missing behind `{name}`")
            } else {
                format!("`{name}` has no value; write `{name}` alone")
            };
            errors.over(&rest, sentence);
            None
        }
        Value::Required(_) | Value::Optional => match parse.parse2(rest.clone()) {
            Ok(value) => Some(Some(value)),
            Err(_) => {
                let example = match word.value {
                    Value::Required(example) => example,
                    _ => "..",
                };
                // `default pop`, `key = "name" pop`
                let sentence = if vocabulary.begins(rest.clone()) {
                    format!("a comma is missing behind `{name}`")
                } else if vocabulary.begins(rest.clone().into_iter().skip(2).collect()) {
                    format!("a comma is missing behind the value of `{name}`")
                } else {
                    format!("`{name}` is given its value as `{name} = {example}`")
                };
                errors.over(&rest, sentence);
                None
            }
        },
    }
}

/// A path that is spelled as constants are: `USER_ID`, `keys::USER_ID`.
fn is_constant(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        let text = last.ident.to_string();
        text.contains(char::is_uppercase) && !text.contains(char::is_lowercase)
    })
}

fn unknown(text: &str, vocabulary: &Vocabulary) -> String {
    let attribute = vocabulary.attribute;
    if let Some((_, sentence)) = vocabulary.elsewhere.iter().find(|(word, _)| *word == text) {
        return (*sentence).to_owned();
    }
    if vocabulary.words.is_empty() {
        return format!("`{attribute}` has no options; write it alone");
    }
    suggest::unknown(&format!("`{attribute}` option"), text, &vocabulary.names())
}

fn not_an_option(entry: &TokenStream, vocabulary: &Vocabulary) -> String {
    let attribute = vocabulary.attribute;
    match (syn::parse2::<Lit>(entry.clone()), vocabulary.bare_string) {
        (Ok(Lit::Str(string)), Some(option)) => {
            format!("did you mean `{option} = {}`?", string.to_token_stream())
        }
        _ if vocabulary.words.is_empty() => format!("`{attribute}` has no options; write it alone"),
        _ => format!(
            "this is no option of `{attribute}`; there is {}",
            suggest::list(&vocabulary.names())
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn split(args: TokenStream) -> Vec<String> {
        split_at_commas(args)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn only_the_commas_of_the_list_split_it() {
        assert_eq!(split(quote!(pop, default = f(a, b))).len(), 2);
        assert_eq!(
            split(quote!(default = HashMap::<A, Vec<B>>::new(), pop)).len(),
            2
        );
        assert_eq!(split(quote!(default = a < b, pop)).len(), 2);
        assert_eq!(split(quote!(pop,)), ["pop"]);
        assert!(split(quote!()).is_empty());
    }

    #[test]
    fn an_empty_place_between_commas_is_a_fault() {
        let mut errors = Errors::default();
        Options::read(quote!(,), &Vocabulary::none("#[public]"), &mut errors);
        assert_eq!(errors.count(), 1);
    }
}
