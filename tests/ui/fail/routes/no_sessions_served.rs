use session_runtime::prelude::*;

#[get("/")]
async fn index() {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    axum::serve(listener, routes![index]).await
}
