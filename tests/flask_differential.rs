//! Thousands of random sessions, and tens of thousands of damaged cookies, read by real Flask and by us.
//!
//! `SESSION_TEST_PYTHON` names a Python that has `tests/python/requirements.txt`. The seed is printed; `SESSION_TEST_SEED`
//! sets it, and the same cookies are made again.

#[path = "flask_differential/damage.rs"]
mod damage;
#[path = "flask_differential/data.rs"]
mod data;
mod exact;
#[path = "flask_differential/flask.rs"]
mod flask;
mod forge;
#[path = "flask_differential/odd_json.rs"]
mod odd_json;
#[path = "flask_differential/ours.rs"]
mod ours;
#[path = "flask_differential/sessions.rs"]
mod sessions;
#[path = "flask_differential/stricter.rs"]
mod stricter;
mod visit;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use data::{Data, Members};
use fastrand::Rng;
use flask::Flask;
use forge::{NOW, SECRET};
use session_runtime::signing::SecretKey;
use session_runtime::{EncodeError, SessionConfig};
use sessions::Speaker;
use stricter::STRICTER;

const SESSIONS: usize = 3_000;
const DAMAGED: usize = 20_000;

#[test]
fn what_flask_minted_we_read_and_hand_back_with_nothing_changed() {
    let mut random = random();
    let sessions: Vec<_> = (0..SESSIONS)
        .map(|_| sessions::session(&mut random, Speaker::Python))
        .collect();
    let cookies = flask().mint(&sessions);
    let mut touched = Vec::new();
    for (session, cookie) in sessions.iter().zip(&cookies) {
        let opened = ours::open(&header(cookie.as_bytes())).unwrap();
        same_values(&opened, session, false, cookie);
        touched.push(opened.touched);
    }
    let read = flask().read(&touched);
    for ((session, cookie), read) in sessions.iter().zip(&cookies).zip(&read) {
        assert_eq!(read.members(), Some(&with_touched(session)), "{cookie}");
    }
}

#[test]
fn what_we_minted_flask_reads_and_it_is_about_as_short_as_flasks() {
    let mut random = random();
    let sessions: Vec<_> = (0..SESSIONS)
        .map(|_| sessions::session(&mut random, Speaker::Rust))
        .collect();
    let cookies: Vec<_> = sessions.iter().map(ours::mint).collect();
    let read = flask().read(&cookies);
    for ((session, cookie), read) in sessions.iter().zip(&cookies).zip(&read) {
        let cookie = String::from_utf8_lossy(cookie);
        assert_eq!(read.members(), Some(session), "{cookie}: {:?}", read.raised);
        let length = payload_length(&cookie);
        let flasks = if read.deflated + 1 < read.length {
            read.deflated
        } else {
            read.length
        };
        // Two implementations of deflate differ by a few bytes, so near the rule also in whether they are used.
        let bound = flasks + flasks / 8 + 8;
        assert!(
            length <= bound,
            "{cookie}: {length} bytes, {flasks} in Flask"
        );
    }
}

#[test]
fn what_the_serializer_writes_flask_reads() {
    let mut random = random();
    let sessions: Vec<_> = (0..SESSIONS / 3)
        .map(|_| sessions::session(&mut random, Speaker::Python))
        .collect();
    let cookies = flask().mint(&sessions);
    let serializer = SessionConfig::flask(SecretKey::dangerous(SECRET)).serializer();
    let mut written = Vec::new();
    for (session, cookie) in sessions.iter().zip(&cookies) {
        let decoded = serializer.decode(cookie).unwrap();
        match serializer.encode(decoded.json(), NOW) {
            Ok(again) => written.push((session, header(again.as_bytes()))),
            Err(error) => {
                assert_eq!(error, EncodeError::PythonOnly, "{cookie}");
                let text = decoded.json();
                assert!(
                    text.contains("NaN") || text.contains("Infinity") || text.contains("\\ud"),
                    "{text}"
                );
            }
        }
    }
    let headers: Vec<_> = written.iter().map(|(_, header)| header.clone()).collect();
    let read = flask().read(&headers);
    for ((session, header), read) in written.iter().zip(&read) {
        assert_eq!(
            read.members(),
            Some(*session),
            "{}",
            String::from_utf8_lossy(header)
        );
    }
}

#[test]
fn what_was_damaged_without_a_key_opens_here_only_if_it_does_in_flask() {
    no_laxer_than_flask(damaged(|random, cookies| {
        let cookie = random.choice(cookies).unwrap().clone();
        let other = random.choice(cookies).unwrap().clone();
        damage::altered(random, &cookie, &other)
    }));
}

#[test]
fn what_was_signed_over_nonsense_opens_here_only_if_it_does_in_flask() {
    no_laxer_than_flask(damaged(|random, cookies| {
        let cookie = random.choice(cookies).unwrap().clone();
        damage::oddly_signed(random, &cookie).into_bytes()
    }));
}

