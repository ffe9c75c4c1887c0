"""Seeds the generators of random numbers. A memory snapshot holds their state, so all isolates would continue the same sequence."""
import gc
import random
import sys

# Generators that modules made when they were imported, `random`'s own among them.
_generators = []


def find_generators():
    """Called when a snapshot is made, before its objects are frozen: finds the generators, and gives them a fixed state."""
    _generators[:] = [one for one in gc.get_objects() if type(one) is random.Random]
    for generator in _generators:
        generator.seed(0)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(0)


def seed_generators():
    """Called after each boot."""
    random.seed()
    for generator in _generators:
        generator.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
