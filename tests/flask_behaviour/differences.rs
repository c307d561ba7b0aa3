//! Where we differ from Flask on purpose, why, and what we do instead. What is not named is as in Flask.

/// A recorded case that goes otherwise here.
pub struct Difference {
    pub case: &'static str,
    pub reason: &'static str,
    pub ours: Ours,
}

pub enum Ours {
    /// The settings are refused, with a sentence that has this in it.
    Refused(&'static str),
    /// What is otherwise, by the numbers of the steps.
    Steps(Steps),
}

/// Steps, counted from 1, and what is otherwise in each of them.
pub type Steps = &'static [(&'static [usize], &'static [Aspect])];

#[derive(Debug)]
pub enum Aspect {
    Status(u16),
    /// What the operations give, as JSON.
    Results(&'static str),
    Sends(Sent),
    Vary(&'static [&'static str]),
}

/// The session's cookie in the response.
#[derive(Debug)]
pub enum Sent {
    Nothing,
    /// A session of this content, with the attributes that Flask's had, or with Flask's default ones.
    Session(&'static str),
}

use Aspect::{Results, Sends, Status, Vary};

const NOTHING: Aspect = Sends(Sent::Nothing);

/// A signed payload that Flask answers with 500, over and over, until the visitor deletes the cookie.
const EMPTY_SESSION: &[Aspect] = &[Status(200), Results("[{}]"), Vary(&["Cookie"])];

pub const DIFFERENCES: &[Difference] = &[
    // What is a change.
    Difference {
        case: "setting the value that is there already still writes",
        reason: "nothing has changed, so there is nothing to send: of parallel requests fewer overwrite each other",
        ours: Ours::Steps(&[(&[2], &[NOTHING])]),
    },
    Difference {
        case: "update with nothing counts as a change",
        reason: "there is no `update`; a loop over nothing changes nothing and looks at nothing",
        ours: Ours::Steps(&[(&[2], &[Results("[null, false]"), NOTHING, Vary(&[])])]),
    },
    Difference {
        case: "session.modified = False after a write suppresses it",
        reason: "a change is saved, or taken back by setting what was there; there is no switch that hides one",
        ours: Ours::Steps(&[(&[1], &[Sends(Sent::Session(r#"{"user_id": 12345}"#))])]),
    },
    Difference {
        case: "nested append is not noticed",
        reason: "a value changes by being set, or through a `&mut` binding, and either is noticed",
        ours: Ours::Steps(&[(
            &[2],
            &[
                Results("[null, [1, 2], true]"),
                Sends(Sent::Session(r#"{"cart": [1, 2]}"#)),
            ],
        )]),
    },
    Difference {
        case: "nested set in a dict is not noticed",
        reason: "a value changes by being set, or through a `&mut` binding, and either is noticed",
        ours: Ours::Steps(&[(&[2], &[Sends(Sent::Session(r#"{"prefs": {"a": 2}}"#))])]),
    },
    Difference {
        case: "HEAD is handled as GET",
        reason: "HEAD is safe by HTTP's own words, so what the handler changes is dropped",
        ours: Ours::Steps(&[(&[1], &[NOTHING])]),
    },
    // An empty session deletes no cookie: it may be somebody else's, newer one.
    Difference {
        case: "clear of an untouched empty session in a request that also read it",
        reason: "clearing an empty session is no change",
        ours: Ours::Steps(&[(&[1], &[NOTHING])]),
    },
    Difference {
        case: "clear on no cookie still sends a deletion",
        reason: "clearing an empty session is no change",
        ours: Ours::Steps(&[(&[1], &[NOTHING])]),
    },
    Difference {
        case: "set, then clear in one request, no cookie before",
        reason: "what was set and cleared leaves the session as it was",
        ours: Ours::Steps(&[(&[1], &[NOTHING])]),
    },
    Difference {
        case: "session.modified = True on an empty session deletes the cookie",
        reason: "an empty session has nothing to renew and nothing to delete",
        ours: Ours::Steps(&[(&[1], &[NOTHING])]),
    },
    Difference {
        case: "expired, then read, untouched, write, clear",
        reason: "an expired session is an empty one, and clearing that is no change",
        ours: Ours::Steps(&[(&[5], &[NOTHING])]),
    },
    // What is a look.
    Difference {
        case: "Vary when only session.modified is read",
        reason: "`is_modified` tells what this request did, not what the cookie says",
        ours: Ours::Steps(&[(&[2], &[Vary(&[])])]),
    },
    Difference {
        case: "Vary when only session.accessed is read",
        reason: "a session that is extracted and not asked has said nothing of the cookie",
        ours: Ours::Steps(&[(&[1], &[Vary(&[])])]),
    },
    Difference {
        case: "Vary: * gets Cookie appended",
        reason: "`*` says that the response depends on everything",
        ours: Ours::Steps(&[(&[1], &[Vary(&["*"])])]),
    },
    Difference {
        case: "two Vary header lines",
        reason: "Flask loses the second line, and with it what a cache must know",
        ours: Ours::Steps(&[(&[1], &[Vary(&["Accept", "Origin", "Cookie"])])]),
    },
    // Permanence.
    Difference {
        case: "permanent = False writes the key and drops Expires",
        reason: "no `_permanent` says the same to Flask, and is shorter",
        ours: Ours::Steps(&[
            (&[2], &[Sends(Sent::Session(r#"{"user_id": 12345}"#))]),
            (&[3], &[Results(r#"[{"user_id": 12345}, false]"#)]),
        ]),
    },
    Difference {
        case: "permanent alone makes a session of one key",
        reason: "what the session keeps for itself is not counted among the application's values",
        ours: Ours::Steps(&[(&[2], &[Results(r#"[{"_permanent": true}, 0]"#)])]),
    },
    // Settings that a browser would punish in silence.
    Difference {
        case: "a session over 4,093 bytes is sent all the same (only a Python warning)",
        reason: "browsers drop the cookie, and with it the login: an error that names the largest keys",
        ours: Ours::Steps(&[(&[1], &[Status(500), NOTHING])]),
    },
    Difference {
        case: "SameSite=None without Secure is sent as it is",
        reason: "browsers refuse the cookie",
        ours: Ours::Refused("browsers refuse SameSite=None without Secure"),
    },
    Difference {
        case: "unknown SameSite: every write is a 500, reads work",
        reason: "a setting that cannot work is refused when it is set",
        ours: Ours::Refused("SameSite is `Strict`, `Lax` or `None`"),
    },
    Difference {
        case: "no SECRET_KEY: reading works without Vary, writing is a 500",
        reason: "there is no configuration without a key, and none with an empty one",
        ours: Ours::Refused("the secret key is empty"),
    },
    // Cookies that cannot be read.
    Difference {
        case: "duplicate cookie: the first wins, also when it is invalid",
        reason: "the valid one wins: a stale twin of another Domain or Path must not log anyone out",
        ours: Ours::Steps(&[(&[2], &[Results("[12345]")])]),
    },
    Difference {
        case: "Cookie header: what is and is not a separator",
        reason: "the valid one wins, also over one that is empty or has no value",
        ours: Ours::Steps(&[(&[13, 14, 15], &[Results("[1]")])]),
    },
    Difference {
        case: "sloppy signatures",
        reason: "base64 is read strictly: no signer writes padding or anything behind it",
        ours: Ours::Steps(&[(&[2, 3, 4], &[Results("[null]")])]),
    },
    Difference {
        case: "odd timestamps, correctly signed",
        reason: "base64 is read strictly: no signer writes padding, or bits that are not used",
        ours: Ours::Steps(&[(&[1, 3], &[Results("[{}]")])]),
    },
    Difference {
        case: "correctly signed but unreadable: 500 on every URL, no cookie",
        reason: "an empty session, so that a visitor is not locked out",
        ours: Ours::Steps(&[
            (&[1], &[Status(200)]),
            (&[2], &[Status(404)]),
            (&[3], &[Status(200), Results("[null]"), Vary(&["Cookie"])]),
        ]),
    },
    Difference {
        case: "odd payloads that open: roots that are no object",
        reason: "no signer writes these, and what Python's `dict()` makes of them nobody has meant",
        ours: Ours::Steps(&[(&[4, 5, 7], &[Results("[{}]")])]),
    },
    Difference {
        case: "payloads that are a 500: roots",
        reason: "an empty session, so that a visitor is not locked out",
        ours: Ours::Steps(&[(&[1, 2, 3, 4, 5, 6, 7], EMPTY_SESSION)]),
    },
    Difference {
        case: "payloads that are a 500: tags",
        reason: "an empty session, so that a visitor is not locked out",
        ours: Ours::Steps(&[(
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
            EMPTY_SESSION,
        )]),
    },
    Difference {
        case: "payloads that are a 500: JSON",
        reason: "an empty session, so that a visitor is not locked out",
        ours: Ours::Steps(&[(
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
            EMPTY_SESSION,
        )]),
    },
    Difference {
        case: "timestamps beyond the year 9999, correctly signed: 500",
        reason: "an empty session, so that a visitor is not locked out",
        ours: Ours::Steps(&[(&[1, 2, 3], EMPTY_SESSION)]),
    },
];
