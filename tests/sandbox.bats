# What a filter gives up, so that bytes which ran as code would find little.

load helper

have_landlock() {
    perl -e 'exit(syscall(444, 0, 0, 1) < 1)' 2>/dev/null ||
        skip "this kernel has no Landlock"
    if grep -qE '__(asan|tsan)_init' "$(command -v rec-head)"; then
        skip "built without the sandbox"
    fi
}

setup_file() {
    bin=$(dirname "$(dirname "$(command -v rec-head)")")
    export FAULT_LAYER=$bin/tests/faults/layer.so
}

# Run a command that at its first read tries to open FILE instead: it prints
# whether it could.  peeks FILE FLAGS COMMAND...
peeks() {
    local file=$1 how=$2
    shift 2
    FAULT=read:1:peek FAULT_PEEK=$how:$file LD_PRELOAD=$FAULT_LAYER "$@" \
        2>&1 >/dev/null | sed -n 's/^peek: //p'
}

@test "a filter cannot open a file that its command line does not name" {
    have_landlock
    seq 9 | rec-from csv --columns n:i64 -o in.rms
    echo secret >other
    mkdir folder elsewhere
    echo old >folder/old
    [ "$(peeks other r rec-head in.rms)" = "Permission denied" ]
    [ "$(peeks /etc/passwd r rec-head in.rms)" = "Permission denied" ]
    [ "$(peeks new w rec-head in.rms)" = "Permission denied" ]
    [ "$(peeks in.rms r rec-head in.rms)" = opened ]
    # Nor write what it is to read, and it writes where it is to write only.
    [ "$(peeks in.rms w rec-head in.rms)" = "Permission denied" ]
    [ "$(peeks folder/new w rec-head -o folder/out.rms in.rms)" = opened ]
    [ "$(peeks folder/old r rec-head -o folder/out.rms in.rms)" = "Permission denied" ]
    [ "$(peeks elsewhere/new w rec-head -o folder/out.rms in.rms)" = "Permission denied" ]
    [ "$(cat other)" = secret ]
}

@test "a word that happens to name a folder opens no file in it" {
    have_landlock
    seq 9 | rec-from csv --columns n -o in.rms
    mkdir folder
    echo secret >folder/file
    for word in / folder .; do
        [ "$(peeks folder/file r rec-where -i in.rms n = "$word")" = "Permission denied" ]
    done
    run -1 --separate-stderr rec-head folder
    [ "$stderr" = "rec-head: folder: read failed: Is a directory" ]
}

@test "links to nothing are refused, whatever is to be written and wherever" {
    mkdir elsewhere
    printf 'u,i,r\n1,a,5\n1,b,2\n2,a,1\n2,b,4\n' | rec-from csv -o in.rms
    printf '%s\n' 'query u lookup dim=2' 'item i lookup dim=2 key' 'label r threshold at=4' >f
    rec-vocab f in.rms -o v.rms
    rec-featurize -v v.rms in.rms -o features.rms
    for target in there elsewhere/there; do
        ln -sf "$target" link
        for command in 'rec-head in.rms -o link' 'rec-split -i in.rms a.rms=.5 link=.5' \
            'rec-train-rank -e 1 -l 2 features.rms -o out.rms --log link' \
            'rec-train-rank -e 1 -l 2 features.rms -o out.rms --checkpoint link'; do
            # shellcheck disable=SC2086 # words
            run -1 --separate-stderr $command
            [ "$stderr" = "${command%% *}: link: No such file or directory" ]
            [ ! -e "$target" ] && [ ! -e a.rms ] && [ ! -e out.rms ]
        done
    done
    # One to a file is followed.
    echo old >elsewhere/there
    rec-train-rank -e 1 -l 2 features.rms -o out.rms --log link
    [ -L link ] && [ "$(wc -l <elsewhere/there)" -eq 2 ]
}

@test "what a filter needs stays: outputs, links, checkpoints, temporary files" {
    have_landlock
    mkdir a b tmp
    seq 99 | rec-from csv --columns n:i64 -o a/in.rms
    ln -s ../a/in.rms b/in.rms
    ln -s ../a/out.rms b/out.rms
    echo old >a/out.rms
    rec-head b/in.rms -o b/out.rms
    [ -L b/out.rms ]
    rec-head a/in.rms | cmp - a/out.rms
    TMPDIR=tmp rec-split a/one.rms=.5 b/two.rms=.5 <a/in.rms
    [ -s a/one.rms ] && [ -s b/two.rms ]
    # shellcheck disable=SC2002 # a pipe on purpose
    cat a/in.rms | TMPDIR=$PWD/tmp rec-split a/one.rms=.5 b/two.rms=.5
    rec-head <a/in.rms >/dev/null
    rec-head /dev/stdin <a/in.rms | cmp - a/out.rms
    rec-head a/in.rms -o /dev/stdout | cmp - a/out.rms
    rec-head <(cat a/in.rms) | cmp - a/out.rms
    printf 'epoch\tloss\n1\t2\n2\t1\n' >a/log.tsv
    rec-report --text curve=a/log.tsv >/dev/null
    mkfifo pipe
    cat a/in.rms >pipe &
    rec-head pipe | cmp - a/out.rms
    cat pipe >got &
    rec-head a/in.rms -o pipe
    wait
    cmp got a/out.rms
}
