#!/usr/bin/env bash
# The recommendation flow over and over, while stages are killed and calls fail
# at random: each run ends complete, or in an error and with no half file.  "make
# soak" calls this with BUILD (absolute) set.
#
# usage: tests/faults/soak.sh SECONDS [SEED]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATH="$BUILD/filters:$BUILD/tests/tools:$PATH" OPENBLAS_NUM_THREADS=1
export FAULT_LAYER="$BUILD/tests/faults/layer.so"
limit=$1
RANDOM=${2:-$$}
seed=${2:-$$}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
sh "$here/files.sh" || exit 1

# A step on each line, as a makefile would have it: its file, then its command.
cat >steps <<'END'
v.rms rec-vocab features ratings.rms -o v.rms
f.rms rec-featurize -v v.rms ratings.rms -o f.rms
i.rms rec-featurize -v v.rms --items ratings.rms -o i.rms
t.rms rec-train-tower -e 3 -l 3 -b 16 --checkpoint t.point --checkpoint-every 1 f.rms -o t.rms
r.rms rec-train-rank -e 3 -l 3 -b 16 --checkpoint r.point --checkpoint-every 1 f.rms -o r.rms
e.rms rec-embed -m t.rms --tower item i.rms -o e.rms
out.tsv PIPE
END
stages=('rec-embed -m t.rms --tower query f.rms' 'rec-knn -k 3 -i e.rms'
    'rec-rank -m r.rms -i i.rms' 'rec-decode -v v.rms' 'rec-to tsv -o out.tsv')
kinds=(read write open close fsync rename stat seek unlink malloc)
actions=(EIO ENOSPC ENOMEM EINTR short kill)

# Words that bring trouble to the command behind them, or none at all.
trouble() {
    case $((RANDOM % 3)) in
    0) echo "env FAULT=${kinds[RANDOM % ${#kinds[@]}]}:$((RANDOM % 60 + 1)):${actions[RANDOM % ${#actions[@]}]} LD_PRELOAD=$FAULT_LAYER" ;;
    1) echo "timeout -s KILL 0.0$((RANDOM % 40 + 1))" ;;
    esac
}

# As sh sees it, which looks at the status of the last stage only.
pipe() {
    local bad=$((RANDOM % (2 * ${#stages[@]}))) n words line=
    for ((n = 0; n < ${#stages[@]}; n++)); do
        words=
        if [ "$n" -eq "$bad" ]; then
            words=$(trouble)
            [ $((RANDOM % 4)) -gt 0 ] || [ "$n" -eq $((${#stages[@]} - 1)) ] ||
                words="killed-after $((RANDOM % 3000))"
        fi
        line="$line${line:+ | }$words ${stages[n]}"
    done
    sh -c "$line"
}

# Make FILE with or without trouble.
make_file() {
    if [ "$2" = PIPE ]; then
        pipe
    else
        # shellcheck disable=SC2046 # words
        $([ -z "${disturb-}" ] || trouble) "${@:2}"
    fi
}

# What each file is when nobody disturbs.
disturb=
while read -r file command; do
    # shellcheck disable=SC2086 # words
    if [ "$command" = PIPE ]; then
        sh -c "$(printf '%s | ' "${stages[@]}" | sed 's/ | $//')"
    else
        make_file "$file" $command
    fi || exit 1
done <steps
while read -r file _; do cp "$file" "good.$file"; done <steps

disturb=1 flows=0 tries=0 failures=0 wrong=0
end=$((SECONDS + limit))
# One flow at least, however short the time.
while { [ "$flows" -eq 0 ] || [ "$SECONDS" -lt "$end" ]; } &&
    [ "$wrong" -eq 0 ]; do
    while read -r file command; do
        rm -f "$file"
        for ((attempt = 0; ; attempt++)); do
            if [ "$attempt" -eq 50 ]; then
                echo "not ok: $file: fails again and again ($command)"
                wrong=$((wrong + 1))
                break
            fi
            tries=$((tries + 1))
            # shellcheck disable=SC2086 # words
            if make_file "$file" $command >said 2>&1; then
                cmp -s "$file" "good.$file" && break
                # A last stage that was killed by hand is no success.
                echo "not ok: $file: success, and not the file ($command)"
                wrong=$((wrong + 1))
                break
            fi
            failures=$((failures + 1))
            [ ! -e "$file" ] || cmp -s "$file" "good.$file" || {
                echo "not ok: $file: half a file ($command)"
                wrong=$((wrong + 1))
                break
            }
        done
        [ "$wrong" -eq 0 ] || break
    done <steps
    rm -f ./.*.part
    [ "$wrong" -gt 0 ] || flows=$((flows + 1))
done
[ "$wrong" -eq 0 ] || { cat said && echo "seed $seed"; }
echo "$flows flows, $tries steps tried, $failures failed, $wrong wrong"
[ "$wrong" -eq 0 ]
