#!/usr/bin/env bash
# Trainers as processes that work together: tests/bench/run.sh calls this.
#
# usage: tests/bench/ranks.sh measured | computed MEASURED.tsv
#
# measured: rows a second of 1 and of 2 ranks on this machine, run in turns, the
# best epoch of each; and the bytes that a rank sends in a step of 2,048 rows a
# rank, against the least that any way of training with the same result sends, in
# which gradients are added on their way: 2 (N-1)/N bytes for each of the gradients
# of the step, dense or by a row that was looked up, and for towers as much for each
# byte of the items' embeddings.
#
# computed: from these, how many times the rows of one rank so many nodes would do,
# with 2,048 rows of each batch a node.  What two ranks take longer than half of
# what one takes, every rank is taken to do for all rows of the batch; to this and
# the rest comes the time of the bytes alone, at 10 and at 100 Gbit/s.  Nothing of it
# was run, and beyond 8 ranks the programs do not go.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${BUILD:-build}")
export PATH=$build/filters:$PATH RANKS_DIR=$build/ranked RANKS_RUN=mpirun
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# trained N TRAINER [OPTION]...
trained() {
    local n=$1 trainer=$2
    shift 2
    pipelines/ranks "$n" "$trainer" "$@" "$work/train" -o "$work/model"
}

# The best epoch's rows a second of N ranks, of RUNS runs in turns: rates TRAINER
rates() {
    local n i
    for ((i = 0; i < ${RUNS:-3}; i++)); do
        for n in 1 2; do
            trained $n "rec-train-$1" -e 8 --log "$work/log"
            tail -n +3 "$work/log" | cut -f 3 | sed "s/^/$n /"
        done
    done | awk -v OFS='\t' -v name="$1" '
        $2 > best[$1] { best[$1] = $2 }
        END {
            print name ", rows/s, 1 rank", best[1]
            print name ", rows/s, 2 ranks", best[2]
            printf "%s, 2 ranks to 1\t%.2f\n", name, best[2] / best[1] }'
}

# Bytes of the gradients of a step of N rows: of the layers, and of the rows that
# the first N rows of the data look up.
gradients() {
    {
        rec-to tsv -c tensor,rows,cols "$work/model" | grep -E '^(query|item|rank)\.[0-9]'
        rec-head -n "$1" "$work/train" | rec-to tsv -c query.user_id.lookup,\
query.timestamp.bucketize,item.movie_title.lookup,item.movie_title.tokenize |
            awk -F '\t' 'NR > 1 { for (i = 1; i <= NF; i++) {
                ids = split($i, id, ",")
                for (k = 1; k <= ids; k++)
                    if (!(i SUBSEP id[k] in seen)) { seen[i, id[k]]; n[i]++ } } }
            END { for (i in n) print "table\t" n[i] "\t32" }' # dim=32
    } | awk -F '\t' '{ sum += 4 * $2 * $3 } END { print sum }'
}

# Bytes of the embeddings of the items of N rows, for towers.
embeddings() {
    [ "$1" = tower ] || { echo 0; return; }
    rec-head -n "$2" "$work/train" | rec-to tsv -c item.movie_title.lookup |
        tail -n +2 | sort -u | wc -l | awk '{ print $1 * 32 * 4 }'
}

bytes() {
    local n sent least
    for n in 2 4 8; do
        sent=$(trained $n "rec-train-$1" -e 1 -b $((2048 * n)) -v 2>&1 |
            sed -n 's/.* sent \([0-9]*\) bytes a step$/\1/p')
        least=$(($(gradients $((2048 * n))) + $(embeddings "$1" $((2048 * n)))))
        least=$((2 * (n - 1) * least / n))
        printf '%s, bytes a step, %d ranks\t%d\n' "$1" $n "$sent"
        printf '%s, least bytes a step, %d ranks\t%d\n' "$1" $n "$least"
    done
}

measured() {
    local trainer
    rec-synth --rows 80000 | rec-from csv \
        --types 'user_id:str rating:f32 timestamp:i64' -o "$work/rows"
    rec-vocab pipelines/article.features "$work/rows" -o "$work/vocab"
    rec-featurize -v "$work/vocab" "$work/rows" -o "$work/train"
    for trainer in tower rank; do
        rates $trainer
        bytes $trainer
    done
}

# More ranks than 8 send (N-1)/N : 7/8 of what 8 send.
computed() {
    awk -F '\t' -v OFS='\t' '
        { split($1, word, ", ") }
        word[2] == "rows/s" { ms[word[1], word[3] + 0] = 2048 / $2 * 1e3 }
        word[2] ~ /bytes a step/ && word[3] == "8 ranks" {
            way[word[1], word[2] ~ /^least/ ? "least" : "sent"] = $2 }
        END {
            for (w in way) {
                split(w, word, SUBSEP)
                one = ms[word[1], 1]
                all = 2 * ms[word[1], 2] - one
                if (all < 0) all = 0
                for (n = 8; n <= 64; n *= 2)
                    for (gbit = 10; gbit <= 100; gbit *= 10) {
                        bytes = way[w] * (n - 1) / n / (7 / 8)
                        work = one - all + n * all
                        wire = bytes * 8 / gbit / 1e6
                        printf "%s\t%s\t%d\t%d\t%.1f\t%.2f\t%.2f\t%.1f\n", word[1],
                            word[2], n, gbit, bytes / 1e6, work, wire,
                            n * one / (work + wire)
                    }
            } }' "$1" | sort -k 1,2 -s
}

if [ ! -x "$RANKS_DIR/rec-train-rank" ] || ! command -v mpirun >/dev/null; then
    echo 'not measured: no mpicc'
    exit
fi
"$@"
