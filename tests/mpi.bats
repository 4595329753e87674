# Trainers as several processes that work together: here, by mpirun.

load helper
load models

ranks=$BATS_TEST_DIRNAME/../pipelines/ranks

setup_file() {
    make_features
    rec-split a.rms=0.5 b.rms=0.2 c.rms=0.3 <train.rms
    sed 's/tokenize  dim=8/tokenize  dim=8 pool=weighted positions=3/' features >weighted
    rec-vocab weighted all.rms -o weighted.rms
    rec-featurize -v weighted.rms all.rms -o pooled.rms
    grep -E 'user_id|title *lookup|label' features >plain
    rec-vocab plain all.rms -o ids.rms
    rec-featurize -v ids.rms all.rms -o ids-only.rms
    # A list a user.
    rec-to tsv -c user_id,rating,timestamp,movie_title all.rms | tail -n +2 | sort -s -k 1,1 |
        rec-from tsv --columns 'user_id rating:f32 timestamp:i64 movie_title' |
        rec-featurize -v vocab.rms -o lists.rms
}

setup() {
    RANKS_DIR=$(dirname "$(command -v rec-head)")/../ranked
    export RANKS_DIR RANKS_RUN=mpirun
    [ -x "$RANKS_DIR/rec-train-tower" ] ||
        skip 'there was no mpicc, which ./bootstrap cluster installs'
    ! grep -qE '__(asan|tsan)_init' "$RANKS_DIR/rec-train-tower" ||
        skip 'what MPI leaves behind is no fault of ours'
    command -v mpirun >/dev/null || skip 'there is no mpirun'
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    shards=("$DATA/a.rms" "$DATA/b.rms" "$DATA/c.rms")
}

# together N TRAINER [ARGUMENT]...
together() {
    local n=$1
    shift
    timeout 60 "$ranks" "$n" "$@"
}

# "NUMBERS of ranks" make what one process makes: same_bytes '2 4' TRAINER [ARGUMENT]...
same_bytes() {
    local numbers=$1 n
    shift
    "$@" -o plain.rms
    for n in $numbers; do
        together "$n" "$@" -o "$n.rms"
        cmp plain.rms "$n.rms" || { echo "$n ranks: $*"; return 1; }
    done
}

@test "a tower has the same bytes for 1, 2, 4 and 8 ranks, that share the files" {
    same_bytes '1 2 4 8' rec-train-tower "${small[@]}" -e 2 "${shards[@]}"
    cat "${shards[@]}" | rec-train-tower "${small[@]}" -e 2 -o cat.rms
    cmp cat.rms plain.rms
}

@test "so has a ranker" {
    same_bytes '1 2 4 8' rec-train-rank "${small[@]}" -e 2 "${shards[@]}"
    # Columns of the first layer are cut, too, and the last block is narrow.
    same_bytes '2 3 4' rec-train-rank -l 200,16 -b 512 -e 2 "${shards[@]}"
}

@test "whatever a tower is told to do" {
    same_bytes 3 rec-train-tower -l none -e 2 --similarity cosine "$DATA/ids-only.rms"
    same_bytes 3 rec-train-tower -l 8 -b 100 -e 2 --hardest 9 --optimizer adam "${shards[@]}"
    same_bytes 3 rec-train-tower "${small[@]}" -e 2 --negatives batch+20 \
        --drop item.movie_title.tokenize=0.4 --drop query.user_id.lookup=0.1 "${shards[@]}"
    same_bytes 3 rec-train-tower "${small[@]}" -e 2 --negatives all -j 2 "$DATA/pooled.rms"
}

@test "whatever a ranker is told to do" {
    same_bytes 3 rec-train-rank -l none -e 2 --average 0.9 "${shards[@]}"
    same_bytes 3 rec-train-rank "${small[@]}" -e 2 --dropout 0.2 --penalty 0.01 \
        --optimizer adam "${shards[@]}"
    same_bytes 3 rec-train-rank "${small[@]}" -e 2 --cross 2 -j 2 \
        --product query.user_id.lookup,item.movie_title.lookup "$DATA/pooled.rms"
    same_bytes 3 rec-train-rank -l 70,9 -e 2 --group user_id "$DATA/lists.rms"
    same_bytes 3 rec-train-rank "${small[@]}" -e 2 --grades rating "${shards[@]}"
    same_bytes 3 rec-train-rank "${small[@]}" -e 2 --memory 20K "${shards[@]}"
}

