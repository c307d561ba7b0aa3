//! `#[login_required(redirect = "/signin")]`: lets only logged-in users in.

use proc_macro2::Span;
use syn::LitStr;

use super::Said;
use super::options::{Options, Vocabulary, Word, string};
use crate::error::Errors;

const VOCABULARY: Vocabulary = Vocabulary {
    attribute: "#[login_required]",
    words: &[Word::with_value("redirect", "\"/signin\"")],
    elsewhere: &[],
    bare_string: Some("redirect"),
};

/// The guard that wants a user.
pub(crate) struct LoginRequired {
    /// The login page, if it is another than the layer's.
    pub(crate) redirect: Option<LitStr>,
    /// The whole attribute.
    pub(crate) span: Span,
}

pub(super) fn read(said: Said, errors: &mut Errors) -> LoginRequired {
    let mut options = Options::read(said.args, &VOCABULARY, errors);
    let redirect = options.take("redirect").and_then(|given| {
        let value = given.value?;
        match string(&value) {
            Some(literal) => match check_redirect(&literal.value()) {
                Ok(()) => Some(literal.clone()),
                Err(sentence) => {
                    errors.at(literal.span(), sentence);
                    None
                }
            },
            None => {
                errors.over(
                    &value,
                    "`redirect` is a path in quotes: `redirect = \"/signin\"`",
                );
                None
            }
        }
    });
    LoginRequired {
        redirect,
        span: said.span,
    }
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
