"""Mints and reads session cookies with Flask's own session interface, at a time that stands still.

    python share_sessions.py SECRET_KEY NOW

One JSON object a line on standard input, one a line on standard output, in order.

`{"mint": DATA}` gives `{"cookie": …}`. `{"read": HEADER}`, a request's Cookie header, gives `{}` for an empty session,
`{"raised": …}` where Flask would answer 500, and of any other session

    data      what it holds
    length    of its JSON text, and
    deflated  of that text as Python compresses it, both in bytes
    oddities  what no signer writes and Flask reads all the same

DATA is an object of one member, which says the type: `{"tuple": [{"integer": "1"}]}`. In texts a backslash is doubled,
so that half a surrogate pair, which Python has, can be written: `\\ud800`.
"""

import json
import re
import sys
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta, timezone
from uuid import UUID

from flask import Flask, Request
from flask.json.tag import (
    TagBytes,
    TagDateTime,
    TagDict,
    TaggedJSONSerializer,
    TagMarkup,
    TagTuple,
    TagUUID,
)
from itsdangerous import TimestampSigner
from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DEEPEST = 40
HALF = re.compile("[\ud800-\udfff]")


def main():
    secret, now = sys.argv[1], int(sys.argv[2])
    TimestampSigner.get_timestamp = lambda self: now
    app = Flask(__name__)
    app.config["SECRET_KEY"] = secret
    watched = Watched()
    app.session_interface.serializer = watched
    for line in sys.stdin:
        asked = json.loads(line)
        if "mint" in asked:
            answer = mint(app, asked["mint"])
        else:
            answer = read(app, watched, asked["read"])
        print(json.dumps(answer), flush=True)


def mint(app, data):
    signer = app.session_interface.get_signing_serializer(app)
    return {"cookie": signer.dumps(to_python(data))}


def read(app, watched, header):
    environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "HTTP_COOKIE": header}
    request = Request(environ)
    watched.begin()
    try:
        session = app.session_interface.open_session(app, request)
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {error}"}
    if not session:
        return {}
    text = watched.text.encode()
    note_base64(watched.oddities, request.cookies["session"])
    if type(session.get("_permanent")) is int:
        watched.oddities.add("lifetime of its own")
    answer = {
        "length": len(text),
        "deflated": len(zlib.compress(text)),
        "oddities": sorted(watched.oddities),
    }
    if depth(dict(session)) <= DEEPEST:
        answer["data"] = of_python(dict(session))
    return answer


class Watched:
    """Flask's reader and writer, with a note of what is odd in what it reads."""

    def __init__(self):
        self.serializer = TaggedJSONSerializer()
        for tag in WATCHED:
            tag.watched = self
            self.serializer.register(tag, force=True, index=0)
            # Flask's own stays in the order of writing; `register` replaced it for reading.
            self.serializer.order.pop(0)
        self.begin()

    def begin(self):
        self.text, self.oddities = "", set()

    def dumps(self, value):
        return self.serializer.dumps(value)

    def loads(self, text):
        self.text = text
        if re.search(r"[0-9]{4301}", text):
            self.oddities.add("more than 4300 digits in a row")
        if len(text) > 1 << 20:
            self.oddities.add("more than one MiB of text")
        plain = json.loads(text, object_pairs_hook=self.members)
        if depth(plain) > 320:
            self.oddities.add("nested more than 320 levels deep")
        if not isinstance(plain, dict):
            self.oddities.add("root that is no object")
        elif len(plain) == 1 and next(iter(plain)) in self.serializer.tags:
            self.oddities.add("root that is a tag")
        return self.serializer.loads(text)

    def members(self, pairs):
        if len(dict(pairs)) < len(pairs):
            self.oddities.add("name that is there twice")
        return dict(pairs)


class WatchedBytes(TagBytes):
    def to_python(self, value):
        if not isinstance(value, str):
            self.watched.oddities.add("bytes of what is no text")
        return super().to_python(value)


