//! In which of a cluster's slots a key is: CRC-16 of the key, or of its hash tag where it has one
//! (<https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags>). Knows no node.

/// How many slots a cluster has.
pub(super) const SLOTS: u16 = 16_384;

/// The slot of a key.
pub(super) fn slot_of(key: &str) -> u16 {
    checksum(hashed(key).as_bytes()) % SLOTS
}

/// What stands between the first `{` and the first `}` after it, if anything does.
fn hashed(key: &str) -> &str {
    key.split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty())
        .unwrap_or(key)
}

/// CRC-16 of XMODEM: the polynomial is 0x1021, and it begins with 0.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |checksum, byte| {
        (0..8).fold(checksum ^ u16::from(*byte) << 8, |checksum: u16, _| {
            let carry = if checksum & 0x8000 == 0 { 0 } else { 0x1021 };
            checksum << 1 ^ carry
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_specification() {
        assert_eq!(checksum(b"123456789"), 0x31C3);
    }

    #[test]
    fn a_hash_tag_alone_decides_where_there_is_one() {
        assert_eq!(slot_of("foo"), 12_182);
        assert_eq!(slot_of("{foo}.session"), slot_of("foo"));
        assert_eq!(slot_of("shop:{foo}{bar}"), slot_of("foo"));
        assert_eq!(slot_of("foo{{bar}}zap"), slot_of("{bar"));
        assert_ne!(slot_of("foo{}{bar}"), slot_of("bar"));
        assert_ne!(slot_of("foo{bar"), slot_of("bar"));
    }
}
