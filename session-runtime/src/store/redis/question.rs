//! What Redis is asked, and how it is sent. Knows neither how a connection comes about nor what an answer means.

use redis::aio::{ConnectionLike as _, MultiplexedConnection};
use redis::{Cmd, RedisResult, Value};

use super::script;

/// What Redis is asked.
pub(super) enum Question {
    /// One that is answered the same when it is asked again, since its first answer was lost.
    Repeatable(Asked),
    /// One that must not happen twice.
    Once(Asked),
}

/// A script or a command, and the one key that it is about.
pub(super) enum Asked {
    Script(script::Question),
    Command { key: String, command: Cmd },
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
        Self::Command { key, command }
    }

    /// A command about the server itself.
    pub(super) fn of_the_server(name: &str, what: &str) -> Self {
        let mut command = redis::cmd(name);
        command.arg(what);
        let key = String::new();
        Self::Command { key, command }
    }

    /// The same command with these arguments besides.
    pub(super) fn with(mut self, arguments: impl redis::ToRedisArgs) -> Self {
        if let Self::Command { command, .. } = &mut self {
            command.arg(arguments);
        }
        self
    }

    /// The key that it is about. In a cluster it says which node is asked.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Script(script) => &script.key,
            Self::Command { key, .. } => key,
        }
    }

    pub(super) async fn send(&self, mut connection: MultiplexedConnection) -> RedisResult<Value> {
        match self {
            Self::Script(script) => script.invocation.invoke_async(&mut connection).await,
            Self::Command { command, .. } => command.query_async(&mut connection).await,
        }
    }

    /// Asks a node for a key that another node has sent us there for. `ASKING` is about the next command of the connection,
    /// which is shared, so that all goes in one piece. A node that is being given its first slots may not know the script.
    pub(super) async fn send_asking(
        &self,
        mut connection: MultiplexedConnection,
    ) -> RedisResult<Value> {
        let mut commands = redis::pipe();
        if let Self::Script(script) = self {
            commands.load_script(script.script);
        }
        commands.cmd("ASKING");
        match self {
            Self::Script(script) => commands.invoke_script(&script.invocation),
            Self::Command { command, .. } => commands.add_command(command.clone()),
        };
        let replies = connection
            .req_packed_commands(&commands, 0, commands.len())
            .await?;
        // What became of the others is seen in what became of the last.
        let last = replies.into_iter().last();
        last.unwrap_or(Value::Nil).extract_error()
    }
}
