//! A session behind a real socket: a WebSocket that changes it by what is said, and hangs up when it is over.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod site;

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::{SinkExt as _, StreamExt as _};
use session_runtime::SessionHandle;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message as Said, handshake};
use tokio_tungstenite::{WebSocketStream, client_async};

use site::{cookie, keys, login, logout, renew, set, stored};

/// Keeps what is said last, and says so, or why not.
#[get("/socket")]
#[login_required]
async fn socket(session: SessionHandle, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let ended = session.ended();
        tokio::pin!(ended);
        loop {
            let answer = tokio::select! {
                () = &mut ended => {
                    let reason = "the session is over".into();
                    let close = CloseFrame { code: close_code::POLICY, reason };
                    let _ = socket.send(Message::Close(Some(close))).await;
                    return;
                }
                said = socket.recv() => match said {
                    Some(Ok(Message::Text(text))) => match session.set("said", text.as_str()).await {
                        Ok(()) => format!("kept {text}"),
                        Err(error) => error.to_string(),
                    },
                    _ => return,
                },
            };
            if socket.send(Message::text(answer)).await.is_err() {
                return;
            }
        }
    })
}

/// One visitor: a tab in process, and sockets over the network.
struct Visitor {
    tab: TestClient,
    address: SocketAddr,
}

/// An open socket, and how it was opened.
struct Socket {
    stream: WebSocketStream<TcpStream>,
    response: handshake::client::Response,
}

impl Visitor {
    async fn new(config: SessionConfig) -> Self {
        let mut served = None;
        let tab = TestClient::with_config(config, |sessions| {
            let app = routes![login, logout, renew, set, keys, socket].with_sessions(sessions);
            served = Some(app.clone());
            app
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, served.unwrap()).into_future());
        Self { tab, address }
    }

    /// Asks for a socket with the cookie that the visitor has.
    async fn open(&self) -> Result<Socket, Error> {
        let mut request = format!("ws://{}/socket", self.address).into_client_request()?;
        if let Some(cookie) = cookie(&self.tab) {
            let cookie = format!("__Host-session={cookie}").parse().unwrap();
            request.headers_mut().insert("cookie", cookie);
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (stream, response) = client_async(request, stream).await?;
        Ok(Socket { stream, response })
    }
}

impl Socket {
    /// What is answered to this.
    async fn say(&mut self, text: &str) -> Said {
        self.stream.send(Said::text(text)).await.unwrap();
        self.hear().await
    }

    /// What comes next, be it the end. It comes much sooner, or never.
    async fn hear(&mut self) -> Said {
        let next = tokio::time::timeout(Duration::from_secs(30), self.stream.next());
        next.await.expect("nothing comes").unwrap().unwrap()
    }

    /// Waits until the server hangs up because the session is over.
    async fn must_end(&mut self) {
        let Said::Close(Some(close)) = self.hear().await else {
            panic!("it is not the end");
        };
        assert_eq!(close.reason.as_str(), "the session is over");
    }
}

/// spring-projects/spring-session #44, crowdsec-local-dashboard PR 13: sockets stayed open after the logout.
#[tokio::test]
async fn every_socket_of_a_session_ends_when_the_visitor_logs_out_in_a_tab() {
    let visitor = Visitor::new(stored()).await;
    let other = visitor.tab.another();
    visitor.tab.get("/login/1").await;
    let mut sockets = [visitor.open().await.unwrap(), visitor.open().await.unwrap()];
    for socket in &mut sockets {
        assert_eq!(socket.say("hello").await, Said::text("kept hello"));
    }
    other.get("/login/1").await;
    visitor.tab.post("/logout").await;
    for socket in &mut sockets {
        socket.must_end().await;
    }
    assert_eq!(visitor.tab.get("/keys").await.text(), "");
    assert_eq!(
        other.get("/keys").await.text(),
        "user_id",
        "nobody else is logged out"
    );
}

/// spring-projects/spring-security #3293: an open socket kept an idle session alive for ever.
#[tokio::test]
async fn an_open_socket_keeps_no_idle_session_alive_whatever_is_said() {
    let hour = Duration::from_secs(3600);
    let visitor = Visitor::new(stored().browser_lifetime(hour)).await;
    visitor.tab.get("/login/1").await;
    let mut socket = visitor.open().await.unwrap();
    for minute in ["0", "20", "40"] {
        assert_eq!(
            socket.say(minute).await,
            Said::text(format!("kept {minute}"))
        );
        visitor.tab.clock().advance(hour / 3);
    }
    assert_eq!(socket.say("60").await, Said::text("kept 60"));
    visitor.tab.clock().advance(Duration::from_secs(1));
    let late = socket.say("late").await;
    assert!(!late.to_string().contains("kept"), "{late}");
    if !late.is_close() {
        socket.must_end().await;
    }
    assert_eq!(visitor.tab.get("/keys").await.text(), "");
}

#[tokio::test]
async fn a_socket_outlives_a_renewal_and_still_changes_the_session() {
    let visitor = Visitor::new(stored()).await;
    visitor.tab.get("/login/1").await;
    let mut socket = visitor.open().await.unwrap();
    visitor.tab.post("/renew").await;
    assert_eq!(socket.say("hello").await, Said::text("kept hello"));
    // The session is looked at every three seconds.
    tokio::time::sleep(Duration::from_secs(4)).await;
    visitor.tab.put("/key/theme/dark").await;
    assert_eq!(socket.say("again").await, Said::text("kept again"));
    assert_eq!(
        visitor.tab.session().await,
        serde_json::json!({ "user_id": 1, "theme": "dark", "said": "again" })
    );
}

#[tokio::test]
async fn a_socket_is_opened_without_a_word_to_the_cookie() {
    let visitor = Visitor::new(stored()).await;
    visitor.tab.get("/login/1").await;
    let socket = visitor.open().await.unwrap();
    let headers = socket.response.headers();
    assert_eq!(headers.get("vary").unwrap(), "Cookie");
    assert!(!headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn a_stranger_gets_no_socket_and_is_led_nowhere() {
    let visitor = Visitor::new(stored()).await;
    let Err(Error::Http(response)) = visitor.open().await.map(drop) else {
        panic!("a stranger has a socket");
    };
    assert_eq!(response.status(), 401);
    assert!(!response.headers().contains_key("location"));
}
