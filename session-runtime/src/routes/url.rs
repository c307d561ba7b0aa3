//! Addresses of handlers: a path of a route with its parameters filled in, and a query of what is left over.
//!
//! What a handler's path needs is checked when the program is compiled. This knows paths and tables; which table belongs
//! to a request is for `lookup` to find.

use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::routes::Routes;
use super::sentence::Sentence;
use super::table::{RouteTable, joined};
use crate::gate::{Contract, Declaration, Info, RouteInfo};
use crate::layer::NOT_UNRESERVED;
use crate::session::is_same;

/// Why there is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The handler is in none of the routes.
    #[error(
        "`{handler}` has no address: it is not among these routes; add it to their `routes![]`"
    )]
    NotRouted {
        /// The handler's name.
        handler: &'static str,
    },
    /// The path needs a parameter that was not given.
    #[error(
        "`{handler}` needs `{parameter}` for its address {path}; give it as `{parameter} = ..`"
    )]
    MissingParameter {
        /// The handler's name.
        handler: &'static str,
        /// The parameter's name in the path.
        parameter: String,
        /// The path in axum's syntax.
        path: String,
    },
    /// Several routers of this process have the handler in different places, and no request says which is meant.
    #[error(
        "`{handler}` has several addresses in this process, {first} and {second}, and no request says which is meant; ask one of them: `routes.url_for::<{handler}>(..)`"
    )]
    Several {
        /// The handler's name.
        handler: &'static str,
        /// One path, in axum's syntax.
        first: String,
        /// Another.
        second: String,
    },
}

impl RouteTable {
    /// The address of a handler under these routes, for jobs and mails: `url_for!` where no request is being served, and as a
    /// `Result`.
    ///
    /// `values` are the path's parameters by their names; a name that the path does not have goes into the query. All are
    /// percent-encoded, and whatever they are, the address is one on this site. The handler gets each value as it was, but
    /// for two that a path cannot say: an empty one, whose address may have no route, and `.` or `..` as a whole segment,
    /// which browsers take out before they ask. Of several routes of one handler it is the first. A prefix that the router
    /// gets by [`axum::Router::nest`] is not known here, nor is the host, which a mail has to put in front.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/users/{id}")]
    /// async fn user(axum::extract::Path(id): axum::extract::Path<u32>) {}
    ///
    /// let routes: Routes = routes![user];
    /// let table = routes.table();
    /// assert_eq!(table.url_for::<user>(&[("id", &5), ("tab", &"my files")])?, "/users/5?tab=my%20files");
    /// assert!(table.url_for::<user>(&[]).is_err());
    /// # Ok::<(), session_runtime::UrlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The handler is not among the routes, or a parameter of its path is not among the values.
    pub fn url_for<C: Contract>(
        &self,
        values: &[(&str, &dyn fmt::Display)],
    ) -> Result<String, UrlError> {
        let path = self.path_of::<C>().ok_or(UrlError::NotRouted {
            handler: C::INFO.name(),
        })?;
        fill(C::INFO.name(), "", &path, values)
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// The address of a handler under these routes, as [`RouteTable::url_for`] gives it. A job that outlives the routes keeps
    /// their [`table`](Self::table), which is cheap to clone.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/invitations/{code}")]
    /// async fn invitation() {}
    ///
    /// let routes: Routes = routes![invitation];
    /// let address = routes.url_for::<invitation>(&[("code", &"a b")])?;
    /// let mail = format!("Come and see: https://cookbook.example{address}");
    /// assert!(mail.ends_with("/invitations/a%20b"));
    /// # Ok::<(), session_runtime::UrlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RouteTable::url_for`].
    pub fn url_for<C: Contract>(
        &self,
        values: &[(&str, &dyn fmt::Display)],
    ) -> Result<String, UrlError> {
        self.table().url_for::<C>(values)
    }
}

/// The path with its parameters filled in, under the place where the router itself is mounted.
pub(super) fn fill(
    handler: &'static str,
    mount: &str,
    path: &str,
    values: &[(&str, &dyn fmt::Display)],
) -> Result<String, UrlError> {
    // The mount is text of a request's address, not a pattern: a brace in it stands for itself.
    let mut address = String::with_capacity(mount.len() + path.len() + 16);
    let below = if mount.is_empty() {
        path
    } else {
        path.strip_prefix('/')
            .map_or(path, |rest| if rest.is_empty() { "" } else { path })
    };
    let mount = mount
        .strip_suffix('/')
        .filter(|_| !below.is_empty())
        .unwrap_or(mount);
    address.extend(utf8_percent_encode(mount, IN_MOUNT));
    let mut used = vec![false; values.len()];
    for piece in Pieces(below) {
        let name = match piece {
            Piece::Text(text) => {
                address.push_str(text);
                continue;
            }
            Piece::Parameter(name) => name,
        };
        let (wanted, keep) = match name.strip_prefix('*') {
            Some(rest) => (rest, IN_PATH),
            None => (name, NOT_UNRESERVED),
        };
        let at = values
            .iter()
            .position(|(given, _)| *given == wanted)
            .ok_or_else(|| UrlError::MissingParameter {
                handler,
                parameter: wanted.to_owned(),
                path: joined(mount, path),
            })?;
        encode(&mut address, values[at].1, keep);
        used[at] = true;
    }
    let mut separator = '?';
    for ((name, value), _) in values.iter().zip(used).filter(|(_, used)| !used) {
        address.push(separator);
        separator = '&';
        encode(&mut address, name, NOT_UNRESERVED);
        address.push('=');
        encode(&mut address, value, NOT_UNRESERVED);
    }
    Ok(on_this_site(address))
}

/// A browser reads `//host` and `/\host` as another site's address. A value that is empty or begins with a slash, or a
/// mount that is text of the request, must not make one of a path.
fn on_this_site(mut address: String) -> String {
    let encoded = match address.as_bytes() {
        [b'/', b'/', ..] => "%2F",
        [b'/', b'\\', ..] => "%5C",
        _ => return address,
    };
    address.replace_range(1..2, encoded);
    address
}

/// A path in axum's syntax, in pieces. `{{` and `}}` are braces that stand for themselves.
struct Pieces<'p>(&'p str);

