//! A shop's basket: values that a handler changes in place, a login page that leads back, and messages that are shown
//! once. `cargo run --example basket` serves it on port 3000, or `PORT`.

use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use session_runtime::local_path;
use session_runtime::prelude::*;
use tokio::net::TcpListener;

const USER_NAME: Key<String> = Key::new("user_id");
const BASKET: Key<Vec<Item>> = Key::new("basket");

/// What the shop sells.
const GOODS: [&str; 2] = ["tea", "milk"];

#[derive(Clone, Serialize, Deserialize)]
struct Item {
    name: String,
    quantity: u32,
}

#[get("/")]
async fn index(
    #[session(key = BASKET, default)] basket: Vec<Item>,
    #[session(pop)] message: Option<String>,
) -> Html<String> {
    let mut page = message
        .map(|text| format!("<p><b>{}</b></p>", escaped(&text)))
        .unwrap_or_default();
    for Item { name, quantity } in &basket {
        page += &format!("<p>{quantity} × {}</p>", escaped(name));
    }
    for name in GOODS {
        let action = url_for!(add, name = name);
        page +=
            &format!(r#"<form method="post" action="{action}"><button>Add {name}</button></form>"#);
    }
    page += &format!(r#"<p><a href="{}">Check out</a></p>"#, url_for!(checkout));
    Html(page)
}

#[post("/basket/{name}")]
async fn add(
    Path(name): Path<String>,
    #[session(key = BASKET, default)] basket: &mut Vec<Item>,
    #[session(set)] message: Slot<String>,
) -> Result<Response> {
    if !GOODS.contains(&&*name) {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    message.set(format!("{name} is in the basket"))?;
    match basket.iter_mut().find(|item| item.name == name) {
        Some(item) => item.quantity += 1,
        None => basket.push(Item { name, quantity: 1 }),
    }
    Ok(Redirect::to(&url_for!(index)).into_response())
}

#[get("/checkout")]
#[login_required(redirect = "/login")]
async fn checkout(
    #[session(key = USER_NAME)] user: String,
    #[session(key = BASKET, default)] basket: Vec<Item>,
) -> Html<String> {
    let count: u32 = basket.iter().map(|item| item.quantity).sum();
    let logout = url_for!(logout);
    Html(format!(
        r#"<p>{}, you buy {count} things.</p><form method="post" action="{logout}"><button>Log out</button></form>"#,
        escaped(&user)
    ))
}

#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[get("/login")]
async fn login_page(Query(Next { next }): Query<Next>) -> Html<String> {
    let next = escaped(&next.unwrap_or_else(|| url_for!(index)));
    Html(format!(
        r#"<form method="post"><input name="user" placeholder="name"><input type="hidden" name="next" value="{next}"><button>Log in</button></form>"#
    ))
}

#[derive(Deserialize)]
struct Login {
    user: String,
    next: String,
}

#[post("/login")]
#[session(renew, permanent)]
async fn login(
    #[session(set, key = USER_NAME)] user: Slot<String>,
    Form(form): Form<Login>,
) -> Result<Redirect> {
    // What a form says is anybody's: a cookie has room for little, and only a path on this site is followed.
    user.set(form.user.chars().take(40).collect())?;
    Ok(Redirect::to(local_path(&form.next).unwrap_or("/")))
}

#[post("/logout")]
async fn logout(session: Session) -> Result<Redirect> {
    session.clear()?;
    session.set("message", "You are logged out")?;
    Ok(Redirect::to(&url_for!(index)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let layer = SessionLayer::new(SessionConfig::development()?);
    let app = routes![index, add, checkout, login_page, login, logout].with_sessions(layer);

    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
