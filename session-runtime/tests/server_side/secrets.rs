//! The session's cookie: what it says, and what one of before is worth.

use std::time::Duration;

use http::Method;
use session_runtime::store::MemoryStore;
use session_runtime::{CookieSettings, SessionConfig};

use crate::app::{App, app};
use crate::site::{cookie, in_cookie, stored};

#[tokio::test]
async fn a_session_comes_back_and_its_cookie_holds_nothing_of_it() {
    let App { client, .. } = app(stored());
    assert_eq!(client.get("/whoami").await.text(), "nobody");
    client.get("/login/12345").await;
    assert_eq!(client.get("/whoami").await.text(), "12345");
    let cookie = cookie(&client).unwrap();
    assert_eq!(cookie.len(), 66, "an id and a secret");
    assert!(
        !client
            .get("/whoami")
            .await
            .headers()
            .contains_key("set-cookie")
    );
}

#[tokio::test]
async fn an_empty_session_creates_nothing() {
    let App { client, stored, .. } = app(stored());
    for path in ["/whoami", "/keys", "/flash", "/take", "/untouched"] {
        let response = client.get(path).await;
        assert!(response.set_cookie().is_empty(), "{path}");
    }
    assert_eq!(stored.purge(u32::MAX).await, Ok(0));
    assert_eq!(cookie(&client), None);
}

#[tokio::test]
async fn an_id_that_nobody_issued_is_never_adopted() {
    let App { client, .. } = app(stored());
    let mine = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for planted in [
        mine,
        "x",
        "",
        "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU",
    ] {
        client.cookies().set("__Host-session", planted);
        assert_eq!(client.get("/whoami").await.text(), "nobody");
        client.get("/login/1").await;
        let issued = cookie(&client).unwrap();
        assert_ne!(issued, planted);
        assert!(!issued.starts_with("AAAAAAAAAAAAAAAAAAAAAA"));
        client.post("/logout").await;
    }
}

#[tokio::test]
async fn login_and_logout_change_the_secret_and_the_old_one_is_worth_nothing() {
    let App { client, .. } = app(stored());
    client.put("/key/theme/dark").await;
    let anonymous = cookie(&client).unwrap();
    client.get("/login/1").await;
    let logged_in = cookie(&client).unwrap();
    assert_ne!(anonymous, logged_in);
    assert_eq!(anonymous[..22], logged_in[..22], "it is the same session");
    assert_eq!(client.post("/sign-out").await.text(), "Some(1)");
    for old in [anonymous, logged_in] {
        let thief = client.another();
        thief.cookies().set("__Host-session", &old);
        let answer = thief.get("/whoami").await;
        assert_eq!(answer.text(), "nobody");
        assert!(answer.set_cookie().is_empty());
    }
    assert_eq!(client.get("/keys").await.text(), "theme");
}

#[tokio::test]
async fn a_slow_writer_does_not_revive_a_session_that_has_ended() {
    for way_out in ["/logout", "/sign-out"] {
        let App { client, pause, .. } = app(stored());
        client.get("/login/1").await;
        let old = cookie(&client).unwrap();
        let slow = tokio::spawn(client.post("/slow/late").into_future());
        pause.opened.notified().await;
        client.post(way_out).await;
        pause.go_on.notify_one();
        let slow = slow.await.unwrap();
        assert_eq!(slow.status(), 409, "{way_out}");
        assert!(slow.set_cookie().is_empty());
        client.cookies().set("__Host-session", &old);
        assert_eq!(client.get("/whoami").await.text(), "nobody");
    }
}

#[tokio::test]
async fn a_slow_reader_beside_a_renewal_is_served_and_leaves_the_new_cookie_alone() {
    let App { client, pause, .. } = app(stored());
    client.get("/login/1").await;
    let old = cookie(&client).unwrap();
    let slow = tokio::spawn(client.post("/slow/nothing").into_future());
    pause.opened.notified().await;
    client.post("/renew").await;
    pause.go_on.notify_one();
    let slow = slow.await.unwrap();
    assert_eq!(
        (slow.status().as_u16(), slow.text()),
        (200, "Some(1)".to_owned())
    );
    assert!(slow.set_cookie().is_empty());
    assert_eq!(client.get("/whoami").await.text(), "1");

    // With the secret before: read for 30 s, never written.
    let late = client.another();
    late.cookies().set("__Host-session", &old);
    assert_eq!(late.get("/whoami").await.text(), "1");
    let write = late.put("/key/a/1").await;
    assert_eq!(write.status(), 409);
    assert!(write.set_cookie().is_empty());
    client.clock().advance(Duration::from_secs(31));
    assert_eq!(late.get("/whoami").await.text(), "nobody");
    assert_eq!(client.get("/whoami").await.text(), "1");
}

/// As where a login form is sent twice.
#[tokio::test]
async fn a_login_that_another_request_has_overtaken_logs_in_all_the_same() {
    for quicker in ["/log-in/1", "/log-in/2", "/sign-out", "/logout"] {
        for is_logged_in in [false, true] {
            let App { client, pause, .. } = app(stored());
            client.put("/key/theme/dark").await;
            if is_logged_in {
                client.post("/log-in/1").await;
                client.clock().advance(Duration::from_secs(60));
            }
            let of_before = client.another();
            of_before
                .cookies()
                .set("__Host-session", &cookie(&client).unwrap());
            let slow = tokio::spawn(client.post("/slow-log-in/1").into_future());
            pause.opened.notified().await;
            client.post(quicker).await;
            pause.go_on.notify_one();
            let slow = slow.await.unwrap();
            let late = of_before.post("/log-in/1").await;
            for (who, answer) in [(&client, slow), (&of_before, late)] {
                assert_eq!(answer.status(), 200, "{quicker}");
                assert_eq!(answer.set_cookie().len(), 1, "{quicker}");
                assert_eq!(who.get("/whoami").await.text(), "1", "{quicker}");
            }
            assert_ne!(cookie(&client), cookie(&of_before));
        }
    }
}

