//! A shopping list for everybody, logged in or not: it is in the session and nowhere else.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use session_runtime::prelude::*;

use crate::book::{Book, Recipe};
use crate::keys::{NOTICE, SHOPPING};
use crate::page::Page;
use crate::recipes;

pub fn routes() -> Routes<Book> {
    routes![strict; list, add, done]
}

#[derive(Template)]
#[template(path = "shopping.html")]
struct List {
    recipes: Vec<Recipe>,
}

#[get("/shopping")]
#[public]
#[session(read_only)]
pub async fn list(
    State(book): State<Book>,
    #[session(default, key = SHOPPING)] shopping: Vec<u32>,
) -> impl IntoResponse {
    let recipes = shopping.iter().filter_map(|id| book.recipe(*id)).collect();
    Page(List { recipes })
}

#[post("/shopping/{id}")]
#[public]
pub async fn add(
    State(book): State<Book>,
    Path(id): Path<u32>,
    #[session(default, key = SHOPPING)] shopping: &mut Vec<u32>,
) -> Result<Redirect, StatusCode> {
    book.recipe(id).ok_or(StatusCode::NOT_FOUND)?;
    if !shopping.contains(&id) {
        shopping.push(id);
    }
    Ok(Redirect::to(&url_for!(list)))
}

#[post("/shopping/done")]
#[public]
async fn done(
    #[session(default, pop, key = SHOPPING)] shopping: Vec<u32>,
    #[session(set, key = NOTICE)] notice: Slot<String>,
) -> Result<Redirect> {
    let words = match shopping.len() {
        0 => "There is nothing to shop for.",
        _ => "Enjoy your meal.",
    };
    notice.set(words.to_owned())?;
    Ok(Redirect::to(&url_for!(recipes::index)))
}
