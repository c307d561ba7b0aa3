//! Logging in and out, and the page of whoever is logged in.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use session_runtime::local_path;
use session_runtime::prelude::*;

use crate::book::{Book, Member, Recipe};
use crate::keys::{MEMBER, NOTICE};
use crate::page::{Page, short};
use crate::recipes;

pub fn routes() -> Routes<Book> {
    routes![strict; login_page, login, logout, account]
}

#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    next: String,
    notice: Option<String>,
}

#[get("/login")]
#[public]
async fn login_page(
    Query(Next { next }): Query<Next>,
    #[session(pop, key = NOTICE)] notice: Option<String>,
) -> impl IntoResponse {
    let next = next.unwrap_or_else(|| url_for!(account));
    Page(LoginPage { next, notice })
}

#[derive(Deserialize)]
struct Login {
    name: String,
    next: String,
}

/// The name is all that is asked for here; an application asks for a password, and checks it.
#[post("/login")]
#[public]
#[session(renew, permanent)]
async fn login(
    #[session(set, key = MEMBER)] member: Slot<u32>,
    #[session(set, key = NOTICE)] notice: Slot<String>,
    Form(Login { name, next }): Form<Login>,
) -> Result<Redirect> {
    let Some(found) = Member::named(&name) else {
        notice.set(format!("Nobody here is called {}.", short(&name)))?;
        return Ok(Redirect::to(&url_for!(login_page, next = next)));
    };
    member.set(found.id)?;
    // What a form says is anybody's: only a path on this site is followed.
    Ok(Redirect::to(local_path(&next).unwrap_or("/")))
}

#[post("/logout")]
#[login_required]
#[session(clear)]
async fn logout(#[session(set, key = NOTICE)] notice: Slot<String>) -> Result<Redirect> {
    notice.set("You are logged out.".to_owned())?;
    Ok(Redirect::to(&url_for!(recipes::index)))
}

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    name: &'static str,
    is_editor: bool,
    recipes: Vec<Recipe>,
}

#[get("/account")]
#[login_required]
#[session(read_only)]
pub async fn account(
    State(book): State<Book>,
    #[session(key = MEMBER)] member: u32,
) -> impl IntoResponse {
    let mut recipes = book.recipes();
    recipes.retain(|recipe| recipe.author == member);
    let member = Member::by_id(member);
    Page(Account {
        name: member.map_or("nobody", |member| member.name),
        is_editor: member.is_some_and(|member| member.is_editor),
        recipes,
    })
}
