//! A Redis Cluster of a test's own: some servers that know of each other from the beginning, ended with the test.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::Child;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::server::{Server, folder_of, free_port, guardian};

/// How far above its own a node's port for other nodes is. Redis counts so.
const BUS: u16 = 10_000;

/// What a node is from the beginning.
#[derive(Clone, Copy)]
pub enum Role {
    /// The master of these slots.
    Master(&'static str),
    /// A master without any.
    Empty,
    /// A replica of the node of this number.
    ReplicaOf(usize),
}

/// Three masters that share the slots.
pub const THREE: [Role; 3] = [
    Role::Master("0-5460"),
    Role::Master("5461-10922"),
    Role::Master("10923-16383"),
];

pub struct Cluster {
    pub nodes: Vec<Server>,
    url: String,
}

impl Cluster {
    /// Three masters.
    pub fn start() -> Self {
        Self::of(&THREE, &[])
    }

    /// These nodes, started with these arguments. With those of encrypted connections all are, those between the nodes too.
    pub fn of(roles: &[Role], arguments: &[&str]) -> Self {
        let ports: Vec<_> = roles.iter().map(|_| node_port()).collect();
        let is_encrypted = arguments.contains(&"--tls-cert-file");
        let scheme = if is_encrypted { "rediss" } else { "redis" };
        let nodes = ports.iter().enumerate().map(|(number, port)| {
            let mut own: Vec<String> = ["--cluster-enabled", "yes", "--appendfsync", "no"]
                .map(str::to_owned)
                .to_vec();
            own.extend(arguments.iter().map(ToString::to_string));
            // Whoever asks without encryption in a test asks at another port.
            let plain = if is_encrypted { free_port() } else { *port };
            if is_encrypted {
                own.extend(["--tls-port".to_owned(), port.to_string()]);
                own.extend(["--tls-cluster", "yes"].map(str::to_owned));
            }
            let folder = folder_of(plain);
            std::fs::write(folder.join("nodes.conf"), known_to(number, roles, &ports)).unwrap();
            Server::start_in(folder, plain, own)
        });
        let cluster = Self {
            nodes: nodes.collect(),
            url: format!("{scheme}+cluster://127.0.0.1:{}", ports[0]),
        };
        cluster.nodes.iter().for_each(Server::wait);
        cluster.wait();
        cluster
    }

    /// One for all tests of this program that need none of their own. It ends with the program, however that ends.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<(Cluster, Child)> = OnceLock::new();
        let (cluster, _guardian) = SHARED.get_or_init(|| {
            let cluster = Self::start();
            let guardian = guardian(&cluster.nodes);
            (cluster, guardian)
        });
        cluster
    }

    /// The address of the cluster, by its first node.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The number of the master that has this key, by what the first node that answers says.
    pub fn master_of(&self, key: &str) -> usize {
        let slot = self.slot_of(key);
        let is_in = |range: &str| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            matches!((first.parse(), last.parse()), (Ok(first), Ok(last)) if (first..=last).contains(&slot))
        };
        let nodes = text(&self.nodes[0], "CLUSTER NODES");
        let line = nodes
            .lines()
            .find(|line| line.split(' ').skip(8).any(is_in));
        self.number(line.unwrap().split(' ').next().unwrap())
    }

    pub fn slot_of(&self, key: &str) -> u16 {
        let slot = text(&self.nodes[0], &format!("CLUSTER KEYSLOT {key}"));
        slot.trim_start_matches(':').trim().parse().unwrap()
    }

    /// The id of a node.
    pub fn id(&self, number: usize) -> String {
        id_of(number)
    }

    fn number(&self, id: &str) -> usize {
        (0..self.nodes.len())
            .find(|&number| id_of(number) == id)
            .unwrap()
    }

    /// Waits until all that answer are of the opinion that all is well.
    pub fn wait(&self) {
        let began = Instant::now();
        let is_well = |node: &Server| {
            node.try_ask("CLUSTER INFO")
                .is_ok_and(|said| String::from_utf8_lossy(&said).contains("cluster_state:ok"))
        };
        while !self.nodes.iter().all(is_well) {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "the nodes of the cluster did not find each other within 20 s"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// What a node answers, as text.
pub fn text(node: &Server, command: &str) -> String {
    String::from_utf8(node.ask(command)).unwrap()
}

/// What a node finds in its file: all nodes, as if they had met.
fn known_to(number: usize, roles: &[Role], ports: &[u16]) -> String {
    let mut known = String::new();
    for (other, (role, port)) in roles.iter().zip(ports).enumerate() {
        let id = id_of(other);
        let myself = if other == number { "myself," } else { "" };
        let (kind, master, slots) = match role {
            Role::Master(slots) => ("master", "-".to_owned(), *slots),
            Role::Empty => ("master", "-".to_owned(), ""),
            Role::ReplicaOf(master) => ("slave", id_of(*master), ""),
        };
        let epoch = other + 1;
        let bus = port + BUS;
        writeln!(
            known,
            "{id} 127.0.0.1:{port}@{bus} {myself}{kind} {master} 0 0 {epoch} connected {slots}"
        )
        .unwrap();
    }
    writeln!(known, "vars currentEpoch {} lastVoteEpoch 0", roles.len()).unwrap();
    known
}

fn id_of(number: usize) -> String {
    format!("{:040x}", number + 1)
}

/// A port that is free, as the one above it for other nodes is.
fn node_port() -> u16 {
    loop {
        let port = free_port();
        let bus = port.checked_add(BUS);
        if bus.is_some_and(|bus| TcpListener::bind(("127.0.0.1", bus)).is_ok()) {
            return port;
        }
    }
}
