//! What the user wrote: each attribute's own syntax and the faults that one attribute can have by itself. Knows nothing
//! of other attributes on the same function, and nothing of what comes out.

pub(crate) mod binding;
mod csrf_exempt;
mod duration;
mod guard;
mod login_required;
mod options;
mod path;
mod public;
pub(crate) mod root;
mod route;
mod session;

pub(crate) use guard::Guard;
pub(crate) use login_required::LoginRequired;
pub(crate) use route::{Method, Route};
pub(crate) use session::SessionOptions;

use proc_macro2::{Span, TokenStream};

use crate::error::Errors;

/// Which of the function attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Method(Method),
    Route,
    LoginRequired,
    Guard,
    Public,
    CsrfExempt,
    Session,
}

/// An attribute as it stands on a function, its arguments not yet looked at.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) kind: Kind,
    /// The whole attribute.
    pub(crate) span: Span,
    pub(crate) args: TokenStream,
}

/// An attribute that was understood.
pub(crate) enum Written {
    Route(Route),
    LoginRequired(LoginRequired),
    Guards(Vec<Guard>),
    Public,
    CsrfExempt,
    Session(SessionOptions),
}

impl Kind {
    /// Every attribute, in the order of the documentation.
    pub(crate) const ALL: [Self; 14] = [
        Self::Method(Method::Get),
        Self::Method(Method::Post),
        Self::Method(Method::Put),
        Self::Method(Method::Patch),
        Self::Method(Method::Delete),
        Self::Method(Method::Head),
        Self::Method(Method::Options),
        Self::Method(Method::Any),
        Self::Route,
        Self::LoginRequired,
        Self::Guard,
        Self::Public,
        Self::CsrfExempt,
        Self::Session,
    ];

    /// The name under which the runtime exports it; a user may have renamed it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Method(method) => method.attribute(),
            Self::Route => "route",
            Self::LoginRequired => "login_required",
            Self::Guard => "guard",
            Self::Public => "public",
            Self::CsrfExempt => "csrf_exempt",
            Self::Session => "session",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the function needs a gate for it: something has to happen before the handler runs.
    pub(crate) fn needs_gate(self) -> bool {
        match self {
            Self::LoginRequired | Self::Guard | Self::Session => true,
            Self::Method(_) | Self::Route | Self::Public | Self::CsrfExempt => false,
        }
    }
}

impl Said {
    /// Reads the arguments; what cannot be understood is reported and left out.
    pub(crate) fn read(self, errors: &mut Errors) -> Written {
        let span = self.span;
        let route =
            |read: Option<Route>| Written::Route(read.unwrap_or_else(|| Route::refused(span)));
        match self.kind {
            Kind::Method(method) => route(route::read_method(method, self, errors)),
            Kind::Route => route(route::read(self, errors)),
            // What is unclear inside a guard must not take the guard away.
            Kind::LoginRequired => Written::LoginRequired(login_required::read(self, errors)),
            Kind::Guard => Written::Guards(guard::read(self, errors)),
            Kind::Public => {
                public::read(self, errors);
                Written::Public
            }
            Kind::CsrfExempt => {
                csrf_exempt::read(self, errors);
                Written::CsrfExempt
            }
            Kind::Session => Written::Session(session::read(self, errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
    }
}
