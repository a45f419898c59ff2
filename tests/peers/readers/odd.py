"""A newsroom's feed in which each item is odd in some way: usage: odd.py SITE ITEMS

It is a JSON Feed on standard output. Recordings, films and pictures are at SITE.
"""
import json
import sys

site, count = sys.argv[1], int(sys.argv[2])

TITLES = [
    "Plain",
    "Tom & Jerry's <b>bold</b> \"plan\" &amp; more </b>",
    "The end ]]> of it, and <![CDATA[ a beginning",
    "العنوان من اليمين إلى اليسار",
    "Emoji 🎉👨‍👩‍👧 and a bidi \u202Emark",
    "A control \u000B character, a \uFFFE and a \u0085",
    "x" * 900,
    "5 < 6 &c; &#38; &nbsp; &bogus;",
    "  spaces \t and \n lines  ",
    "<script>alert(1)</script>",
]
BODIES = [
    "<p>What there is to say.</p>",
    '<p style="color:red" onclick="x()">Styled</p><script>alert(1)</script><iframe src="https://example.org/"></iframe>',
    '<p><a href="/relative?a=1&b=2">relative</a> <a href="javascript:x()">script</a> <img src="/picture.png" alt="]]>"></p>',
    "<p>Unclosed <b>bold <i>and <table><tr><td>cells",
    "<h1>Heading</h1><ul><li>One<li>Two</ul><pre>  code &lt;b&gt; ]]&gt;</pre><object data='x.swf'></object>",
    '<p>A <embed src="x.mov"> and a <video src="/film.mp4" controls></video>, an <audio src="/talk.mp3"></audio>.</p>',
    '<div lang="fr"><p>Déjà vu — <q>«oui»</q></p><marquee>old</marquee><blink>older</blink></div>',
    "<p>" + "long " * 4000 + "</p>",
    "",
    "<p><!-- a comment --> text with a <wbr>break, <math><mi>x</mi></math> and <svg><circle r='1'/></svg></p>",
]
FILES = [
    [{"url": f"{site}/talk.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 40000, "duration_in_seconds": 3725}],
    [{"url": f"{site}/a b&c.mp3", "mime_type": "audio/mpeg"}],
    [
        {"url": f"{site}/picture.png?w=1&h=2", "mime_type": "image/png", "size_in_bytes": 9},
        {"url": f"{site}/film.mp4", "mime_type": "video/mp4", "size_in_bytes": 7, "duration_in_seconds": 61.5},
    ],
    [],
    [{"url": "//no.scheme/x.mp3", "mime_type": "audio/mpeg"}, {"url": "", "mime_type": ""}],
    [{"url": f"{site}/talk.ogg", "mime_type": "audio/ogg; codecs=opus", "size_in_bytes": -1, "duration_in_seconds": 0}],
    [{"url": f"{site}/same.m4a", "mime_type": "AUDIO/X-M4A", "size_in_bytes": 12, "duration_in_seconds": 9}] * 2,
]
AUTHORS = [["Ines Okafor"], ["Ada <b> & Co", "ines@example.org"], ["ليلى", "Bob <bob@example.org>"], [], ["x" * 300], [" ", "&lt;i&gt;"]]
TAGS = [["Harbour"], ["a&amp;b", "<![CDATA[x]]>"], ["العربية", "C++"], [], ["tag " + "y" * 200]]
LANGUAGES = ["en", "ar", "fr-CA", "zh-Hant", None]
LINKS = ["/articles/{}", "https://example.org/ä b|c?q=[{}]", None, "https://example.org/{}#x y", "https://exämple.org/{}"]


def item(number):
    pick = lambda options: options[number % len(options)]
    own = {
        "id": f"item {number}",
        "title": f"{number}: {pick(TITLES)}",
        "content_html": pick(BODIES),
        # Some have no date, some one of the future.
        "date_published": ["2026-01-01T00:00:00Z", "2099-01-01T00:00:00+14:00", None][0 if number % 9 else number % 3],
        "attachments": pick(FILES),
        "authors": [{"name": name} for name in pick(AUTHORS)],
        "tags": pick(TAGS),
        "language": pick(LANGUAGES),
        "image": [f"{site}/cover {number}.png", None, "data:image/png;base64,AAAA"][number % 3],
    }
    link = pick(LINKS)
    if link:
        own["url"] = link.format(number)
    if number % 4 == 0:
        own["summary"] = "A summary with <b>tags</b> & ]]> signs.\u0001"
    return {key: value for key, value in own.items() if value is not None}


print(json.dumps({
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Odd & <b>ends</b>",
    "home_page_url": site,
    "items": [item(number) for number in range(count)],
}))
