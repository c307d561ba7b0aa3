//! What sessions on the server promise, shown with the example as its user runs it: real processes, a real store, HTTP.
//!
//! Each promise is a function of a store, so that a store more is a line in the table below, and a kind in `server_side/store.rs`.

mod common;
#[path = "../session-runtime/tests/postgres/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod postgres_server;
#[path = "../session-runtime/tests/redis/nodes.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod redis_nodes;
#[path = "../session-runtime/tests/redis/server.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod redis_server;

#[path = "server_side/application_killed.rs"]
mod application_killed;
#[path = "server_side/browser.rs"]
mod browser;
#[path = "server_side/histories.rs"]
mod histories;
#[path = "server_side/load.rs"]
mod load;
#[path = "server_side/promises.rs"]
mod promises;
#[path = "server_side/proxy.rs"]
mod proxy;
#[path = "server_side/recording.rs"]
mod recording;
#[path = "server_side/round_trips.rs"]
mod round_trips;
#[path = "server_side/site.rs"]
mod site;
#[path = "server_side/store.rs"]
mod store;
#[path = "server_side/store_killed.rs"]
mod store_killed;

// Where the nodes of a cluster look for it.
use redis_server as server;

/// The tests of one store: the statements of each idea that is named.
macro_rules! tests {
    ($module:ident: $store:ident $($idea:ident)+) => {
        mod $module {
            $(tests! { $idea of $store })+
        }
    };
    (promises of $store:ident) => {
        tests! { promises of $store:
            parallel_writes_of_different_keys_are_all_kept
            parallel_updates_are_all_counted
            of_parallel_takes_one_gets_the_message
            polling_beside_a_message_does_not_eat_it
            a_session_that_was_logged_out_is_never_revived
            a_renewal_loses_neither_readers_nor_the_visitor
            a_stream_ends_with_its_session
            a_users_sessions_are_listed_without_what_would_let_anybody_in
            a_route_that_does_not_look_says_nothing_of_sessions
        }
    };
    (histories of $store:ident) => {
        tests! { histories of $store:
            writes_of_different_keys_are_answered_as_if_one_came_after_another
            updates_are_answered_as_if_one_came_after_another
            takes_are_answered_as_if_one_came_after_another
            what_is_asked_beside_a_logout_is_answered_as_if_one_came_after_another
            what_is_asked_beside_a_renewal_is_answered_as_if_one_came_after_another
        }
    };
    (application_killed of $store:ident) => {
        tests! { application_killed of $store:
            a_process_that_is_killed_takes_no_acknowledged_write_with_it
            what_a_killed_process_held_is_free_when_its_lease_ends
        }
    };
    (store_killed of $store:ident) => {
        tests! { store_killed of $store:
            a_store_that_is_killed_loses_no_acknowledged_write_and_logs_nobody_out
        }
    };
    (round_trips of $store:ident) => {
        tests! { round_trips of $store:
            the_store_is_asked_once_to_look_twice_to_change_and_not_at_all_otherwise
        }
    };
    ($idea:ident of $store:ident: $($statement:ident)+) => {
        mod $idea {
            $(
                #[test]
                fn $statement() {
                    crate::$idea::$statement(crate::store::Store::$store);
                }
            )+
        }
    };
}

// Every store, and what is shown of it. What several processes share outlives each of them; what is a server may be killed, and
// asked through a proxy.
tests! { memory: Memory promises histories }
tests! { sqlite: Sqlite promises histories application_killed }
tests! { redis: Redis promises histories application_killed store_killed round_trips }
tests! { redis_cluster: RedisCluster promises histories application_killed store_killed }
tests! { postgres: Postgres promises histories application_killed store_killed round_trips }

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

#[test]
fn the_keys_are_listed_in_the_order_of_their_names() {
    let site = &site::Site::on(store::Store::Memory);
    let browser = browser::Browser::new(site);
    for name in ["k2", "k", "k10", "k1"] {
        browser.send("PUT", &format!("/key/{name}/v"));
    }
    assert_eq!(
        browser.send("GET", "/keys").text,
        "k=v\nk1=v\nk10=v\nk2=v\n"
    );
}
