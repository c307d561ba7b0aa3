::session_runtime::__private::declare! {
    [] [] visit "r---visit\0"[::core::line!()] "\0POST /visit\0"[Gated] Arity1
    key[updates_default:: < u32 > ("visits", 11210602124300687549)]
}
async fn visit(mut __gate: ::session_runtime::Gate<visit>) -> String {
    {
        let mut __b0 = __gate.first_value::<::session_runtime::__private::Update<u32>>();
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
