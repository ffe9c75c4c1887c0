"""flask.Response and the functions that make one."""
from datetime import timedelta
from hashlib import sha1
from http import HTTPStatus

from _portico.jsontext import dumps, loads

from .conditional import ContentRange, apply
from .datastructures import Headers
from .cookies import cookie_of
from .fields import Field, HeaderSet, LinkedField, ResponseCacheControl, http_date, media_type, media_type_params, parse_date
from .fields import quote_etag, retry_after, seconds, unquote_etag
from .returned import unpack
from .unavailable import without


def _bytes(body):
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "replace")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    return b"".join(_bytes(part) for part in body)


class _Stream:
    """Appends to the body of a response."""

    def __init__(self, response):
        self.response = response

    def write(self, value):
        self.response.data += _bytes(value)
        return len(value)

    def writelines(self, values):
        for value in values:
            self.write(value)


@without(
    {
        "access_control_allow_credentials access_control_allow_headers access_control_allow_methods access_control_allow_origin "
        "access_control_expose_headers access_control_max_age": "The endpoint's setting `cors` writes the CORS headers.",
        "content_security_policy content_security_policy_report_only cross_origin_embedder_policy cross_origin_opener_policy": (
            "The service decides on these headers."
        ),
        "www_authenticate": 'Set headers["WWW-Authenticate"].',
        "json_module": "Use flask.jsonify.",
        "force_type from_app get_app_iter get_wsgi_headers get_wsgi_response": "WSGI is not available: return the Response.",
    }
)
class Response:
    """A response. An iterable body is read to its end when the response is made: Python handlers send whole bodies."""

    default_mimetype = "text/html"
    default_status = 200
    # Bodies are always whole, and locations stay as they are.
    is_streamed = direct_passthrough = autocorrect_location_header = False
    is_sequence = automatically_set_content_length = implicit_sequence_conversion = True
    # The type that flask assumes without one.
    _assumed_type = None
    _status = None
    _on_close = ()

    accept_ranges = Field("Accept-Ranges")
    age = Field("Age", lambda text: timedelta(seconds=int(text)), lambda value: "%d" % seconds(value))
    allow = LinkedField("Allow", HeaderSet)
    cache_control = LinkedField("Cache-Control", ResponseCacheControl)
    content_encoding = Field("Content-Encoding")
    content_language = LinkedField("Content-Language", HeaderSet)
    content_length = Field("Content-Length", int)
    content_location = Field("Content-Location")
    content_md5 = Field("Content-MD5")
    content_range = LinkedField("Content-Range", ContentRange)
    content_type = Field("Content-Type")
    date = Field("Date", parse_date, http_date)
    expires = Field("Expires", parse_date, http_date)
    last_modified = Field("Last-Modified", parse_date, http_date)
    location = Field("Location")
    retry_after = Field("Retry-After", retry_after, lambda value: str(value) if isinstance(value, (int, str)) else http_date(value))
    vary = LinkedField("Vary", HeaderSet)

    def __init__(self, response=None, status=None, headers=None, mimetype=None, content_type=None, direct_passthrough=False):
        self.headers = Headers(headers)
        self._data = _bytes(response)
        self.status = self.default_status if status is None else status
        if content_type is None and mimetype is not None:
            self.mimetype = mimetype
        elif content_type is not None:
            self.headers.set("Content-Type", content_type)
        elif self._data and "Content-Type" not in self.headers:
            self.mimetype = self.default_mimetype
            self._assumed_type = self.content_type
        if isinstance(response, (str, bytes, bytearray)):
            self.content_length = len(self._data)

    @property
    def data(self):
        return self._data

    @data.setter
    def data(self, value):
        self._data = _bytes(value)
        self.content_length = len(self._data)

    def set_data(self, value):
        self.data = value

    def get_data(self, as_text=False):
        return self.data.decode("utf-8", "replace") if as_text else self.data

    def calculate_content_length(self):
        return len(self.data)

    @property
    def response(self):
        return [self.data]

    @response.setter
    def response(self, value):
        self._data = _bytes(value)

    def iter_encoded(self):
        return iter(self.response)

    def make_sequence(self):
        """Does nothing: the body is already read."""

    @property
    def stream(self):
        return _Stream(self)

    @property
    def status_code(self):
        return self._status_code

    @status_code.setter
    def status_code(self, value):
        self._status_code, self._status = int(value), None

    @property
    def status(self):
        if self._status:
            return self._status
        try:
            return "%d %s" % (self.status_code, HTTPStatus(self.status_code).phrase.upper())
        except ValueError:
            return "%d UNKNOWN" % self.status_code

    @status.setter
    def status(self, value):
        """Takes 404, "404" and "404 Not Found". Only the number is sent."""
        if isinstance(value, str):
            self.status_code, *reason = value.split(None, 1)
            self._status = value.strip() if reason else None
        else:
            self.status_code = value

    @property
    def mimetype(self):
        return media_type(self.content_type) or None

    @mimetype.setter
    def mimetype(self, value):
        is_text = value.startswith("text/") or value in ("application/xml", "application/javascript") or value.endswith("+xml")
        self.content_type = value + "; charset=utf-8" if is_text and "charset" not in value else value

    @property
    def mimetype_params(self):
        return media_type_params(self.content_type)

    @property
    def is_untyped(self):
        """True when the type is flask's assumption, HTML."""
        return self._assumed_type is not None and self.content_type == self._assumed_type

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

    def get_etag(self):
        """Returns (etag, is weak), or (None, None)."""
        return unquote_etag(self.headers.get("ETag"))

    def set_etag(self, etag, weak=False):
        self.headers.set("ETag", quote_etag(etag, weak))

    def add_etag(self, overwrite=False, weak=False):
        """Sets the hash of the body as its ETag, unless there is one."""
        if overwrite or "ETag" not in self.headers:
            self.set_etag(sha1(self.data).hexdigest(), weak)

    def freeze(self):
        self.content_length = len(self.data)
        self.add_etag()

    def make_conditional(self, request_or_environ, accept_ranges=False, complete_length=None):
        """Makes this a 304, 412 or 206 when the request's If-* and Range headers ask for it. Throws HTTPException 416."""
        environ = request_or_environ
        apply(self, environ["werkzeug.request"] if isinstance(environ, dict) else environ, accept_ranges, complete_length)
        return self

    def call_on_close(self, function):
        """Calls the function when the response is complete, before it is sent."""
        self._on_close = (*self._on_close, function)
        return function

    def close(self):
        for function in self._on_close:
            function()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def set_cookie(self, key, value="", max_age=None, expires=None, path="/", domain=None, secure=False, httponly=False, samesite=None, partitioned=False):
        """Adds a cookie, which `response.cookies` of the endpoint must list. Portico itself sets Secure, HttpOnly and the host, and keeps the path within the endpoint."""
        self.headers.add("Set-Cookie", cookie_of(key, value, max_age, expires, path, samesite))

    def delete_cookie(self, key, path="/", domain=None, secure=False, httponly=False, samesite=None, partitioned=False):
        self.set_cookie(key, expires=0, max_age=0, path=path, samesite=samesite)

    def __repr__(self):
        return "<Response %d bytes [%s]>" % (len(self.data), self.status)


def jsonify(*args, **kwargs):
    """Returns a JSON response of its one argument, of all of them as a list, or of the keywords as an object."""
    if args and kwargs:
        raise TypeError("jsonify() takes either arguments or keywords")
    value = kwargs if not args and kwargs else args[0] if len(args) == 1 else list(args) if args else {}
    return Response(dumps(value), mimetype="application/json")


def make_response(*args):
    """Returns a Response for any result of a handler: make_response(value), (value, status), (value, status, headers)."""
    value, status, headers = unpack(args if len(args) > 1 else args[0] if args else "", strict=True)
    if not isinstance(value, Response):
        is_body = value is None or isinstance(value, (str, bytes, bytearray))
        value = Response(value) if is_body else jsonify(value)
    if status is not None:
        value.status = status
    value.headers.update(headers)
    return value


def redirect(location, code=302, Response=Response):
    """Returns a redirect; the endpoint's rules decide whether it may lead to another host."""
    return Response(None, code, {"Location": location})


def stream_with_context(generator_or_function):
    """Returns its argument: a body is read while its call is running, so that it finds the request."""
    return generator_or_function
