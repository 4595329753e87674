# What a filter finds around it when it starts: full disks, folders that are
# read-only, descriptors that are closed, pipes with names, readers that leave.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export TMPDIR=$BATS_TEST_TMPDIR
    seq 30000 | rec-from csv --columns n:i64 -o in.rms
}

@test "standard output closed is an error, and nothing else is written there" {
    run -1 --separate-stderr bash -c 'rec-head in.rms >&-'
    [ "$stderr" = "rec-head: standard output: write failed: Bad file descriptor" ]
    run -1 --separate-stderr bash -c 'rec-info in.rms >&-'
    [[ $stderr == "rec-info: standard output: "* ]]
    rec-head in.rms -o out.rms >&-
    rec-head in.rms | cmp - out.rms
}

@test "standard input closed is an error, not the next file that is opened" {
    run -1 --separate-stderr bash -c 'rec-head <&-'
    [ "$stderr" = "rec-head: standard input: read failed: Bad file descriptor" ]
    rec-head in.rms -o out.rms <&-
    rec-head in.rms | cmp - out.rms
    # The table would have been standard input.
    run -1 bash -c 'rec-join -k n in.rms <&-'
}

@test "standard error closed: messages do not go into the output" {
    run -1 bash -c 'rec-head none.rms -o out.rms 2>&-'
    [ ! -e out.rms ]
    bash -c 'exec 0<&- 2>&-; rec-split -v -i in.rms a.rms=.5 b.rms=.5'
    rec-info --check a.rms >/dev/null
    for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '0<&- 1>&- 2>&-'; do
        bash -c "rec-head -v in.rms -o got.rms $closed"
        rec-head in.rms | cmp - got.rms
    done
}

@test "a full file system: an error, and no file" {
    [ "$(id -u)" -eq 0 ] || skip "only root can mount"
    mkdir small
    mount -t tmpfs -o size=64k none small 2>/dev/null || skip "cannot mount"
    status=0
    rec-where -i in.rms -o small/out.rms n '>' 0 2>err || status=$?
    left=$(ls -A small)
    umount small
    [ "$status" -eq 1 ]
    [ "$(cat err)" = "rec-where: small/out.rms: write failed: No space left on device" ]
    [ -z "$left" ]
}

@test "a limit on the size of files: an error, no file, and other readers are told" {
    mkdir folder
    run -1 --separate-stderr bash -c 'ulimit -f 9; exec rec-where -i in.rms -o folder/out.rms n ">" 0'
    [ "$stderr" = "rec-where: folder/out.rms: write failed: File too large" ]
    [ -z "$(ls -A folder)" ]
    # One of two outputs is the file, the other one a pipe.
    (ulimit -f 9 && rec-split -i in.rms -- -=.5 folder/a.rms=.5) 2>said | {
        run -1 rec-info --check
        [[ $output == *"rec-split: folder/a.rms: write failed: File too large" ]]
    }
    [ "$(cat said)" = "rec-split: folder/a.rms: write failed: File too large" ]
    [ -z "$(ls -A folder)" ]
}

@test "a signal ends a filter, and leaves no unfinished file" {
    ulimit -c 0
    mkfifo pipe
    exec {pipe}<>pipe
    mkdir folder
    for signal in HUP INT QUIT TERM XCPU; do
        head -c 2000 in.rms >pipe
        # The name of an unfinished file says whose it is.
        (
            until [ -n "$(ls -A folder)" ]; do sleep .02; done
            kill -s "$signal" "$(find folder -name '*.part' | cut -d . -f 4)"
        ) &
        # Whoever runs this in the background may have it ignore some of them.
        run "-$((128 + $(kill -l "$signal")))" env --default-signal \
            rec-where -i pipe -o folder/out.rms n '>' 0
        wait $!
        [ -z "$(ls -A folder)" ]
        # What is left in the pipe is not for the next one.
        timeout .1 cat pipe >/dev/null || [ $? -eq 124 ]
    done
    exec {pipe}>&-
}

@test "a folder that is read-only: an error that says so" {
    mkdir folder
    if [ "$(id -u)" -eq 0 ]; then
        mount -t tmpfs -o ro none folder 2>/dev/null || skip "cannot mount"
    else
        chmod 555 folder
    fi
    status=0
    rec-head in.rms -o folder/out.rms 2>err || status=$?
    [ "$(id -u)" -ne 0 ] || umount folder
    [ "$status" -eq 1 ]
    [[ $(cat err) == "rec-head: folder/out.rms: "@(Read-only file system|Permission denied) ]]
}

@test "a reader that leaves: killed by SIGPIPE, without a word" {
    cat in.rms in.rms in.rms in.rms in.rms in.rms >long.rms
    bash -c 'rec-where -i long.rms n ">" 0 2>err | head -c 100 >/dev/null
        echo "${PIPESTATUS[0]}"' >status
    [ "$(cat status)" -eq 141 ]
    [ ! -s err ]
    # Where the parent has it ignored, it is an error like others.
    bash -c 'trap "" PIPE
        rec-where -i long.rms n ">" 0 2>err | head -c 100 >/dev/null
        echo "${PIPESTATUS[0]}"' >status
    [ "$(cat status)" -eq 1 ]
    [ "$(cat err)" = "rec-where: standard output: write failed: Broken pipe" ]
}

@test "pipes with names and <(...) are files like others" {
    rec-head -n 9 in.rms -o want.rms
    rec-head -n 9 <(cat in.rms) | cmp - want.rms
    rec-head -n 9 /dev/stdin <in.rms | cmp - want.rms
    # shellcheck disable=SC2002 # a pipe on purpose
    cat in.rms | rec-head -n 9 /dev/stdin | cmp - want.rms
    rec-head -n 9 in.rms -o /dev/stdout | cmp - want.rms
    rec-head -n 9 in.rms -o /dev/stdout >got.rms
    cmp got.rms want.rms
    rec-head -n 9 in.rms -o >(cat >got.rms)
    mkfifo in out
    cat in.rms >in &
    cat out >got.rms &
    rec-head -n 9 in -o out
    wait
    cmp got.rms want.rms
    [ -p out ]
    # Read twice, and so copied first.
    mkdir one two
    (cd one && rec-split a.rms=.5 b.rms=.5 <../in.rms)
    (cd two && rec-split -i <(cat ../in.rms) a.rms=.5 b.rms=.5)
    diff -r one two
}

@test "/dev/full under every filter that writes a stream" {
    [ -c /dev/full ] || skip "no /dev/full"
    for filter in 'rec-head in.rms' 'rec-cut n in.rms' 'rec-to csv in.rms' \
        'rec-info in.rms' 'rec-where -i in.rms n = 1' 'rec-synth'; do
        run -1 --separate-stderr bash -c "$filter >/dev/full"
        [[ $stderr == "${filter%% *}: standard output: "* ]]
        [ "$(wc -l <<<"$stderr")" -eq 1 ]
    done
    run -1 --separate-stderr rec-head in.rms -o /dev/full
    [ "$stderr" = "rec-head: /dev/full: write failed: No space left on device" ]
}
