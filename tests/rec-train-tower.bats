# rec-train-tower makes a two-tower model of a stream of features.

load helper
load models

trainer=rec-train-tower

setup_file() {
    make_features
}

# Numbers so large that the first step makes weights infinite.
diverging() {
    printf '%s\n' $'1e37\t1' $'1e37\t2' $'-1e37\t1' $'-1e37\t3' |
        rec-from tsv --columns 'query.z.normalize:f32 item.t.lookup:u32' \
            --meta 'feature.1=query z normalize' \
            --meta 'feature.2=item t lookup dim=4 size=4 key' -o diverging.rms
}

# Each of seven users takes one item, and there are items that nobody takes.
easy() {
    awk 'BEGIN { for (i = 0; i < 600; i++)
        print i % 7 + 1 "\t" (i * 3) % 7 + 1 }'
}

easy_stream() {
    rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32' \
        --meta 'feature.1=query u lookup dim=4 size=8' \
        --meta 'feature.2=item t lookup dim=4 size=12 key'
}

# A metric by the filters: judge METRIC K[,K...] MODEL ROWS
judge() {
    rec-embed -m "$3" --tower item "$DATA/items.rms" -o embedded.rms
    rec-embed -m "$3" --tower query "$4" | rec-knn -k 100 -i embedded.rms |
        rec-ndcg --at "$2" | awk -v metric="$1" '$1 == metric { print $3 }'
}

@test "the loss falls, and the model says what it is and where it comes from" {
    train --no-log-q --no-mask --epochs 30 --log log "$DATA/train.rms" -o out.rms
    has_epochs log 30
    # At first every item of a batch is as likely as any other: ln 64, but
    # there are batches of which the same item is more than one row's.
    losses log | awk 'NR == 1 { first = $1 } { last = $1 }
        END { exit !(first > 3.9 && first < 4.2 && last < first - 0.1) }'
    head_lines out.rms | sed 's/\( size=[0-9]*\)* digest=[1-9][0-9]*//' >got
    grep -q '^step rec-train-tower .* --epochs 30$' got
    grep -v '^step' got | diff - <(
        cat <<'END'
meta model towers
meta layers 16,8
meta similarity dot
meta feature.1 query user_id lookup dim=8 order=bytes min=1
meta feature.2 query timestamp bucketize dim=4 bins=20 side=left
meta feature.3 query timestamp normalize
meta feature.4 item movie_title lookup dim=8 order=bytes min=1 key
meta key item.movie_title.lookup
meta feature.5 item movie_title tokenize dim=8 min=1 max=10000 pool=mean
END
    )
    rec-to tsv -c tensor,rows,cols out.rms | grep -E '^(query|item)\.[0-9]' >got
    printf '%s\n' $'query.0.kernel\t13\t16' $'query.0.bias\t1\t16' \
        $'query.1.kernel\t16\t8' $'query.1.bias\t1\t8' \
        $'item.0.kernel\t16\t16' $'item.0.bias\t1\t16' \
        $'item.1.kernel\t16\t8' $'item.1.bias\t1\t8' | diff - got
}

@test "learns whose item is whose" {
    easy | easy_stream >easy.rms
    for options in '' '--no-log-q --no-mask' \
        '--similarity cosine --temperature 0.1' '--memory 4K'; do
        # shellcheck disable=SC2086 # several words on purpose
        train --epochs 50 --validate easy.rms --log log $options easy.rms \
            -o out.rms
        [ "$(tail -n 1 log | cut -f 4)" = 1 ]
    done
}

@test "--layers none: the features side by side are the embedding" {
    sed 's/timestamp .*//; /tokenize/d; /^query *$/d' "$DATA/features" >features
    rec-vocab features "$DATA/all.rms" -o vocab.rms
    rec-featurize -v vocab.rms "$DATA/all.rms" -o two.rms
    train --layers none --epochs 2 --log log two.rms -o out.rms
    rec-info out.rms | grep -x 'meta layers none' >/dev/null
    rec-to tsv --no-header -c tensor,cols out.rms >got
    printf '%s\n' $'query.user_id.lookup\t8' $'item.movie_title.lookup\t8' |
        diff - got
    # The first user's embedding is row 1 of the table.
    rec-to jsonl -c values out.rms | sed -n 1p | tr -d '[]}' | cut -d : -f 2 |
        cut -d , -f 9-16 >want
    awk 'BEGIN { print "query.user_id.lookup"; print 1 }' |
        rec-from csv --types 'query.user_id.lookup:u32' |
        rec-embed -m out.rms --tower query |
        rec-to jsonl -c embedding | tr -d '[]}' | cut -d : -f 2 | diff want -
    train -j 2 --layers none --epochs 2 two.rms | cmp - out.rms
    train --layers none --epochs 1 --init out.rms two.rms -o more.rms
    rm out.rms
    fails_with "$trainer: without layers both parts must be of one width, and the query's features are 13 wide, the item's 16" \
        --layers none "$DATA/train.rms"
}

