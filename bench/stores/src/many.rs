//! Stores that hold many sessions: what opening and committing cost there, beside a store that holds a thousand, and what a purge
//! takes. It asks the stores themselves, without HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Committed, Life, MemoryStore, NewSession, Open, Opened, PostgresStore, RedisStore,
    SecretHash, SessionId, SessionStore, SqliteStore,
};
use tokio::task::JoinSet;

use crate::Error;
use crate::contender::Store;
use crate::options::Options;
use crate::process::Server;
use crate::report::{Goal, Section, Table};
use crate::statistics::median;

/// What is compared with.
const FEW: u32 = 1_000;

/// How many are made at the same time.
const MAKERS: u32 = 256;

/// How often both are asked, and how many questions each time.
const ROUNDS: usize = 21;
const QUESTIONS: u32 = 100;

/// How many sessions a purge may remove at once, and for how long it goes on at most.
const BATCH: u32 = 1_000;
const PURGE: Duration = Duration::from_secs(30);

const IDLE: u64 = 14 * 24 * 3600;
const GRACE: Duration = Duration::from_secs(30);

/// What came of one store.
struct Outcome {
    filling: Duration,
    open: Compared,
    commit: Compared,
    purge: Purge,
}

/// Microseconds with few sessions, and the ratio to those with many.
struct Compared {
    few: f64,
    ratio: f64,
}

#[derive(Default)]
struct Purge {
    removed: u64,
    batches: u32,
    most: u64,
    longest: Duration,
    took: Duration,
    /// The longest that somebody else has waited for a session meanwhile.
    longest_open: Duration,
}

pub(crate) async fn measure(options: &Options, sessions: u32) -> Result<Section, Error> {
    let mut table = Table::new(&[
        "",
        "made a second",
        "open, of a thousand",
        "times as long",
        "commit, of a thousand",
        "times as long",
    ]);
    let mut purges = Table::new(&[
        "purge",
        "removed",
        "batches",
        "most of a batch",
        "longest batch",
        "removed a second",
        "longest open meanwhile",
    ]);
    let mut goals = Vec::new();
    for &store in &options.stores {
        let outcome = of(store, sessions, options.seed).await?;
        let microseconds = |compared: &Compared| format!("{:.1} µs", compared.few);
        table.row([
            store.to_string(),
            format!("{:.0}", f64::from(sessions) / outcome.filling.as_secs_f64()),
            microseconds(&outcome.open),
            format!("{:.2}", outcome.open.ratio),
            microseconds(&outcome.commit),
            format!("{:.2}", outcome.commit.ratio),
        ]);
        let purge = &outcome.purge;
        if purge.batches > 0 {
            purges.row([
                store.to_string(),
                purge.removed.to_string(),
                purge.batches.to_string(),
                purge.most.to_string(),
                milliseconds(purge.longest),
                format!("{:.0}", purge.removed as f64 / purge.took.as_secs_f64()),
                milliseconds(purge.longest_open),
            ]);
        }
        if purge.batches > 0 {
            goals.push(Goal {
                what: format!("{store}: no batch of a purge is larger than {BATCH}"),
                measured: purge.most.to_string(),
                is_reached: purge.most <= u64::from(BATCH),
            });
        }
    }
    let text = format!(
        "{sessions} sessions of three values, each with a user of its own, beside {FEW}: questions to the store, one after another \
         and without HTTP, {QUESTIONS} at a time in each of {ROUNDS} rounds; medians of the rounds' ratios. PostgreSQL does not wait \
         for the disk here (`synchronous_commit = off`), which would hide the rest. Then all of them expire, and are purged {BATCH} \
         at a time for at most {PURGE:?}, while somebody opens one every few milliseconds. Redis forgets by itself.\n\n{}\n{}",
        table.markdown(),
        purges.markdown(),
    );
    Ok(Section {
        title: "Many sessions",
        text,
        goals,
    })
}

async fn of(store: Store, sessions: u32, seed: u64) -> Result<Outcome, Error> {
    let (few, many) = (Server::start(store)?, Server::start(store)?);
    match store {
        Store::Memory => {
            // Room for what a round has made besides, which is nothing.
            let made = |count: u32| MemoryStore::with_capacity(count as usize);
            compare(store, made(FEW), made(sessions), sessions, seed).await
        }
        Store::Sqlite => {
            let made = |server: &Server| {
                let address = server.address();
                SqliteStore::new(address.strip_prefix("sqlite:").unwrap_or(&address))
            };
            compare(store, made(&few), made(&many), sessions, seed).await
        }
        Store::Redis => {
            let made = |server: &Server| RedisStore::new(&server.address());
            compare(store, made(&few)?, made(&many)?, sessions, seed).await
        }
        Store::Postgres => {
            let made = |server: &Server| {
                let options = "?options=-c%20synchronous_commit%3Doff";
                PostgresStore::new(&format!("{}{options}", server.address()))
            };
            compare(store, made(&few)?, made(&many)?, sessions, seed).await
        }
    }
}

