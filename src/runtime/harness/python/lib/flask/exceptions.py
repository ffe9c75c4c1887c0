"""Errors with a response: abort(), and the errors of a request with bad input."""
from http import HTTPStatus


def _status(code):
    try:
        return HTTPStatus(code)
    except ValueError:
        return None


class HTTPException(Exception):
    """Ends the handler with this status. The body is plain text, not flask's HTML page: the service sends no HTML by default."""

    code = 500

    def __init__(self, description=None, response=None, code=None):
        if code is not None:
            self.code = code
        status = _status(self.code)
        self.name = status.phrase if status else "Unknown Error"
        self.description = description if description is not None else (status.description if status else "") or self.name
        self.response = response
        super().__init__("%d %s: %s" % (self.code, self.name, self.description))

    def get_response(self):
        """Returns its response: the one given to abort(), or its description as text."""
        from .responses import Response

        return self.response or Response(str(self.description), self.code, mimetype="text/plain")


class BadRequest(HTTPException):
    code = 400


class UnsupportedMediaType(HTTPException):
    code = 415


class BadRequestKeyError(BadRequest, KeyError):
    """A field that is missing in the request."""

    def __init__(self, key):
        super().__init__("The request has no %r." % key)


def abort(code, description=None, response=None):
    """Ends the handler: abort(404), abort(404, "not found"), abort(Response(…))."""
    if isinstance(code, int):
        raise HTTPException(description, response, code)
    raise HTTPException(description, response=code, code=code.status_code)
