# Every example of a manual page and of --help is run, on the files of
# world.bash: nothing here names a filter, so a new one takes part at once.
# shellcheck disable=SC2154 # run sets stderr
load helper
load world

man=$BATS_TEST_DIRNAME/../man

# What cannot be run, and why: page, number, reason.
cannot='rec-stream.5 2 the bytes of a stream, no command
recmill-stream.3 1 a program in C, which tests/installed compiles and runs
recmill-stream.3 2 needs the library installed, and is done there'

setup_file() {
    set -o pipefail
    export WORLD=$BATS_FILE_TMPDIR/world
    mkdir "$WORLD"
    cd "$WORLD" || return
    world
}

# example PAGE N
example() {
    awk -v n="$2" -f "$BATS_TEST_DIRNAME/examples.awk" "$man/$1"
}

examples() {
    awk -v section="${2-EXAMPLES}" -f "$BATS_TEST_DIRNAME/examples.awk" "$man/$1"
}

# works NAME PREPARED: the commands on standard input, in a copy of the world
works() {
    rm -rf one
    cp -r "$WORLD" one
    (cd one && prepare "$2" </dev/null >&2) || return
    (cd one && timeout 100 sh -e /dev/fd/3 3<&0 >../out 2>../err </dev/null) &&
        [ ! -s err ] && return
    { echo "# $1 does not work:" && cat err; } >&2
    return 1
}

@test "every example of a manual page works" {
    bad=
    for page in "$man"/*.[0-9]; do
        page=${page##*/}
        count=$(examples "$page")
        # Each filter shows how it is used.
        case $page in *.1) [ "$count" -gt 0 ] || bad="$bad $page" ;; esac
        for ((n = 1; n <= count; n++)); do
            [[ $'\n'$cannot != *$'\n'"$page $n "* ]] || continue
            example "$page" "$n" | works "$page, example $n" "$page" ||
                bad="$bad $page:$n"
        done
    done
    echo "do not work:$bad"
    [ -z "$bad" ]
}

@test "what is said not to run is there" {
    while read -r page n reason; do
        [ -n "$reason" ]
        [ -n "$(example "$page" "$n")" ]
    done <<<"$cannot"
}

@test "the example of every --help works" {
    bad=
    for filter in "$(dirname "$(command -v rec-head)")"/rec-*; do
        filter=${filter##*/}
        case $filter in *.*) continue ;; esac
        "$filter" --help | sed -n 's/^example: //p' | works "$filter" "$filter" ||
            bad="$bad $filter"
    done
    echo "do not work:$bad"
    [ -z "$bad" ]
}

@test "the guided tour of recmill(7) goes from nothing to recommendations" {
    count=$(examples recmill.7 'GUIDED TOUR')
    [ "$count" -ge 5 ]
    for ((n = 1; n <= count; n++)); do
        awk -v n="$n" -v section='GUIDED TOUR' \
            -f "$BATS_TEST_DIRNAME/examples.awk" "$man/recmill.7" >step
        sh -e step >out 2>err </dev/null || { cat step err; return 1; }
        [ ! -s err ]
    done
}
