//! The table for other programs. [`RouteTable`]'s documentation names the fields; they are a promise.

use serde::{Deserialize, Serialize, Serializer};

use super::type_name::without_std;
use super::{Route, RouteTable};
use crate::gate::{KeyUse, Options};

impl Serialize for RouteTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Table {
            routes: Vec<Route>,
        }
        let routes = self.routes().collect();
        Table { routes }.serialize(serializer)
    }
}

impl Serialize for Route {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'r> {
            method: &'r str,
            path: &'r str,
            handler: &'r str,
            module: &'r str,
            file: &'r str,
            line: u32,
            guards: Vec<String>,
            public: bool,
            csrf_exempt: bool,
            keys: Vec<KeyRecord>,
            takes_session: bool,
            options: OptionsRecord,
        }
        let (file, line) = self.place();
        Line {
            method: self.method(),
            path: self.path(),
            handler: self.handler(),
            module: self.module(),
            file,
            line,
            guards: self.guards().collect(),
            public: self.is_public(),
            csrf_exempt: self.is_csrf_exempt(),
            keys: self.keys().iter().map(KeyRecord::from).collect(),
            takes_session: self.takes_session(),
            options: self.session_options().into(),
        }
        .serialize(serializer)
    }
}

/// A [`KeyUse`] in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct KeyRecord {
    pub(in crate::routes) name: String,
    pub(in crate::routes) access: String,
    pub(in crate::routes) r#type: String,
}

impl From<&KeyUse> for KeyRecord {
    fn from(key: &KeyUse) -> Self {
        Self {
            name: key.name().to_owned(),
            access: key.access().to_string(),
            r#type: without_std(key.type_name()),
        }
    }
}

/// [`Options`] in a file: only what was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::routes) struct OptionsRecord {
    #[serde(skip_serializing_if = "is_unsaid")]
    pub(in crate::routes) permanent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::routes) lifetime: Option<u64>,
    #[serde(skip_serializing_if = "is_unsaid")]
    pub(in crate::routes) renew: bool,
    #[serde(skip_serializing_if = "is_unsaid")]
    pub(in crate::routes) clear: bool,
    #[serde(skip_serializing_if = "is_unsaid")]
    pub(in crate::routes) read_only: bool,
    #[serde(skip_serializing_if = "is_unsaid")]
    pub(in crate::routes) lock: bool,
}

impl From<&Options> for OptionsRecord {
    fn from(options: &Options) -> Self {
        Self {
            permanent: options.permanent,
            lifetime: options.lifetime.map(|lifetime| lifetime.as_secs()),
            renew: options.renew,
            clear: options.clear,
            read_only: options.read_only,
            lock: options.lock,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_unsaid(flag: &bool) -> bool {
    !*flag
}
