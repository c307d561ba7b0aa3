//! A session that is read is judged as one that is written: by the rules of the script, to the second.

use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Life, Open, Opened, RedisStore, Renewal, SecretHash, SessionId, SessionStore as _,
};

use crate::questions::{GRACE, LIFE, NOW, SECRET, lease, new};
use crate::server::Server;

const RENEWED: SecretHash = SecretHash::from_bytes([4; 32]);
const STRANGE: SecretHash = SecretHash::from_bytes([5; 32]);

/// What has become of a session before it is opened.
#[derive(Clone, Copy, Debug)]
enum History {
    Created,
    CreatedToEndAt(u64),
    Renewed { keeps_user: bool },
    Ended,
    RenewedAndEnded,
}

const HISTORIES: [History; 7] = [
    History::Created,
    History::CreatedToEndAt(NOW + 100),
    History::CreatedToEndAt(NOW - 1),
    History::Renewed { keeps_user: true },
    History::Renewed { keeps_user: false },
    History::Ended,
    History::RenewedAndEnded,
];

/// The last moments of a grace, a tenth of a life and a life, and the first ones after them.
const MOMENTS: [u64; 10] = [
    NOW - 1,
    NOW,
    NOW + 1,
    NOW + 30,
    NOW + 31,
    NOW + 99,
    NOW + 100,
    NOW + 101,
    NOW + 1000,
    NOW + 1001,
];

#[tokio::test]
async fn a_session_is_to_a_request_without_a_lease_what_it_is_to_one_with_a_lease() {
    let url = Server::shared().url();
    let store = RedisStore::new(&url).unwrap().with_prefix("opening");
    let mut seen = [0; 4];
    for (story, history) in HISTORIES.into_iter().enumerate() {
        for (moment, now) in MOMENTS.into_iter().enumerate() {
            for (number, secret) in [SECRET, RENEWED, STRANGE].into_iter().enumerate() {
                for (way, (refresh, grace)) in [
                    (Refresh::AfterTenth, GRACE),
                    (Refresh::Never, GRACE),
                    (Refresh::Never, Duration::ZERO),
                ]
                .into_iter()
                .enumerate()
                {
                    let [read, leased] = [0, 1].map(|kind| id([story, moment, number, way, kind]));
                    let mut answers = Vec::new();
                    for id in [read, leased] {
                        live(&store, id, history).await;
                        let opening = Open {
                            id,
                            secret,
                            refresh,
                            lease: (id == leased).then(|| (lease(1), now + 10)),
                            grace,
                            now,
                        };
                        let mut opened = store.open(opening).await.unwrap();
                        seen[kind_of(&opened)] += 1;
                        forget_which(&mut opened);
                        answers.push(opened);
                    }
                    assert_eq!(
                        answers[0],
                        answers[1],
                        "{history:?} after {} s, secret {number}, {refresh:?}, {grace:?}",
                        now.wrapping_sub(NOW).cast_signed()
                    );
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

async fn live(store: &RedisStore, id: SessionId, history: History) {
    let mut session = new(1);
    session.id = id;
    if let History::CreatedToEndAt(end) = history {
        let ends_at = Some(end);
        session.life = Life { ends_at, ..LIFE };
    }
    store.create(session).await.unwrap();
    if let History::Renewed { .. } | History::RenewedAndEnded = history {
        let mut commit = Commit::new(id, 0, GRACE, NOW);
        commit.renewal = Some(Renewal {
            secret: RENEWED,
            keeps_user: matches!(history, History::Renewed { keeps_user: true }),
        });
        store.commit(commit).await.unwrap();
    }
    if let History::Ended | History::RenewedAndEnded = history {
        assert_eq!(store.end(id, NOW, GRACE).await, Ok(true));
    }
}

/// The id of a session by the places of what it is tried with.
fn id(places: [usize; 5]) -> SessionId {
    let mut bytes = [0; 16];
    for (byte, place) in bytes.iter_mut().zip(places) {
        *byte = u8::try_from(place).unwrap();
    }
    SessionId::from_bytes(bytes)
}

fn kind_of(opened: &Opened) -> usize {
    match opened {
        Opened::Unknown => 0,
        Opened::Alive(_) => 1,
        Opened::Superseded { .. } => 2,
        Opened::Ended => 3,
        Opened::Leased => panic!("nobody else has a lease"),
    }
}

/// Takes away what the two sessions differ by.
fn forget_which(opened: &mut Opened) {
    if let Opened::Alive(loaded)
    | Opened::Superseded {
        readable: Some(loaded),
    } = opened
    {
        loaded.record.id = SessionId::from_bytes([0; 16]);
        loaded.values.sort();
    }
}
