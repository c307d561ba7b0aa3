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
    const INFO: &'static ::session_runtime::__private::Info = &::session_runtime::__private::Info {
        name: "look",
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
        public: false,
        csrf_exempt: false,
        options: ::session_runtime::__private::Options::new().read_only(),
    };
    type Front = ::session_runtime::__private::Gated;
}
#[allow(clippy::too_many_arguments)]
async fn look(
    __gate: ::session_runtime::Gate<look>,
    session: <Session as ::session_runtime::__private::ReadOnly>::Handle,
    State(s): State<App>,
) -> Result<String> {
    {
        let ((), __session) = ::session_runtime::Gate::enter(__gate);
        #[allow(unused_braces)] { session.get("x") }
    }
}
