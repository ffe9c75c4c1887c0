"""Runs the script of a graph's operation as a process of its own: once, as `__main__`, in a folder with its files."""
import asyncio
import io
import json
import os
import sys
import traceback
import types
import zipfile

from .absent import explain
from .script import keep_lines
from .seeds import seed_generators

FILE = "exec.py"


def run(job, inputs):
    """Runs the script and returns its exit code so far; the rest of a process's end is CPython's own finalization.

    `job` is JSON of {script, folder, outputs}, `inputs` of [[path, types]].
    """
    this = json.loads(job)
    seed_generators()
    try:
        for path, kinds in json.loads(inputs):
            _prepare_input(path, kinds)
        for output in this["outputs"]:
            _prepare_output(output)
        _be_a_process(this["folder"], this["script"])
    except Exception:
        traceback.print_exc()
        return 1
    return _run_script(this["script"])


def flush():
    """Flushes the output of the script; called from outside while it waits."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.closed:
        sys.stdout.flush()


def _be_a_process(folder, source):
    """Sets `folder` up as for `python exec.py > log`: the file, its folder on the path, block-buffered output, no event loop."""
    os.chdir(folder)
    with open(FILE, "w", encoding="utf-8", newline="") as file:
        file.write(source)
    # A script may change the folder before it fails.
    keep_lines(source, FILE)
    sys.argv[:] = [FILE]
    sys.path[:] = [folder, *filter(None, sys.path)]
    sys.stdout.reconfigure(line_buffering=False)
    asyncio._set_running_loop(None)


def _run_script(source):
    """Runs the script as `__main__` and returns its exit code so far."""
    main = types.ModuleType("__main__")
    main.__file__ = FILE
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    uncaught = None
    try:
        exec(compile(source, FILE, "exec", dont_inherit=True), main.__dict__)
    except BaseException as error:
        trace = error.__traceback__ and error.__traceback__.tb_next
        uncaught = error.with_traceback(trace)
    _flush_streams()
    if uncaught is None:
        return 0
    # Outside of the except block, or it would be the context of exceptions from its hook.
    return _end_of(uncaught)


def _flush_streams():
    """Flushes the streams, as CPython does after a script, however it ends: an `os._exit` of an atexit function then loses nothing."""
    for name in ("stderr", "stdout"):
        try:
            getattr(sys, name).flush()
        except Exception:
            pass  # closed, replaced or removed: the end of the process reports a real failure


def _end_of(error):
    """Reports an uncaught exception as CPython does, and returns the exit code."""
    if isinstance(error, SystemExit):
        return _exit_code(error.code)
    hint = _hint(error)
    if hint:
        error.add_note(hint)
    sys.last_exc = sys.last_value = error
    sys.last_type, sys.last_traceback = type(error), error.__traceback__
    try:
        hook = getattr(sys, "excepthook", None) or _without_hook
        hook(type(error), error, error.__traceback__)
    except SystemExit as end:
        return _exit_code(end.code)
    except BaseException as second:
        trace = second.__traceback__ and second.__traceback__.tb_next
        _say("Error in sys.excepthook:")
        sys.__excepthook__(type(second), second.with_traceback(trace), trace)
        _say("\nOriginal exception was:")
        sys.__excepthook__(type(error), error, error.__traceback__)
    # A shell reports a process that an interrupt ended as 128 plus the signal's number.
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def _hint(error):
    """Returns an explanation beside the message, or None."""
    if isinstance(error, ModuleNotFoundError):
        return "Operations have Python's standard library and the packages that their script declares."
    return explain(error)


def _without_hook(*error):
    _say("sys.excepthook is missing")
    sys.__excepthook__(*error)


def _exit_code(code):
    """Returns the exit code for the value of a SystemExit; prints a value that is not a number."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(2**31) <= code < 2**31 else 0xFF
    _say(code)
    return 1


def _say(words):
    """Prints to stderr, unless the script has closed it."""
    if not getattr(sys.stderr, "closed", False):
        print(words, file=sys.stderr, flush=True)


def _prepare_input(path, kinds):
    # An input may accept both folders and files: a zip file is then a folder.
    if "directory" in kinds and (len(kinds) == 1 or zipfile.is_zipfile(path)):
        packed = path + ".zip"
        os.rename(path, packed)
        os.mkdir(path)
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(path)
        os.remove(packed)
    elif "executable" in kinds:
        os.chmod(path, 0o755)


def _prepare_output(output):
    """Creates an empty output: a script without output for it need not touch it."""
    if output["type"] == "directory":
        os.makedirs(output["path"], exist_ok=True)
    else:
        open(output["path"], "wb").close()
