"""Logins in real Flask-Login under strong protection, and Flask-WTF's CSRF token, for tests that share them.

    SECRET_KEY=... python flask_login_app.py

The address of a free port is printed when requests can be sent.
"""

import logging
import os

from flask import Flask, request
from flask_login import (
    LoginManager,
    UserMixin,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
    current_user,
)
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.serving import make_server
from wtforms.validators import ValidationError


class User(UserMixin):
    def __init__(self, id: str) -> None:
        self.id = id


def create_app(secret_key: str) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secret_key, SESSION_PROTECTION="strong")
    LoginManager(app).user_loader(User)
    add_routes(app)
    return app


def add_routes(app: Flask) -> None:
    @app.get("/login")
    def login() -> str:
        login_user(User("5"), remember=True)
        return ""

    @app.get("/logout")
    def logout() -> str:
        logout_user()
        return ""

    @app.get("/account")
    @login_required
    def account() -> str:
        return current_user.id

    @app.get("/fresh")
    @fresh_login_required
    def fresh() -> str:
        return current_user.id

    @app.get("/csrf")
    def csrf() -> str:
        return generate_csrf()

    @app.get("/check")
    def check() -> str:
        try:
            validate_csrf(request.args["token"])
        except ValidationError as error:
            return str(error)
        return "valid"


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(os.environ["SECRET_KEY"]), threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
