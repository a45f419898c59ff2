#!/usr/bin/env bash
# Bounces are fetched from a mailbox: what a real Dovecot does with the IMAP of docs/bounces.md, by TLS, STARTTLS and IDLE.
. tests/peers/lib.sh
. tests/peers/mailbox/dovecot.sh
trap 'end_started; dovecot_stop' EXIT

need dovecot dovecot-imapd
need openssl openssl
need sqlite3 sqlite3
need curl curl

user=nobody
home=$PEERS/press
mkdir -p "$home"
chmod 755 "$PEERS"
relay_port=$(free_port)
sink_start "$relay_port"
web_port=$(free_port)
sed -e "s|@WEB@|$web_port|g; s|@RELAY@|$relay_port|; s|@HOME@|$home|g" \
  -e 's|^reply_to.*|&\nbounce_domain = "bounce.courier.example.org"|' tests/peers/postfix/courant.toml >"$home/courant.toml"
sqlite3 "$home/content.db" <tests/peers/postfix/content.sql
imap_port=$(free_port)
imaps_port=$(free_port)
dovecot_start "$imap_port" "$imaps_port"
echo right >"$home/password"
# The recipe, with our server and password.
sed -n '/^\[reports.imap\]$/,/^```$/{/^```$/d; p}' docs/bounces.md |
  sed "s|^url = .*|url = \"imaps://bounces%40press.example.net@localhost:$imaps_port/INBOX\"|; s|/run/secrets/imap_password|$home/password|" \
    >>"$home/courant.toml"
install -m 755 "$COURANT" "$home/courant"
chown -R "$user" "$home"
as_user=(setpriv --reuid "$(id -u "$user")" --regid "$(id -g "$user")" --clear-groups env "SSL_CERT_FILE=$dovecot/cert.pem")
not() { ! "$@"; }
courant() {
  "${as_user[@]}" "$home/courant" --config "$home/courant.toml" "$@"
}
courant subscriber import tests/peers/bounces/people.csv --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/press.log" "${as_user[@]}" "$home/courant" --config "$home/courant.toml" -v run
daemon=${started[-1]}
has_articles() { curl -sf "http://127.0.0.1:$web_port/feed.rss" | grep -q '<item>'; }
eventually 20 has_articles
courant newsletter send daily --now >/dev/null
all_have_gone() { [ "$(taken)" = "$(($(wc -l <tests/peers/bounces/people.csv) - 1))" ]; }
check "the digests have gone to the relay" eventually 20 all_have_gone

standing() {
  courant subscriber show "$1@example.org" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["suppressed"] or "mailed")'
}
is() {
  [ "$(standing "$1")" = "$2" ] || { standing "$1"; return 1; }
}
# The envelope sender of this reader's digest.
envelope_sender() {
  python3 - "$PEERS/sink/mails" "$1" <<'END'
import re, sys
mails = open(sys.argv[1], encoding="latin-1").read().split("X-Client-Addr: ")
[mail] = [mail for mail in mails if f"<{sys.argv[2]}@example.org>" in mail]
print(re.search("<(b-[^>]*)>", mail)[1])
END
}
bounce_about() {
  { echo "Delivered-To: $(envelope_sender "$1")" && cat tests/fixtures/reports/french-unknown-recipient.eml; }
}
doctor_says() {
  # It fails because of the DNS, which is not there.
  { courant doctor --dns 127.0.0.1:1 || true; } | grep -F "$1"
}

check "the doctor opens the mailbox by TLS from the first byte" doctor_says 'green   mailbox: the folder "INBOX" is open; the server tells what is new'
bounce_about ada | deliver
check "a bounce that is delivered takes effect within seconds" eventually 5 is ada hard_bounce
all_are_seen() { [ -n "$(folder INBOX)" ] && ! folder INBOX | grep -v '\\Seen'; }
check "and is marked as seen" eventually 5 all_are_seen

dovecot_stop
check "the daemon says that the server is gone" eventually 20 grep -q 'job="mailbox".*no connection to localhost' "$PEERS/press.log"
/usr/sbin/dovecot -c "$dovecot/conf"
bounce_about bruno | deliver
check "when Dovecot is back, what came meanwhile takes effect" eventually 70 is bruno hard_bounce
check "and the daemon says that the trouble is over" eventually 5 grep -q 'job="mailbox".*failures=' "$PEERS/press.log"
bounce_about clementine | deliver
check "and what comes after that, within seconds" eventually 5 is clementine hard_bounce

printf 'From: reader@example.org\nSubject: thanks\n\nDear editors\n' | deliver
is_seen() { folder INBOX | grep -P "^$1\t.*\\\\Seen"; }
check "a letter is marked as seen, and stays" eventually 5 is_seen thanks

# mailbox_is URL [LINE]: another mailbox, with this line more about it.
mailbox_is() {
  sed -i "s|^url = \"imap.*|url = \"$1\"|; /^move_to/d; /^delete/d" "$home/courant.toml"
  echo "${2:-}" >>"$home/courant.toml"
  kill -HUP "$daemon"
}
mailbox_is "imap://bounces%40press.example.net@localhost:$imap_port/INBOX?tls=required" 'move_to = "Done"'
check "the doctor opens it by STARTTLS" doctor_says 'green   mailbox: the folder "INBOX" is open'
bounce_about dmitri | deliver
check "by STARTTLS a bounce takes effect too" eventually 10 is dmitri hard_bounce
is_moved() { [ "$(folder Done | wc -l)" = 1 ] && [ "$(folder INBOX | wc -l)" = 4 ]; }
check "and is moved where the operator wants it" eventually 5 is_moved
mailbox_is "imap://bounces%40press.example.net@localhost:$imap_port/INBOX" 'delete = true'
bounce_about estelle | deliver
printf 'From: reader@example.org\nSubject: regards\n\nDear editors\n' | deliver
check "without encryption, on this machine, too" eventually 10 is estelle hard_bounce
check "what says nothing stays" eventually 5 is_seen regards
is_deleted() { [ "$(folder INBOX | wc -l)" = 5 ]; }
check "and what was taken into account is deleted, where the operator wants it" eventually 5 is_deleted

{ kill -KILL "$daemon" && wait "$daemon" || true; } 2>/dev/null
bounce_about fergus | deliver
start "$PEERS/press-again.log" "${as_user[@]}" "$home/courant" --config "$home/courant.toml" -v run
daemon=${started[-1]}
check "what came while the daemon was dead takes effect" eventually 20 is fergus hard_bounce

echo wrong >"$home/password"
kill -HUP "$daemon"
refused='the server does not take user and password of \[reports.imap\]'
check "a wrong password is told in plain words" eventually 20 grep -q "$refused" "$PEERS/press-again.log"
check "by the doctor too" doctor_says 'yellow  mailbox: the server does not take user and password of [reports.imap]'
sleep 5
times() { [ "$(grep -c "$refused" "$PEERS/press-again.log")" = "$1" ]; }
check "and once, while it lasts" times 1
echo right >"$home/password"
kill -HUP "$daemon"
bounce_about gone | deliver
check "when it is right again, reports take effect" eventually 10 is gone hard_bounce
as_user=("${as_user[@]/$dovecot\/cert.pem//etc/ssl/certs/ca-certificates.crt}")
mailbox_is "imaps://bounces%40press.example.net@localhost:$imaps_port/INBOX"
check "a certificate that nobody vouches for is not taken" doctor_says 'yellow  mailbox: TLS failed: invalid peer certificate'
check "the daemon's log names nobody" not grep -aE "@(example.org|press|bounce)|b-[a-z2-7]{20}|right" "$PEERS"/press*.log
finish
