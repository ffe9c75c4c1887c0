"""Runs a user's Python handler inside an isolate. Not part of what handlers may rely on: that is portico, flask, pq and tables."""
