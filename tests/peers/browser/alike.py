#!/usr/bin/env python3
"""Whether the answers to forms and programs tell a known address from an unknown one, by their words or by their time.

usage: alike.py SITE KNOWN ROUNDS

Asks in turn for the known address and for new ones, by the form, by JSON and for a personal link, each time as another client. The
words must be the same, byte for byte. The times are two samples, and compared by their ranks (Mann and Whitney): they differ
if chance alone would part them so less than once in a million times AND their medians lie more than 10 ms apart. That finds what an attacker
finds in as many requests; what it does not prove is that millions of requests would show nothing: of that the fixed pace of
the answers takes care (150 ms, whatever was done meanwhile), whose remainder is a clock's.
"""
import json
import math
import statistics
import sys
import time
import urllib.parse
import urllib.request

site, known, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
number = 0


def ask(path, body, kind):
    global number
    number += 1
    client = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    request = urllib.request.Request(site + path, data=body.encode(), headers={"Content-Type": kind, "X-Forwarded-For": client})
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        words = (answer.status, answer.read())
    return words, time.perf_counter() - began


def form(address):
    body = urllib.parse.urlencode({"address": address, "newsletter": "daily"})
    return ask("/subscribe", body, "application/x-www-form-urlencoded")


def program(address):
    body = json.dumps({"address": address, "newsletters": ["daily"]})
    return ask("/api/v1/subscriptions", body, "application/json")


def link(address):
    return ask("/manage", urllib.parse.urlencode({"address": address}), "application/x-www-form-urlencoded")


def chance(one, other):
    """How likely ranks are at least so far apart if both samples are of one kind (two-sided, by the normal distribution)."""
    ranks = sorted((value, which) for which, values in enumerate((one, other)) for value in values)
    total = sum(rank for rank, (_, which) in enumerate(ranks, 1) if which == 0)
    count, others = len(one), len(other)
    mean = count * (count + others + 1) / 2
    deviation = math.sqrt(count * others * (count + others + 1) / 12)
    return math.erfc(abs(total - mean) / deviation / math.sqrt(2))


failed = False
for name, way in (("form", form), ("program", program), ("link", link)):
    way(known)
    times, words = ([], []), set()
    for turn in range(rounds):
        # Who comes first takes turns too: what the first costs the second is then the same for both.
        for which in ((0, 1), (1, 0))[turn % 2]:
            told, took = way(known if which == 0 else f"nobody-{name}-{turn}@example.org")
            words.add(told)
            times[which].append(took)
    apart = abs(statistics.median(times[0]) - statistics.median(times[1])) * 1000
    likely = chance(*times)
    print(f"{name}: {len(words)} answers, medians {apart:.2f} ms apart, by chance with probability {likely:.2g}")
    failed |= len(words) != 1 or likely < 1e-6 and apart > 10
sys.exit(failed)
