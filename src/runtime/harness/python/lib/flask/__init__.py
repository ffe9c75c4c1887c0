"""The part of flask that request handlers use: requests, responses and errors. There is no app, routing, session or template here."""
import json as _json  # noqa: F401  (`from flask import json`)

from .datastructures import FileStorage, Headers
from .exceptions import HTTPException, abort
from .multidict import MultiDict
from .requests import Request, request
from .responses import Response, jsonify, make_response, redirect

json = _json
__all__ = ["FileStorage", "HTTPException", "Headers", "MultiDict", "Request", "Response"]
__all__ += ["abort", "json", "jsonify", "make_response", "redirect", "request"]


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError("module 'flask' has no attribute %r" % name)
    raise ImportError("flask.%s is not available here; flask has %s" % (name, ", ".join(sorted(__all__))), name="flask")
