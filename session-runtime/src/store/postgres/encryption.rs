//! What an address says of encryption: PostgreSQL's own `sslmode` and `sslrootcert`, of which the driver knows a part. Knows
//! how they are written, and not how anything is encrypted.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::address::PostgresAddressError;

/// An encrypted connection, to a server that proves who it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Encryption {
    pub(super) proof: Proof,
    /// The file with the certificates of those who may vouch for the server; without one they are the system's.
    pub(super) authorities: Option<PathBuf>,
}

/// What the server's certificate has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Vouched for, and made for the host of the address.
    Host,
    /// Vouched for, for whatever host.
    Authority,
}

/// Takes what the driver does not know out of the address, and returns the rest. Encryption that is not demanded is none.
pub(super) fn split(address: &str) -> Result<(String, Option<Encryption>), PostgresAddressError> {
    let Some(begin) = options(address) else {
        return Ok((address.to_owned(), None));
    };
    let (place, options) = address.split_at(begin);
    let mut mode = None;
    let mut authorities = None;
    let mut rest = Vec::new();
    for option in options.split('&') {
        match option.split_once('=') {
            Some(("sslmode", value)) => mode = Some(decoded(value)?),
            Some(("sslrootcert", value)) => authorities = Some(decoded(value)?),
            _ => rest.push(option),
        }
    }
    let rest = [place, &rest.join("&")].concat();
    let proof = match mode.as_deref() {
        Some("require" | "verify-full") => Proof::Host,
        // Whose name does not count must at least be vouched for by somebody in particular.
        Some("verify-ca") if authorities.is_some() => Proof::Authority,
        Some("verify-ca") => return Err(PostgresAddressError::AnybodysAuthority),
        None | Some("disable" | "allow" | "prefer") if authorities.is_some() => {
            return Err(PostgresAddressError::NotEncrypted);
        }
        None | Some("disable" | "allow" | "prefer") => return Ok((rest, None)),
        Some(_) => return Err(PostgresAddressError::UnknownSslMode),
    };
    // libpq's word for the system's own.
    let authorities = authorities
        .filter(|file| file != "system")
        .map(PathBuf::from);
    Ok((rest, Some(Encryption { proof, authorities })))
}

/// Where the options begin, as the driver finds them: after the first `?` behind the password.
fn options(address: &str) -> Option<usize> {
    let scheme = ["postgres://", "postgresql://"]
        .into_iter()
        .find(|scheme| address.starts_with(scheme))?;
    let place = address[scheme.len()..]
        .find('@')
        .map_or(scheme.len(), |at| scheme.len() + at + 1);
    Some(place + address[place..].find('?')? + 1)
}

/// What `%2F` and its like stand for.
fn decoded(text: &str) -> Result<String, PostgresAddressError> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| PostgresAddressError::Invalid)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "postgres://app:hunter2@db.internal/app";

    fn split(options: &str) -> Result<(String, Option<Encryption>), PostgresAddressError> {
        super::split(&format!("{PLACE}{options}"))
    }

    fn encryption(proof: Proof, authorities: Option<&str>) -> Option<Encryption> {
        let authorities = authorities.map(PathBuf::from);
        Some(Encryption { proof, authorities })
    }

    #[test]
    fn each_mode_that_demands_encryption_demands_proof() {
        let file = "sslrootcert=/etc/ssl/our%20own/ca.pem";
        let path = Some("/etc/ssl/our own/ca.pem");
        for (options, right) in [
            ("?sslmode=require".to_owned(), encryption(Proof::Host, None)),
            (
                "?sslmode=verify-full".to_owned(),
                encryption(Proof::Host, None),
            ),
            (
                format!("?sslmode=require&{file}"),
                encryption(Proof::Host, path),
            ),
            (
                format!("?{file}&sslmode=verify-full"),
                encryption(Proof::Host, path),
            ),
            (
                format!("?sslmode=verify-ca&{file}"),
                encryption(Proof::Authority, path),
            ),
            (
                "?sslmode=verify-full&sslrootcert=system".to_owned(),
                encryption(Proof::Host, None),
            ),
        ] {
            assert_eq!(
                split(&options),
                Ok((format!("{PLACE}?"), right)),
                "{options}"
            );
        }
    }

    #[test]
    fn what_demands_no_encryption_has_none() {
        for options in [
            "?",
            "?sslmode=disable",
            "?sslmode=allow",
            "?sslmode=%70refer",
        ] {
            assert_eq!(split(options), Ok((format!("{PLACE}?"), None)), "{options}");
        }
        assert_eq!(split(""), Ok((PLACE.to_owned(), None)));
    }

    #[test]
    fn other_options_stay_as_they_are() {
        let (rest, encryption) =
            split("?connect_timeout=9&sslmode=require&options=-c%20search_path%3Dshop").unwrap();
        assert_eq!(
            rest,
            format!("{PLACE}?connect_timeout=9&options=-c%20search_path%3Dshop")
        );
        assert!(encryption.is_some());
    }

    #[test]
    fn a_question_mark_in_a_password_begins_no_options() {
        let address = "postgres://app:a?sslmode=require@db.internal/app";
        assert_eq!(super::split(address), Ok((address.to_owned(), None)));
    }

    #[test]
    fn who_expects_encryption_and_would_get_none_is_told() {
        for options in ["?sslrootcert=ca.pem", "?sslmode=prefer&sslrootcert=ca.pem"] {
            let error = split(options).unwrap_err();
            assert_eq!(error, PostgresAddressError::NotEncrypted, "{options}");
        }
        let error = split("?sslmode=verify-ca").unwrap_err();
        assert_eq!(error, PostgresAddressError::AnybodysAuthority);
        let error = split("?sslmode=verify_full").unwrap_err();
        assert_eq!(error, PostgresAddressError::UnknownSslMode);
    }
}
