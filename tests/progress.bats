# The line on a terminal that says how far a filter is.

load helper

setup_file() {
    rec-synth --rows 60000 | rec-from csv -o "$BATS_FILE_TMPDIR/in.rms"
    export IN="$BATS_FILE_TMPDIR/in.rms"
    export TERM=xterm
}

# What a terminal of so many columns gets of a command: on_terminal COLUMNS
# COMMAND.  Its output goes on in the file "seen".
on_terminal() {
    command -v script >/dev/null || skip "no script(1)"
    script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
        skip "no terminal to be had"
    script -qec "stty cols $1; $2" /dev/null </dev/null >seen
    tr '\r' '\n' <seen | sed 's/\x1b\[K$//' >lines
    cat -v lines
}

# A filter that waits long for whoever reads what it writes.
slow='{ sleep 1.3; cat >/dev/null; }'

@test "on a terminal: share, time left, rows and rate, wiped at the end" {
    on_terminal 80 "rec-head -n 60000 $IN | $slow"
    grep -qxE 'rec-head: [0-9]+ %  [0-9:]+ left  [0-9,]+ rows  [0-9,.]+/s' lines
    # What is left to be seen is an empty line.
    [ "$(tail -c 4 seen)" = $'\r\x1b[K' ]
}

@test "what takes less than a second says nothing" {
    on_terminal 80 "rec-head $IN | cat >/dev/null"
    [ ! -s seen ]
}

@test "a narrow terminal gets what has room, and never a wrapped line" {
    on_terminal 24 "rec-head -n 60000 $IN | $slow"
    grep -qxE 'rec-head: [0-9]+ %' lines
    run ! grep -E '.{24}' lines
}

@test "of the filters of a pipe one has the terminal: who knows the time left" {
    on_terminal 80 "rec-head -n 60000 $IN | rec-cut rating | $slow"
    grep -q 'rec-head: .* left' lines
    run ! grep rec-cut lines
}

@test "--progress=never is silent on a terminal" {
    on_terminal 80 "rec-head --progress=never -n 60000 $IN | $slow"
    [ ! -s seen ]
}

@test "what is no terminal gets nothing, also one that can do nothing" {
    rec-head -n 60000 "$IN" 2>err | { sleep 1.3; cat >/dev/null; }
    [ ! -s err ]
    on_terminal 80 "TERM=dumb rec-head -n 60000 $IN | $slow"
    [ ! -s seen ]
}

@test "--progress=always writes whole lines into a log" {
    rec-head --progress always -n 60000 "$IN" 2>err | { sleep 1.3; cat >/dev/null; }
    grep -qxE 'rec-head: [0-9]+ %  [0-9:]+ left  [0-9,]+ rows  [0-9,.]+/s' err
    [ "$(wc -l <err)" -le 3 ]
    run ! grep -q $'[\r\x1b]' err
}

@test "of a pipe nobody knows the size: rows and rate" {
    { head -c 400000 "$IN"; sleep 2.3; tail -c +400001 "$IN"; } |
        rec-head --progress=always -n 60000 2>err >/dev/null
    grep -qxE 'rec-head: [0-9,]+ rows  [0-9,.]+/s' err
}

@test "a message comes on a line of its own, and a signal leaves none behind" {
    head -c 1000000 "$IN" >cut.rms
    on_terminal 80 "rec-head -n 60000 cut.rms | $slow" || true
    grep -q '%' lines
    grep -q $'\r\x1b\[Krec-head: cut.rms: ' seen
    on_terminal 80 "timeout 2.4 rec-head -n 60000 $IN | {
        sleep 1.2; head -c 1000000; sleep 2; } >/dev/null"
    grep -q '%' lines
    [[ $(tr '\n' ' ' <seen) == *$'\r\x1b[K'* ]]
}

@test "text that goes to the terminal itself is not mixed with a line" {
    on_terminal 80 "{ head -c 400000 $IN; sleep 2.3; tail -c +400001 $IN; } |
        rec-to tsv -c rating"
    run ! grep -q 'rec-to:' lines
}

@test "training says the epoch and the loss" {
    rec-head -n 2000 "$IN" -o rows.rms
    printf '%s\n' 'query user_id lookup dim=4' \
        'item movie_title lookup dim=4 key' 'label rating threshold at=4' >f
    rec-vocab f rows.rms -o vocab.rms
    rec-featurize -v vocab.rms rows.rms -o train.rms
    on_terminal 120 "timeout 1.6 rec-train-tower --layers 8 --epochs 1000000 \
        train.rms -o tower.rms" || true
    grep -qE 'rec-train-tower: 0 %  [0-9:]+ left  [0-9,]+ batches  [0-9,.]+/s  epoch [0-9]+  loss [0-9.]+' lines
    [ "$(tail -c 4 seen)" = $'\r\x1b[K' ]
}

@test "what --progress says is checked, and is no part of the step" {
    for when in '' sometimes Always; do
        refuses_usage rec-head --progress="$when" "$IN"
    done
    rec-head --progress=never "$IN" | rec-info | grep -x 'step rec-head [0-9.]*'
}
