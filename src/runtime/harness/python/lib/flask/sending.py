"""flask.send_file."""
import mimetypes
import os
import time

from _portico.current import current

from .responses import Response


def send_file(path_or_file, mimetype=None, as_attachment=False, download_name=None, conditional=True, etag=True, last_modified=None, max_age=None):
    """Returns a Response of a file: a path, or a binary file object, which is read to its end.

    `download_name` is the file name in Content-Disposition, and gives the type unless `mimetype` does. A path adds a name, an ETag and
    a Last-Modified. With `conditional`, If-* and Range headers of the call lead to a 304, 412 or 206. `max_age` is in seconds, or a
    function that returns them for the path. Throws TypeError without a type or a name, ValueError for a file opened as text.
    """
    path = None if hasattr(path_or_file, "read") else os.fspath(path_or_file)
    if path is not None:
        download_name = download_name or os.path.basename(path)
        last_modified = os.stat(path).st_mtime if last_modified is None else last_modified
    response = Response(_read(path_or_file, path), mimetype=mimetype or _type_of(download_name))
    if download_name:
        response.headers.set("Content-Disposition", "attachment" if as_attachment else "inline", filename=download_name)
    elif as_attachment:
        raise TypeError("send_file needs a download_name to send a file object as an attachment")
    response.last_modified = last_modified
    if isinstance(etag, str):
        response.set_etag(etag)
    elif etag and path is not None:
        response.add_etag()
    _let_cache(response, max_age(path) if callable(max_age) else max_age)
    call = current()
    if conditional and call and call.request:
        response.make_conditional(call.request, accept_ranges=True, complete_length=len(response.data))
    return response


def _read(file, path):
    if path is not None:
        with open(path, "rb") as opened:
            return opened.read()
    content = file.read()
    if isinstance(content, str):
        raise ValueError("send_file takes files opened in binary mode, and io.BytesIO")
    return content


def _type_of(name):
    if name is None:
        raise TypeError("send_file needs a mimetype or a download_name for a file object")
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _let_cache(response, max_age):
    if max_age is None:
        response.cache_control.no_cache = True
        return
    if max_age > 0:
        response.cache_control.public = True
    response.cache_control.max_age = max_age
    response.expires = time.time() + max_age
