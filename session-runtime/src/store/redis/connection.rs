//! The way to Redis, one server or a cluster: whom a question is put to, how often, and for how long. Knows neither sessions
//! nor scripts.
//!
//! What a server certainly has not done is asked again, of another node or a little later: it has said so itself, or there was
//! no connection to it. What may have happened is asked again only if that changes nothing.

use std::sync::Arc;
use std::time::Duration;

use redis::{ErrorKind, RedisError};

use super::address::Address;
use super::cluster::Cluster;
use super::error::{Kind, store_error};
use super::node::{Failure, Node};
use super::question::{Answer, Question};
use super::refusal::Refusal;
use super::slot::slot_of;
use crate::store::StoreError;

/// How long something is left alone that passes by itself.
const PAUSE: Duration = Duration::from_millis(50);

/// How often a question is sent on at once: nodes that disagree may send it round in circles.
const REDIRECTIONS: usize = 4;

/// The way to a server or a cluster.
pub(super) struct Connection {
    way: Way,
    /// For how long one question is asked, connecting included.
    limit: Duration,
}

enum Way {
    Server(Arc<Node>),
    Cluster(Arc<Cluster>),
}

/// Why there is no answer, and who has said so.
struct Failed {
    error: RedisError,
    address: String,
}

impl Connection {
    /// The way to what this address names. It is not gone yet.
    pub(super) fn to(address: Address) -> Self {
        let Address {
            servers,
            is_cluster,
            limit,
        } = address;
        // A connection that was lost can be made anew within the limit.
        let connecting = limit * 5 / 9;
        let way = match is_cluster {
            true => Way::Cluster(Arc::new(Cluster::of(servers, connecting))),
            false => Way::Server(Arc::new(Node::new(servers.first, connecting))),
        };
        Self { way, limit }
    }

    /// Where Redis is, without user name and password.
    pub(super) fn address(&self) -> String {
        match &self.way {
            Way::Server(node) => node.address(),
            Way::Cluster(cluster) => cluster.address(),
        }
    }

    /// What Redis answers.
    pub(super) async fn ask(&self, question: Question) -> Result<Answer, StoreError> {
        let mut refused = None;
        let limit = self.limit;
        // Boxed by itself: the allocator is slow with pieces above a kibibyte, as the two would be together.
        let answer = Box::pin(self.answer(&question, &mut refused));
        let answer = tokio::time::timeout(limit, answer).await;
        let failed = match answer {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failed)) => failed,
            Err(_) => refused.ok_or(StoreError::TimedOut { limit })?,
        };
        let kind = match self.way {
            Way::Server(_) => Kind::Server,
            Way::Cluster(_) => Kind::Cluster,
        };
        Err(store_error(&failed.error, &failed.address, kind))
    }

    /// Asks until there is an answer. Why it was put off last stands in `refused`, and says more than that time is up.
    async fn answer(
        &self,
        question: &Question,
        refused: &mut Option<Failed>,
    ) -> Result<Answer, Failed> {
        let (asked, is_repeatable) = match question {
            Question::Repeatable(asked) => (asked, true),
            Question::Once(asked) => (asked, false),
        };
        let key = asked.key();
        let mut was_repeated = false;
        let mut redirections = 0;
        let mut sent_to = None;
        loop {
            let (node, is_asking) = match sent_to.take() {
                Some(target) => target,
                None => match self.node_of(key).await? {
                    Some(node) => (node, false),
                    None => {
                        *refused = Some(self.unserved(key));
                        tokio::time::sleep(PAUSE).await;
                        continue;
                    }
                },
            };
            let failure = match node.ask(asked, is_asking).await {
                Ok(reply) => {
                    return Ok(Answer {
                        reply,
                        was_repeated,
                    });
                }
                Err(failure) => failure,
            };
            let failed = |error| Failed {
                error,
                address: node.address(),
            };
            match failure {
                Failure::Unconnected(error) => {
                    let successor = match is_asking {
                        true => None,
                        false => self.successor(key, &node).await,
                    };
                    let successor = successor.ok_or_else(|| failed(error))?;
                    sent_to = Some((successor, false));
                }
                Failure::Lost(error) => {
                    if was_repeated || !is_repeatable {
                        return Err(failed(error));
                    }
                    was_repeated = true;
                }
                Failure::Refused(error) => {
                    let host = node.place().map(|place| place.host).unwrap_or_default();
                    match (Refusal::of(&error, &host), &self.way) {
                        (Refusal::NotNow, _) => {
                            *refused = Some(failed(error));
                            tokio::time::sleep(PAUSE).await;
                            self.look_again().await;
                        }
                        (Refusal::Moved(place), Way::Cluster(cluster)) => {
                            pause_after(&mut redirections).await;
                            sent_to = Some((cluster.moved(key, place), false));
                        }
                        (Refusal::Ask(place), Way::Cluster(cluster)) => {
                            pause_after(&mut redirections).await;
                            sent_to = Some((cluster.node_at(place), true));
                        }
                        _ => return Err(failed(error)),
                    }
                }
            }
        }
    }

    /// Whom a question about this key is put to, if there is anybody.
    async fn node_of(&self, key: &str) -> Result<Option<Arc<Node>>, Failed> {
        match &self.way {
            Way::Server(node) => Ok(Some(node.clone())),
            Way::Cluster(cluster) => Box::pin(cluster.node_of(key))
                .await
                .map_err(|error| Failed {
                    error,
                    address: cluster.address(),
                }),
        }
    }

    fn unserved(&self, key: &str) -> Failed {
        let kind = ErrorKind::ClusterConnectionNotFound;
        let slot = format!("slot {}", slot_of(key));
        Failed {
            error: (kind, "no node of the cluster serves the key", slot).into(),
            address: self.address(),
        }
    }

    /// Whom it is put to instead, where that one cannot be reached.
    async fn successor(&self, key: &str, lost: &Arc<Node>) -> Option<Arc<Node>> {
        match &self.way {
            Way::Server(_) => None,
            Way::Cluster(cluster) => Box::pin(cluster.successor(key, lost)).await,
        }
    }

    async fn look_again(&self) {
        if let Way::Cluster(cluster) = &self.way {
            // Who is asked then says it better.
            let _ = Box::pin(cluster.look_again()).await;
        }
    }
}

async fn pause_after(redirections: &mut usize) {
    *redirections += 1;
    if *redirections > REDIRECTIONS {
        tokio::time::sleep(PAUSE).await;
    }
}
