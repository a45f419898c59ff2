#!/usr/bin/env bash
# The demo's mails, as they came over SMTP, before the eyes of a strict reader and of SpamAssassin.
. tests/peers/lib.sh
. tests/peers/demo.sh
trap end_started EXIT

need curl curl
need spamassassin spamassassin

demo_start
eventually 60 grep -q '^Ready' "$PEERS/demo.log"
mkdir -p "$PEERS/mails"
number=1
while curl -sfo "$PEERS/mails/$number.eml" "$inbox/mails/$number/mail.eml"; do
  number=$((number + 1))
done
rm -f "$PEERS/mails/$number.eml"
echo "  $((number - 1)) mails"
check "the demo has sent its mails" test "$number" -gt 40
# The demo's links are http, because it has no certificate for 127.0.0.1.
check "every mail keeps every rule" python3 tests/peers/mail/check.py --links http "$PEERS"/mails/*.eml

score() {
  spamassassin -L -t <"$1" | sed -n 's/.*X-Spam-Status:.*score=\(-\?[0-9.]*\).*/\1/p' | head -1
}
# A rule of thumb: 5 is spam. Links to a bare address and the want of a Received header are the demo's, not ours.
for kind in "List-Id:.*daily" "List-Id:.*weekly" "List-Id:.*arabic"; do
  mail=$(grep -liE "$kind" "$PEERS"/mails/*.eml | head -1)
  points=$(score "$mail")
  echo "  SpamAssassin gives the mail of ${kind#*.*} $points"
  check "SpamAssassin takes the mail of ${kind#*.*} for a mail" awk "BEGIN { exit !($points < 2) }"
done
finish
