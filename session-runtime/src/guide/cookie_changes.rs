//! Changing the session's cookie in production without logging anyone out.
//!
//! A visitor brings the cookie that yesterday's settings wrote. What reads it today is said in the configuration: older
//! *keys* by [`fallbacks`](crate::SessionConfig::fallbacks), everything else (name, Domain, Path, format, digest, salt) by
//! [`also_read`](crate::SessionConfig::also_read), which takes yesterday's whole configuration and the last day that it
//! counts.
//!
//! # One process after the other
//!
//! While some processes have the new settings and some the old, each must read what the others write. So deploy twice: first
//! every process learns to read the new cookie and still writes the old one, and when all of them do, they change over.
//!
//! ```
//! use session_runtime::{SessionConfig, signing::SecretKey};
//!
//! # let (old_key, new_key) = (SecretKey::generate(), SecretKey::generate());
//! let (old, new) = (SessionConfig::flask(old_key), SessionConfig::new(new_key));
//! let first = old.clone().also_read(new.clone(), "2027-01-31")?;
//! let second = new.also_read(old, "2027-01-31")?;
//! # Ok::<(), session_runtime::ConfigError>(())
//! ```
//!
//! During the second deployment a visitor who is served by both kinds has the session written to and fro, and keeps it. For a
//! key it is the same: first the new one is a fallback of the old one everywhere, then they change places. An application of
//! one process, or one that stops while it is deployed, changes over at once.
//!
//! How far the change has come is seen in the log: a session that was read from an earlier cookie is the event
//! `session.moved`, level debug. When it has become rare, or the date has passed, remove `also_read`.
//!
//! # Another key
//!
//! The new key signs, the old one still verifies. Each session is signed anew when it is next saved; one that is only read
//! is saved after a tenth of its lifetime. After one lifetime no cookie is left that the old key has signed.
//!
//! ```
//! use session_runtime::{SessionConfig, signing::SecretKey};
//!
//! # let (new_key, old_key) = (SecretKey::generate(), SecretKey::generate());
//! let config = SessionConfig::new(new_key).fallbacks([old_key]);
//! ```
//!
//! In the environment it is `SECRET_KEY=<new>` and `SECRET_KEY_FALLBACKS=["<old>"]`. A key that has leaked is no fallback:
//! whoever has it can sign any session. Leave it out, and everyone logs in again.
//!
//! # From Flask's cookie to ours
//!
//! Flask's `session` becomes `__Host-session`, signed with SHA-256, with attributes that Flask leaves out. A tagged value
//! (a tuple, a date) becomes the plain JSON that [`get`](crate::Session::get) reads of it either way. Keys keep their names: of an
//! application with Flask-Login the [`login_key`](crate::SessionConfig::login_key) is `_user_id`. In Flask a session that ends with
//! the browser lives 31 days at the most and here a day, unless
//! [`browser_lifetime`](crate::SessionConfig::browser_lifetime) says otherwise.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use session_runtime::testing::TestClient;
//! use session_runtime::{Session, SessionConfig, signing::SecretKey};
//!
//! # async fn hello(session: Session) -> session_runtime::Result<String> {
//! #     Ok(format!("user {:?}", session.get::<u64>("user_id")?))
//! # }
//! # let app = |layer| axum::Router::new().route("/", axum::routing::get(hello)).layer(layer);
//! # let (key, flasks_key) = (SecretKey::generate(), SecretKey::generate());
//! let flask = SessionConfig::flask(flasks_key);
//! let config = SessionConfig::new(key).also_read(flask.clone(), "2099-12-31")?;
//!
//! let client = TestClient::with_config(config, app);
//! let flasks_cookie = flask.serializer().encode(r#"{"user_id": 12345}"#, client.clock().now())?;
//! client.cookies().set("session", &flasks_cookie);
//! assert_eq!(client.get("/").await.text(), "user Some(12345)");
//!
//! assert_eq!(client.cookies().get("session"), None, "Flask's cookie has been expired");
//! assert!(client.cookies().get("__Host-session").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })
//! # }
//! ```
//!
//! While Flask still runs beside, do not do this: its visitors' cookies would be expired one by one. Use
//! [`SessionConfig::flask`](crate::SessionConfig::flask) in both until Flask is gone, and then change.
//!
//! # From signed to encrypted
//!
//! The name stays, so the new cookie takes the old one's place and nothing has to be expired. The feature `encrypted` must be
//! on.
//!
//! ```
//! # fn main() -> Result<(), session_runtime::ConfigError> {
//! # #[cfg(feature = "encrypted")] {
//! use session_runtime::{SessionConfig, signing::SecretKey};
//!
//! # let key = SecretKey::generate();
//! let signed = SessionConfig::new(key.clone());
//! let config = SessionConfig::new(key).encrypted().also_read(signed, "2027-01-31")?;
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! Until the date a visitor who kept a signed cookie can still read what is in it; what is written from now on cannot be
//! read. The way back is the same with the two exchanged.
//!
//! # From one domain to another
//!
//! The cookie was for all of `example.com` and is to be for this host alone. The name stays, or becomes `__Host-session` if
//! none was set; either way the wider cookie is expired where it is found.
//!
//! ```
//! use session_runtime::{CookieSettings, SessionConfig, signing::SecretKey};
//!
//! # let key = SecretKey::generate();
//! let before = SessionConfig::new(key.clone()).cookie(CookieSettings::new().domain("example.com"))?;
//! let config = SessionConfig::new(key).also_read(before, "2027-01-31")?;
//! # Ok::<(), session_runtime::ConfigError>(())
//! ```
//!
//! The other way round, from one host to a whole domain, it is the same with the two exchanged. A move to another
//! registrable domain (`example.com` to `example.org`) is none that a cookie can make: browsers send no site another
//! site's cookies, and everyone logs in again.
