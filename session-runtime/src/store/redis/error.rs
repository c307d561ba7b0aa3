//! What the driver says went wrong, as the store says it: without values, passwords or scripts.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::store::StoreError;

/// What the store's address says that Redis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Server,
    Cluster,
}

/// What became of a question that a server at `address` was asked.
pub(super) fn store_error(error: &RedisError, address: &str, kind: Kind) -> StoreError {
    match error.kind() {
        _ if matches!(error.code(), Some("NOAUTH" | "WRONGPASS")) => unauthorised(address),
        ErrorKind::AuthenticationFailed => unauthorised(address),
        ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask)
            if kind == Kind::Server =>
        {
            misnamed(address, "part of a cluster", "redis+cluster")
        }
        _ if kind == Kind::Cluster && is_no_cluster(error) => {
            misnamed(address, "no part of a cluster", "redis")
        }
        ErrorKind::Io if is_untrusted(error) => StoreError::Unreachable {
            reason: format!(
                "Redis at {address}: {error}; if its authority is your own, name the file of that one's certificate: ?ssl_ca_certs=FILE"
            ),
        },
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

fn misnamed(address: &str, is: &str, scheme: &str) -> StoreError {
    StoreError::Failed {
        reason: format!(
            "Redis at {address} is {is}; write {scheme}://{address}, or with TLS {secure}://{address}",
            secure = scheme.replacen("redis", "rediss", 1),
        ),
    }
}

/// Whether a server that was asked about its cluster says that it has none. It has no code for that.
fn is_no_cluster(error: &RedisError) -> bool {
    let detail = error.detail().unwrap_or_default();
    error.code() == Some("ERR") && detail.contains("cluster support disabled")
}

/// Whether the server's certificate was signed by somebody who is not known. The driver has no kind for that.
fn is_untrusted(error: &RedisError) -> bool {
    let said = error.to_string();
    // The second is what is said of another authority of the same name.
    said.contains("UnknownIssuer") || said.contains("BadSignature")
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
        said_by(Kind::Server, answer)
    }

    fn said_by(kind: Kind, answer: &str) -> StoreError {
        let error = redis::parse_redis_value(answer.as_bytes())
            .and_then(|value| value.extract_error())
            .unwrap_err();
        store_error(&error, "localhost:6379", kind)
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

    #[test]
    fn an_address_of_the_wrong_kind_is_told_the_right_one() {
        let error = said("-MOVED 3999 127.0.0.1:6381\r\n").to_string();
        assert!(
            error.contains("is part of a cluster; write redis+cluster://localhost:6379"),
            "{error}"
        );
        let answer = "-ERR This instance has cluster support disabled\r\n";
        let error = said_by(Kind::Cluster, answer).to_string();
        assert!(
            error.contains("is no part of a cluster; write redis://localhost:6379"),
            "{error}"
        );
    }
}
