"""Ends a call with the steps of a process's end that apply to a handler."""
import atexit
import builtins
import functools
import gc
import io
import sys
from weakref import WeakSet

from .current import current
from .errors import is_ours

_NEVER = (
    "atexit.register: this instance outlives its calls and ends without notice, so the function will not run. "
    "Use try and finally, or the instance mode per-call."
)
# Files that are open for writing.
_written = WeakSet()


def _open(plain):
    @functools.wraps(plain)
    def open(file, mode="r", *args, **kwargs):
        opened = plain(file, mode, *args, **kwargs)
        if mode.strip("btU") != "r":
            _written.add(opened)
        return opened

    return open


def _register(plain):
    @functools.wraps(plain)
    def register(function, /, *args, **kwargs):
        call = current()
        if call is not None and not is_ours(sys._getframe(1).f_code.co_filename):
            call.log.add("warn", _NEVER)
        return plain(function, *args, **kwargs)

    return register


def watch(once):
    """Called once per interpreter. `once`: the interpreter serves one call, and ends as a process does."""
    builtins.open = io.open = _open(io.open)
    if not once:
        atexit.register = _register(atexit.register)


def flush_files():
    """Flushes the files that were left open: a later call may read them."""
    if not _written:
        return
    for file in list(_written):
        try:
            if not file.closed:
                file.flush()
        except OSError as error:
            print("%r could not be written: %s" % (file.name, error), file=sys.stderr)
        except ValueError:  # its buffer has been detached: its new owner flushes it
            _written.discard(file)


def end_process(forget_module):
    """Runs atexit functions, then the finalizers of the module's objects. The latter close files."""
    atexit._run_exitfuncs()
    forget_module()
    gc.collect()
