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
pub(crate) struct cart {}
#[automatically_derived]
impl ::session_runtime::__private::Contract for cart {
    const TEXT: &'static str = ::core::concat!(
        "r--cart\0", ::core::module_path!(), "\0", ::core::file!(), "\0",
        ::core::line!(), "\0GET /cart\0POST /cart\0"
    );
    const KEYS: &'static [::session_runtime::__private::KeyUse] = &[
        ::session_runtime::__private::KeyUse::new::<
            u32,
        >("visits", ::session_runtime::__private::Access::Update),
        ::session_runtime::__private::KeyUse::new::<
            String,
        >("notice", ::session_runtime::__private::Access::Take),
        ::session_runtime::__private::KeyUse::new::<
            u64,
        >(
            ::session_runtime::__private::Key::name(&USER_ID),
            ::session_runtime::__private::Access::Read,
        ),
        ::session_runtime::__private::KeyUse::new::<
            u64,
        >("last", ::session_runtime::__private::Access::Write),
        ::session_runtime::__private::KeyUse::new::<
            String,
        >("language", ::session_runtime::__private::Access::Read),
        ::session_runtime::__private::KeyUse::new::<
            Vec<Item>,
        >("items", ::session_runtime::__private::Access::Update),
    ];
    type Front = ::session_runtime::__private::Gated;
    fn bind(
        session: &::session_runtime::Session,
    ) -> ::core::result::Result<
        ::session_runtime::__private::Values,
        ::session_runtime::__private::Refusal,
    > {
        ::session_runtime::__private::hold::<
            (
                ::session_runtime::__private::Update<u32>,
                ::session_runtime::__private::Take<Option<String>>,
                Result<u64, SessionError>,
                Slot<u64>,
                String,
                ::session_runtime::__private::Update<Option<Vec<Item>>>,
            ),
        >((
            ::session_runtime::__private::update_default::<
                u32,
            >(
                session,
                ::session_runtime::__private::Key::new("visits"),
                || ::core::default::Default::default(),
            ),
            ::session_runtime::__private::take_option::<
                String,
            >(session, ::session_runtime::__private::Key::new("notice")),
            ::session_runtime::__private::read_result::<u64>(session, USER_ID),
            ::session_runtime::__private::slot::<
                u64,
            >(session, ::session_runtime::__private::Key::new("last")),
            ::session_runtime::__private::read_default::<
                String,
            >(
                session,
                ::session_runtime::__private::Key::new("language"),
                || "en".to_owned(),
            ),
            ::session_runtime::__private::update_option::<
                Vec<Item>,
            >(session, ::session_runtime::__private::Key::new("items")),
        ))
    }
}
const _: () = ::session_runtime::__private::check_key(
    ::session_runtime::__private::Key::name(&USER_ID),
);
#[allow(clippy::too_many_arguments)]
pub(crate) async fn cart(
    mut __gate: ::session_runtime::Gate<cart>,
    State(db): State<Db>,
) -> Result<impl IntoResponse, Oops> {
    {
        let mut __gate = __gate.take().await;
        let (mut __b0, __b1, __b2, __b3, __b4, mut __b5) = __gate
            .enter::<
                (
                    ::session_runtime::__private::Update<u32>,
                    ::session_runtime::__private::Take<Option<String>>,
                    Result<u64, SessionError>,
                    Slot<u64>,
                    String,
                    ::session_runtime::__private::Update<Option<Vec<Item>>>,
                ),
            >();
        let visits = ::session_runtime::__private::Update::value(&mut __b0);
        let notice = ::session_runtime::__private::Take::value(__b1);
        let user = __b2;
        let last = __b3;
        let language = __b4;
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
            #[allow(unused_braces)]
            {
                *visits += 1;
                Ok(show(db, user?, language).await)
            }
        }
            .await;
        #[allow(unreachable_code)] ::session_runtime::__private::Update::store(__b0);
        #[allow(unreachable_code)] ::session_runtime::__private::Update::store(__b5);
        __out
    }
}
