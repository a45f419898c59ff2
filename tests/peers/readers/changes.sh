# Readers over an edit and a retraction. Sourced by run.sh: each of them subscribes to the same feed of four articles with
# recordings, then one article is edited, then another one is taken back. At last they are a podcast.
#
# titles_READER: the reader asks for the feed, then the titles of what it has, one a line.

need sqlite3 sqlite3
need emacs emacs-nox elpa-elfeed
need gpo gpodder
need feed2exec feed2exec
need faketime faketime
need liferea liferea xvfb xauth dbus-x11
need node nodejs npm
[ -d "$PEERS/node_modules" ] || npm install --silent --no-save --prefix "$PEERS" rss-parser@3.13.0 feedsmith@3.0.1 >/dev/null

origin=$PEERS/origin
studio=$PEERS/studio
mkdir -p "$origin" "$studio"
head -c 40000 /dev/urandom >"$origin/recording.mp3"
origin_port=$(free_port)
start "$PEERS/origin.log" python3 -m http.server --bind 127.0.0.1 --directory "$origin" "$origin_port"
# issue TITLE…: the newsroom's own feed holds the articles of these titles; the first word of a title is the article's id.
issue() {
  python3 - "http://127.0.0.1:$origin_port" "$@" >"$origin/feed.json" <<'PYTHON'
import json, sys
site, titles = sys.argv[1], sys.argv[2:]
item = lambda number, title: {
    "id": title.split()[0], "title": title, "content_text": f"What there is to say of {title}.",
    "date_published": f"2026-02-0{number}T07:00:00Z",
    "attachments": [{"url": f"{site}/recording.mp3?{number}", "mime_type": "audio/mpeg", "size_in_bytes": 40000}]}
print(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Studio",
                  "items": [item(*pair) for pair in enumerate(titles, 1)]}))
PYTHON
  "$COURANT" --config "$studio/courant.toml" source fetch >/dev/null
}
studio_port=$(free_port)
cat >"$studio/courant.toml" <<END
[publication]
title = "Studio"
base_url = "http://127.0.0.1:$studio_port"
[web]
listen = "127.0.0.1:$studio_port"
[[source]]
name = "studio"
kind = "feed"
url = "http://127.0.0.1:$origin_port/feed.json"
allow_private = true
tags = ["radio"]
[[podcast]]
tag = "radio"
image = "http://127.0.0.1:$studio_port/cover.png"
category = "News"
END
issue "Ferry sails" "Bridge opens" "Market closes" "Lamp burns"
start "$studio/log" "$COURANT" --config "$studio/courant.toml" run
eventually 30 curl -sf "http://127.0.0.1:$studio_port/feed.rss" -o "$studio/feed"
watch=$(free_port)
log=$PEERS/changes.log
start "$PEERS/watch.out" python3 tests/peers/readers/watch.py "$watch" "http://127.0.0.1:$studio_port" "$log"
feed=http://127.0.0.1:$watch/feed.rss
eventually 10 curl -sfo "$studio/feed" "$feed"

# Readers that keep their own state keep it here.
export XDG_CONFIG_HOME=$PEERS/xdg/config XDG_DATA_HOME=$PEERS/xdg/data XDG_CACHE_HOME=$PEERS/xdg/cache
export GPODDER_HOME=$PEERS/gpodder GPODDER_DOWNLOAD_DIR=$PEERS/gpodder/downloads
mkdir -p "$XDG_CONFIG_HOME/liferea" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"

# newsboat asks without validators twice before it trusts them.
echo "$feed" >"$PEERS/newsboat.urls"
rm -f "$PEERS/newsboat.db"
for _ in 1 2; do board -x reload; done
titles_newsboat() {
  board -x reload
  sqlite3 "$PEERS/newsboat.db" "SELECT title FROM rss_item WHERE deleted = 0"
}

# liferea keeps validators while it runs, and asks when it is told to over D-Bus.
cat >"$XDG_CONFIG_HOME/liferea/feedlist.opml" <<END
<?xml version="1.0"?><opml version="1.0"><head><title>Liferea</title></head><body>
<outline title="Studio" text="Studio" type="rss" id="studio" xmlUrl="$feed" updateInterval="1"/></body></opml>
END
touch "$log"
xvfb-run -a dbus-run-session -- bash -c 'echo "$DBUS_SESSION_BUS_ADDRESS" >"$0.bus" && echo $$ >"$0.pid" && exec liferea --mainwindow-state=hidden --disable-plugins' \
  "$PEERS/liferea" >"$PEERS/liferea.log" 2>&1 &
