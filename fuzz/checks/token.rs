//! Tokens: whatever the text, verifying gives an answer; what is accepted has one spelling and can be signed again.

use std::sync::LazyLock;

use session_runtime::signing::{SecretKey, TokenError, TokenSigner, Verified, read_unverified};

use super::forge::{self, NOW, SECRET};

/// How far the signer inflates: little, so that an input of some hundred bytes can go beyond.
const MAX_INFLATED: usize = 4096;

static SIGNER: LazyLock<TokenSigner> = LazyLock::new(|| {
    let builder = TokenSigner::builder(SecretKey::dangerous(SECRET));
    builder.max_inflated(MAX_INFLATED).build()
});

/// Takes the input as a token, as what a right signature is over, as a zlib stream, and as a payload.
pub fn check(data: &[u8]) {
    let signer = &*SIGNER;
    if let Ok(text) = str::from_utf8(data) {
        if let Ok(verified) = signer.verify(text) {
            is_signed_again(signer, &verified);
        }
        let _ = read_unverified(text);
        signed_by_us(signer, text);
        signed_by_us(signer, &format!("{text}.ZVPxAA"));
    }
    signed_by_us(signer, &format!(".{}.ZVPxAA", forge::base64(data)));
    is_signed_again(
        signer,
        &Verified {
            payload: data.to_vec(),
            signed_at: NOW,
        },
    );
}

/// A right signature is known as one, whatever it is over.
fn signed_by_us(signer: &TokenSigner, text: &str) {
    let token = forge::signed(text);
    match signer.verify(&token) {
        Ok(verified) => {
            let (payload, _) = text.rsplit_once('.').unwrap();
            if payload.starts_with('.') {
                assert!(verified.payload.len() <= MAX_INFLATED);
            } else {
                assert_eq!(payload, forge::base64(&verified.payload));
            }
            is_signed_again(signer, &verified);
            let unverified = read_unverified(&token).unwrap();
            assert_eq!(unverified.payload, verified.payload);
            assert_eq!(unverified.signed_at, verified.signed_at);
        }
        Err(error) => {
            assert!(error.is_authentic(), "{error}");
            if let TokenError::TooLarge { limit, .. } = error {
                assert_eq!(limit, MAX_INFLATED);
            }
        }
    }
}

fn is_signed_again(signer: &TokenSigner, verified: &Verified) {
    let token = signer.sign(&verified.payload, verified.signed_at);
    assert_eq!(signer.verify(&token).as_ref(), Ok(verified), "{token}");
}
