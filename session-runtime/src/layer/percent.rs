//! What is percent-encoded in an address. It knows no address: which part of one a text goes into, and whether a slash may stand
//! there as it is, is for whoever makes it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// Everything but RFC 3986's unreserved characters (section 2.3), which mean the same in every part of an address.
pub(crate) const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