@test "they agree on when to stop, and only one of them speaks and writes" {
    local options=("${small[@]}" -e 40 --validate "$DATA/test.rms" --every 2
        --patience 1 --verbose)
    for trainer in rec-train-tower rec-train-rank; do
        $trainer "${options[@]}" --log plain.log "${shards[@]}" -o plain.rms 2>plain.err
        together 3 $trainer "${options[@]}" --log log "${shards[@]}" -o out.rms 2>err
        cmp plain.rms out.rms
        cut -f 1,2,4- plain.log | diff - <(cut -f 1,2,4- log)
        grep -qx "$trainer: 3 ranks: the first one sent [1-9][0-9]* bytes a step" err
        grep -v ' bytes a step$' err | diff plain.err -
    done
    together 3 rec-train-tower --help >help
    rec-train-tower --help | diff - <(tr -d '\r' <help)
}

# has_log LINES: the log of a run under way has so many
has_log() {
    local i
    for ((i = 0; i < 300; i++)); do
        if [ -e log ] && [ "$(wc -l <log)" -ge "$1" ]; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# processes_of TRAINER: those that this test has started
processes_of() {
    pgrep -f "^$RANKS_DIR/$1 .*$PWD"
}

@test "a rank that is killed ends all, and running it again goes on to the same bytes" {
    local start=$SECONDS victim status=0 command
    for trainer in rec-train-tower rec-train-rank; do
        command=("$trainer" "${small[@]}" -e 80 "${shards[@]}")
        "${command[@]}" -o plain.rms
        rm -f log out.rms
        together 3 "${command[@]}" --checkpoint at --checkpoint-every 1 --log log -o "$PWD/out.rms" 2>err 3>&- &
        has_log 4
        victim=$(processes_of "$trainer" | sed -n 2p)
        kill -s KILL "$victim"
        wait $! || status=$?
        [ "$status" -ne 0 ]
        [ -z "$(processes_of "$trainer")" ]
        grep -qx "ranks: .*/$trainer ended with status $status" err
        [ ! -e out.rms ]
        [ -s at ]
        together 3 "${command[@]}" --verbose --checkpoint at --checkpoint-every 1 --log log -o "$PWD/out.rms" 2>err
        grep -q ' going on after [0-9]* epochs' err
        cmp plain.rms out.rms
        [ ! -e at ]
    done
    [ $((SECONDS - start)) -lt 60 ]
}

@test "interrupted, they leave a checkpoint of the same batch" {
    local command=(rec-train-rank "${small[@]}" -e 80 "${shards[@]}") status=0
    "${command[@]}" -o plain.rms
    "$ranks" 2 "${command[@]}" --checkpoint at --log log -o out.rms 2>err 3>&- &
    has_log 3
    kill "$!"
    wait $! || status=$?
    [ "$status" -ne 0 ]
    # One process goes on where two were.
    "${command[@]}" --checkpoint at --log log -o out.rms
    cmp plain.rms out.rms
}

@test "what is wrong is said once, and ends all" {
    # says MESSAGE [ARGUMENT]...
    says() {
        local message=$1
        shift
        run ! together 3 rec-train-tower "${small[@]}" -e 2 -o out.rms "$@"
        # shellcheck disable=SC2053 # a pattern
        [[ $output == $message ]] || { echo "$output"; return 1; }
        [ ! -e out.rms ]
    }
    says 'rec-train-tower: none.rms: No such file or directory' "${shards[@]}" none.rms
    head -c 9000 "$DATA/c.rms" >cut.rms
    says 'rec-train-tower: cut.rms: truncated after *' "${shards[@]}" cut.rms
    says 'rec-train-tower: *pooled.rms: not the head of *a.rms: *' "${shards[@]}" \
        "$DATA/pooled.rms"
    says $'rec-train-tower: several processes read files, not standard input\n*' "${shards[@]}" -
    run ! together 3 rec-train-tower "${small[@]}" "${shards[@]}"
    [[ $output == 'rec-train-tower: several processes write a file: --output is missing'* ]]
    says $'rec-train-tower: --layers 0: *\nrec-train-tower: Try *' -l 0 "${shards[@]}"
    run ! together 9 rec-train-tower "${shards[@]}" -o out.rms
    [ "$output" = 'rec-train-tower: 9 ranks: there is work for 8' ]
    run -2 "$ranks" 2 rec-head x
    [[ $output == 'ranks: rec-head: built without MPI'* ]]
    run -2 "$ranks" 0 rec-train-tower
    run -2 "$ranks" '' rec-train-tower
    run -2 "$ranks" 2
}

@test "ranks that do not know each other are refused" {
    run -1 env -u OMPI_COMM_WORLD_SIZE SLURM_STEP_NUM_TASKS=2 \
        "$RANKS_DIR/rec-train-tower" "${shards[@]}" -o out.rms
    [[ $output == *'2 ranks were started, but they do not know each other'* ]]
}

@test "ranks are bound to no core, which those of another job would be bound to, too" {
    printf '#!/bin/sh\ngrep Cpus_allowed_list /proc/self/status\n' >allowed
    chmod +x allowed
    together 2 "$PWD/allowed" | sort -u | tr -d '\r' |
        diff <(grep Cpus_allowed_list /proc/self/status) -
}
