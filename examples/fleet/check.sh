#!/usr/bin/env bash
# Runs the recipes of this folder on this machine: GNU parallel, and Slurm as a cluster of one node.
# Needs flowlift in PATH and, on Debian: apt-get install parallel slurm-wlm. Slurm is started as root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
export FLOWLIFT_HISTORY=$work/none.sqlite

mkdir -p "$work/exports/north"
cp "$here"/../../fixtures/*.fsproject "$work/exports/"
cp "$here"/../../fixtures/*.fsconfig "$work/exports/north/"
echo "no archive" > "$work/exports/broken.fsproject"
all=$(find "$work/exports" -name '*.fs*' | wc -l)
good=$((all - 1))

expect() { # RESULTS
  local tasks failed
  tasks=$(flowlift history list --history "$1/history.sqlite" --format json | grep -c '"status"')
  failed=$(flowlift history list --history "$1/history.sqlite" --status failure --format json | grep -c '"status"')
  [ "$tasks" = "$all" ] && [ "$failed" = 1 ] || { echo "$1: $tasks tasks, $failed failed" >&2; exit 1; }
  echo "$1: $tasks tasks in one history, $good went well"
}

echo "== GNU parallel"
"$here/parallel.sh" "$work/exports" "$work/parallel"
expect "$work/parallel"

if ! command -v slurmctld > /dev/null || [ "$(id -u)" != 0 ]; then
  echo "skipped: Slurm needs slurm-wlm and root"
  exit 0
fi
echo "== Slurm"
node=$(hostname -s)
mkdir -p "$work/slurm/spool" "$work/slurm/state" "$work/munge"
chmod 755 "$work"
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 400 "$work/munge/key"
munged --force --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" \
  > "$work/munge/out" 2>&1 &
pids+=($!)
cat > "$work/slurm/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdPidFile=$work/slurm/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES State=UP
CONF
export SLURM_CONF=$work/slurm/slurm.conf
slurmctld -D > "$work/slurm/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -N "$node" > "$work/slurm/slurmd.log" 2>&1 &
pids+=($!)
for _ in $(seq 60); do sinfo -h -o %t 2> /dev/null | grep -q idle && break; sleep 1; done
sinfo -h -o %t | grep -q idle || { cat "$work"/slurm/*.log >&2; exit 1; }

cd "$work"
find "$PWD/exports" -iname '*.fsproject' -o -iname '*.fsconfig' | sort > list.txt
mkdir -p results/histories
job=$(sbatch --parsable --output=task-%a.out --array=1-"$(wc -l < list.txt)" "$here/slurm.sh" list.txt results)
# What the recipe submits as a job that depends on all others, waiting for it.
sbatch --wait --output=merge.out --dependency="afterany:$job" --wrap \
  'flowlift history merge --history results/history.sqlite results/histories/*.sqlite' > /dev/null \
  || { cat task-*.out merge.out >&2; exit 1; }
expect "$work/results"
