"""Runs the script of a graph's operation: once, as `__main__`, in a folder with its files."""
import io
import json
import linecache
import os
import shutil
import sys
import traceback
import types
import zipfile

FILE = "exec.py"
# Characters of one log.
LIMIT = 1024 * 1024


class Printed(io.TextIOBase):
    """What the script printed, up to LIMIT."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self):
        self.parts, self.room = [], LIMIT

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        if self.room >= 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
            if self.room < 0:
                self.parts.append("\n# cut: more than %d characters\n" % LIMIT)
        return len(text)

    def text(self):
        return "".join(self.parts).encode("utf-8", "replace").decode()


def run(job, inputs):
    """`job` is JSON of {script, folder, outputs}, `inputs` of [[path, types]]. Answers JSON of {exitCode, outputs, stdout, stderr}."""
    this = json.loads(job)
    out, err = Printed(), Printed()
    sys.stdout, sys.stderr = out, err
    try:
        for path, kinds in json.loads(inputs):
            _prepare_input(path, kinds)
        for output in this["outputs"]:
            _prepare_output(output)
        os.chdir(this["folder"])
        code = _run_script(this["script"], err)
    except Exception:
        traceback.print_exc(file=err)
        code = 1
    found = [taken for taken in map(_take_output, this["outputs"]) if taken]
    return json.dumps({"exitCode": code, "outputs": found, "stdout": out.text(), "stderr": err.text()})


def _run_script(source, err):
    """Runs the script as Python runs a file; the exit code it would have."""
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    main = types.ModuleType("__main__")
    main.__file__ = FILE
    sys.modules["__main__"] = main
    try:
        exec(compile(source, FILE, "exec", dont_inherit=True), main.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return int(end.code or 0)
        err.write("%s\n" % (end.code,))
        return 1
    except BaseException as error:
        trace = error.__traceback__ and error.__traceback__.tb_next
        traceback.print_exception(type(error), error, trace, file=err)
        return 1
    return 0


def _prepare_input(path, kinds):
    # An input may take folders and files: then what is a zip file is a folder.
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
    """Outputs exist and are empty before the script starts, so that one that has nothing to say need not touch them."""
    if output["type"] == "directory":
        os.makedirs(output["path"], exist_ok=True)
    else:
        open(output["path"], "wb").close()


def _take_output(output):
    """Where the bytes of an output are; None when the script took it away. A folder becomes a zip file."""
    path = output["path"]
    if not os.path.exists(path):
        return None
    if os.path.isdir(path):
        os.chdir("/")
        path = shutil.make_archive(path, "zip", path)
    return {"name": output["name"], "path": path}