/// Who knows the password of one user must not come by what another has put into a session, or what has ended.
#[tokio::test]
async fn an_overtaken_login_takes_over_nothing_but_what_it_has_set() {
    for quicker in ["/log-in/2", "/logout"] {
        let App { client, pause, .. } = app(stored());
        client.put("/key/theme/dark").await;
        let slow = tokio::spawn(client.post("/slow-log-in/1").into_future());
        pause.opened.notified().await;
        client.post(quicker).await;
        pause.go_on.notify_one();
        assert_eq!(slow.await.unwrap().status(), 200);
        assert_eq!(client.get("/keys").await.text(), "user_id", "{quicker}");
    }
}

/// Its answer would else be the browser's last word, and log the visitor out when the grace is over.
#[tokio::test]
async fn a_slow_reader_whose_life_was_extended_leaves_a_new_cookie_alone() {
    for (method, path, user) in [
        (Method::POST, "/renew", "1"),
        (Method::GET, "/login/2", "2"),
        (Method::POST, "/logout", "nobody"),
    ] {
        let App { client, pause, .. } = app(stored());
        client.get("/login-permanently/1").await;
        client.clock().advance(Duration::from_hours(4 * 24));
        let slow = tokio::spawn(client.post("/slow/nothing").into_future());
        pause.opened.notified().await;
        client.request(method, path).await;
        pause.go_on.notify_one();
        let slow = slow.await.unwrap();
        assert_eq!(slow.text(), "Some(1)", "{path}");
        assert!(slow.set_cookie().is_empty(), "{path}");
        client.clock().advance(Duration::from_secs(31));
        assert_eq!(client.get("/whoami").await.text(), user, "{path}");
    }
}

#[tokio::test]
async fn a_reader_whose_life_was_extended_has_its_cookie_sent_again() {
    let App { client, .. } = app(stored());
    client.get("/login-permanently/1").await;
    assert!(client.get("/whoami").await.set_cookie().is_empty());
    client.clock().advance(Duration::from_hours(4 * 24));
    assert_eq!(client.get("/whoami").await.set_cookie().len(), 1);
    assert!(client.get("/whoami").await.set_cookie().is_empty());
}

#[tokio::test]
async fn who_logs_in_with_a_secret_of_before_is_a_new_session() {
    let App { client, stored, .. } = app(stored());
    client.get("/login/1").await;
    let old = cookie(&client).unwrap();
    client.post("/logout").await;
    client.cookies().set("__Host-session", &old);
    assert_eq!(client.put("/key/a/1").await.status(), 409);
    assert_eq!(client.get("/login/2").await.status(), 200);
    assert_ne!(cookie(&client).unwrap()[..22], old[..22]);
    assert_eq!(client.get("/whoami").await.text(), "2");
    assert_eq!(stored.of_user(&1).await.unwrap(), []);
}

/// A visitor who was logged in before sessions were kept in a store, and the configuration of now.
fn of_before_the_store(before: &SessionConfig, name: &str) -> App {
    let config = before.clone().store(MemoryStore::new());
    let app = app(config.also_read(before.clone(), "2199-12-31").unwrap());
    let now = app.client.clock().now();
    let session = format!(r#"{{"user_id":7,"theme":"dark","_created":{now}}}"#);
    let cookie = before.serializer().encode(&session, now).unwrap();
    app.client.cookies().set(name, &cookie);
    app
}

#[tokio::test]
async fn a_visitor_with_a_cookie_of_before_the_store_stays_logged_in() {
    let App { client, .. } = of_before_the_store(&in_cookie(), "__Host-session");
    assert_eq!(client.get("/whoami").await.text(), "7");
    let moved = cookie(&client).unwrap();
    assert_eq!(moved.len(), 66);
    assert_eq!(client.get("/keys").await.text(), "theme user_id");
}

#[tokio::test]
async fn a_visitor_with_a_cookie_of_before_the_store_can_log_out_at_once() {
    for name in ["__Host-session", "__Host-before"] {
        let before = in_cookie().cookie(CookieSettings::new().name(name));
        let App { client, stored, .. } = of_before_the_store(&before.unwrap(), name);
        client.post("/logout").await;
        assert_eq!(client.get("/whoami").await.text(), "nobody");
        assert!(client.cookies().names().is_empty());
        assert_eq!(stored.of_user(&7).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_move_to_the_store_gives_a_session_no_second_absolute_lifetime() {
    let hour = Duration::from_secs(3600);
    let before = in_cookie().absolute_lifetime(5 * hour);
    let App { client, .. } = of_before_the_store(&before, "__Host-session");
    for path in ["/key/a/1", "/key/a/2", "/key/a/3", "/key/a/4"] {
        client.clock().advance(hour);
        client.put(path).await;
    }
    assert_eq!(client.get("/whoami").await.text(), "7");
    client.clock().advance(hour + Duration::from_secs(1));
    assert_eq!(client.get("/whoami").await.text(), "nobody");
}
