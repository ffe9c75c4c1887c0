"""Converts a handler's result to the envelope: a line of JSON (the head), then the raw body."""
import json

from flask.datastructures import Headers
from flask.responses import Response
from flask.returned import unpack

from .errors import BadAnswer
from .jsontext import dumps, loads


class Answer:
    """`head` is the envelope's first line as a dict; `body` is text, or bytes when it has to be sent as a Response."""

    __slots__ = ("body", "head")

    def __init__(self, head, body=""):
        self.head, self.body = head, body


def from_value(value, named):
    """Returns the answer for a returned value. Raises BadAnswer when it cannot be sent. `named` is for a function called by name."""
    value, status, headers = unpack(value, strict=not named)
    answer = _plain(value, named)
    if status is not None:
        answer.head["status"] = status
    if len(headers):
        merged = Headers(answer.head.get("headers"))
        merged.update(headers)
        answer.head["headers"] = merged.items()
    return answer


def _plain(value, named):
    if value is None:
        return Answer({"kind": "none"})
    if isinstance(value, str):
        return _text(value, named)
    if isinstance(value, Response):
        return from_response(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Answer({"kind": "response", "status": 200, "headers": [("content-type", "application/octet-stream")]}, bytes(value))
    try:
        return Answer({"kind": "json"}, dumps(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise BadAnswer("the value has no JSON form: %s" % error) from None


def _text(value, named):
    """Returns JSON text that a function called by name made itself (Pyplan's rule): it is sent unchanged, as JSON."""
    if not named:
        return Answer({"kind": "text"}, value)
    try:
        loads(value)
        return Answer({"kind": "json", "named_text": True}, value)
    except ValueError:
        return Answer({"kind": "text", "named_text": True}, value)


def from_response(response):
    """A body is sent as a Response, which keeps its type; text without a type, and no body at all, are sent in the envelope.

    The platform sets Content-Length. Functions of call_on_close() run here, when the answer is complete.
    """
    headers = [item for item in response.headers.items() if item[0].lower() != "content-length"]
    head = {"kind": "response", "status": response.status_code, "headers": headers}
    response.close()
    if not response.data:
        head["kind"] = "none"
        return Answer(head)
    if response.is_untyped:
        try:
            text = response.data.decode()
        except UnicodeDecodeError:
            return Answer(head, response.data)
        headers = [item for item in head["headers"] if item[0].lower() != "content-type"]
        return Answer({**head, "kind": "text", "headers": headers, "html": True}, text)
    return Answer(head, response.data)


to_line = json.JSONEncoder(separators=(",", ":")).encode


def envelope(head, body, log):
    """Returns the envelope as text, or (head as JSON text, bytes) for a head of kind "response"."""
    head.update(report(log))
    return (to_line(head), body) if isinstance(body, bytes) else to_line(head) + "\n" + body


def report(log):
    """Returns the data that the run keeps beside the answer, as members of the head."""
    members = {"logs": log.lines} if log.lines else {}
    if log.cut:
        members["logsCut"] = True
    return members
