# The flow in shards on a Slurm of four nodes, which tests/cluster/run makes room for.

load ../helper

setup_file() {
    set -o pipefail
    cd "$BATS_FILE_TMPDIR" || return
    export REPO=$BATS_TEST_DIRNAME/../.. SLURM_CONF=$PWD/c/slurm.conf
    export BATS_TEST_TIMEOUT=60
    unset MAKEFLAGS MFLAGS MAKELEVEL
    FILTERS=$(dirname "$(command -v rec-knn)")
    export FILTERS
    rec-synth -r 2500 | sed '1s/.*/who,film,stars,at/' >my.csv
    cat >my.features <<'FEATURES'
query  who   lookup     dim=8
query  at    normalize
item   film  lookup     dim=8 key
item   film  tokenize   dim=8
label  stars threshold  at=4
FEATURES
    # What is mounted later is not seen on the nodes.
    mkdir small
    mount -t tmpfs -o size=300k tmpfs small || rmdir small
    cluster up
    flow OUT=local
}

teardown_file() {
    cd "$BATS_FILE_TMPDIR" || return
    cluster down
    [ ! -d small ] || umount small
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# Daemons must not hold what bats waits for.
cluster() {
    timeout 60 "$REPO/tests/cluster/slurm" c "$@" 3>&-
}

# flow OUT=FOLDER [-j8] [SHELL=$far]
far=$(realpath "$BATS_TEST_DIRNAME/../../pipelines/far")
flow() {
    timeout 60 make -s -f "$REPO/pipelines/sharded.mk" DATA=my.csv \
        FEATURES=my.features EPOCHS=1 SHARDS=4 PARTS=2 "$@" >"$$.out" 3>&-
}

same_as_local() {
    local file
    for file in quality.tsv recommendations.tsv vocab.rms tower.rms ranker.rms; do
        cmp "local/$file" "$1/$file"
    done
}

# eventually COMMAND...: within 20 seconds it succeeds
eventually() {
    local i
    for ((i = 0; i < 200; i++)); do
        if "$@"; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

@test "there are four nodes, with names of their own" {
    timeout 20 srun -Q -N4 --input=none uname -n | sort >got
    printf 'n%d\n' 1 2 3 4 | diff - got
}

@test "far: folder, environment, mask and status are those of here" {
    mkdir -p 'a folder'
    cd 'a folder'
    umask 027
    # shellcheck disable=SC2016 # for the other shell
    WORD='two words' timeout 20 "$far" -c 'uname -n; pwd; umask; echo "$WORD"
        cat; exit 7' >../got || status=$?
    [ "$status" -eq 7 ]
    sed -n 1p ../got | grep -qx 'n[1-4]'
    sed 1d ../got | diff - <(printf '%s\n' "$PWD" 0027 'two words')
    timeout 20 "$far" -o pipefail -c '(exit 9) | cat' || status=$?
    [ "$status" -eq 9 ]
    [ -z "$(ls -A)" ]
}

@test "the flow has the bytes of one machine" {
    flow OUT=there -j8 SHELL="$far"
    same_as_local there
}

@test "in an allocation, where a recipe is a step, too" {
    timeout 60 salloc -Q -N4 -n8 make -s -j8 -f "$REPO/pipelines/sharded.mk" \
        DATA=my.csv FEATURES=my.features EPOCHS=1 SHARDS=4 PARTS=2 \
        OUT=steps SHELL="$far" >steps.out 3>&-
    same_as_local steps
}

@test "when a node dies its recipes run again elsewhere, to the same bytes" {
    local real=$FILTERS pid
    mkdir -p slow
    cat >slow/rec-featurize <<SLOW
#!/bin/sh
uname -n >>"$PWD/nodes"
sleep 2
exec "$real/rec-featurize" "\$@"
SLOW
    chmod +x slow/rec-featurize
    flow OUT=lost -j8 SHELL="$far" FILTERS="$PWD/slow" 2>err &
    pid=$!
    eventually grep -sqx n2 nodes
    cluster kill n2
    # Slurm notices by itself, but only after half a minute.
    timeout 10 scontrol update NodeName=n2 State=DOWN Reason=dead
    wait "$pid"
    grep -q '^far: lost the node, try 2: ' err
    same_as_local lost
    cluster start n2
    timeout 10 scontrol update NodeName=n2 State=RESUME
    eventually timeout 5 srun -Q -w n2 --input=none true
}

@test "on a full disk make fails, and no file is there in part" {
    [ -d small ] || skip 'only root mounts a small disk'
    local file status=0
    flow OUT=small/out -j8 -k SHELL="$far" 2>err || status=$?
    [ "$status" -eq 2 ]
    grep -q 'No space left on device' err
    find small/out -name '*.rms' >files
    [ -s files ]
    while read -r file; do
        rec-info --check "$file"
    done <files
}

# trained N LOG -o FILE [OPTION]...: a ranker by N ranks over that many nodes
trained() {
    local n=$1
    shift
    SLURM_CONF=$PWD/c/slurm.conf RANKS_DIR=$FILTERS/../ranked RANKS_FLAGS="-N$n" \
        timeout 60 "$REPO/pipelines/ranks" "$n" rec-train-rank -b 500 -e 60 \
        local/rows-*/train.rms "$@" 3>&-
}

need_mpi() {
    [ -x "$FILTERS/../ranked/rec-train-rank" ] ||
        skip 'there was no mpicc, which ./bootstrap cluster installs'
    srun --mpi=list 2>&1 | grep pmix >/dev/null || skip 'this Slurm has no PMIx'
}

@test "ranks on 1, 2 and 4 nodes make what one process makes" {
    need_mpi
    local n
    rec-train-rank -b 500 -e 60 local/rows-*/train.rms -o one.rms
    for n in 1 2 4; do
        trained $n -o ranks.rms
        cmp one.rms ranks.rms
    done
}

@test "a rank that is killed ends the job, and so does a node; then it goes on" {
    need_mpi
    local pid status=0 kill
    for kill in rank node; do
        rm -f log ranks.rms
        trained 2 --checkpoint at --checkpoint-every 1 --log log -o ranks.rms 2>err &
        pid=$!
        eventually grep -q '^3' log
        if [ $kill = rank ]; then
            pkill -KILL -f "ranked/rec-train-rank .*-o ranks.rms" -n
        else
            cluster kill n1
        fi
        wait $pid || status=$?
        [ "$status" -ne 0 ]
        [ ! -e ranks.rms ]
        [ $kill = rank ] || cluster start n1
        timeout 10 scontrol update NodeName=n1 State=RESUME || :
        eventually timeout 5 srun -Q -w n1 --input=none true
        trained 2 --checkpoint at --log log -o ranks.rms
        cmp one.rms ranks.rms
    done
}

@test "make that is stopped leaves no job" {
    local pid status=0
    echo 'all: ; sleep 50 | cat' >endless.mk
    make -f endless.mk SHELL="$far" 3>&- >/dev/null 2>&1 &
    pid=$!
    running() { [ "$(timeout 5 squeue -h -t R -o %A | wc -l)" -eq 1 ]; }
    none() { [ -z "$(timeout 5 squeue -h -o %A)" ]; }
    eventually running
    kill "$pid"
    wait "$pid" || status=$?
    [ "$status" -ne 0 ]
    eventually none
}

@test "it stops, and leaves no process" {
    local left
    cluster down
    left=$(grep -lsF "$BATS_FILE_TMPDIR/c" /proc/[0-9]*/cmdline || :)
    [ -z "$left" ]
    left=$(cat /proc/[0-9]*/comm | grep -E '^(slurm|munge|srun|rec-train)' || :)
    [ -z "$left" ]
}
