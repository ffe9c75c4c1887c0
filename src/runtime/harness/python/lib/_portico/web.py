"""The way out: HTTP through the isolate's own fetch, which the endpoint's egress list guards."""
import http.client
import io
import json as _json
import time
import urllib.request
import urllib.response
from urllib.parse import urlencode, urlsplit

from pyodide.ffi import JsException, run_sync, to_js

from .current import current


class FetchError(OSError):
    """The request was refused, or found no answer."""

    __module__ = "portico"


class Fetched:
    """An answer: status, ok, url, headers (lower-case names), content (bytes), text, json()."""

    def __init__(self, status, url, headers, content):
        self.status, self.url, self.headers, self.content = status, url, headers, content

    status_code = property(lambda self: self.status)
    ok = property(lambda self: self.status < 400)
    text = property(lambda self: self.content.decode("utf-8", "replace"))

    def json(self):
        return _json.loads(self.content)

    def __repr__(self):
        return "<Fetched %d %s>" % (self.status, self.url)


def fetch(url, method="GET", headers=None, data=None, json=None, params=None):
    """Sends a request and waits for the whole answer. `json` is sent as JSON, a dict as `data` as a form, `params` in the query.

    A status of 400 or more is an answer like any other; FetchError is for no answer at all, as from a host not on the list.
    """
    headers = dict(headers or {})
    if json is not None:
        data = _json.dumps(json)
        headers.setdefault("content-type", "application/json")
    elif isinstance(data, dict):
        data = urlencode(data, doseq=True)
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    if params:
        url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
    return _send(url, method, headers, data.encode() if isinstance(data, str) else data)


def _send(url, method, headers, body):
    from js import Object
    from js import fetch as js_fetch

    note = _note(url, method, headers)
    options = {"method": method, "headers": list(headers.items()), **({} if body is None else {"body": body})}
    try:
        answer = run_sync(js_fetch(url, to_js(options, dict_converter=Object.fromEntries)))
        refused = answer.headers.get("x-portico-refused")
        content = run_sync(answer.arrayBuffer()).to_bytes()
    except JsException as error:
        note["refused"] = error.message[:200]
        raise FetchError("%s: %s" % (url, error.message)) from None
    if refused is not None:
        note["refused"] = refused
        raise FetchError("%s: %s" % (url, refused))
    note["status"] = answer.status
    return Fetched(answer.status, answer.url, dict(answer.headers), content)


# Requests that a run keeps.
_NOTED = 100
_CLOSED = "this endpoint has no network: its egress list is empty"


def _note(url, method, headers):
    """Notes a request in the run, counts it, and gives it the mark of how many calls of Portico stand behind it."""
    call = current()
    if call is None:
        raise FetchError("%s: there is no network here" % url)
    call.sent += 1
    at = max(0, round((time.time() - call.log.started) * 1000))
    note = {"at": at, "method": method, "host": (urlsplit(url).hostname or "")[:253], "status": None}
    if len(call.outbound) < _NOTED:
        call.outbound.append(note)
    most = call.info.get("requests", 0)
    if call.sent > most:
        note["refused"] = "more than %d requests in one call" % most if most else _CLOSED
        raise FetchError("%s: %s" % (url, note["refused"]))
    if "depth" in call.info:
        headers["x-portico-depth"] = call.info["depth"]
    return note


def _do_open(handler, connection, request, **options):
    """Sends for urllib.request's HTTPHandler and HTTPSHandler, which have no sockets here."""
    answer = _send(request.full_url, request.get_method(), dict(request.header_items()), request.data)
    message = http.client.HTTPMessage()
    for name, value in answer.headers.items():
        message[name] = value
    response = urllib.response.addinfourl(io.BytesIO(answer.content), message, answer.url, answer.status)
    response.msg = http.client.responses.get(answer.status, "")
    return response


def use_fetch_in_urllib():
    urllib.request.AbstractHTTPHandler.do_open = _do_open
