//! What only an application beside Flask needs: values that JSON does not have, flashed messages, and the tokens and
//! digests of Flask-Login and Flask-WTF.
//!
//! Flask writes a value that JSON does not have as an object of one key, a *tag*. With
//! [`SessionConfig::flask`](crate::SessionConfig::flask) the session reads tags as what they mean, and what is set through
//! [`Session::set`](crate::Session::set) is written so that Flask reads the same data:
//!
//! | in Flask | in the cookie | read here as |
//! | --- | --- | --- |
//! | `(1, "a")` | `{" t":[1,"a"]}` | a list or tuple: `(u32, String)`, `Vec<T>` |
//! | `b"\xff"` | `{" b":"/w=="}` | a list of bytes: `Vec<u8>` |
//! | `Markup("<b>")` | `{" m":"<b>"}` | its text |
//! | `UUID(int=1)` | `{" u":"00…01"}` | its text, `00000000-0000-0000-0000-000000000001` |
//! | a `datetime` | `{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}` | that text, or null if it is no date |
//! | `{" t": 1}` | `{" di":{" t__":1}}` | the object, `{" t": 1}` |
//!
//! What nobody touches stays as Flask wrote it. A program that wants Flask to find a tuple, bytes or the like makes a
//! [`Value`] and gives it to [`set`]. A tag that Flask answers with a 500, or whose content no signer writes (markup of a
//! list), makes the whole session an empty one, as a bad signature does.
//!
//! ```
//! use session_runtime::{flask, prelude::*};
//!
//! #[post("/save")]
//! async fn save(session: Session) -> Result<&'static str> {
//!     flask::set(&session, "position", flask::Value::tuple([3.into(), 4.into()]))?;
//!     flask::flash(&session, "saved", "info")?;
//!     Ok("saved")
//! }
//! ```
//!
//! Logins are shared with Flask-Login where [`SessionConfig::flask_login`](crate::SessionConfig::flask_login) says so;
//! [`RememberSigner`] and [`identifier`] are what it is made of. [`CsrfTokens`] are Flask-WTF's.
//!
//! This floor stands on the session's and on signing, and knows nothing of cookies, stores or HTTP.

mod base64;
mod csrf;
mod date;
mod flash;
mod format;
mod identifier;
mod remember;
mod spelling;
mod tag;
mod value;

pub use crate::session::SessionProtection;
pub use csrf::{CsrfError, CsrfTokens};
pub use flash::{flash, flashes};
pub use identifier::identifier;
pub use remember::{NotLatin1, RememberSigner};
pub use value::{Value, set};

pub(crate) use format::TaggedJson;
