# rec-rank puts candidates in the order of the ranking model.

load helper
load models

setup_file() {
    make_features
    rec-train-rank --layers 16,8 --batch-size 64 --epochs 5 train.rms \
        -o ranker.rms
    rec-train-tower --layers 16,8 --epochs 1 train.rms -o towers.rms
    rec-embed -m towers.rms --tower item items.rms -o embedded.rms
    rec-embed -m towers.rms --tower query test.rms |
        rec-knn -k 40 -i embedded.rms -o lists.rms
}

# How many DATA frames there are.
blocks() {
    LC_ALL=C grep -aoP '\x89RS1D' | wc -l
}

# A model made by hand whose logit is query.z + item.w, or what another first
# kernel makes of it, and four items with w = 1, -1, 1, 0 for the ids 9, 3, 5, 7.
made_by_hand() {
    {
        printf 'tensor\trows\tcols\tfirst\tvalues\n'
        printf '%s\t%d\t%d\t0\t%s\n' \
            item.t.lookup 10 1 '0|0|0|0|0|0|0|0|0|0' \
            rank.0.kernel 3 2 "${1-1|-1|0|0|1|-1}" \
            rank.0.bias 1 2 '0|0' \
            rank.1.kernel 2 1 '1|-1' \
            rank.1.bias 1 1 '0'
    } | rec-from tsv \
        --types 'tensor:str rows:u64 cols:u64 first:u64 values:f32[]' \
        --meta model=ranker --meta layers=2 \
        --meta 'feature.1=query z normalize' \
        --meta 'feature.2=item t lookup dim=1 size=10 key' \
        --meta 'feature.3=item w normalize' -o hand.rms
    printf '%s\n' $'9\t1' $'3\t-1' $'5\t1' $'7\t0' |
        rec-from tsv --columns 'item.t.lookup:u32 item.w.normalize:f32' \
            --meta key=item.t.lookup -o items.rms
}

# Queries and their lists: lists ROW...
lists() {
    printf '%s\n' "$@" | rec-from tsv --list-separator ' ' --columns \
        'name:str query.z.normalize:f32 candidates:u32[] scores:f32[]' \
        -o lists.rms
}

rank() {
    rec-rank -m hand.rms -i items.rms "$@"
}

rows() {
    rec-to tsv --list-separator ' ' --no-header
}

@test "orders by probability, and of equal ones the lower id first" {
    made_by_hand
    lists $'a\t0\t3 9 7 5\t4 3 2 1' $'b\t2\t7 3\t0 0' $'c\t1\t\t' $'d\t-1\t9\t8'
    rank lists.rms | rows >got
    # 1 / (1 + exp(-x)) of 1, 1, 0, -1; of 2, 1; of 0.
    diff - got <<'END'
a	0	5 9 7 3	0.7310586 0.7310586 0.5 0.26894143
b	2	7 3	0.8807971 0.7310586
c	1		
d	-1	9	0.5
END
}

@test "the order is that of the logits where probabilities are equal" {
    made_by_hand
    # Logits of 41, 39 and 40: every probability is 1 as a float.
    lists $'a\t40\t3 7 9\t0 0 0'
    rank lists.rms | rows >got
    printf 'a\t40\t9 7 3\t1 1 1\n' | diff - got
}

@test "--depth orders the first candidates and drops the rest" {
    made_by_hand
    lists $'a\t0\t3 9 7 5\t4 3 2 1' $'b\t2\t7\t0' $'c\t0\t\t'
    rank --depth 2 lists.rms | rows >got
    diff - got <<'END'
a	0	9 3	0.7310586 0.26894143
b	2	7	0.8807971
c	0		
END
}

@test "lists that are all empty stay so" {
    made_by_hand
    lists $'a\t0\t\t' $'b\t0\t\t'
    rank lists.rms | rows >got
    printf 'a\t0\t\t\nb\t0\t\t\n' | diff - got
}

@test "the same candidates as before, and every other column untouched" {
    rec-rank -m "$DATA/ranker.rms" -i "$DATA/items.rms" "$DATA/lists.rms" \
        -o out.rms
    for file in "$DATA/lists.rms" out.rms; do
        rec-to tsv -c candidates --no-header "$file" | awk '{
            n = split($1, id, "|"); for (i = 1; i <= n; i++) print NR, id[i]
        }' | sort >>"$(basename "$file").ids"
    done
    [ "$(wc -l <out.rms.ids)" -eq 16000 ]
    cmp lists.rms.ids out.rms.ids
    rec-to tsv -c scores --no-header out.rms | tr '|' '\t' | awk '{
        for (i = 1; i < NF; i++) if ($i < $(i + 1) || $i >= 1) exit 1 }'
    rec-cut --except candidates,scores out.rms | rec-to tsv >got
    rec-cut --except candidates,scores "$DATA/lists.rms" | rec-to tsv |
        diff - got
    head_lines out.rms | grep -v '^step rec-rank' >got
    head_lines "$DATA/lists.rms" | diff - got
}

@test "a candidate's probability does not depend on who else is in the list" {
    for depth in 1 40; do
        rec-rank -m "$DATA/ranker.rms" -i "$DATA/items.rms" --depth $depth \
            "$DATA/lists.rms" |
            rec-to tsv -c candidates,scores --no-header >depth$depth
    done
    paste depth1 depth40 | awk -F '\t' '{
        n = split($3, id, "|"); split($4, p, "|")
        for (i = 1; i <= n; i++)
            if (id[i] == $1) { found++; d = p[i] - $2
                if (d > 1e-6 || d < -1e-6) exit 1 }
        } END { exit found != 400 }'
}

