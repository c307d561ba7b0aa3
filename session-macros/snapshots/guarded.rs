::session_runtime::__private::declare! {
    [] [] account "r---account\0"[::core::line!()] "\0GET /account\0"[Gated] Arity2
    guards[login(::session_runtime::LoginRequired.redirect("/signin"))]
    options[.lifetime(900).renew()]
}
async fn account(
    mut __gate: ::session_runtime::Gate<account>,
    State(db): State<Db>,
) -> Html<String> {
    {
        __gate.enter();
        ({ page(db).await })
    }
}
