#!/usr/bin/env bash
# How many requests for a feed are answered a second, beside nginx that serves the same bytes from files.
#
#   benches/nginx.sh                       the program as `cargo build --release` made it
#   benches/nginx.sh PROGRAM               another one
#   ROUNDS=5 TIME=10s benches/nginx.sh     so many turns, of so long (3 turns of 5s)
#
# Both have the same feed, the same packed bytes and as many workers; they are asked in turns, over 32 kept connections by one
# thread of wrk, which takes its part of the processors in both cases alike. Installs nginx and wrk from Debian.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${1:-target/release/courant}")
rounds=${ROUNDS:-3}
time=${TIME:-5s}
work=$(mktemp -d)
chmod 755 "$work"
started=()

end_started() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  started=()
}
trap 'end_started; rm -rf "$work"' EXIT

need() {
  command -v "$1" >/dev/null && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >/dev/null
}
need nginx nginx-light
need wrk wrk
need curl curl
need python3 python3

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

answers() {
  for _ in $(seq 300); do
    curl -sfo /dev/null "$1" && return
    sleep 0.1
  done
  echo "$1 does not answer"; tail -5 "$work"/*.log; return 1
}

# Fifty articles, with which the feed has about 57 kB, of words that cannot be packed better than any.
mkdir -p "$work/articles" "$work/public"
python3 - "$work/articles" <<'PYTHON'
import pathlib, random, sys

chance = random.Random(57)
words = ["".join(chance.choices("aeioulnrstdmhkp", k=chance.randint(2, 9))) for _ in range(2000)]
for number in range(1, 51):
    text = " ".join(chance.choices(words, k=62))
    head = f"title: The tide, day {number}\ndate: 2026-01-01T00:{number:02}:00Z\nauthor: Ines Okafor\ntags: [sea]"
    pathlib.Path(sys.argv[1], f"{number}.md").write_text(f"---\n{head}\n---\n{text}\n")
PYTHON
courant=http://127.0.0.1:$(free_port)
nginx=http://127.0.0.1:$(free_port)
cat >"$work/courant.toml" <<END
[publication]
title = "The Harbour Light"
base_url = "$courant"
[web]
listen = "${courant#http://}"
[[source]]
name = "articles"
kind = "markdown"
path = "articles"
END

# start_courant WORKERS
start_courant() {
  TOKIO_WORKER_THREADS=$1 COURANT_LOG=warn "$program" --config "$work/courant.toml" run >"$work/courant.log" 2>&1 &
  started+=($!)
  answers "$courant/articles/the-tide-day-50"
}

# start_nginx WORKERS
start_nginx() {
  cat >"$work/nginx.conf" <<END
user $(id -un);
worker_processes $1;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types { application/rss+xml rss; }
  server {
    listen ${nginx#http://};
    root $work/public;
    gzip_static on;
    gzip_vary on;
    etag on;
  }
}
END
  nginx -p "$work" -c "$work/nginx.conf" &
  started+=($!)
  answers "$nginx/feed.rss"
}

# tag SITE: the feed's tag as it is sent in gzip's coding.
tag() {
  curl -sfo /dev/null -D - -H 'Accept-Encoding: gzip' "$1/feed.rss" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'
}

# status SITE HEADER…: what such a request is answered.
status() {
  local site=$1; shift
  curl -s -o /dev/null -w '%{http_code} %{size_download}' "${@/#/-H}" "$site/feed.rss"
}

# rate SITE HEADER…: how many such requests are answered a second.
rate() {
  local site=$1; shift
  wrk -t1 -c32 -d"$time" "${@/#/-H}" "$site/feed.rss" >"$work/wrk.log"
  ! grep -E 'Non-2xx|Socket errors' "$work/wrk.log" >&2
  sed -n 's|^Requests/sec: *||p' "$work/wrk.log"
}

median() {
  sort -n | awk '{ all[NR] = $1 } END { print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'
}

# compare WHAT COURANT'S NGINX'S: both in turns, asked with one more header each.
compare() {
  local gzip="Accept-Encoding: gzip" ours=() theirs=()
  echo "$what: answered $(status "$courant" "$gzip" "$1") and $(status "$nginx" "$gzip" "$2") (status, octets)"
  for _ in $(seq "$rounds"); do
    ours+=("$(rate "$courant" "$gzip" "$1")")
    theirs+=("$(rate "$nginx" "$gzip" "$2")")
  done
  echo "  Courant ${ours[*]}"
  echo "  nginx   ${theirs[*]}"
  python3 -c 'import sys; one, other = map(float, sys.argv[1:]); print(f"  ratio of the medians {one / other:.2f}")' \
    "$(printf '%s\n' "${ours[@]}" | median)" "$(printf '%s\n' "${theirs[@]}" | median)"
}

for workers in 1 2; do
  start_courant "$workers"
  # The same octets, packed by the same program.
  curl -sf "$courant/feed.rss" -o "$work/public/feed.rss"
  curl -sf -H 'Accept-Encoding: gzip' "$courant/feed.rss" -o "$work/public/feed.rss.gz"
  cmp <(gzip -dc "$work/public/feed.rss.gz") "$work/public/feed.rss"
  start_nginx "$workers"
  echo "== $workers worker$([ "$workers" = 1 ] || echo s), a feed of $(stat -c %s "$work/public/feed.rss") octets"
  what="304" compare "If-None-Match: $(tag "$courant")" "If-None-Match: $(tag "$nginx")"
  what="200 in gzip" compare "X-Turn: 1" "X-Turn: 1"
  end_started
done
