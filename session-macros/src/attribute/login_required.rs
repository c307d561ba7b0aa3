//! `#[login_required(redirect = "/signin", fresh, role = "admin", permission = "post.edit")]`: lets only logged-in users in,
//! and of them those who gave their password recently or have a right.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr, Token};

use super::options::{Given, Options, Vocabulary, Word, doubled, split_at_commas, string};
use super::{Said, duration};
use crate::error::Errors;

const VOCABULARY: Vocabulary = Vocabulary {
    attribute: "#[login_required]",
    words: &[
        Word::with_value("redirect", "\"/signin\""),
        Word::flag("fresh"),
        Word::with_value("role", "\"admin\""),
        Word::with_value("permission", "\"post.edit\""),
    ],
    elsewhere: &[(
        "within",
        "`within` belongs to `fresh`: write `fresh(within = \"10m\")`",
    )],
    bare_string: Some("redirect"),
    bare_constant: None,
};

const OF_FRESH: Vocabulary = Vocabulary {
    attribute: "fresh",
    words: &[Word::with_value("within", "\"10m\"")],
    elsewhere: &[],
    bare_string: Some("within"),
    bare_constant: None,
};

/// The guard that wants a user.
pub(crate) struct LoginRequired {
    /// The login page, if it is another than the layer's.
    pub(crate) redirect: Option<LitStr>,
    pub(crate) fresh: Option<Fresh>,
    pub(crate) role: Option<LitStr>,
    pub(crate) permission: Option<LitStr>,
    /// The whole attribute.
    pub(crate) span: Span,
}

impl LoginRequired {
    /// Whether it has no option.
    pub(crate) fn is_plain(&self) -> bool {
        let Self {
            redirect,
            fresh,
            role,
            permission,
            span: _,
        } = self;
        redirect.is_none() && fresh.is_none() && role.is_none() && permission.is_none()
    }
}

/// How recently the password must have been given.
#[derive(Clone, Copy)]
pub(crate) struct Fresh {
    /// Within so many seconds, if the age matters.
    pub(crate) within: Option<u64>,
    pub(crate) span: Span,
}

pub(super) fn read(said: Said, errors: &mut Errors) -> LoginRequired {
    let (aged, args) = take_aged_fresh(said.args, errors);
    let mut options = Options::read(args, &VOCABULARY, errors);
    let redirect = options
        .take("redirect")
        .and_then(|given| text(&given, "a path", "/signin", check_redirect, errors));
    let plain = options
        .take_flag("fresh")
        .map(|span| Fresh { within: None, span });
    let mut right = |name, example| {
        let given = options.take(name)?;
        text(&given, "a name", example, check_name, errors)
    };
    let role = right("role", "admin");
    let permission = right("permission", "post.edit");
    LoginRequired {
        redirect,
        fresh: aged.or(plain),
        role,
        permission,
        span: said.span,
    }
}

