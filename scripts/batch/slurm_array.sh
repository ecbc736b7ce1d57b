#!/usr/bin/env bash
# One row of a sweep for each task of a job array. Submit from the top folder of the sources, with the arguments of
# scripts/sweep:
#
#   scripts/sweep CASE --vary "..." --output DIR --list       # before: the rows and their numbers
#   sbatch --ntasks=4 --array=0-5%3 scripts/batch/slurm_array.sh CASE --vary "..." --output DIR
#   scripts/sweep CASE --vary "..." --output DIR --collect    # afterwards: the table
#
# A task that stops before the time limit ends with 75 and leaves a checkpoint. Submit the same array again: finished
# rows are skipped, stopped ones continue.
#
#SBATCH --job-name=wolff-sweep
#SBATCH --ntasks=4
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --output=wolff-sweep-%A_%a.log
set -euo pipefail

: "${SLURM_ARRAY_TASK_ID:?submit with sbatch --array=0-N; scripts/sweep --list prints the rows}"
cd "$SLURM_SUBMIT_DIR"
scripts/sweep "$@" --ranks "${SLURM_NTASKS:-1}" --row "$SLURM_ARRAY_TASK_ID" &
row=$!

# A signal interrupts `wait` before the row has ended, so it is waited for again.
trap 'interrupted=1; kill -USR1 "$row" 2>/dev/null || true' USR1
while :; do
  interrupted=0
  code=0
  wait "$row" || code=$?
  if ((interrupted == 0)); then break; fi
done
exit "$code"
