# rec-train-rank makes a ranking model of a stream of features with labels.

load helper
load models

trainer=rec-train-rank

setup_file() {
    make_features
}

# Numbers so large that the first step makes weights infinite.
diverging() {
    printf '%s\n' $'1e37\t1\t1' $'1e37\t1\t0' $'-1e37\t1\t1' $'-1e37\t1\t0' |
        rec-from tsv --columns 'query.z.normalize:f32 item.t.lookup:u32 label:u8' \
            --meta 'feature.1=query z normalize' \
            --meta 'feature.2=item t lookup dim=4 size=2 key' -o diverging.rms
}

@test "the loss falls, and the model says what it is and where it comes from" {
    train --epochs 30 --log log "$DATA/train.rms" -o out.rms
    has_epochs log 30
    losses log | awk 'NR == 1 { first = $1 } { last = $1 }
        END { exit !(first > 0.68 && first < 0.7 && last < 0.6) }'
    head_lines out.rms | sed 's/\( size=[0-9]*\)* digest=[1-9][0-9]*//' >got
    grep -q '^step rec-train-rank .* --epochs 30$' got
    grep -v '^step' got | diff - <(
        cat <<'END'
meta model ranker
meta layers 16,8
meta feature.1 query user_id lookup dim=8 order=bytes min=1
meta feature.2 query timestamp bucketize dim=4 bins=20 side=left
meta feature.3 query timestamp normalize
meta feature.4 item movie_title lookup dim=8 order=bytes min=1 key
meta key item.movie_title.lookup
meta feature.5 item movie_title tokenize dim=8 min=1 max=10000 pool=mean
END
    )
    rec-to tsv -c tensor,rows,cols out.rms | grep '^rank' >got
    printf '%s\n' $'rank.0.kernel\t29\t16' $'rank.0.bias\t1\t16' \
        $'rank.1.kernel\t16\t8' $'rank.1.bias\t1\t8' \
        $'rank.2.kernel\t8\t1' $'rank.2.bias\t1\t1' | diff - got
}

@test "learns from labels and from nothing else" {
    # Labels that say nothing but which user it is.
    awk 'BEGIN { for (i = 0; i < 600; i++)
        print i % 7 + 1 "\t" i % 11 + 1 "\t" (i % 7 < 3) }' |
        rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32 label:u8' \
            --meta 'feature.1=query u lookup dim=4 size=8' \
            --meta 'feature.2=item t lookup dim=4 size=12 key' -o easy.rms
    train --epochs 100 --validate easy.rms --log log easy.rms -o out.rms
    tail -n 1 log | awk '{ exit !($4 == 1 && $5 == 1 && $6 < 0.02) }'
}

@test "--layers none: a linear model" {
    train --layers none --epochs 2 "$DATA/train.rms" -o out.rms
    rec-info out.rms | grep -x 'meta layers none' >/dev/null
    rec-to tsv -c tensor,rows,cols out.rms | grep '^rank' |
        diff <(printf '%s\n' $'rank.0.kernel\t29\t1' $'rank.0.bias\t1\t1') -
    train --layers none --epochs 1 --init out.rms "$DATA/train.rms" -o more.rms
}

@test "same seed, same bytes; another seed, other bytes" {
    train --epochs 2 "$DATA/train.rms" -o one.rms
    train --epochs 2 <"$DATA/train.rms" | cmp - one.rms
    train --epochs 2 --seed 2 "$DATA/train.rms" -o two.rms
    weights two.rms >two
    weights one.rms >other
    run -1 cmp -s other two
}

@test "gives the same bytes for any number of threads and any optimizer" {
    for optimizer in sgd adagrad adam lazy-adam \
        'adam --decay 0.1 --schedule cosine --warmup 3' \
        'adagrad --drop query.user_id.lookup=0.3'; do
        # shellcheck disable=SC2206 # several words on purpose
        options=(--epochs 3 --learning-rate 0.05 --optimizer $optimizer)
        options+=(--batch-size 500 "$DATA/train.rms")
        train -j 1 "${options[@]}" -o one.rms
        for n in 2 3; do
            train -j $n "${options[@]}" | cmp - one.rms
        done
    done
}

