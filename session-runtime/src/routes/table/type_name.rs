//! Names of types, as people write them. `std::any::type_name` writes every path in full, and where in the standard library
//! a type stands changes with the compiler. Knows text only.

use crate::session::Session;

/// `alloc::vec::Vec<shop::Item>` as `Vec<shop::Item>`: stable from one compiler to the next, and still exact.
pub(in crate::routes) fn without_std(name: &str) -> String {
    map_paths(name, |path| {
        let std = ["alloc::", "core::", "std::"]
            .iter()
            .any(|start| path.starts_with(start));
        if std { last(path) } else { path }
    })
}

/// `alloc::vec::Vec<shop::Item>` as `Vec<Item>`.
pub(super) fn short(name: &str) -> String {
    map_paths(name, last)
}

/// Whether one of these parameters is a [`Session`]: a tuple of types that are not `Any`, so their names are compared.
pub(in crate::routes) fn takes_session<Parameters>() -> bool {
    let session = std::any::type_name::<Session>();
    std::any::type_name::<Parameters>()
        .trim_matches(['(', ')'])
        .split(',')
        .any(|parameter| parameter.trim() == session)
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn map_paths<'n>(name: &'n str, change: impl Fn(&'n str) -> &'n str) -> String {
    let in_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#');
    let mut mapped = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let path = rest.find(|c| !in_path(c)).unwrap_or(rest.len());
        mapped.push_str(change(&rest[..path]));
        rest = &rest[path..];
        let between = rest.find(in_path).unwrap_or(rest.len());
        mapped.push_str(&rest[..between]);
        rest = &rest[between..];
    }
    mapped
}

#[cfg(test)]
mod tests {
    use std::any::type_name;
    use std::collections::HashMap;

    use super::*;

    struct Größe;

    type Nested = HashMap<String, Vec<(Option<Größe>, [u8; 4], &'static str)>>;

    #[test]
    fn paths_of_the_standard_library_are_left_out_and_others_kept() {
        assert_eq!(
            without_std(type_name::<Nested>()),
            "HashMap<String, Vec<(Option<session_runtime::routes::table::type_name::tests::Größe>, [u8; 4], &str)>>"
        );
    }

    #[test]
    fn a_session_is_found_among_parameters_and_not_inside_another() {
        assert!(takes_session::<(u8, Session)>());
        assert!(takes_session::<(Session,)>());
        assert!(!takes_session::<(u8, Option<Session>)>());
        assert!(!takes_session::<()>());
    }

    #[test]
    fn a_short_name_has_no_paths() {
        assert_eq!(
            short(type_name::<Nested>()),
            "HashMap<String, Vec<(Option<Größe>, [u8; 4], &str)>>"
        );
        assert_eq!(short(""), "");
    }
}
