//! Where the database is, as a text says it. Knows no connection, and repeats nothing of the text: it may have a password.

use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// For how long a new connection may take, with all that is said until it may be used. Less than a question may take.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1500);

/// After which silence the system asks whether the other end is still there. Its own default is two hours, and routers
/// forget a connection sooner.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// The text is no address of a PostgreSQL server, or one that [`PostgresStore`](super::PostgresStore) cannot do justice to.
///
/// ```
/// use session_runtime::store::{PostgresAddressError, PostgresStore};
///
/// let error = PostgresStore::new("localhost:5432").unwrap_err();
/// assert_eq!(error, PostgresAddressError::Invalid);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresAddressError {
    /// It is malformed, has an option that there is not, or begins with another scheme.
    #[error(
        "this is no address of a PostgreSQL server; write postgres://user:password@host:port/database?option=value, with `@`, `?` and `%` in a name or a password as %40, %3F and %25"
    )]
    Invalid,
    /// It demands an encrypted connection.
    #[error(
        "the address of the PostgreSQL server demands encryption (sslmode=require), which PostgresStore does not have; connect through a Unix socket, a private network or an encrypting proxy, and leave sslmode out"
    )]
    Encrypted,
}

pub(super) fn read(address: &str) -> Result<Config, PostgresAddressError> {
    // The driver's own words may quote the address.
    let mut config: Config = address.parse().map_err(|_| PostgresAddressError::Invalid)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(PostgresAddressError::Invalid);
    }
    if config.get_ssl_mode() == SslMode::Require {
        return Err(PostgresAddressError::Encrypted);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(KEEPALIVE);
    }
    if config.get_application_name().is_none() {
        config.application_name("session-runtime");
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(address: &str) -> String {
        read(address).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_refused_with_a_word_on_what_it_should_be_and_without_the_password() {
        for address in [
            "",
            "hunter2",
            "mysql://app:hunter2@localhost/app",
            "postgres://app:hunter2@localhost:port/app",
            "postgres://app@localhost/app?hunter2=1",
            "postgres://",
        ] {
            let refusal = refusal(address);
            assert!(
                refusal.contains("postgres://user:password@host"),
                "{address}: {refusal}"
            );
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn an_address_that_demands_encryption_is_refused_and_never_left_unencrypted() {
        let refusal = refusal("postgres://app:hunter2@localhost/app?sslmode=require");
        assert!(refusal.contains("sslmode=require"), "{refusal}");
        assert!(!refusal.contains("hunter2"));
    }

    #[test]
    fn a_connection_may_take_less_time_than_a_question() {
        let config = read("postgres://app@localhost/app").unwrap();
        assert_eq!(config.get_connect_timeout(), Some(&CONNECT_TIMEOUT));
        let patient = read("postgres://app@localhost/app?connect_timeout=9").unwrap();
        assert_eq!(patient.get_connect_timeout(), Some(&Duration::from_secs(9)));
    }
}
