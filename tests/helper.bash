# Shared by every test.  The filters and the test tools come from PATH, which
# "make check" points at the build under test.

bats_require_minimum_version 1.5.0 # run -N, run --separate-stderr

# The sums of a matrix product, and so its last bits, depend on the thread count.
export OPENBLAS_NUM_THREADS=1
unset REC_THREADS

# Temporary files are elsewhere than what a test works on: a filter that has such
# files may write anywhere in their folder.
setup() {
    set -o pipefail
    export TMPDIR=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_TMPDIR" || return
}

# Change one byte of a file: damage <file> <offset>
damage() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059 # the format is the byte
    printf "\\$(printf %o $((byte ^ 255)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Tests of the real data set are skipped where it is not to be had.
need_movielens() {
    [ -r "${ML100K-}/u.data" ] ||
        skip "MovieLens 100k is not here: set ML100K to its folder"
}

# Each option of --help is in the manual page, in an item with the same letter and
# value, and each long option of the page is in --help.  Their examples may have
# other filters, too: same_options rec-head
same_options() {
    local page="$BATS_TEST_DIRNAME/../man/$1.1"
    "$1" --help | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u >in-help
    mandoc -Tascii "$page" | col -bx | sed '/^EXAMPLES/,/^SEE ALSO/d' |
        grep -oE -- '--[a-z][a-z0-9-]*' | sort -u >in-page
    [ -z "$(comm -13 in-help in-page)" ] || diff in-help in-page || return
    "$1" --help | awk '/^  (-.,|   ) --/ {
        split(substr($0, 7), word, " ")
        print substr($0, 3, 2) word[1] (word[2] ~ /^(\[|[A-Z])/ ? word[2] : "")
    }' | tr -d '][., ' | tr '[:upper:]' '[:lower:]' | sort >in-help
    # ".It Fl k , Fl -count Ar K" is "-k--countk"; what stands for several
    # options has a value or none for all of them.
    awk '/^\.It Fl / {
        item = ""
        for (i = 2; i <= NF; i++)
            if ($i == "Fl") {
                if (item ~ /^--/) { print item; item = "" }
                item = item "-" $(++i)
            } else if ($i !~ /^(Ar|Op|Ns|Cm|Li)$/)
                item = item $i
        print item
    }' "$page" | tr -d '][., ' | tr '[:upper:]' '[:lower:]' | sort >in-page
    [ -z "$(comm -23 in-help in-page)" ] || diff in-help in-page
}

# Wrong usage: exit 2, a message, nothing on standard output.
refuses_usage() {
    run -2 --separate-stderr "$@"
    [ -z "$output" ]
    [ -n "$stderr" ]
}

# A command that reads a stream from standard input refuses cuts of it and bytes
# that changed, in steps of a few bytes: refuses_damage <file> <command>...
refuses_damage() {
    local file=$1 size n
    shift
    size=$(wc -c <"$file")
    for ((n = 0; n < size; n += 13)); do
        head -c "$n" "$file" >cut.rms
        if "$@" <cut.rms >refused.out 2>refused.err || [ ! -s refused.err ]; then
            echo "taken for whole: the first $n bytes"
            return 1
        fi
        cp "$file" damaged.rms
        damage damaged.rms "$n"
        cmp -s "$file" damaged.rms && continue
        if "$@" <damaged.rms >refused.out 2>refused.err; then
            echo "taken for sound: byte $n changed"
            return 1
        fi
    done
}

# Writing to a full disk is an error: fails_on_full_disk <command>...
fails_on_full_disk() {
    [ -c /dev/full ] || skip "no /dev/full"
    run -1 --separate-stderr bash -c '"$@" >/dev/full' bash "$@"
    [[ $stderr == *"standard output: "* ]]
}

# Run a command in so many MiB of address space: within_memory <MiB> <command>...
# Sanitizers need more than anybody would allow, and skip the test.
within_memory() {
    local limit=$(($1 * 1024))
    shift
    if grep -qE '__(asan|tsan)_init' "$(command -v "$1")"; then
        skip "built with a sanitizer"
    fi
    (
        ulimit -v "$limit"
        exec "$@"
    )
}
