//! What is no handler, and what no route can serve. However wrong it is, it is never served open.

use proc_macro2::TokenStream;
use quote::quote;

use super::refuses;
use crate::attribute::Kind;
use crate::expand;
use crate::tests::{expand_all, sentences};

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
fn a_refused_route_is_a_route() {
    for route in [
        quote!(#[get("/:id")]),
        quote!(#[get]),
        quote!(#[route("/a")]),
    ] {
        let out = expand_all(quote!(
            #route
            #[post("/:id")]
            async fn a() {}
        ));
        assert_eq!(sentences(out.clone()).len(), 2, "{out}");
        let declared = out.to_string();
        assert!(declared.contains("a \"r-"), "{declared}");
    }
}

#[test]
fn a_parameter_without_a_type_is_no_self() {
    let out = expand_all(quote!(
        #[get("/")]
        #[login_required]
        async fn a(#[session] x) {}
    ));
    // The compiler has said what is missing, and the function is never served.
    assert!(sentences(out.clone()).is_empty(), "{out}");
    assert!(!out.to_string().contains("declare !"), "{out}");
}

#[test]
fn a_value_of_a_generic_type_is_in_no_contract() {
    let out = expand_all(quote!(
        #[get("/")]
        async fn a<T>(#[session(defualt)] x: Option<T>, #[session(default)] y: &mut T) {}
    ));
    let said = sentences(out.clone());
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(!out.to_string().contains("keys ["), "{out}");
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
            async fn a(#[session] x: u8, y: impl FromRequestParts<()>) {}
        ),
        "instead of `impl`",
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
fn a_qualifier_that_no_handler_has_is_refused_and_taken_away() {
    for (qualifiers, words) in [
        (quote!(const), "`async` instead of `const`"),
        (quote!(async unsafe), "safe function"),
        (quote!(async extern "C"), "drop `extern`"),
    ] {
        let item = quote!(#[get("/")] #qualifiers fn a() {});
        refuses(item.clone(), words);
        let out = expand_all(item).to_string();
        assert!(out.ends_with("async fn a () { }"), "{out}");
    }
}

#[test]
fn a_function_that_is_given_back_binds_nothing() {
    for (head, given_back) in [
        (
            quote!(
                async fn a(&self, #[session] x: u8) {}
            ),
            "(& self , x : u8)",
        ),
        (
            quote!(
                async fn a(#[session_runtime::session(pop)] x: u8, #[allow(unused)] y: u8);
            ),
            "(x : u8 , # [allow (unused)] y : u8)",
        ),
    ] {
        for above in [quote!(#[get("/")]), quote!(#[get("/")] #[login_required])] {
            let out = expand_all(quote!(#above #head)).to_string();
            assert!(out.contains(given_back), "{out}");
        }
    }
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
        out.contains("\"rp-la") && out.contains("Gate < a >"),
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
