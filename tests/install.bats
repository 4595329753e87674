# What "make install" puts where, completions, and the packed sources.
# shellcheck disable=SC2154 # run sets stderr
load helper

tree=$BATS_TEST_DIRNAME/..

# The build under test, installed below root/ by the make that runs the tests, so
# that it has nothing to build anew.
setup_file() {
    export PREFIX=/usr ROOT=$BATS_FILE_TMPDIR/root
    made install
}

# Folders of the make that runs the tests, a package's say, are not for these.
made() {
    # shellcheck disable=SC2016 # for make
    make -s -C "$tree" LIBDIR='$(PREFIX)/lib' \
        ZSHDIR='$(DATADIR)/zsh/site-functions' BUILD="$(realpath --relative-to="$tree" \
        "$(dirname "$(dirname "$(command -v rec-head)")")")" \
        PREFIX="$PREFIX" DESTDIR="$ROOT" "$@"
}

@test "what is installed is all that it takes, and uninstall leaves nothing" {
    CC=cc
    ! grep -q __asan_init "$ROOT/usr/bin/rec-head" ||
        CC='cc -fsanitize=address,undefined'
    ! grep -q __tsan_init "$ROOT/usr/bin/rec-head" || CC='cc -fsanitize=thread'
    CC=$CC "$tree/tests/installed" "$ROOT/usr" "$PWD/use" >out 2>&1 ||
        { cat out; return 1; }
    grep -q '^# the program of recmill-stream(3)' out
    # Once more, for its removal.
    ROOT=$PWD/other PREFIX=/opt/re made install
    [ -x other/opt/re/bin/rec-head ]
    grep -q '^prefix=/opt/re$' other/opt/re/lib/pkgconfig/recmill.pc
    ROOT=$PWD/other PREFIX=/opt/re made uninstall
    run find other ! -type d -o -name 'recmill*'
    [ -z "$output" ]
}

@test "the library defines no name but recmill_*" {
    run nm -g --defined-only "$ROOT/usr/lib/librecmill.a"
    [ "$(grep -c ' T recmill_' <<<"$output")" -ge 20 ]
    run grep -E ' [A-TV-Z] ' <<<"$output"
    run grep -v ' recmill_' <<<"$output"
    [ -z "$output" ]
}

