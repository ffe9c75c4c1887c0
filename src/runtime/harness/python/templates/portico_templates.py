"""Renders a jinja2 template with bounded work, or finds parameters that it writes into a shell script unquoted."""
import json
import shlex
import sys
import traceback

from jinja2 import Environment, TemplateSyntaxError
from jinja2.runtime import Undefined

from portico_quoting import find_unquoted

# Loop iterations and calls of one template, the library's own included: about two seconds.
MAX_STEPS = 2_000_000
# Numbers in one range.
MAX_ITEMS = 1_000_000
# Characters of the result, and of a repeated text.
MAX_TEXT = 8 * 1024 * 1024
# Depth of calls: a macro that calls itself must not overflow the stack, which ends the interpreter.
MAX_DEPTH = 64
# Bits in a number.
MAX_BITS = 100_000


class TooMuch(Exception):
    """The template exceeds a limit."""


def main():
    """Reads `job.json` of the working directory and writes the file `answer`. Errors of the template go to stderr."""
    with open("job.json", encoding="utf-8") as file:
        job = json.load(file)
    try:
        if "scripts" in job:
            answer = json.dumps([look_through(**script) for script in job["scripts"]])
        else:
            answer = render(job["source"], job["context"])
    except Exception as error:
        sys.stderr.write(explain(error))
        sys.exit(1)
    with open("answer", "w", encoding="utf-8", newline="") as file:
        file.write(answer)


def render(source, context):
    """Renders a template. Raises jinja2's errors, and TooMuch."""
    template = new_environment().from_string(source)
    parts, room = [], MAX_TEXT
    with Steps():
        for part in template.generate(context):
            room -= len(part)
            if room < 0:
                raise TooMuch("the text has more than %d characters" % MAX_TEXT)
            parts.append(part)
    return "".join(parts)


def look_through(source, published):
    """Returns the places of unquoted parameters as [[line, parameter, why]]; or, as a text, why the template cannot be parsed."""
    try:
        return find_unquoted(new_environment().parse(source), published)
    except Exception as error:
        return explain(error)


def new_environment():
    """Returns jinja2's defaults, as `jinja2.Template` has them, with the filter `quote` and limits."""
    environment = BoundedEnvironment()
    environment.filters["quote"] = quote
    environment.globals["range"] = bounded_range
    return environment


def quote(value):
    """Returns one word of a shell script that means exactly this text; a list becomes one word for each of its items."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    items = value if isinstance(value, (list, tuple)) else [value]
    return " ".join(shlex.quote(str(item)) for item in items)


def bounded_range(*args):
    numbers = range(*args)
    if numbers and max(abs(numbers[0]), abs(numbers[-1])) > sys.maxsize or len(numbers) > MAX_ITEMS:
        raise TooMuch("range() of more than %d numbers" % MAX_ITEMS)
    return numbers


class BoundedEnvironment(Environment):
    """Checks limits before it multiplies. `sandboxed` makes jinja2's compiler ask; all else is allowed: the isolate is the sandbox."""

    sandboxed = True
    intercepted_binops = frozenset(["*", "**"])
    intercepted_unops = frozenset()

    depth = 0

    def call(self, context, function, *args, **kwargs):
        if self.depth == MAX_DEPTH:
            raise TooMuch("calls nested more than %d deep" % MAX_DEPTH)
        self.depth += 1
        try:
            return context.call(function, *args, **kwargs)
        finally:
            self.depth -= 1

    def call_binop(self, context, operator, left, right):
        if operator == "*":
            _check_product(left, right)
            return left * right
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > MAX_BITS:
            raise TooMuch("a number of more than %d bits" % MAX_BITS)
        return left**right


def _check_product(left, right):
    for some, times in ((left, right), (right, left)):
        if isinstance(times, int):
            if isinstance(some, (str, bytes, list, tuple)) and len(some) * times > MAX_TEXT:
                raise TooMuch("a repetition of more than %d" % MAX_TEXT)
            if isinstance(some, int) and some.bit_length() + times.bit_length() > MAX_BITS:
                raise TooMuch("a number of more than %d bits" % MAX_BITS)


class Steps:
    """Ends the code inside it after MAX_STEPS: the clock of a computing isolate does not advance."""

    TOOL = 4  # not an id of debuggers and profilers

    def __enter__(self):
        self.left = MAX_STEPS
        events = sys.monitoring.events
        sys.monitoring.use_tool_id(self.TOOL, "portico")
        sys.monitoring.register_callback(self.TOOL, events.JUMP, self.step)
        sys.monitoring.register_callback(self.TOOL, events.PY_START, self.step)
        sys.monitoring.set_events(self.TOOL, events.JUMP | events.PY_START)

    def __exit__(self, *_):
        sys.monitoring.free_tool_id(self.TOOL)

    def step(self, *_):
        self.left -= 1
        if self.left < 0:
            # Reporting the error takes steps as well.
            sys.monitoring.set_events(self.TOOL, 0)
            raise TooMuch("the template takes more than %d steps" % MAX_STEPS)


def explain(error):
    """Describes an error and its line in the template."""
    if isinstance(error, TemplateSyntaxError):
        return "%s: %s (line %d)" % (type(error).__name__, error.message, error.lineno)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    where = " (line %d)" % lines[-1] if lines else ""
    return "%s: %s%s" % (type(error).__name__, error, where)
