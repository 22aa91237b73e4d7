#!/usr/bin/env bash
# The commands, beside a running server: what they print is what was asked for.
#   LIANJIE_DATA=folder tests/commands.sh target/release/lianjie
set -euo pipefail
here=$(dirname "$0")
program=$1
fail() { echo "FAILED: $*"; exit 1; }

"$program" search 没人接送 --near 320116010 --json > /tmp/lianjie-search.$$ || fail "search"
trap 'rm -rf /tmp/lianjie-*.$$' EXIT
grep -q 'EDU-13' /tmp/lianjie-search.$$ || fail "没人接送 does not read as transport to school"
"$program" search guangfu | grep -q '光福' || fail "guangfu does not find 光福"
"$program" match --case "$here/matching/without-carers.json" > /tmp/lianjie-match.$$ || fail "match"
for key in needs proposals plan first_step warnings; do grep -q "\"$key\"" /tmp/lianjie-match.$$ || fail "match prints no $key"; done
for term in E P A S C F D; do grep -q "\"$term\":" /tmp/lianjie-match.$$ || fail "match prints no term $term"; done
if "$program" match --case - <<< '{"place": {"division": "320116"}, "agee": 7}' 2> /tmp/lianjie-fault.$$; then fail "an unknown key was taken"; fi
grep -q 'agee' /tmp/lianjie-fault.$$ || fail "the unknown key is not named"
"$program" audit verify > /dev/null || fail "audit verify"
"$program" export hsds --to /tmp/lianjie-export.$$ > /dev/null || fail "export"
grep -q '"service_at_locations"' /tmp/lianjie-export.$$/organizations.json || fail "the export has no services"
[ "$(wc -l < /tmp/lianjie-export.$$/services.csv)" -gt 100 ] || fail "the package has no services"
"$program" doctor || fail "doctor"
if "$program" reindex 2> /tmp/lianjie-fault.$$; then fail "a second writing process was let in"; fi
grep -q 'another lianjie is writing' /tmp/lianjie-fault.$$ || fail "the second writing process is refused without the reason"
echo "the commands do what they say"