@test "goes on after SIGKILL and ends with the same bytes" {
    goes_on_after KILL 137
}

@test "goes on after SIGTERM in mid-epoch and ends with the same bytes" {
    goes_on_after TERM 143
}

@test "rows that do not fit into --memory are kept in a file" {
    keeps_rows_in_a_file
}

@test "with --memory the peak does not grow with the rows" {
    keeps_within_memory
}

@test "with --memory it goes on in mid-epoch and ends with the same bytes" {
    goes_on_after TERM 143 --memory 8K
}

@test "--memory that is no size, too little or nowhere is refused" {
    refuses_memory
}

@test "a checkpoint of other options or other data is refused" {
    stopped_in_mid_epoch
    refuses_checkpoint --seed 2 --epochs 600 "$DATA/train.rms"
    refuses_checkpoint --optimizer adam --epochs 600 "$DATA/train.rms"
    rec-head -n 1500 "$DATA/train.rms" -o train.rms
    refuses_checkpoint --epochs 600 train.rms
}

@test "--epochs may be raised above those of a checkpoint, and not lowered" {
    stopped_in_mid_epoch
    done="$(checkpoint_meta epoch) epochs and $(checkpoint_meta batch) batches"
    for n in 1 "$(checkpoint_meta epoch)"; do
        fails_with "$trainer: checkpoint.rms: $done are done already" \
            --checkpoint checkpoint.rms --epochs "$n" "$DATA/train.rms"
    done
    train --epochs 610 "$DATA/train.rms" -o want.rms
    train --epochs 610 "$DATA/train.rms" --checkpoint checkpoint.rms -o out.rms
    cmp want.rms out.rms
}

@test "a schedule moves the rate of each step" {
    rates_of_schedules
}

@test "with a schedule a run is no longer than was said" {
    schedule_holds_epochs
}

@test "--init goes on from a model's weights" {
    options=(--optimizer sgd --no-shuffle "$DATA/train.rms")
    train --epochs 6 "${options[@]}" -o six.rms
    train --epochs 2 "${options[@]}" -o two.rms
    train --epochs 4 --init two.rms --seed 9 "${options[@]}" -o again.rms
    weights six.rms >want
    weights again.rms | diff want -
    weights two.rms >other
    run -1 cmp -s other want
}

@test "--init refuses a model of other features or layers, and towers" {
    train --epochs 1 "$DATA/train.rms" -o out
    fails_with "$trainer: out: a model of other features, layers, similarity or interactions" \
        --layers 8,16 --init out "$DATA/train.rms"
    rec-train-tower -l 16,8 -e 1 "$DATA/train.rms" -o towers.rms
    fails_with "$trainer: towers.rms: a model of kind 'towers', not 'ranker'" \
        --init towers.rms "$DATA/train.rms"
}

# The rows as queries with their own item as the one candidate: rec-rank then
# gives the probability of each row.
@test "accuracy, AUC and log loss are those of the probabilities of rec-rank" {
    options=(--epochs 20 --validate "$DATA/test.rms" --log log)
    train "${options[@]}" "$DATA/train.rms" -o out.rms
    rec-to tsv "$DATA/test.rms" | awk -F '\t' -v OFS='\t' '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["query.user_id.lookup"], $at["query.timestamp.bucketize"],
            $at["query.timestamp.normalize"], $at["label"],
            $at["item.movie_title.lookup"], 0 }' |
        rec-from tsv --columns 'query.user_id.lookup:u32
            query.timestamp.bucketize:u32 query.timestamp.normalize:f32
            label:u8 candidates:u32[] scores:f32[]' |
        rec-rank -m out.rms -i "$DATA/items.rms" |
        rec-to tsv -c label,scores --no-header >scored
    [ "$(wc -l <scored)" -eq 400 ]
    awk '{ y[NR] = $1; p[NR] = $2; right += ($2 > 0.5) == $1
            loss -= log($1 ? $2 : 1 - $2) }
        END {
            for (i = 1; i <= NR; i++)
                for (j = 1; j <= NR; j++)
                    if (y[i] && !y[j]) {
                        pairs++
                        above += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0
                    }
            printf "%.9f\t%.9f\t%.9f\n", right / NR, above / pairs, loss / NR
        }' scored >want
    [ "$(head -n 1 log | cut -f 4-)" = $'accuracy\tauc\tlog_loss' ]
    tail -n 1 log | cut -f 4- | paste want - | awk '
        function differ(a, b, by) { return a - b > by || b - a > by }
        { exit differ($1, $4, 1e-6) || differ($2, $5, 1e-6) ||
            differ($3, $6, 1e-6) }'
}

