#!/usr/bin/env bash
# Feed readers subscribe to what the demo serves, see its articles, and are told 304 when they ask again; validators
# look at every feed that there is.
. tests/peers/lib.sh
. tests/peers/demo.sh
trap end_started EXIT

need newsboat newsboat
need r2e rss2email
need sfeed sfeed
need xmllint libxml2-utils
need ruby ruby ruby-rss
need curl curl
[ -x "$PEERS/python/bin/python" ] ||
  { need python3 python3-venv && python3 -m venv "$PEERS/python" && "$PEERS/python/bin/pip" install -q feedparser==6.0.12; }

demo_start
watch=$(free_port)
start "$PEERS/watch.out" python3 tests/peers/readers/watch.py "$watch" "$site" "$PEERS/watch.log"
served="http://127.0.0.1:$watch"
eventually 10 curl -sfo "$PEERS/feed.json" "$served/feed.json"
items=$(python3 -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))' <"$PEERS/feed.json")
echo "  $items items in the feeds of all articles"

# told_304 PATH AGENT: whether this reader asked for the document with validators and was told that it has it.
told_304() {
  grep -Eq "^304 $1 conditional $2" "$PEERS/watch.log"
}

# newsboat asks without validators twice before it trusts them.
board() {
  newsboat -C /dev/null -u "$PEERS/newsboat.urls" -c "$PEERS/newsboat.db" "$@"
}
echo "$served/feed.rss" >"$PEERS/newsboat.urls"
for _ in 1 2 3; do board -x reload; done
check "newsboat sees every article" grep -qx "$items unread articles" <(board -x print-unread)
check "newsboat is told 304" told_304 /feed.rss newsboat

mailer() {
  r2e -c "$PEERS/r2e.cfg" -d "$PEERS/r2e.json" "$@"
}
mkdir -p "$PEERS/r2e"
mailer new reader@example.org 2>/dev/null
sed -i "s|^email-protocol.*|email-protocol = maildir|; s|^maildir-path.*|maildir-path = $PEERS/r2e|; s|^maildir-mailbox.*|maildir-mailbox = news|" "$PEERS/r2e.cfg"
mailer add courant "$served/feed.atom" 2>/dev/null
mailer run 2>/dev/null
arrived() {
  find "$PEERS"/r2e -type f -path '*/new/*' | wc -l
}
check "rss2email mails every article" test "$(arrived)" = "$items"
mailer run 2>/dev/null
check "rss2email mails none of them twice" test "$(arrived)" = "$items"
check "rss2email is told 304" told_304 /feed.atom feedparser

check "sfeed sees every article" test "$(curl -sf "$served/feed.rss" | sfeed | wc -l)" = "$items"
check "sfeed reads Atom as well" test "$(curl -sf "$served/feed.atom" | sfeed | wc -l)" = "$items"
for format in rss atom; do
  check "feedparser sees every article of feed.$format and is told 304" \
    "$PEERS/python/bin/python" tests/peers/readers/feedparser_sees.py "$served/feed.$format" "$items"
done

"$COURANT" --config "$demo/courant.toml" feed write "$PEERS/feeds" >/dev/null
mapfile -t feeds < <(find "$PEERS/feeds" -name '*.rss' -o -name '*.atom')
echo "  ${#feeds[@]} RSS and Atom documents"
check "there are feeds of all articles, tags, newsletters and editions" test "${#feeds[@]}" -ge 20
check "xmllint finds each of them well-formed" xmllint --noout "${feeds[@]}"
check "Ruby's strict parser accepts each of them" ruby tests/peers/readers/rss.rb "${feeds[@]}"
check "courant feed check finds no fault in them" "$COURANT" feed check "${feeds[@]}"
finish
