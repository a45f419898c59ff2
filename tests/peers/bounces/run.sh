#!/usr/bin/env bash
# Bounces come home: what a real Postfix writes about digests, through the pipes, the Maildir and the LMTP of docs/bounces.md.
. tests/peers/lib.sh
. tests/peers/postfix/relay.sh
. tests/peers/bounces/house.sh
. tests/peers/bounces/exim.sh
trap 'end_started; house_stop; relay_stop; exim_stop' EXIT

need postfix postfix
need sqlite3 sqlite3
need curl curl

user=nobody
home=$PEERS/press
mkdir -p "$home/bin"
install -m 755 "$COURANT" "$home/bin/courant"
lmtp_port=$(free_port)
relay_port=$(free_port)
relay_start "$relay_port"
house_start "$(free_port)"

web_port=$(free_port)
sed -e "s|@WEB@|$web_port|g; s|@RELAY@|$house_port|; s|@HOME@|$home|g" \
  -e 's|^reply_to.*|&\nbounce_domain = "bounce.courier.example.org"|' tests/peers/postfix/courant.toml >"$home/courant.toml"
sqlite3 "$home/content.db" <tests/peers/postfix/content.sql
chown "$user" "$home"
not() { ! "$@"; }
as_user=(setpriv --reuid "$(id -u "$user")" --regid "$(id -g "$user")" --clear-groups)
courant() {
  "${as_user[@]}" "$home/bin/courant" --config "$home/courant.toml" "$@"
}
courant subscriber import tests/peers/bounces/people.csv --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/press.log" "${as_user[@]}" "$home/bin/courant" --config "$home/courant.toml" -v run
daemon=${started[-1]}
has_articles() { curl -sf "http://127.0.0.1:$web_port/feed.rss" | grep -q '<item>'; }
eventually 20 has_articles
courant newsletter send daily --now >/dev/null

