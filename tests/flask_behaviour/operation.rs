//! What a handler does to the session, by the recording's words: each of Flask's operations through our own ones.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use session_runtime::{Session, SessionError, flask};

use crate::application::Results;
use crate::tagged::{plain, tag};

/// Does the operations in order, until one ends the handler, and answers as they say.
pub fn perform(session: &Session, operations: &[Vec<Value>], results: &Results) -> Response {
    let mut response = StatusCode::OK.into_response();
    for operation in operations {
        match one(session, operation, &mut response) {
            Ok(result) => results.push(result),
            Err(End::KeyError) => {
                results.push(json!({ "raises": "KeyError" }));
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            Err(End::Answer(status)) => return status.into_response(),
            Err(End::Session(error)) => {
                results.push(json!({ "error": error.to_string() }));
                return error.into_response();
            }
        }
    }
    response
}

/// What ends a handler early.
enum End {
    KeyError,
    Answer(StatusCode),
    Session(SessionError),
}

impl From<SessionError> for End {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

fn one(session: &Session, operation: &[Value], response: &mut Response) -> Result<Value, End> {
    let text = |at: usize| operation[at].as_str().unwrap();
    let get = |key: &str| session.get::<Value>(key);
    let pop = |key: &str| session.pop::<Value>(key);
    Ok(match text(0) {
        "get" => get(text(1))?.unwrap_or_else(|| operation.get(2).cloned().unwrap_or_default()),
        "index" => get(text(1))?.ok_or(End::KeyError)?,
        "set" => {
            let value = &operation[2];
            if plain(value) == *value {
                session.set(text(1), value)?;
            } else {
                flask::set(session, text(1), python(value))?;
            }
            Value::Null
        }
        "pop" => pop(text(1))?
            .or_else(|| operation.get(2).cloned())
            .ok_or(End::KeyError)?,
        "delete" => {
            pop(text(1))?.ok_or(End::KeyError)?;
            Value::Null
        }
        "popitem" => {
            let last = session.keys().pop().ok_or(End::KeyError)?;
            let value = pop(&last)?;
            json!([last, value])
        }
        "setdefault" => session.set_default(text(1), operation[2].clone())?,
        "update" => {
            for (key, value) in operation[1].as_object().unwrap() {
                session.set(key, value)?;
            }
            Value::Null
        }
        "clear" => {
            session.clear()?;
            Value::Null
        }
        "contains" => session.contains(text(1)).into(),
        "len" => session.keys().len().into(),
        "bool" => (!session.is_empty()).into(),
        "keys" => session.keys().into(),
        "all" => Value::Object(all(session)?),
        "set_permanent" => {
            session.set_permanent(operation[1].as_bool().unwrap())?;
            Value::Null
        }
        "get_permanent" => session.is_permanent().into(),
        "get_modified" => session.is_modified().into(),
        "set_modified" => {
            // What asks for the cookie to be sent anew. Nothing asks for a change not to be saved.
            if operation[1] == true {
                session.renew()?;
            }
            Value::Null
        }
        // Flask's flags that are always the same; we have none.
        "get_new" => false.into(),
        "get_accessed" => true.into(),
        // A value in our session changes by being set, whatever part of it is new.
        "list_append" => {
            let mut list: Vec<Value> = session.get(text(1))?.ok_or(End::KeyError)?;
            list.push(operation[2].clone());
            session.set(text(1), list)?;
            Value::Null
        }
        "nested_set" => {
            let mut object: Map<String, Value> = session.get(text(1))?.ok_or(End::KeyError)?;
            object.insert(text(2).to_owned(), operation[3].clone());
            session.set(text(1), object)?;
            Value::Null
        }
        "respond_header" => {
            let name: HeaderName = text(1).parse().unwrap();
            response.headers_mut().append(name, header(text(2)));
            Value::Null
        }
        "respond_cookie" => {
            let line = format!("{}={}; Path=/", text(1), text(2));
            response.headers_mut().append(SET_COOKIE, header(&line));
            Value::Null
        }
        "respond_redirect" => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(LOCATION, header(text(1)));
            Value::Null
        }
        "abort" => {
            let status = u16::try_from(operation[1].as_u64().unwrap()).unwrap();
            return Err(End::Answer(StatusCode::from_u16(status).unwrap()));
        }
        // Flask makes a 500 of the exception before it saves. A panic would save nothing; an error is the counterpart.
        "raise" => return Err(End::Answer(StatusCode::INTERNAL_SERVER_ERROR)),
        "flash" => {
            let category = operation.get(2).and_then(Value::as_str);
            flask::flash(session, text(1), category.unwrap_or("message"))?;
            Value::Null
        }
        "get_flashed" => flashed(session, operation.get(1).unwrap_or(&Value::Null))?,
        unknown => panic!("{unknown}"),
    })
}

/// Everything, with what the session keeps for itself.
fn all(session: &Session) -> Result<Map<String, Value>, SessionError> {
    let mut all = Map::new();
    for name in session.keys() {
        let value = session.get(&name)?.unwrap_or_default();
        all.insert(name, value);
    }
    if session.is_permanent() {
        all.insert("_permanent".to_owned(), true.into());
    }
    Ok(all)
}

/// Flask's `get_flashed_messages`, whose options are an iterator's work here.
fn flashed(session: &Session, options: &Value) -> Result<Value, SessionError> {
    let wanted = |category: &str| match options["category_filter"].as_array() {
        Some(filter) => filter.contains(&json!(category)),
        None => true,
    };
    let messages = flask::flashes(session)?.into_iter();
    let messages = messages.filter(|(category, _)| wanted(category));
    Ok(if options["with_categories"] == true {
        json!(messages.collect::<Vec<_>>())
    } else {
        json!(messages.map(|(_, message)| message).collect::<Vec<_>>())
    })
}

/// The value that the recording writes with tags.
fn python(tagged: &Value) -> flask::Value {
    match (tag(tagged), tagged) {
        (Some((" t", Value::Array(items))), _) => flask::Value::tuple(items.iter().map(python)),
        (Some((" b", _)), _) => {
            let bytes: Vec<u8> = serde_json::from_value(plain(tagged)).unwrap();
            flask::Value::bytes(bytes)
        }
        (Some((" m", html)), _) => flask::Value::markup(html.as_str().unwrap()),
        (Some((" u", hex)), _) => {
            let number = u128::from_str_radix(hex.as_str().unwrap(), 16).unwrap();
            flask::Value::uuid(number.to_be_bytes())
        }
        (Some((" d", date)), _) => {
            assert_eq!(date, "Tue, 14 Nov 2023 22:13:20 GMT");
            flask::Value::date(UNIX_EPOCH + Duration::from_secs(1_700_000_000))
        }
        (None, Value::Array(items)) => flask::Value::list(items.iter().map(python)),
        _ => flask::Value::new(plain(tagged)),
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap()
}
