# What the scripts of tests/peers share. Sourced, never run.
set -euo pipefail

passed=0
failed=0
started=()

# need COMMAND PACKAGE…: installs Debian's packages unless the command is there.
need() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return
  local updated=${APT_UPDATED:-$PEERS/apt-updated}
  [ -e "$updated" ] || apt-get update -qq
  touch "$updated"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$PEERS/apt.log" 2>&1 ||
    { tail -20 "$PEERS/apt.log"; return 1; }
}

# check SENTENCE COMMAND…: runs the command and says whether the sentence holds; its output is shown where it does not.
check() {
  local sentence=$1
  shift
  if "$@" >"$PEERS/check.log" 2>&1; then
    echo "  ok    $sentence"
    passed=$((passed + 1))
  else
    echo "  FAIL  $sentence"
    sed 's/^/        /' "$PEERS/check.log" | head -40
    failed=$((failed + 1))
  fi
}

# eventually SECONDS COMMAND…: tries the command until it succeeds, at most that long.
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.1
  done
}

# start LOG COMMAND…: starts a program in the background; it is ended with the script.
start() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 &
  started+=($!)
}

# A port that is free now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# sink_start PORT: a relay that takes everything and keeps it in one file.
sink_start() {
  need smtp-sink postfix
  mkdir -p "$PEERS/sink"
  chown postfix "$PEERS/sink"
  start "$PEERS/sink.log" smtp-sink -u postfix -D "$PEERS/sink/mails" "127.0.0.1:$1" 100
}

# How many messages the sink has taken.
taken() {
  grep -c '^X-Rcpt-Args: ' "$PEERS/sink/mails" 2>/dev/null || true
}

end_started() {
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  wait
}

# Says how it went; the script's last line.
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
