#!/bin/bash
# slurm_refusals.sh RUN: --executor=slurm where there is no Slurm, where it is not set up, and where it refuses the job: what is
# wrong and what to do is told, in words beside those of its programs. Slurm's programs are made up here.
set -uo pipefail
source tests/e2e/common.sh

bin=$TEST_TMPDIR/bin
results=$TEST_TMPDIR/results
mkdir -p "$bin"
# With no other Slurm than this one.
run=("$(type -P env)" "PATH=$bin" "$1" --profile=smoke --model=emb_mlp --gamma=0.3 --device=cpu --results="$results" --executor=slurm)

# program NAME STATUS OUTPUT ERROR
program() {
  printf '#!/bin/bash\necho "%s"\necho "%s" >&2\nexit %s\n' "$3" "$4" "$2" >"$bin/$1"
  chmod +x "$bin/$1"
}
has() { [[ $output == *"$1"* ]] || fail "no '$1' in: $output"; }
nothing_is_left() { [[ ! -e $results/smoke/slurm/1 ]] || fail "left behind: $(find "$results/smoke/slurm")"; }

expect 1 'there is no Slurm here (cannot start scontrol: ' "${run[@]}"
has 'Leave it out to train here'
nothing_is_left
expect 0 '#SBATCH --requeue' "${run[@]}" --dry-run

program scontrol 1 '' 'scontrol: fatal: Could not establish a configuration source'
expect 1 'Slurm does not answer: scontrol show config: exit status 1' "${run[@]}"
has 'Could not establish a configuration source'
has 'Either it is not set up on this machine (`sinfo` is to list'
nothing_is_left
expect 0 '#SBATCH --requeue' "${run[@]}" --dry-run

program scontrol 0 'MaxArraySize            = 1001' ''
expect 1 'there is no Slurm here (cannot start sbatch: ' "${run[@]}"
program sbatch 1 '' 'sbatch: error: invalid partition specified: gpu'
program squeue 0 '' ''
expect 1 'sbatch does not take the job: sbatch --parsable ' "${run[@]}" --slurm-partition=gpu
has 'invalid partition specified: gpu'
has 'What it asks for is said by --slurm-partition, '
# With the right one the same command goes on.
program sbatch 0 17 ''
expect 0 'submitted job 17: tasks 0 to ' "${run[@]}"
program squeue 1 '' 'slurm_load_jobs error: Unable to contact slurm controller'
expect 1 'Slurm does not tell what is queued (squeue: exit status 1)' "${run[@]}"
[[ $failures -eq 0 ]]
