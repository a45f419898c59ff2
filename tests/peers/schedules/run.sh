#!/bin/sh
# Courant's ticks against those of cronsim and croniter, for random crontab lines in all zones.
# Usage: run.sh [CASES [SEED]]: another seed compares other lines. COURANT names the program to ask; without it, it is built.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
venv=$root/target/peers/schedules

if [ -z "${COURANT:-}" ]; then
    cargo build --quiet --manifest-path "$root/Cargo.toml"
    COURANT=$root/target/debug/courant
fi
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
exec "$venv/bin/python" "$here/compare.py" "$COURANT" "${1:-2000}" "${2:-1392295214}"
