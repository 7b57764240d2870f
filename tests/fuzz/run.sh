#!/bin/sh
# run.sh BUILD MINUTES - each fuzz target for so many minutes; findings are kept under BUILD/findings.
set -u
build=$1 minutes=${2:-1} bad=0
mkdir -p "$build/findings"
for t in "$build"/tests/fuzz/fuzz_*; do
	[ -x "$t" ] || continue
	name=$(basename "$t"); name=${name#fuzz_}
	mkdir -p "$build/corpus/$name"
	dict=tests/fuzz/$name.dict
	if "$t" -max_total_time=$((minutes * 60)) -timeout=5 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
	    $([ -f "$dict" ] && echo "-dict=$dict") -artifact_prefix="$build/findings/$name-" "$build/corpus/$name" "tests/fuzz/seed/$name" \
	    >"$build/findings/$name.log" 2>&1; then
		echo "ok      $name: $(sed -n 's/stat::number_of_executed_units: *//p' "$build/findings/$name.log") runs"
	else
		echo "FAILED  $name: see $build/findings/$name.log"; bad=1
	fi
done
exit $bad