# each FUNCTION: called with the name of each filter
each() {
    local bad='' filter
    for filter in "$ROOT"/usr/bin/rec-*; do
        filter=${filter##*/}
        # In a shell of its own, which is quicker than one that is watched.
        bash -c "$(declare -f "$1" long_options); $1 $filter" || bad="$bad $filter"
    done
    echo "not so:$bad"
    [ -z "$bad" ]
}

# long_options NAME: of --help
long_options() {
    "$1" --help | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/--\2/p' | sort
}

completed() {
    local file=$ROOT/usr/share/bash-completion/completions/$1
    # As bash does it, with the function that "complete" names.
    bash -c '. "$1"; complete -p "$2" >/dev/null
        COMP_WORDS=("$2" --) COMP_CWORD=1
        f=$(complete -p "$2"); f=${f#*-F }; ${f%% *} "$2" -- "$2"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$file" "$1" | sort >got
    long_options "$1" | diff - got || return
    # What it takes for a flag is one.
    grep -vE ' (-r -F|-x)|-l (deflate|verbose|help|version) ' \
        "$ROOT/usr/share/fish/vendor_completions.d/$1.fish" |
        sed -n 's/.* -l \([a-z0-9-]*\) .*/--\1/p' | while read -r option; do
        "$1" "$option=" 2>&1 </dev/null | grep -q 'it takes no value' ||
            { echo "$1 $option"; exit 1; }
    done
}

@test "completions know the options of --help, and which have no value" {
    each completed
}

# complete WORD...: what bash offers for the last word
offered() {
    bash -c '. "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        f=$(complete -p "$1"); f=${f#*-F }
        ${f%% *} "$1" "${*: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash \
        "$ROOT/usr/share/bash-completion/completions/$1" "$@"
}

@test "completions for bash offer words, files, or nothing" {
    touch 'ratings of 1998.rms' random.rms
    [ "$(offered rec-split --by '')" = "$(printf '%s\n' random time user-time last \
        stratified hash)" ]
    [ "$(offered rec-split -b u)" = user-time ]
    [ "$(offered rec-split --by = s)" = stratified ]
    [ "$(offered rec-split --by =)" = "$(offered rec-split -b '')" ]
    [ "$(offered rec-split --input ra | sort)" = \
        "$(printf "%s\\n" random.rms "ratings of 1998.rms")" ]
    [ -z "$(offered rec-split --seed '')" ]
    [ "$(offered rec-head ran)" = random.rms ]
    [ "$(offered rec-to ts)" = tsv ]
    # rec-synth reads nothing.
    [ -z "$(offered rec-synth ran)" ]
}

@test "completions for zsh are read by zsh" {
    command -v zsh >/dev/null || skip "no zsh"
    mkdir -p cache
    # shellcheck disable=SC2016 # for zsh
    zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -d cache/dump
        for f in $1/_rec-*; do
            zsh -n $f || exit 1
            [[ $_comps[${${f:t}#_}] = ${f:t} ]] || exit 1
        done' zsh "$ROOT/usr/share/zsh/site-functions"
}

@test "completions for fish offer options and words" {
    command -v fish >/dev/null || skip "no fish"
    export HOME=$PWD
    cp "$ROOT"/usr/share/fish/vendor_completions.d/*.fish .
    for file in rec-*.fish; do fish -n "$file"; done
    # shellcheck disable=SC2016 # for fish
    fish -c 'source rec-split.fish; complete -C "rec-split --by "' |
        cut -f 1 | sort >got
    printf '%s\n' hash last random stratified time user-time | diff - got
    # shellcheck disable=SC2016
    fish -c 'source rec-to.fish; complete -C "rec-to --col"' | cut -f 1 >got
    grep -qx -e --columns got
}

@test "the same commit packed twice has the same bytes, and its time" {
    [ -e "$tree/.git" ] || skip "no git checkout"
    # A clone is not in the way of whoever packs at the same time.
    git clone -q "$tree" clone
    cd clone
    make -s dist
    mv recmill-*.tar.gz ../one.tar.gz
    umask 077
    touch lib filters
    make -s dist
    cmp recmill-*.tar.gz ../one.tar.gz
    tar -tzf ../one.tar.gz | grep -v '/$' | sed 's,^[^/]*/,,' | sort >../packed
    git ls-files | sort | diff - ../packed
    [ "$(tar -tvzf ../one.tar.gz | awk '{ print $1, $2, $4, $5 }' |
        grep -vc '^[d-]rw[x-]r-[x-]r-[x-] 0/0 ')" -eq 0 ]
    SOURCE_DATE_EPOCH=86400 make -s dist
    TZ=UTC tar -tvzf recmill-*.tar.gz >list
    [ "$(grep -vc ' 1970-01-02 00:00 ' list)" -eq 0 ]
}

@test "the version is in one place" {
    version=$(sed -n 's/^VERSION = //p' "$tree/Makefile")
    [ "$(rec-head --version)" = "rec-head (recmill) $version" ]
    grep -qx "Version: $version" "$ROOT/usr/lib/pkgconfig/recmill.pc"
    # Debian's own log of changes has to say it once more.
    head -n 1 "$tree/debian/changelog" | grep -q "^recmill ($version)"
}

@test "groff reads the manual pages as mandoc does, without a warning" {
    command -v groff >/dev/null || skip "no groff"
    for page in "$tree"/man/*.[0-9]; do
        LC_ALL=C groff -mandoc -Tutf8 -wmac -z "$page" 2>&1
    done >warnings
    cat warnings
    [ ! -s warnings ]
}

@test "Debian's packages have between them all that is installed, each once" {
    # Built without MPI, which is what is in libexec.
    (cd "$ROOT" && find usr -path usr/libexec -prune -o ! -type d -print | sed 's,^usr/lib/,usr/lib/triplet/,') >files
    cat "$tree"/debian/*.install >lists
    while read -r file; do
        n=0
        while read -r folder; do
            [[ $file != "$folder"/* ]] || n=$((n + 1))
        done <lists
        [ "$n" -eq 1 ] || { echo "$file is in $n packages"; return 1; }
    done <files
}

@test "Debian's packages can be built, and lintian finds nothing" {
    [ -n "${DEB-}" ] || skip "everything is built anew: set DEB=1 to have it"
    command -v dh >/dev/null && command -v lintian >/dev/null ||
        skip "no debhelper or no lintian"
    [ -e "$tree/.git" ] || skip "no git checkout"
    # The package runs the tests: nothing that this bats left is for theirs.
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin make -s -C "$tree" deb >log 2>&1 ||
        { tail log; return 1; }
}
