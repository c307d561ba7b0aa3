//! Who is measured: a file each, which does the work of all columns in its own way, and is listed here.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /untouched` | `untouched`; the session is not looked at |
//! | `GET /read` | the number under `user_id`, or `nobody` |
//! | `POST /change` | the number under `visits`, counted up by one and stored |
//! | `POST /login` | `welcome`; [`LOGGED_IN`](crate::data::LOGGED_IN) is stored under `user_id` |
//! | `POST /fill/small`, `POST /fill/big` | anything; all of [`small`](crate::data::small) or [`big`](crate::data::big) is stored |

mod actix_alone;
mod actix_session;
mod axum_alone;
mod axum_extra;
mod empty_layer;
mod hand_written;
mod hand_written_in_full;
mod this_project;
mod tower_sessions;
mod tower_sessions_cookie_store;

use crate::app::App;

/// Everybody, in the table's order.
pub(crate) const ALL: &[Contender] = &[
    axum_alone::CONTENDER,
    actix_alone::CONTENDER,
    empty_layer::CONTENDER,
    hand_written::CONTENDER,
    hand_written_in_full::CONTENDER,
    this_project::CONTENDER,
    axum_extra::CONTENDER,
    tower_sessions_cookie_store::CONTENDER,
    actix_session::CONTENDER,
    tower_sessions::CONTENDER,
];

/// One row of the table.
pub(crate) struct Contender {
    /// As `--contenders` takes it.
    pub(crate) id: &'static str,
    /// As the table shows it.
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    /// The `id` of the same application without sessions.
    pub(crate) base_line: &'static str,
    pub(crate) app: fn() -> Box<dyn App>,
}

/// What a row is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The same routes without sessions: what all others are counted from.
    BaseLine,
    /// The first half of the reference: what any layer costs.
    EmptyLayer,
    /// The second half of the reference: what the work itself costs.
    HandWritten,
    /// The same with the duties of a library: how much of a distance is duty.
    HandWrittenInFull,
    ThisProject,
    /// Keeps sessions in the cookie, as this project does.
    CookiePeer,
    /// Keeps sessions on the server, and only their ids in the cookie.
    StorePeer,
}

impl Role {
    /// Whether there are sessions to prove anything about.
    pub(crate) const fn has_sessions(self) -> bool {
        !matches!(self, Self::BaseLine | Self::EmptyLayer)
    }

    /// Whether what this project promises of an answer is proved too.
    pub(crate) const fn has_duties(self) -> bool {
        matches!(self, Self::HandWrittenInFull | Self::ThisProject)
    }
}
