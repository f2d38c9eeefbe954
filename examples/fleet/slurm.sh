#!/usr/bin/env bash
#SBATCH --job-name=flowlift
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
# Many archives as a Slurm array, an archive a task. Make the list, submit as many tasks as it has
# lines, and merge the histories when all are through:
#
#   find "$PWD/exports" -iname '*.fsproject' -o -iname '*.fsconfig' | sort > list.txt
#   mkdir -p results/histories
#   job=$(sbatch --parsable --array=1-$(wc -l < list.txt) slurm.sh list.txt results)
#   sbatch --dependency=afterany:$job --wrap \
#     'flowlift history merge --history results/history.sqlite results/histories/*.sqlite'
set -euo pipefail
list=$1 results=$2
archive=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$list")
exec flowlift migrate --quiet --out-dir "$results" \
  --history "$results/histories/$SLURM_ARRAY_TASK_ID.sqlite" "$archive"
