"""Whether a mail is one that every mail program and every mail server takes: format, headers, HTML.

usage: check.py [--links SCHEME] FILE.eml…

Each rule is a function whose name says what must hold. It raises AssertionError with what it found.
"""
import argparse
import datetime
import email
import email.policy
import email.utils
import html.parser
import re
import sys
import unicodedata

ONCE = """date from sender reply-to to cc message-id subject mime-version content-type content-transfer-encoding list-id
list-help list-unsubscribe list-unsubscribe-post list-post list-owner list-archive auto-submitted precedence
feedback-id""".split()
NEEDED = "date from to subject message-id mime-version content-type auto-submitted".split()
NEEDED_OF_A_LIST = "list-id list-unsubscribe list-unsubscribe-post list-archive list-help list-post precedence".split()
RESIDUE = ["spot_img", "Share post:", "More like this", "{{", "}}", "{%", "undefined", "NaN", "[object"]
ACTIVE = {"script", "form", "iframe", "object", "embed", "video", "audio", "svg", "base", "link", "input"}


class Page(html.parser.HTMLParser):
    """What the rules want to know about the HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.hidden, self.styles = [], [], [], None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attributes)))
        if tag in ("style", "title", "script"):
            self.hidden = tag

    def handle_endtag(self, tag):
        if tag == self.hidden:
            self.hidden = None

    def handle_data(self, data):
        if self.hidden == "style":
            self.styles.append(data)
        elif self.hidden is None:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.attributes if name == tag]


class Mail:
    def __init__(self, octets, scheme):
        self.octets = octets
        self.scheme = scheme
        self.head, _, self.body = octets.partition(b"\r\n\r\n")
        self.message = email.message_from_bytes(octets, policy=email.policy.SMTP)
        self.names = [name.lower() for name in self.message.keys()]
        self.parts = list(self.message.iter_parts())
        by_type = {part.get_content_type(): part for part in self.parts}
        self.text_part, self.html_part = by_type.get("text/plain"), by_type.get("text/html")
        self.text = self.text_part.get_content() if self.text_part else ""
        self.html = self.html_part.get_content() if self.html_part else ""
        self.page = Page(self.html)

    def header(self, name):
        return re.sub(r"\s+", " ", str(self.message[name] or "")).strip()

    def is_list(self):
        return "list-id" in self.names

    # Octets

    def lines_end_with_crlf_and_nothing_else(self):
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", self.octets), "a bare CR or LF"
        assert self.octets.endswith(b"\r\n"), "no end of line at the end"

    def every_octet_is_printable_ascii(self):
        strange = {octet for octet in self.octets if not (32 <= octet < 127 or octet in (9, 10, 13))}
        assert not strange, strange

    def lines_are_short(self):
        body = max((len(line) for line in self.body.split(b"\r\n")), default=0)
        assert body <= 76, f"a body line of {body}"
        for line in self.head.split(b"\r\n"):
            # A link is never broken, and List-Unsubscribe must not be folded right after its colon.
            words = line.split()
            can_be_folded = len(words) > (1 if line.startswith(b" ") else 2)
            assert len(line) <= (78 if can_be_folded else 998), f"a header line of {len(line)}: {line[:90]}"

    def it_is_small_enough_for_gmail(self):
        encoded = len(self.html_part.as_bytes()) if self.html_part else 0
        assert encoded <= 90_000 and len(self.octets) <= 150_000, f"{encoded} of HTML, {len(self.octets)} in all"

    # Headers

    def headers_stand_once(self):
        assert not (twice := [name for name in ONCE if self.names.count(name) > 1]), twice

    def headers_are_there(self):
        needed = NEEDED + (NEEDED_OF_A_LIST if self.is_list() else [])
        assert not (missing := [name for name in needed if name not in self.names]), missing

    def nothing_is_defective(self):
        for part in self.message.walk():
            assert not part.defects, part.defects
        for name in self.message.keys():
            assert not getattr(self.message[name], "defects", ()), (name, self.message[name].defects)

    def the_sender_has_a_name_and_the_recipient_is_one(self):
        sender, to = self.message["from"].addresses, self.message["to"].addresses
        assert len(sender) == 1 and sender[0].display_name, sender
        assert len(to) == 1, to

    def the_date_is_plausible(self):
        date = email.utils.parsedate_to_datetime(self.header("date"))
        assert date.tzinfo is not None and re.search(r"[+-]\d{4}$", self.header("date")), self.header("date")
        now = datetime.datetime.now(datetime.timezone.utc)
        assert abs(now - date) < datetime.timedelta(days=8), date

    def the_message_id_is_ours(self):
        match = re.fullmatch(r"<[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@([A-Za-z0-9.-]+)>", self.header("message-id"))
        assert match, self.header("message-id")
        domain = self.message["from"].addresses[0].domain
        assert match[1] == domain or match[1].endswith("." + domain), match[1]

    def one_can_leave_by_one_click(self):
        if not self.is_list():
            return
        links = re.findall(r"<([^>]*)>", self.header("list-unsubscribe"))
        assert links and links[0].startswith(self.scheme + "://"), links
        assert self.header("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
        raw = re.search(rb"(?im)^List-Unsubscribe:(.*)$", self.head)[1]
        assert raw.strip(), "folded right after the colon"

    def the_subject_is_a_headline(self):
        subject = str(self.message["subject"])
        assert subject.strip() and subject == subject.strip() and len(subject) <= 70, subject
        assert not re.match(r"(?i)(re|fwd?):", subject), subject
        strange = [c for c in subject if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cf") and c != "\u200d"]
        assert not strange, strange

    # Parts

    def text_comes_first_and_html_after_it(self):
        assert self.message.get_content_type() == "multipart/alternative", self.message.get_content_type()
        assert [part.get_content_type() for part in self.parts] == ["text/plain", "text/html"]
        for part in self.parts:
            assert part.get_content_charset() == "utf-8", part["content-type"]
            assert part["content-transfer-encoding"] in ("quoted-printable", "base64"), part["content-transfer-encoding"]

    def the_text_is_text(self):
        assert not re.search(r"<(p|div|a|br|table|span)\b|&(nbsp|amp|#\d+);", self.text), "HTML in the text"
        width = max((len(line) for line in self.text.splitlines() if "://" not in line), default=0)
        assert width <= 78, f"a line of {width}"

    def the_text_has_the_links_of_the_html(self):
        wanted = {a["href"] for a in self.page.all("a") if "/articles/" in (a.get("href") or "")}
        missing = {link for link in wanted if link not in self.text}
        assert not missing, sorted(missing)[:3]

    def nothing_of_the_workshop_is_left(self):
        everything = " ".join(self.page.words) + self.text
        assert not (left := [mark for mark in RESIDUE if mark in everything]), left
        assert "\ufffd" not in everything and not re.search(r"Ã.|â€", everything), "broken letters"

    # HTML

    def the_html_is_passive(self):
        assert not (found := ACTIVE & set(self.page.tags)), found
        handlers = [name for _, attributes in self.page.attributes for name in attributes if name.startswith("on")]
        assert not handlers, handlers

    def the_html_says_its_language_and_direction(self):
        root = self.page.all("html")[0]
        assert root.get("lang") and root.get("dir") in ("ltr", "rtl"), root
        wrapper = next(a for tag, a in self.page.attributes if tag in ("div", "table") and "lang" in a)
        assert wrapper.get("dir") == root["dir"], wrapper

    def tables_are_for_layout(self):
        assert all(table.get("role") == "presentation" for table in self.page.all("table"))

    def headings_follow_one_another(self):
        levels = [int(tag[1]) for tag in self.page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, levels
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels

    def pictures_have_a_size_and_words(self):
        for picture in self.page.all("img"):
            assert "alt" in picture and picture.get("width") and picture.get("height"), picture
            assert picture["src"].startswith(self.scheme + "://"), picture["src"]
            assert (picture["width"], picture["height"]) != ("1", "1"), "a tracking pixel"

    def links_lead_somewhere(self):
        for link in self.page.all("a"):
            assert re.match(rf"({self.scheme}://|mailto:)", link.get("href") or ""), link

    def the_style_survives_mail_programs(self):
        assert all(len(style) < 8192 for style in self.page.styles) and sum(map(len, self.page.styles)) < 16384
        lowered = self.html.lower()
        for fragile in ("@import", "@font-face", "position:", "float:", "display:flex", "display:grid", "url("):
            assert fragile not in lowered, fragile


RULES = [name for name, rule in vars(Mail).items() if callable(rule) and name not in ("__init__", "header", "is_list")]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--links", default="https")
    arguments.add_argument("files", nargs="+")
    arguments = arguments.parse_args()
    broken = 0
    for file in arguments.files:
        with open(file, "rb") as opened:
            mail = Mail(opened.read(), arguments.links)
        for name in RULES:
            try:
                getattr(mail, name)()
            except Exception as found:  # whatever a rule trips over, the mail is not as it should be
                broken += 1
                print(f"{file}: not so: {name.replace('_', ' ')}: {type(found).__name__} {found}")
    print(f"{len(arguments.files)} mails, {len(RULES)} rules, {broken} broken")
    sys.exit(1 if broken else 0)


main()
