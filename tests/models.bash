# Data of the tests of the trainers and of the filters that use their models,
# and what both trainers promise: "trainer" is the one under test.

# 2,000 ratings as features, four fifths of them to train on: train.rms,
# test.rms and items.rms in $DATA.  For setup_file.
make_features() {
    set -o pipefail
    export DATA=$BATS_FILE_TMPDIR
    cd "$DATA" || return
    cat >features <<'END'
query user_id     lookup    dim=8
query timestamp   bucketize bins=20 dim=4
query timestamp   normalize
item  movie_title lookup    dim=8 key
item  movie_title tokenize  dim=8
label rating      threshold at=4
END
    rec-synth --rows 2000 --users 60 --items 150 |
        rec-from csv --types 'user_id:str rating:f32 timestamp:i64' -o all.rms
    rec-vocab features all.rms -o vocab.rms
    rec-featurize -v vocab.rms all.rms | rec-split train.rms=0.8 test.rms=0.2
    rec-featurize -v vocab.rms --items all.rms -o items.rms
}

# Small networks, and enough batches in an epoch to be interrupted in one.
small=(--layers "16,8" --batch-size 64)

train() {
    "$trainer" "${small[@]}" "$@"
}

# The losses of a log, without its header.
losses() {
    tail -n +2 "$1" | cut -f 2
}

# A log that has the epochs up to N, each once: has_epochs LOG N
has_epochs() {
    cut -f 1 "$1" | diff - <(echo epoch && seq "$2")
}

# All numbers of a model.
weights() {
    rec-to tsv -c tensor,values "$1"
}

same_weights() {
    cmp <(weights "$1") <(weights "$2")
}

# Metas and steps of a stream's head.
head_lines() {
    rec-info "$1" | grep -E '^(meta|step) '
}

# Train with a checkpoint until there are LINES lines in the log, and then send
# a signal: interrupted SIGNAL LINES [OPTION]...; the status is the trainer's.
# LINES is more than the log has already, or the signal may come before the
# shell that starts the trainer has become it, and be lost.
interrupted() {
    local signal=$1 lines=$2 pid
    shift 2
    # No function in the background: it would be a shell that gets the signal.
    "$trainer" "${small[@]}" --checkpoint checkpoint.rms --log log "$@" \
        -o out.rms 3>&- &
    pid=$!
    until [ -e log ] && [ "$(wc -l <log)" -ge "$lines" ]; do
        kill -0 "$pid" || return 99
        sleep 0.01
    done
    kill -s "$signal" "$pid"
    wait "$pid"
}

# Stop it several times in this way, and the model has the bytes that it has
# otherwise: goes_on_after SIGNAL STATUS [OPTION]...
goes_on_after() {
    local options=(--epochs 600 --checkpoint-every 7 "${@:3}"
        "$DATA/train.rms") n
    train --checkpoint other.rms --log want.log "${options[@]}" -o want.rms
    for n in 10 60 120; do
        run -"$2" interrupted "$1" $n "${options[@]}"
        [ -e checkpoint.rms ]
        [ ! -e out.rms ]
    done
    train --checkpoint checkpoint.rms --log log "${options[@]}" -o out.rms
    cmp want.rms out.rms
    [ ! -e checkpoint.rms ]
    # All but the speed is the same in the log.
    cut -f 1,2,4- want.log | diff - <(cut -f 1,2,4- log)
    has_epochs log "$(tail -n 1 want.log | cut -f 1)"
}

# A run that fails with this message and leaves no model: fails_with MESSAGE
# [OPTION]...
fails_with() {
    local message=$1
    shift
    run -1 --separate-stderr train "$@" -o out.rms
    echo "$stderr"
    # shellcheck disable=SC2053 # a pattern on purpose
    [[ $stderr == $message ]]
    [ ! -e out.rms ]
}

# The checkpoint is not that of a run with these options.
refuses_checkpoint() {
    fails_with "$trainer: checkpoint.rms: this checkpoint is of other data or other options; remove it to start anew" \
        --checkpoint checkpoint.rms "$@"
}

# What meta KEY of the checkpoint says.
checkpoint_meta() {
    rec-info checkpoint.rms | awk -v key="$1" '$2 == key { print $3 }'
}

# A run that stopped in the middle of an epoch: checkpoint.rms.  Should it have
# been at the end of one, it goes on for some more.
stopped_in_mid_epoch() {
    local lines=5 options=(--epochs 600 "$@" "$DATA/train.rms")
    run -143 interrupted TERM $lines "${options[@]}"
    until [ "$(checkpoint_meta batch)" -gt 0 ]; do
        lines=$(($(wc -l <log) + 3))
        run -143 interrupted TERM $lines "${options[@]}"
    done
}

# With a schedule the number of epochs is part of what a checkpoint is good for.
schedule_holds_epochs() {
    local options=(--schedule linear --warmup 30)
    stopped_in_mid_epoch "${options[@]}"
    refuses_checkpoint "${options[@]}" --epochs 610 "$DATA/train.rms"
    refuses_checkpoint --schedule linear --epochs 600 "$DATA/train.rms"
    refuses_checkpoint --warmup 30 --epochs 600 "$DATA/train.rms"
}

