#!/usr/bin/env bash
# One run in a Slurm queue, over as many jobs as it takes. Submit from the top folder of the sources:
#
#   sbatch --ntasks=64 --time=04:00:00 scripts/batch/slurm.sh CASE OUTPUT [further arguments of "wolff run"]
#
# Slurm sends USR1 to this script five minutes ahead of the time limit. It is passed on to mpirun, the run writes a
# checkpoint and ends with 75; the job then submits itself again with the same resources. Any other exit code ends it:
# solver/doc/faults.md says what each means. Settings, as environment variables:
#   WOLFF_PROGRAM      the program (build/release/wolff)
#   WOLFF_SUBMISSIONS  jobs at most (20), so that a run that never gets on does not go round for ever
# If five minutes are too short for a checkpoint of your model, give sbatch a longer --signal.
#
#SBATCH --job-name=wolff
#SBATCH --ntasks=4
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --output=wolff-%j.log
set -euo pipefail

if (($# < 2)); then
  echo "usage: sbatch scripts/batch/slurm.sh CASE OUTPUT [arguments of wolff run]" >&2
  exit 2
fi
: "${SLURM_JOB_ID:?this script is for sbatch; without Slurm, start mpirun by hand}"
cd "$SLURM_SUBMIT_DIR"
case_file=$1
output=$2
program=${WOLFF_PROGRAM:-build/release/wolff}
this_job=${WOLFF_JOB_NUMBER:-1}
most_jobs=${WOLFF_SUBMISSIONS:-20}
export OMP_NUM_THREADS=1

echo "job $this_job of at most $most_jobs: $case_file into $output on ${SLURM_NTASKS:-1} rank(s)"
mpirun -n "${SLURM_NTASKS:-1}" "$program" run "$case_file" --restart auto --output "$output" "${@:3}" &
run=$!

# A signal interrupts `wait` before the run has ended, so it is waited for again.
interrupted=0
ask_for_checkpoint() {
  interrupted=1
  echo "time limit near: asking the run for a checkpoint"
  kill -USR1 "$run" 2>/dev/null || true
}
trap ask_for_checkpoint USR1
while :; do
  interrupted=0
  code=0
  wait "$run" || code=$?
  if ((interrupted == 0)); then break; fi
done

if ((code != 75)); then
  echo "the run ended with exit code $code"
  exit "$code"
fi
if ((this_job >= most_jobs)); then
  echo "stopped early once more after $most_jobs jobs; not submitted again (WOLFF_SUBMISSIONS raises the limit)" >&2
  exit 75
fi

# Options given to sbatch on the command line are not in this file; take over what the job really has.
again=(--dependency="afterany:$SLURM_JOB_ID" --ntasks="${SLURM_NTASKS:-1}" --nodes="${SLURM_JOB_NUM_NODES:-1}")
limit=$(squeue --noheader --job="$SLURM_JOB_ID" --format=%l | tr -d ' ' || true)
if [[ -n $limit ]]; then again+=(--time="$limit"); fi
if [[ -n ${SLURM_JOB_PARTITION:-} ]]; then again+=(--partition="$SLURM_JOB_PARTITION"); fi
if [[ -n ${SLURM_JOB_ACCOUNT:-} ]]; then again+=(--account="$SLURM_JOB_ACCOUNT"); fi
if [[ -n ${SLURM_JOB_NAME:-} ]]; then again+=(--job-name="$SLURM_JOB_NAME"); fi
export WOLFF_JOB_NUMBER=$((this_job + 1)) # sbatch hands the environment on
sbatch --export=ALL "${again[@]}" scripts/batch/slurm.sh "$@"
