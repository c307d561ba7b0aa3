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
    const INFO: &'static ::session_runtime::__private::Info = &::session_runtime::__private::Info {
        name: "index",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        routes: &[
            ::session_runtime::__private::RouteInfo {
                method: "GET",
                path: "/",
            },
        ],
        guards: &[],
        keys: &[],
        public: true,
        csrf_exempt: false,
        options: ::session_runtime::__private::Options::new(),
    };
    type Front = ::session_runtime::__private::Open;
}
#[allow(clippy::unused_async)]
/// The start page.
pub async fn index() -> &'static str {
    "hello"
}