@test "--every validates in between, and there is no AUC of one label" {
    rec-where -i "$DATA/test.rms" -o ones.rms label = 1
    train --epochs 5 --every 2 --validate ones.rms --log log "$DATA/train.rms" \
        -o out.rms
    cut -f 5 log | tr '\n' ' ' | diff - <(printf 'auc - nan - nan nan ')
}

@test "--patience stops when labels are told apart no better, and gives the best model" {
    stops_early 5
    stops_early 6 falls -- --watch log_loss
    stops_early_every 5
}

@test "there is no stopping by an AUC of one label" {
    rec-where -i "$DATA/test.rms" -o ones.rms label = 1
    fails_with "$trainer: ones.rms: epoch 1: auc is not a number*" \
        --patience 3 --validate ones.rms "$DATA/train.rms"
}

@test "with all that changes over time it goes on after SIGTERM and stops where it would have" {
    goes_on_after TERM 143 --patience 450 --validate "$DATA/test.rms" \
        --schedule cosine --warmup 100 --optimizer lazy-adam --decay 0.1 \
        --learning-rate 0.01
    [ "$(tail -n 1 log | cut -f 1)" -lt 600 ]
}

@test "what early stopping looks at is recorded, and only then" {
    patience_is_recorded
}

@test "a loss that is no number stops training and says where" {
    diverging
    fails_with "$trainer: epoch 2, batch 1: step 2: loss is not a number" \
        --optimizer sgd --learning-rate 1000 diverging.rms
    # In a pipe it is the last stage that fails, and it tells who died.
    run -1 --separate-stderr bash -c '"$@" | rec-info' bash "$trainer" \
        --optimizer sgd --learning-rate 1000 diverging.rms
    [[ $stderr == *"rec-info: standard input: "*"loss is not a number"* ]]
}

@test "weights that the last step made infinite are no model" {
    diverging
    fails_with "$trainer: epoch 1: tensor 'rank.0.kernel' is no longer finite" \
        --epochs 1 --optimizer sgd --learning-rate 1000 diverging.rms
}

@test "no rows, no labels, no features: refused with a reason" {
    rec-head -n 0 "$DATA/train.rms" -o none.rms
    fails_with "$trainer: none.rms: no rows" none.rms
    fails_with "$trainer: none.rms: no rows" --validate none.rms \
        "$DATA/train.rms"
    fails_with "$trainer: $DATA/all.rms: its head describes no features: *" \
        "$DATA/all.rms"
    for column in label query.user_id.lookup item.movie_title.tokenize; do
        rec-cut --except $column "$DATA/train.rms" -o less.rms
        fails_with "$trainer: less.rms: no column '$column'*" less.rms
    done
}

@test "an id beyond the embedding table is refused" {
    printf '3\t1\t1\n' |
        rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32 label:u8' \
            --meta 'feature.1=query u lookup dim=4 size=3' \
            --meta 'feature.2=item t lookup dim=4 size=2 key' -o beyond.rms
    fails_with "$trainer: beyond.rms: query.u.lookup: *" beyond.rms
}

@test "a cut or damaged stream, or model to start from, leaves no output" {
    train --epochs 1 "$DATA/train.rms" -o model.rms
    cp "$DATA/train.rms" .
    for file in train.rms model.rms; do
        cp $file whole
        damage $file "$(($(wc -c <whole) - 100))"
        fails_with "$trainer: $file: *" --init model.rms train.rms
        head -c 3000 whole >$file
        fails_with "$trainer: $file: *" --init model.rms train.rms
        mv whole $file
    done
    fails_with "$trainer: standard input: *empty*" </dev/null
}