async fn compare<S: SessionStore>(
    kind: Store,
    few: S,
    many: S,
    sessions: u32,
    seed: u64,
) -> Result<Outcome, Error> {
    let now = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    let (few, many) = (Arc::new(few), Arc::new(many));
    fill(&few, FEW, now).await?;
    eprintln!("many: {sessions} sessions in {kind}");
    let begun = Instant::now();
    fill(&many, sessions, now).await?;
    let filling = begun.elapsed();
    eprintln!("many: made within {:.0} s", filling.as_secs_f64());
    let mut random = fastrand::Rng::with_seed(seed);
    // What was written meanwhile is cached, or written back.
    for _ in 0..3 {
        ask(&*few, FEW, now, &mut random).await?;
        ask(&*many, sessions, now, &mut random).await?;
    }
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        if random.bool() {
            of_few.push(ask(&*few, FEW, now, &mut random).await?);
            of_many.push(ask(&*many, sessions, now, &mut random).await?);
        } else {
            of_many.push(ask(&*many, sessions, now, &mut random).await?);
            of_few.push(ask(&*few, FEW, now, &mut random).await?);
        }
    }
    let compared = |value: fn(&(f64, f64)) -> f64| {
        let few: Vec<_> = of_few.iter().map(value).collect();
        let many = of_many.iter().map(value);
        let ratios: Vec<_> = many.zip(&few).map(|(many, few)| many / few).collect();
        Compared {
            few: median(&few),
            ratio: median(&ratios),
        }
    };
    Ok(Outcome {
        filling,
        open: compared(|(open, _)| *open),
        commit: compared(|(_, commit)| *commit),
        purge: purge(&many, sessions, now).await?,
    })
}

async fn fill<S: SessionStore>(store: &Arc<S>, sessions: u32, now: u64) -> Result<(), Error> {
    store.prepare().await?;
    let mut makers = JoinSet::new();
    for maker in 0..MAKERS {
        let store = store.clone();
        makers.spawn(async move {
            for number in (maker..sessions).step_by(MAKERS as usize) {
                store.create(session(number, now)).await?;
            }
            Ok::<_, Error>(())
        });
    }
    while let Some(made) = makers.join_next().await {
        made??;
    }
    Ok(())
}

/// Microseconds for an open and for a commit, each of sessions at random.
async fn ask(
    store: &impl SessionStore,
    sessions: u32,
    now: u64,
    random: &mut fastrand::Rng,
) -> Result<(f64, f64), Error> {
    let numbers: Vec<_> = (0..QUESTIONS).map(|_| random.u32(..sessions)).collect();
    let begun = Instant::now();
    for &number in &numbers {
        match store.open(open(number, now)).await? {
            Opened::Alive(_) => {}
            other => return Err(format!("session {number} is {other:?}").into()),
        }
    }
    let opened = begun.elapsed();
    let begun = Instant::now();
    for &number in &numbers {
        let commit = Commit {
            set: vec![("count".to_owned(), random.u32(..).to_string())],
            ..Commit::new(id(number), 0, GRACE, now)
        };
        match store.commit(commit).await? {
            Committed::Applied => {}
            other => return Err(format!("a commit to session {number} is {other:?}").into()),
        }
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(QUESTIONS);
    Ok((each(opened), each(begun.elapsed())))
}

async fn purge<S: SessionStore>(store: &Arc<S>, sessions: u32, now: u64) -> Result<Purge, Error> {
    let expired = now + IDLE + 1;
    let others = store.clone();
    let (done, mut is_done) = tokio::sync::oneshot::channel::<()>();
    let opening = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        let mut random = fastrand::Rng::new();
        while is_done.try_recv().is_err() {
            let begun = Instant::now();
            others.open(open(random.u32(..sessions), now)).await?;
            longest = longest.max(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        Ok::<_, Error>(longest)
    });
    let mut purge = Purge::default();
    let begun = Instant::now();
    while begun.elapsed() < PURGE {
        let batch = Instant::now();
        let removed = store.purge(expired, BATCH).await?;
        if removed == 0 {
            break;
        }
        purge.removed += removed;
        purge.batches += 1;
        purge.most = purge.most.max(removed);
        purge.longest = purge.longest.max(batch.elapsed());
        // Where nothing is waited for, others get their turn here.
        tokio::task::yield_now().await;
    }
    purge.took = begun.elapsed();
    let _ = done.send(());
    purge.longest_open = opening.await??;
    Ok(purge)
}

fn session(number: u32, now: u64) -> NewSession {
    let value = |name: &str, text: String| (name.to_owned(), text);
    NewSession {
        id: id(number),
        secret: secret(number),
        values: vec![
            value("user_id", number.to_string()),
            value("count", "1".to_owned()),
            value("theme", "\"dark\"".to_owned()),
        ],
        user: Some(number.to_string()),
        label: None,
        life: Life {
            idle: IDLE,
            ends_at: None,
        },
        now,
    }
}

fn open(number: u32, now: u64) -> Open {
    Open {
        id: id(number),
        secret: secret(number),
        refresh: Refresh::AfterTenth,
        lease: None,
        grace: GRACE,
        now,
    }
}

/// Random as real ones are, so that neighbours in time are none in an index.
fn id(number: u32) -> SessionId {
    let mut bytes = [0; 16];
    fastrand::Rng::with_seed(number.into()).fill(&mut bytes);
    SessionId::from_bytes(bytes)
}

fn secret(number: u32) -> SecretHash {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    SecretHash::from_bytes(bytes)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}
