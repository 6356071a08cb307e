"""Wiring of the web application."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

import flask_login
from flask import Flask
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_compress import Compress
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from consult.config import Config, from_env
from consult.database import Database, init_app
from consult.errors import DatabaseBehind
from consult.refusals.codes import Code, Refusal
from consult.schema import is_at_head
from consult.web import (
    access,
    addresses,
    assets,
    callers,
    errors,
    headers,
    health,
    intake,
    languages,
    limits,
    log,
    marks,
    signins,
)
from consult.web.expert import (
    autosave,
    correspondence,
    enter,
    help_and_print,
    links,
    mydata,
    respond,
    short_list,
    submit,
    tasks,
    whole_list,
)
from consult.web.public import published
from consult.web.results import dashboards
from consult.web.staff import accounts, briefing, downloads, facilitate, measures
from consult.words.catalogues import CATALOGUES

csrf = CSRFProtect()
csrf.exempt(correspondence.no_reminders)  # here, once: an exemption holds for the whole process
SLOWED = ("links.again", "links.ask", "links.ask_here", "links.write")
"""Views whose POST a caller can try so often only."""


def make_app(config: Config | None = None) -> Flask:
    """An application on one database.

    Raises DatabaseBehind when the database is not at the newest migration.
    """
    config = config or from_env()
    app = log.Application("consult.web", template_folder="templates", static_folder=None)
    app.jinja_options = {"undefined": StrictUndefined}  # a page shows what it is given, or fails
    app.config.update(_flask_settings(config))
    app.request_class = intake.BoundedRequest
    app.url_map.converters["int"] = intake.Whole
    app.extensions["consult_config"] = config
    database = Database(config.database_url)
    if not is_at_head(database):
        raise DatabaseBehind(Refusal(Code.DATABASE_IS_BEHIND))
    app.url_map.converters["spoilt"] = links.Spoilt
    init_app(app, database)
    addresses.register(app)
    assets.register(app)
    Compress(app)
    csrf.init_app(app)
    Babel(app, locale_selector=languages.select, default_translation_directories=str(CATALOGUES))
    login = flask_login.LoginManager(app)
    login.session_protection = None
    login.user_loader(access.load_staff)
    _add_views(app)
    errors.register(app)
    marks.register(app)
    headers.register(app)
    languages.register(app)
    host = urlsplit(config.public_url).netloc
    inner = health.under_any_name(app.wsgi_app, host)
    app.wsgi_app = callers.behind(inner, config.proxies)  # type: ignore[assignment,method-assign]
    return app


def _add_views(app: Flask) -> None:
    """All addresses of the application; some may be tried so often only."""
    for blueprint in (
        health.blueprint,
        assets.blueprint,
        enter.blueprint,
        links.blueprint,
        tasks.blueprint,
        mydata.blueprint,
        signins.blueprint,
        respond.blueprint,
        submit.blueprint,
        autosave.blueprint,
        correspondence.blueprint,
        help_and_print.blueprint,
        whole_list.blueprint,
        short_list.blueprint,
        accounts.blueprint,
        facilitate.blueprint,
        measures.blueprint,
        dashboards.blueprint,
        downloads.blueprint,
        briefing.blueprint,
        published.blueprint,
    ):
        app.register_blueprint(blueprint)
    for endpoint in SLOWED:
        view = cast(Callable[..., ResponseReturnValue], app.view_functions[endpoint])  # none of them is async
        app.view_functions[endpoint] = limits.limited(endpoint)(view)


def _flask_settings(config: Config) -> dict[str, object]:
    address = urlsplit(config.public_url)
    return {
        "SECRET_KEY": config.secret_key,
        "SESSION_COOKIE_NAME": "__Host-consult" if config.is_https else "consult",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=config.session_days),
        "TRUSTED_HOSTS": [address.hostname or "localhost", "localhost", "127.0.0.1"]
        if not config.is_https
        else [address.hostname],
        "MAX_CONTENT_LENGTH": config.upload_limit,
        "MAX_FORM_PARTS": intake.MOST_FIELDS,
        "WTF_CSRF_TIME_LIMIT": None,
        "PREFERRED_URL_SCHEME": address.scheme,
        # Pages as they are drawn; files are made for it (`assets`) or are streamed as they stand.
        "COMPRESS_MIMETYPES": ["text/html", "application/json", "image/svg+xml"],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_STREAMS": False,
    }
