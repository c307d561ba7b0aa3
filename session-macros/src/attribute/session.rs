//! `#[session(permanent, lifetime = "15m", renew, clear, read_only, lock)]` on a function: what the route does to the session
//! as a whole.

use proc_macro2::Span;

use super::options::{Options, Vocabulary, Word, string};
use super::{Said, duration};
use crate::error::Errors;

const BELONGS_ON_A_PARAMETER: &str = "this option binds one value: put it on a parameter, as in `#[session(pop)] notice: Option<String>`";

const VOCABULARY: Vocabulary = Vocabulary {
    attribute: "#[session]",
    words: &[
        Word::flag("permanent"),
        Word::with_value("lifetime", "\"15m\""),
        Word::flag("renew"),
        Word::flag("clear"),
        Word::flag("read_only"),
        Word::flag("lock"),
    ],
    elsewhere: &[
        ("default", BELONGS_ON_A_PARAMETER),
        ("key", BELONGS_ON_A_PARAMETER),
        ("pop", BELONGS_ON_A_PARAMETER),
        ("set", BELONGS_ON_A_PARAMETER),
    ],
    bare_string: None,
    bare_constant: None,
};

/// What a route does to the session; each option with its place.
#[derive(Default)]
pub(crate) struct SessionOptions {
    pub(crate) permanent: Option<Span>,
    pub(crate) lifetime: Option<Lifetime>,
    pub(crate) renew: Option<Span>,
    pub(crate) clear: Option<Span>,
    pub(crate) read_only: Option<Span>,
    pub(crate) lock: Option<Span>,
}

/// How long a session lives from now on.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    pub(crate) seconds: u64,
    /// The option's name.
    pub(crate) span: Span,
}

pub(super) fn read(said: Said, errors: &mut Errors) -> SessionOptions {
    if said.args.is_empty() {
        errors.at(said.span, "`#[session]` on a function needs an option, as in `#[session(permanent)]`; to bind a value, put it on a parameter");
    }
    let mut options = Options::read(said.args, &VOCABULARY, errors);
    let lifetime = options.take("lifetime").and_then(|given| {
        let value = given.value?;
        let span = given.name.span();
        let seconds = match string(&value) {
            Some(literal) => match duration::seconds(&literal.value()) {
                Ok(seconds) => Some(seconds),
                Err(sentence) => {
                    errors.at(literal.span(), sentence);
                    None
                }
            },
            None => {
                errors.over(&value, "a lifetime is a number and a unit (s, m, h or d) in quotes: `lifetime = \"15m\"`");
                None
            }
        };
        Some(Lifetime { seconds: seconds?, span })
    });
    SessionOptions {
        permanent: options.take_flag("permanent"),
        lifetime,
        renew: options.take_flag("renew"),
        clear: options.take_flag("clear"),
        read_only: options.take_flag("read_only"),
        lock: options.take_flag("lock"),
    }
}

impl SessionOptions {
    /// Adds what a second `#[session]` of the same function says.
    pub(crate) fn merge(&mut self, later: Self, errors: &mut Errors) {
        let mut twice = |name: &str, span: Span| {
            errors.at(span, format!("`{name}` is given twice; write it once"))
        };
        let flags = [
            ("permanent", &mut self.permanent, later.permanent),
            ("renew", &mut self.renew, later.renew),
            ("clear", &mut self.clear, later.clear),
            ("read_only", &mut self.read_only, later.read_only),
            ("lock", &mut self.lock, later.lock),
        ];
        for (name, flag, later) in flags {
            match later {
                Some(span) if flag.is_some() => twice(name, span),
                Some(span) => *flag = Some(span),
                None => {}
            }
        }
        match later.lifetime {
            Some(lifetime) if self.lifetime.is_some() => twice("lifetime", lifetime.span),
            Some(lifetime) => self.lifetime = Some(lifetime),
            None => {}
        }
    }

    /// The options that change the session, by name.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&'static str, Span)> {
        [
            ("permanent", self.permanent),
            ("lifetime", self.lifetime.map(|lifetime| lifetime.span)),
            ("renew", self.renew),
            ("clear", self.clear),
        ]
        .into_iter()
        .filter_map(|(name, span)| Some((name, span?)))
    }
}
