# The publication's own mail server, a second Postfix: house_start PORT, house_takes RECIPE LINE…, house_stop. It is
# Courant's relay, passes mail for example.org on to the Postfix of relay.sh, and takes what comes back as docs/bounces.md
# says. Everything that it writes is under $house.
house=$PEERS/house

# recipe PARAGRAPH FILE: what the paragraph of docs/bounces.md that begins so writes for that file, with our paths and user.
recipe() {
  awk -v server="$1" -v file="# $2" '
    /^\*\*/ { ours = index($0, server) == 1 }
    /^(# |```|$)/ { inside = ours && $0 == file; next }
    inside' docs/bounces.md |
    sed -e "s|/usr/local/bin/courant|$home/bin/courant|; s|/etc/courant/courant.toml|$home/courant.toml|" \
      -e "s|2424|$lmtp_port|; s|/var/lib/courant|$home|; s|user\( \?\)=\( \?\)courant|user\1=\2$user|" \
      -e "s|uid_maps = static:.*|uid_maps = static:$(id -u "$user")|; s|gid_maps = static:.*|gid_maps = static:$(id -g "$user")|"
}

# house_takes RECIPE LINE…: lets the house take what comes back by that recipe, with these lines more in main.cf.
house_takes() {
  house_writes "$@"
  postfix -c "$house/etc" reload 2>/dev/null
}

house_writes() {
  sed -e "s|$relay|$house|g; /^virtual_/d; /^smtpd_recipient/d; /^myhostname/d" "$relay/etc/main.cf" >"$house/etc/main.cf"
  cat >>"$house/etc/main.cf" <<END
myhostname = mail.press.example.net
transport_maps = inline:{ { example.org = smtp:[127.0.0.1]:$relay_port } }
$(recipe "$1" main.cf)
$(printf '%s\n' "${@:2}")
END
  cat >"$house/etc/master.cf" <<END
$(sed "s|^$relay_port |$house_port |" "$relay/etc/master.cf")
smtp      unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
lmtp      unix  -       -       n       -       -       lmtp
$(recipe "$1" master.cf)
END
}

house_start() {
  house_port=$1
  mkdir -p "$house"/{etc,spool,data,mail}
  chown postfix "$house/data" "$house/mail"
  # A mailbox that is full for now is reported after the first attempt, and not after days.
  house_writes '**Postfix**' 'maximal_queue_lifetime = 0'
  timeout 60 postfix -c "$house/etc" start 2>/dev/null
}

house_stop() {
  timeout 60 postfix -c "$house/etc" stop 2>/dev/null || true
}

# hand_in SENDER RECIPIENT: a mail on standard input for the house, as its sendmail takes it.
hand_in() {
  sendmail -C "$house/etc" -i -f "$1" -- "$2"
}

# deferred RECIPIENT: the queue ids of the mails for it that the house has tried in vain to hand in.
deferred() {
  postqueue -c "$house/etc" -j | python3 -c '
import json, sys
for line in sys.stdin:
    mail = json.loads(line)
    if mail["queue_name"] == "deferred" and any(to["address"] == sys.argv[1] for to in mail["recipients"]):
        print(mail["queue_id"])' "$1"
}
