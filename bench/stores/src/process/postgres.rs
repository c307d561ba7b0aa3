//! A PostgreSQL server of one contender's own, with the settings that it comes with: each commit waits for the disk.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;

use super::folder::Folder;
use super::guardian::Guardian;
use super::signal;
use super::{free_port, wait_until};
use crate::Error;

pub(crate) struct Postgres {
    process: Child,
    port: u16,
    programs: PathBuf,
    owner: Option<Owner>,
    guardian: Option<Guardian>,
    folder: Folder,
}

/// Who the server runs as where that may not be whoever measures: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    pub(crate) fn start() -> Result<Self, Error> {
        let programs = programs()?;
        let owner = owner()?;
        let folder = Folder::new()?;
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.user), Some(owner.group))?;
        }
        let mut initdb = program(&programs, "initdb", folder.path(), owner);
        initdb.args([
            "--pgdata=data",
            "--username=app",
            "--auth=trust",
            "--no-sync",
        ]);
        let output = initdb.args(["--encoding=UTF8", "--locale=C"]).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("initdb ended with {}: {said}", output.status).into());
        }
        let port = free_port()?;
        let guardian = Guardian::new(folder.path(), "data/postmaster.pid", "QUIT")?;
        let postgres = Self {
            process: run(&programs, folder.path(), owner, port)?,
            port,
            programs,
            owner,
            guardian: Some(guardian),
            folder,
        };
        postgres.wait()?;
        Ok(postgres)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// Ends every process of the server at once, as a crash of the machine does.
    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        let main = self.process.id();
        // The main process first stops: it would notice that the others have ended, and clean up.
        signal::send(main, Signal::STOP);
        signal::to_children(main, Signal::KILL)?;
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts it again after it was killed, on the same port.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        let start = |server: &Self| {
            let folder = server.folder.path();
            run(&server.programs, folder, server.owner, server.port)
        };
        self.process = start(self)?;
        wait_until("postgres", || {
            // What is left of the one before may still hold its memory.
            if let Ok(Some(_)) = self.process.try_wait()
                && let Ok(process) = start(self)
            {
                self.process = process;
            }
            self.is_ready()
        })
    }

    fn wait(&self) -> Result<(), Error> {
        wait_until("postgres", || self.is_ready())
    }

    fn is_ready(&self) -> bool {
        let mut client = program(&self.programs, "pg_isready", self.folder.path(), self.owner);
        client.args(["--host=127.0.0.1", "--username=app", "--dbname=postgres"]);
        let output = client.arg("--port").arg(self.port.to_string()).output();
        output.is_ok_and(|output| output.status.success())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It ends the server, whose processes of connections would outlive a kill of the main one.
        drop(self.guardian.take());
        let _ = self.process.wait();
    }
}

fn run(programs: &Path, folder: &Path, owner: Option<Owner>, port: u16) -> Result<Child, Error> {
    let log = fs::File::create(folder.join("log"))?;
    let mut postgres = program(programs, "postgres", folder, owner);
    postgres.args(["-D", "data", "-k", "", "-c", "listen_addresses=127.0.0.1"]);
    postgres.args(["-p", &port.to_string()]);
    Ok(postgres
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()?)
}

fn program(programs: &Path, name: &str, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(programs.join(name));
    command.current_dir(folder);
    if let Some(owner) = owner {
        command.uid(owner.user).gid(owner.group);
    }
    command
}

/// Where PostgreSQL's programs are: Debian has a folder for each version, and none of them on the path.
fn programs() -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<_> = debian
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort_by_key(|bin| version(bin).unwrap_or(0));
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        // Where it is a link, the other programs are beside what it leads to.
        .find_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.to_owned()))
        .ok_or_else(|| "PostgreSQL is not installed: on Debian, `apt-get install postgresql`; elsewhere, put its `initdb` and `postgres` on the path, or leave it out with `--stores`".into())
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

fn owner() -> Result<Option<Owner>, Error> {
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let of = |name: &str| {
        Some(Owner {
            user: id(&["-u", name])?,
            group: id(&["-g", name])?,
        })
    };
    let owner = of("postgres").or_else(|| of("nobody"));
    owner.map(Some).ok_or_else(|| {
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`; make one, or measure as another user".into()
    })
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
