//! What Flask's own cookies are to the signing floor: `tests/data/flask` holds them.
//!
//! Only signature, time and payload bytes are judged here; what a payload means is not known to
//! signing, so a cookie that Flask refused for its JSON may be opened by it.

mod vectors;

use std::time::Duration;

use serde_json::Value;
use session_runtime::signing::{SecretKey, TokenSigner, check_age};
use vectors::{Outcome, Vector, vectors};

trait Recorded {
    fn signer(&self) -> TokenSigner;

    /// The payload, if signature, time and compression are in order.
    fn open(&self) -> Option<Vec<u8>>;
}

impl Recorded for Vector {
    fn signer(&self) -> TokenSigner {
        TokenSigner::builder(SecretKey::dangerous(self.secret.as_str()))
            .fallbacks(
                self.fallbacks
                    .iter()
                    .map(|key| SecretKey::dangerous(key.as_str())),
            )
            .salt(self.salt.as_str())
            .digest(self.digest.parse().unwrap())
            .key_derivation(self.key_derivation.parse().unwrap())
            .build()
    }

    fn open(&self) -> Option<Vec<u8>> {
        let verified = self.signer().verify(&self.cookie).ok()?;
        let lifetime = Duration::from_secs(self.lifetime);
        check_age(verified.signed_at, self.now, lifetime, Duration::ZERO).ok()?;
        Some(verified.payload)
    }
}

/// Runs `check` on the vectors that `choose` picks, of which there must be some.
fn for_each(choose: impl Fn(&Vector) -> bool, check: impl Fn(&Vector)) {
    let chosen: Vec<_> = vectors().into_iter().filter(choose).collect();
    assert!(!chosen.is_empty());
    chosen.iter().for_each(check);
}

#[test]
fn what_flask_opens_is_opened() {
    for_each(
        |vector| vector.outcome == Outcome::Session && !vector.strict,
        |vector| assert!(vector.open().is_some(), "{}", vector.cookie),
    );
}

#[test]
fn what_flask_signed_holds_what_flask_read() {
    for_each(
        |vector| matches!(vector.kind.as_str(), "valid" | "rotated") && vector.data.is_some(),
        |vector| {
            let payload = vector.open().expect(&vector.cookie);
            let payload: Value = serde_json::from_slice(&payload).expect(&vector.cookie);
            assert_eq!(Some(payload), vector.data, "{}", vector.cookie);
        },
    );
}

#[test]
fn what_flask_takes_for_a_strangers_or_for_expired_is_refused() {
    for_each(
        |vector| vector.outcome == Outcome::Empty,
        |vector| {
            // A signed `{}` or `null` looks the same in Flask's answer.
            if let Some(payload) = vector.open() {
                assert!(
                    matches!(payload.trim_ascii(), b"{}" | b"null"),
                    "{} {}",
                    vector.kind,
                    vector.cookie
                );
            }
        },
    );
}

#[test]
fn a_key_that_is_configured_nowhere_is_never_accepted() {
    for_each(
        |vector| vector.kind == "unknown-key",
        |vector| {
            let error = vector.signer().verify(&vector.cookie).unwrap_err();
            assert!(!error.is_authentic(), "{}", vector.cookie);
        },
    );
}

#[test]
fn a_correct_signature_is_recognized_over_any_payload() {
    for_each(
        |vector| vector.kind == "signed-payload",
        |vector| {
            let verified = vector.signer().verify(&vector.cookie);
            let authentic = verified.is_ok() || verified.is_err_and(|error| error.is_authentic());
            assert!(authentic, "{}", vector.cookie);
        },
    );
}

#[test]
fn what_flask_signed_is_signed_alike_here() {
    for_each(
        |vector| vector.kind == "valid",
        |vector| {
            let signer = vector.signer();
            let verified = signer.verify(&vector.cookie).expect(&vector.cookie);
            let token = signer.sign(&verified.payload, verified.signed_at);
            assert_eq!(signer.verify(&token).as_ref(), Ok(&verified));
            // Compressed texts differ between zlib libraries, and near the threshold also whether
            // the text is compressed; all others are the same to the last character.
            if vector.cookie.starts_with('.') || token.starts_with('.') {
                let (ours, flasks) = (token.len(), vector.cookie.len());
                assert!(
                    ours.abs_diff(flasks) <= flasks / 20,
                    "{ours} {}",
                    vector.cookie
                );
            } else {
                assert_eq!(token, vector.cookie);
            }
        },
    );
}
