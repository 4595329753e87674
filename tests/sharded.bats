# The flow in shards, and far, the shell that sends recipes to a cluster: here without
# one.  tests/cluster has one.
load helper

pipelines=$(realpath "$BATS_TEST_DIRNAME/../pipelines")

setup_file() {
    set -o pipefail
    export DATA=$BATS_FILE_TMPDIR
    cd "$DATA" || return
    unset MAKEFLAGS MFLAGS MAKELEVEL
    FILTERS=$(dirname "$(command -v rec-knn)")
    export FILTERS
    # Sorted by user, as logs often are: most shards of the rows have none of most
    # users.  The names of films have commas, and so quotes.
    rec-synth -r 2500 --users 90 --items 150 | sed '1s/.*/who,film,stars,at/' >my.csv
    cat >my.features <<'FEATURES'
query  who   lookup     dim=8 # the user
query  at    normalize
query  at    bucketize  bins=9 dim=4
item   film  tokenize   dim=8
item   film  lookup     dim=8 key
label  stars threshold  at=4
FEATURES
    touch -d '3 hours ago' my.csv my.features
    make -s -j2 -f "$pipelines/two-stage.mk" OUT=whole DATA=my.csv \
        FEATURES=my.features EPOCHS=1 SPLIT='--by hash --column who,film' >/dev/null
    { head -n 1 whole/recommendations.tsv &&
        tail -n +2 whole/recommendations.tsv | LC_ALL=C sort -s -t $'\t' -k 1,1; } \
        >sorted.tsv
    sharded OUT="$DATA/one" SHARDS=1 PARTS=1
}

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
}

sharded() {
    make -s -f "$pipelines/sharded.mk" DATA="$DATA/my.csv" \
        FEATURES="$DATA/my.features" EPOCHS=1 OUT=out "$@" >table
}

# What does not depend on the shards: same_bytes FOLDER
same_bytes() {
    local file
    for file in quality.tsv recommendations.tsv {vocab,items,tower,ranker}.rms; do
        cmp "$DATA/one/$file" "$1/$file"
    done
}

# same_rows FILE FILE
same_rows() {
    rec-to jsonl "$1" >a
    rec-to jsonl "$2" | cmp - a
}

@test "one shard gives what two-stage.mk gives" {
    cmp "$DATA/whole/quality.tsv" "$DATA/one/quality.tsv"
    cmp "$DATA/sorted.tsv" "$DATA/one/recommendations.tsv"
    for file in vocab items tower ranker; do
        same_rows "$DATA/whole/$file.rms" "$DATA/one/$file.rms"
    done
    head -n 1 "$DATA/table" | grep -q '^lists .*value'
    [ "$(tail -n 1 "$DATA/table")" = "recommendations: $DATA/one/recommendations.tsv" ]
}

@test "2 shards give the same bytes" {
    sharded SHARDS=2 PARTS=2 -j3
    same_bytes out
}

@test "7 shards give the same bytes" {
    sharded SHARDS=7 PARTS=3
    same_bytes out
}

@test "16 shards give the same bytes" {
    sharded SHARDS=16 PARTS=2 -j2
    same_bytes out
    # Shards of the rows, one behind the other, are the rows.
    cat $(seq -f out/rows-%g/data.rms 16) >rows.rms
    same_rows rows.rms "$DATA/whole/data.rms"
}

@test "other settings make again what depends on them, and nothing else" {
    sharded SHARDS=2 -j2
    touch -d '1 hour ago' mark
    find out -name '*.rms' -exec touch -r mark {} +
    find out -name 'settings.*' -exec touch -d '2 hours ago' {} +
    touch -d '2 hours ago' out/columns
    sharded SHARDS=2 -j2
    [ -z "$(find out -name '*.rms' -newer mark)" ]
    sharded SHARDS=2 TOP=5 -j2
    find out -name '*.rms' -newer mark | sort >new
    run ! grep -E 'rows-|tower|ranker|vocab|embedded|train' new
    grep -q users-1/latest.lists.rms new
}

@test "SHELL=far runs every recipe, to the same bytes" {
    FAR_RUN='' sharded SHARDS=2 -j2 SHELL="$pipelines/far"
    same_bytes out
    [ -z "$(ls -A .far* 2>/dev/null)" ]
}

