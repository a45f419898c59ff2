"""The `reader` library asks for a feed: usage: reader_has.py FEED DATABASE

It prints the titles of all that it has, one a line.
"""
import sys

from reader import make_reader

feed, database = sys.argv[1:]
reader = make_reader(database)
reader.add_feed(feed, exist_ok=True)
reader.update_feed(feed)
for entry in reader.get_entries():
    print(entry.title)
