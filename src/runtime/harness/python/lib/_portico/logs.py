"""Captures printed and logged lines: (milliseconds since the call's start, level, text)."""
import io
import logging
import sys
import time
import warnings

from .current import current

# Characters that one call may log; measured again, in bytes, outside.
LIMIT = 65_536


class CallLog:
    """The lines of one call, cut at LIMIT."""

    __slots__ = ("cut", "lines", "room", "started", "unfinished")

    def __init__(self):
        self.started, self.lines, self.unfinished, self.room, self.cut = time.time(), [], {}, LIMIT, False

    def add(self, level, text):
        if self.cut:
            return
        if len(text) > self.room:
            text, self.cut = text[: self.room], True
        self.room -= len(text) + 1
        self.lines.append((max(0, round((time.time() - self.started) * 1000)), level, text))

    def write(self, level, text):
        """Takes text as a stream does; a line is logged when it ends. Text past the limit is dropped."""
        if self.cut:
            return
        first, *lines = text.split("\n")
        self._hold(level, first)
        if not lines:
            return
        *lines, rest = [self.unfinished.pop(level).getvalue(), *lines]
        for line in lines:
            self.add(level, line)
        if rest:
            self._hold(level, rest)

    def _hold(self, level, text):
        """Appends to the unfinished line of a level: in a buffer, or each part of a long line would copy all before it."""
        held = self.unfinished.get(level)
        if held is None:
            held = self.unfinished[level] = io.StringIO()
        held.write(text[: max(0, LIMIT + 1 - held.tell())])

    def close(self):
        for level, held in self.unfinished.items():
            if held.tell():
                self.add(level, held.getvalue())
        self.unfinished = {}


class LogStream(io.TextIOBase):
    """Replaces sys.stdout or sys.stderr and writes to the log of the running call."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, level):
        self.level = level

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        call = current()
        if call is not None:
            call.log.write(self.level, text)
        return len(text)

    def emit(self, level, text):
        call = current()
        if call is not None:
            call.log.add(level, text.rstrip("\n"))


def level_of(number):
    """Converts a level of the logging module to one of the run's levels."""
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"


def _emit(handler, record, plain=logging.StreamHandler.emit):
    """StreamHandler.emit, but keeps the record's level when the stream is the run's log."""
    if not isinstance(handler.stream, LogStream):
        plain(handler, record)
        return
    try:
        handler.stream.emit(level_of(record.levelno), handler.format(record))
    except Exception:
        handler.handleError(record)


def _show_warning(message, category, filename, lineno, file=None, line=None):
    text = warnings.formatwarning(message, category, filename, lineno, line)
    if file is None and isinstance(sys.stderr, LogStream):
        sys.stderr.emit("warn", text)
    else:
        print(text, end="", file=file or sys.stderr)


def capture_output():
    """Sends print, stderr, warnings and logging (also without any set-up) to the log of the call."""
    sys.stdout, sys.stderr = LogStream("info"), LogStream("error")
    logging.StreamHandler.emit = _emit
    warnings.showwarning = _show_warning
