//! What a `#[session]` parameter cannot be, and what is meant as one.

use proc_macro2::TokenStream;
use quote::quote;

use super::refuses;
use crate::tests::{expand_all, sentences};

#[test]
fn a_binding_and_its_type_have_to_fit() {
    let a = |parameter: TokenStream| quote!(#[get("/")] async fn a(#parameter) {});
    refuses(a(quote!(#[session] x: &str)), "read as `String`");
    refuses(a(quote!(#[session(pop)] x: &mut u8)), "take `Option<u8>`");
    refuses(
        a(quote!(#[session(pop)] x: Result<u8, SessionError>)),
        "a `Result` is for reading",
    );
    refuses(a(quote!(#[session] x: Option<&str>)), "write `String` here");
    refuses(
        a(quote!(#[session(pop)] x: Option<&'static str>)),
        "write `String` here",
    );
    refuses(
        a(quote!(#[session] x: Option<&mut u32>)),
        "write `u32` here; to change it, take `&mut Option<u32>`",
    );
    refuses(
        a(quote!(#[session] x: Result<&[u8], SessionError>)),
        "write `Vec<u8>` here",
    );
    for (ty, own) in [
        (quote!(Vec<&str>), "String"),
        (quote!((u8, &'static str)), "String"),
        (quote!(Option<HashMap<&str, u8>>), "String"),
        (quote!([&'a u8; 2]), "u8"),
        (quote!(&mut &str), "String"),
        (quote!(&mut str), "String"),
        (quote!(&mut [(u8, u8)]), "Vec<(u8, u8)>"),
        (quote!(&mut Option<&mut Vec<u8>>), "Vec<u8>"),
    ] {
        let sentence = format!("is the handler's own: write `{own}` here");
        refuses(a(quote!(#[session] x: #ty)), &sentence);
    }
    // One that is only written may be lent for ever.
    for parameter in [
        quote!(#[session(set)] x: Slot<&'static str>),
        quote!(#[session] x: PhantomData<&'static u8>),
        quote!(#[session] x: Cow<'_, str>),
    ] {
        let said = sentences(expand_all(a(parameter)));
        assert!(said.is_empty(), "{said:#?}");
    }
    refuses(a(quote!(#[session(set)] x: u8)), "write `Slot<u8>`");
    refuses(
        a(quote!(#[session(set)] x: Option<Slot<u8>>)),
        "write `Slot<u8>`",
    );
    refuses(a(quote!(#[session] x: Slot<u8>)), "`#[session(set)]`");
    refuses(a(quote!(#[session] (x, y): (u8, u8))), "a pattern has none");
    refuses(a(quote!(#[session] x: impl Copy)), "can be named");
}

#[test]
fn a_key_is_a_name_that_is_free() {
    let a = |parameter: TokenStream| quote!(#[get("/")] async fn a(#parameter) {});
    refuses(a(quote!(#[session] _fresh: bool)), "the session's own key");
    refuses(
        a(quote!(#[session(key = "_permanent")] x: bool)),
        "the session's own key",
    );
    refuses(
        a(quote!(#[session(key = "")] x: bool)),
        "a session key has a name",
    );
    refuses(
        a(quote!(#[session(key = 5)] x: bool)),
        "a name in quotes or a `Key` constant",
    );
    refuses(a(quote!(#[session(key)] x: bool)), "`key` needs a value");
    refuses(
        a(quote!(#[session("uid")] x: bool)),
        "did you mean `key = \"uid\"`?",
    );
    refuses(
        a(quote!(#[session(UID)] x: bool)),
        "did you mean `key = UID`?",
    );
    refuses(
        a(quote!(#[session(pop, keys::UID)] x: bool)),
        "did you mean `key = keys::UID`?",
    );
    refuses(a(quote!(#[session = "uid"] x: bool)), "in parentheses");
}

#[test]
fn a_misspelt_session_is_told_of_where_it_stands_and_once() {
    let a = |parameter: TokenStream| quote!(#[get("/")] async fn a(#parameter) {});
    let mend = "did you mean `session`?";
    refuses(a(quote!(#[sesion] x: Option<u8>)), mend);
    refuses(a(quote!(#[sesssion(default)] x: &mut Cart)), mend);
    refuses(a(quote!(#[Session(pop)] x: Cart)), mend);
    // Under a name of the user's own it is not known.
    refuses(a(quote!(#[bound] x: Option<u8>)), "write `#[session]`");
    let of_another = a(quote!(#[version] x: Cart));
    assert!(sentences(expand_all(of_another)).is_empty());
}

#[test]
fn what_is_surely_no_extractor_is_meant_as_a_session_value() {
    for ty in [
        quote!(u64),
        quote!(Option<bool>),
        quote!(&mut Cart),
        quote!(Option<String>),
        quote!(Vec<u8>),
    ] {
        refuses(
            quote!(#[get("/")] async fn a(x: #ty) {}),
            "is not an extractor; for a session value, write `#[session]`",
        );
    }
    for ty in [
        quote!(String),
        quote!(Option<User>),
        quote!(()),
        quote!((A, B)),
        quote!(State<u64>),
    ] {
        assert_eq!(
            sentences(expand_all(quote!(#[get("/")] async fn a(x: #ty) {}))),
            Vec::<String>::new()
        );
    }
}

#[test]
fn a_handler_owns_what_it_takes() {
    let a = |ty: TokenStream| quote!(#[post("/")] async fn a(x: #ty) {});
    for (ty, own) in [
        (quote!(&HeaderMap), "HeaderMap"),
        (quote!(&'static str), "String"),
        (quote!(&[u8]), "Vec<u8>"),
    ] {
        let sentence = format!("a handler owns what it takes: write `{own}`");
        refuses(a(ty), &sentence);
    }
    for (ty, own) in [
        (quote!(Path<&str>), "String"),
        (quote!(axum::Json<Vec<&'static str>>), "String"),
        (quote!(Query<HashMap<String, &u8>>), "u8"),
        (quote!(Form<Vec<(&str, u8)>>), "String"),
    ] {
        let sentence = format!("what a request brings is the handler's own: write `{own}` here");
        refuses(a(ty), &sentence);
    }
    // The application's own may be lent for ever, and a type may be a reference's in another way.
    for ty in [
        quote!(State<&'static str>),
        quote!(Json<Cow<'static, str>>),
        quote!(Form<PhantomData<&'static u8>>),
    ] {
        let said = sentences(expand_all(a(ty)));
        assert!(said.is_empty(), "{said:#?}");
    }
}

#[test]
fn what_flask_hands_over_by_its_name_is_a_part_of_the_path() {
    for (ty, part) in [(quote!(u32), "u32"), (quote!(&str), "String")] {
        refuses(
            quote!(#[get("/{id}")] async fn a(id: #ty) {}),
            &format!("for a part of the path, take `Path(id): Path<{part}>`"),
        );
    }
    refuses(
        quote!(
            #[get("/{name}")]
            async fn a(name: String) {}
        ),
        "take `Path(name): Path<String>`",
    );
    refuses(
        quote!(
            #[login_required]
            #[get("/a")]
            #[get("/files/{*name}")]
            async fn a(#[session] x: u8, name: String) {}
        ),
        "take `Path(name): Path<String>`",
    );
    for item in [
        quote!(
            #[post("/{name}")]
            async fn a(body: String) {}
        ),
        quote!(
            #[post("/{{name}}")]
            async fn a(name: String) {}
        ),
        quote!(
            #[post("/{name}")]
            async fn a(#[session] name: String) {}
        ),
    ] {
        assert_eq!(sentences(expand_all(item)), Vec::<String>::new());
    }
}
