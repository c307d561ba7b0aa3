//! What each variable means, and what is said where it means nothing.

use std::env::VarError;
use std::time::Duration;

use super::super::key_file::tests::TestFile;
use super::*;
use crate::signing::TokenSigner;

const KEY: &str = "e3b0c44298fc1c149afbf4c8996fb924";
const OLD: &str = "27ae41e4649b934ca495991b7852b855";

fn read<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Result<String, VarError> + 'a {
    let find = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    move |name| find(name).ok_or(VarError::NotPresent)
}

fn config(variables: &[(&str, &str)]) -> Result<SessionConfig, ConfigError> {
    let variables: Vec<_> = [(SECRET_KEY, KEY)]
        .into_iter()
        .chain(variables.iter().copied())
        .collect();
    from_env(&read(&variables))
}

fn sentence(variables: &[(&str, &str)]) -> String {
    config(variables).unwrap_err().to_string()
}

/// rwf2/Rocket #2721: a key made at start differs in each process.
#[test]
fn without_a_key_there_is_no_configuration_except_for_development() {
    assert_eq!(from_env(&read(&[])).unwrap_err(), ConfigError::NoSecretKey);
    assert!(development(&read(&[])).is_ok());
}

#[test]
fn a_key_that_can_be_guessed_is_refused_everywhere() {
    for key in ["", "short", "changeme"] {
        assert!(
            matches!(
                from_env(&read(&[(SECRET_KEY, key)])),
                Err(ConfigError::SecretKey { .. })
            ),
            "{key}"
        );
        assert!(
            matches!(
                development(&read(&[(SECRET_KEY, key)])),
                Err(ConfigError::SecretKey { .. })
            ),
            "{key}"
        );
    }
}

#[test]
fn the_key_may_be_in_a_file() {
    let file = TestFile::new(format!("{KEY}\n"));
    let variables = [(KEY_FILE, file.path())];
    for configuration in [from_env, development] {
        let config = configuration(&read(&variables)).unwrap();
        let signed = SessionConfig::new(SecretKey::new(KEY).unwrap()).serializer();
        let cookie = signed.encode("{}", 0).unwrap();
        assert!(config.serializer().decode(&cookie).is_ok());
    }
    let missing = [(KEY_FILE, "/no/such/file")];
    for configuration in [from_env, development] {
        let error = configuration(&read(&missing)).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("SECRET_KEY_FILE: /no/such/file cannot be read")
        );
    }
}

#[test]
fn a_key_and_a_file_are_one_too_many() {
    let file = TestFile::new(KEY);
    for key in [KEY, OLD, ""] {
        let variables = [(SECRET_KEY, key), (KEY_FILE, file.path())];
        for configuration in [from_env, development] {
            assert_eq!(
                configuration(&read(&variables)).unwrap_err().to_string(),
                "SECRET_KEY and SECRET_KEY_FILE are both set, and there is one key only; remove SECRET_KEY and keep the file, which fewer programs can read"
            );
        }
    }
    assert!(config(&[(KEY_FILE, "")]).is_ok());
}

#[test]
fn a_cookie_without_a_path_of_its_own_has_the_applications() {
    let path = |variables| config(variables).unwrap().cookie.path;
    assert_eq!(path(&[("APPLICATION_ROOT", "/app")]), "/app");
    let both = [
        ("APPLICATION_ROOT", "/app"),
        ("SESSION_COOKIE_PATH", "/app/admin"),
    ];
    assert_eq!(path(&both), "/app/admin");
    assert_eq!(
        path(&[("APPLICATION_ROOT", "/app"), ("SESSION_COOKIE_PATH", "")]),
        "/app"
    );
}

#[test]
fn same_site_can_be_left_out() {
    for no in ["false", "off", "0"] {
        let config = config(&[("SESSION_COOKIE_SAMESITE", no)]).unwrap();
        assert_eq!(config.cookie.same_site, None);
    }
    assert!(config(&[("SESSION_COOKIE_SAMESITE", "true")]).is_err());
}

/// pallets/flask #5690: a fallback given as one text became many keys of one letter.
#[test]
fn fallbacks_that_are_one_text_are_refused() {
    for text in ["oldsecret", "\"oldsecret\"", "{}", "[1]"] {
        assert_eq!(
            config(&[(FALLBACKS, text)]).unwrap_err(),
            ConfigError::FallbacksNotAList,
            "{text}"
        );
    }
    assert!(sentence(&[(FALLBACKS, "[\"o\"]")]).starts_with("SECRET_KEY_FALLBACKS: "));
    assert!(config(&[(FALLBACKS, "[]")]).is_ok());
}

#[test]
fn fallbacks_verify_and_never_sign() {
    let list = format!("[\"{OLD}\"]");
    let signer = config(&[(FALLBACKS, &list)]).unwrap().signer("salt");
    let only = |key: &str| SessionConfig::new(SecretKey::new(key).unwrap()).signer("salt");
    let verifies = |signer: &TokenSigner, token: &str| signer.verify(token).is_ok();
    assert!(verifies(&signer, &only(OLD).sign(b"{}", 0)));
    assert!(verifies(&only(KEY), &signer.sign(b"{}", 0)));
    assert!(!verifies(&only(OLD), &signer.sign(b"{}", 0)));
}

