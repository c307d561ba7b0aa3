//! What the handle promises.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::Key;
use crate::session::PlainJson;
use crate::session::Snapshot;

const VISITS: Key<u32> = Key::new("visits");

fn session(json: &str) -> Session {
    let settings = Settings {
        login_key: "user_id".into(),
        login_page: None,
        format: &PlainJson,
        clock: Clock::system(),
        users: None,
        recall: None,
        flask_login: None,
    };
    Session::opened(
        Arc::new(settings),
        Snapshot::parse(json.as_bytes().to_vec()).unwrap(),
    )
}

fn saved(session: &Session) -> String {
    session.inspect(|snapshot, delta| delta.apply(snapshot, &PlainJson))
}

#[test]
fn missing_and_of_another_type_are_told_apart() {
    let session = session(r#"{"visits":"many"}"#);
    assert_eq!(session.get::<u32>("none"), Ok(None));
    let error = session.get(VISITS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the session's `visits` is of another type (a string where `u32` is expected); read it as what it is, or give its `Key` a `migrate`"
    );
    assert!(!error.to_string().contains("many"), "the value is not told");
}

#[test]
fn a_key_and_its_name_are_the_same_value() {
    let session = session("{}");
    session.set(VISITS, 3).unwrap();
    assert_eq!(session.get("visits"), Ok(Some(3_u32)));
    assert_eq!(session.pop::<u32>(String::from("visits")), Ok(Some(3)));
    assert!(!session.contains(VISITS));
}

#[test]
fn a_value_as_deep_as_can_be_set_can_be_loaded_again() {
    let nested = |levels: usize| {
        (1..levels).fold(serde_json::json!([]), |inner, _| serde_json::json!([inner]))
    };
    let session = session(r#"{"user_id":1}"#);
    let deepest = (1..400)
        .take_while(|levels| session.set("deep", nested(*levels)).is_ok())
        .last();
    assert!(deepest > Some(300), "{deepest:?}");
    let loaded = self::session(&saved(&session));
    assert_eq!(loaded.keys(), ["user_id", "deep"]);
}

#[test]
fn popping_a_value_of_another_type_leaves_it_there() {
    let session = session(r#"{"visits":"many"}"#);
    assert!(session.pop(VISITS).is_err());
    assert!(session.contains(VISITS));
    assert!(!session.is_modified());
}

#[test]
fn a_default_is_set_only_where_nothing_is() {
    let session = session(r#"{"visits":3}"#);
    assert_eq!(session.set_default(VISITS, 0), Ok(3));
    assert!(!session.is_modified());
    assert_eq!(
        session.set_default("name", "anonymous".to_owned()),
        Ok("anonymous".to_owned())
    );
    assert_eq!(saved(&session), r#"{"visits":3,"name":"anonymous"}"#);
}

#[test]
fn setting_what_is_there_changes_nothing() {
    let session = session(r#"{"visits":3,"_permanent":true}"#);
    session.set(VISITS, 3).unwrap();
    session.set_permanent(true).unwrap();
    assert!(!session.is_modified());
}

#[test]
fn what_the_session_keeps_for_itself_is_hidden_and_not_to_be_set() {
    let session = session(r#"{"_permanent":true,"_epoch":4}"#);
    assert!(session.is_empty());
    assert_eq!(session.keys(), Vec::<String>::new());
    let error = session.set("_epoch", 5).unwrap_err();
    assert_eq!(
        error,
        SessionError::Reserved {
            key: "_epoch".to_owned()
        }
    );
    assert!(session.pop::<bool>("_permanent").is_err());
}

#[test]
fn permanence_is_switched_on_and_off() {
    let session = session("{}");
    assert!(!session.is_permanent());
    session.set_permanent(true).unwrap();
    assert!(session.is_permanent());
    session.set_lifetime(Duration::from_secs(600)).unwrap();
    session.set_permanent(true).unwrap();
    assert_eq!(saved(&session), r#"{"_permanent":600}"#);
    session.set_permanent(false).unwrap();
    assert_eq!(saved(&session), "{}");
    assert!(!session.is_modified());
}

#[test]
fn after_the_commit_values_are_read_and_changes_are_errors() {
    let session = session(r#"{"visits":3}"#);
    session.open(
        |_| Vec::new(),
        |notes| notes.handler(|| HandlerName::Text("index".into())),
    );
    session.close(&mut Closed::default(), |_, _, _| ());
    assert_eq!(session.get(VISITS), Ok(Some(3)));
    let committed = SessionError::Committed {
        handler: "index".to_owned(),
    };
    assert_eq!(session.set(VISITS, 4), Err(committed.clone()));
    assert_eq!(session.pop(VISITS), Err(committed.clone()));
    assert_eq!(session.clear(), Err(committed.clone()));
    assert_eq!(session.renew(), Err(committed));
}

#[tokio::test]
async fn a_read_only_handle_refuses_every_change_and_older_handles_do_not() {
    let outer = session(r#"{"visits":3}"#);
    outer.open(|_| Vec::new(), |notes| notes.read_only());
    let inner = outer.open(|_| Vec::new(), |_| {});
    assert_eq!(inner.get(VISITS), Ok(Some(3)));
    assert!(matches!(
        inner.set(VISITS, 4),
        Err(SessionError::ReadOnly { .. })
    ));
    assert!(matches!(
        inner.take(VISITS).await,
        Err(SessionError::ReadOnly { .. })
    ));
    assert_eq!(outer.set(VISITS, 4), Ok(()));
}

#[test]
fn a_value_that_is_no_json_is_an_error_and_changes_nothing() {
    let session = session("{}");
    let map = std::collections::HashMap::from([((1, 2), 3)]);
    assert!(matches!(
        session.set("map", map),
        Err(SessionError::Unserializable { .. })
    ));
    assert!(!session.is_modified());
}

#[test]
fn a_migration_reads_what_an_earlier_version_wrote() {
    const CART: Key<Vec<String>> =
        Key::new("cart").migrate(|old| Some(vec![old.as_str()?.to_owned()]));
    assert_eq!(
        session(r#"{"cart":"tea"}"#).get(CART),
        Ok(Some(vec!["tea".to_owned()]))
    );
    assert_eq!(
        session(r#"{"cart":["tea"]}"#).get(CART),
        Ok(Some(vec!["tea".to_owned()]))
    );
    assert!(session(r#"{"cart":1}"#).get(CART).is_err());
}

#[test]
fn nothing_of_the_content_is_in_the_debug_text() {
    assert_eq!(
        format!("{:?}", session(r#"{"visits":3}"#)),
        "Session { .. }"
    );
}

#[derive(Clone, Debug)]
enum Call {
    Set(&'static str, u8),
    Pop(&'static str),
    Permanent(bool),
    Clear,
    Renew,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let key = prop_oneof![Just("a"), Just("b"), Just("c")];
    let call = prop_oneof![
        (key.clone(), 0..3_u8).prop_map(|(key, value)| Call::Set(key, value)),
        key.prop_map(Call::Pop),
        any::<bool>().prop_map(Call::Permanent),
        Just(Call::Clear),
        Just(Call::Renew),
    ];
    prop::collection::vec(call, 0..12)
}

fn run(session: &Session, calls: &[Call]) {
    for call in calls {
        match call {
            Call::Set(key, value) => session.set(*key, *value).unwrap(),
            Call::Pop(key) => drop(session.pop::<u8>(*key).unwrap()),
            Call::Permanent(permanent) => session.set_permanent(*permanent).unwrap(),
            Call::Clear => session.clear().unwrap(),
            Call::Renew => session.renew().unwrap(),
        }
    }
}

proptest! {
    #[test]
    fn a_renewal_is_kept_whatever_else_is_called_and_changes_no_value(calls in calls()) {
        let with = session(r#"{"a":1,"b":2}"#);
        run(&with, &calls);
        let without = session(r#"{"a":1,"b":2}"#);
        let others: Vec<_> = calls.iter().filter(|call| !matches!(call, Call::Renew)).cloned().collect();
        run(&without, &others);
        prop_assert_eq!(saved(&with), saved(&without));
        let renews = calls.iter().any(|call| matches!(call, Call::Renew));
        prop_assert_eq!(with.close(&mut Closed::default(), |closed, _, _| closed.flags.renewed).unwrap(), renews);
    }

    #[test]
    fn what_calls_leave_is_what_a_map_would_hold(calls in calls()) {
        let session = session(r#"{"a":1,"b":2}"#);
        run(&session, &calls);
        let mut map = std::collections::BTreeMap::from([("a", 1), ("b", 2)]);
        let mut permanent = false;
        for call in &calls {
            match call {
                Call::Set(key, value) => drop(map.insert(key, *value)),
                Call::Pop(key) => drop(map.remove(key)),
                Call::Permanent(yes) => permanent = *yes,
                Call::Clear => { map.clear(); permanent = false; }
                Call::Renew => {}
            }
        }
        prop_assert_eq!(session.is_permanent(), permanent);
        prop_assert_eq!(session.is_empty(), map.is_empty());
        for key in ["a", "b", "c"] {
            prop_assert_eq!(session.get(key).unwrap(), map.get(key).copied());
        }
    }
}
