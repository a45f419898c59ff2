# An Exim of our own: exim_start, exim_has RECIPE, then exim ARGUMENT…. Debian has one mail server on a machine, so it is unpacked and not
# installed. Everything that it writes is under $exim, but for its user.
exim=$PEERS/exim

exim_start() {
  local libraries
  mkdir -p "$exim"/{spool,log}
  need libidn12 libidn12
  libraries=$(apt-cache depends exim4-daemon-light | sed -n 's/^ *Depends: \(lib[^:<]*\)$/\1/p')
  # shellcheck disable=SC2086
  need libraries $libraries
  (cd "$exim" && apt-get download -qq exim4-daemon-light 2>/dev/null && dpkg-deb -x ./*.deb .)
  # The program looks for the user of this name, by which it was built.
  id -u Debian-exim >/dev/null 2>&1 || { useradd --system --no-create-home Debian-exim && touch "$exim/user"; }
  exim_has '**Exim**'
  chown -R Debian-exim: "$exim"/{spool,log}
}

# exim_has RECIPE: lets it take what comes back by that recipe.
exim_has() {
  cat >"$exim/conf" <<END
primary_hostname = exim.press.example.net
exim_path = $exim/usr/sbin/exim4
keep_environment =
spool_directory = $exim/spool
log_file_path = $exim/log/%s
domainlist local_domains = bounce.courier.example.org
begin routers
$(recipe "$1" routers)
begin transports
$(recipe "$1" transports)
begin retry
* * F,5d,1h
END
}

exim() {
  "$exim/usr/sbin/exim4" -C "$exim/conf" "$@"
}

exim_stop() {
  [ ! -e "$exim/user" ] || userdel Debian-exim
}
