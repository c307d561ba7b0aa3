//! What is refused in a configuration, and in which words: each names the setting and what it takes, and none shows a key.

use std::time::Duration;

use serde_json::json;
use session_runtime::{ConfigError, CookieSettings, SessionConfig};

use super::{AppConfig, KEY, OLD, config, sentence};

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
        (
            json!({ "store_timeout": 0 }),
            "no store answers within 0 s; set `store_timeout` to a millisecond or more",
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

#[test]
fn the_sessions_cookie_and_the_one_that_remembers_have_names_of_their_own() {
    let sentence_of = |name: &str| {
        format!(
            "the session's cookie and the one that remembers a login are both named `{name}`; give one of them another name"
        )
    };
    let both = json!({ "cookie": { "name": "a" }, "remember_cookie": { "name": "a" } });
    assert_eq!(sentence(both), sentence_of("a"));
    let flask_logins = json!({
        "preset": "flask",
        "flask_login": "basic",
        "cookie": { "name": "remember_token" },
    });
    assert_eq!(sentence(flask_logins), sentence_of("remember_token"));
    let name = |name: &str| CookieSettings::new().name(name);
    let remembering = config(json!({})).unwrap().remember_cookie(name("a"));
    let error = remembering.unwrap().cookie(name("a")).unwrap_err();
    assert_eq!(error.to_string(), sentence_of("a"));
}

#[test]
fn the_cookie_that_remembers_is_looked_at_again_where_the_sessions_is_named() {
    let insecure = CookieSettings::new().secure(false);
    let config = config(json!({})).unwrap().remember_cookie(insecure);
    let named = config
        .unwrap()
        .cookie(CookieSettings::new().name("__Host-x"));
    assert_eq!(
        named.unwrap_err().to_string(),
        "browsers refuse a cookie named `__Host-x-remember` without Secure; set Secure (SESSION_COOKIE_SECURE=true) or choose a name without the prefix"
    );
}

/// Every request that needs its session would be a 503.
#[test]
fn a_time_in_which_no_store_answers_is_refused() {
    let within = |limit| config(json!({})).unwrap().store_timeout(limit).map(drop);
    for limit in [Duration::ZERO, Duration::from_micros(999)] {
        assert_eq!(within(limit), Err(ConfigError::StoreTimeout { limit }));
    }
    assert_eq!(within(Duration::from_millis(1)), Ok(()));
    assert_eq!(within(Duration::MAX), Ok(()));
}

#[test]
fn a_key_that_the_session_keeps_for_itself_is_no_login_key() {
    for key in ["_permanent", "_created", "_epoch", "_fresh"] {
        assert_eq!(
            sentence(json!({ "login_key": key })),
            format!(
                "the login key cannot be `{key}`, which the session keeps for itself; choose another, as `user_id`"
            )
        );
    }
    assert!(config(json!({ "login_key": "_user_id" })).is_ok());
}
