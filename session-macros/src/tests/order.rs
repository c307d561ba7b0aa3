use proc_macro2::TokenStream;
use quote::quote;

use super::{expand_all, sentences};

/// All orders of `items`.
fn permutations(items: &[TokenStream]) -> Vec<Vec<TokenStream>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..items.len() {
        let mut others = items.to_vec();
        let first = others.remove(at);
        for mut rest in permutations(&others) {
            rest.insert(0, first.clone());
            all.push(rest);
        }
    }
    all
}

#[test]
fn every_order_of_the_attributes_means_the_same() {
    let attributes = [
        quote!(#[get("/account")]),
        quote!(#[login_required(redirect = "/signin", role = "admin")]),
        quote!(#[session(renew, permanent)]),
        quote!(#[csrf_exempt]),
        quote!(#[guard(HasRole("admin"))]),
        quote!(#[tracing::instrument]),
    ];
    let function = quote! {
        async fn account(#[session(default)] visits: &mut u32, State(s): State<App>) -> String { body() }
    };
    let orders = permutations(&attributes);
    assert_eq!(orders.len(), 720);
    let expected = expand_all(quote!(#(#attributes)* #function)).to_string();
    assert!(
        expected.contains("LoginRequired . redirect (\"/signin\") . role (\"admin\")"),
        "{expected}"
    );
    for order in orders {
        let written = quote!(#(#order)* #function);
        assert_eq!(
            expand_all(written.clone()).to_string(),
            expected,
            "{written}"
        );
    }
}

#[test]
fn a_guard_adds_the_gate_wherever_it_stands() {
    let others = [
        quote!(#[get("/a")]),
        quote!(#[rustfmt::skip]),
        quote!(#[login_required]),
        quote!(#[guard(IsOwner)]),
        quote!(#[axum::debug_handler]),
    ];
    for order in permutations(&others) {
        let out = expand_all(quote!(#(#order)* async fn a() {})).to_string();
        assert!(
            out.contains("async fn a (mut __gate : :: session_runtime :: Gate < a >)"),
            "{out}"
        );
        assert!(out.contains("guards [login ("), "{out}");
        assert!(out.contains("own (\"IsOwner\")"), "{out}");
        assert!(out.contains("type __Guard0 = IsOwner"), "{out}");
        assert_eq!(out.matches("declare !").count(), 1, "{out}");
    }
}

#[test]
fn guards_are_asked_in_the_order_in_which_they_are_written() {
    let guards = [
        quote!(#[guard(A)]),
        quote!(#[guard(B, C)]),
        quote!(#[get("/")]),
    ];
    for order in permutations(&guards) {
        let written = quote!(#(#order)*).to_string();
        let out = expand_all(quote!(#(#order)* async fn a() {})).to_string();
        let first = written.find("(A)") < written.find("(B");
        let names = if first {
            ["A", "B", "C"]
        } else {
            ["B", "C", "A"]
        };
        for (number, name) in names.into_iter().enumerate() {
            assert!(
                out.contains(&format!("type __Guard{number} = {name}")),
                "{out}"
            );
        }
    }
}

#[test]
fn a_guard_behind_an_attribute_that_expands_later_still_guards() {
    // What `cfg_attr` and renamed imports look like to the attribute above them.
    let first = crate::expand::attribute(
        crate::attribute::Kind::from_name("get").unwrap(),
        quote!("/a"),
        quote!(
            #[cfg_attr(all(), lr)]
            async fn a() {}
        ),
    );
    let text = first.to_string();
    assert!(
        !text.contains("declare"),
        "nothing may be written out while something is left: {text}"
    );
    assert!(text.contains("__contract"), "{text}");
}

#[test]
fn a_function_that_asks_for_nothing_keeps_its_signature_and_its_body() {
    let out = expand_all(quote!(
        #[get("/")]
        pub async fn index(State(s): State<App>) -> String {
            s.name()
        }
    ))
    .to_string();
    assert!(
        out.ends_with(
            &quote!(
                pub async fn index(State(s): State<App>) -> String {
                    s.name()
                }
            )
            .to_string()
        ),
        "{out}"
    );
    assert!(out.contains("[Open]"), "{out}");
}

/// rwf2/Rocket #1967, rust-lang/rust-analyzer #10468: while a body was half typed the attribute failed, and the editor lost
/// its completion in it.
#[test]
fn a_half_typed_body_comes_out_token_for_token_beside_its_type() {
    let out = expand_all(
        quote!(#[get("/")] #[login_required] async fn index(#[session] user: Option<User>) { user. }),
    );
    let text = out.to_string();
    assert!(text.contains("({ user . })"), "{text}");
    assert!(text.contains("declare ! { [] [] index \""), "{text}");
    assert_eq!(sentences(out), Vec::<String>::new());
}

#[test]
fn where_the_runtime_is_need_be_said_once_for_a_function() {
    let attributes = [
        quote!(#[get("/a", crate = web::session)]),
        quote!(#[login_required]),
        quote!(#[guard(IsOwner)]),
        quote!(#[session(permanent)]),
        quote!(#[rustfmt::skip]),
    ];
    let function = quote!(
        async fn a(#[session] x: u8, s: Session) {}
    );
    for order in permutations(&attributes) {
        let out = expand_all(quote!(#(#order)* #function)).to_string();
        assert!(
            out.contains("async fn a (mut __gate : web :: session :: Gate < a >"),
            "{out}"
        );
        assert!(!out.contains("session_runtime"), "{out}");
        assert!(!out.contains("crate"), "{out}");
    }
}

#[test]
fn a_function_without_a_route_says_where_the_runtime_is_on_its_topmost_attribute() {
    let out = expand_all(quote!(
        #[login_required(redirect = "/in", crate = web)]
        #[session(renew)]
        async fn a() {}
    ));
    let out = out.to_string();
    assert!(
        out.contains("guards [login (web :: LoginRequired . redirect (\"/in\"))"),
        "{out}"
    );
    assert!(!out.contains("session_runtime"), "{out}");
}
