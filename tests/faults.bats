# Calls of the C library that fail, one at a time, in every filter: a sample of
# what "make check-faults" does.

load helper

setup_file() {
    bin=$(dirname "$(dirname "$(command -v rec-head)")")
    export bin
    export FAULT_LAYER=$bin/tests/faults/layer.so
    # The layer stands before a sanitizer's own library.
    export ASAN_OPTIONS=verify_asan_link_order=0
}

works() {
    if grep -q __tsan_init "$(command -v rec-head)"; then
        skip "the thread sanitizer has the same calls"
    fi
    seq 3 | FAULT=none:1:EIO LD_PRELOAD=$FAULT_LAYER rec-from csv --columns n \
        >/dev/null 2>&1 || skip "no LD_PRELOAD"
}

@test "a call that fails: one line, exit 1, and the file is absent, old or complete" {
    works
    SAMPLE=2 FAULT_JOBS=2 "$BATS_TEST_DIRNAME/faults/sweep.sh" 17 >log ||
        { cat log && false; }
    [ "$(wc -l <log)" -gt 60 ]
    # A command that has no call of a kind has a line, too.
    [ "$(awk -F '\t' '{ n += $4 } END { print n }' log)" -gt 100 ]
}

@test "each-fault refuses what would try nothing: an unknown kind, no layer" {
    works
    seq 9 | rec-from csv --columns n -o in.rms
    run -2 --separate-stderr each-fault reed EIO rec-head in.rms
    [ "$stderr" = "each-fault: no calls of kind 'reed'" ]
    FAULT_LAYER=none.so run -1 --separate-stderr each-fault read EIO rec-head in.rms
    [[ $stderr == *"rec-head: read:1:EIO: the layer does not load"* ]]
}

@test "a sweep in which no call of a kind fails is no success" {
    works
    mkdir -p build/tests/faults copy
    ln -s "$bin/filters" build/filters
    ln -s "$bin/tests/tools" build/tests/tools
    ln -s "$FAULT_LAYER" build/tests/faults/layer.so
    cp "$BATS_TEST_DIRNAME"/faults/* copy
    echo '-  rec-head ratings.rms' >copy/commands
    FAULTS=read:EIO BUILD=$PWD/build copy/run
    FAULTS='read:EIO rename:EACCES' BUILD=$PWD/build run -1 copy/run
    [[ $output == *"not ok: no command has a call of kind rename"* ]]
    rm build/tests/faults/layer.so
    FAULTS=read:EIO BUILD=$PWD/build run -1 copy/run
}

@test "a soak in which a step never succeeds is no success" {
    works
    mkdir -p build/filters build/tests
    ln -s "$bin"/filters/rec-* build/filters
    ln -s "$bin/tests/tools" "$bin/tests/faults" build/tests
    rm build/filters/rec-embed
    # As long as files are made that nobody disturbs.
    printf '#!/bin/sh\n[ ! -e good.out.tsv ] && exec "%s" "$@"\n' \
        "$bin/filters/rec-embed" >build/filters/rec-embed
    chmod +x build/filters/rec-embed
    BUILD=$PWD/build run -1 "$BATS_TEST_DIRNAME/faults/soak.sh" 1 7
    [[ $output == *"not ok: e.rms: fails again and again"* ]]
    [[ $output == *"0 flows, "*", 1 wrong" ]]
}

@test "each filter has a line in faults/commands" {
    for filter in "$(dirname "$(command -v rec-head)")"/rec-*; do
        case ${filter##*/} in *.*) continue ;; esac
        grep -q " ${filter##*/} " "$BATS_TEST_DIRNAME/faults/commands" ||
            missing="${missing-} ${filter##*/}"
    done
    [ -z "${missing-}" ] || { echo "none for$missing" && false; }
}

