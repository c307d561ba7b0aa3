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
struct visit {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for visit {
    const INFO: &'static ::session_runtime::__private::Info = &::session_runtime::__private::Info {
        name: "visit",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        routes: &[
            ::session_runtime::__private::RouteInfo {
                method: "POST",
                path: "/visit",
            },
        ],
        guards: &[],
        keys: &[
            ::session_runtime::__private::KeyUse::new::<
                u32,
            >("visits", ::session_runtime::__private::Access::Update),
        ],
        public: false,
        csrf_exempt: false,
        options: ::session_runtime::__private::Options::new(),
    };
    type Front = ::session_runtime::__private::Gated;
    fn bind(
        session: &::session_runtime::Session,
    ) -> ::core::result::Result<
        ::session_runtime::__private::Values,
        ::session_runtime::__private::Refusal,
    > {
        ::session_runtime::__private::hold::<
            (::session_runtime::__private::Update<u32>,),
        >((
            ::session_runtime::__private::update_default::<
                u32,
            >(
                session,
                ::session_runtime::__private::Key::new("visits"),
                || ::core::default::Default::default(),
            ),
        ))
    }
}
#[allow(clippy::too_many_arguments)]
async fn visit(__gate: ::session_runtime::Gate<visit>) -> String {
    {
        let ((mut __b0,), __session) = ::session_runtime::Gate::enter::<
            (::session_runtime::__private::Update<u32>,),
        >(__gate);
        let visits = ::session_runtime::__private::Update::value(&mut __b0);
        #[allow(
            unreachable_code,
            unused_braces,
            clippy::let_unit_value,
            clippy::let_with_type_underscore
        )]
        let __out: String = {
            *visits += 1;
            visits.to_string()
        };
        ::session_runtime::__private::Update::store(__b0);
        __out
    }
}
