"""The part of flask that request handlers use: requests, responses and errors. No app, routing, sessions or templates."""
import json as _json  # noqa: F401  (`from flask import json`)

from .datastructures import FileStorage, Headers
from .exceptions import HTTPException, abort
from .multidict import MultiDict
from .requests import Request, request
from .responses import Response, jsonify, make_response, redirect, stream_with_context
from .sending import send_file
from .unavailable import instead_of

json = _json
__all__ = ["FileStorage", "HTTPException", "Headers", "MultiDict", "Request", "Response"]
__all__ += ["abort", "json", "jsonify", "make_response", "redirect", "request", "send_file", "stream_with_context"]


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError("module 'flask' has no attribute %r" % name)
    message = "flask.%s is not available here; flask has %s. %s" % (name, ", ".join(sorted(__all__)), instead_of(name))
    raise ImportError(message.strip(), name="flask")
