#!/usr/bin/env bash
# A real Postfix is the relay: what it stores is what was sent, and its refusals are understood.
. tests/peers/lib.sh
. tests/peers/postfix/relay.sh
trap 'end_started; relay_stop' EXIT

need postfix postfix
need sqlite3 sqlite3
need curl curl

relay_port=$(free_port)
relay_start "$relay_port"
tee_port=$(free_port)
mkdir -p "$PEERS/sent"
start "$PEERS/tee.log" python3 tests/peers/postfix/tee.py "$tee_port" "$relay_port" "$PEERS/sent"

home=$PEERS/press
mkdir -p "$home"
web_port=$(free_port)
sed -e "s|@WEB@|$web_port|g; s|@RELAY@|$tee_port|; s|@HOME@|$home|g" tests/peers/postfix/courant.toml >"$home/courant.toml"
sqlite3 "$home/content.db" <tests/peers/postfix/content.sql
courant() {
  "$COURANT" --config "$home/courant.toml" "$@"
}
courant subscriber import tests/peers/postfix/people.csv --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/press.log" "$COURANT" --config "$home/courant.toml" run
daemon=${started[-1]}
eventually 20 curl -sf "http://127.0.0.1:$web_port/feed.rss"
courant newsletter send daily --now >/dev/null

maildir=$relay/mail/Maildir
stored() {
  find "$maildir/new" -type f | wc -l
}
settled() {
  [ "$(stored)" = 12 ] && courant edition show daily/1 --json | grep -q '"failed": 1'
}
check "Postfix delivers one mail to each of the twelve whom it knows" eventually 60 settled
check "what Postfix stored is what was sent, octet for octet" \
  python3 tests/peers/postfix/same_bytes.py "$PEERS/sent" "$maildir"
courant edition show daily/1 --json >"$PEERS/edition.json"
check "the recipient whom it refused for good has failed" grep -q '"failed": 1' "$PEERS/edition.json"
check "the one whom it put off waits for another attempt" grep -q '"deferred": 1' "$PEERS/edition.json"
check "its words are kept" grep -q "5.1.1.*No such mailbox here" <(courant suppression list --json)

kill -TERM "$daemon"
ended() { ! kill -0 "$daemon" 2>/dev/null; }
check "the daemon ends within five seconds when it is asked to" eventually 5 ended
finish
