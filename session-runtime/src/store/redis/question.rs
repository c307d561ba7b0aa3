//! What Redis is asked, and how it is sent. Knows neither how a connection comes about nor what an answer means.

use redis::aio::MultiplexedConnection;
use redis::{Cmd, ErrorKind, RedisResult, Script, ServerErrorKind, ToRedisArgs, Value};

/// For how many arguments, and bytes of them, a question has room from the beginning: a commit of a few short values.
const ROOM: (usize, usize) = (32, 384);

/// What Redis is asked.
pub(super) enum Question {
    /// One that is answered the same when it is asked again, since its first answer was lost.
    Repeatable(Asked),
    /// One that must not happen twice.
    Once(Asked),
}

/// A command and the one key that it is about.
pub(super) struct Asked {
    key: String,
    command: Cmd,
    /// Which script the command is to run, if it is to run one.
    script: Option<&'static Script>,
}

/// What Redis answers.
pub(super) struct Answer {
    pub(super) reply: Value,
    /// Whether the question was asked again after an answer was lost, so that it may have happened before.
    pub(super) was_repeated: bool,
}

impl Asked {
    /// A command about this key, which is its first argument.
    pub(super) fn command(name: &str, key: String) -> Self {
        let mut command = redis::cmd(name);
        command.arg(&key);
        Self {
            key,
            command,
            script: None,
        }
    }

    /// A command about the server itself.
    pub(super) fn of_the_server(name: &str, what: &str) -> Self {
        let mut command = redis::cmd(name);
        command.arg(what);
        Self {
            key: String::new(),
            command,
            script: None,
        }
    }

    /// A script about this key. What follows is its arguments.
    pub(super) fn script(script: &'static Script, key: String) -> Self {
        let mut command = Cmd::with_capacity(ROOM.0, ROOM.1);
        command.arg("EVALSHA").arg(script.get_hash()).arg(1);
        command.arg(&key);
        Self {
            key,
            command,
            script: Some(script),
        }
    }

    /// Adds what follows.
    pub(super) fn arg(&mut self, argument: impl ToRedisArgs) -> &mut Self {
        self.command.arg(argument);
        self
    }

    /// The same question with these arguments besides.
    pub(super) fn with(mut self, arguments: impl ToRedisArgs) -> Self {
        self.arg(arguments);
        self
    }

    /// The key that it is about. In a cluster it says which node is asked.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) async fn send(&self, mut connection: MultiplexedConnection) -> RedisResult<Value> {
        let answer = answered(connection.send_packed_command(&self.command).await);
        match (answer, self.script) {
            (Err(error), Some(script))
                if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) =>
            {
                // Boxed, since a server forgets its scripts when it is started, and not often.
                Box::pin(self.send_with(script, connection)).await
            }
            (answer, _) => answer,
        }
    }

    /// Sends the script first, which the server does not know.
    async fn send_with(
        &self,
        script: &Script,
        mut connection: MultiplexedConnection,
    ) -> RedisResult<Value> {
        script.load_async(&mut connection).await?;
        answered(connection.send_packed_command(&self.command).await)
    }

    /// Asks a node for a key that another node has sent us there for. `ASKING` is about the next command of the connection,
    /// which is shared, so that all goes in one piece. A node that is being given its first slots may not know the script.
    pub(super) async fn send_asking(
        &self,
        mut connection: MultiplexedConnection,
    ) -> RedisResult<Value> {
        let mut commands = redis::pipe();
        if let Some(script) = self.script {
            commands.load_script(script);
        }
        commands.cmd("ASKING");
        commands.add_command(self.command.clone());
        let replies = connection
            .send_packed_commands(&commands, 0, commands.len())
            .await?;
        // What became of the others is seen in what became of the last.
        let last = replies.into_iter().last();
        answered(Ok(last.unwrap_or(Value::Nil)))
    }
}

/// An error that the server has answered with, as one. Within an answer there is none: a script that fails answers with the
/// error alone.
fn answered(answer: RedisResult<Value>) -> RedisResult<Value> {
    match answer? {
        Value::ServerError(error) => Err(error.into()),
        reply => Ok(reply),
    }
}
