//! The recipes: everybody reads them, members write them, authors change them.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use session_runtime::prelude::*;

use crate::book::{Book, Draft, Recipe};
use crate::guards::IsAuthor;
use crate::keys::{MEMBER, NOTICE};
use crate::page::{Page, short};
use crate::shopping;

pub fn routes() -> Routes<Book> {
    routes![strict; index, show, new, create, edit, update, remove]
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    recipes: Vec<Recipe>,
    notice: Option<String>,
}

#[get("/")]
#[public]
pub async fn index(
    State(book): State<Book>,
    #[session(pop, key = NOTICE)] notice: Option<String>,
) -> impl IntoResponse {
    let recipes = book.recipes();
    Page(Index { recipes, notice })
}

#[derive(Template)]
#[template(path = "recipe.html")]
struct Show {
    recipe: Recipe,
    is_author: bool,
    notice: Option<String>,
}

#[get("/recipes/{id}")]
#[public]
pub async fn show(
    State(book): State<Book>,
    Path(id): Path<u32>,
    #[session(key = MEMBER)] member: Option<u32>,
    #[session(pop, key = NOTICE)] notice: Option<String>,
) -> Result<impl IntoResponse, StatusCode> {
    let recipe = book.recipe(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Page(Show {
        is_author: member == Some(recipe.author),
        recipe,
        notice,
    }))
}

#[derive(Template)]
#[template(path = "form.html")]
struct Editor {
    action: String,
    title: String,
    ingredients: String,
}

#[get("/recipes/new")]
#[login_required]
pub async fn new() -> impl IntoResponse {
    Page(Editor {
        action: url_for!(create),
        title: String::new(),
        ingredients: String::new(),
    })
}

#[post("/recipes")]
#[login_required]
async fn create(
    State(book): State<Book>,
    #[session(key = MEMBER)] member: u32,
    #[session(set, key = NOTICE)] notice: Slot<String>,
    Form(draft): Form<Draft>,
) -> Result<Redirect> {
    notice.set(format!("{} is in the book.", short(&draft.title)))?;
    let id = book.add(member, draft);
    Ok(Redirect::to(&url_for!(show, id = id)))
}

#[get("/recipes/{id}/edit")]
#[login_required]
#[guard(IsAuthor)]
async fn edit(
    State(book): State<Book>,
    Path(id): Path<u32>,
) -> Result<impl IntoResponse, StatusCode> {
    let Draft { title, ingredients } = book.recipe(id).ok_or(StatusCode::NOT_FOUND)?.draft;
    Ok(Page(Editor {
        action: url_for!(update, id = id),
        title,
        ingredients,
    }))
}

#[post("/recipes/{id}")]
#[login_required]
#[guard(IsAuthor)]
async fn update(
    State(book): State<Book>,
    Path(id): Path<u32>,
    #[session(set, key = NOTICE)] notice: Slot<String>,
    Form(draft): Form<Draft>,
) -> Result<Redirect> {
    notice.set(format!("{} is changed.", short(&draft.title)))?;
    book.change(id, draft);
    Ok(Redirect::to(&url_for!(show, id = id)))
}

#[post("/recipes/{id}/remove")]
#[login_required]
#[guard(IsAuthor)]
async fn remove(
    State(book): State<Book>,
    Path(id): Path<u32>,
    #[session(set, key = NOTICE)] notice: Slot<String>,
) -> Result<Redirect> {
    book.remove(id);
    notice.set("The recipe is gone.".to_owned())?;
    Ok(Redirect::to(&url_for!(index)))
}