@test "where nothing can be written is known before any training" {
    missing=nowhere/file
    for options in "-o $missing" "--checkpoint $missing -o out.rms" \
        "--log $missing -o out.rms"; do
        # shellcheck disable=SC2086 # several words on purpose
        run -1 --separate-stderr train --verbose $options "$DATA/train.rms"
        [ "$stderr" = "$trainer: $missing: No such file or directory" ]
        [ ! -e out.rms ]
    done
}

@test "a full disk is an error, for the model and for the log" {
    fails_on_full_disk "$trainer" -e 1 "$DATA/train.rms"
    fails_with "$trainer: /dev/full: *" --log /dev/full "$DATA/train.rms"
}

@test "wrong usage exits 2 and says nothing on standard output" {
    for options in '-l 0' '-l 8,' '-l 1,2,3,4,5,6,7,8,9' '-b 0' '-e 0' \
        '--learning-rate 0' '--learning-rate nan' '--optimizer magic' \
        '--seed -1' '--every 0' '--checkpoint-every 0' '--nonsense' \
        '--patience 0' '--patience 2 --watch ndcg_10' '--decay -1' '--decay 10' '--schedule exponential' '--warmup 0.5' \
        '--schedule linear --final-rate 2' '--final-rate 0.5'; do
        # shellcheck disable=SC2086 # several words on purpose
        refuses_usage "$trainer" $options "$DATA/train.rms"
    done
}

@test "the manual page has the options of --help" {
    same_options "$trainer"
}

@test "options of early stopping that say nothing are refused" {
    refuses_usage rec-train-rank --patience 2 -o m.rms x.rms
    refuses_usage rec-train-rank --watch auc --validate v.rms -o m.rms x.rms
}

# Rows q, z, label of one number for each row, and a linear model of 0.
rows_of_lists() {
    printf '%s\n' $'1\t1\t0' $'1\t2\t0' $'1\t3\t1' $'2\t0\t1' $'2\t4\t0' \
        $'3\t5\t0' $'3\t6\t0' |
        rec-from tsv --columns 'q:str query.z.normalize:f32 label:u8' \
            --meta 'feature.1=query z normalize' -o rows.rms
    printf '%s\n' $'tensor\trows\tcols\tfirst\tvalues' \
        $'rank.0.kernel\t1\t1\t0\t0' $'rank.0.bias\t1\t1\t0\t0' |
        rec-from tsv --types 'tensor:str rows:u64 cols:u64 first:u64 values:f32[]' \
            --meta model=ranker --meta layers=none \
            --meta 'feature.1=query z normalize' -o zero.rms
}

@test "--group: a step by the softmax of whole lists, worked by hand" {
    rows_of_lists
    options=(--group q --layers none --init zero.rms --optimizer sgd -e 1)
    # Shares of 1/3 and 1/2.  The slopes of z's weight are (1 + 2 + 3) / 3 - 3 in
    # the first list and (0 + 4) / 2 - 0 in the second, 1/2 on average; there is
    # none of the third, in which nothing is relevant.
    rec-train-rank --verbose "${options[@]}" --log log rows.rms -o out.rms 2>err
    rec-to tsv --no-header -c tensor,values out.rms | diff - <(
        printf 'rank.0.kernel\t-0.05\nrank.0.bias\t0\n'
    )
    # (ln 3 + ln 2) / 2
    losses log | awk '{ d = $1 - 0.8958797; exit d > 1e-6 || d < -1e-6 }'
    grep -q 'rows.rms: 1 of 3 lists have no label 1 and were left out' err
    # Two rows are less than a list has on average: a list a step.
    rec-train-rank "${options[@]}" --batch-size 2 --no-shuffle rows.rms -o out.rms
    # After the first w = 0.1: the share of z = 4 is 1 / (1 + exp(-0.4)).
    rec-to tsv --no-header -c values out.rms | head -n 1 | awk '{
        d = $1 - (0.1 - 0.1 * 4 / (1 + exp(-0.4))); exit d > 1e-6 || d < -1e-6 }'
}

