::session_runtime::__private::declare! {
    [] [pub] index "rp--index\0"[::core::line!()] "\0GET /\0"[Open] Arity0
}
#[allow(clippy::unused_async)]
/// The start page.
pub async fn index() -> &'static str {
    "hello"
}