# What Courant knows about a reader: why they are never mailed, and whether their subscription goes on.
standing() {
  courant subscriber show "$1@example.org" --json | python3 -c '
import json, sys
shown = json.load(sys.stdin)
[subscription] = shown["subscriptions"]
print(shown["suppressed"] or "mailed", subscription["state"])'
}
is() {
  [ "$(standing "$1")" = "$2" ] || { standing "$1"; return 1; }
}
suppressed() {
  courant suppression list --json | python3 -c 'import json, sys; print(*sorted(row["address"] for row in json.load(sys.stdin)))'
}
are_suppressed() {
  [ "$(suppressed)" = "$*" ] || { suppressed; return 1; }
}
# What the reports that have been kept say, the same in each order of arrival.
reports() {
  sqlite3 -readonly "$home/courant.db" "SELECT kind, status, consequence FROM report ORDER BY 1, 2, 3"
}
are_reports() {
  [ "$(reports)" = "$(printf '%s\n' "$@")" ] || { reports; return 1; }
}
# The digest of a reader as it came, and addresses in its header.
digest_of() {
  grep -lx "Delivered-To: $1@example.org" "$relay/mail/Maildir/new"/*
}
envelope_sender() {
  sed -n 's/^Return-Path: <\(.*\)>$/\1/p' "$(digest_of "$1")"
}
unsubscribe_address() {
  tr -d '\n' <"$(digest_of "$1")" | grep -o 'mailto:u-[^>?]*' | head -1 | cut -d: -f2
}
# A digest that a reader's provider forwards to an address that there is not: whoever refuses it, the reader's name is on it.
forward_to_nobody() {
  hand_in "$(envelope_sender "$1")" gone@example.org <"$(digest_of "$1")"
}

# The report that waits in the queue of the house, as it was written.
copy_report() {
  postcat -c "$house/etc" -hbq "$(deferred "$(envelope_sender "$1")")" >"$PEERS/report-about-$1"
}
exim_takes() {
  exim -odq -i -f '<>' "$(envelope_sender "$1")" <"$PEERS/report-about-$1"
  exim -qff
}

unknown='hard_bounce|5.1.1|suppressed'
full=('soft_bounce|4.2.2|counted' 'soft_bounce|5.2.2|counted')
check "Postfix's reports of an unknown address and of two full mailboxes come home through the pipe" \
  eventually 30 are_reports "$unknown" "${full[@]}"
check "who has no mailbox is never mailed again" is gone "hard_bounce ended"
check "whose mailbox is full is counted, and mailed again" is full "mailed active"
check "so is one whose mailbox is full for now" is crammed "mailed active"
check "nobody else is touched" are_suppressed gone@example.org

printf 'From: bruno@example.org\nSubject: unsubscribe\n\n' | hand_in bruno@example.org "$(unsubscribe_address bruno)"
check "a mail to the address of List-Unsubscribe ends that subscription" eventually 20 is bruno "mailed ended"

house_says() {
  grep -aE "to=<$1>.*relay=$2.*status=$3" "$house/mail/log"
}
forged=$(envelope_sender ada | sed 's/.\{12\}@/aaaaaaaaaaaa@/')
letter='From: liar@example.org\nSubject: Undeliverable\n\nThere is no such user here.\n'
printf '%b' "$letter" | curl -sf "smtp://127.0.0.1:$house_port" --mail-from liar@example.org --mail-rcpt "$forged" -T -
printf '%b' "$letter" | hand_in "$forged" gone@example.org
are_taken() { [ "$(house_says "$forged" courant sent | wc -l)" = 2 ]; }
check "a letter and a report to a name that somebody made up are taken" eventually 20 are_taken
said=("$unknown" "${full[@]}" 'unsubscribe||ended')
check "and ignored" are_reports "${said[@]}"

# From here on mail that cannot be handed in waits as long as Postfix lets it wait by itself.
house_takes '**Postfix**'
sed -i 's/ ingest -/ ingset -/' "$house/etc/master.cf"
postfix -c "$house/etc" reload 2>/dev/null
forward_to_nobody clementine
waits() { [ -n "$(deferred "$(envelope_sender "$1")")" ]; }
check "where the pipe's command is misspelt, a report waits in Postfix's queue" eventually 20 waits clementine
copy_report clementine
exim_start
sed -i 's/ ingest -/ ingset -/' "$exim/conf"
exim_takes clementine
exim_keeps() { [ "$(exim -bpc)" = "$1" ] || { cat "$exim/log/main"; return 1; }; }
check "and in Exim's" exim_keeps 1
house_takes '**Postfix**'
sed -i 's/ ingset -/ ingest -/' "$exim/conf"
comes_home() { postqueue -c "$house/etc" -f && is "$1" "hard_bounce ended"; }
check "it comes home when the command is mended" eventually 20 comes_home clementine
exim -qff
check "Exim keeps nothing either" exim_keeps 0
said=("$unknown" "${said[@]}")
check "what both handed in is counted once" are_reports "${said[@]}"

# Holds the database until $lock is killed.
hold_database() {
  rm -f "$PEERS/lock.log"
  start "$PEERS/lock.log" python3 -uc '
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held")
time.sleep(300)' "$home/courant.db"
  lock=${started[-1]}
  eventually 10 grep -q held "$PEERS/lock.log"
}
hold_database
forward_to_nobody dmitri
forward_to_nobody fergus
check "while somebody holds the database, a report waits in Postfix's queue" eventually 40 waits dmitri
check "and another one" eventually 20 waits fergus
check "because the pipe's exit code is 75" house_says "$(envelope_sender fergus)" courant 'deferred \(temporary failure'
copy_report dmitri
copy_report fergus
postsuper -c "$house/etc" -d "$(deferred "$(envelope_sender dmitri)")" 2>/dev/null
exim_takes dmitri
check "Exim keeps one that it has to hand in" exim_keeps 1
check "for the same reason" grep -q 'courant transport returned 75' "$exim/log/main"
check "nothing has followed" are_reports "${said[@]}"
kill "$lock"
exim -qff
check "when the database is free, Postfix delivers what waited" eventually 20 comes_home fergus
check "and so does Exim" is dmitri "hard_bounce ended"

hand_in '' "$(envelope_sender fergus)" <"$PEERS/report-about-fergus"
exim_takes fergus
handed_in_again() { [ "$(house_says "$(envelope_sender fergus)" courant sent | wc -l)" = 2 ] && exim_keeps 0; }
check "a report that comes again, by Postfix and by Exim, is taken" eventually 20 handed_in_again
said=("$unknown" "$unknown" "${said[@]}")
check "and changes nothing" are_reports "${said[@]}"

maildir=$home/bounces
{ echo '[reports]' && grep '^maildir = ' docs/bounces.md; } | sed "s|/var/lib/courant|$home|" >>"$home/courant.toml"
"${as_user[@]}" bash -c "$(recipe '**A Maildir**' 'as the user courant')"
check "the configuration with a Maildir is valid" courant config check
kill -HUP "$daemon"
house_takes '**A Maildir**'
forward_to_nobody estelle
check "from a Maildir a report comes home too" eventually 40 is estelle "hard_bounce ended"
is_seen() { [ -z "$(ls "$maildir/new")" ] && [ "$(ls "$maildir/cur" | grep -c ':2,S$')" = 1 ]; }
check "and is marked as seen" eventually 10 is_seen
check "the daemon had no trouble with an empty one" not grep 'job="maildir"' "$PEERS/press.log"

grep '^listen = ' docs/bounces.md | sed "s|2424|$lmtp_port|" >>"$home/courant.toml"
kill -HUP "$daemon"
check "the daemon listens for LMTP" eventually 10 grep -q "Listening for reports address=127.0.0.1:$lmtp_port" "$PEERS/press.log"
house_takes '**LMTP**'
forward_to_nobody gustave
check "by LMTP a report comes home from Postfix" eventually 20 is gustave "hard_bounce ended"
check "and is not kept there" eventually 10 house_says "$(envelope_sender gustave)" 127.0.0.1 'sent \(250 2.0.0 Taken'
exim_has '**LMTP**'
exim -odq -i -f '<>' "$(envelope_sender helga)" <"$PEERS/report-about-fergus"
exim -qff
check "and from Exim, about whom the envelope says" eventually 20 is helga "hard_bounce ended"
check "Exim keeps nothing" exim_keeps 0
hold_database
forward_to_nobody ivo
check "while somebody holds the database, a report waits in Postfix's queue" eventually 40 waits ivo
check "because it is told so" house_says "$(envelope_sender ivo)" 127.0.0.1 'deferred .*451 4.3.0'
kill "$lock"
check "when the database is free, it comes home" eventually 20 comes_home ivo
printf '%b' "$letter" | hand_in '' nobody@bounce.courier.example.org
check "what is for nobody of ours is refused" eventually 20 house_says nobody@bounce.courier.example.org 127.0.0.1 'bounced .*550 5.1.1'

check "only those of whom a report said so are never mailed again" are_suppressed \
  clementine@example.org dmitri@example.org estelle@example.org fergus@example.org gone@example.org \
  gustave@example.org helga@example.org ivo@example.org
check "the subscription of one who has no part in it goes on" is ada "mailed active"
check "nobody is told of what was ignored, nor is a bounce bounced" not house_says '(liar|postmaster|double-bounce)@[^>]*' '' ''
check "the daemon's log names nobody" not grep -aE "@(example.org|bounce)|b-[a-z2-7]{20}" "$PEERS/press.log"
check "nor do the words that mail servers log for the pipe" not grep -aoE "status=.*(@example.org|@bounce).*" \
  <(grep -a relay=courant "$house/mail/log"; sed -n 's/.*T=courant/status=/p' "$exim/log/main")
finish
