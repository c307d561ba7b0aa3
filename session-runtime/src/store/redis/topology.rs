//! What a cluster says about itself: which slots are whose. Knows no connection.

use redis::Value;

use super::refusal::Place;
use super::slot::SLOTS;

/// Slots that are one node's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) master: Place,
}

/// What `CLUSTER SLOTS` answers, read; `None` if it is nothing of the kind, or says that no slot is anybody's. The node that
/// says so is at `host`.
pub(super) fn ranges(reply: Value, host: &str) -> Option<Vec<Range>> {
    let Value::Array(items) = reply else {
        return None;
    };
    let ranges: Option<Vec<_>> = items.into_iter().map(|item| range(item, host)).collect();
    ranges.filter(|ranges| !ranges.is_empty())
}

/// The first slot, the last, the master, and its replicas.
fn range(item: Value, host: &str) -> Option<Range> {
    let Value::Array(parts) = item else {
        return None;
    };
    let [first, last, Value::Array(master), ..] = &*parts else {
        return None;
    };
    let [name, port, ..] = &**master else {
        return None;
    };
    let (first, last) = (number(first)?, number(last)?);
    (first <= last && last < SLOTS).then_some(Range {
        first,
        last,
        master: Place::new(text(name)?, number(port)?, host),
    })
}

fn number(value: &Value) -> Option<u16> {
    match value {
        Value::Int(number) => u16::try_from(*number).ok(),
        _ => None,
    }
}

/// A host. One that is not known is nothing, or nil.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        Value::Nil => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Option<Vec<Range>> {
        ranges(redis::parse_redis_value(answer.as_bytes()).unwrap(), "here")
    }

    #[test]
    fn each_range_names_its_master() {
        let node = "*3\r\n$3\r\nten\r\n:7000\r\n$2\r\nid\r\n";
        let unknown = "*3\r\n$-1\r\n:7001\r\n$2\r\nid\r\n";
        let answer =
            format!("*2\r\n*4\r\n:0\r\n:5460\r\n{node}{unknown}*3\r\n:5461\r\n:16383\r\n{unknown}");
        let place = |host: &str, port| Place::new(host, port, "");
        let range = |first, last, master| Range {
            first,
            last,
            master,
        };
        let expected = vec![
            range(0, 5460, place("ten", 7000)),
            range(5461, 16_383, place("here", 7001)),
        ];
        assert_eq!(read(&answer), Some(expected));
    }

    #[test]
    fn what_names_no_slot_is_no_topology() {
        for answer in [
            "*0\r\n",
            "+OK\r\n",
            "*1\r\n*2\r\n:0\r\n:1\r\n",
            "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
            "*1\r\n*3\r\n:9\r\n:1\r\n*2\r\n$1\r\na\r\n:1\r\n",
            "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\na\r\n:70000\r\n",
        ] {
            assert_eq!(read(answer), None, "{answer}");
        }
    }
}
