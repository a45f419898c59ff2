"""A relay that logs each message on disk before it answers, and strikes its client at a given point.

It is aiosmtpd; what is added is the log, PIPELINING in the answer to EHLO, and the blow.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import re
import signal

from aiosmtpd.smtp import SMTP

POINTS = ["connect", "EHLO", "MAIL", "RCPT", "DATA", "before the dot", "after it", "after the 250"]


class Blow:
    """A signal to the client, when a point is reached for the nth time. Struck once."""

    def __init__(self, point, countdown, signal_number):
        self.point = point
        self.countdown = countdown
        self.signal = signal_number
        self.client = None
        self.struck = asyncio.Event()

    def falls(self, point):
        """Whether the client is dead now. One that is told to stop is not: it ends when it has its answers."""
        if self.client is None or self.struck.is_set() or point != self.point:
            return False
        self.countdown -= 1
        if self.countdown > 0:
            return False
        self.struck.set()
        os.kill(self.client, self.signal)
        if self.signal != signal.SIGKILL:
            return False
        # It must not get a word more than what it was killed at.
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, self.client, os.WEXITED | os.WNOWAIT)
        return True


class Relay:
    """What all connections share: the log, the blow that is due, and which run of the client this is."""

    def __init__(self, log):
        self.log = open(log, "ab")
        self.blow = None
        self.run = 0
        self.taken = []

    def strikes(self, point):
        return self.blow is not None and self.blow.falls(point)

    def take(self, run, recipient, content):
        """Keeps a message, on disk before anybody hears of it."""
        headers = content.split(b"\r\n\r\n", 1)[0].decode()
        entry = {
            "run": run,
            "rcpt": recipient,
            "to": header(headers, "To"),
            "id": header(headers, "Message-ID"),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        self.log.write(json.dumps(entry).encode() + b"\n")
        self.log.flush()
        os.fdatasync(self.log.fileno())
        self.taken.append(entry)

    def connection(self):
        return Connection(self)


def header(headers, name):
    found = re.search(rf"^{name}:\s*(.*(?:\r\n[ \t].*)*)", headers, re.MULTILINE | re.IGNORECASE)
    return re.sub(r"\r\n[ \t]", " ", found[1]).strip() if found else ""


class Lines:
    """The lines of a connection. Those that had come whole when the client died are still read, as every relay does."""

    def __init__(self, reader, relay):
        self.reader = reader
        self.relay = relay
        self.is_in_message = False

    def __getattr__(self, name):
        return getattr(self.reader, name)

    async def readuntil(self, separator=b"\n"):
        try:
            line = await self.reader.readuntil(separator)
        except asyncio.IncompleteReadError:
            raise ConnectionResetError from None
        if self.is_in_message:
            self.is_in_message = False
            if self.relay.strikes("before the dot"):
                raise ConnectionResetError
        return line


class Connection(SMTP):
    def __init__(self, relay):
        self.relay = relay
        self.run_of_client = relay.run
        super().__init__(self, hostname="relay.example.net", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())

    def _cb_client_connected(self, reader, writer):
        super()._cb_client_connected(Lines(reader, self.relay), writer)

    def eof_received(self):
        self._reader.feed_eof()
        return True

    async def _handle_client(self):
        if self.relay.strikes("connect"):
            self.transport.abort()
            return
        try:
            await super()._handle_client()
        except ConnectionResetError:
            self.transport and self.transport.abort()

    def _hang_up_if_struck(self, point):
        if self.relay.strikes(point):
            raise ConnectionResetError

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self._hang_up_if_struck("EHLO")
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        self._hang_up_if_struck("MAIL")
        envelope.mail_from = address
        return "250 2.1.0 Sender"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self._hang_up_if_struck("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient"

    async def smtp_DATA(self, arg):
        self._hang_up_if_struck("DATA")
        self._reader.is_in_message = True
        await super().smtp_DATA(arg)
        self._hang_up_if_struck("after the 250")

    async def handle_DATA(self, server, session, envelope):
        for recipient in envelope.rcpt_tos:
            self.relay.take(self.run_of_client, recipient, envelope.original_content)
        self._hang_up_if_struck("after it")
        return "250 2.0.0 Taken"
