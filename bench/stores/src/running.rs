//! A contender that runs: its application, and the server of its store. It knows how both are started, and not what is asked.

use crate::Error;
use crate::application::Keeping;
use crate::client::Visitor;
use crate::contender::{Library, Store};
use crate::process::{Application, Peer, Server};

/// One contender. The application ends before its store.
pub(crate) struct Running {
    pub(crate) application: Application,
    pub(crate) server: Server,
}

/// Starts contenders.
pub(crate) struct Starter {
    peer: Option<Peer>,
}

impl Starter {
    /// Builds what has to be built for these.
    pub(crate) fn new(libraries: &[Library]) -> Result<Self, Error> {
        let is_asked = libraries.contains(&Library::TowerSessions);
        let peer = is_asked.then(Peer::build).transpose()?;
        Ok(Self { peer })
    }

    /// A contender with a store of its own.
    pub(crate) async fn start(&self, library: Library, store: Store) -> Result<Running, Error> {
        let server = Server::start(store)?;
        let application = self.application(library, &server.address()).await?;
        Ok(Running {
            application,
            server,
        })
    }

    /// An application with its sessions in the store of this address. Other tasks go on while it starts.
    pub(crate) async fn application(
        &self,
        library: Library,
        store: &str,
    ) -> Result<Application, Error> {
        match (library, &self.peer) {
            (Library::ThisProject, _) => Application::start(Keeping::Sessions(store)).await,
            (Library::TowerSessions, Some(peer)) => {
                Application::start_peer(peer.program(), store).await
            }
            (Library::TowerSessions, None) => Err("the peer's program was not built".into()),
        }
    }
}

impl Running {
    /// A new visitor.
    pub(crate) async fn visitor(&self) -> Result<Visitor, Error> {
        Visitor::arrive(self.application.address()).await
    }
}
