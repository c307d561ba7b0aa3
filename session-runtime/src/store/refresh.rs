//! When a session that did not change is saved again.

/// When a session that did not change is sent again, so that it lives on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refresh {
    /// With each response but those to `HEAD` and to a browser that fetches ahead of time, whatever the route looks at, if the
    /// session is permanent. It is Flask's way
    /// (`SESSION_REFRESH_EACH_REQUEST`), with Flask's price: a slow request that only reads sends old data, which undoes
    /// what a quicker one has written meanwhile.
    EachRequest,
    /// After a tenth of its lifetime, where a route looks at the session.
    #[default]
    AfterTenth,
    /// Never: the session ends a lifetime after its last change. It is Flask's `SESSION_REFRESH_EACH_REQUEST = False`.
    Never,
}
