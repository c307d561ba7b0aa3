//! What is asked again and again where requests are counted. It must not know who answers.

use hyper::Method;

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Read,
    Write,
    Visit,
}

impl Work {
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Visit];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "read and write",
            Self::Visit => "count",
        }
    }

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Read => "/read",
            Self::Write => "/write",
            Self::Visit => "/visit",
        }
    }

    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Read => Method::GET,
            Self::Write | Self::Visit => Method::POST,
        }
    }
}
