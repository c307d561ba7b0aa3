//! What changed between two contracts, as sentences for whoever reviews it.

use std::collections::BTreeSet;

use super::record::{File, Record};
use crate::routes::table::{KeyRecord, OptionsRecord};

/// What a reviewer reads, what opens a route first.
pub(super) fn changes(accepted: &File, now: &File) -> Vec<String> {
    let (before, after) = (accepted.by_place(), now.by_place());
    let mut weighty = Vec::new();
    let mut others = Vec::new();
    let places: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for place @ (path, method) in places {
        let mut said = match (before.get(place), after.get(place)) {
            (Some(before), Some(after)) => Changes::between(before, after),
            (None, Some(after)) => Changes::added(after),
            (Some(_), None) => Changes {
                weighty: Vec::new(),
                others: vec!["is gone".to_owned()],
            },
            (None, None) => continue,
        };
        let line = |said: String| format!("{method} {path} {said}");
        weighty.extend(said.weighty.drain(..).map(line));
        others.extend(said.others.drain(..).map(line));
    }
    weighty.append(&mut others);
    weighty
}

/// What changed at one route; what lets more requests through is weighty.
#[derive(Default)]
struct Changes {
    weighty: Vec<String>,
    others: Vec<String>,
}

impl Changes {
    fn added(route: &Record) -> Self {
        let mut said = vec![format!("is new: {}", route.access())];
        said.extend(
            route
                .keys
                .iter()
                .map(|key| format!("{} {}", verb(key), typed(key))),
        );
        let unsaid = Record {
            csrf_exempt: false,
            takes_session: false,
            options: OptionsRecord::default(),
            ..route.clone()
        };
        let rest = Self::between(&unsaid, route);
        said.extend(rest.weighty.into_iter().chain(rest.others));
        let said = vec![said.join(", ")];
        if route.is_guarded() {
            Self {
                others: said,
                ..Self::default()
            }
        } else {
            Self {
                weighty: said,
                ..Self::default()
            }
        }
    }

    fn between(before: &Record, after: &Record) -> Self {
        let mut said = Self::default();
        said.access(before, after);
        if before.handler != after.handler {
            said.others.push(format!(
                "is now served by `{}`, no longer by `{}`",
                after.handler, before.handler
            ));
        }
        said.keys(&before.keys, &after.keys);
        said.flag(
            before.takes_session,
            after.takes_session,
            "now takes the whole `Session`",
            "no longer takes the whole `Session`",
        );
        said.options(&before.options, &after.options);
        said
    }

    fn access(&mut self, before: &Record, after: &Record) {
        let (was, is) = (before.access(), after.access());
        if was != is {
            let sentence = format!("is now {is}; it was {was}");
            // To lose one of two guards opens it too.
            let lost = before
                .guards
                .iter()
                .any(|guard| !after.guards.contains(guard));
            if lost || !after.is_guarded() {
                self.weighty.push(sentence);
            } else {
                self.others.push(sentence);
            }
        } else if before.public != after.public {
            // Beside a guard it says nothing.
            let word = if after.public { "now" } else { "no longer" };
            self.others.push(format!("is {word} said to be public"));
        }
        match (before.csrf_exempt, after.csrf_exempt) {
            (false, true) => self.weighty.push("now says `#[csrf_exempt]`".to_owned()),
            (true, false) => self
                .others
                .push("no longer says `#[csrf_exempt]`".to_owned()),
            _ => {}
        }
    }

    fn keys(&mut self, before: &[KeyRecord], after: &[KeyRecord]) {
        let find = |keys: &[KeyRecord], key: &KeyRecord| {
            keys.iter().find(|other| other.name == key.name).cloned()
        };
        for key in before {
            match find(after, key) {
                None => self
                    .others
                    .push(format!("no longer {} `{}`", verb(key), key.name)),
                Some(now) if now.access != key.access => self.others.push(format!(
                    "now {} {}; it did {} it",
                    verb(&now),
                    typed(&now),
                    key.access
                )),
                Some(now) if now.r#type != key.r#type => self.others.push(format!(
                    "now {} `{}` as {}; it was {}",
                    verb(&now),
                    now.name,
                    now.r#type,
                    key.r#type
                )),
                Some(_) => {}
            }
        }
        for key in after {
            if find(before, key).is_none() {
                self.others
                    .push(format!("now {} {}", verb(key), typed(key)));
            }
        }
    }

    fn flag(&mut self, was: bool, is: bool, now: &str, no_longer: &str) {
        if was != is {
            let sentence = if is { now } else { no_longer };
            self.others.push(sentence.to_owned());
        }
    }

    fn options(&mut self, before: &OptionsRecord, after: &OptionsRecord) {
        self.flag(
            before.permanent,
            after.permanent,
            "now makes the session permanent",
            "no longer makes the session permanent",
        );
        self.flag(
            before.renew,
            after.renew,
            "now renews the session",
            "no longer renews the session",
        );
        self.flag(
            before.clear,
            after.clear,
            "now clears the session",
            "no longer clears the session",
        );
        self.flag(
            before.read_only,
            after.read_only,
            "is now read-only",
            "is no longer read-only",
        );
        self.flag(
            before.lock,
            after.lock,
            "now locks the session",
            "no longer locks the session",
        );
        match (before.lifetime, after.lifetime) {
            (was, Some(is)) if was != Some(is) => self
                .others
                .push(format!("now gives the session {is} s to live")),
            (Some(_), None) => self
                .others
                .push("no longer gives the session a lifetime of its own".to_owned()),
            _ => {}
        }
    }
}

