//! A question to the file, on its way from a request to the thread that asks it and back. Knows no session.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::fault::Fault;
use crate::store::StoreError;

/// A question whose answer somebody waits for.
pub(super) trait Question: Send {
    /// Whether somebody still does. A request that was given up must not be carried out after its visitor was told so.
    fn is_wanted(&self) -> bool;

    /// Asks it, and keeps the answer.
    fn ask(&mut self, connection: &Connection) -> Result<(), Fault>;

    /// Hands the answer over, now that it stands, or says why there is none.
    fn reply(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Asked<A, T> {
    ask: Option<A>,
    answer: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

/// A question, and where its answer comes.
pub(super) fn question<A, T>(
    ask: A,
) -> (Box<dyn Question>, oneshot::Receiver<Result<T, StoreError>>)
where
    A: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let asked = Asked {
        ask: Some(ask),
        answer: None,
        reply,
    };
    (Box::new(asked), answer)
}

impl<A, T> Question for Asked<A, T>
where
    A: FnOnce(&Connection) -> Result<T, Fault> + Send,
    T: Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn ask(&mut self, connection: &Connection) -> Result<(), Fault> {
        if let Some(ask) = self.ask.take() {
            self.answer = Some(ask(connection)?);
        }
        Ok(())
    }

    fn reply(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match outcome {
            Ok(()) => self.answer.map(Ok),
            Err(error) => Some(Err(error)),
        };
        if let Some(answer) = answer {
            // Whoever has gone needs none.
            let _ = self.reply.send(answer);
        }
    }
}
