"""flask.Response and the functions that make one."""
from http import HTTPStatus

from _portico.jsontext import dumps, loads

from .datastructures import Headers
from .returned import unpack


def _bytes(body):
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "replace")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    return b"".join(_bytes(part) for part in body)


class Response:
    """An answer. An iterable body is read to its end when the response is made: answers of Python handlers are sent whole."""

    default_mimetype = "text/html"
    # The type, where nobody has said one.
    _assumed_type = None

    def __init__(self, response=None, status=None, headers=None, mimetype=None, content_type=None, direct_passthrough=False):
        self.data = response
        self.status = 200 if status is None else status
        self.headers = Headers(headers)
        if content_type is None and mimetype is not None:
            self.mimetype = mimetype
        elif content_type is not None:
            self.headers.set("Content-Type", content_type)
        elif "Content-Type" not in self.headers and self.data:
            self.mimetype = self.default_mimetype
            self._assumed_type = self.content_type

    @property
    def data(self):
        return self._data

    @data.setter
    def data(self, value):
        self._data = _bytes(value)

    def set_data(self, value):
        self.data = value

    def get_data(self, as_text=False):
        return self.data.decode("utf-8", "replace") if as_text else self.data

    @property
    def response(self):
        return [self.data]

    @property
    def status(self):
        try:
            return "%d %s" % (self.status_code, HTTPStatus(self.status_code).phrase.upper())
        except ValueError:
            return "%d UNKNOWN" % self.status_code

    @status.setter
    def status(self, value):
        """Takes 404, "404" and "404 NOT FOUND"."""
        self.status_code = int(value.split()[0]) if isinstance(value, str) else int(value)

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @content_type.setter
    def content_type(self, value):
        self.headers.set("Content-Type", value)

    @property
    def mimetype(self):
        return (self.content_type or "").partition(";")[0].strip().lower() or None

    @mimetype.setter
    def mimetype(self, value):
        is_text = value.startswith("text/") or value in ("application/xml", "application/javascript") or value.endswith("+xml")
        self.content_type = value + "; charset=utf-8" if is_text and "charset" not in value else value

    @property
    def is_untyped(self):
        """True when nobody has said what the body is: flask then calls it HTML."""
        return self._assumed_type is not None and self.content_type == self._assumed_type

    @property
    def content_length(self):
        return len(self.data)

    @property
    def location(self):
        return self.headers.get("Location")

    @property
    def is_json(self):
        return self.mimetype == "application/json"

    @property
    def json(self):
        return self.get_json()

    def get_json(self, force=False, silent=False):
        if not (force or self.is_json):
            return None
        try:
            return loads(self.data)
        except ValueError:
            if silent:
                return None
            raise

    def set_cookie(self, *args, **kwargs):
        raise RuntimeError("handlers cannot set cookies: the service sends none from user code")

    delete_cookie = set_cookie

    def __repr__(self):
        return "<Response %d bytes [%s]>" % (len(self.data), self.status)


def jsonify(*args, **kwargs):
    """A JSON response of its one argument, of all of them as a list, or of the keywords as an object."""
    if args and kwargs:
        raise TypeError("jsonify() takes either arguments or keywords")
    value = kwargs if not args and kwargs else args[0] if len(args) == 1 else list(args) if args else {}
    return Response(dumps(value), mimetype="application/json")


def make_response(*args):
    """A Response of whatever a handler can return: make_response(value), (value, status), (value, status, headers)."""
    value, status, headers = unpack(args if len(args) > 1 else args[0] if args else "", strict=True)
    if not isinstance(value, Response):
        is_body = value is None or isinstance(value, (str, bytes, bytearray))
        value = Response(value) if is_body else jsonify(value)
    if status is not None:
        value.status = status
    value.headers.update(headers)
    return value


def redirect(location, code=302):
    """A redirect; whether it may leave the service is decided by the endpoint's rules."""
    return Response(None, code, {"Location": location})
