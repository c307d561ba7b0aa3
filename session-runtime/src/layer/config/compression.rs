//! When a session's cookie is compressed.

/// When the session is compressed in its cookie, which is done as Flask does it (zlib). What was compressed is read
/// whatever this says. Encrypted cookies are never compressed.
///
/// Compressing a session of 2 KB takes some ten times as long as all the rest of a request that changes it; what is not
/// compressed is sent with each request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Where the cookie would otherwise be larger than [`max_size`](crate::CookieSettings::max_size) allows.
    #[default]
    WhenTooLarge,
    /// Wherever it is shorter, as Flask does.
    WhenShorter,
}
