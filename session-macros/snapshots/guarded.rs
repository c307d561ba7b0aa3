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
    const INFO: &'static ::session_runtime::__private::Info = &::session_runtime::__private::Info {
        name: "account",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        routes: &[
            ::session_runtime::__private::RouteInfo {
                method: "GET",
                path: "/account",
            },
        ],
        guards: &[
            ::session_runtime::__private::GuardInfo::login(
                ::session_runtime::LoginRequired.redirect("/signin"),
            ),
        ],
        keys: &[],
        public: false,
        csrf_exempt: false,
        options: ::session_runtime::__private::Options::new().lifetime(900).renew(),
    };
    type Front = ::session_runtime::__private::Gated;
}
#[allow(clippy::too_many_arguments)]
async fn account(
    __gate: ::session_runtime::Gate<account>,
    State(db): State<Db>,
) -> Html<String> {
    {
        let ((), __session) = ::session_runtime::Gate::enter(__gate);
        #[allow(unused_braces)] { page(db).await }
    }
}
