# bootstrap, with dpkg-query and apt-get played by scripts: nothing is installed.
# shellcheck disable=SC2154 # run sets stderr
load helper

# only NAME...: a folder bin with these programs of the system
only() {
    mkdir bin
    for name in "$@"; do
        ln -s "$(command -v "$name")" bin/
    done
}

# play NAME: the script on standard input is bin/NAME
play() {
    { echo '#!/bin/sh'; cat; } >"bin/$1"
    chmod +x "bin/$1"
}

bootstrap() {
    run --separate-stderr env PATH="$PWD/bin" \
        "$BATS_TEST_DIRNAME/../bootstrap" "$@"
}

@test "installs what is missing, and only that, without a question" {
    only sh env
    play id <<<'echo 0'
    play dpkg-query <<'PLAY'
case "$*" in
*' make' | *' clang') echo not-installed ;;
*' bats') exit 1 ;;
*) echo installed ;;
esac
PLAY
    play apt-get <<'PLAY'
echo "$DEBIAN_FRONTEND $*" >>calls
PLAY
    bootstrap
    [ "$status" -eq 0 ]
    [ "$output" = "bootstrap: installing make bats clang" ]
    [ "$(tail -n 1 calls)" = "noninteractive install -qq -y \
--no-install-recommends make bats clang" ]
    run ! grep update calls
}

@test "cluster: also a Slurm, which nobody else needs" {
    only sh env
    play id <<<'echo 0'
    play dpkg-query <<'PLAY'
case "$*" in
*' slurm-wlm' | *' munge') exit 1 ;;
*) echo installed ;;
esac
PLAY
    play apt-get <<<'exit 0'
    bootstrap cluster
    [ "$status" -eq 0 ]
    [ "$output" = "bootstrap: installing slurm-wlm munge" ]
    bootstrap
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    bootstrap clusters
    [ "$status" -eq 1 ]
    [ "$stderr" = "bootstrap: usage: ./bootstrap [cluster]" ]
}

@test "refreshes the lists of packages when they do not do" {
    only sh env
    play id <<<'echo 0'
    play dpkg-query <<<'exit 1'
    play apt-get <<'PLAY'
echo "$1" >>calls
[ "$1" != update ] || exec >updated
[ -e updated ]
PLAY
    bootstrap
    [ "$status" -eq 0 ]
    [ "$(paste -sd ' ' calls)" = "install update install" ]
}

@test "calls nothing when everything is there" {
    only sh env
    play dpkg-query <<<'echo installed'
    play apt-get <<<'echo called >calls'
    bootstrap
    [ "$status" -eq 0 ]
    [ -z "$output$stderr" ]
    [ ! -e calls ]
}

@test "uses sudo when not root, and says so when there is none" {
    only sh env
    play id <<<'echo 1000'
    play dpkg-query <<<'exit 1'
    play apt-get <<'PLAY'
echo "$SUDO" >>calls
PLAY
    bootstrap
    [ "$status" -eq 1 ]
    [[ $stderr == "bootstrap: neither root nor sudo: "*gcc*bats* ]]
    [ ! -e calls ]
    play sudo <<'PLAY'
SUDO=yes exec "$@"
PLAY
    bootstrap
    [ "$status" -eq 0 ]
    [ "$(sort -u calls)" = yes ]
}

@test "elsewhere than on Debian it names what is needed" {
    only sh
    bootstrap
    [ "$status" -eq 1 ]
    [ -z "$output" ]
    [[ $stderr == "bootstrap: not a Debian system: "*libcsv*OpenBLAS* ]]
}
