"""Reads session cookies with Flask's own session interface.

One JSON object a line on standard input, with `cookie`, `secret`, `fallbacks`, `salt`, `digest` and
`key_derivation`; one a line on standard output: `{"data": …}`, the session as Flask's tagged JSON, or
`{"error": …}`.
"""

import hashlib
import json
import sys

from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface


def read(line):
    asked = json.loads(line)
    app = Flask(__name__)
    app.config["SECRET_KEY"] = asked["secret"]
    app.config["SECRET_KEY_FALLBACKS"] = asked["fallbacks"]
    interface = SecureCookieSessionInterface()
    interface.salt = asked["salt"]
    interface.key_derivation = asked["key_derivation"]
    interface.digest_method = staticmethod(getattr(hashlib, asked["digest"]))
    try:
        data = interface.get_signing_serializer(app).loads(asked["cookie"])
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"data": json.loads(TaggedJSONSerializer().dumps(data))}


for line in sys.stdin:
    print(json.dumps(read(line)), flush=True)
