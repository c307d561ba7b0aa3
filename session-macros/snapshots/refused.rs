::core::compile_error! {
    "`u64` is not an extractor; for a session value, write `#[session]` before the parameter; for a part of the path, take `Path(id): Path<u64>`"
}
::core::compile_error! {
    "`pop` removes the value, so there is nothing to borrow: take `Option<u32>`"
}
::session_runtime::__private::declare! {
    [] [] x "r--lx\0"[::core::line!()] "\0POST /x\0"[Gated] Arity1
}
async fn x(mut __gate: ::session_runtime::Gate<x>) -> String {
    {
        __gate.enter();
        ({
            {
                let id: u64 = ::core::option::Option::unwrap(
                    ::core::option::Option::None,
                );
                let visits: &mut u32 = ::core::option::Option::unwrap(
                    ::core::option::Option::None,
                );
                ({ format!("{id} {visits}") })
            }
        })
    }
}
