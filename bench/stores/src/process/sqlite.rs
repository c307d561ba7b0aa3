//! A file for SQLite in a folder of its own, since other files will be beside it.

use std::path::PathBuf;

use super::folder::Folder;
use super::guardian::Guardian;
use crate::Error;

pub(crate) struct SqliteFile {
    _guardian: Guardian,
    folder: Folder,
}

impl SqliteFile {
    pub(crate) fn new() -> Result<Self, Error> {
        let folder = Folder::new()?;
        Ok(Self {
            _guardian: Guardian::of_folder(folder.path())?,
            folder,
        })
    }

    /// Where it is to be made.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("sessions")
    }
}
