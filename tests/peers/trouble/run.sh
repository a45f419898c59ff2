#!/usr/bin/env bash
# A disk that fills up and a database that somebody holds, in the middle of an edition: nobody is lost, nobody has it
# twice, the daemon lives. Mounts a small disk in memory, so it wants root.
. tests/peers/lib.sh

readers=20000
disk=$PEERS/small-disk
mkdir -p "$disk"
mount -t tmpfs -o size=400m courant-trouble "$disk"
trap 'end_started; umount "$disk"' EXIT

need curl curl
need sqlite3 sqlite3

relay_port=$(free_port)
sink_start "$relay_port"
web_port=$(free_port)
web=http://127.0.0.1:$web_port
sqlite3 "$PEERS/content.db" <tests/peers/postfix/content.sql
cat >"$disk/courant.toml" <<END
[publication]
title = "The Press"
base_url = "$web"
postal_address = "The Press, 1 Quay, Halmouth"
[database]
url = "sqlite:$disk/courant.db"
[web]
listen = "127.0.0.1:$web_port"
[mail]
from = "The Press <digest@press.example.net>"
[mail.relay]
url = "smtp://127.0.0.1:$relay_port"
connections = 4
[[source]]
name = "cms"
kind = "sqlite"
path = "$PEERS/content.db"
query = "SELECT * FROM posts"
every = "1m"
[[newsletter]]
slug = "daily"
title = "The Daily Press"
schedule = "0 7 1 1 *"
END
courant() {
  "$COURANT" --config "$disk/courant.toml" "$@"
}
(echo email && seq -f 'reader%.0f@example.org' "$readers") >"$PEERS/people.csv"
courant subscriber import "$PEERS/people.csv" --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/trouble.log" "$COURANT" --config "$disk/courant.toml" run
daemon=${started[-1]}
eventually 20 curl -sf "$web/feed.rss"

# How many messages the relay has taken.
more_than() {
  [ "$(taken)" -gt "$1" ]
}
# Whether no message has come for a second.
is_quiet() {
  local before
  before=$(taken)
  sleep 1
  [ "$(taken)" = "$before" ]
}
lives() {
  kill -0 "$daemon" && curl -sf "$web/" -o "$PEERS/front.html"
}
# Leaves not a page of the disk; the daemon, which writes meanwhile, may have to be outrun.
fill() {
  fallocate -l "$(($(stat -f -c '%a * %S' "$disk")))" "$disk/filler" || true
  while ! [ "$(stat -f -c %a "$disk")" = 0 ]; do
    head -c 1m /dev/zero >>"$disk/filler" 2>"$PEERS/fill.log" || true
  done
}
count() {
  courant edition show "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["deliveries"][sys.argv[1]])' "$2"
}
# once EDITIONS: whether each reader was sent exactly so many messages, and the database says so.
once() {
  local mails
  mails=$(grep '^X-Rcpt-Args: ' "$PEERS/sink/mails" | sort | uniq -c | awk '{print $1}' | sort -u)
  [ "$mails" = "$1" ] && [ "$(taken)" = $(($1 * readers)) ] && [ "$(count "daily/$1" sent)" = "$readers" ]
}
all_taken() {
  [ "$(taken)" -ge $(($1 * readers)) ] && [ "$(count "daily/$1" sent)" = "$readers" ]
}

courant newsletter send daily --now >/dev/null
eventually 30 more_than 1000
check "the disk is full while an edition goes out" fill
check "sending stops" eventually 10 is_quiet
check "some are still waiting" [ "$(taken)" -lt "$readers" ]
check "the daemon lives, and pages are served" lives
rm "$disk/filler"
check "when there is room again everybody gets it" eventually 60 all_taken 1
check "nobody has it twice, and the database says so" once 1

sqlite3 "$PEERS/content.db" "INSERT INTO posts (title, html, published_at) VALUES ('The tide turns', '<p>It does.</p>', unixepoch())"
courant source fetch cms >/dev/null
courant newsletter send daily --now >/dev/null
eventually 30 more_than $((readers + 1000))
start "$PEERS/lock.log" python3 -c '
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(30)
database.execute("ROLLBACK")
' "$disk/courant.db"
holder=${started[-1]}
check "somebody holds the database for thirty seconds while an edition goes out" eventually 20 grep -q held "$PEERS/lock.log"
check "sending stops" eventually 10 is_quiet
check "some are still waiting" [ "$(taken)" -lt $((2 * readers)) ]
check "the daemon lives, and pages are served" lives
wait "$holder"
check "when it is let go everybody gets it" eventually 60 all_taken 2
check "nobody has it twice, and the database says so" once 2
check "the log holds no address" sh -c "! grep -q example.org $PEERS/trouble.log"
finish