# Steps whose rate is known, against runs of that rate.
rates_of_schedules() {
    local sgd=(--optimizer sgd --no-shuffle --learning-rate)
    train "${sgd[@]}" 0.01 --epochs 3 "$DATA/train.rms" -o want.rms
    train "${sgd[@]}" 0.01 --epochs 3 "$DATA/train.rms" --schedule cosine \
        --final-rate 1 -o got.rms
    same_weights want.rms got.rms
    # One step, the first of four to warm up: a quarter of the rate.
    rec-head -n 64 "$DATA/train.rms" -o batch.rms
    train "${sgd[@]}" 0.01 --epochs 1 batch.rms -o plain.rms
    train "${sgd[@]}" 0.04 --epochs 1 --warmup 4 batch.rms -o got.rms
    same_weights plain.rms got.rms
    # Two steps of a linear schedule: the whole rate, and half of it.
    train "${sgd[@]}" 0.005 --epochs 1 --init plain.rms batch.rms -o want.rms
    train "${sgd[@]}" 0.01 --epochs 2 --schedule linear batch.rms -o got.rms
    same_weights want.rms got.rms
}

# The epoch in which column COLUMN of LOG was best, the first of equals:
# best_epoch LOG COLUMN [falls]
best_epoch() {
    awk -v at="$2" -v falls="${3-}" -F '\t' 'NR == 1 || $at == "-" { next }
        n == 0 || (falls != "" ? $at < best : $at > best) { best = $at; n = $1 }
        END { print n }' "$1"
}

# On rows that it does not learn from, no model gets better for long.  It stops
# six epochs after the best one, and its model is that of a run that ends there:
# stops_early COLUMN [falls] [-- OPTION...]
stops_early() {
    local column=$1 falls='' best options
    shift
    if [ "${1-}" = falls ]; then
        falls=falls
        shift
    fi
    options=("${@:2}")
    train --epochs 200 --validate "$DATA/test.rms" --log log --patience 6 \
        "${options[@]}" "$DATA/train.rms" -o out.rms
    best=$(best_epoch log "$column" $falls)
    echo "best in epoch $best"
    has_epochs log $((best + 6))
    train --epochs "$best" "$DATA/train.rms" -o want.rms
    same_weights want.rms out.rms
    train --epochs $((best + 6)) "$DATA/train.rms" -o last.rms
    run -1 cmp -s <(weights last.rms) <(weights out.rms)
}

# Judged every third epoch and in the last, which may be the best.
stops_early_every() {
    local column=$1 best options=(--validate "$DATA/test.rms" --every 3
        --log log --patience 2 "$DATA/train.rms")
    train --epochs 200 "${options[@]}" -o out.rms
    best=$(best_epoch log "$column")
    has_epochs log $((best + 6))
    train --epochs "$best" "$DATA/train.rms" -o want.rms
    same_weights want.rms out.rms
    train --epochs 2 "${options[@]}" -o out.rms
    has_epochs log 2
    train --epochs 2 "$DATA/train.rms" -o want.rms
    same_weights want.rms out.rms
}

# What it is judged on is in the step line and in the checkpoint's fingerprint
# then, and otherwise not.
patience_is_recorded() {
    local judged=(--patience 500 --validate)
    cp "$DATA/test.rms" rows.rms
    stopped_in_mid_epoch "${judged[@]}" rows.rms --every 2
    refuses_checkpoint --epochs 600 "$DATA/train.rms"
    refuses_checkpoint --epochs 600 "${judged[@]}" rows.rms "$DATA/train.rms"
    refuses_checkpoint --epochs 610 "${judged[@]}" rows.rms --every 2 \
        "$DATA/train.rms"
    rec-head -n 300 "$DATA/test.rms" -o rows.rms
    refuses_checkpoint --epochs 600 "${judged[@]}" rows.rms --every 2 \
        "$DATA/train.rms"
    train -e 1 --patience 5 --validate rows.rms "$DATA/train.rms" -o out.rms
    head_lines out.rms | tail -n 1 | grep -- ' --patience 5 --validate rows.rms$'
    train -e 1 --validate rows.rms --every 3 "$DATA/train.rms" -o out.rms
    head_lines out.rms | grep "^step $trainer" | grep -- ' --epochs 1$'
}

# The share of test rows whose item is among the ten that most take and the
# user has not taken yet.
hits_of_popular() {
    local columns=query.user_id.lookup,item.movie_title.lookup
    rec-to tsv --no-header -c $columns "$DATA/train.rms" >train.tsv
    cut -f 2 train.tsv | sort | uniq -c | sort -k 1,1nr | awk '{ print $2 }' \
        >popular
    rec-to tsv --no-header -c $columns "$DATA/test.rms" |
        awk 'FILENAME == "popular" { item[++n] = $1; next }
            FILENAME == "train.tsv" { taken[$1, $2] = 1; next }
            { for (i = k = 1; i <= n && k <= 10; i++) {
                if (($1, item[i]) in taken) continue
                hits += item[i] == $2
                k++ } }
            END { print hits / FNR }' popular train.tsv -
}
