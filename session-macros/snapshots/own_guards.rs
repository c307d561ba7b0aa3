::session_runtime::__private::declare! {
    [] [] edit "r---edit\0"[::core::line!()] "\0GET /posts/{id}\0"[Guarded] Arity2
    guards[login(::session_runtime::LoginRequired) own("IsOwner")
    own("HasRole(\"writer\")") own("Limit::per_minute(5)")]
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
async fn edit(mut __gate: ::session_runtime::Gate<edit>, Path(id): Path<u64>) -> String {
    {
        __gate.enter();
        ({ page(id) })
    }
}
