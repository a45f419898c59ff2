#!/usr/bin/env bash
# Mails that a real Postfix has passed on, before the eyes of dkimpy and mailauth: every signature holds, and none after a change.
. tests/peers/lib.sh
. tests/peers/postfix/relay.sh
trap 'end_started; relay_stop' EXIT

need postfix postfix
need sqlite3 sqlite3
need curl curl
need openssl openssl
python=$PEERS/dkimpy/bin/python
python3 -m venv "$PEERS/dkimpy" 2>/dev/null || { need python3 python3-venv && python3 -m venv "$PEERS/dkimpy"; }
"$python" -m pip install --quiet --disable-pip-version-check dkimpy==1.1.8 PyNaCl==1.6.2
need npm nodejs npm
npm install --silent --no-fund --no-audit --prefix "$PEERS/mailauth" mailauth@4.13.3

relay_port=$(free_port)
relay_start "$relay_port"
home=$PEERS/signed
mkdir -p "$home"
web_port=$(free_port)
sed -e "s|@WEB@|$web_port|g; s|@RELAY@|$relay_port|; s|@HOME@|$home|g" tests/peers/postfix/courant.toml >"$home/courant.toml"
sqlite3 "$home/content.db" <tests/peers/postfix/content.sql
courant() {
  "$COURANT" --config "$home/courant.toml" "$@"
}

# One key of each kind is ours, and one is as OpenSSL writes it.
courant dkim keygen --domain press.example.net --selector r1 --out "$home/r1.pem" >/dev/null
courant dkim keygen --domain example.net --selector e1 --algorithm ed25519 --out "$home/e1.pem" >/dev/null
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$home/o1.pem" 2>/dev/null ||
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$home/o1.pem" 2>/dev/null
for key in "press.example.net r1" "example.net e1" "press.example.net o1"; do
  printf '\n[[mail.dkim]]\ndomain = "%s"\nselector = "%s"\nkey_file = "%s.pem"\n' ${key% *} ${key#* } "${key#* }" >>"$home/courant.toml"
done
check "the configuration with its keys is valid" courant config check
courant dkim record --json >"$home/records.json"
says_openssl() {
  local ours
  ours=$(sed -n 's/.*"value": .*p=\(MII[^"]*\)".*/\1/p' "$home/records.json" | tail -1)
  [ "$ours" = "$(openssl pkey -in "$home/o1.pem" -pubout -outform DER | base64 -w0)" ]
}
check "the record of OpenSSL's key is the public key that OpenSSL derives" says_openssl
check "OpenSSL reads the keys that were made" sh -c "openssl pkey -in $home/r1.pem -noout && openssl pkey -in $home/e1.pem -noout"

courant subscriber import tests/peers/postfix/people.csv --newsletter daily --confirmed "a test" >/dev/null
start "$PEERS/signed.log" "$COURANT" --config "$home/courant.toml" run
daemon=${started[-1]}
eventually 20 curl -sf "http://127.0.0.1:$web_port/feed.rss"
courant newsletter send daily --to test@example.org >/dev/null
courant newsletter send daily --now >/dev/null
curl -sf --data 'address=zoe@example.org&newsletter=daily' "http://127.0.0.1:$web_port/subscribe" >/dev/null
maildir=$relay/mail/Maildir
stored() {
  [ "$(find "$maildir/new" -type f | wc -l)" = 14 ]
}
check "Postfix delivers twelve digests, a test and a confirmation" eventually 60 stored
check "dkimpy takes each for signed by each key, and for forged after any change" \
  "$python" tests/peers/dkim/verify.py "$home/records.json" "$maildir"
sed 's/^/  /' "$PEERS/check.log" | tail -1
check "mailauth too" env NODE_PATH="$PEERS/mailauth/node_modules" node tests/peers/dkim/verify.cjs "$home/records.json" "$maildir"
sed 's/^/  /' "$PEERS/check.log" | tail -1

# Keys are rotated under the daemon: what it sends from then on is signed by the new one.
rm "$maildir"/new/*
courant dkim keygen --domain example.net --selector e2 --algorithm ed25519 --out "$home/e2.pem" >/dev/null
sed -i 's/"e1"/"e2"/; s/e1\.pem/e2.pem/' "$home/courant.toml"
kill -HUP "$daemon"
eventually 20 grep -q 'Read the configuration again' "$PEERS/signed.log"
courant dkim record --json >"$home/records.json"
curl -sf --data 'address=yann@example.org&newsletter=daily' "http://127.0.0.1:$web_port/subscribe" >/dev/null
check "after SIGHUP a confirmation has the new key's signature" eventually 60 grep -q '^ s=e2;' -r "$maildir/new"
check "and dkimpy takes it for signed" "$python" tests/peers/dkim/verify.py "$home/records.json" "$maildir"
finish
