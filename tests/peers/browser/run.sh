#!/usr/bin/env bash
# The demo's mails and pages in Chromium, at a phone's and a desk's width, light and dark, and on paper: checked by axe and
# html-validate, and drawn into target/screenshots/.
. tests/peers/lib.sh
. tests/peers/demo.sh
trap end_started EXIT

need chromium chromium
need node nodejs
need npm npm
need curl curl
dpkg -s fonts-noto-core >/dev/null 2>&1 || need "a font for Arabic" fonts-noto-core
(cd tests/peers/browser && npm ci --ignore-scripts --no-audit --no-fund --silent)

demo_start
eventually 60 grep -q '^Ready' "$PEERS/demo.log"
shots=target/screenshots
look() {
  node tests/peers/browser/look.mjs "$shots" "$@"
}

check "the digests are sound and readable" look mail \
  "mail-daily=$(mail_of daily)" "mail-weekly=$(mail_of weekly)" "mail-arabic=$(mail_of arabic)"
# article_of NEWSLETTER: the path of the first article of its first edition.
article_of() {
  curl -sf "$site/newsletters/$1/editions/1" | grep -o '/articles/[^"]*' | head -1
}
article=$(curl -sf "$site/feed.json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][0]["url"])')
check "the site's pages are sound and readable" look page \
  "site-front=$site/" "site-newsletter=$site/newsletters/daily" "site-edition=$site/newsletters/daily/editions/1" \
  "site-edition-arabic=$site/newsletters/arabic/editions/1" "site-article=$article" \
  "site-older=$site/?page=2" "site-tag=$site/tags/politics" "site-newsletter-arabic=$site/newsletters/arabic" \
  "site-article-arabic=$site$(article_of arabic)" "site-search=$site/search" "site-found=$site/search?q=the" \
  "site-found-in-newsletter=$site/search?q=the&newsletter=daily" "site-nothing-found=$site/search?q=%22no%20such%20words%22" \
  "site-missing=$site/nothing!404"
check "a feed is a page that is sound and readable" look page \
  "feed-site=$site/feed.rss" "feed-editions=$site/newsletters/daily/editions.atom" "feed-arabic=$site/newsletters/arabic/feed.json"
manage=$(manage_of daily)
manage_arabic=$(manage_of arabic)
ask() {
  curl -sS -o /dev/null "$manage" "$@"
}
courant() {
  "$COURANT" --config "$demo/courant.toml" "$@"
}
# What is known of who subscribes to what, with the record of consent of one reader.
standing() {
  courant subscriber list --json -n 1000
  courant subscriber consent "$reader" --json
}
scanned() {
  local before after
  before=$(standing)
  node tests/peers/browser/reader.mjs scan "$(mail_of daily)" "$(mail_of daily | sed 's|frame$|text|')"
  after=$(standing)
  [ "$before" = "$after" ]
}
reader=brook@example.net
signed_up() {
  node tests/peers/browser/reader.mjs sign-up "$site" "$inbox" "$reader"
  courant subscriber show "$reader" --json | grep -q '"state": "active"'
}
left() {
  node tests/peers/browser/reader.mjs leave "$(manage_of weekly | sed 's|/manage/|/unsubscribe/|')"
  [ "$(courant subscriber list --newsletter weekly --state ended --json | grep -c '"ended_by": "page"')" -gt 0 ]
}
resumed() {
  ask -d "act=resume&newsletter=daily"
  curl -sf "$manage" | grep -q 'id="leave-daily"' && ! curl -sf "$manage" | grep -q 'id="resume-daily"'
}
check "a reader signs up by form, mail and button, and is active" signed_up
check "a scanner that opens every link of a digest, with JavaScript, changes nothing" scanned
leaving=$(manage_of daily | sed 's|/manage/|/unsubscribe/|')
leaving_arabic=$(manage_of arabic | sed 's|/manage/|/unsubscribe/|')
sign_ups() {
  # The demo's own configuration, with another number of sign-ups in an hour.
  sed -i '/^\[sign_up\]/,+1d' "$demo/courant.toml"
  printf '[sign_up]\nper_hour = %s\n' "$1" >>"$demo/courant.toml"
  kill -HUP "${started[0]}"
  sleep 1
}
asking="address=ada%40example.org&newsletter"
check "the pages that ask and that answer forms are sound" look page \
  "leave=$leaving" "leave-arabic=$leaving_arabic" "asked=$site/subscribe|$asking=daily" \
  "again=$site/subscribe|$asking=daily&newsletter=weekly&moment=x" "again-arabic=$site/subscribe|$asking=arabic&moment=x" \
  "unknown=$site/subscribe|$asking=none" "bad-link=$site/confirm/x|"
sign_ups 1000000
check "the answers tell nothing about an address, by words or by time" tests/peers/browser/alike.py "$site" "$reader" 25
sign_ups 1
curl -sS -o /dev/null -d "$asking=daily" "$site/subscribe"
check "in a crowd the page with the button is sound" look page \
  "crowd=$site/subscribe|$asking=daily&newsletter=weekly" "crowd-arabic=$site/subscribe|$asking=arabic"
check "in a crowd readers go on, with JavaScript at once and without it after a wait" \
  node tests/peers/browser/reader.mjs crowd "$site"
check "the page on which a reader manages what they get is sound" look page "manage=$manage" "manage-arabic=$manage_arabic"

# The weekly and the Arabic newsletter become private, and are public again.
cp "$demo/courant.toml" "$PEERS/public.toml"
python3 - "$demo/courant.toml" <<'EOS'
import pathlib, sys
path = pathlib.Path(sys.argv[1])
text = path.read_text()
for slug, lines in [("daily", 'sources = ["wire"]'), ("weekly", 'private = true\nsources = ["cms"]'), ("arabic", 'private = true\nsources = ["cms"]')]:
    text = text.replace(f'slug = "{slug}"\n', f'slug = "{slug}"\n{lines}\n')
path.write_text(text)
EOS
kill -HUP "${started[0]}"
# private_of MANAGE: the address of the editions that this page of a reader leads to.
private_of() {
  echo "$site$(curl -sf "$1" | grep -o '/private/[a-z2-7]*' | head -1)"
}
weekly=$(manage_of weekly)
is_private() {
  [ "$(private_of "$weekly")" != "$site" ]
}
eventually 10 is_private
check "what strangers see of a private newsletter is sound" look page "private-newsletter=$site/newsletters/weekly"
check "a reader's page without a feed is sound" look page "private-manage=$weekly"
curl -sS -o /dev/null "$weekly" -d 'act=feed&newsletter=weekly'
curl -sS -o /dev/null "$manage_arabic" -d 'act=feed&newsletter=arabic'
private=$(private_of "$weekly")
private_arabic=$(private_of "$manage_arabic")
private_article=$(curl -sf "$private/editions/1" | grep -o '/private/[a-z2-7]*/articles/[^"]*' | head -1)
feed=$(curl -sf "$weekly" | grep -o '/feed/private/[a-z2-7]*\.rss' | tail -1)
check "a reader's page with a feed of their own is sound" look page "private-feed=$weekly" "private-feed-arabic=$manage_arabic"
check "the pages of a private newsletter are sound" look page "private-editions=$private" "private-edition=$private/editions/1" \
  "private-edition-arabic=$private_arabic/editions/1" "private-article=$site$private_article" "private-feed-page=$site$feed"
cp "$PEERS/public.toml" "$demo/courant.toml"
kill -HUP "${started[0]}"
is_public() {
  [ "$(private_of "$weekly")" = "$site" ]
}
eventually 10 is_public
check "a reader leaves without JavaScript" left
ask -d "act=pause&newsletter=daily&until=$(date -d '10 days' +%F)"
curl -sS -o /dev/null "$manage_arabic" -d 'act=leave&newsletter=arabic'
check "the same with a pause and after a farewell" look page "manage-paused=$manage" "manage-left-arabic=$manage_arabic"
check "a pause ends by the button, and the newsletter is sent again" resumed
check "it works by keyboard, without JavaScript" node tests/peers/browser/keys.mjs "$manage" daily
check "the same after a reason was given" look page "manage-thanks=$manage"
ask -d act=link
arrived() {
  [ -n "$(personal_link)" ]
}
eventually 30 arrived
own=$(personal_link)
check "the form for a personal link and a reader's own page are sound" look page "manage-link=$site/manage" "manage-own=$own"
check "the inbox's pages are sound and readable" look page \
  "inbox-list=$inbox/" "inbox-mail=$inbox/mails/1" "inbox-text=$inbox/mails/1/text" \
  "inbox-headers=$inbox/mails/1/headers" "inbox-source=$inbox/mails/1/source"
# An article is taken back, and the publication speaks Arabic: every page is mirrored.
withdrawn=$(courant article list --json -n 9 | python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["slug"])')
courant article retract "$withdrawn" >/dev/null
cp "$demo/courant.toml" "$PEERS/english.toml"
sed -i 's/^language = "en"$/language = "ar"/' "$demo/courant.toml"
kill -HUP "${started[0]}"
is_mirrored() {
  curl -sf "$site/" | grep -q '<html lang="ar" dir="rtl">'
}
eventually 10 is_mirrored
check "mirrored pages are sound and readable" look page \
  "mirrored-front=$site/" "mirrored-older=$site/?page=2" "mirrored-tag=$site/tags/politics" "mirrored-newsletter=$site/newsletters/daily" \
  "mirrored-article=$site$(article_of daily)" "mirrored-search=$site/search" "mirrored-found=$site/search?q=the" \
  "mirrored-feed=$site/feed.rss" "mirrored-manage-link=$site/manage" "mirrored-manage=$manage"
check "so are the pages that say that something cannot be shown" look page \
  "mirrored-missing=$site/nothing!404" "mirrored-withdrawn=$site/articles/$withdrawn!410" "mirrored-refused=$site/subscribe|address=x&newsletter=daily" \
  "mirrored-bad-link=$site/unsubscribe/x!404" "mirrored-unsearchable=$site/feed.rss?q=AND!400"
cp "$PEERS/english.toml" "$demo/courant.toml"
kill -HUP "${started[0]}"
# Links are counted.
sed -i 's/^\[publication\]$/&\ncounts = true/' "$demo/courant.toml"
kill -HUP "${started[0]}"
counted_links() {
  curl -sf "$site/search?q=the" | grep -o '/go/[A-Za-z0-9_-]*' | sort -u | head -3
}
eventually 10 counted_links
for version in 140 141 142 143; do
  counted_links | while read -r link; do
    curl -sS -o /dev/null -A "Mozilla/5.0 (X11; Linux x86_64; rv:$version.0) Gecko/20100101 Firefox/$version.0" "$site$link"
  done
done
are_summed() {
  python3 -c 'import sqlite3, sys; sys.exit(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) < 3 FROM visit WHERE kind = ?", ["person"]).fetchone()[0])' "$demo/courant.db"
}
eventually 90 are_summed
lists_most_read() {
  curl -sf "$site/" | grep -q 'id="read"'
}
check "what was read most is on the front page" lists_most_read
check "the pages whose links are counted are sound" look page "counted-front=$site/" \
  "counted-newsletter=$site/newsletters/daily" "counted-edition-arabic=$site/newsletters/arabic/editions/1" "counted-article=$article"

# The daemon goes on without the demo, with readers who have had a newsletter for long.
weekly_readers=$(python3 - "$inbox" <<'EOS'
import email, re, sys, urllib.error, urllib.request
for number in range(1, 500):
    try:
        mail = email.message_from_bytes(urllib.request.urlopen(f"{sys.argv[1]}/mails/{number}/mail.eml").read())
    except urllib.error.HTTPError:
        break
    if "weekly" in (mail["List-Id"] or ""):
        print(re.search(r"https?://[^>\s]+", mail["List-Unsubscribe"])[0].replace("/unsubscribe/", "/manage/"))
EOS
)
kill "${started[0]}"
wait "${started[0]}" 2>/dev/null || true
sink_start "$(sed -n 's|^url = "smtp://127.0.0.1:\([0-9]*\)"|\1|p' "$demo/courant.toml")"
python3 - "$demo" <<'EOS'
import pathlib, sqlite3, sys
demo = pathlib.Path(sys.argv[1])
path = demo / "courant.toml"
text = path.read_text()
for slug in ["daily", "weekly", "arabic"]:
    text = text.replace(f'slug = "{slug}"\n', f'slug = "{slug}"\nstill_wanted = "90d"\n')
path.write_text(text)
database = sqlite3.connect(demo / "courant.db")
with database:
    database.execute("UPDATE subscription SET confirmed_at = confirmed_at - 200 * 86400, wanted_at = NULL")
    database.execute("""UPDATE subscription SET questions = 2, asked_at = confirmed_at + 100 * 86400
        WHERE newsletter_id = (SELECT id FROM newsletter WHERE slug = 'weekly')""")
database.close()
EOS
start "$PEERS/daemon.log" "$COURANT" --config "$demo/courant.toml" run
# asked_in LANGUAGE: the link in a mail in that language that asks whether a newsletter is still wanted.
asked_in() {
  python3 - "$PEERS/sink/mails" "$1" <<'EOS'
import email, pathlib, re, sys
for mail in pathlib.Path(sys.argv[1]).read_bytes().split(b"X-Client-Addr: ")[1:]:
    mail = email.message_from_bytes(b"X-Client-Addr: " + mail)
    for part in mail.walk():
        link = re.search(rb"https?://\S+/keep/\w+", part.get_payload(decode=True) or b"")
        if link and mail["Content-Language"] == sys.argv[2]:
            sys.exit(print(link[0].decode()))
sys.exit(1)
EOS
}
eventually 60 asked_in en && eventually 60 asked_in ar
check "the page that asks whether a newsletter is still wanted is sound, and its answer" look page \
  "keep=$(asked_in en)" "keep-arabic=$(asked_in ar)" "kept=$(asked_in en)|"
is_paused() {
  curl -sf "$1" | grep -q 'id="resume-weekly"'
}
for unanswered in $weekly_readers; do
  is_paused "$unanswered" && break
done
check "for who has not answered twice the newsletter is paused" is_paused "$unanswered"
check "so is the page of a reader for whom a newsletter is paused without an answer" look page "manage-unanswered=$unanswered"
finish