@test "one block in, one block out, and blocks do not show in the rows" {
    made_by_hand
    rows='a\t0\t3 9 7 5\t4 3 2 1\nb\t2\t\t\nc\t1\t7 3\t0 0\n'
    # shellcheck disable=SC2059 # a format on purpose
    printf "$rows" | rec-from tsv --flush --list-separator ' ' --columns \
        'name:str query.z.normalize:f32 candidates:u32[] scores:f32[]' |
        rank >got.rms
    [ "$(blocks <got.rms)" -eq 3 ]
    lists $'a\t0\t3 9 7 5\t4 3 2 1' $'b\t2\t\t' $'c\t1\t7 3\t0 0'
    rank lists.rms | rows >want
    rows <got.rms | diff want -
}

@test "gives the same bytes for any number of threads" {
    options=(-m "$DATA/ranker.rms" -i "$DATA/items.rms" "$DATA/lists.rms")
    rec-rank -j 1 "${options[@]}" -o one
    for n in 2 3; do
        rec-rank -j $n "${options[@]}" | cmp - one
    done
}

@test "a candidate that is none of the items is refused" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1' $'b\t0\t9 4\t2 1'
    run -1 --separate-stderr rank lists.rms -o out.rms
    [ "$stderr" = "rec-rank: lists.rms: candidate 4 is none of the items" ]
    [ ! -e out.rms ]
    # Dropped before anybody asks.
    rank --depth 1 lists.rms -o out.rms
}

@test "--id names the column of the items' ids" {
    made_by_hand
    printf '%s\n' $'9\t1\t60' $'3\t-1\t70' |
        rec-from tsv --columns \
            'item.t.lookup:u32 item.w.normalize:f32 number:u32' -o items.rms
    lists $'a\t0\t70 60\t0 0'
    run -1 --separate-stderr rank lists.rms
    [ "$stderr" = "rec-rank: items.rms: its head has no meta 'key'" ]
    rank --id number lists.rms | rows >got
    printf 'a\t0\t60 70\t0.7310586 0.26894143\n' | diff - got
}

@test "items that are there twice, or not at all, are refused" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1'
    cat items.rms items.rms >twice.rms
    run -1 --separate-stderr rec-rank -m hand.rms -i twice.rms lists.rms
    [ "$stderr" = "rec-rank: twice.rms: item 9 is there twice" ]
    rec-head -n 0 items.rms -o none.rms
    run -1 --separate-stderr rec-rank -m hand.rms -i none.rms lists.rms
    [ "$stderr" = "rec-rank: none.rms: no items" ]
}

@test "a score that is not a number is refused" {
    # Both hidden units overflow: the logit is infinity minus infinity.
    made_by_hand '1e10|1e10|0|0|1|1'
    lists $'a\t1\t9\t1' $'b\t3e38\t9\t1'
    run -1 --separate-stderr rank lists.rms -o out.rms
    [ "$stderr" = "rec-rank: lists.rms: a score is not a number" ]
    [ ! -e out.rms ]
}

@test "lists without a column or the query's features are refused" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1'
    for column in candidates scores query.z.normalize; do
        rec-cut --except $column lists.rms -o less.rms
        run -1 --separate-stderr rank less.rms -o out.rms
        [[ $stderr == "rec-rank: less.rms: no column '$column'"* ]]
        [ ! -e out.rms ]
    done
}

@test "refuses what is no ranking model, or of another vocabulary" {
    run -1 --separate-stderr rec-rank -m "$DATA/towers.rms" \
        -i "$DATA/items.rms" "$DATA/lists.rms"
    [ "$stderr" = "rec-rank: $DATA/towers.rms: a model of kind 'towers', not 'ranker'" ]
    rec-head -n 500 "$DATA/all.rms" -o some.rms
    rec-vocab "$DATA/features" some.rms -o vocab.rms
    rec-featurize -v vocab.rms --items some.rms -o other.rms
    run -1 --separate-stderr rec-rank -m "$DATA/ranker.rms" -i other.rms \
        "$DATA/lists.rms"
    [[ $stderr == "rec-rank: other.rms: made with another vocabulary or feature file: "* ]]
}

@test "no rows are an error" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1'
    rec-head -n 0 lists.rms -o none.rms
    run -1 --separate-stderr rank none.rms -o out.rms
    [ "$stderr" = "rec-rank: none.rms: no rows" ]
    [ ! -e out.rms ]
}

@test "a cut or damaged model, table of items or stream leaves no output" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1'
    refuses_damage lists.rms rank -o out.rms
    for file in hand items; do
        cp $file.rms whole
        damage $file.rms "$(($(wc -c <whole) - 80))"
        run -1 --separate-stderr rank lists.rms -o out.rms
        [[ $stderr == "rec-rank: $file.rms: "* ]]
        head -c "$(($(wc -c <whole) / 2))" whole >$file.rms
        run -1 --separate-stderr rank lists.rms -o out.rms
        [[ $stderr == "rec-rank: $file.rms: "* ]]
        mv whole $file.rms
    done
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    made_by_hand
    lists $'a\t0\t3 9\t1 1'
    fails_on_full_disk rec-rank -m hand.rms -i items.rms lists.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    made_by_hand
    refuses_usage rec-rank lists.rms
    refuses_usage rec-rank -m hand.rms lists.rms
    refuses_usage rec-rank -i items.rms lists.rms
    refuses_usage rec-rank -m hand.rms -i items.rms --depth 0 lists.rms
    refuses_usage rec-rank -m hand.rms -i items.rms --depth 2x lists.rms
    refuses_usage rec-rank -m hand.rms -i items.rms lists.rms more.rms
}

@test "the manual page has the options of --help" {
    same_options rec-rank
}
