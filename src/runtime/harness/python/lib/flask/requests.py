"""flask.Request, built from the input of the isolate, and `request`, the one of the running call."""
from functools import cached_property
import io
from urllib.parse import parse_qsl, urlsplit

from _portico.current import current
from _portico.jsontext import loads

from .accept import Accept, CharsetAccept, LanguageAccept, MIMEAccept
from .conditional import ETags, IfRange, Range
from .cookies import cookies_of
from .datastructures import FileStorage, Headers
from .environ import environ_of
from .exceptions import BadRequest, UnsupportedMediaType
from .fields import Field, HeaderSet, RequestCacheControl, media_type, media_type_params, parse_date
from .multidict import ImmutableMultiDict
from .unavailable import without

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def _parse_pairs(text):
    return parse_qsl(text, keep_blank_values=True, errors="replace")


class UserAgent(str):
    """The User-Agent header as text. Its parts are not parsed."""

    browser = language = platform = version = None

    @property
    def string(self):
        return str(self)

    to_header = string.fget


def _parsed(name, parse):
    """A header of the request, parsed once: `parse` gets its text, or None."""
    return cached_property(lambda request: parse(request.headers.get(name)))


@without(
    {
        "application from_values": "WSGI is not available: the handler gets its request.",
        "dict_storage_class form_data_parser_class json_module list_storage_class make_form_data_parser on_json_loading_failed "
        "parameter_storage_class shallow trusted_hosts user_agent_class": "Requests are always of the class Request.",
    }
)
class Request:
    """The request of a call. The path of `url` is the subpath: `/` for the endpoint itself.

    Credentials and addresses never reach a handler, so `authorization` and `remote_addr` are None. Cookies are those that
    `response.cookies` of the endpoint lists. `parts` are the fields and files of a multipart body: ([(name, text)], [(field, filename, type, bytes)]).
    """

    authorization = remote_addr = remote_user = None
    script_root = root_path = ""
    # No routes exist.
    blueprint = endpoint = routing_exception = url_rule = view_args = None
    # The endpoint's limits hold before the handler runs.
    max_content_length = max_form_memory_size = max_form_parts = None
    is_multiprocess = is_multithread = is_run_once = False

    accept_charsets = _parsed("Accept-Charset", CharsetAccept.parse)
    accept_encodings = _parsed("Accept-Encoding", Accept.parse)
    accept_languages = _parsed("Accept-Language", LanguageAccept.parse)
    accept_mimetypes = _parsed("Accept", MIMEAccept.parse)
    access_control_request_method = Field("Access-Control-Request-Method")
    access_control_request_headers = Field("Access-Control-Request-Headers", HeaderSet.parse)
    cache_control = _parsed("Cache-Control", RequestCacheControl.parse)
    content_encoding = Field("Content-Encoding")
    content_length = Field("Content-Length", int)
    content_md5 = Field("Content-MD5")
    content_type = Field("Content-Type")
    date = Field("Date", parse_date)
    if_match = _parsed("If-Match", ETags.parse)
    if_modified_since = Field("If-Modified-Since", parse_date)
    if_none_match = _parsed("If-None-Match", ETags.parse)
    if_range = _parsed("If-Range", IfRange.parse)
    if_unmodified_since = Field("If-Unmodified-Since", parse_date)
    max_forwards = Field("Max-Forwards", int)
    origin = Field("Origin")
    pragma = _parsed("Pragma", HeaderSet.parse)
    range = Field("Range", Range.parse)
    referrer = Field("Referer")
    user_agent = _parsed("User-Agent", lambda text: UserAgent(text or ""))

    def __init__(self, method, url, headers, body=b"", parts=((), ())):
        self.method, self.url, self._body, self._parts = method, url, body, parts
        self._raw_headers = headers

    @cached_property
    def environ(self):
        return environ_of(self)

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
    def server(self):
        """Returns (host, port)."""
        return self._split.hostname, self._split.port or (443 if self.is_secure else 80)

    @property
    def access_route(self):
        return []

    blueprints = access_route

    @property
    def host_url(self):
        return "%s://%s/" % (self.scheme, self.host)

    root_url = url_root = host_url

    @property
    def base_url(self):
        return self.url.partition("?")[0]

    @cached_property
    def args(self):
        return ImmutableMultiDict(_parse_pairs(self._split.query))

    @cached_property
    def form(self):
        if self.mimetype == _URLENCODED:
            return ImmutableMultiDict(_parse_pairs(self._body.decode("utf-8", "replace")))
        return ImmutableMultiDict(self._parts[0])

    @cached_property
    def files(self):
        return ImmutableMultiDict([(field, FileStorage(content, name, field, kind)) for field, name, kind, content in self._parts[1]])

    @cached_property
    def values(self):
        """args, then form."""
        return ImmutableMultiDict(self.args.items(multi=True) + self.form.items(multi=True))

    @property
    def cookies(self):
        return ImmutableMultiDict(cookies_of(self.headers.get("Cookie")))

    @property
    def mimetype(self):
        return media_type(self.content_type)

    @property
    def mimetype_params(self):
        return media_type_params(self.content_type)

    @property
    def data(self):
        """The body, or b"" when it is a form: as in flask, a form is in `form` and `files`."""
        return b"" if self.mimetype in (_URLENCODED, _MULTIPART) else self._body

    @cached_property
    def stream(self):
        return io.BytesIO(self._body)

    @property
    def input_stream(self):
        return self.stream

    @property
    def want_form_data_parsed(self):
        return bool(self.content_type)

    def close(self):
        """Closes the files of the form."""
        for _, file in self.files.items(multi=True):
            file.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        """Returns the raw body, whatever its type."""
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def is_json(self):
        return self.mimetype == "application/json" or (self.mimetype.startswith("application/") and self.mimetype.endswith("+json"))

    @property
    def json(self):
        return self.get_json()

    def get_json(self, force=False, silent=False, cache=True):
        """Returns the body parsed as JSON. 415 for another type, 400 for bad JSON; `silent` makes both None, `force` ignores the type."""
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
    """The global `request` of a `handler()` without parameters. Its get_data() finds the input in the body or the query."""

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        """Combines data, form and query string by Content-Type, always as bytes (text with `as_text`).

        A body that is not a form: the body. A form: its fields, then the query string, both urlencoded, without its files.
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
    """Proxy for the request of the running call, as flask's own `request` is."""

    __slots__ = ()

    def _get(self):
        call = current()
        if call is None or call.request is None:
            raise RuntimeError("no request: a function called by name gets its parameters, not the request")
        return call.request

    def __getattr__(self, name):
        return getattr(self._get(), name)

    @property
    def __class__(self):
        return type(self._get())

    def __repr__(self):
        return repr(self._get())


request = _CurrentRequest()
