//! Encrypted connections: the files that an address names, and whose cryptography is used. Knows no connection.

use redis::{Client, ClientTlsConfig, ConnectionInfo, TlsCertificates};
use rustls::crypto::{CryptoProvider, ring};

use super::address::{Files, RedisAddressError, invalid};

/// The same address with what stands in these files. Without any, the system says who may sign the server's certificate.
pub(super) fn with_files(
    info: ConnectionInfo,
    files: &Files,
) -> Result<ConnectionInfo, RedisAddressError> {
    let client_tls = match (&files.certificate, &files.key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(ClientTlsConfig {
            client_cert: pem(certificate, "CERTIFICATE")?,
            client_key: pem(key, "PRIVATE KEY")?,
        }),
        _ => return Err(invalid("ssl_certfile and ssl_keyfile need each other")),
    };
    let root_cert = match &files.authorities {
        Some(file) => Some(pem(file, "CERTIFICATE")?),
        None => None,
    };
    if client_tls.is_none() && root_cert.is_none() {
        return Ok(info);
    }
    let certificates = TlsCertificates {
        client_tls,
        root_cert,
    };
    let client = Client::build_with_tls(info, certificates);
    let client = client.map_err(|error| invalid(&error.to_string()))?;
    Ok(client.get_connection_info().clone())
}

/// What stands in a file that has something of this label.
fn pem(file: &str, label: &str) -> Result<Vec<u8>, RedisAddressError> {
    let error = |reason| RedisAddressError::File {
        file: file.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(file).map_err(|reason| error(reason.to_string()))?;
    let has_some = text
        .lines()
        .any(|line| line.starts_with("-----BEGIN") && line.ends_with(&format!("{label}-----")));
    match has_some {
        true => Ok(text.into_bytes()),
        false => Err(error(format!("it holds no {label} in the format PEM"))),
    }
}

/// The driver takes what the process has chosen, and panics where several are built in and none is chosen. So one is, as late
/// as may be, unless the application has chosen its own.
pub(super) fn choose_cryptography() {
    if CryptoProvider::get_default().is_none() {
        // Another thread may have been faster, which is as good.
        let _ = ring::default_provider().install_default();
    }
}