@test "--group: figures of lists, by which training stops early" {
    rows_of_lists
    rec-train-rank --group q --layers none --init zero.rms --optimizer sgd -e 1 \
        --validate rows.rms --log log rows.rms -o out.rms
    [ "$(head -n 1 log | cut -f 4-)" = $'accuracy\tauc\tlog_loss\tlist_loss\tndcg_10' ]
    # With w = -0.05 the first list has its label last, the second first.
    tail -n 1 log | cut -f 7,8 | awk '{
        loss = log(1 + exp(0.05) + exp(0.1)) + log(1 + exp(-0.2))
        d = $1 - loss / 2; n = $2 - (0.5 + 1) / 2
        exit d > 1e-6 || d < -1e-6 || n > 1e-9 || n < -1e-9 }'
    # The user's rows as lists; what is looked at is nDCG.
    sorted() {
        rec-to tsv --list-separator ' ' "$1" | awk 'NR > 1' |
            sort -s -t "$(printf '\t')" -k 1,1 >sorted.tsv
        columns=$(rec-info "$1" | awk '$1 == "column" { print $2 ":" $3 }')
        metas=()
        while read -r _ key value; do
            metas+=(--meta "$key=$value")
        done < <(rec-info "$1" | grep '^meta ')
        rec-from tsv --list-separator ' ' --columns "$columns" "${metas[@]}" \
            sorted.tsv
    }
    sorted "$DATA/train.rms" >train.rms
    sorted "$DATA/test.rms" >test.rms
    options=(--group user_id --validate test.rms --patience 4 train.rms)
    train --epochs 60 --log log "${options[@]}" -o out.rms
    best=$(best_epoch log 8)
    has_epochs log $((best + 4 < 60 ? best + 4 : 60))
    train --epochs 60 --log log --watch list_loss "${options[@]}" -o out.rms
    best=$(best_epoch log 7 falls)
    has_epochs log $((best + 4 < 60 ? best + 4 : 60))
    # The same bytes for any number of threads.
    for n in 1 2 3; do
        train -j $n --epochs 3 --group user_id train.rms -o $n.rms
        cmp 1.rms $n.rms
    done
}

@test "--group: a run that was interrupted ends with the same bytes" {
    goes_on_after TERM 143 --group user_id
}

@test "--group: what has no lists is refused with a reason" {
    rows_of_lists
    fails_with "$trainer: rows.rms: no column 'who'*" --group who rows.rms
    fails_with "$trainer: rows.rms: column 'query.z.normalize' is f32*" \
        --group query.z.normalize rows.rms
    rec-where -i rows.rms -o none.rms label = 0
    fails_with "$trainer: none.rms: no list by 'q' has a label 1" --group q none.rms
    fails_with "$trainer: none.rms: no list by 'q' has a label 1" --group q \
        --validate none.rms rows.rms
    # Rows that are not sorted are no lists.
    cat rows.rms rows.rms >unsorted.rms
    fails_with "$trainer: unsorted.rms: row 8: the key of an earlier list comes back: *" \
        --group q unsorted.rms
    for figure in list_loss ndcg_10; do
        refuses_usage "$trainer" --validate rows.rms --patience 2 \
            --watch $figure rows.rms
    done
}

@test "--cross and --product: the model says so, and is read back" {
    train --epochs 2 --cross 2 --layers 4 \
        --product query.user_id.lookup,item.movie_title.lookup \
        "$DATA/train.rms" -o out.rms
    rec-info out.rms >info
    grep -qx 'meta model interacting-ranker' info
    grep -qx 'meta cross 2' info
    rec-info out.rms >got
    grep -qx \
        'meta product.1 query.user_id.lookup item.movie_title.lookup' got
    rec-to tsv -c tensor,rows,cols out.rms | grep '^rank.cross' >got
    printf '%s\n' $'rank.cross.0.kernel\t29\t29' $'rank.cross.0.bias\t1\t29' \
        $'rank.cross.1.kernel\t29\t29' $'rank.cross.1.bias\t1\t29' | diff - got

    # From there on with the same interactions only.
    train --epochs 1 --cross 2 --layers 4 --init out.rms \
        --product query.user_id.lookup,item.movie_title.lookup \
        "$DATA/train.rms" -o more.rms
    run ! train --epochs 1 --cross 2 --layers 4 --init out.rms \
        "$DATA/train.rms" -o no.rms
    [[ $output == *'other features, layers'* ]]
}

