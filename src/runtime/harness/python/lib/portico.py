"""The API of handlers: `ctx`, `env`, `fetch`, `tables`, `pq`.

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
    """Facts about the running call. Raises RuntimeError outside of a call."""

    __slots__ = ()

    @staticmethod
    def _call():
        call = current()
        if call is None:
            raise RuntimeError("no call is running")
        return call

    @property
    def executor(self):
        """The executor: .id, .name, .roles."""
        return SimpleNamespace(**(self._call().info.get("executor") or {}))

    @property
    def caller(self):
        """The caller: .kind (anonymous, key, token, user), .id, .name, .roles."""
        return SimpleNamespace(**(self._call().info.get("caller") or {}))

    @property
    def run(self):
        """The run that records this call: .id."""
        return SimpleNamespace(id=self._call().info.get("run"))

    @property
    def endpoint(self):
        """The called endpoint: .path, and .url as called, without the subpath."""
        return SimpleNamespace(**(self._call().info.get("endpoint") or {}))

    @property
    def params(self):
        """The endpoint's parameters by name, checked and converted."""
        return self._call().params

    @property
    def request(self):
        """The request, or None for a function called by name."""
        return self._call().request

    @property
    def env(self):
        return env


ctx = _Context()
