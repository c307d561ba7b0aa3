//! Texts that are JSON, nearly JSON, or Python's idea of it, with tags whose content fits and tags whose content does not.

use fastrand::Rng;

/// What is mostly a session: an object, or now and then something else.
pub fn session(random: &mut Rng) -> String {
    match random.u8(..12) {
        0 => value(random, 3),
        1 => format!(
            "{}{}",
            value(random, 2),
            pick(random, &["", "x", " ", "\u{feff}", "}", "\0"])
        ),
        2 => pairs(random),
        _ => {
            let count = random.usize(1..4);
            let members: Vec<_> = (0..count)
                .map(|_| format!("{}:{}", name(random), value(random, 4)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// What Python's `dict` takes in place of an object.
fn pairs(random: &mut Rng) -> String {
    let pair = format!("[{},{}]", name(random), value(random, 1));
    pick(
        random,
        &[
            "[P]",
            "[P,P]",
            "{\" t\":[P]}",
            "{\" t\":[{\" t\":P}]}",
            "[\"ab\"]",
            "{\" di\":{\"a__\":P}}",
        ],
    )
    .replace('P', &pair)
}

fn value(random: &mut Rng, depth: usize) -> String {
    match random.u8(..if depth == 0 { 4 } else { 8 }) {
        0 => leaf(random, NUMBERS),
        1 => leaf(random, TEXTS),
        2 => leaf(random, WORDS),
        3 => random.i64(..).to_string(),
        4 => {
            let items: Vec<_> = (0..random.usize(..4))
                .map(|_| value(random, depth - 1))
                .collect();
            format!("[{}]", items.join(pick(random, &[",", ",", " , ", ",\n"])))
        }
        5 => {
            let members: Vec<_> = (0..random.usize(..4))
                .map(|_| {
                    format!(
                        "{}{}{}",
                        name(random),
                        pick(random, &[":", ":", " :\t"]),
                        value(random, depth - 1)
                    )
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        _ => tagged(random, depth),
    }
}

fn tagged(random: &mut Rng, depth: usize) -> String {
    let (tag, fitting) = *random
        .choice(&[
            (" t", LISTS),
            (" b", BASE64),
            (" m", TEXTS),
            (" u", UUIDS),
            (" d", DATES),
            (" di", ESCAPED),
        ])
        .unwrap();
    let content = match random.u8(..4) {
        0 => value(random, depth - 1),
        1 => tagged_or_word(random, depth),
        _ => pick(random, fitting).to_owned(),
    };
    let tag = if random.u8(..8) == 0 {
        tag.replace(' ', "\\u0020")
    } else {
        tag.to_owned()
    };
    let more = pick(random, &["", "", "", "", "", ",\"a\":1", "__"]);
    match more {
        "__" => format!("{{\"{tag}__\":{content}}}"),
        more => format!("{{\"{tag}\":{content}{more}}}"),
    }
}

/// A value that another tag has made something else of, or none.
fn tagged_or_word(random: &mut Rng, depth: usize) -> String {
    if depth > 1 {
        tagged(random, depth - 1)
    } else {
        leaf(random, WORDS)
    }
}

/// One of these, or now and then what is no JSON.
fn leaf(random: &mut Rng, among: &[&str]) -> String {
    let among = if random.u8(..30) == 0 {
        NOT_JSON
    } else {
        among
    };
    pick(random, among).to_owned()
}

fn name(random: &mut Rng) -> String {
    leaf(random, NAMES)
}

fn pick<'a>(random: &mut Rng, among: &[&'a str]) -> &'a str {
    random.choice(among.iter()).copied().unwrap_or_default()
}

const NAMES: &[&str] = &[
    r#""a""#,
    r#""b""#,
    r#""\u0061""#,
    r#""""#,
    r#"" t""#,
    r#"" di""#,
    r#"" d__""#,
    r#""\ud800""#,
    r#""\uD800""#,
    r#""_flashes""#,
    r#""_permanent""#,
    r#""_fresh""#,
    r#""é""#,
    r#""\u00e9""#,
    r#""\/""#,
    r#""/""#,
];

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "1.0",
    "-0.0",
    "1e5",
    "1E+05",
    "1e999",
    "-1e999",
    "1e-999",
    "0e0",
    "123456789012345678901234567890",
    "18446744073709551616",
    "9007199254740993",
    "9007199254740993.0",
    "1.7976931348623157e308",
    "5e-324",
    "0.1",
    "1e16",
];

const WORDS: &[&str] = &["null", "true", "false", "NaN", "Infinity", "-Infinity"];

const NOT_JSON: &[&str] = &[
    "",
    "00",
    "01",
    "+1",
    "1.",
    ".5",
    "1e",
    "0x10",
    "1_000",
    "-",
    "--1",
    "-NaN",
    "1NaN",
    "NaN1",
    "1Infinity",
    "Infinity1",
    "--Infinity",
    "+Infinity",
    "NaNNaN",
    "nan",
    "None",
    "True",
    "nul",
    "NaN.5",
    "0NaN",
    "-1e-Infinity",
    "a",
    "'a'",
    "\"a",
    r#""a\""#,
    r#""\x""#,
    r#""\u12""#,
    r#""\u+123""#,
    "\"\t\"",
    "\"\0\"",
];

const TEXTS: &[&str] = &[
    r#""""#,
    r#""a""#,
    r#""<b>&amp;""#,
    r#""é""#,
    r#""\u00E9""#,
    r#""\ud83d\ude42""#,
    r#""\ud83d""#,
    r#""\ude42\ud83d""#,
    r#""\u0000""#,
    "\"\u{7f}\"",
    r#""\/""#,
    "\"\u{2028}\"",
    r#""NaN""#,
    r#"" t""#,
];

const LISTS: &[&str] = &[
    "[]",
    "[1]",
    r#"[1,{" t":[]}]"#,
    r#"[{" b":"QQ=="}]"#,
    r#""abc""#,
    r#""é🙂""#,
    r#"{"a":1,"b":2}"#,
    "[1,]",
    r#"{" b":"QUI="}"#,
    r#"{" m":"ab"}"#,
    r#"{" d":null}"#,
];

const BASE64: &[&str] = &[
    r#""""#,
    r#""QQ==""#,
    r#""QUI=""#,
    r#""QUJD""#,
    r#""QQ""#,
    r#""QUI""#,
    r#""Q""#,
    r#""Q=Q=""#,
    r#""=QQ=""#,
    r#""Q Q = =""#,
    r#""__-_""#,
    r#""_w==""#,
    r#""QR==""#,
    r#""QQ==QQ==""#,
    r#""QQ===""#,
    r#""QQ=A""#,
    r#""====""#,
    r#""A===""#,
    r#""é""#,
    r#""QUI=\n""#,
    r#""\u0051Q==""#,
    r#""QUJDQ""#,
    r#""QQ=Q==""#,
    r#""QUI=QUI=""#,
];

const UUIDS: &[&str] = &[
    r#""0123456789abcdef0123456789abcdef""#,
    r#""01234567-89AB-CDEF-0123-456789abcdef""#,
    r#""{0123456789abcdef0123456789abcdef}""#,
    r#""urn:uuid:01234567-89ab-cdef-0123-456789abcdef""#,
    r#""0123456789abcdef0123456789abcde""#,
    r#""0123456789abcdef_123456789abcdef""#,
    r#""+123456789abcdef0123456789abcdef""#,
    r#"" 123456789abcdef0123456789abcdef""#,
    r#""0x23456789abcdef0123456789abcdef""#,
    r#""-0-1-2-3456789abcdef0123456789abcdef""#,
    r#""{{0123456789abcdef0123456789abcdef""#,
    r#""uuid:uuid:0123456789abcdef0123456789abcdef""#,
    r#""0123456789abcdef0123456789abcdeg""#,
    r#""٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠١""#,
    r#""{-0123456789abcdef0123456789abcdef-}""#,
    r#""-{0123456789abcdef0123456789abcdef}""#,
    r#""uurn:rn:0123456789abcdef0123456789abcdef""#,
];

const DATES: &[&str] = &[
    r#""Tue, 14 Nov 2023 22:13:20 GMT""#,
    r#""Tuesday, 14-Nov-23 22:13:20 GMT""#,
    r#""Tue Nov 14 22:13:20 2023""#,
    r#""14 Nov 2023 22:13:20 +0200""#,
    r#""Tue, 14 Nov 2023 22:13:20 -0000""#,
    r#""Tue, 14 Nov 2023 22:13:20""#,
    r#""Tue, 14 Nov 2023 22:13 GMT""#,
    r#""14 Nov 2023""#,
    r#""Tue, 31 Feb 2023 22:13:20 GMT""#,
    r#""Tue, 14 Nov 2023 24:13:20 GMT""#,
    r#""Tue, 14 Nov 2023 22:13:60 GMT""#,
    r#""Tue, 14 Nov 2023 22:13:20 EST""#,
    r#""Tue, 14 Nov 2023 22:13:20 XYZ""#,
    r#""Tue, 14 November 2023 22:13:20 GMT""#,
    r#""Mon, 14 Nov 2023 22:13:20 GMT""#,
    r#""Tue,14 Nov 2023 22:13:20 GMT""#,
    r#""14 nov 70 1:2:3 GMT""#,
    r#""14 nov 68 1:2:3 GMT""#,
    r#""14 nov 69 1:2:3 GMT""#,
    r#""14 nov 123 1:2:3 GMT""#,
    r#""1 Jan 0001 00:00:00 GMT""#,
    r#""1 Jan 0000 00:00:00 GMT""#,
    r#""1 Jan 10000 00:00:00 GMT""#,
    r#""31 Dec 9999 23:59:59 -0100""#,
    r#""1 Jan 0001 00:00:00 +0100""#,
    r#""14 Nov 2023 22:13:20 +02:00""#,
    r#""14 Nov 2023 22:13:20 +9999""#,
    r#""14 Nov 2023 22.13.20 GMT""#,
    r#""""#,
    r#""0""#,
    "null",
    "0",
    "false",
    "[]",
    "{}",
    "1.5",
    r#""2023-11-14T22:13:20Z""#,
    r#""14 Nov 2023 22:13:9999999999 GMT""#,
    r#""14 nov 99999999999 1:2:3 GMT""#,
    r#""14 Nov 2023 1:2:3 99999999999999999""#,
    r#""14 Nov 2023 1:2:3 +2399""#,
    r#""Nov 14, 1_9, 1:2:3, GMT""#,
    r#""14 GMT 2023 1:2:3 nov""#,
    r#""1-nov-46 1:2:3 -100""#,
    r#""14 Nov 2023 1:2:3-700""#,
    r#""14 Nov 2023 22:13:20 \u0130""#,
    r#""14\u001fNov 2023 22:13:20""#,
    r#""nov 1 1:2:3 1999""#,
    r#""14 Nov 2023 22:13:20 GMT trailing""#,
    r#""Tue, 14 Nov 2023 22:13:20 UTC""#,
    r#""Tue, 14 Nov 2023 22:13:20 Z""#,
];

const ESCAPED: &[&str] = &[
    r#"{" t__":1}"#,
    r#"{" t__":[1]}"#,
    r#"{" di__":{" t":[1]}}"#,
    r#"{"a":1}"#,
    r#"{"":1}"#,
    r#"{"é":1}"#,
    r#"{" t__":1,"b":2}"#,
    "{}",
    "[]",
    r#""ab""#,
    "null",
    r#"{"\u0020t__":{" di":{" b__":1}}}"#,
    r#"{"\ud800":1}"#,
    r#"{"abc\ud800":1}"#,
    r#"{"a\ud83d\ude42":1}"#,
    r#"{" t__":1," t__":2}"#,
    r#"{"a__":1,"b__":2}"#,
];
