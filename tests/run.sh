#!/bin/sh
# run.sh - all tests of a build, one line each, and the sum as the last line.
#
#   tests/run.sh [--lint|--units] BUILD
#
# C tests are cmocka programs, integration and fault tests are pytest, lints are programs under tests/lint that print
# their own findings.  A test that cannot run here says so and counts as skipped.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
what=all
case "${1:-}" in --lint) what=lint; shift ;; --units) what=units; shift ;; esac
build=${1:-build}
cd "$top" || exit 2
logs=$build/test-logs
mkdir -p "$logs"
passed=0 failed=0 skipped=0

# count PASSED FAILED SKIPPED NAME LOG
count() {
	passed=$((passed + $1)); failed=$((failed + $2)); skipped=$((skipped + $3))
	if [ "$2" -gt 0 ]; then
		printf 'FAILED  %s (%s failed)\n' "$4" "$2"; tail -n 40 "$5" | sed 's/^/    /'
	else
		printf 'ok      %s (%s passed%s)\n' "$4" "$1" "$([ "$3" -gt 0 ] && echo ", $3 skipped")"
	fi
}

number() { n=$(sed -n "$1" "$2" | tail -n 1); echo "${n:-0}"; }

# word WORD LOG: the number before a word in pytest's last line
word() { n=$(tail -n 1 "$2" | grep -o "[0-9][0-9]* $1" | grep -o '^[0-9]*'); echo "${n:-0}"; }

run_cmocka() {
	name=${1#"$build"/tests/}; log=$logs/$(echo "$name" | tr / _).log
	timeout 300 "$1" >"$log" 2>&1; rc=$?
	p=$(number 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log")
	f=$(number 's/^\[  FAILED  \] \([0-9]*\) test(s).*/\1/p' "$log")
	s=$(number 's/^\[  SKIPPED \] \([0-9]*\) test(s).*/\1/p' "$log")
	[ "$rc" -ne 0 ] && [ "$f" -eq 0 ] && f=1
	count "$p" "$f" "$s" "$name" "$log"
}

run_seeds() {
	name=$(basename "$1"); name=${name#seed_}; log=$logs/seed_$name.log
	[ -d "tests/fuzz/seed/$name" ] || { echo "no seeds" >"$log"; count 0 1 0 "fuzz/$name" "$log"; return; }
	if timeout 300 "$1" "tests/fuzz/seed/$name" >"$log" 2>&1; then count 1 0 0 "fuzz/$name" "$log"; else count 0 1 0 "fuzz/$name" "$log"; fi
}

run_lint() {
	log=$logs/lint_$(basename "$1").log
	timeout 300 "$1" "$build" >"$log" 2>&1; rc=$?
	case $rc in
	0) count 1 0 0 "lint/$(basename "$1")" "$log" ;;
	77) count 0 0 1 "lint/$(basename "$1")" "$log"; sed 's/^/    /' "$log" ;;
	*) count 0 1 0 "lint/$(basename "$1")" "$log" ;;
	esac
}

run_pytest() {
	[ -n "$(find "$1" -name 'test_*.py' -print -quit 2>/dev/null)" ] || return 0
	log=$logs/$(echo "$1" | tr / _).log
	NW_BUILD=$build timeout 1500 /usr/bin/python3 -m pytest -q -rs -p no:cacheprovider "$1" >"$log" 2>&1; rc=$?
	p=$(word passed "$log"); f=$(word failed "$log"); e=$(word 'errors\{0,1\}' "$log"); s=$(word skipped "$log")
	f=$((f + e))
	[ "$rc" -ne 0 ] && [ "$f" -eq 0 ] && f=1
	[ $((p + f + s)) -eq 0 ] && f=1 # a folder of tests that ran none has not passed
	count "$p" "$f" "$s" "$1" "$log"
	sed -n 's/^SKIPPED/    skipped:/p' "$log"
}

# what tests measured and left beside the logs
show_reports() { for r in "$logs"/*.report; do [ -f "$r" ] && sed 's/^/    /' "$r"; done; }

if [ "$what" != lint ]; then
	for t in "$build"/tests/unit/test_* "$build"/tests/plugin/test_* "$build"/tests/abi/test_* "$build"/tests/sandbox/test_* "$build"/tests/replay/test_*; do
		[ -x "$t" ] && [ ! -d "$t" ] && run_cmocka "$t"
	done
	for t in "$build"/tests/fuzz/seed_*; do [ -x "$t" ] && run_seeds "$t"; done
fi
if [ "$what" != units ]; then
	for t in tests/lint/*; do [ -x "$t" ] && [ -f "$t" ] && run_lint "$t"; done
fi
if [ "$what" = all ]; then
	rm -f "$logs"/*.report
	run_pytest tests/integration
	show_reports
	run_pytest tests/fault
fi
if [ $((passed + failed)) -eq 0 ]; then echo "no test ran"; failed=1; fi
[ "$skipped" -eq 0 ] || echo "$skipped skipped: what they need is not there"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
