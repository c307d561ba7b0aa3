//! What stands in the file: routes as they are declared, sorted. Knows no file system.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::routes::table::{KeyRecord, OptionsRecord, Route, RouteTable};

/// What stands in the file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) routes: Vec<Record>,
}

/// One route in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) handler: String,
    pub(super) guards: Vec<String>,
    pub(super) public: bool,
    pub(super) csrf_exempt: bool,
    pub(super) keys: Vec<KeyRecord>,
    pub(super) takes_session: bool,
    pub(super) options: OptionsRecord,
}

impl File {
    pub(super) fn of(table: &RouteTable) -> Self {
        let mut routes: Vec<_> = table.routes().map(|route| Record::of(&route)).collect();
        routes.sort_by(|a, b| a.place().cmp(&b.place()));
        Self { routes }
    }

    pub(super) fn by_place(&self) -> BTreeMap<(&str, &str), &Record> {
        let records = self.routes.iter();
        records.map(|record| (record.place(), record)).collect()
    }
}

impl Record {
    pub(super) fn of(route: &Route) -> Self {
        let mut keys: Vec<_> = route.keys().iter().map(KeyRecord::from).collect();
        keys.sort();
        Self {
            method: route.method().to_owned(),
            path: route.path().to_owned(),
            handler: route.qualified_handler(),
            guards: route.guards().collect(),
            public: route.is_public(),
            csrf_exempt: route.is_csrf_exempt(),
            keys,
            takes_session: route.takes_session(),
            options: route.session_options().into(),
        }
    }

    pub(super) fn place(&self) -> (&str, &str) {
        (&self.path, &self.method)
    }

    /// Who may call it.
    pub(super) fn access(&self) -> String {
        if !self.guards.is_empty() {
            format!("guarded by {}", self.guards.join(" and "))
        } else if self.public {
            "public".to_owned()
        } else {
            "open".to_owned()
        }
    }

    pub(super) fn is_guarded(&self) -> bool {
        !self.guards.is_empty()
    }
}
