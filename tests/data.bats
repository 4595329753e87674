# data/get-movielens-100k, with no network: what curl does is played by scripts
# that go before it on PATH.
# shellcheck disable=SC2154 # run sets stderr
load helper

get() {
    "$BATS_TEST_DIRNAME/../data/get-movielens-100k" "$@"
}

# stub NAME: the script on standard input is called instead of NAME
stub() {
    mkdir -p bin
    { echo '#!/bin/sh'; cat; } >"bin/$1"
    chmod +x "bin/$1"
    PATH="$PWD/bin:$PATH"
}

fails_in_one_line() {
    run -1 --separate-stderr "$@"
    [ -z "$output" ]
    [ "$(printf '%s\n' "$stderr" | wc -l)" -eq 1 ]
    [[ $stderr == "get-movielens-100k: "* ]]
}

leaves_nothing() {
    run compgen -G 'out*'
    [ -z "$output" ]
}

@test "copies MovieLens from the folder ML100K" {
    need_movielens
    stub curl <<<'exit 99'
    get out
    cmp out/u.data "$ML100K/u.data"
    cmp out/u.item "$ML100K/u.item"
    [ "$(compgen -G 'out*')" = out ]
    # Again: there is nothing to do, not even with ML100K gone.
    ML100K=/nowhere get out/
}

@test "fetches the archive without ML100K, and checks it" {
    need_movielens
    export from="$ML100K"
    unset ML100K
    stub curl <<'STUB'
while [ $# -gt 1 ]; do
    [ "$1" != -o ] || echo archive >"$2"
    shift
done
echo "$1" >url
STUB
    stub md5sum <<'STUB'
read -r sum file
[ "$sum" = 0e33842e24a9c977be4e0107933c0723 ] && grep -q archive "$file"
STUB
    stub unzip <<'STUB'
cp "$from/u.data" "$from/u.item" .
STUB
    get out
    [ "$(cat url)" = https://files.grouplens.org/datasets/movielens/ml-100k.zip ]
    cmp out/u.data "$from/u.data"
    [ "$(cd out && echo *)" = "u.data u.item" ]
}

@test "without a network it says where the data is to be had" {
    unset ML100K
    stub curl <<<'echo "curl: (6) Could not resolve host" >&2; exit 6'
    fails_in_one_line get out
    [[ $stderr == *https://files.grouplens.org/*"Could not resolve host"*ML100K* ]]
    leaves_nothing
}

@test "another archive is refused" {
    unset ML100K
    stub curl <<'STUB'
while [ "$1" != -o ]; do shift; done
echo "something else" >"$2"
STUB
    fails_in_one_line get out
    [[ $stderr == *"not the archive"* ]]
    leaves_nothing
}

@test "a folder with other files, fewer files or none is refused" {
    mkdir fake
    ML100K=$PWD/fake fails_in_one_line get out
    printf '1\t1\t5\t1\n' >fake/u.data
    echo '1|One (1995)' >fake/u.item
    ML100K=$PWD/fake fails_in_one_line get out
    ML100K=/nowhere fails_in_one_line get out
    leaves_nothing
}

@test "one wrong byte is refused" {
    need_movielens
    cp -r "$ML100K" fake
    chmod -R u+w fake
    damage fake/u.item 1000
    ML100K=$PWD/fake fails_in_one_line get out
    leaves_nothing
}

@test "what is under the name already is left alone" {
    mkdir out
    echo mine >out/u.data
    fails_in_one_line get out
    [ "$(cat out/u.data)" = mine ]
}

@test "wrong usage is refused" {
    refuses_usage get
    refuses_usage get one two
}
