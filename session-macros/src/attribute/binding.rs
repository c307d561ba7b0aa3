//! `#[session(default, pop, set, key = ..)]` on a parameter, as written.

use proc_macro2::Span;
use syn::{Attribute, Expr, LitStr, Meta, Path};

use super::options::{Given, Options, Vocabulary, Word, string};
use crate::error::Errors;

const BELONGS_ON_THE_FUNCTION: &str =
    "this option is about the session as a whole: put it on the function, above `async fn`";

const VOCABULARY: Vocabulary = Vocabulary {
    attribute: "#[session]",
    words: &[
        Word::with_optional_value("default"),
        Word::flag("pop"),
        Word::flag("set"),
        Word::with_value("key", "\"name\""),
    ],
    elsewhere: &[
        ("permanent", BELONGS_ON_THE_FUNCTION),
        ("lifetime", BELONGS_ON_THE_FUNCTION),
        ("renew", BELONGS_ON_THE_FUNCTION),
        ("clear", BELONGS_ON_THE_FUNCTION),
        ("read_only", BELONGS_ON_THE_FUNCTION),
        ("lock", BELONGS_ON_THE_FUNCTION),
    ],
    bare_string: Some("key"),
    bare_constant: Some("key"),
};

/// Keys that the session keeps its own books under.
const RESERVED: [&str; 4] = ["_permanent", "_created", "_epoch", "_fresh"];

/// The options of a parameter's `#[session]`.
pub(crate) struct BindingOptions {
    pub(crate) key: Option<Key>,
    pub(crate) default: Option<Default>,
    pub(crate) pop: Option<Span>,
    pub(crate) set: Option<Span>,
}

/// The value for a missing key: an expression, or the type's own default.
pub(crate) struct Default {
    pub(crate) span: Span,
    pub(crate) value: Option<Expr>,
}

/// The name of a value in the session.
#[derive(Clone)]
pub(crate) enum Key {
    Literal(LitStr),
    /// A constant of type `Key<T>`.
    Constant(Path),
}

/// Reads a parameter's `#[session]`; `None` if it was refused.
pub(crate) fn read(attribute: Attribute, errors: &mut Errors) -> Option<BindingOptions> {
    let before = errors.count();
    let args = match attribute.meta {
        Meta::Path(_) => proc_macro2::TokenStream::new(),
        Meta::List(list) => list.tokens,
        Meta::NameValue(written) => {
            let sentence = match string(&written.value) {
                Some(_) => "options stand in parentheses: `#[session(key = \"name\")]`",
                None => "options stand in parentheses: `#[session(default = ..)]`",
            };
            errors.over(&written, sentence);
            return None;
        }
    };
    let mut options = Options::read(args, &VOCABULARY, errors);
    let key = options
        .take("key")
        .and_then(|given| read_key(given, errors));
    let default = options.take("default").map(|given| Default {
        span: given.name.span(),
        value: given.value,
    });
    let (pop, set) = (options.take_flag("pop"), options.take_flag("set"));
    (errors.count() == before).then_some(BindingOptions {
        key,
        default,
        pop,
        set,
    })
}

/// Refuses a name that no value can have; true if it is fine.
pub(crate) fn check_key(key: &LitStr, errors: &mut Errors) -> bool {
    let text = key.value();
    let sentence = if text.is_empty() {
        "a session key has a name; write one between the quotes".to_owned()
    } else if RESERVED.contains(&text.as_str()) {
        format!(
            "`{text}` is the session's own key; choose another name, as in `key = \"{}\"`",
            text.trim_start_matches('_')
        )
    } else {
        return true;
    };
    errors.at(key.span(), sentence);
    false
}

fn read_key(given: Given, errors: &mut Errors) -> Option<Key> {
    let value = given.value?;
    if let Some(literal) = string(&value) {
        return check_key(literal, errors).then(|| Key::Literal(literal.clone()));
    }
    let mut expr = &value;
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    match expr {
        Expr::Path(path) if path.qself.is_none() => Some(Key::Constant(path.path.clone())),
        _ => {
            errors.over(
                &value,
                "a key is a name in quotes or a `Key` constant: `key = \"name\"`, `key = USER_ID`",
            );
            None
        }
    }
}
