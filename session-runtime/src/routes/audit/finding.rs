//! What an audit finds: each kind with what a program may ask of it, a name, and a sentence.

use std::borrow::Cow;
use std::fmt;

use crate::routes::table::Route;

/// Something in a route table that is seldom meant. Shown as text it is a sentence with the mend.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Finding {
    /// A key is read, and no route writes it.
    NeverWritten {
        /// The key.
        key: &'static str,
        /// The routes that read it.
        readers: Vec<Route>,
        /// A key that a route writes and whose name is one slip away.
        meant: Option<&'static str>,
        /// The routes that take the whole `Session`, and may write it at run time.
        perhaps: Vec<Route>,
    },
    /// A key is written, and no route reads it.
    NeverRead {
        /// The key.
        key: &'static str,
        /// The routes that write it.
        writers: Vec<Route>,
        /// A key that a route reads and whose name is one slip away.
        meant: Option<&'static str>,
        /// The routes that take the whole `Session`, and may read it at run time.
        perhaps: Vec<Route>,
    },
    /// A `GET` changes the session: it writes or updates a key, logs out, or clears it. Browsers fetch such pages ahead of
    /// time, and any site can make them do so.
    GetWrites {
        /// The route, which is a `GET` or answers every method.
        route: Route,
        /// The keys that it changes; none where it clears the session.
        keys: Vec<&'static str>,
    },
    /// A `HEAD` has changes to the session, which are dropped.
    HeadWrites {
        /// The route.
        route: Route,
        /// The keys that it would change.
        keys: Vec<&'static str>,
    },
    /// Anyone can call an unsafe method, such as `POST`, and nothing says that this is meant.
    OpenUnsafe {
        /// The route.
        route: Route,
    },
    /// Routes want somebody who is logged in, and nobody can log in: no route writes the login key, and no login page is
    /// named, neither at the guard nor here.
    NoLogin {
        /// The login key.
        key: Cow<'static, str>,
        /// The routes.
        guarded: Vec<Route>,
    },
    /// What [`Audit::allow`](crate::Audit::allow) names is no finding any more.
    NothingToAllow {
        /// The name that it was given.
        name: Cow<'static, str>,
    },
}

impl Finding {
    /// What [`Audit::allow`](crate::Audit::allow) calls it: a word, and the key or the route.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::NeverWritten { key, .. } => format!("never_written {key}"),
            Self::NeverRead { key, .. } => format!("never_read {key}"),
            Self::GetWrites { route, .. } => format!("get_writes {}", address(route)),
            Self::HeadWrites { route, .. } => format!("head_writes {}", address(route)),
            Self::OpenUnsafe { route } => format!("open_unsafe {}", address(route)),
            Self::NoLogin { key, .. } => format!("no_login {key}"),
            Self::NothingToAllow { name } => format!("nothing_to_allow {name}"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverWritten {
                key,
                readers,
                meant,
                perhaps,
            } => write!(
                f,
                "`{key}` is read by {} and written by no route; {}write it with `#[session(set)]` or `&mut`, or mend the key's name{}",
                handlers(readers),
                did_you_mean(*meant, "written"),
                unless(perhaps, "write")
            ),
            Self::NeverRead {
                key,
                writers,
                meant,
                perhaps,
            } => write!(
                f,
                "`{key}` is written by {} and read by no route; {}read it with `#[session]`, or do not write it, or mend the key's name{}",
                handlers(writers),
                did_you_mean(*meant, "read"),
                unless(perhaps, "read")
            ),
            Self::GetWrites { route, keys } => {
                let also = if route.method() == "ANY" {
                    "answers GET too and "
                } else {
                    ""
                };
                write!(
                    f,
                    "{}, {}, {also}changes {}, and browsers fetch a GET ahead of time or for another site; make it a POST",
                    address(route),
                    handler(route),
                    changed(keys)
                )
            }
            Self::HeadWrites { route, keys } => write!(
                f,
                "{}, {}, changes {}, and changes of a HEAD are dropped; only read here",
                address(route),
                handler(route),
                changed(keys)
            ),
            Self::OpenUnsafe { route } => write!(
                f,
                "{}, {}, can be called by anyone; guard it with `#[login_required]`, or say `#[public]`",
                address(route),
                handler(route)
            ),
            Self::NoLogin { key, guarded } => write!(
                f,
                "{} {} a login, and no route writes the login key `{key}`; write it with `#[session(set)]` where somebody logs in, or say `Audit::has_login_page` if that is elsewhere",
                handlers(guarded),
                if guarded.len() == 1 { "wants" } else { "want" }
            ),
            Self::NothingToAllow { name } => write!(
                f,
                "`{name}` is allowed and is no finding; remove the `allow`, or mend its text"
            ),
        }
    }
}

fn address(route: &Route) -> String {
    format!("{} {}", route.method(), route.path())
}

fn handler(route: &Route) -> String {
    let (file, line) = route.place();
    format!("`{}` ({file}:{line})", route.qualified_handler())
}

/// The first of them, and how many more there are.
fn handlers(routes: &[Route]) -> String {
    match routes {
        [] => "nobody".to_owned(),
        [one] => handler(one),
        [one, other] => format!("{} and {}", handler(one), handler(other)),
        [one, rest @ ..] => format!("{} and {} others", handler(one), rest.len()),
    }
}

fn did_you_mean(meant: Option<&str>, is: &str) -> String {
    meant.map_or_else(String::new, |meant| {
        format!("did you mean `{meant}`, which is {is}? If not, ")
    })
}

/// What the table cannot know.
fn unless(perhaps: &[Route], does: &str) -> String {
    let (does, whose) = match perhaps {
        [] => return String::new(),
        [_] => (format!("{does}s"), "its"),
        _ => (does.to_owned(), "their"),
    };
    format!(
        "; if {} {does} it through {whose} `Session`, allow this",
        handlers(perhaps)
    )
}

fn changed(keys: &[&str]) -> String {
    match keys {
        [] => "the whole session".to_owned(),
        keys => {
            let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
            keys.join(" and ")
        }
    }
}
