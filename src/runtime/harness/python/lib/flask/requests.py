"""flask.Request, made from what the isolate is handed, and `request`, the one of the running call."""
from email.message import Message
from functools import cached_property
import io
from urllib.parse import parse_qsl, urlsplit

from _portico.current import current
from _portico.jsontext import loads

from .datastructures import FileStorage, Headers
from .exceptions import BadRequest, UnsupportedMediaType
from .multidict import MultiDict

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def _parse_pairs(text):
    return parse_qsl(text, keep_blank_values=True, errors="replace")


class Request:
    """What came in. `url` begins at what follows the endpoint: its path is `/` for the endpoint itself.

    Credentials never reach a handler, so `authorization` is None and there are no cookies. `parts` are the fields and files of
    a multipart body: ([(name, text)], [(field, filename, type, bytes)]).
    """

    authorization = None
    remote_addr = None
    script_root = ""
    endpoint = None
    view_args = None

    def __init__(self, method, url, headers, body=b"", parts=((), ())):
        self.method, self.url, self._body, self._parts = method, url, body, parts
        self._raw_headers = headers

    @cached_property
    def headers(self):
        return Headers([("-".join(word.capitalize() for word in name.split("-")), value) for name, value in self._raw_headers])

    @cached_property
    def _split(self):
        return urlsplit(self.url)

    @property
    def path(self):
        from urllib.parse import unquote

        return unquote(self._split.path, errors="replace") or "/"

    @property
    def query_string(self):
        return self._split.query.encode("latin-1", "replace")

    @property
    def full_path(self):
        return "%s?%s" % (self.path, self._split.query)

    @property
    def scheme(self):
        return self._split.scheme

    @property
    def is_secure(self):
        return self.scheme == "https"

    @property
    def host(self):
        return self._split.netloc

    @property
    def host_url(self):
        return "%s://%s/" % (self.scheme, self.host)

    root_url = url_root = host_url

    @property
    def base_url(self):
        return self.url.partition("?")[0]

    @cached_property
    def args(self):
        return MultiDict(_parse_pairs(self._split.query))

    @cached_property
    def form(self):
        if self.mimetype == _URLENCODED:
            return MultiDict(_parse_pairs(self._body.decode("utf-8", "replace")))
        return MultiDict(self._parts[0])

    @cached_property
    def files(self):
        return MultiDict([(field, FileStorage(content, name, field, kind)) for field, name, kind, content in self._parts[1]])

    @cached_property
    def values(self):
        """args, then form."""
        return MultiDict(self.args.items(multi=True) + self.form.items(multi=True))

    @property
    def cookies(self):
        return MultiDict()

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @cached_property
    def _type(self):
        message = Message()
        message["Content-Type"] = self.content_type or ""
        return message

    @property
    def mimetype(self):
        return self._type.get_content_type() if self.content_type else ""

    @property
    def mimetype_params(self):
        return {name: value for name, value in (self._type.get_params() or [])[1:]}

    @property
    def content_length(self):
        return self.headers.get("Content-Length", type=int)

    @property
    def user_agent(self):
        return self.headers.get("User-Agent", "")

    @property
    def referrer(self):
        return self.headers.get("Referer")

    @property
    def data(self):
        """The body, or b"" when it is a form: as in flask, that is in `form` and `files`."""
        return b"" if self.mimetype in (_URLENCODED, _MULTIPART) else self._body

    @property
    def stream(self):
        return io.BytesIO(self._body)

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        """The body as it was sent, whatever its type."""
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def is_json(self):
        return self.mimetype == "application/json" or (self.mimetype.startswith("application/") and self.mimetype.endswith("+json"))

    @property
    def json(self):
        return self.get_json()

    def get_json(self, force=False, silent=False, cache=True):
        """The body as JSON. 415 for another type, 400 for bad JSON; `silent` makes both None, `force` ignores the type."""
        if not (force or self.is_json):
            if silent:
                return None
            raise UnsupportedMediaType("The request's Content-Type is not application/json.")
        try:
            return self._json
        except ValueError as error:
            if silent:
                return None
            raise BadRequest("The body is not JSON: %s" % error) from None

    @cached_property
    def _json(self):
        return loads(self._body)

    def __repr__(self):
        return "<Request %r [%s]>" % (self.url, self.method)


class MergedRequest(Request):
    """The global `request` of a `handler()` without parameters. Its get_data() finds the input wherever the caller put it."""

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        """Combines data, form and query string by Content-Type, always as bytes (text with `as_text`).

        A body that is no form: the body. A form: its fields, then the query string, both urlencoded (files are left out).
        No body: the query string.
        """
        from urllib.parse import urlencode

        if self.mimetype in (_URLENCODED, _MULTIPART):
            fields = self._body if self.mimetype == _URLENCODED else urlencode(self.form.items(multi=True)).encode()
            data = b"&".join(part for part in (fields, self.query_string) if part)
        else:
            data = self._body or self.query_string
        return data.decode("utf-8", "replace") if as_text else data


class _CurrentRequest:
    """Stands for the request of the running call, as flask's own `request` does."""

    __slots__ = ()

    def _get(self):
        call = current()
        if call is None or call.request is None:
            raise RuntimeError("there is no request here: a function fed by name gets its parameters, not the request")
        return call.request

    def __getattr__(self, name):
        return getattr(self._get(), name)

    @property
    def __class__(self):
        return type(self._get())

    def __repr__(self):
        return repr(self._get())


request = _CurrentRequest()
