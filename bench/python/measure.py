"""The stopwatch of the children that run in Python; the twin of measure.ts."""

import json
import resource
import sys
import time

STARTED = time.perf_counter()
FEWEST = 3
WARM_MS = 500


def read_spec():
    return json.loads(sys.argv[1])


def now():
    """Milliseconds since this module was imported, which every script does first."""
    return 1000 * (time.perf_counter() - STARTED)


def peak_rss_mb():
    try:
        with open("/proc/self/status") as status:
            kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except OSError:
        kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib / 1024


def measure(spec, once):
    """Warms up with `once`, times it, and returns the answer."""
    once()
    ready = now()
    runs = 1
    while spec["warmUp"] > 1 and now() - ready < 300 * spec["seconds"]:
        if runs >= spec["warmUp"] and now() - ready >= WARM_MS:
            break
        once()
        runs += 1
    times = []
    begun = now()
    while len(times) < spec["steps"] and (len(times) < FEWEST or now() - begun < 1000 * spec["seconds"]):
        started = now()
        once()
        times.append(now() - started)
    return {"ready": ready, "times": times}


def answer(result):
    print(json.dumps({**result, "peakRssMb": peak_rss_mb()}), flush=True)