#[test]
fn every_setting_of_the_cookie_is_read() {
    let config = config(&[
        ("SESSION_COOKIE_NAME", "sid"),
        ("SESSION_COOKIE_DOMAIN", "example.com"),
        ("SESSION_COOKIE_PATH", "/app"),
        ("SESSION_COOKIE_HTTPONLY", "off"),
        ("SESSION_COOKIE_SAMESITE", "none"),
        ("SESSION_COOKIE_PARTITIONED", "1"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("MAX_COOKIE_SIZE", "100"),
    ]);
    let expected = CookieSettings::new()
        .name("sid")
        .domain("example.com")
        .path("/app")
        .http_only(false)
        .same_site(SameSite::None)
        .partitioned(true)
        .max_size(100);
    assert_eq!(config.unwrap().cookie, expected);
}

#[test]
fn lifetime_and_refresh_are_read() {
    let config = config(&[
        ("PERMANENT_SESSION_LIFETIME", "3600"),
        ("SESSION_REFRESH_EACH_REQUEST", "false"),
    ])
    .unwrap();
    assert_eq!(config.lifetimes().permanent, Duration::from_secs(3600));
    assert_eq!(config.rules().refresh, Refresh::Never);
}

#[test]
fn the_cookie_that_remembers_differs_from_the_sessions_in_what_is_said() {
    fn remember(variables: &[(&str, &str)]) -> Option<CookieSettings> {
        config(variables).unwrap().remember_cookie
    }
    let session = ("SESSION_COOKIE_DOMAIN", "example.com");
    assert_eq!(remember(&[session, ("SESSION_COOKIE_NAME", "sid")]), None);
    let like = CookieSettings::new().domain("example.com");
    assert_eq!(
        remember(&[
            session,
            ("SESSION_COOKIE_NAME", "sid"),
            ("REMEMBER_COOKIE_SAMESITE", "Strict"),
        ]),
        Some(like.clone().same_site(SameSite::Strict))
    );
    assert_eq!(
        remember(&[
            session,
            ("REMEMBER_COOKIE_NAME", "stay"),
            ("REMEMBER_COOKIE_DOMAIN", "www.example.com"),
            ("REMEMBER_COOKIE_PATH", "/app"),
            ("REMEMBER_COOKIE_SECURE", "false"),
            ("REMEMBER_COOKIE_HTTPONLY", "false"),
        ]),
        Some(
            CookieSettings::new()
                .name("stay")
                .domain("www.example.com")
                .path("/app")
                .secure(false)
                .http_only(false)
        )
    );
    let lifetime = config(&[("REMEMBER_COOKIE_DURATION", "60")]).unwrap();
    assert_eq!(lifetime.remember_lifetime, Duration::from_secs(60));
    assert_eq!(
        sentence(&[("REMEMBER_COOKIE_SECURE", "ture")]),
        "REMEMBER_COOKIE_SECURE=ture cannot be read; it takes `true` or `false`"
    );
}

#[test]
fn the_store_is_read_and_is_the_cookie_where_nothing_is_said() {
    let has_store = |variables| config(variables).unwrap().server_sessions().is_some();
    assert!(has_store(&[(STORE, "memory")]));
    assert!(!has_store(&[(STORE, "cookie")]));
    assert!(!has_store(&[(STORE, "")]));
    assert!(!has_store(&[]));
    assert!(sentence(&[(STORE, "memcached://cache")]).starts_with("SESSION_STORE names no store"));
}

#[test]
fn what_cannot_be_read_is_said_with_what_the_variable_takes() {
    assert_eq!(
        sentence(&[("SESSION_COOKIE_SECURE", "ture")]),
        "SESSION_COOKIE_SECURE=ture cannot be read; it takes `true` or `false`"
    );
    assert_eq!(
        sentence(&[("PERMANENT_SESSION_LIFETIME", "1h")]),
        "PERMANENT_SESSION_LIFETIME=1h cannot be read; it takes a whole number of seconds, as in `3600`"
    );
    assert_eq!(
        sentence(&[("SESSION_COOKIE_SAMESITE", "lux")]),
        "SESSION_COOKIE_SAMESITE=lux cannot be read; it takes `Strict`, `Lax` or `None`, or `false` to leave it out"
    );
    assert!(sentence(&[("MAX_COOKIE_SIZE", "-1")]).contains("whole number of bytes"));
    assert!(
        sentence(&[
            ("SESSION_COOKIE_SAMESITE", "None"),
            ("SESSION_COOKIE_SECURE", "0")
        ])
        .contains("SameSite=None without Secure")
    );
}

#[test]
fn development_works_over_plain_http_unless_it_is_told_otherwise() {
    let cookie = development(&read(&[])).unwrap().cookie;
    assert_eq!(
        (cookie.is_secure(), cookie.resolved_name().as_str()),
        (false, "session")
    );
    let cookie = development(&read(&[("SESSION_COOKIE_SECURE", "true")]))
        .unwrap()
        .cookie;
    assert_eq!(
        (cookie.is_secure(), cookie.resolved_name().as_str()),
        (true, "__Host-session")
    );
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let config = config(&[
        ("SESSION_COOKIE_DOMAIN", ""),
        (FALLBACKS, ""),
        ("MAX_COOKIE_SIZE", ""),
    ]);
    assert_eq!(config.unwrap().cookie, CookieSettings::new());
}

#[test]
fn a_variable_that_is_no_text_is_an_error() {
    let lookup = |name: &str| match name {
        SECRET_KEY => Ok(KEY.to_owned()),
        _ => Err(VarError::NotUnicode("x".into())),
    };
    let error = from_env(&lookup).unwrap_err();
    assert_eq!(
        error.to_string(),
        "SECRET_KEY_FILE is not valid UTF-8; write it as text"
    );
}
