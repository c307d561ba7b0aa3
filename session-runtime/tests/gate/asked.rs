//! A handler is given the same values whether it is alone behind its gate, where each is read when the handler asks for it, or
//! has another extractor beside the gate, where all are read before that runs; with the sessions in its routes or in a layer.

use axum::Router;
use axum::body::Body;
use axum::routing::get as wire_get;
use http::{Method, Request, StatusCode, header};
use session_runtime::{Routes, Session, SessionError, Slot, post, routes, session};
use tower::ServiceExt;

use super::{sessions, text};

/// Each handler twice.
macro_rules! alone_and_beside {
    ($(#[$option:meta])* $at:literal $alone:ident, $beside_at:literal $beside:ident, ($($parameters:tt)*) $body:block) => {
        #[post($at)]
        $(#[$option])*
        async fn $alone($($parameters)*) -> Result<String, SessionError> $body

        #[post($beside_at)]
        $(#[$option])*
        async fn $beside($($parameters)* _: Method) -> Result<String, SessionError> $body
    };
}

alone_and_beside! {
    "/reads/alone" reads_alone, "/reads/beside" reads_beside,
    (
        #[session] count: Option<u8>,
        #[session] text: Result<u8, SessionError>,
        #[session(default)] missing: u8,
        #[session(default = "en".to_owned())] language: String,
        #[session] unfit: Option<u8>,
        #[session(default = 9)] unfit_too: u8,
    )
    { Ok(format!("{count:?} {} {missing} {language} {unfit:?} {unfit_too}", text.is_err())) }
}

alone_and_beside! {
    "/writes/alone" writes_alone, "/writes/beside" writes_beside,
    (
        #[session(default)] count: &mut u8,
        #[session(default = 5)] other: &mut u8,
        #[session] removed: &mut Option<u8>,
        #[session(set)] language: Slot<String>,
    )
    {
        *count += 1;
        *other += 1;
        *removed = None;
        language.set("de".to_owned())?;
        Ok(format!("{count} {other}"))
    }
}

alone_and_beside! {
    #[session(clear)]
    "/clears/alone" clears_alone, "/clears/beside" clears_beside,
    (
        #[session] count: Option<u8>,
        #[session(default)] other: u8,
        #[session(set)] language: Slot<String>,
    )
    {
        language.set("fr".to_owned())?;
        Ok(format!("{count:?} {other}"))
    }
}

alone_and_beside! {
    #[session(permanent)]
    "/takes/alone" takes_alone, "/takes/beside" takes_beside,
    (
        #[session(pop)] count: Option<u8>,
        #[session(pop, default)] removed: u8,
        #[session] language: Option<String>,
    )
    { Ok(format!("{count:?} {removed} {language:?}")) }
}

alone_and_beside! {
    "/needs/alone" needs_alone, "/needs/beside" needs_beside,
    (#[session] language: Option<String>, #[session] count: u8, #[session(default)] other: &mut u8,)
    {
        *other += count;
        Ok(format!("{language:?} {count} {other}"))
    }
}

async fn fill(session: Session) -> Result<(), SessionError> {
    session.set("count", 3)?;
    for name in ["text", "unfit", "unfit_too"] {
        session.set(name, "a text")?;
    }
    session.set("removed", 8)?;
    session.set("other", 20)
}

async fn show(session: Session) -> Result<String, SessionError> {
    let mut keys = session.keys();
    keys.retain(|key| !key.starts_with("unfit"));
    keys.sort_unstable();
    let values = keys.iter().map(|key| {
        Ok(format!(
            "{key}={}",
            session
                .get::<serde_json::Value>(key.as_str())?
                .unwrap_or_default()
        ))
    });
    let values = values.collect::<Result<Vec<_>, SessionError>>()?;
    Ok(format!(
        "{} permanent={}",
        values.join(" "),
        session.is_permanent()
    ))
}

fn all() -> Routes {
    routes![
        reads_alone,
        reads_beside,
        writes_alone,
        writes_beside,
        clears_alone,
        clears_beside,
        takes_alone,
        takes_beside,
        needs_alone,
        needs_beside
    ]
}

fn apps() -> [Router; 2] {
    let by_hand = || {
        Router::new()
            .route("/fill", wire_get(fill))
            .route("/show", wire_get(show))
    };
    let layer = sessions();
    [
        all()
            .with_sessions(layer.clone())
            .merge(by_hand().layer(layer.clone())),
        all().without_sessions().merge(by_hand()).layer(layer),
    ]
}

/// What a handler answers, and what the session then holds.
async fn seen(app: &Router, path: &str, is_filled: bool) -> (StatusCode, String, String) {
    let mut cookie = None::<String>;
    let mut ask = async |method: Method, path: &str| {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let answer = app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        if let Some(set) = answer.headers().get(header::SET_COOKIE) {
            cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        (answer.status(), text(answer).await)
    };
    if is_filled {
        ask(Method::GET, "/fill").await;
    }
    let (status, answer) = ask(Method::POST, path).await;
    let (_, session) = ask(Method::GET, "/show").await;
    (status, answer, session)
}

#[tokio::test]
async fn a_handler_is_given_the_same_alone_and_beside_an_extractor() {
    let expected = [
        (
            "reads",
            "Some(3) true 0 en None 9",
            r#"count=3 other=20 removed=8 text="a text" permanent=false"#,
        ),
        (
            "writes",
            "4 21",
            r#"count=4 language="de" other=21 text="a text" permanent=false"#,
        ),
        ("clears", "Some(3) 20", r#"language="fr" permanent=false"#),
        (
            "takes",
            "Some(3) 8 None",
            r#"other=20 text="a text" permanent=true"#,
        ),
        (
            "needs",
            "None 3 23",
            r#"count=3 other=23 removed=8 text="a text" permanent=false"#,
        ),
    ];
    for app in apps() {
        for (path, answer, session) in expected {
            for way in ["alone", "beside"] {
                let seen = seen(&app, &format!("/{path}/{way}"), true).await;
                assert_eq!(
                    seen,
                    (StatusCode::OK, answer.to_owned(), session.to_owned()),
                    "{path} {way}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_visitor_without_a_session_is_given_the_same_too() {
    for app in apps() {
        for (path, answer) in [
            ("reads", Some("None true 0 en None 9")),
            ("writes", Some("1 6")),
            ("clears", Some("None 0")),
            ("takes", Some("None 0 None")),
            ("needs", None),
        ] {
            let alone = seen(&app, &format!("/{path}/alone"), false).await;
            let beside = seen(&app, &format!("/{path}/beside"), false).await;
            assert_eq!(alone, beside);
            match answer {
                Some(answer) => assert_eq!((alone.0, alone.1.as_str()), (StatusCode::OK, answer)),
                None => assert_eq!(alone.0, StatusCode::BAD_REQUEST),
            }
        }
    }
}
