# rec-predict adds what the ranking model says of each row.

load helper
load models

setup_file() {
    make_features
    rec-train-rank --layers 16,8 --batch-size 64 --epochs 5 train.rms \
        -o ranker.rms
}

rows() {
    rec-to tsv --no-header "$@"
}

# A model made by hand whose logit is query.z + 2 item.w - 1, and rows for it.
made_by_hand() {
    {
        printf 'tensor\trows\tcols\tfirst\tvalues\n'
        printf '%s\t%d\t%d\t0\t%s\n' \
            item.t.lookup 10 1 '0|0|0|0|0|0|0|0|0|0' \
            rank.0.kernel 3 1 '1|0|2' \
            rank.0.bias 1 1 '-1'
    } | rec-from tsv \
        --types 'tensor:str rows:u64 cols:u64 first:u64 values:f32[]' \
        --meta model=ranker --meta layers=none \
        --meta 'feature.1=query z normalize' \
        --meta 'feature.2=item t lookup dim=1 size=10 key' \
        --meta 'feature.3=item w normalize' -o hand.rms
    printf '%s\n' $'a\t0\t9\t1' $'b\t2\t3\t-1' $'c\t1\t0\t0.5' |
        rec-from tsv --columns 'name:str query.z.normalize:f32
            item.t.lookup:u32 item.w.normalize:f32' -o rows.rms
}

@test "the logit of each row, or its probability, behind what is there" {
    made_by_hand
    rec-predict -m hand.rms rows.rms | rows -c name,logit |
        diff - <(printf 'a\t1\nb\t-1\nc\t1\n')
    # 1 / (1 + exp(-x)) of 1, -1, 1
    rec-predict -m hand.rms --probability --as p rows.rms | rows -c name,p |
        diff - <(printf 'a\t0.7310586\nb\t0.26894143\nc\t0.7310586\n')
    rec-predict -m hand.rms -p rows.rms | rec-info |
        grep '^column probability f32'
}

# The rows as queries with their own item as the one candidate.
@test "the probabilities are those of rec-rank, with lists of words too" {
    rec-predict -m "$DATA/ranker.rms" -p "$DATA/test.rms" |
        rows -c probability >got
    rec-to tsv "$DATA/test.rms" | awk -F '\t' -v OFS='\t' '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["query.user_id.lookup"], $at["query.timestamp.bucketize"],
            $at["query.timestamp.normalize"], $at["item.movie_title.lookup"],
            0 }' |
        rec-from tsv --columns 'query.user_id.lookup:u32
            query.timestamp.bucketize:u32 query.timestamp.normalize:f32
            candidates:u32[] scores:f32[]' |
        rec-rank -m "$DATA/ranker.rms" -i "$DATA/items.rms" | rows -c scores >want
    [ "$(wc -l <got)" -eq 400 ]
    paste got want | awk '{ d = $1 - $2; if (d > 1e-6 || d < -1e-6) exit 1 }'
}

@test "the same bytes for any -j, and blocks longer than go through at once" {
    rec-predict -m "$DATA/ranker.rms" "$DATA/train.rms" -o one.rms
    for n in 2 3; do
        rec-predict -j $n -m "$DATA/ranker.rms" "$DATA/train.rms" | cmp - one.rms
    done
    # Blocks of 4,096 rows go through in two parts, lists of words too.
    cat "$DATA"/{train,train,train}.rms | rec-where label '>=' 0 |
        rec-predict -m "$DATA/ranker.rms" | rows -c logit >got
    for _ in 1 2 3; do rows -c logit one.rms; done | paste got - |
        awk '{ d = $1 - $2; if (d > 1e-5 || d < -1e-5) exit 1 }
            END { exit NR != 4800 }'
    made_by_hand
    awk 'BEGIN { for (i = 0; i < 9000; i++)
        print i % 4099 "\t" i % 10 "\t" i % 7 }' >rows.txt
    rec-from tsv --columns 'query.z.normalize:f32 item.t.lookup:u32
        item.w.normalize:f32' -o many.rms rows.txt
    awk '{ print $1 + 2 * $3 - 1 }' rows.txt >want
    rec-predict -m hand.rms many.rms | rows -c logit | diff want -
}

@test "what does not fit is refused with a reason" {
    made_by_hand
    refuse() {
        run -1 --separate-stderr rec-predict -o out.rms "${@:2}"
        echo "$stderr"
        # shellcheck disable=SC2053 # a pattern on purpose
        [[ $stderr == rec-predict:\ $1 ]]
        [ ! -e out.rms ]
    }
    rec-cut --except item.w.normalize rows.rms -o less.rms
    refuse "less.rms: no column 'item.w.normalize'*" -m hand.rms less.rms
    refuse "rows.rms: there are two columns 'name'" -m hand.rms --as name rows.rms
    rec-head -n 0 rows.rms -o none.rms
    refuse "none.rms: no rows" -m hand.rms none.rms
    printf '%s\n' $'0\t9\t1' $'0\t10\t1' | rec-from tsv --columns \
        'query.z.normalize:f32 item.t.lookup:u32 item.w.normalize:f32' \
        -o beyond.rms
    refuse "beyond.rms: item.t.lookup: *" -m hand.rms beyond.rms
    refuse "rows.rms: not a model" -m rows.rms rows.rms
    rec-train-tower -l 8 -e 1 "$DATA/train.rms" -o towers.rms
    refuse "towers.rms: a model of kind 'towers', not 'ranker'" -m towers.rms \
        rows.rms
}

@test "a cut or damaged stream leaves no output" {
    made_by_hand
    refuses_damage rows.rms rec-predict -m hand.rms -o out.rms
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    made_by_hand
    fails_on_full_disk rec-predict -m hand.rms rows.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    made_by_hand
    refuses_usage rec-predict rows.rms
    refuses_usage rec-predict -m - -
    refuses_usage rec-predict -m hand.rms rows.rms more.rms
}
