//! Random sessions: every type that Flask has a tag for, every kind of text, and sizes where compression begins to pay.

use fastrand::Rng;

use super::data::{Data, Float, Members};
use super::exact::escaped;

/// Who is to say it.
#[derive(Clone, Copy, PartialEq)]
pub enum Speaker {
    /// Python knows numbers and texts that are no JSON.
    Python,
    Rust,
}

/// Names that mean something, to Flask or to us, or to JSON.
const NAMES: [&str; 16] = [
    "a",
    "user_id",
    "_flashes",
    "_user_id",
    "_id",
    "csrf_token",
    "",
    " t",
    " b",
    " di",
    " d__",
    " x",
    "a\"b",
    "\\",
    "__proto__",
    "ключ",
];

pub fn session(random: &mut Rng, speaker: Speaker) -> Members {
    match random.u8(..4) {
        0 => near_compression(random),
        _ => {
            let count = random.usize(1..6);
            (0..count)
                .map(|_| (name(random), value(random, speaker, 4)))
                .collect()
        }
    }
}

/// One text of a length at which deflate gains a few bytes or loses some.
fn near_compression(random: &mut Rng) -> Members {
    let length = random.usize(0..120);
    let letters = *random
        .choice(["ab", "0123456789abcdef", "the cat and the hat ", "x"].iter())
        .unwrap();
    let letters: Vec<char> = letters.chars().collect();
    let said = match random.u8(..3) {
        0 => letters.iter().cycle().take(length).collect(),
        1 => (0..length)
            .map(|_| *random.choice(&letters).unwrap())
            .collect(),
        _ => (0..length).map(|_| random.alphanumeric()).collect(),
    };
    let mut members = Members::from([(name(random), Data::Text(said))]);
    if random.bool() {
        members.insert(name(random), Data::Integer(random.u32(..).to_string()));
    }
    members
}

fn name(random: &mut Rng) -> String {
    if random.bool() {
        escaped(random.choice(NAMES.iter()).unwrap())
    } else {
        text(random, 12)
    }
}

fn value(random: &mut Rng, speaker: Speaker, depth: usize) -> Data {
    let kinds = if depth == 0 { 9 } else { 12 };
    let inner = |random: &mut Rng| value(random, speaker, depth - 1);
    match random.u8(..kinds) {
        0 => Data::Null(()),
        1 => Data::Bool(random.bool()),
        2 => Data::Integer(integer(random)),
        3 => Data::Float(Float(float(random, speaker))),
        4 => Data::Bytes((0..random.usize(..20)).map(|_| random.u8(..)).collect()),
        5 => Data::Markup(text(random, 20)),
        6 => Data::Uuid(random.u128(..).to_be_bytes()),
        // The years 100 to 9999: an earlier one Flask reads as another than it wrote.
        7 => Data::Date(random.i64(-59_011_459_200..253_402_300_800)),
        8 => match speaker {
            Speaker::Python if random.u8(..8) == 0 => {
                Data::Text(format!("\\u{:04x}", random.u16(0xd800..0xe000)))
            }
            _ => Data::Text(text(random, 60)),
        },
        9 => Data::List((0..random.usize(..5)).map(|_| inner(random)).collect()),
        10 => Data::Tuple((0..random.usize(..5)).map(|_| inner(random)).collect()),
        _ => Data::Dict(
            (0..random.usize(..4))
                .map(|_| (name(random), inner(random)))
                .collect(),
        ),
    }
}

fn integer(random: &mut Rng) -> String {
    match random.u8(..4) {
        0 => random.i8(..).to_string(),
        1 => random.i64(..).to_string(),
        2 => random.u64(..).to_string(),
        _ => {
            let digits: String = (0..random.usize(1..60)).map(|_| random.digit(10)).collect();
            format!("-{}{digits}", random.char('1'..='9'))
        }
    }
}

fn float(random: &mut Rng, speaker: Speaker) -> f64 {
    match random.u8(..4) {
        0 => f64::from(random.i16(..)),
        1 => f64::from(random.i32(..)) * 10_f64.powi(random.i32(-40..40)),
        2 if speaker == Speaker::Python => *random
            .choice([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].iter())
            .unwrap(),
        _ => Some(f64::from_bits(random.u64(..)))
            .filter(|number| number.is_finite())
            .unwrap_or(-0.0),
    }
}

/// A text of any characters, of up to so many of them.
fn text(random: &mut Rng, longest: usize) -> String {
    let length = random.usize(..=longest);
    let kind = random.u8(..5);
    let said: String = (0..length).map(|_| character(random, kind)).collect();
    escaped(&said)
}

fn character(random: &mut Rng, kind: u8) -> char {
    match kind {
        0 => random.alphanumeric(),
        1 => random.char('\0'..='\u{7f}'),
        2 => *random
            .choice(
                [
                    '"', '\\', '/', '\'', '<', '>', '&', ' ', '\u{7f}', '\0', '\n', '\u{2028}',
                ]
                .iter(),
            )
            .unwrap(),
        3 => random.char('\u{80}'..='\u{ffff}'),
        _ => random.char('\u{10000}'..='\u{10ffff}'),
    }
}
