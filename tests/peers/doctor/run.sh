#!/usr/bin/env bash
# NSD serves real zones, Postfix is the relay: what the doctor tells to publish is published, and then it is content.
. tests/peers/lib.sh
. tests/peers/postfix/relay.sh
trap 'end_started; relay_stop' EXIT

need nsd nsd
need postfix postfix
need sqlite3 sqlite3
need curl curl

relay_port=$(free_port)
relay_start "$relay_port"

names=$PEERS/names
mkdir -p "$names"
dns_port=$(free_port)
sed -e "s|@PORT@|$dns_port|g; s|@NAMES@|$names|g" tests/peers/doctor/nsd.conf >"$names/nsd.conf"
cp tests/peers/doctor/test.zone tests/peers/doctor/reverse.zone "$names"
check "NSD takes the zones" nsd-checkconf "$names/nsd.conf"
start "$PEERS/nsd.log" nsd -d -c "$names/nsd.conf"
nsd=${started[-1]}

home=$PEERS/press
mkdir -p "$home"
web_port=$(free_port)
sed -e "s|@WEB@|$web_port|g; s|@RELAY@|$relay_port|; s|@HOME@|$home|g" tests/peers/doctor/courant.toml >"$home/courant.toml"
courant() {
  "$COURANT" --config "$home/courant.toml" "$@"
}
courant dkim keygen --domain news.press.test --selector r1 --out "$home/r1.pem" >/dev/null
courant dkim keygen --domain news.press.test --selector e1 --algorithm ed25519 --out "$home/e1.pem" >/dev/null
start "$PEERS/press.log" "$COURANT" --config "$home/courant.toml" run
eventually 20 curl -sf "http://127.0.0.1:$web_port/health"

# examine [OPTION…]: what the doctor says, in $PEERS/said.json; succeeds where nothing is red.
examine() {
  timeout 120 "$COURANT" --config "$home/courant.toml" doctor --dns "127.0.0.1:$dns_port" --address 127.0.0.1 --json "$@" \
    >"$PEERS/said.json"
}
# lights LIGHT: the checks that have this light, each once.
lights() {
  python3 tests/peers/doctor/said.py "$PEERS/said.json" "$1"
}
is_red() {
  [ "$(lights red)" = "$1" ]
}
answers() {
  examine || ! grep -q '"check": "resolver"' "$PEERS/said.json"
}
eventually 20 answers

examine || true
check "of a bare domain SPF, DKIM, DMARC, MX and PTR are red" is_red "DKIM DMARC MX PTR SPF"
check "each key has its own record, RSA's in strings that NSD takes" \
  [ "$(grep -c '"name": "[er]1._domainkey.news.press.test"' "$PEERS/said.json")" = 2 ]

# publish: puts the records that the doctor proposed into the zones, and lets NSD read them again.
publish() {
  python3 tests/peers/doctor/said.py "$PEERS/said.json" records >"$names/proposed"
  grep -v 'in-addr\.arpa\.' "$names/proposed" >>"$names/test.zone"
  grep 'in-addr\.arpa\.' "$names/proposed" >>"$names/reverse.zone" || true
  serial=$((${serial:-1} + 1))
  sed -i "s/[0-9]* ; serial/$serial ; serial/" "$names"/*.zone
  nsd-checkzone test "$names/test.zone" && nsd-checkzone 127.in-addr.arpa "$names/reverse.zone" || return 1
  kill -HUP "$nsd"
}
check "NSD takes the records as they were printed" publish
check "once they are published nothing is red" eventually 20 examine
check "yellow is only what a test cannot have: certificates" [ "$(lights yellow)" = "TLS file one-click" ]
check "the relay is connected to, greeted, and asked what it offers" \
  sh -c "grep -q 'mail.press.test, port $relay_port takes connections' $PEERS/said.json && grep -q '\"the relay takes 10240000 octets\"' $PEERS/said.json"
check "no mail was sent" sh -c "! find $relay/mail/Maildir -type f 2>/dev/null | grep -q ."

sed -i 's/^bounce\.press\.test\. IN TXT.*/bounce.press.test. IN TXT "v=spf1 mx a:mail.press.test include:_spf.press.test -all"/' "$names/test.zone"
echo '_spf.press.test. IN TXT "v=spf1 ip4:192.0.2.0/24 ?all"' >>"$names/test.zone"
kill -HUP "$nsd"
is_evaluated() {
  examine && grep -q 'bounce.press.test can be read, with 3 of 10 lookups' "$PEERS/said.json" &&
    grep -q 'bounce.press.test lets 127.0.0.1 send its mail' "$PEERS/said.json"
}
check "a record with mx, a and include is evaluated" eventually 20 is_evaluated
spf_of_another() {
  timeout 120 "$COURANT" --config "$home/courant.toml" doctor --dns "127.0.0.1:$dns_port" --address 198.51.100.1 --json >"$PEERS/said.json" && return 1
  grep -q '"value": "v=spf1 ip4:198.51.100.1 mx a:mail.press.test include:_spf.press.test -all"' "$PEERS/said.json"
}
check "an address that it does not let send is put into it" eventually 20 spf_of_another

sed -i 's/^\(r1\._domainkey\.news\.press\.test\. IN TXT ( "[^"]*"\).*/\1 )/' "$names/test.zone"
kill -HUP "$nsd"
is_cut() {
  examine && return 1
  grep -q 'r1._domainkey.news.press.test holds only the first' "$PEERS/said.json"
}
check "a key whose second string was lost is told for what it is" eventually 20 is_cut

postconf -c "$relay/etc" -e message_size_limit=100000
timeout 60 postfix -c "$relay/etc" reload 2>/dev/null
is_small() {
  examine && return 1
  grep -q 'the relay takes 100000 octets, and a digest may have 150000' "$PEERS/said.json"
}
check "a relay that takes only small messages is red" eventually 20 is_small
relay_stop
is_gone() {
  examine && return 1
  grep -q "cannot connect to mail.press.test:$relay_port" "$PEERS/said.json"
}
check "a relay that has ended is red" eventually 20 is_gone

# Every process of NSD: its servers are children of a child.
all_of_nsd() {
  local child
  echo "$nsd"
  for child in $(pgrep -P "$nsd"); do
    echo "$child"
    pgrep -P "$child" || true
  done
}
kill -STOP $(all_of_nsd)
examine || true
check "a server that no longer answers is one fault, and the command ends" grep -q '"check": "resolver"' "$PEERS/said.json"
kill -CONT $(all_of_nsd)
finish