@test "what would do nothing, or what it is not for, is wrong usage" {
    refuses_usage rec-train-rank --layers none --dropout 0.5 "$DATA/train.rms"
    refuses_usage rec-train-rank --penalty 0.1 --optimizer lazy-adam "$DATA/train.rms"
    refuses_usage rec-train-rank --grades rating --memory 1G "$DATA/train.rms"
    refuses_usage rec-train-rank --grades rating --group user_id "$DATA/train.rms"
}

@test "--cross and --product that cannot be" {
    run ! train --product query.user_id.lookup "$DATA/train.rms" -o no.rms
    [[ $output == *'two features are needed'* ]]
    run ! train --product query.user_id.lookup,item.nothing "$DATA/train.rms" \
        -o no.rms
    [[ $output == *"'item.nothing': no such feature"* ]]
    run ! train --product query.user_id.lookup,query.timestamp.bucketize \
        "$DATA/train.rms" -o no.rms
    [[ $output == *'8 elements times 4'* ]]
    run ! train --cross 9 "$DATA/train.rms" -o no.rms
    [ ! -e no.rms ]
}

# What changes weights besides the gradient.
besides=(--optimizer adam --learning-rate 0.01 --grades rating --dropout 0.3
    --average 0.9 --penalty 1e-4
    --product "query.user_id.lookup,item.movie_title.lookup" --cross 1)

@test "grades, dropout, penalty and average: same bytes for any number of threads, the same kind of model" {
    train --epochs 3 "${besides[@]}" -j1 "$DATA/train.rms" -o one.rms
    train --epochs 3 "${besides[@]}" -j3 "$DATA/train.rms" -o three.rms
    cmp one.rms three.rms
    rec-to tsv -c tensor,rows,cols one.rms | grep '^rank.2' |
        diff <(printf '%s\n' $'rank.2.kernel\t8\t1' $'rank.2.bias\t1\t1') -
    for option in '--grades rating' '--dropout 0.3' '--average 0.9' '--penalty 1e-2'; do
        # shellcheck disable=SC2086
        train --epochs 1 $option "$DATA/train.rms" -o other.rms
        train --epochs 1 "$DATA/train.rms" -o plain.rms
        run ! same_weights other.rms plain.rms
    done
    # From there on, with the output that the file has.
    train --epochs 1 "${besides[@]}" --init one.rms "$DATA/train.rms" -o more.rms
}

@test "with them it goes on after SIGTERM and ends with the same bytes" {
    goes_on_after TERM 143 "${besides[@]}"
}

@test "what is validated is the average that is written" {
    train --epochs 2 "${besides[@]}" --validate "$DATA/test.rms" --log log \
        "$DATA/train.rms" -o out.rms
    # Another run from there that learns nothing finds the same.
    train --epochs 1 --optimizer sgd --learning-rate 1e-9 --cross 1 \
        --product query.user_id.lookup,item.movie_title.lookup --init out.rms \
        --validate "$DATA/test.rms" --log again "$DATA/train.rms" -o same.rms
    paste <(tail -n 1 log | cut -f 4-6) <(tail -n 1 again | cut -f 4-6) |
        awk '{ for (i = 1; i <= 3; i++) if (($i - $(i + 3)) ^ 2 > 1e-10) exit 1 }'
}

@test "grades that are no grades" {
    run ! train --grades nothing "$DATA/train.rms" -o no.rms
    [[ $output == *nothing* ]]
    run ! train --grades user_id "$DATA/train.rms" -o no.rms
    [[ $output == *"'user_id' is no number a row"* ]]
    run ! train --grades timestamp "$DATA/train.rms" -o no.rms
    [[ $output == *'more than 32 different grades'* ]]
    rec-where -i "$DATA/train.rms" -o fives.rms rating = 5
    run ! train --grades rating fives.rms -o no.rms
    [[ $output == *'all grades are the same'* ]]
    [ ! -e no.rms ]
}
