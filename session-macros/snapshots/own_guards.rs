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
struct edit {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for edit {
    const TEXT: &'static str = ::core::concat!(
        "r--edit\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0GET /posts/{id}\0"
    );
    const GUARDS: &'static [::session_runtime::__private::GuardInfo] = &[
        ::session_runtime::__private::GuardInfo::login(::session_runtime::LoginRequired),
        ::session_runtime::__private::GuardInfo::own("IsOwner"),
        ::session_runtime::__private::GuardInfo::own("HasRole(\"writer\")"),
        ::session_runtime::__private::GuardInfo::own("Limit::per_minute(5)"),
    ];
    type Front = ::session_runtime::__private::Guarded;
}
const _: () = {
    type __Guard0 = IsOwner;
    static __GUARD0: __Guard0 = __Guard0 {};
    type __Guard1 = HasRole;
    static __GUARD1: __Guard1 = __Guard1 { 0: "writer" };
    type __Guard2 = Limit;
    static __GUARD2: __Guard2 = __Guard2::per_minute(5);
    #[automatically_derived]
    impl<__S: ::core::marker::Sync> ::session_runtime::__private::OwnGuards<__S> for edit
    where
        __Guard0: ::session_runtime::Guard<__S>,
        __Guard1: ::session_runtime::Guard<__S>,
        __Guard2: ::session_runtime::Guard<__S>,
    {
        async fn ask(
            admission: &mut ::session_runtime::__private::Admission<'_, __S>,
        ) -> ::core::result::Result<(), ::session_runtime::__private::Response> {
            ::session_runtime::__private::Admission::ask(admission, &__GUARD0).await?;
            ::session_runtime::__private::Admission::ask(admission, &__GUARD1).await?;
            ::session_runtime::__private::Admission::ask(admission, &__GUARD2).await?;
            ::core::result::Result::Ok(())
        }
    }
};
#[allow(clippy::too_many_arguments)]
async fn edit(mut __gate: ::session_runtime::Gate<edit>, Path(id): Path<u64>) -> String {
    {
        __gate.enter::<()>();
        #[allow(unused_braces)] { page(id) }
    }
}
