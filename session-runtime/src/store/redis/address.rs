//! Where Redis is, as a text says it. Knows no connection, and repeats nothing of the text that may be a password.

use std::time::Duration;

use redis::io::tcp::TcpSettings;
use redis::{ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion, parse_redis_url};

use crate::debug_as_display::debug_as_display;

/// For how long a connection may leave bytes unacknowledged. A request that is given up by its own limit tells nobody that
/// the server was silent.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const VANISHED: Duration = Duration::from_secs(5);

/// For how long one question is asked where the address does not say it. It is less than the layer's own limit without a
/// setting, so that the log says what was tried.
const LIMIT: Duration = Duration::from_millis(1800);

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(3600);

/// The text is no address of a Redis server or of a cluster, or one that [`RedisStore`](super::RedisStore) cannot do justice to.
///
/// ```
/// use session_runtime::store::{RedisAddressError, RedisStore};
///
/// let error = RedisStore::new("localhost:6379").unwrap_err();
/// assert!(matches!(error, RedisAddressError::Invalid { .. }));
/// let error = RedisStore::new("redis://a:7000,b:7001").unwrap_err();
/// assert_eq!(error, RedisAddressError::Cluster);
/// ```
///
/// Its `Debug` text is the sentence too, since that is what a `main` prints that returns the error.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisAddressError {
    /// It is malformed, or begins with another scheme.
    #[error(
        "this is no address of a Redis server ({reason}); write redis://[user:password@]host[:port][/database], or redis+cluster:// and the nodes of a cluster with commas between them"
    )]
    Invalid {
        /// What is wrong. It holds no password.
        reason: String,
    },
    /// It means a cluster, and says so in another way than this one: by several hosts after `redis://`, by `cluster=true`, or
    /// by `redis-cluster://`.
    #[error(
        "the address of Redis means a cluster, which is written otherwise; write redis+cluster://[user:password@]host[:port][,host[:port]], or rediss+cluster:// with TLS"
    )]
    Cluster,
    /// It demands an encrypted connection, and the feature `redis-tls` is not on.
    #[error(
        "the address of the Redis server demands encryption (rediss://), and this program is built without it; add it with `cargo add session-runtime --features redis-tls`"
    )]
    Encrypted,
    /// A file that it names cannot be used.
    #[error("the file {file} in the address of the Redis server cannot be used: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
}

debug_as_display!(RedisAddressError);

/// What an address says.
pub(super) struct Address {
    pub(super) servers: Servers,
    pub(super) is_cluster: bool,
    /// For how long one question is asked.
    pub(super) limit: Duration,
}

/// The servers that an address names, which are one at least.
pub(super) struct Servers {
    pub(super) first: ConnectionInfo,
    others: Vec<ConnectionInfo>,
}

impl Servers {
    pub(super) fn iter(&self) -> impl Iterator<Item = &ConnectionInfo> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// The files that an address names: the certificates of who may sign the server's, the client's certificate and its key.
#[derive(Default)]
pub(super) struct Files {
    pub(super) authorities: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Address, RedisAddressError> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let is_cluster = match scheme {
        Some("redis+cluster" | "rediss+cluster" | "valkey+cluster" | "valkeys+cluster") => true,
        Some("redis-cluster" | "rediss-cluster" | "valkey-cluster" | "valkeys-cluster") => {
            return Err(RedisAddressError::Cluster);
        }
        _ => false,
    };
    let servers = if is_cluster {
        let text = text.replacen("+cluster", "", 1);
        each_host(&text).ok_or_else(|| invalid("a host is missing"))?
    } else {
        match each_host(text) {
            Some(hosts) if hosts.len() > 1 => return Err(RedisAddressError::Cluster),
            _ => vec![text.to_owned()],
        }
    };
    let limit = match servers.first() {
        Some(text) => limit(text)?,
        None => LIMIT,
    };
    let mut servers = servers.into_iter().map(|text| server(&text, is_cluster));
    let first = servers
        .next()
        .ok_or_else(|| invalid("a host is missing"))??;
    let others = servers.collect::<Result<_, _>>()?;
    Ok(Address {
        servers: Servers { first, others },
        is_cluster,
        limit,
    })
}

/// The same address for each of its hosts, or nothing if a host is missing.
fn each_host(text: &str) -> Option<Vec<String>> {
    let (scheme, rest) = text.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (format!("{user}@"), hosts),
        None => (String::new(), authority),
    };
    hosts
        .split(',')
        .map(|host| (!host.is_empty()).then(|| format!("{scheme}://{user}{host}{path}")))
        .collect()
}

/// For how long a question is asked, as `timeout` says it.
fn limit(text: &str) -> Result<Duration, RedisAddressError> {
    let url = parse_redis_url(text).ok_or_else(|| invalid("it is malformed"))?;
    let said = url.query_pairs().find(|(name, _)| name == "timeout");
    let Some((_, said)) = said else {
        return Ok(LIMIT);
    };
    let seconds = said.parse().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|limit| (SHORTEST..=LONGEST).contains(limit))
        .ok_or_else(|| invalid("timeout takes a number of seconds from 0.001 to 3600"))
}

