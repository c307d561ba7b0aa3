::core::compile_error! {
    "`u64` is not an extractor; for a session value, write `#[session]` before the parameter"
}
::core::compile_error! {
    "`pop` removes the value, so there is nothing to borrow: take `Option<u32>`"
}
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
struct x {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for x {
    const TEXT: &'static str = ::core::concat!(
        "r--x\0", ::core::module_path!(), "\0", ::core::file!(), "\0", ::core::line!(),
        "\0POST /x\0"
    );
    const GUARDS: &'static [::session_runtime::__private::GuardInfo] = &[
        ::session_runtime::__private::GuardInfo::login(::session_runtime::LoginRequired),
    ];
    type Front = ::session_runtime::__private::Gated;
}
#[allow(clippy::too_many_arguments)]
async fn x(mut __gate: ::session_runtime::Gate<x>) -> String {
    {
        __gate.enter::<()>();
        #[allow(unused_braces)]
        {
            {
                let id: u64 = ::core::option::Option::unwrap(
                    ::core::option::Option::None,
                );
                let visits: &mut u32 = ::core::option::Option::unwrap(
                    ::core::option::Option::None,
                );
                #[allow(unused_braces)] { format!("{id} {visits}") }
            }
        }
    }
}
