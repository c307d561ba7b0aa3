//! `RouteTable::audit` and `assert_audit_clean!`: smells in what routes declare.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(unused_variables, reason = "the handlers are declarations only")]

use std::panic::AssertUnwindSafe;

use session_runtime::{Audit, Finding, assert_audit_clean, prelude::*};

#[post("/login")]
#[public]
async fn login(#[session(set)] user_id: Slot<u64>) {}

#[get("/account")]
#[login_required]
async fn account() {}

fn names(routes: &Routes) -> Vec<String> {
    names_by(&Audit::new(), routes)
}

fn names_by(audit: &Audit, routes: &Routes) -> Vec<String> {
    let findings = audit.findings(&routes.table());
    findings.iter().map(Finding::name).collect()
}

#[test]
fn a_login_a_guard_and_a_message_that_is_shown_once_are_clean() {
    #[get("/")]
    async fn index(#[session(pop)] notice: Option<String>) {}
    #[post("/logout")]
    #[login_required]
    #[session(clear)]
    async fn logout(#[session(set)] notice: Slot<String>) {}
    #[post("/count")]
    #[public]
    async fn count(#[session(default)] visits: &mut u32) {}
    #[options("/count")]
    async fn preflight() {}
    let routes: Routes = routes![login, account, index, logout, count, preflight];
    assert_audit_clean!(routes);
    assert_audit_clean!(routes.table());
}

#[test]
fn a_key_that_is_read_and_never_written_is_found_with_its_readers() {
    #[get("/a")]
    async fn a(#[session] coupon: Option<String>) {}
    #[route("/b", methods(GET, POST))]
    #[public]
    async fn b(#[session(pop)] coupon: Option<String>) {}
    let routes: Routes = routes![a, b];
    let findings = routes.table().audit();
    let [
        Finding::NeverWritten {
            key: "coupon",
            readers,
            ..
        },
    ] = &*findings
    else {
        panic!("{findings:?}");
    };
    assert_eq!(readers.len(), 2);
    let said = findings[0].to_string();
    let (readers, _) = said.split_once(" and written by no route").unwrap();
    assert!(
        readers.starts_with("`coupon` is read by `audit::a` (session-runtime/tests/audit.rs:"),
        "{said}"
    );
    assert!(
        readers.contains(" and `audit::b` (session-runtime/"),
        "{said}"
    );
    assert!(said.ends_with("or mend the key's name"), "{said}");
}

#[test]
fn a_key_that_is_written_and_never_read_is_found() {
    #[post("/a")]
    #[public]
    async fn a(#[session(set)] last: Slot<u64>) {}
    let routes: Routes = routes![a];
    assert_eq!(names(&routes), ["never_read last"]);
}

#[test]
fn a_slip_in_a_keys_name_is_said() {
    #[post("/a")]
    #[public]
    async fn a(
        #[session(default)] visits: &mut u32,
        #[session(set, key = "couponCode")] coupon: Slot<u8>,
    ) {
    }
    #[get("/b")]
    async fn b(#[session] vists: Option<u32>, #[session] coupon_code: Option<u8>) {}
    let routes: Routes = routes![a, b];
    let said: Vec<_> = routes.table().audit();
    let said: Vec<_> = said.iter().map(ToString::to_string).collect();
    for (said, (key, meant)) in said.iter().zip([
        ("couponCode", "`coupon_code`, which is read"),
        ("vists", "`visits`, which is written"),
        ("coupon_code", "`couponCode`, which is written"),
    ]) {
        assert!(said.starts_with(&format!("`{key}` is ")), "{said}");
        let question = format!("by no route; did you mean {meant}? If not, ");
        assert!(said.contains(&question), "{said}");
    }
    assert_eq!(said.len(), 3);
}

#[test]
fn guards_read_the_login_key() {
    let open: Routes = routes![login];
    assert_eq!(names(&open), ["never_read user_id"]);
    let guarded: Routes = routes![login, account];
    assert!(names(&guarded).is_empty());
    assert_eq!(
        names_by(&Audit::new().login_key("account"), &guarded),
        ["never_read user_id", "no_login account"]
    );
}

#[test]
fn who_takes_the_whole_session_is_taken_to_log_in_and_named_for_other_keys() {
    #[post("/login")]
    #[public]
    async fn login(session: Session) {}
    #[get("/cart")]
    async fn cart(#[session] cart: Option<u8>, #[session] user_id: Option<u64>) {}
    let routes: Routes = routes![login, cart, account];
    let findings = routes.table().audit();
    assert_eq!(names(&routes), ["never_written cart"]);
    let said = findings[0].to_string();
    assert!(
        said.contains("; if `audit::login` (")
            && said.ends_with(" writes it through its `Session`, allow this"),
        "{said}"
    );

    #[post("/login")]
    #[public]
    #[session(read_only)]
    async fn looks_only(session: Session) {}
    let routes: Routes = routes![looks_only, account];
    assert_eq!(names(&routes), ["no_login user_id"]);
}

#[test]
fn a_sentence_about_several_handlers_says_what_they_do_and_not_what_it_does() {
    #[post("/one")]
    async fn one(session: Session) {}
    #[post("/two")]
    async fn two(session: Session) {}
    #[get("/cart")]
    async fn cart(#[session] cart: Option<u8>) {}
    #[get("/mine")]
    #[login_required]
    async fn mine() {}
    let routes: Routes = routes![one, two, cart];
    let said = routes.table().audit()[0].to_string();
    assert!(
        said.ends_with(" write it through their `Session`, allow this"),
        "{said}"
    );
    let routes: Routes = routes![account, mine];
    let said = routes.table().audit()[0].to_string();
    assert!(said.contains(" want a login, and "), "{said}");
    let routes: Routes = routes![mine];
    let said = routes.table().audit()[0].to_string();
    assert!(said.contains(" wants a login, and "), "{said}");
}

#[test]
fn flasks_messages_are_left_to_the_functions_that_read_and_write_them() {
    #[get("/a")]
    async fn a(#[session(pop, key = "_flashes")] messages: Option<Vec<String>>) {}
    let routes: Routes = routes![a];
    assert!(names(&routes).is_empty());
}

#[test]
fn a_get_that_writes_updates_clears_or_logs_out_is_found_and_one_that_takes_a_message_is_not() {
    #[get("/write")]
    async fn write(#[session(set)] k: Slot<u8>) {}
    #[get("/update")]
    async fn update(#[session(default)] k: &mut u8) {}
    #[get("/clear")]
    #[session(clear)]
    async fn clear() {}
    #[get("/out")]
    async fn out(#[session(pop)] user_id: Option<u64>) {}
    #[any("/any")]
    #[public]
    async fn any_method(#[session(default)] k: &mut u8) {}
    #[get("/take")]
    #[session(permanent)]
    async fn take(#[session(pop)] k: Option<u8>) {}
    let routes: Routes = routes![login, account, write, update, clear, out, any_method, take];
    assert_eq!(
        names(&routes),
        [
            "get_writes GET /write",
            "get_writes GET /update",
            "get_writes GET /clear",
            "get_writes GET /out",
            "get_writes ANY /any"
        ]
    );
    let said: Vec<_> = routes
        .table()
        .audit()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        said[0].contains("), changes `k`, and browsers"),
        "{}",
        said[0]
    );
    assert!(said[2].contains("changes the whole session"), "{}", said[2]);
    assert!(
        said[4].contains("answers GET too and changes `k`"),
        "{}",
        said[4]
    );
}

#[test]
fn a_head_that_writes_is_found_as_its_changes_are_dropped() {
    #[head("/h")]
    async fn h(#[session(default)] k: &mut u8) {}
    let routes: Routes = routes![h];
    assert_eq!(names(&routes), ["head_writes HEAD /h"]);
}

#[test]
fn an_unsafe_method_that_is_neither_guarded_nor_public_is_found() {
    #[delete("/d")]
    async fn d() {}
    #[any("/a")]
    async fn a() {}
    #[get("/g")]
    async fn g() {}
    let routes: Routes = routes![d, a, g].nest("/in", routes![a]);
    assert_eq!(
        names(&routes),
        [
            "open_unsafe DELETE /d",
            "open_unsafe ANY /a",
            "open_unsafe ANY /in/a"
        ]
    );
}

#[test]
fn guards_that_nobody_can_pass_are_found_unless_there_is_a_login_page() {
    #[get("/b")]
    #[login_required(redirect = "/signin")]
    async fn b() {}
    let routes: Routes = routes![account, b];
    let findings = routes.table().audit();
    let [Finding::NoLogin { guarded, .. }] = &*findings else {
        panic!("{findings:?}");
    };
    assert_eq!(guarded.len(), 1, "the other one names a login page");
    assert!(names_by(&Audit::new().has_login_page(), &routes).is_empty());

    // A reader of the login key is no second fault.
    #[get("/c")]
    async fn c(#[session] user_id: Option<u64>) {}
    let routes: Routes = routes![account, c];
    assert_eq!(names(&routes), ["no_login user_id"]);
    assert!(names_by(&Audit::new().has_login_page(), &routes).is_empty());
}

#[test]
fn what_is_allowed_is_no_finding_and_what_is_allowed_in_vain_is_one() {
    #[post("/a")]
    async fn a() {}
    let routes: Routes = routes![a];
    let audit = Audit::new().allow("open_unsafe POST /a");
    assert_audit_clean!(routes, audit);
    assert_eq!(
        names_by(&audit.allow("never_read gone"), &routes),
        ["nothing_to_allow never_read gone"]
    );
}

#[test]
fn a_failure_lists_all_findings_and_how_to_allow_them() {
    #[post("/a")]
    async fn a(#[session(set)] k: Slot<u8>) {}
    let routes: Routes = routes![a];
    let refused =
        std::panic::catch_unwind(AssertUnwindSafe(|| assert_audit_clean!(routes))).unwrap_err();
    let said = refused.downcast_ref::<String>().unwrap();
    for part in [
        "\n  [never_read k] `k` is written by `audit::",
        "\n  [open_unsafe POST /a] POST /a, `audit::",
        "(session-runtime/tests/audit.rs:",
        "`assert_audit_clean!(routes, Audit::new().allow(\"never_read k\"))`",
    ] {
        assert!(said.contains(part), "{said}");
    }
}
