#!/usr/bin/env bash
# The machine's clock is set back and ahead under a running daemon, by libfaketime: docs/schedules.md says what follows.
. tests/peers/lib.sh
trap end_started EXIT

need faketime faketime
need curl curl
need sqlite3 sqlite3
libfaketime=$(dpkg -L libfaketime | grep 'libfaketimeMT\.so' | head -1)

readers=6000
home=$PEERS/press
mkdir -p "$home"
relay_port=$(free_port)
sink_start "$relay_port"
web_port=$(free_port)
web=http://127.0.0.1:$web_port
sqlite3 "$home/content.db" <tests/peers/postfix/content.sql
cat >"$home/courant.toml" <<END
[publication]
title = "The Press"
base_url = "$web"
postal_address = "The Press, 1 Quay, Halmouth"
time_zone = "UTC"
[database]
url = "sqlite:$home/courant.db"
[web]
listen = "127.0.0.1:$web_port"
[mail]
from = "The Press <digest@press.example.net>"
[mail.relay]
url = "smtp://127.0.0.1:$relay_port"
connections = 1
[[source]]
name = "cms"
kind = "sqlite"
path = "$home/content.db"
query = "SELECT * FROM posts"
every = "1m"
[[newsletter]]
slug = "daily"
title = "The Daily Press"
schedule = "0 7 * * *"
END

# set_clock DAYS TIME: what the clock shows from now on, so many days from today; the clock goes on from there.
set_clock() {
  local shown
  shown=$(date -u -d "$(date -u +%F) + $1 days $2" +%s)
  printf '%+d\n' $((shown - $(date +%s))) >"$PEERS/offset.new"
  mv "$PEERS/offset.new" "$PEERS/offset"
}
# Runs a program by that clock. How long it has run is not faked, nor what the disk says of its files.
# No function: what is started in the background has to be the program itself, or killing it ends only a shell.
by_that_clock=(env LD_PRELOAD="$libfaketime" FAKETIME_TIMESTAMP_FILE="$PEERS/offset" FAKETIME_NO_CACHE=1
  FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 TZ=UTC "$COURANT" --config "$home/courant.toml")
courant() {
  "${by_that_clock[@]}" "$@"
}
# write_article TITLE: the newsroom publishes something, and Courant sees it.
write_article() {
  sqlite3 "$home/content.db" "INSERT INTO posts (title, html, published_at) VALUES ('$1', '<p>It does.</p>', unixepoch())"
  courant source fetch cms >/dev/null
}
more_than() {
  [ "$(taken)" -gt "$1" ]
}
is_quiet() {
  local before
  before=$(taken)
  sleep 3
  [ "$(taken)" = "$before" ]
}
# Whether the command succeeds now and three seconds later.
is_still() {
  "$@" && sleep 3 && "$@"
}
editions() {
  courant edition list --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
}
count() {
  courant edition show "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["deliveries"][sys.argv[1]])' "$2"
}
# once EDITIONS: whether each reader was sent exactly so many messages, and the database says so.
once() {
  local mails
  mails=$(grep '^X-Rcpt-Args: ' "$PEERS/sink/mails" | sort | uniq -c | awk '{print $1}' | sort -u)
  [ "$mails" = "$1" ] && [ "$(taken)" = $(($1 * readers)) ] && [ "$(count "daily/$1" sent)" = "$readers" ] &&
    [ "$(editions)" = "$1" ]
}
is_held() {
  courant clock show | tee /dev/stderr | grep -q "$1"
}
is_believed() {
  courant clock show | tee /dev/stderr | grep -q 'is believed'
}

set_clock 2 06:59:30
(echo email && seq -f 'reader%.0f@example.org' "$readers") >"$PEERS/people.csv"
courant subscriber import "$PEERS/people.csv" --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/clock.log" "${by_that_clock[@]}" run
daemon=${started[-1]}
eventually 20 curl -sf "$web/feed.rss"

set_clock 2 06:59:58
check "the edition of seven o'clock goes out" eventually 30 more_than 300
set_clock 2 06:02:00
check "the clock is set back by almost an hour while it goes out" [ "$(taken)" -lt "$readers" ]
write_article "The tide turns"
check "who waits gets it all the same" eventually 60 once 1
set_clock 2 06:59:58
check "seven o'clock comes a second time: nothing is repeated, and there is no other edition" is_still once 1

set_clock 2 04:00:00
check "set back by three hours, the clock is not believed" eventually 10 is_held 'set back'
set_clock 2 07:10:00
check "put right again, it is believed" eventually 10 is_believed
check "nothing has gone out meanwhile" once 1

set_clock 3 06:59:58
check "leapt ahead by a day, the clock is not believed" eventually 10 is_held 'leapt ahead'
check "the tick of that day publishes nothing" is_quiet
courant clock confirm >/dev/null
check "an operator says that it is right, and that day's edition goes out" eventually 30 more_than $((readers + 300))
set_clock 4 07:30:00
check "the clock leaps a day ahead while it goes out" [ "$(taken)" -lt $((2 * readers)) ]
check "it is not believed" eventually 10 is_held 'leapt ahead'
check "what is too old by that clock does not go out" is_quiet
check "nor is it given up" [ "$(count daily/2 expired)" = 0 ]
check "the next edition is held" [ "$(editions)" = 2 ]
set_clock 3 07:05:00
check "put right again, everybody has got the edition once" eventually 60 once 2

write_article "The tide turns back"
set_clock 4 09:30:00
check "leapt ahead by a day again, it is not believed" eventually 10 is_held 'leapt ahead'
courant clock confirm >/dev/null
check "an operator says that it is right: the tick that passed is made up, once" eventually 60 once 3
check "the daemon lives" kill -0 "$daemon"

# M7 of docs/schedules.md: a daemon is killed a hundred times between two seconds before its tick and five after it.
all_sent() {
  [ "$(count daily/4 sent)" = "$readers" ]
}
write_article "The tide stands still"
kill "$daemon"
wait "$daemon" 2>/dev/null || true
set_clock 5 06:59:58
for kill in $(seq 100); do
  "${by_that_clock[@]}" run >>"$PEERS/kills.log" 2>&1 &
  sleep "0.0$((RANDOM % 70 + 25))"
  kill -9 $!
  wait $! 2>/dev/null || true
done
start "$PEERS/after.log" "${by_that_clock[@]}" run
check "after a hundred kills around its tick the edition goes out to everybody" eventually 60 all_sent
check "there is one of it" [ "$(editions)" = 4 ]
check "nobody had it twice but for one message a kill" [ "$(taken)" -le $((4 * readers + 100)) ]
check "the log holds no address" sh -c "! grep -q example.org $PEERS/clock.log $PEERS/kills.log $PEERS/after.log"
finish
