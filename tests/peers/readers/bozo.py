"""Universal Feed Parser on files: usage: bozo.py FILE…

It must find each well-formed and know what it is, and see an id, a title and a link in each item.
"""
import sys

import feedparser

for name in sys.argv[1:]:
    with open(name, "rb") as file:
        seen = feedparser.parse(file.read())
    assert not seen.bozo, f"{name}: {seen.bozo_exception}"
    assert seen.version in ("rss20", "atom10"), f"{name}: {seen.version!r}"
    for entry in seen.entries:
        assert entry.get("id") and entry.get("title") and entry.get("link"), f"{name}: {entry}"