eventually 30 grep -q '^200 /feed.rss .*Liferea' "$log"
started+=("$(cat "$PEERS/liferea.pid")")
titles_liferea() {
  local asked
  asked=$(asked_by Liferea)
  DBUS_SESSION_BUS_ADDRESS=$(cat "$PEERS/liferea.bus") dbus-send --print-reply --dest=org.gnome.feed.Reader \
    /org/gnome/feed/Reader org.gnome.feed.Reader.Refresh >/dev/null
  eventually 10 asked_more_often Liferea "$asked" || true
  sleep 1
  sqlite3 "$XDG_DATA_HOME/liferea/liferea.db" "SELECT DISTINCT title FROM items"
}
# asked_by AGENT: how often this reader has asked for the feed.
asked_by() {
  grep -c " /feed.rss .*$1" "$log" || true
}
asked_more_often() {
  test "$(asked_by "$1")" -gt "$2"
}

# feed2exec does not ask again while max-age lasts, so that its clock shows an hour later each time.
hours=0
f2e=(feed2exec --config "$PEERS/feed2exec.ini" --database "$PEERS/feed2exec.db")
"${f2e[@]}" add studio "$feed" --output exec --args "printf '%s\\n' '{item.title}'"
titles_feed2exec() {
  hours=$((hours + 1))
  faketime -f "+${hours}h" "${f2e[@]}" fetch
}

titles_elfeed() {
  emacs --batch --no-site-file -l tests/peers/readers/elfeed.el "$feed" "$PEERS/elfeed" 2>"$PEERS/elfeed.log"
}

gpo -q subscribe "$feed" >/dev/null 2>&1
titles_gpodder() {
  gpo -q update >"$PEERS/gpodder.log" 2>&1
  sqlite3 "$GPODDER_HOME/Database" "SELECT title FROM episode"
}

"$PEERS/python/bin/pip" install -q reader==3.26
titles_reader() {
  "$PEERS/python/bin/python" tests/peers/readers/reader_has.py "$feed" "$PEERS/reader.db"
}

titles_rss_parser() {
  node tests/peers/readers/titles.mjs rss-parser "$PEERS" "$feed"
}
titles_feedsmith() {
  node tests/peers/readers/titles.mjs feedsmith "$PEERS" "$feed"
}
titles_feedparser() {
  "$PEERS/python/bin/python" -c 'import feedparser, sys; [print(entry.title) for entry in feedparser.parse(sys.argv[1]).entries]' "$feed"
}
titles_sfeed() {
  curl -sf "$feed" | sfeed | cut -f 2
}

# has READER COUNT [TITLE]: asks until the reader has so many articles, and one of this title. A reader with a window stores
# what it was sent a moment later.
has() {
  eventually 10 has_now "$@" || { "titles_$1"; return 1; }
}
has_now() {
  local titles
  titles=$("titles_$1")
  [ "$(grep -c . <<<"$titles")" = "$2" ] && { [ -z "${3-}" ] || grep -qxF "$3" <<<"$titles"; }
}

# Those that keep what they have, under the name by which they ask; those that show what the feed holds, and send no
# validators.
keepers=(newsboat:newsboat liferea:Liferea elfeed:Emacs gpodder:gPodder reader:python-reader)
viewers=(rss_parser feedsmith feedparser sfeed)

for reader in "${keepers[@]%:*}" "${viewers[@]}"; do
  check "$reader sees 4 articles" has "$reader" 4 "Ferry sails"
done
check "feed2exec runs its command for 4 articles" test "$(titles_feed2exec | wc -l)" = 4
for reader in "${keepers[@]%:*}" feed2exec; do "titles_$reader" >"$PEERS/again"; done
for reader in "${keepers[@]}" feed2exec:feed2exec; do
  check "${reader%:*} is told 304" grep -q "^304 /feed.rss conditional .*${reader#*:}" "$log"
done

issue "Ferry sails late" "Bridge opens" "Market closes" "Lamp burns"
for reader in newsboat elfeed gpodder reader "${viewers[@]}"; do
  check "$reader sees the edit as an edit" has "$reader" 4 "Ferry sails late"
done
# liferea shows an article as it first saw it, whatever it is sent.
check "liferea does not take it for a new article" has liferea 4 "Ferry sails"
check "feed2exec does not take it for a new article" test -z "$(titles_feed2exec)"

"$COURANT" --config "$studio/courant.toml" article retract bridge-opens >/dev/null
# The others keep for their people what they have once seen.
for reader in gpodder "${viewers[@]}"; do
  check "$reader no longer sees what was taken back" has "$reader" 3
done
for reader in newsboat liferea elfeed reader; do
  check "$reader has nothing twice after it" has "$reader" 4
done

# The same articles as a podcast.
podcast=http://127.0.0.1:$watch/tags/radio/feed.rss
check "the podcast's feed is as directories ask" "$COURANT" feed check --profile podcast "$podcast"
gpo -q subscribe "$podcast" >/dev/null 2>&1
gpo -q download "$podcast" >"$PEERS/gpodder.log" 2>&1
recordings() {
  find "$GPODDER_DOWNLOAD_DIR" -type f -name '*.mp3' -exec cmp {} "$origin/recording.mp3" \; -print | wc -l
}
check "gPodder downloads every recording of it" test "$(recordings)" = 3
