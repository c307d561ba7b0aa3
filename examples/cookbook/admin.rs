//! What editors do. The guards stand in front of the group, so that a route that is added here later is behind them too.

use askama::Template;
use axum::extract::{Json, Path, State};
use axum::response::IntoResponse;
use session_runtime::LoginRequired;
use session_runtime::prelude::*;

use crate::book::{Book, Recipe};
use crate::guards::IsEditor;
use crate::keys::NOTICE;
use crate::page::Page;

pub fn routes() -> Routes<Book> {
    routes![overview, export, reject]
        .guarded(LoginRequired)
        .guarded(IsEditor)
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    recipes: Vec<Recipe>,
    notice: Option<String>,
}

#[get("/")]
pub async fn overview(
    State(book): State<Book>,
    #[session(pop, key = NOTICE)] notice: Option<String>,
) -> impl IntoResponse {
    let recipes = book.recipes();
    Page(Overview { recipes, notice })
}

#[get("/export")]
#[session(read_only)]
async fn export(State(book): State<Book>) -> Json<Vec<Recipe>> {
    Json(book.recipes())
}

#[post("/recipes/{id}/reject")]
async fn reject(
    State(book): State<Book>,
    Path(id): Path<u32>,
    #[session(set, key = NOTICE)] notice: Slot<String>,
) -> Result<Redirect> {
    book.remove(id);
    notice.set(format!("Recipe {id} is rejected."))?;
    Ok(Redirect::to(&url_for!(overview)))
}