@test "a target's own flags are options of srun, for that target alone" {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\necho "$*" >>%s\nwhile [ "$1" != bash ]; do shift; done\nexec "$@"\n' \
        "$PWD/calls" >srun
    chmod +x srun
    cat >cluster.mk <<'MAKE'
include $(pipelines)/sharded.mk
$(OUT)/tower.rms: private .SHELLFLAGS = --mem=64G $(strict)
$(OUT)/items.rms: private override SHELL = bash
MAKE
    PATH=$PWD:$PATH make -s -f cluster.mk pipelines="$pipelines" OUT=out SHARDS=2 \
        DATA="$DATA/my.csv" FEATURES="$DATA/my.features" EPOCHS=1 -j2 \
        SHELL="$pipelines/far" out/tower.rms out/items.rms
    cmp out/tower.rms "$DATA/one/tower.rms"
    grep -- --mem=64G calls >heavy
    grep -c 'bash -c' heavy | grep -qx 1
    grep -q 'rec-train-tower' calls
    run ! grep rec-head calls
}

@test "a line that is no row stops make, and no file is there in part" {
    sed '1700s/.*/none/' "$DATA/my.csv" >bad.csv
    run -2 --separate-stderr sharded DATA=bad.csv SHARDS=2 -k
    [[ $stderr == *"rec-from: "* ]]
    [ -z "$(find out -name '*.rms')" ]
    # It goes on where it was.
    cp "$DATA/my.csv" bad.csv
    sharded DATA=bad.csv SHARDS=2 -j2
    cmp "$DATA/one/quality.tsv" out/quality.tsv
}

# far, with scripts that play srun.

@test "far gives the command's status, whatever the engine says" {
    for code in 0 1 7 255; do
        run -"$code" env FAR_RUN='' "$pipelines/far" -c "exit $code"
    done
    run -9 env FAR_RUN='' "$pipelines/far" -o pipefail -c '(exit 9) | cat'
    # srun says 0 when a node died, and anything when it is cut off.
    printf '#!/bin/sh\n"$@"\nexit 0\n' >zero
    printf '#!/bin/sh\n"$@"\nexit 5\n' >five
    chmod +x zero five
    run -3 env FAR_RUN=./zero "$pipelines/far" -c 'exit 3'
    run -0 env FAR_RUN=./five "$pipelines/far" -c 'exit 0'
    [ -z "$(find . -name '.far*')" ]
}

@test "far runs the command again when a node is lost, and gives up in the end" {
    cat >lossy <<'LOSSY'
#!/bin/sh
echo >>tries
[ "$(wc -l <tries)" -gt 2 ] || exit 0
exec "$@"
LOSSY
    chmod +x lossy
    FAR_RUN=./lossy run --separate-stderr -4 "$pipelines/far" -c 'exit 4'
    [ "$(grep -c '^far: lost the node, try [23]: -c exit 4$' <<<"$stderr")" -eq 2 ]
    rm tries
    for tries in 'two' 99999; do
        FAR_RUN=./lossy FAR_TRIES=$tries run --separate-stderr -2 "$pipelines/far" -c true
        [ "$stderr" = "far: FAR_TRIES=$tries: a number below 1000 is needed" ]
    done
    FAR_RUN=./lossy FAR_TRIES=2 run --separate-stderr -75 "$pipelines/far" -c true
    [[ $stderr == *"far: no node finished this in 2 tries: -c true" ]]
    [ -z "$(find . -name '.far*')" ]
}

@test "far passes on flags, stops what it runs, and reads nothing" {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\necho "$*" >flags\nwhile [ "$1" != bash ]; do shift; done\n"$@"\n' >srun
    chmod +x srun
    PATH=$PWD:$PATH FAR_FLAGS=--mem=2G "$pipelines/far" --mem=8G --time=9 -c 'cat >got' <<<word
    [ ! -s got ]
    grep -q -- '^-Q -N1 -n1 -c1 *--input=none --mem=2G --mem=8G --time=9 bash -c' flags
    FAR_RUN='' "$pipelines/far" -c 'echo $$ >pid; sleep 50 | cat' 3>&- &
    while [ ! -s pid ]; do sleep 0.05; done
    kill $!
    wait $! || status=$?
    [ "$status" -eq 143 ]
    for ((i = 0; i < 100; i++)); do
        kill -0 "$(<pid)" 2>/dev/null || break # its parent may not have taken it yet
        sleep 0.05
    done
    [ "$i" -lt 100 ]
    [ -z "$(find . -name '.far*')" ]
}