/// Takes `fresh(within = "10m")` out, the one option with a list of its own. A second `fresh` is reported where it stands,
/// whichever of the two has a list.
fn take_aged_fresh(args: TokenStream, errors: &mut Errors) -> (Option<Fresh>, TokenStream) {
    let entries = split_at_commas(args.clone());
    if !entries.iter().any(has_age) {
        return (None, args);
    }
    let (mut fresh, mut rest, mut seen) = (None, TokenStream::new(), false);
    for entry in entries {
        if let Some(age) = age_as_value(&entry) {
            seen = true;
            let mend = format!("did you mean `fresh(within = {})`?", quote!(#age));
            errors.over(&entry, mend);
            continue;
        }
        let Some((name, list)) = fresh_entry(&entry) else {
            rest.extend(quote!(#entry,));
            continue;
        };
        if std::mem::replace(&mut seen, true) {
            errors.at(name.span(), doubled(&name));
            continue;
        }
        let span = name.span();
        let within = list.map(|list| within(list, span, errors));
        // A time that was refused is no `fresh` without one.
        if within != Some(None) {
            let within = within.flatten();
            fresh = Some(Fresh { within, span });
        }
    }
    (fresh, rest)
}

/// `fresh`, with what stands in its parentheses if it has some.
fn fresh_entry(entry: &TokenStream) -> Option<(Ident, Option<TokenStream>)> {
    let parse = |input: ParseStream<'_>| {
        let name: Ident = input.parse()?;
        if input.is_empty() {
            return Ok((name, None));
        }
        let list;
        syn::parenthesized!(list in input);
        Ok((name, Some(list.parse()?)))
    };
    let parsed = parse.parse2(entry.clone()).ok();
    parsed.filter(|(name, _)| name == "fresh")
}

/// Whether an age belongs to it, well written or not.
fn has_age(entry: &TokenStream) -> bool {
    fresh_entry(entry).is_some_and(|(_, list)| list.is_some()) || age_as_value(entry).is_some()
}

/// The age of `fresh = "10m"`, which says what is meant.
fn age_as_value(entry: &TokenStream) -> Option<LitStr> {
    let parse = |input: ParseStream<'_>| {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse()?))
    };
    let (name, age) = parse.parse2(entry.clone()).ok()?;
    (name == "fresh").then_some(age)
}

fn within(list: TokenStream, span: Span, errors: &mut Errors) -> Option<u64> {
    if list.is_empty() {
        errors.at(
            span,
            "`fresh()` says no time; write `fresh` alone, or `fresh(within = \"10m\")`",
        );
        return None;
    }
    let given = Options::read(list, &OF_FRESH, errors).take("within")?;
    let check = |text: &str| duration::seconds(text).map(drop);
    let literal = text(
        &given,
        "a number and a unit (s, m, h or d)",
        "10m",
        check,
        errors,
    )?;
    duration::seconds(&literal.value()).ok()
}

/// The text that is an option's value.
fn text(
    given: &Given,
    what: &str,
    example: &str,
    check: impl FnOnce(&str) -> Result<(), String>,
    errors: &mut Errors,
) -> Option<LitStr> {
    let value = given.value.as_ref()?;
    let Some(literal) = string(value) else {
        let name = &given.name;
        let sentence = match value {
            Expr::Array(_) | Expr::Binary(_) | Expr::Tuple(_) => format!(
                "`{name}` is one; who has one of several is let through by a guard of your own, `#[guard(..)]`"
            ),
            _ => format!("`{name}` is {what} in quotes: `{name} = \"{example}\"`"),
        };
        errors.over(value, sentence);
        return None;
    };
    match check(&literal.value()) {
        Ok(()) => Some(literal.clone()),
        Err(sentence) => {
            errors.at(literal.span(), sentence);
            None
        }
    }
}

/// A role or a permission, which the route table shows in a list.
fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err(
            "this name is empty, so nobody could have it; write one, or leave the option out"
                .to_owned(),
        );
    }
    if name.trim() != name || name.contains(|c: char| c == ',' || c.is_control()) {
        return Err(
            "one name stands here, without a comma and without spaces around it".to_owned(),
        );
    }
    Ok(())
}

/// A login page is a path on this site: anything that a browser could take for another host is refused.
fn check_redirect(path: &str) -> Result<(), String> {
    if path.contains('\\') || path.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("a path has no backslash, no space and no control character: browsers read them as something else".to_owned());
    }
    if !path.is_ascii() {
        return Err("a path in a header is written in ASCII; percent-encode the other letters, as in `%C3%B6`".to_owned());
    }
    if path.starts_with("//") || path.contains("://") && !path.starts_with('/') {
        return Err(
            "a login page is a path on this site, beginning with one `/`; this names another host"
                .to_owned(),
        );
    }
    if !path.starts_with('/') {
        return Err(format!(
            "a login page is a path on this site; did you mean \"/{path}\"?"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_this_site_is_taken_with_its_query() {
        for path in ["/", "/signin", "/login?theme=dark&next=https://a.example/"] {
            assert_eq!(check_redirect(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn what_a_browser_could_take_for_another_host_is_refused() {
        for path in [
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "\\\\evil",
            "/\t/evil",
            "/a\nb",
            "javascript://x",
            "/zugang-für-alle",
        ] {
            assert!(check_redirect(path).is_err(), "{path}");
        }
        assert_eq!(
            check_redirect("signin"),
            Err("a login page is a path on this site; did you mean \"/signin\"?".to_owned())
        );
    }
}
