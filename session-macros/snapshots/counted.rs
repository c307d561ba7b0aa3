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
    const TEXT: &'static str = ::core::concat!(
        "r--visit\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0POST /visit\0"
    );
    const KEYS: &'static [::session_runtime::__private::KeyUse] = &[
        ::session_runtime::__private::KeyUse::new::<
            u32,
        >("visits", ::session_runtime::__private::Access::Update),
    ];
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
async fn visit(mut __gate: ::session_runtime::Gate<visit>) -> String {
    {
        let (mut __b0,) = __gate.enter::<(::session_runtime::__private::Update<u32>,)>();
        let visits = ::session_runtime::__private::Update::value(&mut __b0);
        #[allow(unused_braces, clippy::let_unit_value, clippy::let_with_type_underscore)]
        let __out: String = {
            *visits += 1;
            visits.to_string()
        };
        #[allow(unreachable_code)] ::session_runtime::__private::Update::store(__b0);
        __out
    }
}