@test "each option that names a file has a line in faults/commands" {
    for filter in "$(dirname "$(command -v rec-head)")"/rec-*; do
        case ${filter##*/} in *.*) continue ;; esac
        while read -r letter name; do
            grep -qE " ${filter##*/} (.* )?($letter|$name) " \
                "$BATS_TEST_DIRNAME/faults/commands" ||
                without="${without-} ${filter##*/} $name"
        done < <("$filter" --help |
            sed -nE "s/^ +(-.), (--[a-z-]+) (FILE|MODEL) .*/\\1 \\2/p
                s/^ +(--[a-z-]+) (FILE|MODEL) .*/\\1 \\1/p")
    done
    [ -z "${without-}" ] || { echo "none for$without" && false; }
}

@test "reads and writes of one byte, interrupted or to be tried again: the same bytes" {
    works
    rec-synth --rows 40 --users 8 --items 12 -o in.csv
    for action in short EINTR EAGAIN; do
        for kind in read write; do
            each-fault -o out.rms -s 3 $kind $action \
                rec-from csv in.csv -o out.rms
        done
    done
}

@test "a trainer killed at every write and rename ends with the same bytes" {
    works
    sh "$BATS_TEST_DIRNAME/faults/files.sh"
    for trainer in rec-train-tower rec-train-rank; do
        for kind in write rename fsync; do
            each-fault -o out.rms -k point.rms -s 2 $kind kill \
                $trainer -l 3 -e 3 -b 16 --checkpoint point.rms \
                --checkpoint-every 1 features.rms -o out.rms
        done
    done
}

@test "a log that cannot be read when a training goes on: an error, and no line of it lost" {
    works
    sh "$BATS_TEST_DIRNAME/faults/files.sh"
    for call in 1 2; do
        cp half.rms.start half.rms
        cp half.tsv before.tsv
        FAULT=line:$call:EIO LD_PRELOAD=$FAULT_LAYER run -1 --separate-stderr \
            rec-train-rank -l 3 -e 2 --checkpoint half.rms --checkpoint-every 1 \
            --log half.tsv features.rms -o out.rms
        [ "$stderr" = "rec-train-rank: half.tsv: Input/output error" ]
        cmp before.tsv half.tsv
    done
}

@test "temporary files are gone, whatever fails and when, in the folder of the output, too" {
    works
    seq 9 | rec-from csv --columns n:i64 -o in.rms
    rec-to safetensors in.rms -o in
    export TMPDIR=.
    for fault in stat:EIO open:EMFILE+ write:ENOSPC+ unlink:kill; do
        kind=${fault%:*} action=${fault#*:}
        each-fault -o out.rms -i in "$kind" "$action" rec-from safetensors -o out.rms
        each-fault -o out.npy -i in.rms "$kind" "$action" rec-to npy -o out.npy
    done
}

@test "out of memory in the middle of a report is an error, not a report without a name" {
    works
    printf 'metric\tk\tvalue\tci95\trows\nndcg\t1\t0.5\t0.1\t9\n' | tee a.tsv >b.tsv
    each-fault -o out.html malloc ENOMEM rec-report -o out.html a.tsv b.tsv
    each-fault malloc ENOMEM rec-report --text a.tsv b.tsv
}

@test "a sweep gives a command its input through a pipe" {
    works
    seq 9 | rec-from csv --columns n -o in.rms
    each-fault -o out.rms -i in.rms read EIO rec-head -o out.rms >log
    [ "$(cut -f 4 log)" -ge 3 ]
    rec-head <in.rms | cmp - out.rms
    head -c 70000 /dev/zero >large
    run -1 --separate-stderr each-fault -i large read EIO cat
    [[ $stderr == *"it fails without a fault"* ]]
}

@test "out of memory while compressing is an error, not another stream" {
    works
    seq 9 | rec-from csv --columns n -o in.rms
    each-fault -o out.rms malloc ENOMEM rec-head -z in.rms -o out.rms
}

@test "a file of another program that cannot be read on: the reason, and its name once" {
    works
    seq 40000 | awk '{ print "w" $1 "," $1 % 7 "|2," $1 "," $1 % 3 }' |
        rec-from csv -c 'word v:f32[2] n:u32 grade:u8' -o in.rms
    while IFS='~' read -r format columns place; do
        rec-to "$format" -c "$columns" in.rms -o in
        status=0
        FAULT=read:2:EIO LD_PRELOAD=$FAULT_LAYER rec-from "$format" in -o out.rms 2>err || status=$?
        [ "$status" -eq 1 ]
        [ ! -e out.rms ]
        sed 's/[0-9][0-9]*: /N: /' err |
            diff - <(echo "rec-from: in${place}read failed: Input/output error")
    done <<'END'
npy~v~: row N: 
fvecs~v~: row N: 
word2vec~word,v~:N: 
jsonl~word,v~:N: 
svmlight~n,v~:N: 
trec-qrels~word,n,grade~:N: 
END
}
