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
struct account {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for account {
    const TEXT: &'static str = ::core::concat!(
        "r--account\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0GET /account\0"
    );
    const GUARDS: &'static [::session_runtime::__private::GuardInfo] = &[
        ::session_runtime::__private::GuardInfo::login(
            ::session_runtime::LoginRequired.redirect("/signin"),
        ),
    ];
    const OPTIONS: ::session_runtime::__private::Options = ::session_runtime::__private::Options::new()
        .lifetime(900)
        .renew();
    type Front = ::session_runtime::__private::Gated;
}
#[allow(clippy::too_many_arguments)]
async fn account(
    mut __gate: ::session_runtime::Gate<account>,
    State(db): State<Db>,
) -> Html<String> {
    {
        __gate.enter::<()>();
        #[allow(unused_braces)] { page(db).await }
    }
}
