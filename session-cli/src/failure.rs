//! Why a command did not do what it was asked, and the exit code for it.

use std::io;

use session_runtime::EncodeError;

use crate::rejection::Rejection;
use crate::settings::SettingsError;

/// Why a command ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Data(#[from] EncodeError),
    #[error("standard input cannot be read: {0}")]
    Input(#[source] io::Error),
    #[error("standard output cannot be written: {0}")]
    Output(#[source] io::Error),
}

impl Failure {
    /// As the help lists them.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Rejected(rejection) => rejection.exit_code(),
            Self::Settings(_) => 2,
            Self::Data(_) => 6,
            Self::Input(_) | Self::Output(_) => 1,
        }
    }

    /// Whether whoever reads the output has seen enough, as `head` has.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
