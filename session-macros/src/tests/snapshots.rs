//! A few expansions, kept whole in `snapshots/` to be read. `UPDATE_SNAPSHOTS=1 cargo test -p session-macros` accepts
//! what comes out now.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use super::expand_all;

fn compare(name: &str, item: TokenStream) {
    let out = prettyplease::unparse(&syn::parse2(expand_all(item)).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(format!("{name}.rs"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, out).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == out,
        "{} differs; it would now be:\n{out}\naccept it with UPDATE_SNAPSHOTS=1",
        path.display()
    );
}

#[test]
fn a_plain_route_is_left_as_it_was() {
    compare(
        "plain",
        quote! {
            /// The start page.
            #[get("/")]
            #[public]
            pub async fn index() -> &'static str { "hello" }
        },
    );
}

#[test]
fn a_guarded_route_has_its_gate_in_front() {
    compare(
        "guarded",
        quote! {
            #[get("/account")]
            #[login_required(redirect = "/signin")]
            #[session(renew, lifetime = "15m")]
            async fn account(State(db): State<Db>) -> Html<String> { page(db).await }
        },
    );
}

#[test]
fn guards_of_the_applications_own_are_asked_by_the_gate() {
    compare(
        "own_guards",
        quote! {
            #[guard(IsOwner)]
            #[get("/posts/{id}")]
            #[guard(HasRole("writer"), Limit::per_minute(5))]
            #[login_required]
            async fn edit(Path(id): Path<u64>) -> String { page(id) }
        },
    );
}

#[test]
fn a_read_only_route_has_a_session_that_cannot_write() {
    compare(
        "read_only",
        quote! {
            #[get("/")]
            #[session(read_only)]
            async fn look(session: Session, State(s): State<App>) -> Result<String> { session.get("x") }
        },
    );
}

#[test]
fn bindings_come_out_of_the_gate_and_updates_go_back() {
    compare(
        "bindings",
        quote! {
            #[route("/cart", methods(GET, POST))]
            pub(crate) async fn cart(
                #[session(default)] visits: &mut u32,
                #[session(pop)] notice: Option<String>,
                State(db): State<Db>,
                #[session(key = USER_ID)] user: Result<u64, SessionError>,
                #[session(set)] last: Slot<u64>,
                #[session(default = "en".to_owned())] language: String,
                #[session] items: &mut Option<Vec<Item>>,
            ) -> Result<impl IntoResponse, Oops> {
                *visits += 1;
                Ok(show(db, user?, language).await)
            }
        },
    );
}

#[test]
fn a_body_that_ends_at_its_end_is_a_block() {
    compare(
        "counted",
        quote! {
            #[post("/visit")]
            async fn visit(#[session(default)] visits: &mut u32) -> String {
                *visits += 1;
                visits.to_string()
            }
        },
    );
}

#[test]
fn a_refused_parameter_stays_a_local_of_its_type() {
    compare(
        "refused",
        quote! {
            #[post("/x")]
            #[login_required]
            async fn x(id: u64, #[session(pop)] visits: &mut u32) -> String { format!("{id} {visits}") }
        },
    );
}