# Lists of three items, of which the second is taken next.
second_stream() {
    awk 'BEGIN { srand(1)
        for (i = 0; i < 1500; i++) {
            for (k = 1; k <= 3; k++) list[k] = 1 + int(rand() * 8)
            print list[1] "|" list[2] "|" list[3] "\t" list[2] } }' |
        rec-from tsv --columns 'query.h.lookup:u32[] item.t.lookup:u32' \
            --meta "feature.1=query h lookup dim=8 size=9 of=t $1" \
            --meta 'feature.2=item t lookup dim=8 size=9 key'
}

@test "pool=weighted learns which place in a list matters, and others cannot" {
    options=(--layers none --negatives all --optimizer adam --learning-rate .05
        --batch-size 100 --epochs 10)
    second_stream 'pool=weighted positions=3' >weighted.rms
    second_stream pool=mean >mean.rms
    for pool in weighted mean; do
        train "${options[@]}" --log $pool.tsv --validate $pool.rms $pool.rms -o $pool.model
        awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
            END { print $at["top_1_accuracy"] }' $pool.tsv >$pool
    done
    paste weighted mean | awk '{ exit !($1 > .99 && $2 < .7) }'
    rec-to tsv --no-header -c tensor,rows,cols weighted.model >got
    printf '%s\n' $'query.h.lookup\t9\t8' $'query.h.lookup.positions\t3\t8' \
        $'item.t.lookup\t9\t8' | diff - got
    # Any number of threads, with layers and without, and so much is dropped.
    for more in '' '--layers 8 --drop query.h.lookup=.2'; do
        # shellcheck disable=SC2206 # several words on purpose
        more=("${options[@]}" $more)
        train -j 1 "${more[@]}" weighted.rms -o one.rms
        for n in 2 3; do
            train -j $n "${more[@]}" weighted.rms | cmp - one.rms
        done
    done
    # A model file goes on, and one of other positions is another model.
    train "${options[@]}" --epochs 1 --init weighted.model weighted.rms -o again.rms
    second_stream 'pool=weighted positions=2' >other.rms
    fails_with "$trainer: weighted.model: a model of other features, layers, similarity or interactions" \
        "${options[@]}" --init weighted.model other.rms
}

@test "a query's embedding is its list times the weights of the places" {
    second_stream 'pool=weighted positions=2' >rows.rms
    train --layers none --epochs 1 rows.rms -o model.rms
    rec-head -n 20 rows.rms | rec-cut query.h.lookup -o lists.rms
    rec-embed -m model.rms --tower query lists.rms | rec-to tsv --no-header -c embedding |
        tr '|' '\n' >got
    { rec-to tsv --no-header -c tensor,values model.rms; rec-to tsv --no-header lists.rms; } |
        awk -F '\t' '
            $1 == "query.h.lookup" { split($2, table, "|"); next }
            $1 == "query.h.lookup.positions" { split($2, weight, "|"); next }
            NF == 1 { n = split($1, id, "|")
                for (d = 1; d <= 8; d++) {
                    x = 0
                    for (k = 1; k <= n; k++)
                        x += weight[((k < 2 ? k : 2) - 1) * 8 + d] * table[id[k] * 8 + d]
                    print x } }' >want
    [ "$(wc -l <want)" -eq 160 ]
    paste got want | awk '{ d = $1 - $2; if (d < -1e-5 || d > 1e-5) exit 1 }'
}

@test "same seed, same bytes; another seed, other bytes" {
    train --epochs 2 "$DATA/train.rms" -o one.rms
    train --epochs 2 <"$DATA/train.rms" | cmp - one.rms
    train --epochs 2 --seed 2 "$DATA/train.rms" -o two.rms
    weights two.rms >two
    weights one.rms >other
    run -1 cmp -s other two
}

