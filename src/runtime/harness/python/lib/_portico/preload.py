"""Imported after the harness when the snapshot is built, so that handlers find these modules loaded."""
import abc, array, ast, asyncio, base64, binascii, bisect, calendar, cmath, collections.abc, colorsys, configparser, contextlib  # noqa: E401
import copy, csv, dataclasses, datetime, decimal, difflib, email.message, email.utils, enum, fnmatch, fractions, functools  # noqa: E401
import graphlib, gzip, hashlib, heapq, hmac, html, html.parser, http, inspect, io, ipaddress, itertools, json, logging, math  # noqa: E401
import mimetypes, numbers, operator, pathlib, pprint, random, re, secrets, shlex, statistics, string, struct, tempfile  # noqa: E401
import textwrap, time, traceback, types, typing, unicodedata, urllib.parse, urllib.request, uuid, warnings, weakref  # noqa: E401
import xml.etree.ElementTree, zipfile, zlib, zoneinfo  # noqa: E401
