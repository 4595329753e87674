#!/usr/bin/env bash
# Let every call of every kind fail in every command of "commands", one at a
# time, and print how many runs there were.  A line that begins with "not ok"
# for each command that did not take it well; exit status 1 then.
#
# usage: FAULT_LAYER=FILE tests/faults/sweep.sh STEP [PATTERN]
#
# Only every STEP-th call is tried, in commands that match PATTERN; with $SAMPLE
# only so many kinds in each command, in turn.  Works in the current folder, with
# as many processes at a time as $FAULT_JOBS says (1).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
step=$1 pattern=${2-.}

# Errors that each kind of call may have, and for reads and writes what is none.
faults=(
    read:EIO read:EINTR read:EAGAIN read:short
    write:EIO write:ENOSPC+ write:EINTR write:EAGAIN write:short write:kill
    open:EACCES open:EMFILE+ open:kill
    close:EIO fsync:EIO fsync:kill rename:EACCES rename:kill
    stat:EIO seek:EIO truncate:EIO flush:ENOSPC line:EIO unlink:kill
    thread:EAGAIN malloc:ENOMEM
)
# A longer list costs more than it shows where memory is checked, too.
[ -z "${FAULTS-}" ] || read -ra faults <<<"$FAULTS"

# try_all NUMBER OUT COMMAND...: all faults in one command, in a folder of its
# own.
try_all() {
    local number=$1 out=$2 options=() fault n status=0
    shift 2
    mkdir "run-$number" && cp files/* "run-$number" && cd "run-$number" || return
    [ "$out" = - ] || options+=(-o "${out%,*}")
    [ "${out#*,}" = "$out" ] || options+=(-k "${out#*,}")
    if [[ ${*: -1} == '<'* ]]; then
        options+=(-i "${*: -1:1}")
        options[-1]=${options[-1]#<}
        set -- "${@:1:$#-1}"
    fi
    for ((n = 0; n < ${SAMPLE:-${#faults[@]}}; n++)); do
        fault=${faults[(number * ${SAMPLE:-0} + n) % ${#faults[@]}]}
        if ! TMPDIR=. each-fault "${options[@]}" -s "$step" "${fault%:*}" \
            "${fault#*:}" "$@" 2>err; then
            status=1
            sed 's/^/not ok: /' err
        fi
    done
    cd .. && rm -r "run-$number"
    return "$status"
}

mkdir files && (cd files && sh "$here/files.sh") || exit
status=0 number=0 running=0
while read -r out command; do
    number=$((number + 1))
    # shellcheck disable=SC2086 # words
    try_all "$number" "$out" $command &
    running=$((running + 1))
    if [ "$running" -ge "${FAULT_JOBS:-1}" ]; then
        wait -n || status=1
        running=$((running - 1))
    fi
done < <(grep -v '^#' "$here/commands" | grep -e "$pattern")
while [ "$running" -gt 0 ]; do
    wait -n || status=1
    running=$((running - 1))
done
rm -r files
exit "$status"
