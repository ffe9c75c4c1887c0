"""Serves calls: loads the user's module once, calls it, and returns an envelope."""
import builtins
from contextvars import copy_context
import json
import os

import flask
from flask.datastructures import FileStorage
from flask.exceptions import HTTPException
from flask.requests import MergedRequest, Request, request
import portico
import pq
import tables

from . import ending, errors, folder, host, tasks, wsgi
from .answers import Answer, envelope, from_value, report, to_line
from .current import Call, current, enter
from .errors import BadAnswer, describe
from .jsontext import loads
from .logs import CallLog, capture_output
from .seeds import seed_generators
from .script import BadArguments, Entry, forget, load

_source = _file = _module = _package = None
_entries = {}
_cold = True
_once = False
# Calls without a response, by run. One that never ends may stay here.
_unanswered = {}
_MOST_UNANSWERED = 1000


def start(source, file, modules, once, send, memory):
    """Called once per interpreter, after the boot, with the data that a snapshot must not contain.

    `modules` is JSON text of the other sources of its folder by their paths in it, or empty. `once`: it serves one call. `memory` is the limit of its memory in MiB.
    """
    global _source, _file, _once, _package
    seed_generators()
    errors.memory_limit = memory
    _source, _file, _once = source, file, once
    _package = folder.provide(file, json.loads(modules)) if modules else None
    ending.watch(once)
    # Names that a script has without an import: Peliqan's globals.
    builtins.request, builtins.pq, builtins.tables = request, pq, tables
    host.lend(send)
    capture_output()


def call(meta, body, fields, files):
    """Runs one call. `meta` is the contract's JSON text, `fields` JSON text of [[name, text]], `files` a list of JavaScript objects.

    Returns text, or (text, bytes): see answers.envelope. Runs in a context of its own, so that calls can be parked side by side.
    """
    return copy_context().run(_serve, meta, body, fields, files)


def partial_report(run):
    """Returns as JSON text the logs of a call that ran out of time before its response. Only the first call returns them."""
    call = _unanswered.pop(run, None)
    if call is None:
        return "{}"
    call.log.close()
    return to_line(report(call.log))


def peek_report(run):
    """Returns as JSON text the finished log lines of a call that has no response yet."""
    call = _unanswered.get(run)
    return "{}" if call is None else to_line(report(call.log))


def _use_env(secrets):
    """Replaces the secrets. They come with each call: all calls of an isolate belong to one endpoint."""
    if secrets == portico.env:
        return
    for name in portico.env:
        os.environ.pop(name, None)
    portico.env.clear()
    portico.env.update(secrets)
    for name, value in secrets.items():
        try:
            os.environ[name] = value
        except ValueError:
            pass  # U+0000, half of a surrogate pair: no environment holds them, and `portico.env` has the value


def _serve(meta, body, fields, files):
    global _cold
    log = CallLog()
    cold, _cold = _cold, False
    try:
        head, content = _answer(_read(meta), body, fields, files, log)
    except BadArguments as error:
        head, content = {"kind": "invalid", "errors": error.issues}, ""
    except BadAnswer as error:
        head, content = {"kind": "bad", "reason": str(error)}, ""
    except BaseException as error:
        head, content = {"kind": "error", "error": describe(error)}, ""
    this = current()
    if this is not None:
        _end(this)
    log.close()
    if this is not None and _unanswered.get(this.info["run"]) is this:
        del _unanswered[this.info["run"]]
    if cold:
        head["cold"] = True
    return envelope(head, content, log)


def _end(this):
    """Ends the tasks that the call has left."""
    if this.tasks:
        tasks.end(this)
    if _once:
        ending.end_process(_forget_module)
    else:
        ending.flush_files()


def _forget_module():
    global _module
    _entries.clear()
    if _module is not None:
        forget(_module)
    _module = None


def _read(meta):
    """Parses the metadata of a call. Parameters that JSON allows and Python refuses are the caller's error: too many digits, too deep."""
    try:
        return loads(meta)
    except ValueError as error:
        raise BadArguments([{"code": "unreadable", "pointer": "", "message": str(error)}]) from None


def _answer(info, body, fields, files, log):
    params = info.get("params") or {}
    if "env" in info:
        _use_env(info["env"])
    parts = [(file.field, file.name, file.type, file.bytes.to_bytes()) for file in files or ()]
    this = Call(info, params, log)
    enter(this)
    if len(_unanswered) >= _MOST_UNANSWERED:
        del _unanswered[next(iter(_unanswered))]
    _unanswered.setdefault(info["run"], this)
    named = info["form"] == "named"
    try:
        value = tasks.result_of(_feed(params, parts) if named else _handle(this, info["request"], body, fields, parts))
    except HTTPException as error:
        value = error.get_response()
    answer = value if isinstance(value, Answer) else from_value(value, named)
    return answer.head, answer.body


def _feed(params, parts):
    """Calls a function with parameters by name."""
    for field, name, kind, content in parts:
        _add(params, field, FileStorage(content, name, field, kind))
    return _entry("result").feed(params)


def _handle(this, sent, body, fields, parts):
    """Calls the handler with the request that was sent."""
    entry = _entry("handler")
    make = Request if entry.takes_request else MergedRequest
    content = b"" if body is None else body.to_bytes()
    pairs = json.loads(fields) if fields else ()
    this.request = make(sent["method"], sent["url"], sent["headers"], content, (pairs, parts))
    if wsgi.is_app(entry.call):
        return wsgi.serve_app(entry.call, this.request)
    if wsgi.has_flask():
        return wsgi.serve_function(lambda: entry.handle(this.request, this.params), this.request)
    return entry.handle(this.request, this.params)


def _add(params, field, file):
    """Adds a value; a repeated field becomes a list, as repeated text fields do."""
    before = params.get(field)
    params[field] = file if before is None else [*before, file] if isinstance(before, list) else [before, file]


def _entry(name):
    global _module
    found = _entries.get(name)
    if found is None:
        if _module is None:
            # A module that waits while it loads may be loaded by two calls at once; all calls use the first one that is done.
            loaded = load(_source, _file, _package)
            _module = _module or loaded
        found = _entries.setdefault(name, Entry(_module, name))
    return found
