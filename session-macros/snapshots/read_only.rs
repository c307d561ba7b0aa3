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
struct look {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for look {
    const TEXT: &'static str = ::core::concat!(
        "r--look\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0GET /\0"
    );
    const OPTIONS: ::session_runtime::__private::Options = ::session_runtime::__private::Options::new()
        .read_only();
    type Front = ::session_runtime::__private::Gated;
}
#[allow(clippy::too_many_arguments)]
async fn look(
    mut __gate: ::session_runtime::Gate<look>,
    session: <Session as ::session_runtime::__private::ReadOnly>::Handle,
    State(s): State<App>,
) -> Result<String> {
    {
        __gate.enter::<()>();
        #[allow(unused_braces)] { session.get("x") }
    }
}
