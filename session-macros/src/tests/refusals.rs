use proc_macro2::TokenStream;
use quote::quote;

use super::{expand_all, sentences};
use crate::attribute::Kind;
use crate::expand;

/// Each mistake gets exactly one sentence, and that sentence has these words in it.
fn refuses(item: TokenStream, words: &str) {
    let shown = item.to_string();
    let said = sentences(expand_all(item));
    assert_eq!(said.len(), 1, "{shown}: {said:#?}");
    assert!(said[0].contains(words), "{shown}: {said:#?}");
}

#[test]
fn an_unknown_option_names_the_nearest_or_lists_what_there_is() {
    refuses(
        quote!(
            #[get("/")]
            #[session(permanant)]
            async fn a() {}
        ),
        "did you mean `permanent`?",
    );
    refuses(
        quote!(
            #[get("/")]
            #[login_required(roles = "admin")]
            async fn a() {}
        ),
        "did you mean `role`?",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session(popp)] x: Option<u8>) {}
        ),
        "did you mean `pop`?",
    );
    refuses(
        quote!(
            #[get("/")]
            #[public(all)]
            async fn a() {}
        ),
        "has no options",
    );
}

#[test]
fn an_option_in_the_other_place_is_sent_there() {
    refuses(
        quote!(
            #[get("/")]
            #[session(pop)]
            async fn a() {}
        ),
        "put it on a parameter",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session(permanent)] x: Option<u8>) {}
        ),
        "put it on the function",
    );
}

#[test]
fn what_is_said_twice_is_refused_once() {
    refuses(
        quote!(
            #[get("/")]
            #[session(renew, renew)]
            async fn a() {}
        ),
        "`renew` is given twice",
    );
    refuses(
        quote!(
            #[get("/")]
            #[session(renew)]
            #[session(clear, renew)]
            async fn a() {}
        ),
        "`renew` is given twice",
    );
    refuses(
        quote!(
            #[login_required]
            #[get("/")]
            #[login_required]
            async fn a() {}
        ),
        "`#[login_required]` is given twice",
    );
    refuses(
        quote!(
            #[get("/a")]
            #[get("/a")]
            async fn a() {}
        ),
        "serves `GET /a` already",
    );
    refuses(
        quote!(
            #[route("/a", methods(GET, GET))]
            async fn a() {}
        ),
        "`GET` is given twice",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session] x: u8, #[session(key = "x")] y: u8) {}
        ),
        "the key \"x\" is bound",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(
                #[session]
                #[session(pop)]
                x: u8,
            ) {
            }
        ),
        "one `#[session]` a parameter",
    );
}

#[test]
fn contradictions_are_refused_at_the_later_one() {
    refuses(
        quote!(
            #[get("/")]
            #[public]
            #[login_required]
            async fn a() {}
        ),
        "contradicts `#[public]`",
    );
    refuses(
        quote!(
            #[get("/")]
            #[login_required]
            #[public]
            async fn a() {}
        ),
        "contradicts `#[login_required]`",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session(pop, set)] x: Slot<u8>) {}
        ),
        "use one of them",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session(set, default)] x: Slot<u8>) {}
        ),
        "only writes",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[session(default)] x: Option<u8>) {}
        ),
        "drop `default`",
    );
}

