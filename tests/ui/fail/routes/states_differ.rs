use axum::extract::State;
use session_runtime::prelude::*;

#[derive(Clone)]
struct Shop;

#[derive(Clone)]
struct Blog;

#[get("/shop")]
async fn shop(_: State<Shop>) {}

#[get("/blog")]
async fn blog(_: State<Blog>) {}

fn main() {
    let _: Routes<Shop> = routes![shop, blog];
}
