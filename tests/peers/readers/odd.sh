# Validators on feeds that have everything at once: odd articles, files, archives, the hub, podcasts, editions, and a reader's
# own feed. Sourced by run.sh, which has installed the validators.

odd=$PEERS/odd
mkdir -p "$odd/origin"
origin_port=$(free_port)
python3 tests/peers/readers/odd.py "http://127.0.0.1:$origin_port" 130 >"$odd/origin/feed.json"
start "$odd/origin.log" python3 -m http.server --bind 127.0.0.1 --directory "$odd/origin" "$origin_port"
relay_port=$(free_port)
sink_start "$relay_port"
odd_listen=127.0.0.1:$(free_port)
odd_site=http://$odd_listen/news
cat >"$odd/courant.toml" <<END
[publication]
title = "Odd & <b>Ends</b>"
description = "News ]]> of the \"coast\""
base_url = "$odd_site/"
postal_address = "1 Quay Street, Seaport"
[publication.theme.logo]
url = "http://127.0.0.1:$origin_port/logo.png"
width = 120
height = 60
[web]
listen = "$odd_listen"
websub = true
[mail]
from = "Odd <digest@news.example.org>"
[mail.relay]
url = "smtp://127.0.0.1:$relay_port"
[[source]]
name = "odd.ends"
kind = "feed"
url = "http://127.0.0.1:$origin_port/feed.json"
allow_private = true
tags = ["Radio"]
[[source]]
name = "inner"
kind = "feed"
url = "http://127.0.0.1:$origin_port/feed.json?inner"
allow_private = true
[[newsletter]]
slug = "daily"
title = "The Daily <i>Light</i> & more"
schedule = "0 7 * * *"
sources = ["odd.ends"]
[[newsletter]]
slug = "members"
title = "For Members"
schedule = "0 7 * * *"
private = true
sources = ["inner"]
[[podcast]]
tag = "radio"
image = "http://127.0.0.1:$origin_port/cover.png"
category = "Society & Culture"
subcategory = "Documentary"
email = "radio@example.org"
[[podcast]]
newsletter = "daily"
image = "http://127.0.0.1:$origin_port/cover.png"
category = "News"
email = "daily@example.org"
END
odd_courant() {
  "$COURANT" --config "$odd/courant.toml" "$@"
}
odd_courant source fetch >/dev/null
printf 'email\nreader@example.org\n' >"$odd/people.csv"
for newsletter in daily members; do
  odd_courant subscriber import "$odd/people.csv" --newsletter "$newsletter" --confirmed "a test" >/dev/null
done
start "$odd/log" "$COURANT" --config "$odd/courant.toml" run
eventually 30 curl -sf "$odd_site/feed.rss" -o "$odd/feed"
for newsletter in daily members; do odd_courant newsletter send "$newsletter" --now >/dev/null; done
both_taken() {
  [ "$(taken)" = 2 ]
}
check "two editions of odd articles go out" eventually 60 both_taken

# The page on which the reader of the private newsletter manages what they get, by the link in its digest.
odd_manage=$(python3 - "$PEERS/sink/mails" <<'PYTHON'
import pathlib, re, sys
mails = re.sub(r"\r?\n[ \t]", " ", pathlib.Path(sys.argv[1]).read_text(errors="replace"))
own = mails[mails.index("List-Id: For Members") if "List-Id: For Members" in mails else mails.index("members."):]
link = re.search(r"List-Unsubscribe:[^\n]*?<(https?://[^>\s]+)>", mails[:mails.index(own)].rpartition("X-Rcpt-Args")[2] + own)[1]
print(link.replace("/unsubscribe/", "/manage/"))
PYTHON
)
curl -sS -o "$odd/made" "$odd_manage" -d 'act=feed&newsletter=members'
own_feed=$(curl -sf "$odd_manage" | grep -o '/feed/private/[a-z2-7]*\.rss' | tail -1)
own_feed=${own_feed%.rss}
check "the reader has a feed of their own" test -n "$own_feed"

mkdir -p "$odd/files"
odd_courant feed write "$odd/files" >/dev/null
mkdir -p "$odd/files/feed/private"
for format in rss atom json; do
  check "it is served as $format" curl -sf "$odd_site$own_feed.$format" -o "$odd/files$own_feed.$format"
done
mapfile -t feeds < <(find "$odd/files" -name '*.rss' -o -name '*.atom' | sort)
mapfile -t jsons < <(find "$odd/files" -name '*.json' | sort)
echo "  ${#feeds[@]} odd documents of RSS and Atom, ${#jsons[@]} of JSON"
holds() {
  grep -qF "$2" "$odd/files/$1"
}
check "they hold a hub" holds feed.atom '/hub"'
check "they hold recordings, with their lengths of time where that is said" holds tags/radio/feed.rss "<itunes:duration>3725</itunes:duration>"
check "they hold archives" holds feed/archive/1.rss "<fh:archive/>"
check "they hold editions" holds newsletters/daily/editions.rss "<item>"
check "the reader's own holds articles" holds "$own_feed.json" '"content_html"'
check "xmllint finds each odd document well-formed" xmllint --noout "${feeds[@]}"
check "Ruby's strict parser accepts each of them" ruby tests/peers/readers/rss.rb "${feeds[@]}"
check "feedparser finds none of them ill-formed" "$PEERS/python/bin/python" tests/peers/readers/bozo.py "${feeds[@]}"
check "feedsmith reads each of them, and as JSON as well" \
  node tests/peers/readers/feedsmith.mjs "$PEERS" "${feeds[@]}" "${jsons[@]}"
check "courant feed check finds no fault in them, nor a word of warning" \
  grep -q ' 0 errors, 0 warnings$' <("$COURANT" feed check "${feeds[@]}" "${jsons[@]}")
check "it finds none when it is asked for all" grep -q ' 0 errors, 0 warnings$' <(odd_courant feed check --all)