/// `reads`, and so on, of `read`.
fn verb(key: &KeyRecord) -> String {
    format!("{}s", key.access)
}

fn typed(key: &KeyRecord) -> String {
    format!("`{}`: {}", key.name, key.r#type)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A route that differs from a plain one in these fields.
    fn route(method: &str, path: &str, fields: Value) -> Record {
        let mut record = json!({
            "method": method, "path": path, "handler": "shop::handler", "guards": [], "public": true,
            "csrf_exempt": false, "keys": [], "takes_session": false, "options": {},
        });
        for (name, value) in fields.as_object().unwrap() {
            record[name] = value.clone();
        }
        serde_json::from_value(record).unwrap()
    }

    fn key(name: &str, access: &str, r#type: &str) -> Value {
        json!([{"name": name, "access": access, "type": r#type}])
    }

    fn differences(before: Vec<Record>, after: Vec<Record>) -> Vec<String> {
        changes(&File { routes: before }, &File { routes: after })
    }

    /// The differences of one route, without its address.
    fn of_one(before: Value, after: Value) -> Vec<String> {
        let [before, after] = [before, after].map(|fields| vec![route("GET", "/a", fields)]);
        let said = differences(before, after).into_iter();
        said.map(|line| line.strip_prefix("GET /a ").unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_same_routes_in_another_order_are_no_difference() {
        let [a, b] = ["/a", "/b"].map(|path| route("GET", path, json!({})));
        assert!(differences(vec![a.clone(), b.clone()], vec![b, a]).is_empty());
    }

    #[test]
    fn what_opens_a_route_is_said_first() {
        let before = vec![
            route("GET", "/a", json!({"guards": ["login"], "public": false})),
            route("GET", "/b", json!({})),
            route(
                "POST",
                "/c",
                json!({"keys": key("notice", "read", "String")}),
            ),
            route("GET", "/z", json!({"guards": ["login"]})),
        ];
        let after = vec![
            route(
                "GET",
                "/a",
                json!({"guards": ["login (/in)"], "keys": key("x", "set", "u8")}),
            ),
            route("POST", "/c", json!({})),
            route(
                "DELETE",
                "/n",
                json!({"public": false, "csrf_exempt": true, "keys": key("x", "update", "u8"), "options": {"renew": true}}),
            ),
            route("GET", "/z", json!({"public": false})),
        ];
        assert_eq!(
            differences(before, after),
            [
                "GET /a is now guarded by login (/in); it was guarded by login",
                "DELETE /n is new: open, updates `x`: u8, now says `#[csrf_exempt]`, now renews the session",
                "GET /z is now open; it was guarded by login",
                "GET /a now sets `x`: u8",
                "GET /b is gone",
                "POST /c no longer reads `notice`",
            ]
        );
    }

    #[test]
    fn each_field_that_changes_is_a_sentence() {
        let guarded = |guards: &[&str]| json!({"guards": guards, "public": false});
        let cases = [
            (
                guarded(&["login"]),
                json!({}),
                "is now public; it was guarded by login",
            ),
            (
                guarded(&[]),
                guarded(&["login"]),
                "is now guarded by login; it was open",
            ),
            (
                guarded(&["login", "IsOwner"]),
                guarded(&["login"]),
                "is now guarded by login; it was guarded by login and IsOwner",
            ),
            (
                guarded(&["login"]),
                json!({"guards": ["login"], "public": true}),
                "is now said to be public",
            ),
            (
                json!({}),
                json!({"handler": "shop::other"}),
                "is now served by `shop::other`, no longer by `shop::handler`",
            ),
            (
                json!({"csrf_exempt": true}),
                json!({}),
                "no longer says `#[csrf_exempt]`",
            ),
            (
                json!({"keys": key("k", "set", "u8")}),
                json!({"keys": key("k", "pop", "u8")}),
                "now pops `k`: u8; it did set it",
            ),
            (
                json!({"keys": key("k", "read", "u8")}),
                json!({"keys": key("k", "read", "String")}),
                "now reads `k` as String; it was u8",
            ),
            (
                json!({"options": {"permanent": true}}),
                json!({}),
                "no longer makes the session permanent",
            ),
            (
                json!({"options": {"lifetime": 60}}),
                json!({"options": {"lifetime": 90}}),
                "now gives the session 90 s to live",
            ),
            (
                json!({"options": {"lifetime": 60}}),
                json!({}),
                "no longer gives the session a lifetime of its own",
            ),
            (
                json!({}),
                json!({"options": {"clear": true}}),
                "now clears the session",
            ),
            (
                json!({}),
                json!({"takes_session": true}),
                "now takes the whole `Session`",
            ),
            (
                json!({}),
                json!({"options": {"read_only": true}}),
                "is now read-only",
            ),
        ];
        for (before, after, sentence) in cases {
            assert_eq!(of_one(before, after), [sentence]);
        }
    }
}
