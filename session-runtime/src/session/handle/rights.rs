//! What a handle on a session may do.

/// It fills a word of its own, and so do the values that a handle is moved in: a handle is moved on just after it is made, and
/// the processor waits where bytes are read together that were written apart, as a bool is and what stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Rights {
    #[default]
    All,
    ReadOnly,
}
