//! The values that a handler's parameters are given, and what is written back.

use std::task::Poll;

use http::{Method, StatusCode};
use session_runtime::{Gate, Key, SessionError, Slot, get, post, testing};

use super::{Visitor, header_of, text, unread};

#[tokio::test]
async fn a_missing_value_refuses_the_request_before_its_body_is_read() {
    let answer = Visitor::default()
        .send(Method::POST, "/needs", &[], unread())
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_key_written_in_two_ways_is_a_conflict_and_nothing_is_saved() {
    let answer = Visitor::default().get("/both", &[]).await;
    assert_eq!(
        (answer.status(), header_of(&answer, "set-cookie")),
        (StatusCode::CONFLICT, None)
    );
}

#[tokio::test]
async fn a_read_only_route_hands_out_a_session_that_cannot_be_changed() {
    assert_eq!(
        text(Visitor::default().get("/looks", &[]).await).await,
        "Err(true)"
    );
}

/// Leaves at its end alone: its body is a block, and no future of its own.
#[post("/slow")]
async fn slow(#[session(default)] visits: &mut u8) {
    *visits += 1;
    tokio::task::yield_now().await;
}

#[tokio::test]
async fn a_body_that_leaves_at_its_end_alone_is_not_written_back_when_it_is_dropped() {
    let session = testing::session();
    let mut running = Box::pin(slow(Gate::for_test(&session).unwrap()));
    let polled = std::future::poll_fn(|cx| Poll::Ready(running.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    drop(running);
    assert_eq!(session.get::<u8>("visits").unwrap(), None);
    slow(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get("visits").unwrap(), Some(1));
}

/// Many values, of every kind.
#[post("/many")]
async fn many(
    #[session] a: Option<u8>,
    #[session] b: Option<u8>,
    #[session] c: Option<u8>,
    #[session(pop)] d: Option<u8>,
    #[session] e: Option<u8>,
    #[session] f: Option<u8>,
    #[session(default)] g: &mut u8,
    #[session] h: Option<u8>,
    #[session(set)] i: Slot<u8>,
    #[session(default = 9)] j: u8,
    #[session] k: Result<u8, SessionError>,
    #[session] l: Option<u8>,
    #[session(pop)] m: Option<u8>,
    #[session(default)] n: &mut u8,
    #[session] o: Option<u8>,
    #[session] p: Option<u8>,
    #[session] q: u8,
) -> Result<String, SessionError> {
    i.set(10)?;
    *g += 1;
    *n += 1;
    let options = [a, b, c, d, e, f, h, l, m, o, p];
    Ok(format!("{options:?} {j} {} {q}", k.is_ok()))
}

#[tokio::test]
async fn a_handler_has_as_many_session_values_as_it_wants() {
    let session = testing::session();
    let refused = Gate::<many>::for_test(&session);
    assert!(refused.is_err(), "the last of them is not optional");
    for key in ["a", "d", "m", "q"] {
        session.set(key, 1).unwrap();
    }
    let answer = many(Gate::for_test(&session).unwrap()).await;
    assert_eq!(
        answer.unwrap(),
        "[Some(1), None, None, Some(1), None, None, None, None, Some(1), None, None] 9 false 1"
    );
    for (key, now) in [
        ("d", None),
        ("m", None),
        ("g", Some(1)),
        ("n", Some(1)),
        ("i", Some(10)),
    ] {
        assert_eq!(session.get::<u8>(key).unwrap(), now, "{key}");
    }
}

/// Yesterday a list of names, today their number.
const CART: Key<u8> = Key::new("cart").migrate(|old| old.as_array()?.len().try_into().ok());

#[get("/cart")]
async fn cart(#[session(key = CART)] count: Option<u8>) -> String {
    format!("{count:?}")
}

#[post("/cart")]
async fn add_to_cart(
    #[session(key = CART, default = 5)] count: &mut u8,
    #[session(default = Some(7))] last: &mut Option<u8>,
) {
    *count += 1;
    *last = last.map(|last| last + 1);
}

#[post("/cart/empty")]
async fn empty_cart(#[session(pop, key = CART, default = 3)] count: u8) -> String {
    count.to_string()
}

#[tokio::test]
async fn a_key_constant_reads_the_shape_of_an_earlier_version_in_a_parameter_too() {
    let session = testing::session();
    session.set("cart", ["tea", "milk"]).unwrap();
    assert_eq!(cart(Gate::for_test(&session).unwrap()).await, "Some(2)");
    add_to_cart(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get(CART).unwrap(), Some(3));
}

#[tokio::test]
async fn a_default_that_is_written_out_stands_for_what_is_missing() {
    let session = testing::session();
    add_to_cart(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get(CART).unwrap(), Some(6));
    assert_eq!(session.get("last").unwrap(), Some(8));
    assert_eq!(empty_cart(Gate::for_test(&session).unwrap()).await, "6");
    assert_eq!(empty_cart(Gate::for_test(&session).unwrap()).await, "3");
}
