//! The connections of a store, and how a question finds one: again where the first has ended before it was asked.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::Pool;
use tokio_postgres::Config;
use tokio_postgres::Row;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::ToSql;

use super::connection::Connections;
use super::failure::{Failure, no_connection};
use super::question::Question;
use crate::store::StoreError;

const CONNECTIONS: usize = 16;

/// For how long a new connection may take, with all that is said until it may be used. Less than a question may take.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1500);

/// After which silence the system asks whether the other end is still there. Its own default is two hours, and routers
/// forget a connection sooner.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// Makes the pool, and no connection yet.
pub(super) fn new(address: &str) -> Result<Pool<Connections>, StoreError> {
    // The driver's own words may quote the address.
    let mut config: Config = address.parse().map_err(|_| unreachable(NO_ADDRESS))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(unreachable(NO_ADDRESS));
    }
    if config.get_ssl_mode() == SslMode::Require {
        return Err(unreachable(NO_TLS));
    }
    let timeout = config.get_connect_timeout().copied();
    let timeout = timeout.unwrap_or(CONNECT_TIMEOUT);
    config.connect_timeout(timeout);
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(KEEPALIVE);
    }
    if config.get_application_name().is_none() {
        config.application_name("session-runtime");
    }
    Pool::builder(Connections { config })
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .create_timeout(Some(timeout))
        .build()
        .map_err(|error| unreachable(&error.to_string()))
}

/// Asks on a connection of the pool. A question that cannot have been answered is asked again on another: those that are
/// left may have ended too, and with each attempt there is one less. Where the answer was lost it is asked again once, if that
/// is harmless.
pub(super) async fn ask(
    pool: &Pool<Connections>,
    question: &'static Question,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StoreError> {
    let mut attempts = pool.status().max_size;
    let mut may_repeat = question.is_repeatable;
    loop {
        let mut connection = pool.get().await.map_err(no_connection)?;
        match connection.ask(question, parameters).await {
            Ok(rows) => return Ok(rows),
            Err(Failure::NothingDone(_)) if attempts > 0 => attempts -= 1,
            Err(Failure::Lost(_)) if may_repeat => may_repeat = false,
            Err(failure) => return Err(failure.into()),
        }
    }
}

const NO_ADDRESS: &str = "its address is none of PostgreSQL's; write postgres://user:password@host:port/database?option=value, with `/`, `@`, `?` and `%` in a name or a password as %2F, %40, %3F and %25";

const NO_TLS: &str = "its address demands encryption (sslmode=require), which PostgresStore does not have; connect through a Unix socket, a private network or an encrypting proxy, and leave sslmode out";

fn unreachable(reason: &str) -> StoreError {
    StoreError::Unreachable {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(address: &str) -> String {
        new(address).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_refused_with_a_word_on_what_it_should_be_and_without_the_password() {
        for address in [
            "",
            "hunter2",
            "mysql://app:hunter2@localhost/app",
            "postgres://app:hunter2@localhost:port/app",
            "postgres://app:pass/hunter2@localhost/app",
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
        let pool = new("postgres://app@localhost/app").unwrap();
        assert_eq!(pool.timeouts().create, Some(CONNECT_TIMEOUT));
        let patient = new("postgres://app@localhost/app?connect_timeout=9").unwrap();
        assert_eq!(patient.timeouts().create, Some(Duration::from_secs(9)));
    }
}
