#!/usr/bin/env bash
# Many archives on many machines with GNU parallel: examples/fleet/parallel.sh ARCHIVES RESULTS [HOSTS]
#
# ARCHIVES and RESULTS are folders that every machine sees at the same place. HOSTS is a file with a
# host a line, as parallel's --sshloginfile takes it; without it the jobs run here.
set -euo pipefail
archives=$1 results=$2 hosts=${3:-}
mkdir -p "$results/histories"

# A task has a history of its own: SQLite is not made for a file shared over a network.
# Exit 1 of a job is flowlift's business, so all jobs run, whatever comes of one.
find "$archives" -type f \( -iname '*.fsproject' -o -iname '*.fsconfig' \) -print0 | sort -z |
  parallel --null ${hosts:+--sshloginfile "$hosts"} --joblog "$results/jobs.tsv" \
    flowlift migrate --quiet --out-dir "$results" --history "$results/histories/{#}.sqlite" {} \
  || echo "$? archives were not migrated, see $results/jobs.tsv" >&2

flowlift history merge --history "$results/history.sqlite" "$results"/histories/*.sqlite
flowlift history list --history "$results/history.sqlite"
