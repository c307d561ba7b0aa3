//! What a session is: what was loaded (`Snapshot`), what this request changed (`Delta`), and [`Session`], the handle on
//! both that handlers hold.
//!
//! This floor knows how values are typed and kept. It must not know where a session comes from or goes to: no HTTP, no
//! cookie, no store.

mod creation;
mod delta;
mod error;
mod format;
mod handle;
mod key;
mod members;
mod name;
mod one_line;
mod origin;
mod permanence;
mod protection;
mod python;
mod raw;
mod read_only;
mod recall;
mod reserved;
mod snapshot;
mod text;
pub(crate) mod tree;

pub use error::{Result, SessionError};
pub use handle::Session;
pub use key::{AsKey, Key};
pub use protection::SessionProtection;
pub use read_only::{ReadOnly, ReadOnlySession};

pub(crate) use creation::{created, note_creation};
pub(crate) use delta::Delta;
pub(crate) use format::{Format, Members, PlainJson, Written, append_object};
pub(crate) use handle::{Brought, Closed, HandlerName, Lent, Named, Notes, Settings, is_of_login};
pub(crate) use one_line::OneLine;
pub(crate) use origin::{Asking, Origin, Taking};
pub(crate) use permanence::Permanence;
pub(crate) use raw::{spelled, unserializable};
pub(crate) use recall::{Recall, RememberOrder, Remembered};
pub(crate) use reserved::{FRESH, RESERVED, is_reserved, is_same};
pub(crate) use snapshot::{Saved, Snapshot};
pub(crate) use text::Text;
