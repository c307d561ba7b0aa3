//! What sessions on the server promise, shown with the example as its user runs it: real processes, a real store, HTTP.
//!
//! Each promise is a function of a site, so that a store more is a line more.

mod common;
#[path = "../session-runtime/tests/postgres/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod postgres_server;
#[path = "server_side/promises.rs"]
mod promises;
#[path = "../session-runtime/tests/redis/nodes.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod redis_nodes;
#[path = "../session-runtime/tests/redis/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod redis_server;
#[path = "server_side/site.rs"]
mod site;

// Where the nodes of a cluster look for it.
use redis_server as server;

/// Tests of all that a store promises which one process has for itself, or several share.
macro_rules! promises {
    ($store:ident = $site:expr; $($promise:ident,)+) => {
        mod $store {
            $(
                #[test]
                fn $promise() {
                    crate::promises::$promise(&$site);
                }
            )+
        }
    };
    ($store:ident = $site:expr) => {
        promises! {
            $store = $site;
            parallel_writes_of_different_keys_are_all_kept,
            parallel_updates_are_all_counted,
            of_parallel_takes_one_gets_the_message,
            polling_beside_a_message_does_not_eat_it,
            a_session_that_was_logged_out_is_never_revived,
            a_renewal_loses_neither_readers_nor_the_visitor,
            a_stream_ends_with_its_session,
            a_users_sessions_are_listed_without_what_would_let_anybody_in,
            a_route_that_does_not_look_says_nothing_of_sessions,
        }
    };
}

promises!(memory = crate::site::Site::memory());
promises!(sqlite = crate::site::Site::sqlite());
promises!(redis = crate::site::Site::redis());
promises!(redis_cluster = crate::site::Site::redis_cluster());
promises!(postgres = crate::site::Site::postgres());

mod sqlite_crash {
    #[test]
    fn a_process_that_is_killed_takes_no_acknowledged_write_with_it() {
        crate::promises::a_process_that_is_killed_takes_no_acknowledged_write_with_it(
            crate::site::Site::sqlite(),
        );
    }
}

#[test]
fn a_store_that_does_not_exist_is_an_error_at_the_start_that_says_what_there_is() {
    let out = common::example("server-side")
        .args(["--store", "mysql://app:hunter22@db/app"])
        .output()
        .unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(!out.status.success());
    assert!(
        said.contains("sqlite:FILE") && !said.contains("hunter22"),
        "{said}"
    );
}
