#!/usr/bin/env bash
# Checks digests as mail programs and readers meet them, with programs that others wrote.
#
# usage: tests/peers/digest/run.sh DIRECTORY
#
# DIRECTORY holds mails (*.eml: format, list headers, SpamAssassin, then their HTML) or HTML alone (*.html).
# Screenshots go to target/screenshots/. Exits with 1 if any checker complains, after all have had their say.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
mails=$(cd "${1:?which directory holds the mails?}" && pwd) || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob
failed=0

install() { # COMMAND PACKAGE: installs a Debian package if its command is missing
    command -v "$1" >/dev/null && return
    [ -n "${updated:-}" ] || { apt-get update -qq && updated=1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

check() { # NAME COMMAND…: runs a checker and remembers whether it complained
    local name=$1
    shift
    if "$@"; then echo "ok    $name"; else echo "FAIL  $name"; failed=1; fi
}

spam() { # MAIL…: SpamAssassin's local rules find nothing against any
    local mail score bad=0
    for mail in "$@"; do
        score=$(spamassassin -L -t <"$mail" | sed -n 's/^X-Spam-Status:.* score=\([-0-9.]*\).*/\1/p' | head -1)
        awk -v score="${score:-99}" 'BEGIN { exit !(score <= 0) }' || { echo "$mail: $score points"; bad=1; }
    done
    return $bad
}

markup_of_the_w3c() { # HTML…: the checker of the W3C, but for what only mail has: hidden comments and style attributes
    java -jar "$here/node_modules/vnu-jar/build/dist/vnu.jar" --errors-only --format gnu "$@"
}

install python3 python3
install node nodejs
install npm npm
install chromium chromium
install java default-jre-headless
install spamassassin spamassassin
install fc-list fontconfig
fc-list | grep -q NotoNaskhArabic || { install noto-is-never-a-command fonts-noto-core; }
[ -d "$here/node_modules/playwright-core" ] || (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --silent) || exit 1

eml=("$mails"/*.eml)
if [ ${#eml[@]} -gt 0 ]; then
    check "mail format" python3 "$here/mail_format.py" --parts "$work" "${eml[@]}"
    check "SpamAssassin" spam "${eml[@]}"
fi
for page in "$mails"/*.html; do cp "$page" "$work/"; done
html=("$work"/*.html)
[ ${#html[@]} -gt 0 ] || { echo "$mails holds neither *.eml nor *.html"; exit 2; }

check "HTML: html-validate and the rules of mail" node "$here/markup.mjs" "${html[@]}"
check "HTML: the W3C's checker" markup_of_the_w3c "${html[@]}"
check "HTML: mail programs" node "$here/clients.mjs" "${html[@]}"
check "HTML: axe and the eye" node "$here/look.mjs" "$root/target/screenshots" "${html[@]}"
exit $failed
