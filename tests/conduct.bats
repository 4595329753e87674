# What all filters have in common: this loops over those that were built.

load helper

# every <function>: call it with the name of each filter; all are tried.
every() {
    local dir name bad=
    dir=$(dirname "$(command -v rec-head)")
    for name in "$dir"/rec-*; do
        name=${name##*/}
        case $name in *.*) continue ;; esac
        "$1" "$name" || bad="$bad $name"
    done
    if [ -n "$bad" ]; then
        echo "misbehave:$bad"
        return 1
    fi
}

# writes_stream <name>: is what it writes a record stream?
writes_stream() {
    "$1" --help | grep -- '--deflate' >/dev/null
}

helps() {
    "$1" --help >help 2>err && [ ! -s err ] || return
    head -n 1 help | grep -q "^usage: $1 " || return
    grep -q "^example: .*$1" help || return
    [ "$(wc -l <help)" -le 40 ] || return
    "$1" -h | cmp -s - help
}

@test "--help says how to call it, gives an example and fits a screen" {
    every helps
}

tells_version() {
    "$1" --version | grep -qE "^$1 \(recmill\) [0-9]+\.[0-9]+\.[0-9]+$"
}

@test "--version names the program and its version" {
    every tells_version
}

refuses_unknown() {
    local status=0
    "$1" --no-such-option >out 2>err </dev/null || status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] &&
        [ "$(tail -n 1 err)" = "$1: Try '$1 --help'." ]
}

@test "an unknown option exits 2 with nothing on standard output" {
    every refuses_unknown
}

notices_full_disk() {
    local status=0
    "$1" --help 2>err >/dev/full || status=$?
    [ "$status" -eq 1 ] && grep -q "^$1: standard output: " err
}

@test "--help to a full disk fails" {
    [ -c /dev/full ] || skip "no /dev/full"
    every notices_full_disk
}

# Without operands a filter may say what is missing, but it never succeeds.
# rec-synth has no input.
refuses_nothing() {
    local status=0
    [ "$1" != rec-synth ] || return 0
    "$1" >out 2>err </dev/null || status=$?
    [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || return
    # What may have been written is a stream that says that it failed.
    if [ -s out ] && rec-info --check out 2>info.err; then
        return 1
    fi
    grep -q "^$1: " err
}

@test "an empty input is never taken for a whole one" {
    every refuses_nothing
    for filter in 'rec-from csv' 'rec-to csv' rec-info rec-head 'rec-cut a' \
        'rec-where a = 1' 'rec-split a.rms=.5 b.rms=.5'; do
        # shellcheck disable=SC2086 # several words on purpose
        run -1 --separate-stderr $filter </dev/null
        [[ $stderr == "${filter%% *}: standard input: "*empty* ]]
    done
}

@test "a stream is not written to a terminal" {
    command -v script >/dev/null || skip "no script(1)"
    script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
        skip "no terminal to be had"
    printf 'a\n1\n' >in.csv
    rec-from csv in.csv >in.rms
    for filter in 'rec-from csv in.csv' 'rec-head in.rms' 'rec-cut a in.rms' \
        'rec-where -i in.rms a = 1' 'rec-split -i in.rms -- -=.5 a.rms=.5'; do
        writes_stream "${filter%% *}"
        run -2 script -qec "$filter" /dev/null </dev/null
        [[ $output == *"a stream is not for a terminal"* ]]
    done
}

counts_threads() {
    local status=0
    "$1" --help | grep -- '--threads' >/dev/null || return 0
    REC_THREADS=0 "$1" >out 2>err </dev/null || status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && grep -q REC_THREADS err
}

@test "a number of threads that is none is refused, in the environment too" {
    every counts_threads
}

has_manual() {
    local page="$BATS_TEST_DIRNAME/../man/$1.1"
    [ -r "$page" ] || return
    [ -z "$(mandoc -Tlint -Wwarning "$page")" ] && same_options "$1"
}

@test "every filter has a manual page with the same options" {
    every has_manual
}

# OpenBLAS starts its threads when it is loaded.
loads_no_blas() {
    case $1 in rec-train-* | rec-embed | rec-knn | rec-score | rec-rank | rec-predict) return 0 ;; esac
    ! ldd "$(command -v "$1")" | grep blas >/dev/null
}

@test "only filters that multiply matrices load OpenBLAS" {
    every loads_no_blas
}
