#[doc(hidden)]
#[allow(
    non_camel_case_types,
    dead_code,
    missing_docs,
    unreachable_pub,
    missing_copy_implementations,
    missing_debug_implementations,
    clippy::exhaustive_structs,
)]
pub struct index {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for index {
    const TEXT: &'static str = ::core::concat!(
        "rp-index\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0GET /\0"
    );
    type Front = ::session_runtime::__private::Open;
}
#[allow(clippy::unused_async)]
/// The start page.
pub async fn index() -> &'static str {
    "hello"
}
