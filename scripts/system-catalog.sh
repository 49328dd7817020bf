#!/bin/sh
# system-catalog.sh CONNECTION...: writes grammar/postgres/catalog anew from running servers, one of each major version.
#
# A CONNECTION is a libpq connection string of a database without extensions or objects of its own, such as
# 'host=127.0.0.1 port=5414 user=postgres dbname=template1'. Give the versions in ascending order: the last column of each
# table says from which to which of them a row is true. What extensions bring is left as it stands.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 CONNECTION..." >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tables=$here/../grammar/postgres/catalog
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

list=
for connection in "$@"; do
  number=$(psql -XAtq -d "$connection" -c 'SHOW server_version_num')
  version=$((number / 10000))
  psql -Xq -d "$connection" -f "$here/system-catalog.sql" >"$work/$version"
  list="$list $version"
done

# A row of every version that has it, once, with the first and the last of them.
cd "$work"
# shellcheck disable=SC2086 # a list of file names without blanks
awk -F '\t' -v OFS='\t' '
  FNR == 1 { version = FILENAME }
  !(($0, version) in seen) { seen[$0, version]; if (!($0 in first)) first[$0] = version; last[$0] = version; count[$0]++ }
  END {
    for (row in first) {
      if (count[row] != last[row] - first[row] + 1) { print "a row comes and goes: " row >"/dev/stderr"; exit 1 }
      print row, first[row] "-" last[row]
    }
  }' $list | LC_ALL=C sort >all

for table in functions operators types casts relations operator_classes initial_privileges; do
  {
    head -n 1 "$tables/$table.tsv"
    sed -n "s/^$table	//p" all
    # The rows of extensions begin with their name in the two tables that hold both.
    case $table in operator_classes | initial_privileges) tail -n +2 "$tables/$table.tsv" | grep -v '^-	' ;; esac
  } >"$table.new"
done
for table in functions operators types casts relations operator_classes initial_privileges; do
  mv "$table.new" "$tables/$table.tsv"
done
