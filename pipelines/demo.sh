#!/usr/bin/env bash
# The whole two-stage flow: on MovieLens 100k where it is to be had, and else on
# generated ratings.  Prints each step and, at the end, the table.
#
# usage: pipelines/demo.sh DIR
set -euo pipefail

if [ $# -ne 1 ]; then
    echo 'usage: pipelines/demo.sh DIR' >&2
    exit 2
fi
here=$(dirname "$0")
out=$1
# Those of this checkout or, installed, those of the same place.
if [ -z "${FILTERS-}" ]; then
    FILTERS=$here/../build/filters
    [ -d "$FILTERS" ] || FILTERS=$here/../../../bin
    FILTERS=$(cd "$FILTERS" && pwd)
fi
export FILTERS
# Whatever make called us with is not for the make that we call.
unset MAKEFLAGS MFLAGS MAKELEVEL

mkdir -p "$out"
data=$out/ml-100k
if ! "$here/../data/get-movielens-100k" "$data"; then
    echo 'demo.sh: generated ratings will do instead' >&2
    data=$out/generated.csv
    [ -e "$data" ] || "$FILTERS/rec-synth" -o "$data"
fi
exec make -f "$here/article.mk" -j2 OUT="$out" DATA="$data" SEEDS="${SEEDS-1}" \
    EPOCHS="${EPOCHS-100}"
