//! What the route table shows: as text, as JSON, as a picture.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(unused_variables, reason = "the handlers are declarations only")]

use serde::{Deserialize, Serialize};
use serde_json::json;
use session_runtime::prelude::*;

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Item {
    name: String,
}

#[route("/many", methods(GET, POST))]
#[session(permanent, lifetime = "15m")]
async fn many(#[session(default)] visits: &mut u32, #[session(pop)] notice: Option<String>) {}

#[post("/hook")]
#[public]
#[csrf_exempt]
async fn hook() {}

#[any("/staff")]
#[login_required(redirect = "/signin")]
async fn staff() {}

#[post("/buy")]
#[login_required]
#[session(renew)]
async fn buy(
    #[session] user_id: u64,
    #[session(default)] basket: &mut Vec<Item>,
    #[session(set)] last: Slot<Option<Item>>,
) {
}

fn small() -> Routes {
    Routes::new()
        .merge(routes![many, hook])
        .nest("/in", routes![staff])
}

#[test]
fn the_table_reads_as_aligned_text() {
    #[get("/plain")]
    async fn plain() {}
    let routes: Routes = routes![plain, hook].nest("/in", routes![staff]);
    assert_eq!(
        routes.table().to_string(),
        "\
METHOD  PATH       HANDLER  GUARDS           SESSION  OPTIONS
GET     /plain     plain    -                -        -
POST    /hook      hook     public           -        csrf_exempt
ANY     /in/staff  staff    login (/signin)  -        -"
    );
}

#[test]
fn what_would_be_wider_than_a_hundred_columns_goes_on_below() {
    assert_eq!(
        small().merge(routes![buy]).table().to_string(),
        "\
METHOD  PATH       HANDLER  GUARDS           SESSION                   OPTIONS
GET     /many      many     -                update visits: u32        permanent
                                             pop notice: String        lifetime 900s
POST    /many      many     -                update visits: u32        permanent
                                             pop notice: String        lifetime 900s
POST    /hook      hook     public           -                         csrf_exempt
ANY     /in/staff  staff    login (/signin)  -                         -
POST    /buy       buy      login            read user_id: u64         renew
                                             update basket: Vec<Item>
                                             set last: Item"
    );
}

#[test]
fn the_alternate_text_says_where_each_handler_stands() {
    let routes: Routes = routes![hook];
    let line = line!();
    let text = format!("{:#}", routes.table());
    let (_, place) = text
        .rsplit_once("route_table session-runtime/tests/route_table.rs:")
        .unwrap();
    assert!(place.parse::<u32>().unwrap() < line, "{text}");
}

#[test]
fn the_fields_of_the_json_are_the_documented_ones() {
    let routes: Routes = routes![buy, hook].nest("/in", routes![staff]);
    let mut json = serde_json::to_value(routes.table()).unwrap();
    for route in json["routes"].as_array_mut().unwrap() {
        assert!(route["line"].take().is_u64());
    }
    let file = "session-runtime/tests/route_table.rs";
    assert_eq!(
        json,
        json!({"routes": [
            {
                "method": "POST", "path": "/buy",
                "handler": "buy", "module": "route_table", "file": file, "line": null,
                "guards": ["login"], "public": false, "csrf_exempt": false,
                "keys": [
                    {"name": "user_id", "access": "read", "type": "u64"},
                    {"name": "basket", "access": "update", "type": "Vec<route_table::Item>"},
                    {"name": "last", "access": "set", "type": "route_table::Item"},
                ],
                "takes_session": false,
                "options": {"renew": true},
            },
            {
                "method": "POST", "path": "/hook",
                "handler": "hook", "module": "route_table", "file": file, "line": null,
                "guards": [], "public": true, "csrf_exempt": true, "keys": [], "takes_session": false, "options": {},
            },
            {
                "method": "ANY", "path": "/in/staff",
                "handler": "staff", "module": "route_table", "file": file, "line": null,
                "guards": ["login (/signin)"], "public": false, "csrf_exempt": false, "keys": [], "takes_session": false, "options": {},
            },
        ]})
    );
    let options = serde_json::to_value(small().table()).unwrap()["routes"][0]["options"].take();
    assert_eq!(options, json!({"permanent": true, "lifetime": 900}));
}

#[test]
fn the_picture_has_each_route_each_key_once_and_a_line_for_each_access() {
    let picture = small().merge(routes![buy]).table().to_svg();
    let count = |text: &str| picture.matches(text).count();
    assert_eq!(count(r#"<g class="route">"#), 5);
    assert_eq!(count(r#"<rect class="key""#), 5);
    // One more of each is the legend.
    for (access, lines) in [("read", 1), ("update", 3), ("pop", 2), ("set", 1)] {
        assert_eq!(
            count(&format!(r#"class="line {access}""#)),
            lines + 1,
            "{access}"
        );
    }
    for said in [
        ">login (/signin)<",
        ">csrf_exempt<",
        ">Vec&lt;Item&gt;<",
        "guarded by login",
    ] {
        assert!(picture.contains(said), "{said}");
    }
}

#[test]
fn a_route_that_nobody_guards_or_calls_public_is_marked_in_the_picture_by_a_word() {
    let marks = |routes: Routes| {
        let picture = routes.table().to_svg();
        let words = picture.matches(r#"<text class="warn""#).count();
        (words, picture.matches(r#"<rect class="warn-row""#).count())
    };
    assert_eq!(marks(routes![many]), (2, 2));
    assert_eq!(marks(routes![buy, hook, staff]), (0, 0));
    let routes: Routes = routes![many];
    assert!(
        routes
            .table()
            .to_svg()
            .contains("2 routes, 2 session keys, 2 open")
    );
}

#[test]
fn the_picture_needs_nothing_else_and_follows_the_pages_scheme() {
    let picture = small().table().to_svg();
    assert!(picture.contains("@media (prefers-color-scheme: dark)"));
    assert_eq!(picture.matches("http").count(), 1, "the namespace alone");
    assert!(
        !picture.contains("<script") && !picture.contains("@import") && !picture.contains("url(")
    );
}

#[test]
fn a_session_parameter_is_shown_as_what_may_use_any_key() {
    #[get("/a")]
    async fn a(_: Session, #[session] id: Option<u64>) {}
    #[get("/b")]
    async fn b(_: Session) {}
    let routes: Routes = routes![a, b];
    let table = routes.table();
    let picture = table.to_svg();
    assert!(
        table.to_string().contains("read id: u64, Session"),
        "{table}"
    );
    assert!(picture.contains("2 routes, 1 session key, 2 open") && picture.contains(">any key<"));
    // One is the legend's.
    assert_eq!(picture.matches(r#"class="line any""#).count(), 3);
}

#[test]
fn no_name_can_break_out_of_the_picture() {
    #[get("/x/'\"&<script>")]
    async fn evil(#[session(key = "</text><script>&\"\u{1}")] value: Option<u64>) {}
    let routes: Routes = routes![evil];
    let picture = routes.table().to_svg();
    assert!(!picture.contains("<script>") && !picture.contains('\u{1}'));
    assert!(picture.contains("&lt;/text&gt;&lt;script&gt;&amp;&quot;\u{fffd}"));
}

#[test]
fn no_routes_make_a_table_and_a_picture_too() {
    let table = Routes::<()>::new().table();
    assert_eq!(
        table.to_string(),
        "METHOD  PATH  HANDLER  GUARDS  SESSION  OPTIONS"
    );
    assert_eq!(serde_json::to_value(&table).unwrap(), json!({"routes": []}));
    assert!(table.to_svg().contains("0 routes, 0 session keys, 0 open"));
}

#[test]
fn arguments_that_do_not_begin_with_routes_are_the_applications() {
    let table = small().table();
    for args in [&["app"][..], &["app", "serve", "routes"], &[]] {
        assert!(!table.command(args).unwrap(), "{args:?}");
    }
}

#[test]
fn a_command_that_cannot_be_done_says_what_to_do() {
    let table = small().table();
    let said = |args: &[&str]| table.command(args).unwrap_err().to_string();
    for args in [
        &["app", "routes", "--svg"][..],
        &["app", "routes", "--json", "x"],
    ] {
        assert!(
            said(args).ends_with("`routes --json` and `routes --svg FILE`"),
            "{args:?}"
        );
    }
    let said = said(&["app", "routes", "--svg", "/no/such/folder/x.svg"]);
    assert!(
        said.contains("/no/such/folder/x.svg: ")
            && said.ends_with("name a file in a folder that exists"),
        "{said}"
    );
}
