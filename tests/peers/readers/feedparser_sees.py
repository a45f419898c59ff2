"""Universal Feed Parser on a served feed: usage: feedparser_sees.py URL ITEMS

It must find no fault, see so many items, each with an id, a title and a link, and be told 304 when it asks again.
"""
import sys

import feedparser

url, items = sys.argv[1], int(sys.argv[2])
first = feedparser.parse(url)
assert first.status == 200, first.status
assert not first.bozo, first.bozo_exception
assert len(first.entries) == items, f"{len(first.entries)} items, not {items}"
for entry in first.entries:
    assert entry.get("id") and entry.get("title") and entry.get("link"), entry
assert first.get("etag") and first.get("modified"), "no validators"
again = feedparser.parse(url, etag=first.etag, modified=first.modified)
assert again.status == 304, again.status
again = feedparser.parse(url, modified=first.modified)
assert again.status == 304, f"by date: {again.status}"
