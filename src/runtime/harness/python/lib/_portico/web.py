"""Outbound HTTP through the fetch of the harness, which asks the service."""
import http.client
import io
import json as _json
import urllib.request
import urllib.response
from urllib.parse import urlencode

from pyodide.ffi import JsException, run_sync, to_js



class FetchError(OSError):
    """The request was refused, or got no response."""

    __module__ = "portico"


class Fetched:
    """A response: status, ok, url, headers (lower-case names), content (bytes), text, json()."""

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
    """Sends a request and waits for the whole response. `json` is sent as JSON, a dict as `data` as a form, `params` in the query.

    A status of 400 or more is returned like any other; raises FetchError when there is no response, as for a host not on the list.
    """
    headers = {name.lower(): value for name, value in dict(headers or {}).items()}
    if json is not None:
        data = _json.dumps(json)
        headers.setdefault("content-type", "application/json")
    elif isinstance(data, dict):
        data = urlencode(data, doseq=True)
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    if params:
        url, hash, fragment = url.partition("#")
        url += ("&" if "?" in url else "?") + urlencode(params, doseq=True) + hash + fragment
    return _send(url, method, headers, data.encode() if isinstance(data, str) else data)


def _send(url, method, headers, body):
    from js import Object
    from js import fetch as js_fetch

    options = {"method": method, "headers": list(headers.items()), **({} if body is None else {"body": body})}
    try:
        answer = run_sync(js_fetch(url, to_js(options, dict_converter=Object.fromEntries)))
        content = run_sync(answer.arrayBuffer()).to_bytes()
    except JsException as error:
        raise FetchError("%s: %s" % (url, error.message.removeprefix("fetch failed: "))) from None
    return Fetched(answer.status, answer.url, dict(answer.headers), content)


def _do_open(handler, connection, request, **options):
    """Sends for urllib.request's HTTPHandler and HTTPSHandler: sockets are not available."""
    answer = _send(request.full_url, request.get_method(), dict(request.header_items()), request.data)
    message = http.client.HTTPMessage()
    for name, value in answer.headers.items():
        message[name] = value
    response = urllib.response.addinfourl(io.BytesIO(answer.content), message, answer.url, answer.status)
    response.msg = http.client.responses.get(answer.status, "")
    return response


def use_fetch_in_urllib():
    urllib.request.AbstractHTTPHandler.do_open = _do_open
