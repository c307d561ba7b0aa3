//! The configuration as a part of an application's own, in TOML, in JSON and from variables.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test panics")]

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

#[test]
fn without_a_key_there_is_no_configuration() {
    let error = toml::from_str::<AppConfig>("[session]\nsalt = \"x\"").unwrap_err();
    assert_eq!(
        error.message(),
        "there is no secret key; set `secret_key`, or `secret_key_file` to the path of a file that holds it, to a key of your own, as `openssl rand -hex 32` prints it"
    );
}

#[test]
fn an_unknown_setting_is_refused_with_those_that_there_are() {
    assert_eq!(
        sentence(json!({ "secret-key": "hunter2hunter2hunter2" })),
        "there is no setting `secret-key`; there are `preset`, `secret_key`, `secret_key_file`, `fallbacks`, `salt`, `digest`, `key_derivation`, `encrypted`, `permanent_lifetime`, `browser_lifetime`, `absolute_lifetime`, `clock_leeway`, `refresh`, `compression`, `cookie`, `login_key`, `login_page`, `also_read`, `store`, `store_timeout`, `lease`, `sessions_per_user`, `purge_interval`, `remember_cookie`, `remember_lifetime`, `flask_login`"
    );
    assert_eq!(
        sentence(json!({ "cookie": { "httponly": true } })),
        "there is no setting `cookie.httponly`; there are `name`, `domain`, `path`, `secure`, `http_only`, `same_site`, `partitioned`, `max_size`"
    );
    assert_eq!(
        sentence(json!({ "cookie": "session" })),
        "`cookie` is a table of settings; there are `name`, `domain`, `path`, `secure`, `http_only`, `same_site`, `partitioned`, `max_size`"
    );
}

#[test]
fn a_setting_that_is_given_twice_is_refused() {
    let text = format!(r#"{{"secret_key":"{KEY}","secret_key":"{OLD}"}}"#);
    let error = serde_json::from_str::<SessionConfig>(&text).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`secret_key` is set twice; remove one of them"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_read_is_said_with_what_the_setting_takes() {
    assert_eq!(
        sentence(json!({ "sessions_per_user": 0 })),
        "`sessions_per_user` cannot be read; it takes a whole number from 1 on"
    );
    for never in [json!(false), json!("off"), json!("1h"), json!(60)] {
        assert!(
            config(json!({ "purge_interval": never })).is_ok(),
            "{never}"
        );
    }
    assert!(
        sentence(json!({ "purge_interval": true })).starts_with("`purge_interval` cannot be read")
    );
    assert_eq!(
        sentence(json!({ "flask_login": "Strong" })),
        "`flask_login` cannot be read; it takes \"basic\", \"strong\" or \"off\""
    );
    let takes = "seconds as a number, or a text of a whole number and a unit (s, m, h or d), as in \"15m\"; a century at the most";
    for (name, values, takes) in [
        (
            "permanent_lifetime",
            json!(["15 minutes", -1, 1.5, true, "", u64::MAX]),
            takes,
        ),
        (
            "refresh",
            json!(["always", true]),
            "\"each_request\", \"after_tenth\" or \"never\"",
        ),
        (
            "digest",
            json!(["md5", 1]),
            "\"sha1\", \"sha256\" or \"sha512\"",
        ),
        (
            "key_derivation",
            json!(["pbkdf2"]),
            "\"hmac\", \"concat\", \"django-concat\" or \"none\"",
        ),
        ("preset", json!(["django"]), "\"new\" or \"flask\""),
        ("salt", json!([1]), "a text"),
        ("encrypted", json!(["maybe", 1]), "`true` or `false`"),
    ] {
        for value in values.as_array().unwrap() {
            assert_eq!(
                sentence(json!({ name: value })),
                format!("`{name}` cannot be read; it takes {takes}"),
                "{value}"
            );
        }
    }
    assert_eq!(
        sentence(json!({ "cookie": { "same_site": "lux" } })),
        "`cookie.same_site` cannot be read; it takes \"Strict\", \"Lax\" or \"None\", or `false` to leave it out"
    );
}

#[test]
fn the_rules_of_the_setters_hold() {
    for (settings, error) in [
        (
            json!({ "cookie": { "secure": false, "same_site": "None" } }),
            "browsers refuse SameSite=None without Secure",
        ),
        (
            json!({ "cookie": { "secure": false, "partitioned": true } }),
            "browsers refuse Partitioned without Secure",
        ),
        (
            json!({ "cookie": { "name": "__Host-a", "path": "/app" } }),
            "browsers refuse a cookie named `__Host-a` with another Path",
        ),
        (
            json!({ "cookie": { "name": "a b" } }),
            "a cookie cannot be named `a b`",
        ),
        (
            json!({ "cookie": { "domain": "https://a" } }),
            "a cookie's Domain cannot be",
        ),
        (
            json!({ "cookie": { "path": "app" } }),
            "a cookie's Path cannot be",
        ),
        (
            json!({ "secret_key": "changeme" }),
            "secret_key: the secret key is an example",
        ),
        (
            json!({ "secret_key": "" }),
            "secret_key: the secret key is empty",
        ),
        (
            json!({ "fallbacks": ["short"] }),
            "fallbacks: the secret key has 5 bytes",
        ),
    ] {
        let sentence = sentence(settings);
        assert!(sentence.starts_with(error), "{sentence}");
    }
}

/// pallets/flask #5690: a fallback given as one text became many keys of one letter.
#[test]
fn fallbacks_that_are_one_text_are_refused() {
    assert_eq!(
        sentence(json!({ "fallbacks": OLD })),
        "`fallbacks` cannot be read; it takes a list of texts, as in `[\"older key\", \"old key\"]`"
    );
}

#[test]
fn no_error_shows_a_key() {
    let secrets = [
        ("secret_key", json!("hunter2")),
        ("secret_key", json!(4_815_162_342_u64)),
        ("secret_key", json!(-4_815_162_342_i64)),
        ("secret_key", json!(4_815_162.342)),
        ("secret_key", json!(["hunter2"])),
        ("secret_key", json!({ "hunter2": "hunter2" })),
        ("fallbacks", json!("hunter2")),
        ("fallbacks", json!(["hunter2"])),
        ("fallbacks", json!([4_815_162_342_u64])),
        ("fallbacks", json!({ "hunter2": 1 })),
        ("secret_keys", json!("hunter2")),
        ("secret_key_fallbacks", json!(["hunter2"])),
    ];
    let shows = |text: &str| {
        ["hunter", "4815162", KEY]
            .iter()
            .any(|part| text.contains(part))
    };
    for (name, value) in secrets {
        let error = config(json!({ name: value })).unwrap_err();
        assert!(!shows(&format!("{error} {error:?}")), "{error}");
        if value.is_object() {
            continue;
        }
        // Such JSON is TOML too.
        // The parser quotes the line where the session's table begins, and no more.
        let key = if name == "secret_key" {
            ""
        } else {
            "secret_key = 'e3b0c44298fc1c149afbf4c8996fb924'"
        };
        let text = format!("[session]\n{key}\n{name} = {value}\n");
        let error = toml::from_str::<AppConfig>(&text).unwrap_err();
        assert!(!shows(&error.to_string()), "{error}");
    }
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
