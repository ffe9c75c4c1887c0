"""Runs handlers on the real flask, where the script's packages have it: a function in the context of a request, an app by WSGI."""
from functools import cache
import sys

from flask.environ import environ_of

from .answers import Answer, from_value
from . import tasks


def has_flask():
    """Returns whether the script has the real flask. The harness's own then has another name; see packages.make_room."""
    return "_portico.flask" in sys.modules and "werkzeug" in sys.modules


def is_app(function):
    return callable(getattr(function, "wsgi_app", None))


def serve_app(app, request):
    """Calls a WSGI application. Returns its answer."""
    head = {"kind": "response", "status": 500, "headers": []}
    written = []

    def start_response(status, headers, exc_info=None):
        head.update(status=int(status.partition(" ")[0]), headers=headers)
        return written.append

    parts = app(_environ_of(request), start_response)
    try:
        written.extend(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return _answer(head, b"".join(written))


def serve_function(call, request):
    """Calls a handler so that flask's functions work in it, such as jsonify and abort. Returns its answer."""
    app = _app()
    with app.request_context(_environ_of(request)):
        try:
            value = tasks.result_of(call())
        except sys.modules["werkzeug.exceptions"].HTTPException as error:
            value = error.get_response()
        first = value[0] if isinstance(value, tuple) and value else value
        if not isinstance(first, sys.modules["werkzeug.wrappers"].Response):
            return from_value(value, False)
        response = app.make_response(value)
        head = {"kind": "response", "status": response.status_code, "headers": list(response.headers.items())}
        try:
            return _answer(head, response.get_data())
        finally:
            response.close()


@cache
def _app():
    return sys.modules["flask"].Flask("handler", static_folder=None)


def _environ_of(request):
    environ = environ_of(request)
    del environ["werkzeug.request"]
    return environ


def _answer(head, content):
    # The platform sets the length.
    head["headers"] = [(name, value) for name, value in head["headers"] if name.lower() != "content-length"]
    if content:
        return Answer(head, content)
    return Answer({**head, "kind": "none"})