#[test]
fn what_flask_reads_and_we_do_not_is_as_the_table_says() {
    let headers: Vec<_> = STRICTER
        .iter()
        .map(|stricter| header((stricter.example)().as_bytes()))
        .collect();
    let read = flask().read(&headers);
    for ((stricter, header), flask) in STRICTER.iter().zip(&headers).zip(&read) {
        assert_eq!(flask.oddities, [stricter.oddity], "{flask:?}");
        let opened = ours::open(header).unwrap();
        assert!(
            opened.values.is_empty(),
            "{}: {}",
            stricter.oddity,
            stricter.reason
        );
    }
}

/// Cookies that real Flask has minted, each damaged in this way.
fn damaged(
    mut damage: impl FnMut(&mut Rng, &[String]) -> Vec<u8>,
) -> impl Iterator<Item = Vec<u8>> {
    let mut random = random();
    let sessions: Vec<_> = (0..200)
        .map(|_| sessions::session(&mut random, Speaker::Python))
        .collect();
    let cookies = flask().mint(&sessions);
    (0..DAMAGED).map(move |_| damage(&mut random, &cookies))
}

/// Each opens to the same data in Flask, here and again in Flask after a change of ours; or here to nothing.
fn no_laxer_than_flask(values: impl Iterator<Item = Vec<u8>>) {
    let visits: Vec<_> = values
        .filter_map(|value| {
            let header = header(&value);
            // What no header can hold no server hands over.
            ours::open(&header).map(|opened| (header, opened))
        })
        .collect();
    let headers: Vec<_> = visits.iter().map(|(header, _)| header.clone()).collect();
    let in_flask = flask().read(&headers);

    let mut stricter = BTreeMap::new();
    let mut both = Vec::new();
    for ((header, ours), flask) in visits.iter().zip(&in_flask) {
        let cookie = String::from_utf8_lossy(header);
        match (!ours.values.is_empty(), flask.is_session) {
            (false, false) => {}
            (true, false) => panic!("{cookie}: {ours:?}, and in Flask {flask:?}"),
            (false, true) => {
                let known = STRICTER.iter().find(|known| flask.is_odd(known.oddity));
                let known =
                    known.unwrap_or_else(|| panic!("{cookie}: nothing, and in Flask {flask:?}"));
                *stricter.entry(known.oddity).or_insert(0) += 1;
            }
            (true, true) => {
                if let Some(members) = flask.members() {
                    let twice = flask.is_odd("name that is there twice");
                    same_values(ours, members, twice, &cookie);
                    both.push((members, ours.touched.clone()));
                }
            }
        }
    }
    let touched: Vec<_> = both.iter().map(|(_, touched)| touched.clone()).collect();
    let read = flask().read(&touched);
    for ((members, touched), again) in both.iter().zip(&read) {
        let cookie = String::from_utf8_lossy(touched);
        assert_eq!(
            again.members(),
            Some(&with_touched(members)),
            "{cookie}: {:?}",
            again.raised
        );
    }
    let opened = both.len();
    say(&format!(
        "{} cookies: {opened} opened alike, stricter here: {stricter:?}",
        visits.len()
    ));
    assert!(
        opened > DAMAGED / 50,
        "the damage leaves something to compare"
    );
}

fn same_values(ours: &ours::Opened, flasks: &Members, twice: bool, cookie: &str) {
    assert_eq!(ours.values.len(), flasks.len(), "{cookie}");
    for (name, flasks) in flasks {
        // A name with half a surrogate pair is written here with one backslash.
        let ours = ours.values.get(&data::unescaped(name));
        match ours.unwrap_or_else(|| panic!("`{name}` is missing in {cookie}")) {
            Some(value) => assert_eq!(Some(value), flasks.plain().as_ref(), "`{name}` in {cookie}"),
            // It may also be under a name that is there a second time.
            None => assert!(
                flasks.is_beyond_json() || twice,
                "`{name}` in {cookie}: {flasks:?}"
            ),
        }
    }
}

fn with_touched(members: &Members) -> Members {
    let mut members = members.clone();
    members.insert("touched".to_owned(), Data::Bool(true));
    members
}

/// The bytes of a cookie's payload, compressed or not.
fn payload_length(header: &str) -> usize {
    let payload = header
        .trim_start_matches("session=")
        .trim_start_matches('.');
    let end = payload.find('.').unwrap();
    end * 3 / 4
}

fn header(value: &[u8]) -> Vec<u8> {
    [b"session=", value].concat()
}

fn flask() -> MutexGuard<'static, Flask> {
    static FLASK: LazyLock<Mutex<Flask>> = LazyLock::new(|| Mutex::new(Flask::start()));
    // Where one test failed the others still say what they find.
    FLASK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same numbers in each test of a run.
fn random() -> Rng {
    static SEED: LazyLock<u64> = LazyLock::new(|| {
        let seed = match std::env::var("SESSION_TEST_SEED") {
            Ok(seed) => seed.parse().expect("SESSION_TEST_SEED must be a number"),
            Err(_) => fastrand::u64(..),
        };
        say(&format!(
            "SESSION_TEST_SEED={seed} makes the same cookies again"
        ));
        seed
    });
    Rng::with_seed(*SEED)
}

/// Also where the test passes, when its output is kept back.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
