//! The nodes of a cluster, and which of them has which slots: what they say about it is asked for when it is first needed and
//! whenever it may have changed, and is wrong at any time. Knows no question of the store's.
//!
//! The driver's own client of clusters repeats a question that was lost by the same setting as one that was sent elsewhere, and
//! lets all questions wait while it connects to a node that is gone. So who is asked is decided here, and what is asked again in
//! `connection`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::{ConnectionAddr, ErrorKind, RedisResult};
use tokio::task::JoinSet;

use super::address::Servers;
use super::node::{Failure, Node};
use super::question::Asked;
use super::refusal::Place;
use super::slot::{SLOTS, slot_of};
use super::topology::{Range, ranges};

/// After which silence of a node another one is asked as well which slots are whose.
const NEXT: Duration = Duration::from_millis(100);

/// For how long all of them are asked. Who waits for that has less than two seconds.
const ANSWER: Duration = Duration::from_millis(1200);

/// For how long it is taken for news which slots are whose.
const FRESH: Duration = Duration::from_millis(100);

/// A cluster.
pub(super) struct Cluster {
    /// Where the address says that it is.
    named: Servers,
    map: Mutex<Map>,
    /// Whoever has it asks which slots are whose, and the others wait for what comes of that.
    asking: tokio::sync::Mutex<Option<Known>>,
}

struct Map {
    /// Whose each slot is.
    slots: Vec<Option<Arc<Node>>>,
    nodes: HashMap<Place, Arc<Node>>,
}

/// When it was last asked which slots are whose, and what has come of it.
struct Known {
    at: Instant,
    result: RedisResult<()>,
}

