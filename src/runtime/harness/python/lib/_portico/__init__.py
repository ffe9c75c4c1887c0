"""Runs a user's Python handler inside an isolate. Private: handlers may rely on portico, flask, pq and tables only."""
