//! Who may do what, beyond being logged in.

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use session_runtime::{Guard, ReadOnlySession, url_for};

use crate::book::{Book, Member};
use crate::keys::MEMBER;
use crate::page::Page;

/// Only who wrote the recipe in the path.
pub struct IsAuthor;

impl Guard<Book> for IsAuthor {
    type Refusal = Refusal;

    async fn check(
        &self,
        session: &ReadOnlySession,
        parts: &mut Parts,
        book: &Book,
    ) -> Result<(), Refusal> {
        let path = Path::<u32>::from_request_parts(parts, book).await;
        let recipe = path.ok().and_then(|Path(id)| book.recipe(id));
        match recipe {
            None => Err(refuse(StatusCode::NOT_FOUND, "There is no such recipe.")),
            Some(recipe) if Some(recipe.author) == member(session) => Ok(()),
            Some(_) => Err(refuse(
                StatusCode::FORBIDDEN,
                "This recipe is somebody else's.",
            )),
        }
    }
}

/// Only editors.
pub struct IsEditor;

impl<S: Sync> Guard<S> for IsEditor {
    type Refusal = Refusal;

    async fn check(&self, session: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), Refusal> {
        match member(session).and_then(Member::by_id) {
            Some(member) if member.is_editor => Ok(()),
            _ => Err(refuse(StatusCode::FORBIDDEN, "This is for editors.")),
        }
    }
}

type Refusal = (StatusCode, Page<Refused>);

#[derive(Template)]
#[template(path = "refused.html")]
pub struct Refused {
    why: &'static str,
}

fn refuse(status: StatusCode, why: &'static str) -> Refusal {
    (status, Page(Refused { why }))
}

fn member(session: &ReadOnlySession) -> Option<u32> {
    session.get(MEMBER).ok().flatten()
}
