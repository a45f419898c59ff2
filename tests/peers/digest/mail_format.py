#!/usr/bin/env python3
"""Checks the format of digests as mails: RFC 5322, 2045 to 2047, 2369, 2919, 8058, and what large providers want.

usage: mail_format.py [--parts DIRECTORY] FILE.eml...

A mail whose file name begins with "confirmation" has no list headers. With --parts the HTML of each mail is written
to DIRECTORY, for the checkers of HTML. Exits with 1 if there is anything to complain about.
"""

import argparse
import email
import email.header
import email.policy
import email.utils
import pathlib
import re
import sys
import unicodedata

ONCE = (
    "from to sender reply-to cc date message-id subject mime-version content-type content-transfer-encoding list-id "
    "list-unsubscribe list-unsubscribe-post list-archive list-help list-owner list-post auto-submitted precedence "
    "feedback-id"
).split()
REQUIRED = "from to reply-to date message-id subject mime-version content-type".split()
REQUIRED_OF_LISTS = (
    "list-id list-unsubscribe list-unsubscribe-post list-archive list-help list-owner list-post feedback-id "
    "auto-submitted precedence"
).split()
ADDRESSES = "list-archive list-help list-owner".split()
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)[:/]")
URL = re.compile(r"https?://[^\s<>\"]+")
HTML_LIMIT, MESSAGE_LIMIT, TEXT_COLUMNS = 90_000, 150_000, 78


class Mail:
    """One message: its bytes, its lines, its headers, its two parts."""

    def __init__(self, path):
        self.is_list_mail = not path.name.startswith("confirmation")
        self.raw = path.read_bytes()
        self.head, _, self.body = self.raw.partition(b"\r\n\r\n")
        self.lines = self.raw.split(b"\r\n")
        self.message = email.message_from_bytes(self.raw, policy=email.policy.SMTP)
        self.parts = list(self.message.iter_parts()) if self.message.is_multipart() else []
        self.text, self.html = ([part.get_content() for part in self.parts] + ["", ""])[:2]

    def header(self, name):
        return re.sub(r"\s+", " ", str(self.message[name] or "")).strip()

    def raw_header(self, name):
        """A header as it stands on the wire, folds and all."""
        match = re.search(rb"(?im)^" + name.encode() + rb":([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", self.head)
        return match.group(1).decode("ascii", "replace") if match else ""


