#!/usr/bin/env bash
# Courant killed at every point of its conversation with a relay, and started again, until everybody has the edition.
#
#   tests/peers/kill/run.sh 20        so many kills at each of nine points over 1, 8 and 32 connections; default: 3
#
# The relay is aiosmtpd, which logs every message on disk before it answers. COURANT names the program, if it is not the
# release build's.
cd "$(dirname "$0")/../../.."
export PEERS=${PEERS:-$(mktemp -d)}
. tests/peers/lib.sh

need sqlite3 sqlite3
python=$PEERS/aiosmtpd/bin/python
python3 -m venv "$PEERS/aiosmtpd" 2>/dev/null || { need python3 python3-venv && python3 -m venv "$PEERS/aiosmtpd"; }
"$python" -m pip install --quiet --disable-pip-version-check aiosmtpd==1.4.6

sqlite3 "$PEERS/content.db" <tests/peers/postfix/content.sql
exec "$python" tests/peers/kill/kill.py "${COURANT:-target/release/courant}" "$PEERS" "${1:-3}"
