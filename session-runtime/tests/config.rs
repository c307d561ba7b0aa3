//! The configuration as a part of an application's own, in TOML, in JSON and from variables.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

#[path = "config/refusals.rs"]
mod refusals;

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use session_runtime::testing::TestClient;
use session_runtime::{AuthUser, Session, SessionConfig, SessionLayer};

const KEY: &str = "e3b0c44298fc1c149afbf4c8996fb924";
const OLD: &str = "27ae41e4649b934ca495991b7852b855";

/// As an application has it.
#[derive(Debug, Deserialize)]
struct AppConfig {
    session: SessionConfig,
}

#[derive(Clone)]
struct Ada;

impl AuthUser for Ada {
    type Id = String;

    fn id(&self) -> String {
        "ada".to_owned()
    }
}

fn toml(session: &str) -> SessionConfig {
    let text = format!("name = \"shop\"\n[session]\nsecret_key = \"{KEY}\"\n{session}");
    toml::from_str::<AppConfig>(&text).unwrap().session
}

/// The configuration with these settings and a key.
fn config(mut session: Value) -> Result<SessionConfig, serde_json::Error> {
    let settings = session.as_object_mut().unwrap();
    settings.entry("secret_key").or_insert(KEY.into());
    let text = json!({ "session": settings }).to_string();
    serde_json::from_str::<AppConfig>(&text).map(|config| config.session)
}

/// Why there is none, without the place, which the parser adds.
fn sentence(session: Value) -> String {
    let error = config(session).unwrap_err().to_string();
    error.split(" at line ").next().unwrap().to_owned()
}

fn app(sessions: SessionLayer) -> Router {
    let set = async |session: Session| session.set("city", "Reykjavik");
    let stay = async |session: Session| {
        session.set_permanent(true)?;
        session.set("city", "Reykjavik")
    };
    Router::new()
        .route("/set", get(set))
        .route("/stay", get(stay))
        .layer(sessions)
}

async fn set_cookie(config: SessionConfig, path: &str) -> String {
    let client = TestClient::with_config(config, app);
    client.get(path).await.set_cookie()[0].to_owned()
}

/// The attributes, without name and value.
async fn attributes(config: SessionConfig) -> Vec<String> {
    let cookie = set_cookie(config, "/set").await;
    let mut attributes: Vec<_> = cookie.split("; ").skip(1).map(str::to_owned).collect();
    attributes.sort();
    attributes
}

#[tokio::test]
async fn a_key_is_all_that_is_needed() {
    let config = toml("");
    let cookie = set_cookie(config.clone(), "/set").await;
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert_eq!(
        attributes(config).await,
        ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    );
}

#[tokio::test]
async fn every_setting_of_the_cookie_arrives_in_the_cookie() {
    let config = toml(
        r#"
        [session.cookie]
        name = "sid"
        domain = "example.com"
        path = "/app"
        secure = true
        http_only = false
        same_site = "none"
        partitioned = true
        max_size = 60
        "#,
    );
    let client = TestClient::with_config(config.clone(), app);
    // A session of 60 bytes is none.
    assert_eq!(client.get("/set").await.status(), 500);
    let mut larger = json!({
        "name": "sid", "domain": "example.com", "path": "/app", "secure": true, "http_only": false,
        "same_site": "none", "partitioned": true, "max_size": 0,
    });
    let config = self::config(json!({ "cookie": larger })).unwrap();
    let cookie = set_cookie(config.clone(), "/set").await;
    assert!(cookie.starts_with("sid="), "{cookie}");
    assert_eq!(
        attributes(config).await,
        [
            "Domain=example.com",
            "Partitioned",
            "Path=/app",
            "SameSite=None",
            "Secure"
        ]
    );
    larger["same_site"] = false.into();
    let config = self::config(json!({ "cookie": larger })).unwrap();
    assert!(!attributes(config).await.join("; ").contains("SameSite"));
}

#[tokio::test]
async fn a_lifetime_is_seconds_or_a_number_with_a_unit() {
    let now = 1_700_000_000;
    for lifetime in [json!(5400), json!("5400"), json!("5400s"), json!("90m")] {
        let config = config(json!({
            "permanent_lifetime": lifetime, "browser_lifetime": lifetime, "clock_leeway": lifetime,
        }))
        .unwrap();
        let serializer = config.serializer();
        for session in [r#"{"a":1}"#, r#"{"_permanent":true}"#] {
            let cookie = serializer.encode(session, now).unwrap();
            let session = serializer.decode(&cookie).unwrap();
            for (at, is_alive) in [
                (now + 5400, true),
                (now + 5401, false),
                (now - 5400, true),
                (now - 5401, false),
            ] {
                assert_eq!(session.check_age(at).is_ok(), is_alive, "{lifetime} {at}");
            }
        }
    }
}

