//! The attributes that one response changes of the session's cookie.

use axum::response::{IntoResponseParts, ResponseParts};

use super::config::{ConfigError, CookieSettings, SameSite};

/// What one response says otherwise of the session's cookie than the configuration does.
///
/// A handler returns it in front of its answer. It counts where that response sets or deletes the cookie, and for that
/// response alone: the next one that sends the cookie says what the configuration says. The name, domain, path and partition
/// cannot be changed, since that would make another cookie.
///
/// ```
/// use session_runtime::prelude::*;
/// use session_runtime::{CookieAttributes, SameSite};
///
/// /// A page that other sites show in a frame; nowhere else does the cookie go with their requests.
/// #[get("/embedded")]
/// async fn embedded(#[session(set)] step: Slot<u32>) -> Result<(CookieAttributes, &'static str)> {
///     step.set(1)?;
///     let attributes = CookieAttributes::new().same_site(SameSite::None);
///     Ok((attributes, "step 1"))
/// }
/// # let _ = embedded;
/// ```
///
/// Attributes that contradict each other, such as `SameSite=None` without `Secure`, are a 500 that says so in the log, and
/// the session is not saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it does nothing until a handler returns it"]
pub struct CookieAttributes {
    secure: Option<bool>,
    http_only: Option<bool>,
    same_site: Option<Option<SameSite>>,
}

impl CookieAttributes {
    /// Those of the configuration.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the cookie goes over HTTPS only.
    pub fn secure(self, secure: bool) -> Self {
        Self {
            secure: Some(secure),
            ..self
        }
    }

    /// Whether scripts cannot read the cookie.
    pub fn http_only(self, http_only: bool) -> Self {
        Self {
            http_only: Some(http_only),
            ..self
        }
    }

    /// Which of another site's requests carry the cookie. `None::<SameSite>` leaves the attribute out.
    pub fn same_site(self, same_site: impl Into<Option<SameSite>>) -> Self {
        Self {
            same_site: Some(same_site.into()),
            ..self
        }
    }

    /// The settings with these attributes instead of their own.
    pub(super) fn of(&self, settings: &CookieSettings) -> Result<CookieSettings, ConfigError> {
        let mut changed = settings.clone().name(settings.resolved_name());
        if let Some(secure) = self.secure {
            changed = changed.secure(secure);
        }
        if let Some(http_only) = self.http_only {
            changed = changed.http_only(http_only);
        }
        if let Some(same_site) = self.same_site {
            changed = changed.same_site(same_site);
        }
        changed.check()?;
        Ok(changed)
    }
}

impl IntoResponseParts for CookieAttributes {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut response: ResponseParts,
    ) -> Result<ResponseParts, Self::Error> {
        response.extensions_mut().insert(self);
        Ok(response)
    }
}