def octets(mail):
    yield "ends without CRLF", mail.raw.endswith(b"\r\n")
    yield "has a bare CR or LF", not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.raw)
    yield "has a control character", not re.search(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", mail.raw)
    yield "has an octet above 127", mail.raw.isascii()
    longest = max(map(len, mail.lines))
    yield f"has a line of {longest} octets", longest <= 998
    body = max(map(len, mail.body.split(b"\r\n")))
    yield f"has an encoded line of {body} octets", body <= 76
    folded = max(map(len, mail.head.split(b"\r\n")))
    yield f"has a header line of {folded} octets", folded <= 200


def headers(mail):
    names = [name.lower() for name in mail.message.keys()]
    for name in ONCE:
        yield f"has {name} more than once", names.count(name) <= 1
    for name in REQUIRED + (REQUIRED_OF_LISTS if mail.is_list_mail else []):
        yield f"has no {name}", name in names
    for name in mail.message.keys():
        yield f"has a faulty {name}", not getattr(mail.message[name], "defects", ())
    for word in re.findall(rb"=\?[^?]+\?[bqBQ]\?[^?]*\?=", mail.head):
        yield "has an encoded word of more than 75 octets", len(word) <= 75
        yield "has an encoded word that splits a character", decodes(word)
    yield "has a date without a numeric zone", re.search(r" [+-]\d{4}$", mail.header("date"))
    yield "has no Message-ID that RFC 5322 knows", re.fullmatch(
        r"<[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9.-]+>", mail.header("message-id")
    )


def decodes(word):
    """Whether an encoded word is whole: RFC 2047 forbids to split a character between two."""
    try:
        [(octets, charset)] = email.header.decode_header(word.decode())
        octets.decode(charset)
        return True
    except (ValueError, LookupError):
        return False


def people(mail):
    for name in ("from", "to"):
        addresses = mail.message[name].addresses if mail.message[name] else ()
        yield f"has not one address in {name}", len(addresses) == 1
    sender = mail.message["from"].addresses[0] if mail.message["from"] else None
    yield "has a From without a name", sender and sender.display_name
    domain = sender.domain.lower() if sender else ""
    owner = mail.header("message-id").rstrip(">").rpartition("@")[2].lower()
    yield "has a Message-ID of a foreign domain", is_akin(owner, domain)


def is_akin(one, other):
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def subject(mail):
    text = str(mail.message["subject"] or "")
    yield "has an empty subject", text.strip()
    yield "has white space around its subject", text == text.strip()
    yield f"has a subject of {len(text)} characters", len(text) <= 200
    yield "pretends to be an answer", not re.match(r"(?i)(re|fwd?|aw):", text)
    hidden = {"Cc", "Cs", "Co"}
    yield "has an invisible character in its subject", not any(
        unicodedata.category(c) in hidden or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff" for c in text
    )


def list_headers(mail):
    if not mail.is_list_mail:
        return
    yield "has a List-Id without <name.domain>", re.search(r"<[\w-]+(\.[\w-]+)+>$", mail.header("list-id"))
    unsubscribe = mail.raw_header("list-unsubscribe")
    targets = re.findall(r"<([^<>]*)>", unsubscribe)
    yield "has no https and mailto in List-Unsubscribe, in this order", (
        len(targets) == 2 and is_web(targets[0]) and targets[1].startswith("mailto:")
    )
    yield "folds List-Unsubscribe right after its name", re.match(r" <http", unsubscribe)
    yield "encodes List-Unsubscribe", "=?" not in unsubscribe
    yield "has no one-click", mail.header("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    yield "has another List-Post than NO", mail.header("list-post") == "NO"
    for name in ADDRESSES:
        target = re.search(r"<([^<>]*)>", mail.header(name))
        yield f"has a faulty {name}", target and (is_web(target[1]) or target[1].startswith("mailto:"))
    yield "has more than 4 fields in Feedback-ID", mail.header("feedback-id").count(":") <= 3
    yield "is not auto-generated", mail.header("auto-submitted") == "auto-generated"
    yield "has another Precedence than bulk", mail.header("precedence") == "bulk"


def is_web(url):
    return url.startswith("https://") or LOOPBACK.match(url)


def structure(mail):
    yield "is not multipart/alternative", mail.message.get_content_type() == "multipart/alternative"
    yield "has other parts than text and HTML", [part.get_content_type() for part in mail.parts] == [
        "text/plain",
        "text/html",
    ]
    for part in mail.message.walk():
        yield f"has defects: {part.defects}", not part.defects
    for part in mail.parts:
        yield "has a part that is not UTF-8", part.get_content_charset() == "utf-8"
        yield "has a part in another encoding than quoted-printable or base64", part[
            "content-transfer-encoding"
        ] in ("quoted-printable", "base64")


def sizes(mail):
    html = len(mail.parts[1].as_bytes()) if len(mail.parts) == 2 else 0
    yield f"has {html} bytes of encoded HTML", html <= HTML_LIMIT
    yield f"has {len(mail.raw)} bytes", len(mail.raw) <= MESSAGE_LIMIT


def text_part(mail):
    for line in mail.text.splitlines():
        yield f"has a line of {columns(line)} columns: {line[:40]}", columns(line) <= TEXT_COLUMNS or URL.match(line)
        yield f"has an address that is not alone on its line: {line[:60]}", not URL.search(line) or URL.fullmatch(line)
    yield "has HTML in its text", not re.search(r"</?(p|div|td|table|span|br|h[1-6])\b[^>]*>|&(nbsp|amp);", mail.text)
    invisible = [c for c in mail.text + mail.html if unicodedata.category(c) in ("Cc", "Co", "Cs") and c not in "\r\n\t"]
    yield f"has characters that nobody sees: {invisible[:5]!r}", not invisible


def columns(line):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    bare = sum(unicodedata.category(c) in ("Mn", "Me", "Cf") for c in line)
    return len(line) + wide - bare


def links(mail):
    """Every headline's link of the HTML is in the text too, and so is the way out."""
    in_text = set(URL.findall(mail.text))
    headline = re.compile(r'<h2\b[^>]*><a\b[^>]* href="([^"]*)"')
    for link in headline.findall(mail.html):
        yield f"has a link in HTML only: {link}", link.replace("&amp;", "&") in in_text
    if mail.is_list_mail:
        target = re.search(r"<(http[^<>]*)>", mail.header("list-unsubscribe"))
        token = target[1].rstrip("/").rpartition("/")[2] if target else "?"
        yield "has no link to unsubscribe in its text", any(token in link for link in in_text)
        yield "has no link to unsubscribe in its HTML", token in mail.html


def dkim(mail):
    """A signature is wanted only where the daemon has a key; what it covers is checked here, not that it is true."""
    names = [name.lower() for name in mail.message.keys()]
    for value in mail.message.get_all("dkim-signature", []):
        tags = dict(tag.split("=", 1) for tag in re.sub(r"\s", "", str(value)).strip(";").split(";"))
        signed = tags.get("h", "").lower().split(":")
        yield "is signed with another canonicalization than relaxed/relaxed", tags.get("c") == "relaxed/relaxed"
        yield "is signed with l=", "l" not in tags
        for name in REQUIRED + ["list-id", "list-unsubscribe", "list-unsubscribe-post"]:
            yield f"is signed without oversigning {name}", signed.count(name) > names.count(name)


RULES = (octets, headers, people, subject, list_headers, structure, sizes, text_part, links, dkim)


def complaints(mail):
    return [complaint for rule in RULES for complaint, holds in rule(mail) if not holds]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=pathlib.Path)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    failed = False
    for path in arguments.files:
        mail = Mail(path)
        for complaint in complaints(mail):
            print(f"{path}: {complaint}")
            failed = True
        if arguments.parts:
            arguments.parts.mkdir(parents=True, exist_ok=True)
            (arguments.parts / f"{path.stem}.html").write_text(mail.html, encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
