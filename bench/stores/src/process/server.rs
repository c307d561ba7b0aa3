//! What a store needs to be there: a server, a file, or nothing.

use rustix::process::Signal;

use super::CpuTime;
use super::postgres::Postgres;
use super::redis::Redis;
use super::signal;
use super::sqlite::SqliteFile;
use crate::Error;
use crate::contender::Store;

/// Where one contender's sessions are, and nobody else's.
pub(crate) enum Server {
    Memory,
    Sqlite(SqliteFile),
    Redis(Redis),
    Postgres(Postgres),
}

impl Server {
    pub(crate) fn start(store: Store) -> Result<Self, Error> {
        Ok(match store {
            Store::Memory => Self::Memory,
            Store::Sqlite => Self::Sqlite(SqliteFile::new()?),
            Store::Redis => Self::Redis(Redis::start()?),
            Store::Postgres => Self::Postgres(Postgres::start()?),
        })
    }

    /// The store's address, as applications take it.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Memory => "memory".to_owned(),
            Self::Sqlite(file) => format!("sqlite:{}", file.path().display()),
            Self::Redis(server) => self.address_through(server.port()),
            Self::Postgres(server) => self.address_through(server.port()),
        }
    }

    /// The same, where something listens on this port that leads to it.
    pub(crate) fn address_through(&self, port: u16) -> String {
        match self {
            Self::Memory | Self::Sqlite(_) => self.address(),
            Self::Redis(_) => format!("redis://127.0.0.1:{port}"),
            Self::Postgres(_) => format!("postgres://app@127.0.0.1:{port}/postgres"),
        }
    }

    /// Its port, if it is a process of its own.
    pub(crate) fn port(&self) -> Option<u16> {
        match self {
            Self::Memory | Self::Sqlite(_) => None,
            Self::Redis(server) => Some(server.port()),
            Self::Postgres(server) => Some(server.port()),
        }
    }

    /// Ends the server's processes at once. Where there is none, nothing happens, here and below.
    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        match self {
            Self::Memory | Self::Sqlite(_) => Ok(()),
            Self::Redis(server) => server.kill(),
            Self::Postgres(server) => server.kill(),
        }
    }

    /// Starts it again, with what it has kept.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        match self {
            Self::Memory | Self::Sqlite(_) => Ok(()),
            Self::Redis(server) => server.restart(),
            Self::Postgres(server) => server.restart(),
        }
    }

    /// Lets its processes stand still, with all their connections.
    pub(crate) fn stop(&self) -> Result<(), Error> {
        self.process()
            .map_or(Ok(()), |process| signal::to_family(process, Signal::STOP))
    }

    /// Lets them go on.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        self.process()
            .map_or(Ok(()), |process| signal::to_family(process, Signal::CONT))
    }

    /// What the server has taken, if it is a process of its own.
    pub(crate) fn cpu_time(&self) -> Result<Option<CpuTime>, Error> {
        self.process().map(CpuTime::of_family).transpose()
    }

    fn process(&self) -> Option<u32> {
        match self {
            Self::Memory | Self::Sqlite(_) => None,
            Self::Redis(server) => Some(server.process()),
            Self::Postgres(server) => Some(server.process()),
        }
    }
}
