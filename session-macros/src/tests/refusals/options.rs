//! What an attribute says that it cannot say: unknown, in the other place, twice, or against another.

use proc_macro2::TokenStream;
use quote::quote;

use super::refuses;

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
fn a_missing_comma_is_said() {
    for (options, words) in [
        (quote!(permanent renew), "missing behind `permanent`"),
        (
            quote!(lifetime = "3d" renew),
            "missing behind the value of `lifetime`",
        ),
    ] {
        refuses(
            quote!(
                #[get("/")]
                #[session(#options)]
                async fn a() {}
            ),
            words,
        );
    }
    for (options, words) in [
        (quote!(pop key = "x"), "missing behind `pop`"),
        (quote!(default key = "x"), "missing behind `default`"),
        (quote!(key = "x" pop), "missing behind the value of `key`"),
        (quote!(key USER_ID), "`key = \"name\"`"),
        (quote!(pop true), "`pop` has no value"),
    ] {
        refuses(
            quote!(
                #[get("/")]
                async fn a(#[session(#options)] x: u8) {}
            ),
            words,
        );
    }
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
    login(
        quote!(fresh = "10m"),
        "did you mean `fresh(within = \"10m\")`?",
    );
    login(
        quote!(role = "a", fresh = "10m", redirect = "/login"),
        "did you mean `fresh(within = \"10m\")`?",
    );
    login(quote!(role = ["a", "b"]), "a guard of your own");
    login(quote!(role = "a" | "b"), "a guard of your own");
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

#[test]
fn a_function_is_no_guard() {
    for (written, example) in [
        (quote!(is_admin), "`#[guard(IsAdmin)]`"),
        (quote!(guards::is_admin()), "`#[guard(IsAdmin)]`"),
        (quote!(role("admin")), "`#[guard(Role)]`"),
    ] {
        refuses(
            quote!(
                #[get("/")]
                #[guard(#written)]
                async fn a() {}
            ),
            example,
        );
    }
}
