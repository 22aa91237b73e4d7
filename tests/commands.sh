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
plan=$("$program" plan <<< '{"id":"a","needs":[{"w":4},{"w":2,"pred":[0]}],"services":[{"agency":"x","site":"s","travel":20,"wait":3,"dur":10,"fee":0,"covers":{"0":700},"sessions":[[1,540,600]]},{"agency":"x","site":"s","travel":20,"wait":3,"dur":10,"fee":0,"covers":{"1":600},"sessions":[[2,540,600]]}],"max_trips":3,"max_travel":300,"max_fee":50}') || fail "plan"
[[ $plan == *'"choice":[[0,0],[1,0]],"cost":2360,'* ]] || fail "plan: $plan"
if "$program" plan <<< '{"id":1,"needs":[{"w":1,"pred":[0]}],"services":[],"max_trips":1,"max_travel":1,"max_fee":1}' 2> /tmp/lianjie-fault.$$; then fail "a circle was planned"; fi
grep -q 'circle' /tmp/lianjie-fault.$$ || fail "the circle is not named"
two='{"needs":[{"child":"a","county":"c","town":"t","category":"x","tier":1},{"child":"b","county":"c","town":"t","category":"x","tier":2}],"services":[{"town":"t","category":"x","cap":1,"org":0}],"ptr":[0,1,2],"svc":[0,0],"u":[100,900],"weight":[8,4,2,1]}'
[ "$("$program" allocate --certificate <<< "$two" 2> /tmp/lianjie-fault.$$)" = '[-1,0]' ] || fail "allocate util"
grep -q '"utility":3600,"bound":3600' /tmp/lianjie-fault.$$ || fail "allocate certificate"
[ "$("$program" allocate --objective lex <<< "$two")" = '[0,-1]' ] || fail "allocate lex"
if "$program" allocate --floor 1.5 <<< "$two" 2> /dev/null; then fail "a floor above all was taken"; fi
week=$(printf '%s\n' '{"type":"init","week":0,"towns":[{"x":0,"y":0,"seat":true}],"directory":[]}' '{"type":"week","week":1,"open":[],"events":[],"posted":[]}' '{"type":"end"}' | "$program" policy) || fail "policy"
[ "$week" = '{"refer":[],"ask":[]}' ] || fail "policy: $week"
"$program" audit verify > /dev/null || fail "audit verify"
"$program" export hsds --to /tmp/lianjie-export.$$ > /dev/null || fail "export"
grep -q '"service_at_locations"' /tmp/lianjie-export.$$/organizations.json || fail "the export has no services"
[ "$(wc -l < /tmp/lianjie-export.$$/services.csv)" -gt 100 ] || fail "the package has no services"
"$program" doctor || fail "doctor"
if "$program" reindex 2> /tmp/lianjie-fault.$$; then fail "a second writing process was let in"; fi
grep -q 'another lianjie is writing' /tmp/lianjie-fault.$$ || fail "the second writing process is refused without the reason"
echo "the commands do what they say"
