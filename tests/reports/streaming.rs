//! Bodies that are still being sent when the session has been saved.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use futures_core::Stream;
use serde_json::json;
use session_runtime::SessionError;
use session_runtime::prelude::*;
use session_runtime::testing::{Stored, TestClient};

use crate::kept::either_way;
use crate::log::Log;

/// Tries each change while the body is sent, and sends what came of it.
#[get("/stream")]
async fn stream(session: Session, #[session(set)] theme: Slot<String>) -> Body {
    Body::from_stream(Late(Some(move || {
        let attempts = [
            ("set", session.set("notice", "late")),
            ("pop", session.pop::<String>("notice").map(drop)),
            ("set_default", session.set_default("new", 1).map(drop)),
            ("clear", session.clear()),
            ("renew", session.renew()),
            ("set_permanent", session.set_permanent(true)),
            ("slot", theme.set("dark".to_owned())),
        ];
        attempts.map(|(attempt, result)| match result {
            Err(SessionError::Committed { handler }) => format!("{attempt}: {handler}\n"),
            other => format!("{attempt}: {other:?}\n"),
        })
    })))
}

#[get("/read")]
async fn read(#[session] notice: Option<String>) -> String {
    notice.unwrap_or_default()
}

/// alexedwards/scs #215: a flash that was taken after the body had begun stayed, and no error said so.
#[tokio::test]
async fn a_change_from_inside_the_body_is_a_typed_error_that_names_the_handler() {
    for (kept, config) in either_way() {
        let client = TestClient::with_config(config, |sessions| {
            routes![stream, read].with_sessions(sessions)
        });
        let values = json!({ "notice": "saved" });
        client.set_session(&values).await;

        let log = Log::new();
        let answer = client.get("/stream").await;
        assert_eq!(
            answer.text(),
            "set: stream\npop: stream\nset_default: stream\nclear: stream\nrenew: stream\nset_permanent: stream\nslot: stream\n"
        );
        let text = log.text();
        assert!(
            text.contains("WARN") && text.contains("after the response had begun"),
            "{text}"
        );
        assert!(text.contains("stream"), "{text}");

        assert_eq!(*answer.stored(), Stored::Nothing);
        assert_eq!(client.get("/read").await.text(), "saved");
        assert_eq!(client.session().await, values, "{kept}");
    }
}

/// A body of one piece that is made when the body is asked for it.
struct Late<F>(Option<F>);

impl<F, const N: usize> Stream for Late<F>
where
    F: FnOnce() -> [String; N] + Unpin,
{
    type Item = std::io::Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(|piece| Ok(piece().concat())))
    }
}