class WatchedDict(TagDict):
    def to_python(self, value):
        if isinstance(value, dict) and HALF.search(next(iter(value), "")):
            self.watched.oddities.add("half a surrogate pair in a tag")
        return super().to_python(value)


class WatchedDate(TagDateTime):
    def to_python(self, value):
        if value is not None and not isinstance(value, str):
            self.watched.oddities.add("date of what is no text")
        elif value is not None and not value.isascii():
            self.watched.oddities.add("date beyond ASCII")
        date = super().to_python(value)
        try:
            self.to_json(date or EPOCH)
        except OverflowError:
            self.watched.oddities.add("date that Flask cannot write")
        return date


class WatchedMarkup(TagMarkup):
    def to_python(self, value):
        if not isinstance(value, str):
            self.watched.oddities.add("markup of what is no text")
        return super().to_python(value)


class WatchedTuple(TagTuple):
    def to_python(self, value):
        if isinstance(value, str) and HALF.search(value):
            self.watched.oddities.add("half a surrogate pair in a tag")
        return super().to_python(value)


class WatchedUUID(TagUUID):
    def to_python(self, value):
        bare = value.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
        if not re.fullmatch(r"[0-9A-Fa-f]{32}", bare):
            self.watched.oddities.add("UUID with a sign, a blank or an underscore")
        return super().to_python(value)


WATCHED = (WatchedBytes, WatchedDate, WatchedDict, WatchedMarkup, WatchedTuple, WatchedUUID)


def note_base64(oddities, cookie):
    body, time, signature = cookie.rsplit(".", 2)
    for part in [body.removeprefix("."), time, signature]:
        padded = part + "=" * (-len(part) % 4)
        try:
            one_spelling = urlsafe_b64encode(urlsafe_b64decode(padded)).decode().rstrip("=")
        except ValueError:
            one_spelling = None
        if part != one_spelling:
            oddities.add("sloppy base64")


def depth(value):
    deepest, level = 0, [value]
    while level:
        parts = [part for part in level if isinstance(part, (dict, list, tuple))]
        deepest += bool(parts)
        level = [item for part in parts for item in (part.values() if isinstance(part, dict) else part)]
    return deepest


def to_python(data):
    ((kind, value),) = data.items()
    match kind:
        case "null" | "bool":
            return value
        case "integer":
            return int(value)
        case "float":
            return float(value)
        case "text":
            return unescaped(value)
        case "list":
            return [to_python(item) for item in value]
        case "tuple":
            return tuple(to_python(item) for item in value)
        case "dict":
            return {unescaped(name): to_python(item) for name, item in value.items()}
        case "bytes":
            return bytes(value)
        case "markup":
            return Markup(unescaped(value))
        case "uuid":
            return UUID(bytes=bytes(value))
        case "date":
            return EPOCH + timedelta(seconds=value)
    raise ValueError(kind)


def of_python(value):
    match value:
        case None:
            return {"null": None}
        case bool():
            return {"bool": value}
        case int():
            return {"integer": str(value)}
        case float():
            return {"float": repr(value)}
        case Markup():
            return {"markup": escaped(value)}
        case str():
            return {"text": escaped(value)}
        case list():
            return {"list": [of_python(item) for item in value]}
        case tuple():
            return {"tuple": [of_python(item) for item in value]}
        case dict():
            return {"dict": {escaped(name): of_python(item) for name, item in value.items()}}
        case bytes():
            return {"bytes": list(value)}
        case UUID():
            return {"uuid": list(value.bytes)}
        case datetime():
            return {"date": (value - EPOCH) // timedelta(seconds=1)}
    raise TypeError(f"no session holds a {type(value).__name__}")


def escaped(text):
    doubled = str(text).replace("\\", "\\\\")
    return HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", doubled)


def unescaped(text):
    return re.sub(
        r"\\(\\|u[0-9a-f]{4})",
        lambda found: "\\" if found[1] == "\\" else chr(int(found[1][1:], 16)),
        text,
    )


if __name__ == "__main__":
    main()
