//! What a server's error says about asking again. All but the last of these say that the question did not happen. Knows no
//! connection.

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Where a node of a cluster is, as the cluster says it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
}

/// What became of a question that was answered with an error.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The key's slot is that node's from now on.
    Moved(Place),
    /// The key is on its way to that node, or is there by now.
    Ask(Place),
    /// It can be asked again in a moment: the server is starting, a replica is becoming a master, or a key is between two
    /// nodes.
    NotNow,
    /// It would be answered the same again.
    Final,
}

impl Refusal {
    /// What this error says, which a node at `host` has answered with: a node may leave out its host where it means its own.
    pub(super) fn of(error: &RedisError, host: &str) -> Self {
        let ErrorKind::Server(kind) = error.kind() else {
            return Self::Final;
        };
        let place = || {
            let (place, _) = error.redirect_node()?;
            Place::of(place, host)
        };
        match kind {
            ServerErrorKind::Moved => place().map_or(Self::Final, Self::Moved),
            ServerErrorKind::Ask => place().map_or(Self::Final, Self::Ask),
            ServerErrorKind::BusyLoading
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown
            | ServerErrorKind::ReadOnly
            | ServerErrorKind::TryAgain => Self::NotNow,
            _ => Self::Final,
        }
    }
}

impl Place {
    /// A host and a port. IPv6 has no brackets here.
    fn of(text: &str, host_of_who_says_so: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Some(Self::new(host, port.parse().ok()?, host_of_who_says_so))
    }

    /// The same, said in two.
    pub(super) fn new(host: &str, port: u16, host_of_who_says_so: &str) -> Self {
        let host = match host.trim_start_matches('[').trim_end_matches(']') {
            "" | "?" => host_of_who_says_so,
            host => host,
        };
        Self {
            host: host.to_owned(),
            port,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: &str) -> Refusal {
        let error = redis::parse_redis_value(answer.as_bytes())
            .and_then(|value| value.extract_error())
            .unwrap_err();
        Refusal::of(&error, "here")
    }

    fn place(host: &str, port: u16) -> Place {
        let host = host.to_owned();
        Place { host, port }
    }

    #[test]
    fn a_redirection_names_a_node() {
        assert_eq!(
            said("-MOVED 3999 127.0.0.1:6381\r\n"),
            Refusal::Moved(place("127.0.0.1", 6381))
        );
        assert_eq!(
            said("-ASK 3999 ::1:6381\r\n"),
            Refusal::Ask(place("::1", 6381))
        );
        assert_eq!(
            said("-MOVED 3999 :6381\r\n"),
            Refusal::Moved(place("here", 6381))
        );
        assert_eq!(
            said("-MOVED 3999 ?:6381\r\n"),
            Refusal::Moved(place("here", 6381))
        );
    }

    #[test]
    fn what_passes_is_waited_for() {
        for answer in [
            "-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
            "-CLUSTERDOWN The cluster is down\r\n",
            "-LOADING Redis is loading the dataset in memory\r\n",
            "-READONLY You can't write against a read only replica.\r\n",
            "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
        ] {
            assert_eq!(said(answer), Refusal::NotNow, "{answer}");
        }
    }

    #[test]
    fn what_may_have_happened_or_would_be_the_same_again_is_not_repeated() {
        for answer in [
            "-ERR unknown command\r\n",
            "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
            "-NOREPLICAS Not enough good replicas to write.\r\n",
            "-BUSY Redis is busy running a script.\r\n",
            "-MOVED somewhere\r\n",
        ] {
            assert_eq!(said(answer), Refusal::Final, "{answer}");
        }
    }
}
