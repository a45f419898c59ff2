# A running demo: demo_start sets $demo (its directory), $site and $inbox (their addresses, without a final slash).
demo_start() {
  demo=$PEERS/demo
  rm -rf "$demo"
  start "$PEERS/demo.log" "$COURANT" demo --dir "$demo" --port 0
  eventually 60 grep -q '^Inbox' "$PEERS/demo.log" || { cat "$PEERS/demo.log"; return 1; }
  site=$(address_of Site)
  inbox=$(address_of Inbox)
}

address_of() {
  sed -n "s|^$1 *\(http://[^ ]*\)/.*|\1|p" "$PEERS/demo.log" | head -1
}

# manage_of NEWSLETTER: the address at which the reader of that digest manages what they get.
manage_of() {
  curl -sf "$(mail_of "$1" | sed 's|frame$|mail.eml|')" | python3 -c '
import email, re, sys
link = email.message_from_binary_file(sys.stdin.buffer)["List-Unsubscribe"]
print(re.search(r"https?://[^>\s]+", link)[0].replace("/unsubscribe/", "/manage/"))'
}

# personal_link: the address in the personal link that was mailed last.
personal_link() {
  curl -sf "$inbox/" | grep -o 'mails/[0-9]*' | sort -t/ -k2 -nru | while read -r mail; do
    curl -sf "$inbox/$mail/text" | grep -o 'https\?://[^ <&"]*/manage/oa[a-z2-7]*' | head -1
  done | head -1 || true
}

# mail_of NEWSLETTER: the address of the first digest of it that the inbox holds, as HTML alone.
mail_of() {
  local number=1
  until curl -sf "$inbox/mails/$number/mail.eml" | grep -qi "^List-Id:.*$1"; do
    number=$((number + 1))
    [ "$number" -lt 500 ] || return 1
  done
  echo "$inbox/mails/$number/frame"
}
