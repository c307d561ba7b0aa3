//! Flashed messages, where Flask keeps them: a list of tuples of category and message under one key.

use crate::session::tree::Tree;
use crate::session::{Result, Session, SessionError};

use super::tag::{self, tagged};

const KEY: &str = "_flashes";

/// Leaves a message for the next page that shows messages, as Flask's `flash` does. Flask's own default for the category
/// is `message`.
///
/// # Errors
///
/// [`SessionError::ReadOnly`], [`SessionError::Committed`], and [`SessionError::WrongType`] if what is kept under
/// `_flashes` is no list.
///
/// # Examples
///
/// ```
/// use session_runtime::flask;
///
/// # fn main() -> session_runtime::Result<()> {
/// # let session = session_runtime::testing::session();
/// flask::flash(&session, "Your changes are saved.", "info")?;
/// flask::flash(&session, "The picture was too large.", "error")?;
/// let errors: Vec<_> = flask::flashes(&session)?
///     .into_iter()
///     .filter_map(|(category, message)| (category == "error").then_some(message))
///     .collect();
/// assert_eq!(errors, ["The picture was too large."]);
/// # Ok(())
/// # }
/// ```
pub fn flash(session: &Session, message: &str, category: &str) -> Result<()> {
    let kept = session.kept(KEY).unwrap_or_else(|| "[]".into());
    let Tree::List(mut messages) = Tree::parse(&kept) else {
        return Err(wrong_type());
    };
    let pair = Tree::List(vec![Tree::text(category), Tree::text(message)]);
    messages.push(tagged(" t", pair));
    session.set_kept(KEY, Tree::List(messages).to_json().into())
}

/// The flashed messages, each with its category before it, oldest first. The first call of a request takes them all out of
/// the session, and every later one gives the same; what is flashed in between waits for the next request. It is Flask's
/// `get_flashed_messages(with_categories=True)`.
///
/// Of requests that run at the same time each may get them, in a [store](crate::store) too; a message that must be shown once is
/// kept under a key of its own and taken with `#[session(pop)]`.
///
/// A category or message that is no text is given as its JSON.
///
/// # Errors
///
/// [`SessionError::ReadOnly`], [`SessionError::Committed`], and [`SessionError::WrongType`] if what was kept under
/// `_flashes` is no list of pairs; it is taken all the same.
pub fn flashes(session: &Session) -> Result<Vec<(String, String)>> {
    let Some(kept) = session.take_for_request(KEY)? else {
        return Ok(Vec::new());
    };
    match tag::read(Tree::parse(&kept)) {
        Ok(Tree::List(messages)) => messages.into_iter().map(pair).collect(),
        _ => Err(wrong_type()),
    }
}

fn pair(message: Tree<'_>) -> Result<(String, String)> {
    let Tree::List(parts) = message else {
        return Err(wrong_type());
    };
    let text = |part: &Tree<'_>| part.as_text().unwrap_or_else(|| part.to_json());
    match &parts[..] {
        [category, message] => Ok((text(category), text(message))),
        _ => Err(wrong_type()),
    }
}

fn wrong_type() -> SessionError {
    SessionError::WrongType {
        key: KEY.to_owned(),
        reason: "another value where a list of category and message is expected".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{session, session_with};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(category, message)| ((*category).to_owned(), (*message).to_owned()))
            .collect()
    }

    #[test]
    fn the_first_read_of_a_request_takes_all() {
        let session = session();
        assert_eq!(flashes(&session), Ok(vec![]));
        let session = session_with(json!({"_flashes": [["info", "a"]]})).unwrap();
        assert_eq!(flashes(&session), Ok(pairs(&[("info", "a")])));
        flash(&session, "b", "error").unwrap();
        assert_eq!(flashes(&session), Ok(pairs(&[("info", "a")])));
        assert_eq!(
            session.kept(KEY).as_deref(),
            Some(r#"[{" t":["error","b"]}]"#)
        );
    }

    #[test]
    fn markup_and_what_is_no_text_is_shown() {
        let kept =
            json!({"_flashes": [{" t": ["message", {" m": "<b>"}]}, {" t": ["message", 5]}]});
        let session = session_with(kept).unwrap();
        let expected = pairs(&[("message", "<b>"), ("message", "5")]);
        assert_eq!(flashes(&session), Ok(expected));
    }

    #[test]
    fn what_is_no_list_of_pairs_fails_once_and_is_gone() {
        let session = session_with(json!({"_flashes": 5})).unwrap();
        assert_eq!(flash(&session, "a", "info"), Err(wrong_type()));
        assert_eq!(flashes(&session), Err(wrong_type()));
        assert!(!session.contains(KEY));
    }
}
