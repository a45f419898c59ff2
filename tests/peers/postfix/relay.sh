# A Postfix of our own: relay_start PORT, relay_stop. Everything it writes is under $relay; mail for anybody at
# example.org goes to $relay/mail/Maildir, except that gone…, busy…, full… and crammed… are refused as real servers
# refuse.
relay=$PEERS/postfix

relay_start() {
  mkdir -p "$relay"/{etc,spool,data,mail}
  cat >"$relay/etc/refusals" <<'END'
/^gone/ 550 5.1.1 No such mailbox here
/^busy/ 451 4.2.0 Mailbox is busy
/^full/ 552 5.2.2 Mailbox is full
/^crammed/ 452 4.2.2 Mailbox is full for now
END
  cat >"$relay/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $relay/spool
data_directory = $relay/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = $relay/mail/log
maillog_file_prefixes = $PEERS
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.peer.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = example.org
virtual_mailbox_base = $relay/mail
virtual_mailbox_maps = static:Maildir/
virtual_uid_maps = static:$(id -u postfix)
virtual_gid_maps = static:$(id -g postfix)
smtpd_recipient_restrictions = check_recipient_access regexp:$relay/etc/refusals, permit_mynetworks, reject
END
  cat >"$relay/etc/master.cf" <<END
$1        inet  n       -       n       -       -       smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
proxymap  unix  -       -       n       -       -       proxymap
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
virtual   unix  -       n       n       -       -       virtual
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
postlog   unix-dgram n  -       n       -       1       postlogd
END
  chown postfix "$relay/data" "$relay/mail"
  timeout 60 postfix -c "$relay/etc" start 2>/dev/null
}

relay_stop() {
  timeout 60 postfix -c "$relay/etc" stop 2>/dev/null || true
}
