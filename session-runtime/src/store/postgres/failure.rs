//! What the driver's errors mean: which of them are the connection's and which the statement's, and what may be said of them.

use std::error::Error as _;

use deadpool::managed::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

#[cfg(feature = "postgres-tls")]
use super::tls::advice;
use crate::store::StoreError;

/// Why a question has no answer.
pub(super) enum Failure {
    /// Nothing has been done, and on another connection it may go well.
    NothingDone(Error),
    /// The connection was lost, and whether the question was answered is not known.
    Lost(Error),
    /// The server has said no.
    Refused(Error),
}

impl Failure {
    /// What the server has answered, or the driver while it waited.
    pub(super) fn of(error: Error) -> Self {
        match error.code() {
            // What has been done for this question is undone. It is not asked again after `CRASH_SHUTDOWN`, with which all
            // bets are off.
            Some(&SqlState::ADMIN_SHUTDOWN) => Self::NothingDone(error),
            // Somebody has made the connection forget what was prepared.
            Some(&SqlState::INVALID_SQL_STATEMENT_NAME) => Self::NothingDone(error),
            // The second: the server is not the one any more that takes writes, and another may be.
            Some(
                &SqlState::CRASH_SHUTDOWN
                | &SqlState::READ_ONLY_SQL_TRANSACTION
                | &SqlState::IDLE_SESSION_TIMEOUT,
            ) => Self::Lost(error),
            Some(_) => Self::Refused(error),
            None => Self::Lost(error),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NothingDone(error) | Failure::Lost(error) => unreachable(&error),
            Failure::Refused(error) => refused(&error),
        }
    }
}

/// There is no connection to be had to these servers.
pub(super) fn no_connection(error: PoolError<Error>, servers: &str) -> StoreError {
    let reason = match error {
        // Of what is said to a server first, a standby refuses this.
        PoolError::Backend(error) if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) => {
            format!(
                "{}; a standby is not asked: name the server that takes writes, or several hosts with target_session_attrs=read-write",
                reason(&error)
            )
        }
        PoolError::Backend(error) => reason(&error),
        PoolError::Timeout(_) => "PostgreSQL did not accept a connection in time".to_owned(),
        other => other.to_string(),
    };
    StoreError::Unreachable {
        reason: format!("{servers}: {reason}"),
    }
}

fn unreachable(error: &Error) -> StoreError {
    StoreError::Unreachable {
        reason: reason(error),
    }
}

fn refused(error: &Error) -> StoreError {
    StoreError::Failed {
        reason: reason(error),
    }
}

/// What may be logged. PostgreSQL quotes what it could not read, so what it says of data is left out, and details always are.
fn reason(error: &Error) -> String {
    let Some(database) = error.as_db_error() else {
        return match error.source() {
            Some(source) => {
                let advice = advice(source).map(|advice| format!("; {advice}"));
                format!("{error}: {source}{}", advice.unwrap_or_default())
            }
            None => error.to_string(),
        };
    };
    let code = database.code();
    if code.code().starts_with("22") {
        return format!("PostgreSQL could not take a value ({})", code.code());
    }
    let message = format!("{} ({})", database.message(), code.code());
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return format!(
            "{message}; what the role has to be allowed is in the documentation of PostgresStore"
        );
    }
    message
}

#[cfg(not(feature = "postgres-tls"))]
fn advice(_: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    None
}
