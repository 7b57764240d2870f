#!/bin/sh
# run.sh BUILD SECONDS [NAME...] - each fuzz target, or those named, for so many seconds, one at a time.
#
# What libFuzzer learned stays in BUILD/corpus/NAME.  A finding becomes a seed, so that `make check` fails until it is
# mended; the exit status is then 1.  A target that does not see new code on its way is blind, and fails as well.
set -u
build=$1 seconds=${2:-60} bad=0
shift; [ $# -gt 0 ] && shift

# keep_finding NAME: the input that ended the run, as a seed named for what libFuzzer calls it
keep_finding() {
	for f in "$build/findings/$1"/*; do
		[ -f "$f" ] || continue
		mv "$f" "tests/fuzz/seed/$1/$(basename "$f")"
		echo "        kept as tests/fuzz/seed/$1/$(basename "$f")"
	done
}

run_target() {
	t=$build/tests/fuzz/fuzz_$1 log=$build/findings/$1.log dict=tests/fuzz/$1.dict
	mkdir -p "$build/corpus/$1" "$build/findings/$1"
	# shellcheck disable=SC2046
	if "$t" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
	    $([ -f "$dict" ] && echo "-dict=$dict") -artifact_prefix="$build/findings/$1/" "$build/corpus/$1" \
	    "tests/fuzz/seed/$1" >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		blocks=$(sed -n 's/.*DONE  *cov: \([0-9]*\).*/\1/p' "$log")
		[ "${blocks:-0}" -ge 100 ] || { echo "FAILED  $1: sees only ${blocks:-0} blocks of the program"; bad=1; return; }
		echo "ok      $1: $runs runs, $blocks blocks seen"
	else
		echo "FAILED  $1: see $log"; keep_finding "$1"; bad=1
	fi
}

if [ $# -eq 0 ]; then
	for t in "$build"/tests/fuzz/fuzz_*; do [ -x "$t" ] && [ ! -d "$t" ] && set -- "$@" "${t##*/fuzz_}"; done
fi
[ $# -gt 0 ] || { echo "no fuzz target under $build"; exit 1; }
for name; do
	case $name in *.d) continue ;; esac
	run_target "$name"
done
exit $bad
