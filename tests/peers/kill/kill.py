"""Kills Courant at each point of its conversation with a relay, starts it again, and counts what readers got.

Usage: kill.py COURANT DIRECTORY KILLS: so many kills at each point over each number of connections.
"""

import asyncio
import json
import signal
import statistics
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from relay import POINTS, Blow, Relay

CONNECTIONS = [1, 8, 32]
SIGTERM = "SIGTERM"

# How long anything may take before the test gives up; no bar.
PATIENCE = 60

CONFIG = """
[publication]
title = "The Press"
base_url = "https://press.example.net"
postal_address = "The Press, 1 Quay, Halmouth"
[web]
listen = "127.0.0.1:0"
[mail]
from = "The Press <digest@press.example.net>"
[mail.relay]
url = "smtp://127.0.0.1:{port}"
connections = {connections}
[[source]]
name = "cms"
kind = "sqlite"
path = "{content}"
query = "SELECT * FROM posts"
every = "1h"
[[newsletter]]
slug = "daily"
title = "The Daily Press"
schedule = "0 7 1 1 *"
"""


class Cell:
    """One point and one number of connections: an edition, and a daemon that is killed until it is out."""

    def __init__(self, courant, directory, content, point, connections, kills):
        self.courant, self.home, self.content = courant, directory, content
        self.point, self.connections, self.kills = point, connections, kills
        self.readers = kills * (2 * connections + 16) + connections
        self.relay = None
        self.starts, self.ends = [], []

    async def go(self):
        self.home.mkdir()
        self.relay = Relay(self.home / "relay.log")
        server = await asyncio.get_running_loop().create_server(self.relay.connection, "127.0.0.1", 0)
        await self.publish(server.sockets[0].getsockname()[1])
        for number in range(self.kills):
            await self.run_until_struck(number)
        await self.run_until_done()
        counts = json.loads(await self.command("edition", "show", "daily/1", "--json"))["deliveries"]
        listed = ["edition", "deliveries", "daily/1", "--state", "sent", "--limit", str(self.readers + 1), "--json"]
        said = {delivery["address"] for delivery in json.loads(await self.command(*listed))}
        server.close()
        return self.judge(counts, said)

    async def publish(self, port):
        config = CONFIG.format(port=port, connections=self.connections, content=self.content)
        (self.home / "courant.toml").write_text(config)
        people = ["email", *(f"reader{number}@example.org" for number in range(self.readers))]
        (self.home / "people.csv").write_text("\n".join(people) + "\n")
        await self.command("subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "a test")
        await self.command("source", "fetch", "cms")
        await self.command("newsletter", "send", "daily", "--now")

    async def command(self, *arguments):
        process = await asyncio.create_subprocess_exec(
            self.courant, *arguments, cwd=self.home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"courant {' '.join(arguments)}: {err.decode()}")
        return out

    async def start(self, blow):
        self.relay.run += 1
        self.relay.blow = blow
        with open(self.home / "daemon.log", "ab") as log:
            daemon = await asyncio.create_subprocess_exec(self.courant, "run", cwd=self.home, stdout=log, stderr=log)
        if blow:
            blow.client = daemon.pid
        return daemon

    async def run_until_struck(self, number):
        blow = self.blow(number)
        began, before = time.monotonic(), len(self.relay.taken)
        daemon = await self.start(blow)
        waiting = asyncio.create_task(blow.struck.wait())
        async with asyncio.timeout(PATIENCE):
            while not waiting.done():
                await asyncio.wait([waiting], timeout=0.005)
                if len(self.relay.taken) > before and len(self.starts) < self.relay.run:
                    self.starts.append(time.monotonic() - began)
                if daemon.returncode is not None:
                    raise SystemExit(f"the daemon ended before it was struck; see {self.home}/daemon.log")
            struck = time.monotonic()
            await daemon.wait()
        self.ends.append(time.monotonic() - struck)

    def blow(self, number):
        """At another message each time; a connection is opened only so often."""
        if self.point == SIGTERM:
            return Blow(POINTS[2 + number % 6], 3 + number % 11, signal.SIGTERM)
        is_early = self.point in POINTS[:2]
        if is_early:
            return Blow(self.point, 1 + number % self.connections, signal.SIGKILL)
        # Half of them while the first messages of all connections are on their way, half of them later.
        return Blow(self.point, 1 + (5 * number + 3) % 13 + number % 2 * self.connections, signal.SIGKILL)

    async def run_until_done(self):
        daemon = await self.start(None)
        async with asyncio.timeout(PATIENCE):
            while True:
                counts = json.loads(await self.command("edition", "show", "daily/1", "--json"))["deliveries"]
                if not any(counts[state] for state in ["queued", "leased", "sending", "deferred"]):
                    break
                await asyncio.sleep(0.1)
            daemon.send_signal(signal.SIGTERM)
            await daemon.wait()

    def judge(self, counts, said):
        taken = self.relay.taken
        by_reader = defaultdict(list)
        for entry in taken:
            by_reader[entry["rcpt"]].append(entry)
        copies = Counter()
        for entries in by_reader.values():
            # A copy is the fault of the kill that ended the run in which the message was accepted before.
            copies.update(earlier["run"] for earlier in entries[:-1])
        ids = {(entry["rcpt"], entry["id"]) for entry in taken}
        expected = {f"reader{number}@example.org" for number in range(self.readers)}
        return {
            "kills": self.kills,
            "messages": len(taken),
            "lost": len(expected - set(by_reader)),
            "wrong": sum(entry["rcpt"] != entry["to"] for entry in taken) + len(set(by_reader) - expected),
            "shared": len(ids) - len({id for _, id in ids}),
            "changed": sum(len({(e["id"], e["sha256"]) for e in entries}) > 1 for entries in by_reader.values()),
            "repeated": sum(copies.values()),
            "most": max(copies.values(), default=0),
            "bound": 0 if self.point == SIGTERM else self.connections,
            "doubts": counts["doubts"],
            "untrue": abs(counts["sent"] - self.readers) + len(expected ^ said),
        }


def is_good(found):
    wrong = ["lost", "wrong", "shared", "changed", "untrue"]
    return not any(found[name] for name in wrong) and found["most"] <= found["bound"] and found["repeated"] <= found["doubts"]


async def main(courant, directory, kills):
    courant, directory = str(Path(courant).resolve()), Path(directory).resolve()
    failed, total, starts, ends = 0, Counter(), [], []
    print("  point            conn.  kills  messages  lost  wrong  changed  repeated  most a kill  allowed  doubts")
    for point in [*POINTS, SIGTERM]:
        for connections in CONNECTIONS:
            home = directory / f"{point.replace(' ', '-')}-{connections}"
            cell = Cell(courant, home, directory / "content.db", point, connections, kills)
            found = await cell.go()
            total.update({name: found[name] for name in ["kills", "messages", "lost", "wrong", "changed", "repeated"]})
            starts += cell.starts[1:]
            if point == SIGTERM:
                ends += cell.ends
            good = is_good(found)
            failed += not good
            print(
                f"  {point:15} {connections:6} {found['kills']:6} {found['messages']:9} {found['lost']:5}"
                f" {found['wrong']:6} {found['changed']:8} {found['repeated']:9} {found['most']:12}"
                f" {found['bound']:8} {found['doubts']:7}{'' if good else '  FAIL ' + json.dumps(found)}",
                flush=True,
            )
    print("  in all: " + ", ".join(f"{name} {number}" for name, number in total.items()))
    print(f"  from a restart to the first message taken: {spread(starts)}")
    print(f"  from SIGTERM to the end: {spread(ends)}")
    return failed


def spread(seconds):
    return f"{statistics.median(seconds):.2f} s in the middle, {max(seconds):.2f} s at most" if seconds else "not seen"


sys.exit(1 if asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))) else 0)
