"""Stands between Courant and a relay, and keeps each message as it went over the wire.

usage: tee.py PORT RELAY_PORT DIRECTORY — writes DIRECTORY/<recipient>, dots unstuffed, once the relay said 250.
"""
import asyncio
import pathlib
import re
import sys

port, relay_port, directory = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])


class Conversation:
    """What the client said, as far as it is about messages."""

    def __init__(self):
        self.buffer = b""
        self.recipient = None
        self.in_data = False

    def hear(self, octets):
        self.buffer += octets
        while self.step():
            pass

    def step(self):
        if self.in_data:
            end = self.buffer.find(b"\r\n.\r\n")
            if end < 0:
                return False
            message, self.buffer = self.buffer[: end + 2], self.buffer[end + 5 :]
            self.in_data = False
            (directory / self.recipient).write_bytes(re.sub(rb"(?m)^\.", b"", message))
            return True
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        if match := re.match(rb"(?i)RCPT TO:<(.+?)>", line):
            self.recipient = match[1].decode()
        return True


async def serve(reader, writer):
    relay_reader, relay_writer = await asyncio.open_connection("127.0.0.1", relay_port)
    conversation = Conversation()

    async def to_relay():
        while octets := await reader.read(65536):
            conversation.hear(octets)
            relay_writer.write(octets)
            await relay_writer.drain()
        relay_writer.close()

    async def to_client():
        while octets := await relay_reader.read(65536):
            # Replies are short and come in one read; a 354 opens a message.
            conversation.in_data |= re.search(rb"(?m)^354 ", octets) is not None
            conversation.step()
            writer.write(octets)
            await writer.drain()
        writer.close()

    await asyncio.gather(to_relay(), to_client(), return_exceptions=True)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main())
