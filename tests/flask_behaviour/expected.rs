//! What a step has to give, so that it can be compared: cookies by their content, attributes and `Vary` as sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::differences::{Aspect, Sent};
use crate::recording::{SetCookie, Step};
use crate::tagged::{plain, rounded};

/// What came of one request, or what should.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub status: u16,
    pub results: Vec<Value>,
    pub cookies: Vec<Cookie>,
    pub vary: BTreeSet<String>,
    pub cache_control: Option<String>,
    pub location: Option<String>,
}

#[derive(Debug, PartialEq)]
pub struct Cookie {
    pub name: String,
    pub value: CookieValue,
    pub attributes: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq)]
pub enum CookieValue {
    /// Signed, now, over this.
    Signed(Value),
    Text(String),
}

impl Outcome {
    /// What Flask did.
    pub fn recorded(step: &Step, lifetime: u64) -> Self {
        let expires = date(step.request.now + lifetime);
        let cookies: Vec<_> = step
            .response
            .set_cookie
            .iter()
            .map(|cookie| Cookie::recorded(cookie, &expires))
            .collect();
        let mut outcome = Self {
            status: step.response.status,
            results: step
                .handler
                .results
                .iter()
                .map(|result| rounded(&plain(result)))
                .collect(),
            vary: names(step.response.vary.iter().map(String::as_str)),
            cache_control: step.response.cache_control.clone(),
            location: step.response.location.clone(),
            cookies,
        };
        outcome.forbid_storing();
        outcome
    }

    /// Has the difference instead of what Flask did. An error if it is none.
    pub fn differ(&mut self, aspect: &Aspect, session_cookie: &str) -> Result<(), String> {
        let same = match aspect {
            Aspect::Status(status) => replace(&mut self.status, *status),
            Aspect::Results(json) => {
                let results: Vec<Value> = serde_json::from_str(json).unwrap();
                replace(&mut self.results, results.iter().map(rounded).collect())
            }
            Aspect::Vary(vary) => replace(&mut self.vary, names(vary.iter().copied())),
            Aspect::Sends(sent) => {
                let session = self
                    .cookies
                    .iter()
                    .position(|cookie| cookie.is_signed() || cookie.is_deletion());
                let recorded = session.map(|at| self.cookies.remove(at));
                let ours = sent.payload().map(|payload| Cookie {
                    name: session_cookie.to_owned(),
                    value: CookieValue::Signed(payload),
                    attributes: match &recorded {
                        Some(recorded) if recorded.is_signed() => recorded.attributes.clone(),
                        _ => flasks_attributes(),
                    },
                });
                let same = recorded == ours;
                self.cookies.extend(ours);
                self.cache_control = None;
                self.forbid_storing();
                same
            }
        };
        if same {
            Err(format!("{aspect:?} is what Flask does, and no difference"))
        } else {
            Ok(())
        }
    }

    /// A response with a session's cookie is not for a cache, which Flask leaves to the application.
    fn forbid_storing(&mut self) {
        if self
            .cookies
            .iter()
            .any(|cookie| cookie.is_signed() || cookie.is_deletion())
        {
            self.cache_control = Some("no-store".to_owned());
        }
    }
}

impl Cookie {
    fn recorded(cookie: &SetCookie, expires: &str) -> Self {
        let attribute = |(name, value): &(String, Value)| {
            let value = match value.as_str() {
                Some("<NOW+LIFETIME>") => expires,
                Some(text) => text,
                None => "",
            };
            (name.clone(), value.to_owned())
        };
        let value = match &cookie.payload_text {
            Some(text) => CookieValue::Signed(serde_json::from_str(text).unwrap()),
            None => CookieValue::Text(cookie.value.clone()),
        };
        Self {
            name: cookie.name.clone(),
            value,
            attributes: cookie.attributes.iter().map(attribute).collect(),
        }
    }

    fn is_signed(&self) -> bool {
        matches!(self.value, CookieValue::Signed(_))
    }

    fn is_deletion(&self) -> bool {
        self.attributes.contains_key("Max-Age")
    }
}

impl Sent {
    fn payload(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Session(json) => Some(serde_json::from_str(json).unwrap()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} vary {:?} cache {:?} location {:?} cookies {:?}",
            self.status,
            Value::from(self.results.clone()),
            self.vary,
            self.cache_control,
            self.location,
            self.cookies
        )
    }
}

/// The names in the lines of a `Vary` header.
pub fn names<'a>(lines: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    lines
        .into_iter()
        .flat_map(|line| line.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect()
}

fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let same = *place == value;
    *place = value;
    same
}

fn flasks_attributes() -> BTreeMap<String, String> {
    let pairs = [("HttpOnly", ""), ("Path", "/")];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// As `Set-Cookie` writes a date.
fn date(unix_seconds: u64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(unix_seconds.try_into().unwrap()).unwrap();
    let (weekday, month) = (time.weekday().to_string(), time.month().to_string());
    format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        &weekday[..3],
        time.day(),
        &month[..3],
        time.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
