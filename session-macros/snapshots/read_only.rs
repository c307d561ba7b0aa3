::session_runtime::__private::declare! {
    [] [] look "r---look\0"[::core::line!()] "\0GET /\0"[Gated] Arity3
    options[.read_only()]
}
async fn look(
    mut __gate: ::session_runtime::Gate<look>,
    session: <Session as ::session_runtime::__private::ReadOnly>::Handle,
    State(s): State<App>,
) -> Result<String> {
    {
        __gate.enter();
        ({ session.get("x") })
    }
}
