"""Whether what Postfix put into the Maildir is what Courant sent, octet for octet.

usage: same_bytes.py SENT_DIRECTORY MAILDIR

Postfix puts its own headers before the message and ends lines as Unix does; nothing else may differ.
"""
import pathlib
import re
import sys

sent, maildir = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
OWN = rb"\A(?:(?:Return-Path|X-Original-To|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*)+"

delivered = {}
for file in (maildir / "new").iterdir():
    stored = file.read_bytes()
    recipient = re.search(rb"(?m)^Delivered-To: (.+)$", stored)[1].decode()
    assert recipient not in delivered, f"{recipient} has two mails"
    delivered[recipient] = re.sub(OWN, b"", stored).replace(b"\n", b"\r\n")

expected = {file.name: file.read_bytes() for file in sent.iterdir()}
assert delivered.keys() == expected.keys(), f"sent {sorted(expected)}, delivered {sorted(delivered)}"
for recipient, octets in expected.items():
    assert delivered[recipient] == octets, f"{recipient}: {len(octets)} octets sent, {len(delivered[recipient])} stored"
print(f"{len(expected)} messages are the same")