#[tokio::test]
async fn a_refresh_is_told_by_its_name() {
    for (refresh, sent) in [
        ("each_request", true),
        ("after_tenth", false),
        ("never", false),
    ] {
        let config = config(json!({ "refresh": refresh })).unwrap();
        let client = TestClient::with_config(config, app);
        client.get("/stay").await;
        assert_eq!(
            !client.get("/none").await.set_cookie().is_empty(),
            sent,
            "{refresh}"
        );
    }
}

#[test]
fn keys_salt_digest_and_derivation_make_the_signature() {
    let written = json!({
        "secret_key": OLD, "salt": "shop", "digest": "sha512", "key_derivation": "concat",
    });
    let cookie = config(written)
        .unwrap()
        .serializer()
        .encode("{}", 0)
        .unwrap();
    let settings = |fallbacks: Value| {
        json!({
            "fallbacks": fallbacks, "salt": "shop", "digest": "sha512", "key_derivation": "concat",
        })
    };
    let reads = |settings: Value| {
        config(settings)
            .unwrap()
            .serializer()
            .decode(&cookie)
            .is_ok()
    };
    assert!(reads(settings(json!([OLD]))));
    assert!(reads(settings(json!(format!("[\"{OLD}\"]")))));
    assert!(!reads(settings(json!([]))));
    for name in ["salt", "digest", "key_derivation"] {
        let mut others = settings(json!([OLD]));
        others.as_object_mut().unwrap().remove(name);
        assert!(!reads(others), "{name}");
    }
}

#[test]
fn the_preset_of_flask_reads_flasks_cookies() {
    let reads = |preset: &str| {
        let config = config(json!({ "preset": preset })).unwrap();
        let flask = SessionConfig::flask(session_runtime::signing::SecretKey::new(KEY).unwrap());
        let cookie = flask.serializer().encode("{}", 0).unwrap();
        config.serializer().decode(&cookie).is_ok()
    };
    assert!(reads("flask"));
    assert!(!reads("new"));
}

#[tokio::test]
async fn the_keys_of_a_login_are_settings_too() {
    let config = config(json!({ "login_key": "account", "login_page": "/login" })).unwrap();
    let client = TestClient::with_config(config, app);
    client.login("ada").await;
    assert_eq!(client.session().await, json!({ "account": "ada" }));
    assert_eq!(
        sentence(json!({ "login_page": "//evil.example" })),
        "the login page cannot be `//evil.example`; write a path on this site, as in `/login`"
    );
}

