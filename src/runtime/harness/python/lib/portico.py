"""What a handler can know and reach: `ctx`, `env`, `fetch`, `tables`, `pq`.

    from portico import ctx, env, fetch
    ctx.executor.id, ctx.caller.kind, ctx.run.id, ctx.params, ctx.request
    env["CRM_TOKEN"]                      # the secrets that the endpoint lists; also in os.environ
    fetch("https://api.example.com/x").json()
"""
from types import SimpleNamespace

from _portico.current import current
from _portico.host import HostError
from _portico.web import Fetched, FetchError, fetch
import pq
import tables

__all__ = ["FetchError", "Fetched", "HostError", "ctx", "env", "fetch", "pq", "tables"]

# The endpoint's secrets by name.
env = {}


class _Context:
    """What is known about the running call. Outside of a call: RuntimeError."""

    __slots__ = ()

    @staticmethod
    def _call():
        call = current()
        if call is None:
            raise RuntimeError("there is no call here")
        return call

    @property
    def executor(self):
        """The user that the handler runs as: .id, .name, .roles."""
        return SimpleNamespace(**(self._call().info.get("executor") or {}))

    @property
    def caller(self):
        """Who called: .kind (anonymous, key, token, user), .id, .name, .roles."""
        return SimpleNamespace(**(self._call().info.get("caller") or {}))

    @property
    def run(self):
        """The run that records this call: .id."""
        return SimpleNamespace(id=self._call().info.get("run"))

    @property
    def endpoint(self):
        """The endpoint that was called: .path, and .url as it was called, without what follows it."""
        return SimpleNamespace(**(self._call().info.get("endpoint") or {}))

    @property
    def params(self):
        """The endpoint's parameters by name, checked and converted."""
        return self._call().params

    @property
    def request(self):
        """The request, or None for a function fed by name."""
        return self._call().request

    @property
    def env(self):
        return env


ctx = _Context()