enum Piece<'p> {
    Text(&'p str),
    Parameter(&'p str),
}

impl<'p> Iterator for Pieces<'p> {
    type Item = Piece<'p>;

    fn next(&mut self) -> Option<Piece<'p>> {
        let path = self.0;
        if path.is_empty() {
            return None;
        }
        for (braces, shown) in [("{{", "{"), ("}}", "}")] {
            if let Some(rest) = path.strip_prefix(braces) {
                self.0 = rest;
                return Some(Piece::Text(shown));
            }
        }
        if let Some(rest) = path.strip_prefix('{')
            && let Some((name, rest)) = rest.split_once('}')
        {
            self.0 = rest;
            return Some(Piece::Parameter(name));
        }
        // At least one byte, which may be a brace that closes nothing.
        let end = path
            .char_indices()
            .skip(1)
            .find(|(_, c)| matches!(c, '{' | '}'))
            .map_or(path.len(), |(at, _)| at);
        let (text, rest) = path.split_at(end);
        self.0 = rest;
        Some(Piece::Text(text))
    }
}

/// The rest of a path, which a wildcard takes, may have several segments.
const IN_PATH: &AsciiSet = &NOT_UNRESERVED.remove(b'/');

/// A mount is encoded already, as a client has written it, who need not be a browser. What a browser would have encoded, or
/// takes for a slash, is none the less, and so are both quotes: an address stands in them.
const IN_MOUNT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'`');

/// Appends a value, percent-encoded.
fn encode(into: &mut String, value: &(impl fmt::Display + ?Sized), encoded: &'static AsciiSet) {
    struct Encoded<'a>(&'a mut String, &'static AsciiSet);

    impl fmt::Write for Encoded<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.extend(utf8_percent_encode(text, self.1));
            Ok(())
        }
    }

    // A string takes everything; a `Display` that fails on its own has written what it could.
    _ = write!(Encoded(into, encoded), "{value}");
}

/// A value for `url_for!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in an address",
    label = "this value has no text to put into the address",
    note = "what stands in an address implements `std::fmt::Display`: implement it for `{Self}`, or give what is in it"
)]
pub trait UrlValue {
    #[doc(hidden)]
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> UrlValue for T {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}

/// A value as `url_for!` passes it on.
pub struct Shown<'v>(&'v dyn UrlValue);

/// Takes a value by reference. The bound is here, where only it can fail.
pub fn display<T: UrlValue>(value: &T) -> Shown<'_> {
    Shown(value)
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f)
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f)
    }
}