impl Cluster {
    /// The cluster of which these are nodes. They are not asked yet.
    pub(super) fn of(named: Servers) -> Self {
        let map = Map {
            slots: vec![None; usize::from(SLOTS)],
            nodes: HashMap::new(),
        };
        Self {
            named,
            map: Mutex::new(map),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Where the address says that it is, without user name and password.
    pub(super) fn address(&self) -> String {
        let addresses: Vec<_> = self
            .named
            .iter()
            .map(|one| one.addr().to_string())
            .collect();
        addresses.join(",")
    }

    /// The node that has this key, as far as is known, if any has.
    pub(super) async fn node_of(self: &Arc<Self>, key: &str) -> RedisResult<Option<Arc<Node>>> {
        let slot = slot_of(key);
        if let Some(node) = self.known(slot) {
            if node.was_silent() {
                self.look_again_aside();
            }
            return Ok(Some(node));
        }
        self.look_again().await?;
        Ok(self.known(slot))
    }

    /// The node that has this key, if it is another than this one, which cannot be reached.
    pub(super) async fn successor(&self, key: &str, lost: &Arc<Node>) -> Option<Arc<Node>> {
        self.look_again().await.ok()?;
        self.known(slot_of(key))
            .filter(|node| !Arc::ptr_eq(node, lost))
    }

    /// The node there, to which another has sent us for good.
    pub(super) fn moved(self: &Arc<Self>, key: &str, place: Place) -> Arc<Node> {
        let node = self.node_at(place);
        self.lock().slots[usize::from(slot_of(key))] = Some(node.clone());
        // It is seldom one slot alone.
        self.look_again_aside();
        node
    }

    /// The node there, known or not.
    pub(super) fn node_at(&self, place: Place) -> Arc<Node> {
        let mut map = self.lock();
        let node = map.nodes.entry(place);
        let node = node.or_insert_with_key(|place| Arc::new(self.node(place)));
        node.clone()
    }

    /// Asks which slots are whose, if nobody has just done so.
    pub(super) async fn look_again(&self) -> RedisResult<()> {
        let began = Instant::now();
        let mut known = self.asking.lock().await;
        if let Some(known) = &*known {
            let is_mine = known.at >= began;
            if is_mine || known.result.is_ok() && known.at.elapsed() < FRESH {
                return known.result.clone();
            }
        }
        let answer = tokio::time::timeout(ANSWER, self.ask_all()).await;
        let result = answer.unwrap_or_else(|_| {
            let silence = "no node of the cluster answers";
            Err((ErrorKind::Io, silence, "timed out".to_owned()).into())
        });
        let result = result.map(|(node, ranges)| self.learn(&node, ranges));
        *known = Some(Known {
            at: Instant::now(),
            result: result.clone(),
        });
        result
    }

    /// The same where nobody waits for it.
    fn look_again_aside(self: &Arc<Self>) {
        let cluster = self.clone();
        tokio::spawn(async move { cluster.look_again().await });
    }

    /// What the first node says that says anything, and which one that was.
    async fn ask_all(&self) -> RedisResult<(Arc<Node>, Vec<Range>)> {
        let mut candidates = self.candidates().into_iter();
        let mut asking = JoinSet::new();
        let mut failed = None;
        loop {
            if let Some(node) = candidates.next() {
                asking.spawn(async move { ask(&node).await.map(|ranges| (node, ranges)) });
            }
            match tokio::time::timeout(NEXT, asking.join_next()).await {
                Ok(Some(Ok(Ok(answer)))) => return Ok(answer),
                Ok(Some(Ok(Err(error)))) => failed = Some(error),
                Ok(Some(Err(_))) | Err(_) => {}
                Ok(None) => {
                    let kind = ErrorKind::ClusterConnectionNotFound;
                    let unknown = || (kind, "no node of the cluster answers").into();
                    return Err(failed.unwrap_or_else(unknown));
                }
            }
        }
    }

    /// Those to whom there is a connection, then the others, then those of the address.
    fn candidates(&self) -> Vec<Arc<Node>> {
        let map = self.lock();
        let mut nodes: Vec<_> = map.nodes.values().cloned().collect();
        nodes.sort_by_key(|node| !node.is_connected());
        for named in self.named.iter() {
            let node = Arc::new(Node::new(named.clone()));
            if node
                .place()
                .is_none_or(|place| !map.nodes.contains_key(&place))
            {
                nodes.push(node);
            }
        }
        nodes
    }

    /// Keeps what a node has said, and lets go of those that it has not named.
    fn learn(&self, said_by: &Arc<Node>, ranges: Vec<Range>) {
        let mut map = self.lock();
        let mut former = std::mem::take(&mut map.nodes);
        if let Some(place) = said_by.place() {
            former.insert(place, said_by.clone());
        }
        map.slots.fill(None);
        for Range {
            first,
            last,
            master,
        } in ranges
        {
            let node = match map.nodes.get(&master) {
                Some(node) => node.clone(),
                None => {
                    let node = former.remove(&master);
                    let node = node.unwrap_or_else(|| Arc::new(self.node(&master)));
                    map.nodes.insert(master, node.clone());
                    node
                }
            };
            map.slots[usize::from(first)..=usize::from(last)].fill(Some(node));
        }
    }

    fn known(&self, slot: u16) -> Option<Arc<Node>> {
        self.lock().slots[usize::from(slot)].clone()
    }

    /// A node there, of the same user, password and certificates as those of the address.
    fn node(&self, place: &Place) -> Node {
        let like = &self.named.first;
        Node::new(like.clone().set_addr(address_at(like.addr(), place)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Map> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which slots are whose, as this node says it.
async fn ask(node: &Arc<Node>) -> RedisResult<Vec<Range>> {
    let reply = match node
        .ask(&Asked::of_the_server("CLUSTER", "SLOTS"), false)
        .await
    {
        Ok(reply) => reply,
        Err(Failure::Unconnected(error) | Failure::Lost(error) | Failure::Refused(error)) => {
            return Err(error);
        }
    };
    let host = node.place().map(|place| place.host).unwrap_or_default();
    ranges(reply, &host).ok_or_else(|| {
        let kind = ErrorKind::UnexpectedReturnType;
        (kind, "a node of the cluster names no slots", node.address()).into()
    })
}

/// An address of the same kind at another place.
fn address_at(like: &ConnectionAddr, place: &Place) -> ConnectionAddr {
    let Place { host, port } = place.clone();
    match like {
        ConnectionAddr::TcpTls {
            insecure,
            tls_params,
            ..
        } => ConnectionAddr::TcpTls {
            host,
            port,
            insecure: *insecure,
            tls_params: tls_params.clone(),
        },
        _ => ConnectionAddr::Tcp(host, port),
    }
}
