//! Where the database is, as a text says it. Knows no connection, and repeats nothing of the text: it may have a password.

use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{SslMode, SslNegotiation};

use super::connection::Connections;
use super::encryption::{self, Encryption, Proof};
#[cfg(feature = "postgres-tls")]
use super::tls;
use crate::debug_as_display::debug_as_display;

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
///
/// Its `Debug` text is the sentence too, since that is what a `main` prints that returns the error.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresAddressError {
    /// It is malformed, has an option that there is not, or begins with another scheme.
    #[error(
        "this is no address of a PostgreSQL server; write postgres://user:password@host:port/database?option=value, with `@`, `?` and `%` in a name or a password as %40, %3F and %25"
    )]
    Invalid,
    /// Its `sslmode` is none of PostgreSQL's.
    #[error(
        "the address of the PostgreSQL server has an sslmode that there is not; write disable, allow, prefer, require, verify-ca or verify-full"
    )]
    UnknownSslMode,
    /// It demands an encrypted connection, and the program is built without the feature `postgres-tls`.
    #[error(
        "the address of the PostgreSQL server demands encryption (sslmode), and this program is built without it; add it with `cargo add session-runtime --features postgres-tls`, or connect through a Unix socket or a private network and leave sslmode out"
    )]
    NoTls,
    /// It says how to encrypt, and not that it must be.
    #[error(
        "the address of the PostgreSQL server has sslrootcert or sslnegotiation=direct, and no sslmode that demands encryption; add sslmode=verify-full"
    )]
    NotEncrypted,
    /// It takes a server of any name, vouched for by anybody.
    #[error(
        "with sslmode=verify-ca any name is good that the authority has signed, so the address of the PostgreSQL server must say which authority; add sslrootcert=FILE, or write verify-full"
    )]
    AnybodysAuthority,
    /// The certificates of those who may vouch for the server cannot be had.
    #[error(
        "there are no certificates of authorities to know the PostgreSQL server by: {reason}; name a file of them with sslrootcert=FILE in the address"
    )]
    Authorities {
        /// What was in the way. It has no password.
        reason: String,
    },
}

debug_as_display!(PostgresAddressError);

/// What makes the connections that the address says.
pub(super) fn read(address: &str) -> Result<Connections, PostgresAddressError> {
    let (address, encryption) = encryption::split(address)?;
    // The driver's own words may quote the address.
    let mut config: Config = address.parse().map_err(|_| PostgresAddressError::Invalid)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(PostgresAddressError::Invalid);
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
    // An address that is no URL only the driver has read.
    let encryption = match config.get_ssl_mode() {
        SslMode::Require => Some(Encryption {
            proof: Proof::Host,
            authorities: None,
        }),
        _ => encryption,
    };
    match encryption {
        None if config.get_ssl_negotiation() == SslNegotiation::Direct => {
            Err(PostgresAddressError::NotEncrypted)
        }
        None => Ok(Connections::unencrypted(config)),
        Some(encryption) => encrypted(config, &encryption),
    }
}

#[cfg(feature = "postgres-tls")]
fn encrypted(
    mut config: Config,
    encryption: &Encryption,
) -> Result<Connections, PostgresAddressError> {
    config.ssl_mode(SslMode::Require);
    Ok(Connections::encrypted(config, tls::connector(encryption)?))
}

#[cfg(not(feature = "postgres-tls"))]
fn encrypted(_: Config, _: &Encryption) -> Result<Connections, PostgresAddressError> {
    Err(PostgresAddressError::NoTls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(address: &str) -> String {
        let error = read(address).map(drop).unwrap_err();
        format!("{error} {error:?}")
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

    const ENCRYPTED: [&str; 2] = [
        "postgres://app:hunter2@localhost/app?sslmode=require",
        "host=localhost user=app password=hunter2 sslmode=require",
    ];

    #[cfg(feature = "postgres-tls")]
    #[test]
    fn an_address_that_demands_encryption_is_never_left_unencrypted() {
        for address in ENCRYPTED {
            let connections = read(address).unwrap();
            assert!(connections.is_encrypted(), "{address}");
            assert_eq!(connections.config.get_ssl_mode(), SslMode::Require);
        }
        let plain = read("postgres://app@localhost/app?sslmode=prefer").unwrap();
        assert!(!plain.is_encrypted());
    }

    #[cfg(not(feature = "postgres-tls"))]
    #[test]
    fn an_address_that_demands_encryption_is_refused_where_the_feature_is_missing() {
        for address in ENCRYPTED {
            let refusal = refusal(address);
            assert!(refusal.contains("--features postgres-tls"), "{refusal}");
            assert!(!refusal.contains("hunter2"));
        }
    }

    #[cfg(feature = "postgres-tls")]
    #[test]
    fn a_file_without_certificates_is_refused_by_its_name() {
        for (file, word) in [
            ("/no/such/file.pem", "file.pem"),
            ("/dev/null", "no certificate"),
        ] {
            let refusal = refusal(&format!(
                "postgres://app:hunter2@localhost/app?sslmode=verify-full&sslrootcert={file}"
            ));
            assert!(refusal.contains(word), "{refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn who_expects_encryption_and_would_get_none_is_told() {
        for address in [
            "postgres://app@localhost/app?sslnegotiation=direct",
            "host=localhost sslnegotiation=direct",
            "postgres://app@localhost/app?sslrootcert=ca.pem",
        ] {
            let error = read(address).map(drop).unwrap_err();
            assert_eq!(error, PostgresAddressError::NotEncrypted, "{address}");
        }
    }

    #[test]
    fn a_connection_may_take_less_time_than_a_question() {
        let config = read("postgres://app@localhost/app").unwrap().config;
        assert_eq!(config.get_connect_timeout(), Some(&CONNECT_TIMEOUT));
        let patient = read("postgres://app@localhost/app?connect_timeout=9").unwrap();
        let patient = patient.config;
        assert_eq!(patient.get_connect_timeout(), Some(&Duration::from_secs(9)));
    }
}
