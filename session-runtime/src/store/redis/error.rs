//! What the driver says went wrong, as the store says it: without values, passwords or scripts.

use redis::{ErrorKind, RedisError};

use crate::store::StoreError;

/// What became of a question that a server at `address` was asked.
pub(super) fn store_error(error: &RedisError, address: &str) -> StoreError {
    match error.kind() {
        _ if matches!(error.code(), Some("NOAUTH" | "WRONGPASS")) => unauthorised(address),
        ErrorKind::AuthenticationFailed => unauthorised(address),
        ErrorKind::Io | ErrorKind::ClusterConnectionNotFound => StoreError::Unreachable {
            reason: format!("Redis at {address}: {error}"),
        },
        ErrorKind::RESP3NotSupported => StoreError::Unreachable {
            reason: format!("Redis at {address} is older than version 6"),
        },
        _ => StoreError::Failed {
            reason: format!("Redis at {address}: {}", answer(error)),
        },
    }
}

fn unauthorised(address: &str) -> StoreError {
    StoreError::Unreachable {
        reason: format!(
            "Redis at {address} refuses the user name or the password in the store's address"
        ),
    }
}

/// The server's own words. Of a command that it does not know it would repeat the arguments.
fn answer(error: &RedisError) -> String {
    let code = error.code().unwrap_or_else(|| error.category());
    let Some(detail) = error.detail() else {
        return code.to_owned();
    };
    let detail = detail.split(", with args").next().unwrap_or_default();
    format!("{code} {detail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: &str) -> StoreError {
        let error = redis::parse_redis_value(answer.as_bytes())
            .and_then(|value| value.extract_error())
            .unwrap_err();
        store_error(&error, "localhost:6379")
    }

    #[test]
    fn a_servers_refusal_is_told_in_its_own_words() {
        let error = said("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
        assert_eq!(
            error.to_string(),
            "the session store failed: Redis at localhost:6379: OOM command not allowed when used memory > 'maxmemory'."
        );
    }

    #[test]
    fn arguments_that_a_server_repeats_are_left_out() {
        let error = said("-ERR unknown command 'EVALSHA', with args beginning with: 'secret'\r\n");
        assert!(
            error.to_string().ends_with("unknown command 'EVALSHA'"),
            "{error}"
        );
    }
}
