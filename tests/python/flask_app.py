"""The quickstart's three routes in real Flask, for tests that share sessions with it.

    SECRET_KEY=... python flask_app.py [--digest sha256]

PORT, SECRET_KEY and SESSION_COOKIE_NAME are read from the environment. PORT 0, or
none, means any free one. When requests can be sent, one line with the address is
printed: http://127.0.0.1:PORT
"""

import argparse
import hashlib
import logging
import os
from datetime import timedelta

from flask import Flask, Response, redirect, session, url_for
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import make_server

DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


def create_app(secret_key: str, digest: str, cookie_name: str) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME=cookie_name,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=60),
    )
    interface = SecureCookieSessionInterface()
    interface.digest_method = DIGESTS[digest]
    app.session_interface = interface
    add_routes(app)
    return app


def add_routes(app: Flask) -> None:
    @app.get("/")
    def index() -> str:
        if "user_id" in session:
            return f"Logged in as user {session['user_id']}"
        return "Not logged in"

    @app.get("/login")
    def login():
        session.permanent = True
        session["user_id"] = 12345
        return redirect(url_for("index"))

    @app.get("/logout")
    def logout():
        session.pop("user_id", None)
        return redirect(url_for("index"))

    @app.get("/dump")
    def dump() -> Response:
        """The whole session in Flask's tagged JSON, as the cookie would hold it."""
        text = TaggedJSONSerializer().dumps(dict(session))
        return Response(text, mimetype="application/json")


def main() -> None:
    arguments = argparse.ArgumentParser(description="The quickstart in real Flask.")
    arguments.add_argument("--digest", choices=sorted(DIGESTS), default="sha1")
    digest = arguments.parse_args().digest

    secret_key = os.environ.get("SECRET_KEY")
    if not secret_key:
        arguments.error("set SECRET_KEY to the key that the sessions are signed with")
    app = create_app(secret_key, digest, os.environ.get("SESSION_COOKIE_NAME", "session"))

    # The one line on standard output is the address; requests are not news.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", int(os.environ.get("PORT", "0")), app, threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
