//! `application routes`: the table on the command line, as `flask routes` and `rails routes` have it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::RouteTable;
use crate::debug_as_display::debug_as_display;

/// Why the table could not be shown. Its `Debug` is the sentence too: that is what a `main` which returns it prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// `routes` is followed by something else than what it knows.
    #[error(
        "`routes {given}` is not known; there is `routes`, `routes --json` and `routes --svg FILE`"
    )]
    Unknown {
        /// What followed `routes`.
        given: String,
    },
    /// The file cannot be written.
    #[error("the picture cannot be written to {}: {error}; name a file in a folder that exists", .file.display())]
    File {
        /// The file that `--svg` named.
        file: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The standard output takes no more.
    #[error("the routes cannot be printed: {0}")]
    Output(#[from] io::Error),
}

debug_as_display!(CommandError);

impl RouteTable {
    /// Answers the command `routes` of an application's own command line; true if that is what the application was called
    /// with.
    ///
    /// | arguments | |
    /// | --- | --- |
    /// | `routes` | prints the table |
    /// | `routes --json` | prints it for other programs; [`RouteTable`] has the fields |
    /// | `routes --svg FILE` | draws it, see [`to_svg`](Self::to_svg) |
    ///
    /// `args` begins with the program's name, as [`std::env::args_os`] does. Arguments that do not begin with `routes` are
    /// the application's own business.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[get("/")]
    /// async fn index() {}
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let routes: Routes = routes![index];
    ///     if routes.table().command(std::env::args_os())? {
    ///         return Ok(());
    ///     }
    ///     // .. and serves.
    ///     # use session_runtime::RouteTable;
    ///     # assert!(!routes.table().command(["app"])?);
    ///     # assert!(routes.table().command(["app", "routes"])?);
    ///     Ok(())
    /// }
    /// # use std::result::Result;
    /// ```
    ///
    /// # Errors
    ///
    /// `routes` is followed by what is not in the list above, or the table cannot be printed or the file be written.
    pub fn command(
        &self,
        args: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Result<bool, CommandError> {
        let args: Vec<OsString> = args.into_iter().skip(1).map(Into::into).collect();
        let Some((_, options)) = args.split_first().filter(|(first, _)| *first == "routes") else {
            return Ok(false);
        };
        let texts: Vec<_> = options.iter().map(|option| option.to_str()).collect();
        match (&*texts, options) {
            ([], _) => print(&self.to_string())?,
            ([Some("--json")], _) => {
                print(&serde_json::to_string_pretty(self).map_err(io::Error::from)?)?
            }
            ([Some("--svg"), _], [_, file]) => {
                let file = Path::new(file);
                fs::write(file, self.to_svg()).map_err(|error| CommandError::File {
                    file: file.to_owned(),
                    error,
                })?;
            }
            _ => {
                let given = options.join(" ".as_ref()).to_string_lossy().into_owned();
                return Err(CommandError::Unknown { given });
            }
        }
        Ok(true)
    }
}

/// `println!` panics where a pager has been closed.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