/// What the address of one server says.
fn server(text: &str, is_in_cluster: bool) -> Result<ConnectionInfo, RedisAddressError> {
    let url = parse_redis_url(text).ok_or_else(|| invalid("it is malformed"))?;
    let is_encrypted = matches!(url.scheme(), "rediss" | "valkeys");
    if is_encrypted && cfg!(not(feature = "redis-tls")) {
        return Err(RedisAddressError::Encrypted);
    }
    let mut files = Files::default();
    for (name, value) in url.query_pairs() {
        let file = match &*name {
            "cluster" if !is_in_cluster => return Err(RedisAddressError::Cluster),
            "ssl_ca_certs" => &mut files.authorities,
            "ssl_certfile" => &mut files.certificate,
            "ssl_keyfile" => &mut files.key,
            other if other.starts_with("ssl_") => {
                let known = "of TLS there are ssl_ca_certs, ssl_certfile and ssl_keyfile";
                return Err(invalid(known));
            }
            _ => continue,
        };
        if !is_encrypted {
            return Err(invalid("what begins with ssl_ needs rediss://"));
        }
        *file = Some(value.into_owned());
    }
    if url.fragment() == Some("insecure") {
        return Err(invalid(
            "#insecure would trust anybody; name who may sign the server's certificate by ?ssl_ca_certs=FILE",
        ));
    }
    // The driver's own words repeat neither the user's name nor the password.
    let info = url.into_connection_info();
    let info = info.map_err(|error| invalid(&error.to_string()))?;
    if is_in_cluster && info.redis_settings().db() != 0 {
        return Err(invalid("a cluster has no database but 0"));
    }
    let settings = info.redis_settings().clone();
    let info = info
        .set_redis_settings(settings.set_protocol(ProtocolVersion::RESP3))
        .set_tcp_settings(tcp_settings());
    with_files(info, &files)
}

#[cfg(feature = "redis-tls")]
fn with_files(info: ConnectionInfo, files: &Files) -> Result<ConnectionInfo, RedisAddressError> {
    super::tls::with_files(info, files)
}

#[cfg(not(feature = "redis-tls"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "with the feature there are errors"
)]
fn with_files(info: ConnectionInfo, _: &Files) -> Result<ConnectionInfo, RedisAddressError> {
    Ok(info)
}

pub(super) fn invalid(reason: &str) -> RedisAddressError {
    RedisAddressError::Invalid {
        reason: reason.to_owned(),
    }
}

/// Small questions are sent at once, and a server that vanished without a word is found out soon.
fn tcp_settings() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let settings = settings.set_user_timeout(VANISHED);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        let address = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(address.is_cluster);
        let hosts = address.servers.iter().map(|one| one.addr().to_string());
        hosts.collect()
    }

    #[test]
    fn a_cluster_is_named_by_some_of_its_nodes() {
        assert_eq!(
            hosts("redis+cluster://ada:a,b@one:7000,two,[::1]:7002/0?protocol=3"),
            ["one:7000", "two:6379", "::1:7002"]
        );
        assert_eq!(hosts("valkey+cluster://one"), ["one:6379"]);
        let address = read("redis+cluster://ada:p%40ss@one,two").ok();
        let servers = address.map(|address| address.servers);
        for server in servers.iter().flat_map(Servers::iter) {
            let settings = server.redis_settings();
            assert_eq!(settings.username(), Some("ada"));
            assert_eq!(settings.password(), Some("p@ss"));
        }
    }

    #[test]
    fn a_server_by_itself_is_no_cluster() {
        for text in [
            "redis://one",
            "redis://ada:a,b@one:7000/3",
            "redis+unix:///run/redis,1.sock?db=2",
        ] {
            let address = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(!address.is_cluster, "{text}");
            assert_eq!(address.servers.iter().count(), 1, "{text}");
        }
    }

    #[test]
    fn a_cluster_that_is_said_otherwise_is_told_how() {
        for text in [
            "redis://one:7000,two:7001",
            "rediss://one,two",
            "redis-cluster://one",
            "redis://one?cluster=true",
        ] {
            let expected = match cfg!(feature = "redis-tls") || !text.starts_with("rediss:") {
                true => RedisAddressError::Cluster,
                false => read("rediss://one,two").err().unwrap(),
            };
            assert_eq!(read(text).err(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_question_is_asked_for_as_long_as_the_address_says() {
        for (text, millis) in [
            ("redis://one", 1800),
            ("redis://one?timeout=5", 5000),
            ("redis://one/3?protocol=3&timeout=0.25", 250),
            ("redis+unix:///run/redis.sock?timeout=5", 5000),
            ("redis+cluster://one,two?timeout=5", 5000),
        ] {
            let address = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(address.limit, Duration::from_millis(millis), "{text}");
        }
        for wrong in ["", "0", "-1", "5s", "nan", "inf", "3601"] {
            let error = read(&format!("redis://one?timeout={wrong}")).err();
            assert!(
                error.is_some_and(|error| error.to_string().contains("timeout takes")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_a_cluster_cannot_be_is_refused() {
        for text in [
            "redis+cluster://",
            "redis+cluster://one,,two",
            "redis+cluster://one,two/1",
            "redis+cluster://one:port",
            "unix+cluster:///run/redis.sock",
            "redis://one?ssl_ca_certs=ca.pem",
        ] {
            let error = read(text).err();
            assert!(
                matches!(error, Some(RedisAddressError::Invalid { .. })),
                "{text}: {error:?}"
            );
        }
    }

    #[cfg(not(feature = "redis-tls"))]
    #[test]
    fn encryption_is_refused_by_the_name_of_its_feature() {
        for text in ["rediss://one", "valkeys://one", "rediss+cluster://one"] {
            let error = read(text).err();
            assert_eq!(error, Some(RedisAddressError::Encrypted));
            assert!(error.is_some_and(|error| error.to_string().contains("--features redis-tls")));
        }
    }

    #[cfg(feature = "redis-tls")]
    #[test]
    fn nothing_is_trusted_because_the_address_says_so() {
        for text in [
            "rediss://one/#insecure",
            "rediss://one?ssl_cert_reqs=none",
            "rediss+cluster://one?ssl_check_hostname=false",
        ] {
            let error = read(text).err();
            assert!(
                matches!(error, Some(RedisAddressError::Invalid { .. })),
                "{text}: {error:?}"
            );
        }
    }
}