@test "each option of the loss changes it, and no number of threads does" {
    for loss in '' --no-log-q --no-mask '--similarity cosine' \
        '--negatives all' '--negatives batch+50' '--hardest 5' \
        '--drop query.user_id.lookup=0.2 --drop item.movie_title.tokenize=.5' \
        '--temperature 0.5' --no-shuffle '--optimizer adam --no-log-q' \
        '--optimizer sgd --learning-rate 0.001' \
        '--optimizer lazy-adam' '--decay 0.1' '--schedule linear' \
        '--schedule cosine' '--schedule cosine --final-rate 0.1' \
        '--warmup 3'; do
        # shellcheck disable=SC2206 # several words on purpose
        options=(--epochs 2 --batch-size 500 $loss "$DATA/train.rms")
        train -j 1 "${options[@]}" -o one.rms
        for n in 2 3; do
            train -j $n "${options[@]}" | cmp - one.rms
        done
        weights one.rms | cksum >>sums
    done
    [ "$(sort -u sums | wc -l)" -eq 18 ]
}

@test "what can be dropped, and what says nothing, is told" {
    fails_with "$trainer: --drop query.x.lookup=.1: the model has no such feature" \
        --drop query.x.lookup=.1 "$DATA/train.rms"
    fails_with "$trainer: --drop query.timestamp.bucketize=.1: only ids of lookups and lists can be dropped" \
        --drop query.timestamp.bucketize=.1 "$DATA/train.rms"
    for wrong in --drop=query.user_id.lookup --drop==0.1 --drop=a=1 --drop=a=x \
        '--negatives batch+' '--negatives batch+0' '--negatives some' '--hardest 0'; do
        # shellcheck disable=SC2086 # several words on purpose
        refuses_usage "$trainer" $wrong "$DATA/train.rms"
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

@test "a checkpoint of other options, data or weights to start from is refused" {
    stopped_in_mid_epoch
    refuses_checkpoint --no-log-q --epochs 600 "$DATA/train.rms"
    refuses_checkpoint --temperature 0.7 --epochs 600 "$DATA/train.rms"
    refuses_checkpoint --epochs 600 --no-shuffle "$DATA/train.rms"
    refuses_checkpoint --epochs 600 "$DATA/test.rms"
    rm checkpoint.rms log
    train --epochs 1 "$DATA/train.rms" -o init.rms
    run -143 interrupted TERM 5 --epochs 600 --init init.rms "$DATA/train.rms"
    train --epochs 2 "$DATA/train.rms" -o init.rms
    refuses_checkpoint --epochs 600 --init init.rms "$DATA/train.rms"
}

@test "a checkpoint of the other trainer, or what is none, is left alone" {
    rec-train-rank "${small[@]}" -e 1 "$DATA/train.rms" -o ranker.rms
    cp ranker.rms before
    fails_with "$trainer: ranker.rms: not a checkpoint: no meta 'fingerprint'" \
        --checkpoint ranker.rms "$DATA/train.rms"
    cmp before ranker.rms
    stopped_in_mid_epoch
    damage checkpoint.rms 5000
    fails_with "$trainer: checkpoint.rms: *checksum*" --epochs 600 \
        --checkpoint checkpoint.rms "$DATA/train.rms"
    head -c 5000 checkpoint.rms >cut.rms
    fails_with "$trainer: cut.rms: *" --epochs 600 --checkpoint cut.rms \
        "$DATA/train.rms"
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

@test "--init goes on from a model's weights" {
    options=(--optimizer sgd --learning-rate 0.01 --no-shuffle)
    train --epochs 6 "${options[@]}" "$DATA/train.rms" -o six.rms
    train --epochs 2 "${options[@]}" "$DATA/train.rms" -o two.rms
    train --epochs 4 --init two.rms --seed 9 "${options[@]}" "$DATA/train.rms" \
        -o again.rms
    weights six.rms >want
    weights again.rms | diff want -
    weights two.rms >other
    run -1 cmp -s other want
}

@test "--init refuses a model of other layers, similarity or vocabulary" {
    train --epochs 1 "$DATA/train.rms" -o model
    other='a model of other features, layers, similarity or interactions'
    fails_with "$trainer: model: $other" --layers 8,16 --init model \
        "$DATA/train.rms"
    fails_with "$trainer: model: $other" --similarity cosine --init model \
        "$DATA/train.rms"
    rec-head -n 500 "$DATA/all.rms" -o some.rms
    rec-vocab "$DATA/features" some.rms -o vocab.rms
    rec-featurize -v vocab.rms some.rms -o some-features.rms
    fails_with "$trainer: model: $other" --init model some-features.rms
}

@test "the figures of --validate are those of rec-embed, rec-knn and rec-ndcg" {
    for similarity in dot cosine; do
        train --epochs 20 --validate "$DATA/test.rms" --log log \
            --similarity $similarity "$DATA/train.rms" -o out.rms
        judge hit 1,5,10,50,100 out.rms "$DATA/test.rms" >want
        judge ndcg 10 out.rms "$DATA/test.rms" >>want
        [ "$(wc -l <want)" -eq 6 ]
        tail -n 1 log | cut -f 4- | tr '\t' '\n' | paste want - |
            awk '$1 - $2 > 1e-9 || $2 - $1 > 1e-9 { exit 1 }'
    done
    head -n 1 log | cut -f 3- | tr '\t' '\n' | diff - <(
        printf '%s\n' rows_per_second top_1_accuracy top_5_accuracy \
            top_10_accuracy top_50_accuracy top_100_accuracy ndcg_10
    )
}

@test "an unknown item is found by nobody" {
    easy >easy.tsv
    easy_stream <easy.tsv >easy.rms
    # Of every other row the item is not known.
    awk -v OFS='\t' 'NR % 2 { $2 = 0 } { print }' easy.tsv |
        easy_stream >half.rms
    train --epochs 50 --validate half.rms --log log easy.rms -o out.rms
    [ "$(tail -n 1 log | cut -f 4,8)" = $'0.5\t0.5' ]
}

# 20 users who took some of 30 items, and the list of these in each row, each
# twice; another list is none of items.  Rows of what was taken or, with 0, of
# something else: histories 1
histories() {
    awk -v training="$1" '
        function took(u, i) { return (u * 7 + i * 11 + u * i) % 5 == 0 }
        BEGIN {
            for (u = 1; u <= 20; u++) {
                list = ""
                for (i = 1; i <= 30; i++)
                    if (took(u, i))
                        list = list (list == "" ? "" : "|") i
                if (list != "")
                    list = list "|" list
                for (i = 1; i <= 30; i++)
                    if (training ? took(u, i) : !took(u, i) && (u + i) % 3 == 0)
                        print u "\t" list "\t1|2|3\t" i
            }
        }' |
        rec-from tsv --columns 'query.u.lookup:u32 query.h.lookup:u32[]
            query.g.lookup:u32[] item.t.lookup:u32' \
            --meta 'feature.1=query u lookup dim=4 size=21' \
            --meta 'feature.2=query h lookup dim=4 pool=mean size=31 of=t' \
            --meta 'feature.3=query g lookup dim=2 pool=sum size=31' \
            --meta 'feature.4=item t lookup dim=8 size=31 key' \
            --meta 'key=item.t.lookup'
}

@test "--unseen leaves out what is in the query's own list" {
    histories 1 >rows.rms
    histories 0 >more.rms
    train --epochs 15 --validate more.rms --unseen --log log rows.rms -o out.rms
    seq 30 | rec-from tsv --columns item.t.lookup:u32 \
        --meta 'feature.1=item t lookup dim=8 size=31 key' \
        --meta 'key=item.t.lookup' |
        rec-embed -m out.rms --tower item -o embedded.rms
    rec-embed -m out.rms --tower query more.rms |
        rec-knn -k 30 -i embedded.rms --exclude rows.rms |
        rec-ndcg --at 1,5,10 >judged
    awk '$1 == "hit" { print $3 }' judged >want
    awk '$1 == "ndcg" && $2 == 10 { print $3 }' judged >>want
    [ "$(wc -l <want)" -eq 4 ]
    tail -n 1 log | cut -f 4-6,9 | tr '\t' '\n' | paste want - |
        awk '$1 - $2 > 1e-9 || $2 - $1 > 1e-9 { exit 1 }'
    train --epochs 15 --validate more.rms --log all.log rows.rms -o same.rms
    cmp out.rms same.rms
    [ "$(tail -n 1 all.log | cut -f 4-)" != "$(tail -n 1 log | cut -f 4-)" ]
    # with early stopping it is part of what the model comes from
    train --epochs 2 --validate more.rms --unseen --patience 3 rows.rms \
        -o out.rms
    head_lines out.rms | tail -n 1 | grep -- ' --validate more.rms --unseen$'
}

@test "--unseen needs a list of items" {
    fails_with "$trainer: $DATA/train.rms: --unseen: no query feature is a list of ids of the key" \
        --unseen --validate "$DATA/test.rms" "$DATA/train.rms"
    refuses_usage "$trainer" --unseen "$DATA/train.rms"
}

@test "--every validates in between" {
    train --epochs 5 --every 2 --validate "$DATA/test.rms" --log log \
        "$DATA/train.rms" -o out.rms
    cut -f 4 log | sed 's/^[0-9].*/x/' | tr '\n' ' ' |
        diff - <(printf 'top_1_accuracy - x - x x ')
}

@test "--patience stops when lists get no better, and gives the best model" {
    stops_early 9
    stops_early 6 -- --watch top_10_accuracy
    stops_early_every 9
}

@test "with --patience it goes on after SIGKILL and stops where it would have" {
    goes_on_after KILL 137 --patience 450 --validate "$DATA/test.rms"
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
    fails_with "$trainer: epoch 1: tensor 'item.t.lookup' is no longer finite" \
        --epochs 1 --optimizer sgd --learning-rate 1000 diverging.rms
}

@test "no rows or no features: refused with a reason" {
    rec-head -n 0 "$DATA/train.rms" -o none.rms
    fails_with "$trainer: none.rms: no rows" none.rms
    fails_with "$trainer: none.rms: no rows" --validate none.rms \
        "$DATA/train.rms"
    fails_with "$trainer: $DATA/all.rms: its head describes no features: *" \
        "$DATA/all.rms"
    for column in query.user_id.lookup item.movie_title.tokenize; do
        rec-cut --except $column "$DATA/train.rms" -o less.rms
        fails_with "$trainer: less.rms: no column '$column'*" less.rms
    done
    # Items alone make no model: there is nobody to ask for them.
    fails_with "$trainer: query tower: no feature for the model to look at" \
        "$DATA/items.rms"
}

@test "a label is not needed" {
    train --epochs 2 "$DATA/train.rms" -o want.rms
    rec-cut --except label "$DATA/train.rms" | train --epochs 2 -o out.rms
    weights want.rms >want
    weights out.rms | diff want -
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
    command -v script >/dev/null || skip "no script(1)"
    run -2 script -qec "$trainer --log log $DATA/train.rms" /dev/null </dev/null
    [[ $output == *"a stream is not for a terminal"* ]]
    [ ! -e log ]
}

@test "a full disk is an error, for the model and for the log" {
    fails_on_full_disk "$trainer" -e 1 "$DATA/train.rms"
    fails_with "$trainer: /dev/full: *" --log /dev/full "$DATA/train.rms"
}

@test "wrong usage exits 2 and says nothing on standard output" {
    for options in '-l 0' '-l 8,' '-l 1,2,3,4,5,6,7,8,9' '-b 0' '-e 0' \
        '--learning-rate 0' '--temperature 0' '--temperature nan' \
        '--optimizer magic' '--similarity l2' '--seed -1' '--every 0' \
        '--patience 0' '--patience 2 --watch auc' '--decay -1' '--decay nan' '--decay 10' '--schedule exponential' \
        '--warmup 0.5' '--warmup -1' '--schedule linear --final-rate 2' \
        '--final-rate 0.5' \
        '--checkpoint-every 0' '--nonsense'; do
        # shellcheck disable=SC2086 # several words on purpose
        refuses_usage "$trainer" $options "$DATA/train.rms"
    done
}

@test "several files are read one behind the other, and have the same head" {
    rec-split a.rms=0.3 b.rms=0.7 <"$DATA/train.rms"
    cat a.rms b.rms | train --epochs 2 -o cat.rms
    train --epochs 2 a.rms b.rms -o out.rms
    cmp cat.rms out.rms
    train --epochs 2 a.rms - <b.rms -o out.rms
    cmp cat.rms out.rms
    rm out.rms
    fails_with "$trainer: none.rms: No such file or directory" a.rms none.rms
    head -c 9000 b.rms >cut.rms
    fails_with "$trainer: cut.rms: truncated after *" a.rms cut.rms b.rms
    rec-cut --except rating b.rms -o narrow.rms
    fails_with "$trainer: narrow.rms: not the head of a.rms: *" a.rms narrow.rms
    refuses_usage "$trainer" --checkpoint b.rms a.rms b.rms -o x.rms
}

@test "the manual page has the options of --help" {
    same_options "$trainer"
}

@test "files that would overwrite each other are refused, and so is what says nothing" {
    refuses_usage rec-train-tower --checkpoint m.rms -o ./m.rms x.rms
    refuses_usage rec-train-tower --log x.rms -o m.rms x.rms
    refuses_usage rec-train-tower --log l --checkpoint l -o m.rms x.rms
    refuses_usage rec-train-tower --every 2 -o m.rms x.rms
    refuses_usage rec-train-tower --checkpoint-every 2 -o m.rms x.rms
    refuses_usage rec-train-tower --patience 2 -o m.rms x.rms
    refuses_usage rec-train-tower --watch ndcg_10 --validate v.rms -o m.rms x.rms
}

@test "what is wrong with several files together is said of them together" {
    rec-head -n 0 "$DATA/train.rms" >none.rms
    run -1 --separate-stderr rec-train-tower none.rms none.rms none.rms -o no.rms
    [ "$stderr" = "rec-train-tower: none.rms and 2 more: no rows" ]
}
