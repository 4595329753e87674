# What README.md tells people to type is typed here, on generated data: its
# blocks in the folders that it names, and what stands in its sentences.
load helper

readme=$BATS_TEST_DIRNAME/../README.md

# A folder like a checkout in which "make demo" was run, with fewer rows.
setup_file() {
    set -o pipefail
    cd "$BATS_FILE_TMPDIR" || return
    ln -s "$(realpath "$BATS_TEST_DIRNAME/../pipelines")" pipelines
    unset MAKEFLAGS MFLAGS MAKELEVEL
    mkdir -p build/demo
    rec-synth -r 4000 -o build/demo/generated.csv
    FILTERS=$(dirname "$(command -v rec-head)") ML100K=/nowhere EPOCHS=1 \
        pipelines/demo.sh build/demo >demo.log 2>&1
}

setup() {
    set -o pipefail
    cd "$BATS_FILE_TMPDIR" || return
    unset MAKEFLAGS MFLAGS MAKELEVEL
    FILTERS=$(dirname "$(command -v rec-head)")
    export FILTERS
}

# block LANGUAGE N: the Nth block of a language
block() {
    awk -v want="\`\`\`$1" -v n="$2" '
        /^```/ { on = !on && $0 == want && ++found == n; inside = !inside; next }
        on' "$readme"
}

# In code between backticks, on one line or more: spans PATTERN
spans() {
    awk '/^```/ { inside = !inside; next } !inside' "$readme" | tr '\n' ' ' |
        grep -oE "\`$1[^\`]*\`" | tr -d '`'
}

@test "README: it is for three readers and has at most 200 lines" {
    [ "$(wc -l <"$readme")" -le 200 ]
    for heading in 'Try it' 'Use it with your data' 'Put in a stage of your own'; do
        grep -qx "## $heading" "$readme"
        anchor=$(tr 'A-Z ' 'a-z-' <<<"$heading")
        grep -q "](#$anchor)" "$readme"
    done
    # A new block is a new test here.
    [ "$(grep -cx '```sh' "$readme")" -eq 4 ]
    [ "$(grep -cx '```console' "$readme")" -eq 1 ]
}

@test "README: what to try first is there" {
    block sh 1 | sed 's/ *#.*//' >first
    while read -r bootstrap and make target; do
        [ "$bootstrap $and $make" = './bootstrap && make' ]
        [ -x "$BATS_TEST_DIRNAME/../bootstrap" ]
        grep -q "^$target:" "$BATS_TEST_DIRNAME/../Makefile"
    done <first
    [ "$(wc -l <first)" -eq 2 ]
    # Every other target that is spoken of, too.
    spans 'make [a-z]' | grep -v ' -f ' | cut -d ' ' -f 2 | while read -r target; do
        grep -q "^$target:" "$BATS_TEST_DIRNAME/../Makefile"
    done
    # ... and every page.
    spans 'rec[a-z-]*\([0-9]\)' | while IFS='()' read -r name section; do
        [ -s "$BATS_TEST_DIRNAME/../man/$name.$section" ]
    done
}

@test "README: the pipe of the demonstration" {
    cd build/demo
    block sh 2 | sh -e >out 2>err
    [ ! -s err ]
    [ "$(head -n 1 out)" = "$(printf 'user_id\trank\tcandidates.movie_title\tscores')" ]
    [ "$(wc -l <out)" -eq 6 ]
}

@test "README: embeddings of another program" {
    cd build/demo
    rec-to npy -c embedding seed-1/embedded.rms -o items.npy
    rec-embed -m seed-1/tower.rms --tower query seed-1/test.rms |
        rec-head -n 3 | rec-to npy -c embedding -o queries.npy
    mkdir foreign && cd foreign && mv ../*.npy .
    block sh 3 | sed 's/ *#.*//' | sh -e 2>err
    [ ! -s err ]
    [ "$(wc -l <run)" -eq 300 ]
}

@test "README: a table of one's own" {
    # What "cat FILE" shows is what people are to write there.
    block console 1 | awk '
        /^\$ cat / { file = $3; next }
        /^\$ / { file = "" }
        file { print >file }'
    block console 1 | sed -n 's/^\$ //p' | sh -e >out 2>err
    [ ! -s err ]
    # The lines that are shown, whatever the figures are.
    figures='s/[0-9]*\.[0-9][0-9]*/#/g'
    sed "$figures" out >got
    block console 1 | grep -v -e '^\$ ' -e '^\.\.\.$' -e ' (19' -e '"' |
        sed "$figures" | while read -r line; do
        sed 's/^ *//' got | grep -qFx -- "$line" || { echo "not shown: $line"; exit 1; }
    done
    [ "$(wc -l <shop/recommendations.tsv)" -gt 1000 ]
}

@test "README: ten lines of awk as a stage" {
    cd build/demo/seed-1
    block sh 4 | sh -e >out 2>err
    [ ! -s err ]
    [ "$(grep -c '^ndcg' out)" -eq 2 ]
}

@test "README: the commands in its sentences" {
    spans 'rec-[a-z]* [^`]* -o ' >commands
    [ -s commands ]
    sh -e commands
    spans 'make -f ' >makes
    [ "$(wc -l <makes)" -ge 3 ]
    # Hours of work, some of them: that make knows what to do is enough.
    while read -r make; do
        # shellcheck disable=SC2086 # several words
        env -u ML100K $make -n >steps
        grep -q rec-train steps
    done <makes
}
