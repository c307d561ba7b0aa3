//! What the sealed token promises.

use proptest::prelude::*;

use super::*;
use crate::signing::TokenSigner;

const T: u64 = 1_700_000_000;

fn sealer() -> TokenSealer {
    TokenSealer::new(SecretKey::dangerous("secret"))
}

/// A token with any plaintext under the key of [`sealer`].
fn sealed(plaintext: &[u8]) -> String {
    let (sealer, nonce) = (sealer(), [7; NONCE]);
    let key = &sealer.shared.current;
    let mut body = plaintext.to_vec();
    let tag = key.encrypt(&nonce, &mut body);
    encoding::encode(&[key.header(), &nonce[..], &body, &tag].concat())
}

#[test]
fn a_token_is_what_other_implementations_make_of_the_description() {
    // HKDF of Python's cryptography 46, XChaCha20-Poly1305 of libsodium (PyNaCl 1.6).
    let token = "AX5YSwMAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhe9if9V8qsS9fC3YRMH0pgtrJGG8vZdZDKGjPtp81IC";
    let nonce = std::array::from_fn(|n| u8::try_from(n).unwrap());
    let bytes = sealer().encrypt(&nonce, br#"{"a":1}"#, T);
    assert_eq!(encoding::decode(token).unwrap(), bytes);
    assert_eq!(
        sealer().open(token),
        Ok(Verified {
            payload: br#"{"a":1}"#.to_vec(),
            signed_at: T
        })
    );
}

#[test]
fn a_fallback_key_opens_and_never_seals() {
    let [oldest, old, new] = ["oldest", "old", "new"].map(SecretKey::dangerous);
    let sealer = TokenSealer::builder(new.clone())
        .fallbacks([oldest.clone(), old.clone()])
        .build();
    for key in [&oldest, &old, &new] {
        let token = TokenSealer::new(key.clone()).seal(b"{}", T);
        assert_eq!(sealer.open(&token).unwrap().payload, b"{}");
    }
    let token = sealer.seal(b"{}", T);
    assert!(TokenSealer::new(new).open(&token).is_ok());
    for key in [oldest, old] {
        let error = TokenSealer::new(key).open(&token);
        assert_eq!(error, Err(TokenError::BadSignature));
    }
}

#[test]
fn of_keys_with_one_id_the_one_that_fits_opens() {
    let with_id = |key: &str| {
        SealingKey::new(&SecretKey::dangerous(key), b"salt").with_header([VERSION, 1, 2, 3, 4])
    };
    let sealer = |current: &str, fallbacks: &[&str]| TokenSealer {
        shared: Arc::new(Shared {
            current: with_id(current),
            fallbacks: fallbacks.iter().map(|key| with_id(key)).collect(),
        }),
    };
    let token = sealer("old", &[]).seal(b"{}", T);
    assert!(sealer("new", &["oldest", "old"]).open(&token).is_ok());
    assert_eq!(
        sealer("new", &["oldest"]).open(&token),
        Err(TokenError::BadSignature)
    );
}

#[test]
fn another_salt_is_another_purpose() {
    let other = TokenSealer::builder(SecretKey::dangerous("secret"))
        .salt("password-reset")
        .build();
    let token = sealer().seal(b"{}", T);
    assert_eq!(other.open(&token), Err(TokenError::BadSignature));
    assert_eq!(
        sealer().open(&other.seal(b"{}", T)),
        Err(TokenError::BadSignature)
    );
}

#[test]
fn the_salt_is_authenticated_and_not_only_in_the_key() {
    let token = sealer().seal(b"{}", T);
    let key = SealingKey::new(&SecretKey::dangerous("secret"), b"cookie-session");
    let sealer = TokenSealer {
        shared: Arc::new(Shared {
            current: key.with_salt(b"password-reset"),
            fallbacks: Vec::new(),
        }),
    };
    assert_eq!(sealer.open(&token), Err(TokenError::BadSignature));
}

#[test]
fn a_signed_token_is_not_sealed_and_a_sealed_one_is_not_signed() {
    let signer = TokenSigner::new(SecretKey::dangerous("secret"));
    let signed = signer.sign(b"{}", T);
    assert_eq!(sealer().open(&signed), Err(TokenError::NotSealed));
    let sealed = sealer().seal(b"{}", T);
    assert_eq!(signer.verify(&sealed), Err(TokenError::Malformed));
}

#[test]
fn another_version_and_what_is_too_short_are_not_sealed() {
    let bytes = encoding::decode(sealer().seal(b"", T)).unwrap();
    let open = |bytes: &[u8]| sealer().open(&encoding::encode(bytes)).unwrap_err();
    for version in (0..=u8::MAX).filter(|&version| version != VERSION) {
        let other = [&[version], &bytes[1..]].concat();
        assert_eq!(open(&other), TokenError::NotSealed, "{version}");
    }
    for length in 0..bytes.len() {
        let error = if length < HEADER + NONCE + TAG {
            TokenError::NotSealed
        } else {
            TokenError::BadSignature
        };
        assert_eq!(open(&bytes[..length]), error, "{length}");
    }
}

#[test]
fn what_is_sealed_without_a_time_says_so() {
    for plaintext in [&b""[..], b"1234567", &[0xFF; 9]] {
        let error = sealer().open(&sealed(plaintext)).unwrap_err();
        assert_eq!(error, TokenError::BadTimestamp, "{plaintext:?}");
    }
}

#[test]
fn a_time_after_the_year_9999_is_never_sealed() {
    let token = sealer().seal(b"", u64::MAX);
    assert_eq!(sealer().open(&token).unwrap().signed_at, LAST_SECOND);
}

#[test]
fn what_is_sealed_needs_no_second_allocation() {
    let token = sealer().seal(&[b'a'; 300], T);
    assert_eq!(token.capacity(), token.len());
    let line = sealer().seal_between("name=", 6, &[b'a'; 300], T);
    assert_eq!(line.capacity(), line.len() + 6);
    assert!(sealer().open(&text(line)["name=".len()..]).is_ok());
}

#[test]
fn a_debug_shows_no_key() {
    let builder = TokenSealer::builder(SecretKey::dangerous("hunter2"))
        .fallbacks([SecretKey::dangerous("hunter1")]);
    let shown = format!("{builder:?} {:?}", builder.clone().build());
    assert!(!shown.contains("hunter"), "{shown}");
}

proptest! {
    #[test]
    fn what_was_sealed_is_opened(
        key: Vec<u8>,
        salt: Vec<u8>,
        payload: Vec<u8>,
        signed_at in 0..=LAST_SECOND,
    ) {
        let sealer = TokenSealer::builder(SecretKey::dangerous(key)).salt(salt).build();
        let verified = sealer.open(&sealer.seal(&payload, signed_at));
        prop_assert_eq!(verified, Ok(Verified { payload, signed_at }));
    }

    #[test]
    fn the_length_of_the_payload_alone_decides_that_of_the_token(payload: Vec<u8>) {
        let token = sealer().seal(&payload, T);
        prop_assert_eq!(token.len(), ((payload.len() + 53) * 4).div_ceil(3));
    }

    #[test]
    fn nothing_of_the_payload_shows(payload in "[A-Za-z0-9_-]{8,200}") {
        let token = sealer().seal(payload.as_bytes(), T);
        let bytes = encoding::decode(&token).unwrap();
        let start = &payload.as_bytes()[..8];
        prop_assert!(!token.as_bytes().windows(8).any(|part| part == start));
        prop_assert!(!bytes.windows(8).any(|part| part == start));
    }

    #[test]
    fn two_tokens_of_one_payload_share_nothing_but_version_and_key_id(payload: Vec<u8>) {
        let [one, another] = [(); 2].map(|()| encoding::decode(sealer().seal(&payload, T)).unwrap());
        prop_assert_eq!(&one[..HEADER], &another[..HEADER]);
        let parts = |bytes: &[u8]| bytes[HEADER..].chunks_exact(8).map(<[u8]>::to_vec).collect::<Vec<_>>();
        prop_assert!(parts(&one).iter().zip(parts(&another)).all(|(one, another)| *one != another));
    }

    #[test]
    fn any_flipped_bit_is_refused(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = encoding::decode(sealer().seal(&payload, T)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let error = sealer().open(&encoding::encode(&bytes)).unwrap_err();
        prop_assert!(!error.is_authentic());
    }

    #[test]
    fn any_changed_missing_or_added_character_is_refused(
        payload: Vec<u8>,
        at: prop::sample::Index,
        character in "[A-Za-z0-9_=.+/ -]",
    ) {
        let token = sealer().seal(&payload, T);
        let at = at.index(token.len());
        let changed = format!("{}{character}{}", &token[..at], &token[at + 1..]);
        let longer = format!("{}{character}{}", &token[..at], &token[at..]);
        let more = format!("{token}{character}");
        for other in [&changed, &longer, &more, &token[..at], &token[at + 1..]] {
            if other != token {
                let error = sealer().open(other).unwrap_err();
                prop_assert!(!error.is_authentic());
            }
        }
    }

    #[test]
    fn no_text_makes_opening_panic(text in r"\PC*|AX5YSw[A-Za-z0-9_-]{0,120}") {
        prop_assert!(sealer().open(&text).is_err());
    }

    #[test]
    fn no_plaintext_makes_opening_panic(plaintext: Vec<u8>) {
        let _ = sealer().open(&sealed(&plaintext));
    }
}
