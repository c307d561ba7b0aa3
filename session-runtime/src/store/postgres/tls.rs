//! Encrypted connections: whom a server has to be vouched for by, and what to do where it is not. Knows no question and no
//! session.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::PostgresAddressError;
use super::encryption::{Encryption, Proof};

/// How the protocol is called that is spoken inside, as PostgreSQL 17 asks.
const PROTOCOL: &[u8] = b"postgresql";

/// What encrypts connections so. It reads certificates, once.
pub(super) fn connector(
    encryption: &Encryption,
) -> Result<MakeRustlsConnect, PostgresAddressError> {
    let authorities = match &encryption.authorities {
        Some(file) => authorities_in(file)?,
        None => authorities_of_system()?,
    };
    // The application's own choice of cryptography, if it has made one, is not asked: then nothing here can fail late.
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    let config = match encryption.proof {
        Proof::Host => config.with_root_certificates(authorities),
        Proof::Authority => config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyHost {
                authorities,
                provider,
            })),
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

/// What to do about an error of a connection, where it is one about the server's certificate.
pub(super) fn advice(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let error = error.downcast_ref::<io::Error>()?.get_ref()?;
    let rustls::Error::InvalidCertificate(error) = error.downcast_ref()? else {
        return None;
    };
    match error {
        // The second: by another authority of the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Some(
            "nobody who may vouches for the server's certificate; name the file with its authority's certificate with sslrootcert=FILE in the address",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some(
                "the server's certificate was made for another host; write the host as the certificate does (subjectAltName), or say sslmode=verify-ca in the address where any server of its authority will do",
            )
        }
        _ => None,
    }
}

fn authorities_in(file: &Path) -> Result<RootCertStore, PostgresAddressError> {
    let refused = |reason: &dyn Error| PostgresAddressError::Authorities {
        reason: format!("the file {}: {reason}", file.display()),
    };
    let mut authorities = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| refused(&error))? {
        let certificate = certificate.map_err(|error| refused(&error))?;
        authorities
            .add(certificate)
            .map_err(|error| refused(&error))?;
    }
    if authorities.is_empty() {
        return Err(PostgresAddressError::Authorities {
            reason: format!("the file {} has no certificate", file.display()),
        });
    }
    Ok(authorities)
}

fn authorities_of_system() -> Result<RootCertStore, PostgresAddressError> {
    let mut authorities = RootCertStore::empty();
    // A system's store may hold what nobody can read, and one of hundreds is not missed.
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if authorities.is_empty() {
        return Err(PostgresAddressError::Authorities {
            reason: "the system has none (on Debian they are in the package ca-certificates)"
                .to_owned(),
        });
    }
    Ok(authorities)
}

fn unusable(error: &dyn Error) -> PostgresAddressError {
    PostgresAddressError::Authorities {
        reason: error.to_string(),
    }
}

/// Takes any host that an authority vouches for.
#[derive(Debug)]
struct AnyHost {
    authorities: RootCertStore,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        verify_server_cert_signed_by_trust_anchor(
            &ParsedCertificate::try_from(end_entity)?,
            &self.authorities,
            intermediates,
            now,
            self.provider.signature_verification_algorithms.all,
        )?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
