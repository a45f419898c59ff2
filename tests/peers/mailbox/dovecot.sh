# A Dovecot of our own: dovecot_start PORT TLS_PORT, dovecot_stop, deliver < MAIL, folder FOLDER. Everything it writes is
# under $dovecot; bounces@press.example.net has a mailbox there, and the password "right".
dovecot=$PEERS/dovecot

dovecot_start() {
  mkdir -p "$dovecot"/{run,state,mail}
  chown mail: "$dovecot/mail"
  echo 'bounces@press.example.net:{PLAIN}right' >"$dovecot/users"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -addext basicConstraints=critical,CA:FALSE -keyout "$dovecot/key.pem" -out "$dovecot/cert.pem" 2>/dev/null
  cat >"$dovecot/conf" <<END
base_dir = $dovecot/run
state_dir = $dovecot/state
log_path = $dovecot/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$dovecot/cert.pem
ssl_key = <$dovecot/key.pem
mail_location = maildir:$dovecot/mail/%u
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = $dovecot/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$dovecot/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Done {
    auto = create
  }
}
service imap-login {
  inet_listener imap {
    port = $1
  }
  inet_listener imaps {
    port = $2
  }
}
END
  /usr/sbin/dovecot -c "$dovecot/conf"
}

dovecot_stop() {
  doveadm -c "$dovecot/conf" stop 2>/dev/null || true
}

deliver() {
  doveadm -c "$dovecot/conf" save -u bounces@press.example.net -m INBOX
}

# folder FOLDER: subject and flags of each mail in it.
folder() {
  doveadm -c "$dovecot/conf" -f tab fetch -u bounces@press.example.net 'hdr.subject flags' mailbox "$1" | tail -n +2
}
