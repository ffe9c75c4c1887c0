"""Runs asyncio as CPython has it on Pyodide's event loop, which always runs and serves all calls of an isolate."""
import asyncio
from asyncio.base_events import BaseEventLoop
from weakref import WeakSet

from pyodide.ffi import run_sync
from pyodide.webloop import PyodideTask, WebLoop

from .current import call_in


def wait(awaitable, loop=None):
    """Waits for a coroutine, or a future of `loop`, and returns its result or raises its exception."""
    result, error = run_sync((loop or asyncio.get_event_loop()).create_task(_caught(awaitable)))
    if error is not None:
        # Not through the promise of run_sync: Pyodide prints its rejection, caught or not.
        raise error
    return result


def result_of(value):
    """Waits for what a handler has returned, if that is awaitable: a coroutine, a task, a future."""
    return wait(value) if hasattr(type(value), "__await__") else value


async def _caught(awaitable):
    try:
        return await awaitable, None
    except BaseException as error:
        return None, error


class Runner(asyncio.Runner):
    """asyncio.Runner, with a loop of its own while another one counts as running. Cancels the tasks that are left."""

    def __init__(self, *, debug=None, loop_factory=None):
        super().__init__(debug=debug, loop_factory=loop_factory or WebLoop)

    def run(self, coro, *, context=None):
        outside = asyncio._get_running_loop()
        if outside is None or asyncio.current_task(outside) is None:
            asyncio._set_running_loop(None)
        try:
            return super().run(coro, context=context)
        finally:
            asyncio._set_running_loop(outside)

    def close(self):
        outside = asyncio._get_running_loop()
        try:
            super().close()
        finally:
            asyncio._set_running_loop(outside)


def _run(main, *, debug=None, loop_factory=None):
    outside = asyncio._get_running_loop()
    if outside is not None and asyncio.current_task(outside) is not None:
        # CPython cannot wait in the middle of a task and raises an error. Here it can.
        return wait(main, outside)
    with Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


def end(call):
    """Cancels the tasks that a call has left, as asyncio.run does, waits until they have ended, and reports unretrieved failures."""
    left = [task for task in call.tasks if not task.done()]
    for task in left:
        task.cancel()
    for task in left:
        wait(asyncio.wait([task]), task.get_loop())
    for task in call.tasks:
        if task.done() and not task.cancelled() and task._log_traceback:
            report = {"message": "Task exception was never retrieved", "future": task, "exception": task.exception()}
            task.get_loop().call_exception_handler(report)


def _create_task(loop, coro, *, plain=WebLoop.create_task, **options):
    task = plain(loop, coro, **options)
    call = call_in(task.get_context())
    if call is not None:
        if call.tasks is None:
            call.tasks = WeakSet()
        call.tasks.add(task)
    return task


def _run_until_complete(loop, future):
    return wait(future, loop)


def _decrement_in_progress(loop, future=None):
    """Omits Pyodide's early report of a failed task that is not awaited yet: asyncio reports it when it no longer can be."""
    loop._in_progress -= 1


def _call_exception_handler(loop, context, plain=WebLoop.call_exception_handler):
    """Reports in the context of the task or callback, so that it gets into the log of its call."""
    source = next((context[name] for name in ("task", "future", "handle") if name in context), None)
    if hasattr(source, "get_context"):
        source.get_context().copy().run(plain, loop, context)
    else:
        plain(loop, context)


def patch_event_loop():
    asyncio.run, asyncio.Runner = _run, Runner
    # asyncio prints this name in messages about a task.
    PyodideTask.__name__ = asyncio.Task.__name__
    WebLoop.create_task = _create_task
    WebLoop.run_until_complete = _run_until_complete
    WebLoop._decrement_in_progress = _decrement_in_progress
    WebLoop.call_exception_handler = _call_exception_handler
    WebLoop.default_exception_handler = BaseEventLoop.default_exception_handler