/// What `url_for!` has checked when the program is compiled: the handler has a route, and each parameter of its path is
/// given.
///
/// # Panics
///
/// If not, which the compiler shows as an error.
#[track_caller]
pub const fn check_url(info: &Info, given: &[&str]) {
    let sentence = Sentence::new().say("url_for!: `").say(info.name());
    let Some((RouteInfo { path, .. }, _)) = info.routes().split_first() else {
        sentence
            .say("` has no route; put `#[get(\"/path\")]` on it")
            .refuse();
    };
    let bytes = path.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'{' {
            at += 1;
            continue;
        }
        let mut start = at + 1;
        if start < bytes.len() && bytes[start] == b'{' {
            at += 2;
            continue;
        }
        if start < bytes.len() && bytes[start] == b'*' {
            start += 1;
        }
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'}' {
            end += 1;
        }
        let name = bytes.split_at(end).0.split_at(start).1;
        if !is_among(name, given) {
            let sentence = sentence
                .say("` needs `")
                .say_bytes(name)
                .say("` for its path \"")
                .say(path);
            sentence
                .say("\"; add `")
                .say_bytes(name)
                .say(" = ..`")
                .refuse();
        }
        at = end;
    }
}

const fn is_among(name: &[u8], given: &[&str]) -> bool {
    let mut at = 0;
    while at < given.len() {
        if is_same(name, given[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(path: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
        fill("h", "", path, values).unwrap()
    }

    #[test]
    fn parameters_fill_the_path_and_the_rest_is_query() {
        let address = filled(
            "/u/{id}/{tab}",
            &[("tab", &"a b"), ("x", &"1&2"), ("id", &7), ("ä", &true)],
        );
        assert_eq!(address, "/u/7/a%20b?x=1%262&%C3%A4=true");
    }

    #[test]
    fn a_value_stays_in_its_segment_unless_the_route_takes_the_rest_of_the_path() {
        assert_eq!(
            filled("/f/{name}", &[("name", &"a/b?c#d")]),
            "/f/a%2Fb%3Fc%23d"
        );
        assert_eq!(
            filled("/f/{*path}", &[("path", &"a/b c/ü")]),
            "/f/a/b%20c/%C3%BC"
        );
    }

    #[test]
    fn no_value_and_no_mount_makes_an_address_of_another_site() {
        let evil: &dyn fmt::Display = &"evil.example";
        assert_eq!(
            filled("/{a}/{b}", &[("a", &""), ("b", evil)]),
            "/%2Fevil.example"
        );
        for (rest, address) in [
            ("/evil.example", "/%2Fevil.example"),
            ("//evil.example", "/%2F/evil.example"),
            ("\\evil.example", "/%5Cevil.example"),
            ("\t/evil.example", "/%09/evil.example"),
        ] {
            assert_eq!(filled("/{*rest}", &[("rest", &rest)]), address);
        }
        for mount in ["//evil.example", "/\\evil.example"] {
            let address = fill("h", mount, "/x", &[]).unwrap();
            assert!(
                address.starts_with("/%") && address.ends_with("evil.example/x"),
                "{address}"
            );
        }
    }

    #[test]
    fn doubled_braces_stand_for_themselves() {
        assert_eq!(filled("/{{id}}/{id}", &[("id", &1)]), "/{id}/1");
    }

    #[test]
    fn a_missing_parameter_is_an_error_that_names_it() {
        let error = fill("user", "/app", "/u/{id}", &[("Id", &1)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`user` needs `id` for its address /app/u/{id}; give it as `id = ..`"
        );
    }

    #[test]
    fn a_mount_that_a_client_wrote_ends_no_attribute_and_is_a_path_for_any_client() {
        let under = |mount: &str| fill("h", mount, "/x", &[]).unwrap();
        for (mount, address) in [
            ("/'onload=x", "/%27onload=x/x"),
            ("/\"onload=x", "/%22onload=x/x"),
            ("/a\\b", "/a%5Cb/x"),
            ("/ü", "/%C3%BC/x"),
            ("/a%20b;c=d,e", "/a%20b;c=d,e/x"),
        ] {
            assert_eq!(under(mount), address);
        }
    }

    #[test]
    fn a_mount_is_joined_as_axum_joins_a_nest_and_is_no_pattern() {
        let under = |mount: &str, path: &str| fill("h", mount, path, &[]).unwrap();
        assert_eq!(under("/app", "/"), "/app");
        assert_eq!(under("/app", "/x"), "/app/x");
        assert_eq!(under("/app/", "/x"), "/app/x");
        assert_eq!(under("/app/", "/"), "/app/");
        assert_eq!(under("/{t}", "/x"), "/{t}/x");
    }
}
