"""Whether dkimpy takes every mail in a Maildir for signed by each key, and for forged once anything is changed.

usage: verify.py RECORDS.json MAILDIR

RECORDS.json is what `courant dkim record --json` prints; it stands in the place of the DNS.
"""
import json
import pathlib
import re
import sys

import dkim

with open(sys.argv[1]) as opened:
    records = json.load(opened)
dns = {record["name"]: record["value"].encode() for record in records}


def answer(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return dns.get(name.rstrip("."))


def passes(message, index):
    """Whether the signature holds that is the index-th from the top."""
    try:
        return dkim.DKIM(message, minkey=2048).verify(idx=index, dnsfunc=answer)
    except dkim.DKIMException as found:
        print(f"        {type(found).__name__}: {found}")
        return False


def changed(pattern, replacement):
    def change(message):
        result, count = re.subn(pattern, replacement, message, count=1)
        return result if count else None

    return change


def added(line):
    return lambda message: message.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n", 1)


# A confirmation is no list's mail: what cannot be changed there can be added.
TAMPERS = {
    "body": changed(rb"(?s)(\r\n\r\n.*?)(e)", rb"\1E"),
    "subject": changed(rb"\r\nSubject: ", b"\r\nSubject: x"),
    "to": changed(rb"\r\nTo: ", b"\r\nTo: x"),
    "date": changed(rb"(\r\nDate: \w+, \d+ \w+ )\d+", rb"\g<1>1999"),
    "list-unsubscribe": changed(rb"\r\nList-Unsubscribe: <http", b"\r\nList-Unsubscribe: <xhttp"),
    "list-unsubscribe-post": changed(rb"\r\nList-Unsubscribe-Post: ", b"\r\nX-Unsubscribe-Post: "),
    "a second from": added(b"From: Eve <eve@example.net>"),
    "a second subject": added(b"Subject: Pay here"),
    "a second list-unsubscribe": added(b"List-Unsubscribe: <https://example.net/>"),
}

mails = checks = 0
for file in sorted(pathlib.Path(sys.argv[2], "new").iterdir()):
    message = file.read_bytes().replace(b"\n", b"\r\n")
    names = re.findall(rb"(?m)^DKIM-Signature:", message)
    assert len(names) == len(records), f"{file.name} has {len(names)} signatures"
    for index in range(len(records)):
        assert passes(message, index), f"{file.name}: signature {index} does not hold"
        for what, tamper in TAMPERS.items():
            forged = tamper(message)
            if forged is None:
                assert what.startswith("list-") and b"\r\nList-Id:" not in message, f"{file.name} has no {what}"
                continue
            assert forged != message and not passes(forged, index), f"{file.name}: signature {index} misses: {what}"
            checks += 1
    mails += 1
assert mails, "no mail"
print(f"{mails} mails by {len(records)} keys, {checks} changes noticed")
