//! The session behind the visitor's cookie, as a test sets it up and inspects it: through the layer, without a request.

use serde::Serialize;
use serde_json::Value;

use crate::layer::{Refusal, Visiting};
use crate::session::{Result, Session};

use super::client::TestClient;
use super::{object, values, wrong};

/// The session behind the visitor's cookie.
impl TestClient {
    /// What the session holds that the visitor's cookie opens now: an object with a member for each value, `{}` if there is
    /// none. It is what [`values`](super::values) shows.
    ///
    /// # Panics
    ///
    /// If the session cannot be had from its store.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use session_runtime::testing::TestClient;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// assert_eq!(client.session().await, json!({}));
    /// # }
    /// ```
    pub async fn session(&self) -> Value {
        values(&self.load().await.session)
    }

    /// Replaces the visitor's session with these values, an object; `{}` ends it.
    ///
    /// # Panics
    ///
    /// If the values are no object or cannot be the values of a session (the names that the session
    /// [keeps for itself](crate::SessionError::Reserved) are among those), or if they are too large to be stored.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use session_runtime::testing::TestClient;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// client.set_session(json!({ "user_id": 12345, "cart": ["tea"] })).await;
    /// assert_eq!(client.session().await["cart"][0], "tea");
    /// # }
    /// ```
    pub async fn set_session(&self, values: impl Serialize) {
        let values = object(values).unwrap_or_else(|error| wrong(&error));
        self.change_session(|session| {
            session.clear()?;
            values
                .into_iter()
                .try_for_each(|(name, value)| session.set(name, value))
        })
        .await;
    }

    /// Changes the visitor's session as a handler would, permanence included, without a request.
    ///
    /// # Panics
    ///
    /// If `change` fails, or if the session cannot be stored or its cookie be kept by a browser.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use serde_json::json;
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// client.change_session(|session| {
    ///     session.set("user_id", 12345)?;
    ///     session.set_permanent(true)
    /// }).await;
    /// client.restart_browser();
    /// assert_eq!(client.session().await, json!({ "user_id": 12345 }));
    /// # }
    /// ```
    pub async fn change_session(&self, change: impl FnOnce(&Session) -> Result<()>) {
        if let Err(refusal) = self.try_change(change).await {
            wrong(&refusal);
        }
    }

    /// Logs the visitor in as this user: sets the key that the configuration says
    /// ([`login_key`](crate::SessionConfig::login_key)), and renews the session. What else it holds stays.
    ///
    /// # Panics
    ///
    /// If the user's id cannot be written as JSON, or if the session cannot be stored.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use serde_json::json;
    /// # use session_runtime::testing::TestClient;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let client = TestClient::new(|sessions| Router::new().layer(sessions));
    /// client.login(12345).await;
    /// assert_eq!(client.session().await, json!({ "user_id": 12345 }));
    /// # }
    /// ```
    pub async fn login(&self, user_id: impl Serialize) {
        self.change_session(|session| {
            session.set(&*session.settings().login_key, &user_id)?;
            session.renew()
        })
        .await;
    }

    async fn try_change(&self, change: impl FnOnce(&Session) -> Result<()>) -> Result<(), Refusal> {
        let visiting = self.load().await;
        change(&visiting.session)?;
        if let Some(cookie) = self.application.sessions.save(&visiting).await? {
            let line = String::from_utf8_lossy(cookie.as_bytes());
            if let Err(refused) = self.cookies().receive(&line, "/") {
                wrong(&refused);
            }
        }
        Ok(())
    }

    /// The session that the jar's cookie opens, whatever path it is for.
    async fn load(&self) -> Visiting {
        let name = self.application.sessions.cookie_name();
        let cookies = self.cookies().named(name);
        self.open(&cookies).await
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use serde_json::json;

    use crate::layer::{CookieSettings, SessionConfig};
    use crate::signing::SecretKey;

    use super::*;

    async fn keys(session: Session) -> String {
        session.keys().join(" ")
    }

    fn client() -> TestClient {
        TestClient::new(|sessions| Router::new().route("/", get(keys)).layer(sessions))
    }

    #[tokio::test]
    async fn a_login_keeps_what_else_the_session_holds() {
        let client = client();
        client.set_session(json!({"cart": ["tea"]})).await;
        client.login("ada").await;
        assert_eq!(
            client.session().await,
            json!({"cart": ["tea"], "user_id": "ada"})
        );
        assert_eq!(client.get("/").await.text(), "cart user_id");
    }

    #[tokio::test]
    async fn a_given_session_replaces_the_one_before() {
        let client = client();
        client.login(1).await;
        client.set_session(json!({"visits": 4})).await;
        assert_eq!(client.session().await, json!({"visits": 4}));
        client.set_session(json!({})).await;
        assert!(client.cookies().names().is_empty());
    }

    #[tokio::test]
    async fn a_permanent_session_outlives_the_browser() {
        let client = client();
        client
            .change_session(|session| {
                session.set("a", 1)?;
                session.set_permanent(true)
            })
            .await;
        client.restart_browser();
        assert_eq!(client.get("/").await.text(), "a");
        client.set_session(json!({"b": 1})).await;
        client.restart_browser();
        assert_eq!(client.session().await, json!({}));
    }

    #[tokio::test]
    async fn a_session_is_found_whatever_its_cookie_s_name_path_and_domain() {
        let cookie = CookieSettings::new()
            .name("sid")
            .path("/shop")
            .domain("shop.example");
        let config = SessionConfig::flask(SecretKey::generate())
            .cookie(cookie)
            .unwrap();
        let client = TestClient::with_config(config, |sessions| {
            let router = Router::new().route("/", get(keys));
            router.route("/shop", get(keys)).layer(sessions)
        });
        client.login(1).await;
        assert_eq!(client.cookies().names(), ["sid"]);
        assert_eq!(client.session().await, json!({"user_id": 1}));
        assert_eq!(client.get("/shop").await.text(), "user_id");
        assert_eq!(client.get("/").await.text(), "");
    }

    #[tokio::test]
    async fn a_tampered_cookie_opens_an_empty_session() {
        let client = client();
        client.login(1).await;
        let name = client.cookies().names().remove(0);
        let value = client.cookies().get(&name).unwrap();
        client.cookies().set(&name, &format!("x{value}"));
        assert_eq!(client.session().await, json!({}));
        assert_eq!(client.get("/").await.text(), "");
        client.cookies().set(&name, &value);
        assert_eq!(client.get("/").await.text(), "user_id");
    }

    #[tokio::test]
    #[should_panic(expected = "an array cannot be the values of a session")]
    async fn a_test_that_gives_no_object_is_told_so() {
        client().set_session(["tea"]).await;
    }

    #[tokio::test]
    #[should_panic(expected = "`_permanent` is kept by the session itself")]
    async fn a_test_that_gives_a_reserved_key_is_told_so() {
        client().set_session(json!({"_permanent": true})).await;
    }

    #[tokio::test]
    #[should_panic(expected = "the session was not saved: the cookie would have")]
    async fn a_session_too_large_is_said() {
        // Random text, since compression makes any other small.
        let noise: Vec<_> = (0..300)
            .map(|_| SecretKey::generate().expose_secret().to_vec())
            .collect();
        client().set_session(json!({ "noise": noise })).await;
    }
}
