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
article=$(curl -sf "$site/feed.json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][0]["url"])')
check "the site's pages are sound and readable" look page \
  "site-front=$site/" "site-newsletter=$site/newsletters/daily" "site-edition=$site/newsletters/daily/editions/1" \
  "site-edition-arabic=$site/newsletters/arabic/editions/1" "site-article=$article" \
  "site-search=$site/search" "site-found=$site/search?q=the" "site-nothing-found=$site/search?q=%22no%20such%20words%22"
check "a feed is a page that is sound and readable" look page \
  "feed-site=$site/feed.rss" "feed-editions=$site/newsletters/daily/editions.atom" "feed-arabic=$site/newsletters/arabic/feed.json"
manage=$(manage_of daily)
manage_arabic=$(manage_of arabic)
ask() {
  curl -sS -o /dev/null "$manage" "$@"
}
check "the page on which a reader manages what they get is sound" look page "manage=$manage" "manage-arabic=$manage_arabic"
ask -d "act=pause&newsletter=daily&until=$(date -d '10 days' +%F)"
curl -sS -o /dev/null "$manage_arabic" -d 'act=leave&newsletter=arabic'
check "the same with a pause and after a farewell" look page "manage-paused=$manage" "manage-left-arabic=$manage_arabic"
ask -d "act=resume&newsletter=daily"
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
finish
