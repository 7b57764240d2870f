#!/bin/sh
# run.sh BUILD    every benchmark of this folder, one after the other, and one table of what they say against their budgets.
# A benchmark is bench_NAME.py BUILD.  It prints what it likes; a line "ratio NAME VALUE BUDGET" (tabs) goes into the table,
# VALUE at most BUDGET, or at least where BUDGET begins with ">=".  It ends with 77 where what it compares with is not here.
build=${1:-build}
here=$(cd "$(dirname "$0")" && pwd)
table=$(mktemp) || exit 1
trap 'rm -f "$table" "$table.one"' EXIT
bad=0
for b in "$here"/bench_*.py; do
	name=$(basename "$b" .py)
	echo "== $name"
	/usr/bin/python3 "$b" "$build" > "$table.one"
	rc=$?
	grep -v '^ratio	' "$table.one"
	grep '^ratio	' "$table.one" >> "$table"
	case $rc in
	0) ;;
	77) echo "   skipped" ;;
	*) echo "   failed with $rc"; bad=1 ;;
	esac
done
echo
awk -F '\t' '
	BEGIN { printf "%-58s %10s %10s\n", "", "measured", "budget" }
	{
		least = sub(/^>=/, "", $4)
		ok = least ? $3 + 0 >= $4 + 0 : $3 + 0 <= $4 + 0
		printf "%-58s %10.2f %s%9.2f  %s\n", $2, $3, least ? ">" : "<", $4, ok ? "" : "MISSED"
		missed += !ok
	}
	END { exit missed != 0 }' "$table" || bad=1
exit $bad
