#!/usr/bin/env bash
# Measure, as ratios, in one run: "make bench" calls this.
#
# usage: tests/bench/run.sh [ROWS ...]
#
# Prints seven tables and writes them to $BUILD/bench/*.tsv:
#
#   kernels     what the machine can do against what the kernels do with it: those
#               of training, and exact search (two minutes)
#   embeddings  a step with a table of 10 million ids against one with 10,000, or
#               with as many as half of the free memory has room for
#   filters     each filter on generated streams of ROWS rows (1000000 10000000):
#               rows and bytes a second, bytes a second of processor time, the
#               first against two cats that move the same bytes through a pipe,
#               peak memory, processor time a row, and that over what it is at
#               the first ROWS; lists are of a tenth of the rows
#   flow        the article's flow for one seed, split by filter
#   ranks       trainers by two processes against one, and the bytes they send, where
#               there is MPI (two minutes)
#   nodes       computed from that, not measured: more nodes, on two networks
#   bars        what of this has a bar, and whether it is met; rates of filters
#               are those by processor time, and of the last ROWS
#
# The machine should have nothing else to do.  RUNS (3) is how often a filter is
# timed, less often what takes longer than 20 s; its best time counts.  EPOCHS
# (100) is for the flow.  ONLY='filters flow' leaves out the other tables; bars
# then are of what the last run left.  All of it takes some 15 minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${BUILD:-build}")
runs=${RUNS:-3}
epochs=${EPOCHS:-100}
only=${ONLY:-kernels embeddings filters flow ranks nodes bars}
out=$build/bench
tools=$build/tests/tools
export OPENBLAS_NUM_THREADS=1
export PATH=$build/filters:$PATH
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 1000000 10000000

# best LABEL FILE COMMAND: time COMMAND on standard input FILE; the line of the
# fastest of RUNS.
best() {
    local label=$1 file=$2 start=$SECONDS
    shift 2
    rm -f "$work/times"
    for ((i = 0; i < runs && (i == 0 || SECONDS - start < 20); i++)); do
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
        -v pipe="$pipe" -v name="$name" -v cpu="$(cut -f 3 <<<"$line")" \
        -v seconds="$(cut -f 2 <<<"$line")" \
        -v peak="$(cut -f 4 <<<"$line")" '
        $1 == name && first == 0 { first = $8 }
        END {
            if (cpu == 0) cpu = 0.001
            cost = cpu * 1e6 / rows
            printf "%s\t%d\t%.0f\t%.0f\t%.0f\t%.3f\t%.1f\t%.3f\t%.2f\n",
                name, rows, rows / seconds, bytes / seconds / 1e6,
                bytes / cpu / 1e6, pipe / seconds, peak / 1024, cost, (first > 0 ? cost / first : 1) }' "$out/filters.tsv"
}

filters() {
    local rows=$1 csv=$work/csv rms=$work/rms
    local feat=$work/feat vocab=$work/vocab
    row rec-synth "$rows" /dev/null rec-synth --rows "$rows" -o "$csv"
    row rec-from "$rows" "$csv" rec-from csv \
        --types 'user_id:str rating:f32 timestamp:i64' -o "$rms"
    rm -f "$csv"
    row rec-head "$rows" "$rms" rec-head -n "$rows"
    row rec-cut "$rows" "$rms" rec-cut user_id,movie_title
    row rec-where "$rows" "$rms" rec-where rating '>=' 4
    row rec-split "$rows" "$rms" rec-split "$work/a=0.8" "$work/b=0.2"
    rm -f "$work/a" "$work/b"
    seq $((rows / 100)) | rec-from tsv --columns user_id -o "$work/users"
    row rec-join "$rows" "$rms" rec-join --on user_id "$work/users"
    rm -f "$work/users"
    row rec-info "$rows" "$rms" rec-info --check
    row rec-to "$rows" "$rms" rec-to csv
    row rec-vocab "$rows" "$rms" rec-vocab pipelines/article.features \
        - -o "$vocab"
    row rec-featurize "$rows" "$rms" rec-featurize -v "$vocab" \
        -o "$feat"
    rec-featurize -v "$vocab" --items <"$rms" | rec-head -n 1000 -o "$work/items"
    rm -f "$rms"
    models "$rows"
    rm -f "$feat" "$vocab"
}

all_filters() {
    local rows
    for rows; do
        filters "$rows"
    done
}

# What comes behind features: one epoch of each model on all rows, lists of ten of
# a thousand items for a tenth of them.
models() {
    local rows=$1 some=$(($1 / 10)) key=item.movie_title.lookup
    row rec-decode "$rows" "$feat" rec-decode -v "$vocab" -c $key
    row rec-train-tower "$rows" "$feat" rec-train-tower -e 1 -o "$work/tower"
    row "tower --memory" "$rows" "$feat" rec-train-tower -e 1 \
        --memory $((rows * 8)) -o "$work/tower"
    row rec-train-rank "$rows" "$feat" rec-train-rank -e 1 -o "$work/ranker"
    row rec-embed "$rows" "$feat" rec-embed -m "$work/tower" --tower query
    rec-embed -m "$work/tower" --tower item "$work/items" -o "$work/embedded"
    rec-head -n "$some" <"$feat" |
        rec-embed -m "$work/tower" --tower query -o "$work/queries"
    row rec-knn "$some" "$work/queries" rec-knn -k 10 -i "$work/embedded" \
        -o "$work/lists"
    row rec-rank "$some" "$work/lists" rec-rank -m "$work/ranker" \
        -i "$work/items"
    row rec-ndcg "$some" "$work/lists" rec-ndcg --at 10
    rm -f "$work/tower" "$work/ranker" "$work/queries" "$work/items" \
        "$work/embedded" "$work/lists"
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
        $1 == "all" { whole = $3 }
        $1 != "all" { sum += $3 }
        { wall[$1] += $2; cpu[$1] += $3; if ($4 > peak[$1]) peak[$1] = $4 }
        END {
            cpu["make, awk, sh"] = whole - sum
            for (f in cpu)
                printf "%s\t%s\t%.2f\t%.1f\t%.1f\n", f,
                    f in wall ? sprintf("%.2f", wall[f]) : "-", cpu[f],
                    100 * cpu[f] / whole, peak[f] / 1024 }' "$work/flow" |
        sort -t $'\t' -k 3,3nr
}

