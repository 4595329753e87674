#!/usr/bin/env bash
# Measure, as ratios, in one run: "make bench" calls this.
#
# usage: tests/bench/run.sh [ROWS ...]
#
# Prints three tables and writes them to $BUILD/bench/*.tsv:
#
#   kernels  what the machine can do against what the kernels do with it: those
#            of training, and exact search (two minutes)
#   filters  each filter on generated streams of ROWS rows (1000000 10000000):
#            rows and bytes a second, against two cats that move the same bytes
#            through a pipe, and peak memory
#   flow     the article's flow for one seed, split by filter
#
# The machine should have nothing else to do.  RUNS (3) is how often a filter is
# timed; its best time counts.  EPOCHS (100) is for the flow.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${BUILD:-build}")
runs=${RUNS:-3}
epochs=${EPOCHS:-100}
out=$build/bench
tools=$build/tests/tools
export OPENBLAS_NUM_THREADS=1
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 1000000 10000000

# best LABEL FILE COMMAND: time COMMAND on standard input FILE; the line of the
# fastest of RUNS.
best() {
    local label=$1 file=$2
    shift 2
    rm -f "$work/times"
    for ((i = 0; i < runs; i++)); do
        "$tools/measure" "$work/times" "$label" "$@" <"$file" >/dev/null
    done
    sort -t $'\t' -k 2,2n "$work/times" | head -n 1
}

# row FILTER ROWS FILE COMMAND: one line of the table of filters.
row() {
    local name=$1 rows=$2 file=$3 pipe line
    shift 3
    pipe=$(best pipe "$file" sh -c 'cat | cat' | cut -f 2)
    line=$(best "$name" "$file" "$@")
    awk -F '\t' -v OFS='\t' -v rows="$rows" -v bytes="$(wc -c <"$file")" \
        -v pipe="$pipe" '{
            printf "%s\t%d\t%.0f\t%.0f\t%.3f\t%.1f\n", $1, rows, rows / $2,
                bytes / $2 / 1e6, pipe / $2, $4 / 1024 }' <<<"$line" |
        tee -a "$out/filters.tsv"
}

filters() {
    local rows=$1 path=$build/filters csv=$work/csv rms=$work/rms
    local feat=$work/feat vocab=$work/vocab
    row rec-synth "$rows" /dev/null "$path/rec-synth" --rows "$rows" -o "$csv"
    row rec-from "$rows" "$csv" "$path/rec-from" csv \
        --types 'user_id:str rating:f32 timestamp:i64' -o "$rms"
    rm -f "$csv"
    row rec-head "$rows" "$rms" "$path/rec-head" -n "$rows"
    row rec-cut "$rows" "$rms" "$path/rec-cut" user_id,movie_title
    row rec-where "$rows" "$rms" "$path/rec-where" rating '>=' 4
    row rec-split "$rows" "$rms" "$path/rec-split" "$work/a=0.8" "$work/b=0.2"
    rm -f "$work/a" "$work/b"
    row rec-info "$rows" "$rms" "$path/rec-info" --check
    row rec-to "$rows" "$rms" "$path/rec-to" csv
    row rec-vocab "$rows" "$rms" "$path/rec-vocab" pipelines/article.features \
        - -o "$vocab"
    row rec-featurize "$rows" "$rms" "$path/rec-featurize" -v "$vocab" \
        -o "$feat"
    rm -f "$rms" "$feat"
}

# The article's flow with each filter under measure.
flow() {
    mkdir -p "$work/shims"
    for filter in "$build"/filters/rec-*; do
        case $filter in *.*) continue ;; esac
        printf '#!/bin/sh\nexec "%s" "%s" %s "%s" "$@"\n' "$tools/measure" \
            "$work/flow" "${filter##*/}" "$filter" \
            >"$work/shims/${filter##*/}"
        chmod +x "$work/shims/${filter##*/}"
    done
    EPOCHS=$epochs SEEDS=1 FILTERS=$work/shims \
        "$tools/measure" "$work/flow" all pipelines/demo.sh "$work/demo" \
        >"$work/demo.log"
    awk -F '\t' -v OFS='\t' '
        { wall[$1] += $2; cpu[$1] += $3; if ($4 > peak[$1]) peak[$1] = $4 }
        END { for (f in wall)
                  printf "%s\t%.2f\t%.2f\t%.1f\n", f, wall[f], cpu[f],
                      peak[f] / 1024 }' "$work/flow" | sort -t $'\t' -k 3,3nr |
        tee -a "$out/flow.tsv"
}

if [ -x "$build/tests/bench/kernels" ]; then
    "$build/tests/bench/kernels" | tee "$out/kernels.tsv"
    "$build/tests/bench/knn" | tee -a "$out/kernels.tsv"
    echo
fi
printf 'filter\trows\trows_per_s\tMB_per_s\tof_pipe\tpeak_MiB\n' |
    tee "$out/filters.tsv"
for rows; do
    filters "$rows"
done
echo
printf 'filter\twall_s\tcpu_s\tpeak_MiB\n' | tee "$out/flow.tsv"
flow