#[test]
fn a_read_only_route_changes_nothing() {
    for option in [
        quote!(renew),
        quote!(clear),
        quote!(permanent),
        quote!(lifetime = "15m"),
    ] {
        refuses(
            quote!(
                #[get("/")]
                #[session(read_only, #option)]
                async fn a() {}
            ),
            "`read_only`",
        );
    }
    for parameter in [
        quote!(#[session(pop)] x: Option<u8>),
        quote!(#[session(default)] x: &mut u8),
        quote!(#[session(set)] x: Slot<u8>),
    ] {
        refuses(
            quote!(#[get("/")] #[session(read_only)] async fn a(#parameter) {}),
            "read_only",
        );
    }
    refuses(
        quote!(
            #[get("/")]
            #[session(clear)]
            async fn a(#[session] x: &mut u8) {}
        ),
        "clears the session",
    );
}

#[test]
fn a_binding_and_its_type_have_to_fit() {
    let a = |parameter: TokenStream| quote!(#[get("/")] async fn a(#parameter) {});
    refuses(a(quote!(#[session] x: &str)), "read as `String`");
    refuses(a(quote!(#[session(pop)] x: &mut u8)), "take `Option<u8>`");
    refuses(
        a(quote!(#[session(pop)] x: Result<u8, SessionError>)),
        "a `Result` is for reading",
    );
    refuses(a(quote!(#[session(set)] x: u8)), "write `Slot<u8>`");
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
    refuses(a(quote!(#[session = "uid"] x: bool)), "in parentheses");
}

#[test]
fn what_is_surely_no_extractor_is_meant_as_a_session_value() {
    for ty in [
        quote!(u64),
        quote!(Option<bool>),
        quote!(&str),
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
fn methods_are_checked() {
    refuses(
        quote!(
            #[route("/a", methods(GTE))]
            async fn a() {}
        ),
        "did you mean `GET`?",
    );
    refuses(
        quote!(
            #[route("/a", methods("post"))]
            async fn a() {}
        ),
        "without quotes: `POST`",
    );
    refuses(
        quote!(
            #[route("/a", methods())]
            async fn a() {}
        ),
        "never served",
    );
    refuses(
        quote!(
            #[route("/a")]
            async fn a() {}
        ),
        "methods(GET, POST)",
    );
    refuses(
        quote!(
            #[route("/a", methods = ["GET"])]
            async fn a() {}
        ),
        "write `methods(GET, POST)`",
    );
    refuses(
        quote!(
            #[get("/a", methods(GET))]
            async fn a() {}
        ),
        "write `#[route(\"/a\", methods(GET, POST))]`",
    );
    refuses(
        quote!(
            #[get]
            async fn a() {}
        ),
        "the path is missing",
    );
    refuses(
        quote!(
            #[get(index)]
            async fn a() {}
        ),
        "a path in quotes",
    );
}

#[test]
fn a_signature_that_no_handler_has_is_refused() {
    refuses(
        quote!(
            #[get("/")]
            #[login_required]
            fn a() {}
        ),
        "write `async` before `fn`",
    );
    refuses(
        quote!(
            #[get("/")]
            #[login_required]
            async fn a<T>(x: State<T>) {}
        ),
        "not generic",
    );
    refuses(
        quote!(
            #[get("/")]
            #[login_required]
            async fn a(&self) {}
        ),
        "takes no `self`",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(
                #[cfg(test)]
                #[session]
                x: u8,
            ) {
            }
        ),
        "under `cfg`",
    );
    refuses(
        quote!(
            #[get("/")]
            async fn a(#[cfg_attr(test, session)] x: u8) {}
        ),
        "under `cfg`",
    );
    let sixteen = (0..16).map(|_| quote!(_: Method));
    refuses(
        quote!(#[get("/")] #[login_required] async fn a(#(#sixteen),*) {}),
        "up to 16 parameters, and the gate",
    );
    let sixteen = (0..16).map(|_| quote!(_: Method));
    assert_eq!(
        sentences(expand_all(quote!(#[get("/")] async fn a(#(#sixteen),*) {}))),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_no_function_is_given_back_with_one_sentence() {
    for (item, what) in [
        (
            quote!(
                mod m {
                    fn f() {}
                }
            ),
            "`mod`",
        ),
        (
            quote!(
                struct S;
            ),
            "`struct`",
        ),
        (quote!(impl S { fn f() {} }), "`impl`"),
        (
            quote!(
                const X: u8 = 1;
            ),
            "`const`",
        ),
        (
            quote!(
                async fn f();
            ),
            "a function without a body",
        ),
    ] {
        refuses(quote!(#[get("/")] #[login_required] #item), what);
        let out = expand_all(quote!(#[get("/")] #[login_required] #item)).to_string();
        assert!(out.ends_with(&item.to_string()), "{out}");
    }
}

#[test]
fn a_guard_with_a_fault_in_it_is_still_a_guard() {
    let out = expand_all(quote!(
        #[get("/")]
        #[login_required(redirekt = "/x")]
        #[public]
        async fn a() {}
    ));
    assert_eq!(sentences(out.clone()).len(), 2);
    let out = out.to_string();
    assert!(
        out.contains("guards [login (") && out.contains("Gate < a >"),
        "{out}"
    );
}

#[test]
fn what_cannot_be_read_at_all_is_never_passed_on_in_silence() {
    for item in [
        quote!(
            #![inner]
            async fn a() {}
        ),
        quote!(
            #[__contract(nonsense)]
            async fn a() {}
        ),
        quote!(
            #[__contract]
            struct A;
        ),
    ] {
        let steps = [
            expand::attribute(Kind::LoginRequired, TokenStream::new(), item.clone()),
            expand::marker(quote!(nonsense), item.clone()),
        ];
        for out in steps {
            let out = out.to_string();
            assert!(out.contains("compile_error"), "{item}: {out}");
        }
    }
}

#[test]
fn an_option_of_a_login_is_given_once_and_as_it_is() {
    let login = |options: TokenStream, sentence: &str| {
        refuses(
            quote!(
                #[get("/")]
                #[login_required(#options)]
                async fn a() {}
            ),
            sentence,
        );
    };
    login(quote!(fresh, role = "a", fresh), "`fresh` is given twice");
    login(
        quote!(fresh, fresh(within = "10m")),
        "`fresh` is given twice",
    );
    login(
        quote!(fresh(within = "10m"), fresh),
        "`fresh` is given twice",
    );
    login(quote!(role = "a", role = "b"), "`role` is given twice");
    login(quote!(fresh()), "`fresh(within = \"10m\")`");
    login(quote!(fresh(withn = "10m")), "did you mean `within`?");
    login(
        quote!(fresh(within = "10 minutes")),
        "did you mean \"10m\"?",
    );
    login(quote!(fresh(within = 600)), "in quotes");
    login(quote!(fresh = true), "`fresh` has no value");
    login(quote!(within = "10m"), "`within` belongs to `fresh`");
    login(quote!(role = admin), "`role = \"admin\"`");
    login(quote!(role = ""), "nobody could have it");
    login(quote!(permission = "a,b"), "one name stands here");
}

#[test]
fn where_the_runtime_is_is_a_path_said_once() {
    for (args, words) in [
        (quote!("/", crate = 5), "`crate = my_framework::session`"),
        (quote!("/", crate), "`crate = my_framework::session`"),
        (quote!("/", crate = a, crate = b), "`crate` is given twice"),
    ] {
        refuses(
            quote!(
                #[get(#args)]
                #[login_required]
                async fn a() {}
            ),
            words,
        );
    }
}