# A section in columns, and as TSV in its file; the first column is WIDTH wide:
# section NAME WIDTH HEADER COMMAND
section() {
    local name=$1 width=$2 header=$3 tabs
    shift 3
    wanted "$name" || return 0
    tabs=$(seq -s , "$width" 13 $((width + 130)))
    {
        [ -z "$header" ] || printf "%b\n" "$header"
        "$@"
    } | tee "$out/$name.tsv" | stdbuf -oL expand -t "$tabs"
    echo
}

wanted() {
    [[ " $only " == *" $1 "* ]]
}

# bar NAME FIGURE LEAST|MOST VALUE: a line of the table of bars, also where a
# renamed or unfinished measurement has left FIGURE empty.
bar() {
    awk -v OFS="\t" -v name="$1" -v figure="$2" -v way="$3" -v bar="$4" '
        BEGIN { met = way == "least" ? figure >= bar : figure <= bar
                print name, figure == "" ? "-" : figure,
                    way == "least" ? ">=" : "<=", bar,
                    figure == "" ? "NO FIGURE" : met ? "met" : "NOT MET" }'
}

# field TABLE COLUMN NAME [THREADS]: of the last line of that name.
field() {
    [ ! -e "$out/$1.tsv" ] || awk -F "\t" -v column="$2" -v name="$3" \
        -v threads="${4-}" '
        $1 ~ "^" name "$" && (threads == "" || $2 == threads) {
            found = $column }
        END { print found }' "$out/$1.tsv"
}

# Bytes that a row more takes in training.
bytes_a_row() {
    [ ! -e "$out/filters.tsv" ] || awk -F "\t" -v name="$1" '
        $1 == name { rows[++n] = $2; peak[n] = $7 * 1024 * 1024 }
        END { if (n > 1)
                  printf "%.1f", (peak[n] - peak[1]) / (rows[n] - rows[1]) }' \
        "$out/filters.tsv"
}

bars() {
    local model filter k
    for model in towers ranker; do
        bar "$model to sgemm" "$(field kernels 3 "$model to sgemm" 1)" least 0.7
        bar "$model, 2 threads to 1" \
            "$(field kernels 3 "$model to one thread")" least 1.7
    done
    bar "accuracy to an epoch" \
        "$(field kernels 3 'epoch of towers to accuracy' 1)" most 0.1
    for k in 10 100; do
        bar "knn, k = $k, to sgemm" \
            "$(field kernels 3 "knn of .*, k = $k, to sgemm" 1)" least 0.9
    done
    for model in tower ranker; do
        bar "$model step, large table to small" \
            "$(field embeddings 4 "$model step" 1)" most 1.5
    done
    while read -r filter k; do
        bar "rec-$filter, MB/s" "$(field filters 5 "rec-$filter")" least "$k"
    done <<<"from 150
vocab 100
featurize 150
split 300
cut 500
where 300"
    bar "rec-train-tower, bytes a row" "$(bytes_a_row rec-train-tower)" most 24
    bar "rec-train-rank, bytes a row" "$(bytes_a_row rec-train-rank)" most 24
    bar "tower --memory, bytes a row" "$(bytes_a_row 'tower --memory')" most 12
    for model in tower rank; do
        bar "rec-train-$model, 2 ranks to 1" \
            "$(field ranks 2 "$model, 2 ranks to 1")" least 1.6
    done
    bar "the whole flow, s" "$(field flow 2 all)" most 35
}

# Ids whose table takes half of the memory that is free, 10 million at most.
affordable() {
    awk '$1 == "MemAvailable:" { ids = int($2 / 2 * 1024 / 512) }
        END { print (ids > 0 && ids < 1e7 ? (ids < 1e4 ? 10000 : ids) : 10000000) }' \
        /proc/meminfo 2>/dev/null || echo 1000000
}

kernels() {
    "$build/tests/bench/kernels"
    "$build/tests/bench/knn"
}

section kernels 45 '' kernels
section embeddings 24 '' "$build/tests/bench/embeddings" "$(affordable)"
section filters 18 \
    'filter\trows\trows_per_s\tMB_per_s\tMB_per_cpu_s\tof_pipe\tpeak_MiB\tus_per_row\tof_first' \
    all_filters "$@"
section flow 18 'filter\twall_s\tcpu_s\tcpu_percent\tpeak_MiB' flow
section ranks 36 '' tests/bench/ranks.sh measured
section nodes 10 \
    'computed\tbytes\tnodes\tGbit_per_s\tMB_a_step\twork_ms\tnetwork_ms\ttimes_1_rank' \
    tests/bench/ranks.sh computed "$out/ranks.tsv"
section bars 36 'what\tfigure\t\tbar\tmet' bars