#[tokio::test]
async fn earlier_settings_are_a_list_of_their_own() {
    let earlier = |settings: Value| {
        let mut list = vec![json!({ "until": "2000-01-31", "secret_key": KEY })];
        list.push(settings);
        config(json!({ "salt": "shop", "also_read": list }))
    };
    for (settings, key, reads) in [
        (json!({ "until": "2999-12-31" }), KEY, true),
        (json!({ "until": "2999-12-31" }), OLD, false),
        (
            json!({ "until": "2999-12-31", "secret_key": OLD }),
            OLD,
            true,
        ),
        (
            json!({ "until": "2000-01-31", "secret_key": OLD }),
            OLD,
            false,
        ),
    ] {
        let client = TestClient::with_config(earlier(settings.clone()).unwrap(), app);
        let before = config(json!({ "secret_key": key })).unwrap().serializer();
        let cookie = before
            .encode(r#"{"city":"Oslo"}"#, client.clock().now())
            .unwrap();
        client.cookies().set("__Host-session", &cookie);
        let expected = if reads {
            json!({ "city": "Oslo" })
        } else {
            json!({})
        };
        assert_eq!(client.session().await, expected, "{settings}");
    }
    for (settings, error) in [
        (json!({}), "`also_read.until` is not set"),
        (json!({ "until": "soon" }), "`soon` is no date"),
        (
            json!({ "until": 2027 }),
            "`also_read.until` cannot be read; it takes a text",
        ),
        (
            json!({ "until": "2027-01-31", "fallbacks": [OLD] }),
            "there is no secret key",
        ),
        (
            json!({ "until": "2027-01-31", "digest": 1 }),
            "`also_read.digest` cannot be read",
        ),
        (
            json!({ "until": "2027-01-31", "also_read": [] }),
            "there is no setting `also_read.also_read`",
        ),
        (json!("2027-01-31"), "each of `also_read` is a table"),
    ] {
        let error_text = earlier(settings).unwrap_err().to_string();
        assert!(error_text.starts_with(error), "{error_text}");
    }
}

#[tokio::test]
async fn the_cookie_that_remembers_is_set_as_the_sessions_except_in_what_is_said() {
    let remember = async |session: Session| {
        session.login(&Ada)?;
        session.remember()
    };
    let app = move |sessions| {
        Router::new()
            .route("/", get(remember))
            .layer::<SessionLayer>(sessions)
    };
    let cookie = async |settings| {
        let client = TestClient::with_config(config(settings).unwrap(), app);
        let response = client.get("/").await;
        let cookies = response.set_cookie();
        let remembers = |cookie: &&str| cookie.contains("stay") || cookie.contains("remember");
        let cookie = cookies.iter().copied().find(remembers).unwrap().to_owned();
        (cookie, client.clock().now())
    };
    let (own, now) = cookie(json!({
        "cookie": { "domain": "example.com", "same_site": "Strict" },
        "remember_cookie": { "name": "stay", "http_only": false },
        "remember_lifetime": "2m",
    }))
    .await;
    assert!(own.starts_with("stay="), "{own}");
    let end = UNIX_EPOCH + Duration::from_secs(now + 120);
    let expires = format!("Expires={}", httpdate::fmt_http_date(end));
    for part in ["Domain=example.com", "SameSite=Strict", "Secure", &expires] {
        assert!(own.contains(part), "{part} is not in {own}");
    }
    assert!(!own.contains("HttpOnly"), "{own}");
    let (flask, _) = cookie(json!({ "preset": "flask", "flask_login": "strong" })).await;
    assert!(flask.starts_with("remember_token="), "{flask}");
}

#[test]
fn the_key_may_be_in_a_file() {
    let path = std::env::temp_dir().join(format!("session-runtime-{}-key", std::process::id()));
    std::fs::write(&path, format!("{KEY}\n")).unwrap();
    let settings = json!({ "session": { "secret_key_file": path } });
    let from_file: AppConfig = serde_json::from_value(settings).unwrap();
    let both = sentence(json!({ "secret_key_file": path }));
    std::fs::remove_file(&path).unwrap();
    let cookie = from_file.session.serializer().encode("{}", 0).unwrap();
    assert!(
        config(json!({}))
            .unwrap()
            .serializer()
            .decode(&cookie)
            .is_ok()
    );
    assert_eq!(
        both,
        "secret_key and secret_key_file are both set, and there is one key only; remove secret_key and keep the file, which fewer programs can read"
    );
    let missing = json!({ "session": { "secret_key_file": "/no/such/file" } });
    let error = serde_json::from_value::<AppConfig>(missing)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("secret_key_file: /no/such/file cannot be read (entity not found)"),
        "{error}"
    );
}

/// The values of variables are texts, whatever they are to be.
#[tokio::test]
async fn what_comes_from_variables_may_be_text() {
    let variables = [
        ("secret_key", KEY),
        ("permanent_lifetime", "3600"),
        ("fallbacks", "[\"27ae41e4649b934ca495991b7852b855\"]"),
        ("refresh", "each_request"),
    ];
    let texts = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let deserializer: serde::de::value::MapDeserializer<'_, _, serde::de::value::Error> =
        serde::de::IntoDeserializer::into_deserializer(
            texts.collect::<std::collections::HashMap<_, _>>(),
        );
    assert!(SessionConfig::deserialize(deserializer).is_ok());
    let cookie =
        json!({ "secure": "false", "http_only": "off", "max_size": "0", "same_site": "false" });
    let config = config(json!({ "cookie": cookie })).unwrap();
    assert_eq!(attributes(config).await, ["Path=/"]);
}

#[test]
fn encryption_is_a_setting_where_it_is_built_in() {
    assert!(config(json!({ "encrypted": false })).is_ok());
    let encrypted = config(json!({ "encrypted": true }));
    if cfg!(feature = "encrypted") {
        let cookie = encrypted.unwrap().serializer().encode("{}", 0).unwrap();
        assert!(
            config(json!({}))
                .unwrap()
                .serializer()
                .decode(&cookie)
                .is_err()
        );
        assert_eq!(cookie.len(), 74);
    } else {
        let error = encrypted.unwrap_err().to_string();
        assert!(
            error.starts_with(
                "`encrypted` needs a feature that this program is built without; add it with"
            ),
            "{error}"
        );
    }
}
