#!/usr/bin/env bash
# Feed readers subscribe to what the demo serves, see its articles, and are told 304 when they ask again; more of them see
# an edit and a retraction; validators look at every feed that there is, and at feeds that have everything at once.
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

# A publication of 130 articles, of which the feed holds 50.
press=$PEERS/press
rm -rf "$press" && mkdir -p "$press/articles"
article() {
  printf -- '---\ntitle: Article %s\ndate: %s\ntags: [news]\n---\nWhat there is to say of it.\n' "$1" "$2" >"$press/articles/$1.md"
}
for number in $(seq -w 1 130); do article "$number" "2026-01-01T0$((10#$number / 60)):$(printf %02d $((10#$number % 60))):00Z"; done
own=http://127.0.0.1:$(free_port)
cat >"$press/courant.toml" <<END
[publication]
title = "Press"
base_url = "$own"
[web]
listen = "${own#http://}"
[[source]]
name = "articles"
kind = "markdown"
path = "articles"
END
start "$press/log" "$COURANT" --config "$press/courant.toml" run
eventually 30 curl -sf "$own/articles/article-130" -o "$press/page"
watch=$(free_port)
start "$press/watch.out" python3 tests/peers/readers/watch.py "$watch" "$own" "$PEERS/watch.log"
eventually 10 curl -sfo "$press/feed" "http://127.0.0.1:$watch/feed.json"
echo "http://127.0.0.1:$watch/feed.rss" >"$PEERS/newsboat.urls"
rm -f "$PEERS/newsboat.db"
for _ in 1 2 3; do board -x reload; done
article 131 "2026-01-02T00:00:00Z"
"$COURANT" --config "$press/courant.toml" source fetch >/dev/null
board -x reload
check "newsboat is sent only what came since" grep -Eq "^226 /feed.rss conditional newsboat" "$PEERS/watch.log"
check "newsboat adds it to what it has" grep -qx "51 unread articles" <(board -x print-unread)

# pages FEED: how many documents there are from the feed back to the first article, each kept under its number.
pages() {
  local address=$own/$1 count=0
  while [ -n "$address" ]; do
    count=$((count + 1))
    curl -sf "$address" -o "$press/page-$count.${1##*.}" || return 1
    address=$(sed -n 's/.*rel="prev-archive"[^>]*href="\([^"]*\)".*/\1/p' "$press/page-$count.${1##*.}")
  done
  echo "$count"
}
check "the archive leads back to the first article" test "$(pages feed.rss) $(pages feed.atom)" = "3 3"
check "its first page holds it" grep -q "Article 001" "$press/page-3.atom"
check "xmllint finds every page well-formed" xmllint --noout "$press"/page-*
check "Ruby's strict parser accepts every page" ruby tests/peers/readers/rss.rb "$press"/page-*
check "xmllint finds the list of feeds well-formed" xmllint --noout <(curl -sf "$own/feeds.opml")

. tests/peers/readers/changes.sh

"$COURANT" --config "$demo/courant.toml" feed write "$PEERS/feeds" >/dev/null
mapfile -t feeds < <(find "$PEERS/feeds" -name '*.rss' -o -name '*.atom')
echo "  ${#feeds[@]} RSS and Atom documents"
check "there are feeds of all articles, tags, newsletters and editions" test "${#feeds[@]}" -ge 20
check "xmllint finds each of them well-formed" xmllint --noout "${feeds[@]}"
check "Ruby's strict parser accepts each of them" ruby tests/peers/readers/rss.rb "${feeds[@]}"
check "feedparser finds none of them ill-formed" "$PEERS/python/bin/python" tests/peers/readers/bozo.py "${feeds[@]}"
mapfile -t jsons < <(find "$PEERS/feeds" -name '*.json')
check "feedsmith reads each of them, and as JSON as well" \
  node tests/peers/readers/feedsmith.mjs "$PEERS" "${feeds[@]}" "${jsons[@]}"
check "courant feed check finds no fault in them" "$COURANT" feed check "${feeds[@]}" "${jsons[@]}"

. tests/peers/readers/odd.sh
finish
