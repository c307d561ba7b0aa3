//! The cookie on its way in and out.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};

#[derive(Clone)]
pub(crate) struct SetCookie {
    name: String,
}

impl SetCookie {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
        }
    }
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
    pub(crate) fn set(&self, value: &str, _expires: Option<u64>) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}={value}; Path=/", self.name)).ok()
    }
    pub(crate) fn remove(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; Max-Age=0; Path=/", self.name)).ok()
    }
}

pub(crate) fn values<'h>(
    headers: &'h HeaderMap,
    name: &'h str,
) -> impl Iterator<Item = Cow<'h, str>> {
    headers
        .get_all("cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split("; "))
        .filter_map(move |c| c.strip_prefix(name)?.strip_prefix('=').map(Cow::Borrowed))
}
