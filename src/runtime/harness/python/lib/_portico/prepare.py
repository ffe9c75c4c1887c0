"""Adapts the standard library to an isolate. Import it once, before the memory image is built."""
from .absent import refuse_processes
from .maps import keep_maps
from .tasks import patch_event_loop
from .web import use_fetch_in_urllib
from .zones import offer_zones

refuse_processes()
patch_event_loop()
keep_maps()
use_fetch_in_urllib()
offer_zones()
