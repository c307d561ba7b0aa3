//! The session keys of one handler, as a constant of its contract. What one of them is, is not known here.

use std::slice;

use super::key_use::KeyUse;

/// The keys that a handler's parameters name, in their order.
///
/// Most handlers name one or none, and to a compiler a borrowed list of one is twice the work of the one by itself.
#[derive(Debug, Clone, Copy)]
pub enum Keys {
    /// No parameter names one.
    None,
    /// One parameter does.
    One(KeyUse),
    /// Several do.
    Many(&'static [KeyUse]),
    /// Those of a handler without a route, which `routes![]` does not take.
    Unrouted(&'static [KeyUse]),
}

impl Keys {
    pub(crate) const fn as_slice(&self) -> &[KeyUse] {
        match self {
            Self::None => &[],
            Self::One(key) => slice::from_ref(key),
            Self::Many(keys) | Self::Unrouted(keys) => keys,
        }
    }
}
