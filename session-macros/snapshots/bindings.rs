::session_runtime::__private::declare! {
    [] [pub (crate)] cart "r---cart\0"[::core::line!()]
    "\0GET /cart\0POST /cart\0"[Gated] Arity2 keys Many[updates_default:: < u32 >
    ("visits", 11210602124300687549)] [takes_option:: < String > ("notice",
    12154978164902980465)] [reads_result:: < u64 > ("", 0).of(& USER_ID)] [writes:: < u64
    > ("last", 312668867041707993)] [reads_or:: < String > ("language",
    15203366365119026011, & ::session_runtime::__private::Otherwise(|| "en".to_owned()))]
    [updates_option:: < Vec < Item > > ("items", 4501493784760101999)]
}
const _: () = ::session_runtime::__private::check_key::<u64>(USER_ID);
pub(crate) async fn cart(
    mut __gate: ::session_runtime::Gate<cart>,
    State(db): State<Db>,
) -> Result<impl IntoResponse, Oops> {
    {
        let mut __gate = __gate.take().await;
        let mut __b0 = __gate.first_value::<::session_runtime::__private::Update<u32>>();
        let visits = ::session_runtime::__private::Update::value(&mut __b0);
        let notice: Option<String> = __gate
            .next_value::<::core::option::Option<String>>();
        let user: Result<u64, SessionError> = __gate
            .next_value::<
                ::core::result::Result<u64, ::session_runtime::SessionError>,
            >();
        let last: Slot<u64> = __gate.next_value::<::session_runtime::Slot<u64>>();
        let language = __gate.next_value::<String>();
        let mut __b5: ::session_runtime::__private::Update<Option<Vec<Item>>> = __gate
            .next_value::<
                ::session_runtime::__private::Update<::core::option::Option<Vec<Item>>>,
            >();
        let items = ::session_runtime::__private::Update::value(&mut __b5);
        let __out = async move {
            #[allow(
                unreachable_code,
                clippy::diverging_sub_expression,
                clippy::empty_loop,
                clippy::let_unit_value,
                clippy::let_with_type_underscore,
                clippy::needless_return,
                clippy::unreachable,
            )]
            if false {
                let __never: Result<_, Oops> = loop {};
                return __never;
            }
            ({
                *visits += 1;
                Ok(show(db, user?, language).await)
            })
        }
            .await;
        #[allow(unreachable_code)] ::session_runtime::__private::Update::store(__b0);
        #[allow(unreachable_code)] ::session_runtime::__private::Update::store(__b5);
        __out
    }
}
