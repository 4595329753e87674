# The second stage over candidates: lists scored by several models, as rows with
# labels, a ranking model of lists, and lists again.

load helper

# What somebody took, in two parts by chance: to retrieve from, and the truth.
setup_file() {
    set -o pipefail
    export DATA=$BATS_FILE_TMPDIR
    cd "$DATA" || return
    cat >features <<'END'
query user_id     lookup dim=16
query history     lookup of=movie_title pool=sum dim=16
item  movie_title lookup dim=16 key
END
    cat >rank.features <<'END'
query als   normalize
query ease  normalize
query count normalize
query place normalize
END
    rec-synth --rows 20000 --users 400 --items 400 |
        rec-from csv --types 'user_id:str' | rec-cut user_id,movie_title -o all.rms
    rec-vocab features all.rms -o vocab.rms
    rec-split -i all.rms --seed 5 train.rms=0.75 test.rms=0.25
    rec-to tsv --no-header -c user_id all.rms | sort -u |
        rec-from tsv --columns user_id:str -o users.rms
}

features_of() {
    rec-history --by user_id --of movie_title --from "$1" "$1" |
        rec-featurize -v "$DATA/vocab.rms"
}

# Lists of 50 of each user, found by ALS among what is not in FROM, and what
# EASE and popularity say of them, by models learned from FROM: lists FROM
lists() {
    features_of "$1" >from.rms
    rec-featurize -v "$DATA/vocab.rms" --items "$1" -o items.rms
    rec-train-als -d 16 from.rms -o als.rms
    rec-train-ease --lambda 50 from.rms -o ease.rms
    for model in als ease; do
        rec-embed -m $model.rms --tower item items.rms -o $model-items.rms
    done
    rec-to tsv --no-header -c item.movie_title.lookup from.rms | sort | uniq -c |
        awk '{ print $2 "\t" log($1) }' |
        rec-from tsv --columns 'id:u32 count:f64' -o count.rms
    rec-history --by user_id --of movie_title -n 10000 --from "$1" \
        "$DATA/users.rms" |
        rec-featurize -v "$DATA/vocab.rms" --part query |
        rec-embed -m als.rms --tower query |
        rec-knn -k 50 -j "$threads" -i als-items.rms --exclude from.rms |
        rec-embed -m ease.rms --tower query |
        rec-score -j "$threads" -i ease-items.rms --as ease |
        rec-score -i count.rms --id id --column count --as count
}

# The same as rows, with labels from TRUTH: candidates FROM TRUTH
candidates() {
    features_of "$2" |
        rec-cut query.user_id.lookup,item.movie_title.lookup -o truth.rms
    lists "$1" -o lists.rms |
        rec-explode -c item=candidates,als=scores,ease,count -s als,ease,count \
            -f truth.rms |
        rec-cut query.user_id.lookup,item,als,ease,count,list,place=rank,label
}

# Everything, by so many threads: a model of half of the users' lists, and what
# it says of the others' lists in rows.rms: run_stages THREADS
run_stages() {
    local halves=(--by hash --column query.user_id.lookup --seed 2)
    threads=$1
    candidates "$DATA/train.rms" "$DATA/test.rms" |
        rec-split "${halves[@]}" fit.rms=0.5 measured.rms=0.5
    rec-split -i truth.rms "${halves[@]}" other.rms=0.5 measured-truth.rms=0.5
    rec-vocab "$DATA/rank.features" fit.rms -o rank-vocab.rms
    rec-featurize -v rank-vocab.rms fit.rms |
        rec-train-rank -j "$threads" --group list --layers none --epochs 30 \
            --batch-size 1000 -o ranker.rms
    rec-featurize -v rank-vocab.rms measured.rms |
        rec-predict -j "$threads" -m ranker.rms -o rows.rms
}

# nDCG at 10 of the lists in the order of COLUMN: ndcg COLUMN
ndcg() {
    rec-collect -s "$1" rows.rms |
        rec-ndcg --at 10 -f measured-truth.rms -t item.movie_title.lookup |
        awk '$1 == "ndcg" { print $3 }'
}

@test "a linear ranker of lists, from three models, is better than each of them" {
    run_stages 1
    for column in als ease count logit; do
        ndcg $column >$column.value
    done
    paste {als,ease,count,logit}.value
    paste {als,ease,count,logit}.value |
        awk '{ exit !($4 > $1 && $4 > $2 && $4 > $3 && $4 > 0.1) }'
    # The same bytes for any number of threads.
    for f in ranker rows; do cp $f.rms $f.one; done
    run_stages 2
    for f in ranker rows; do cmp $f.rms $f.one; done
}

@test "lists as rows and back are the lists that they were" {
    threads=2
    lists "$DATA/train.rms" >lists.rms
    rec-explode -c item=candidates,score=scores lists.rms | rec-collect |
        rec-cut query.user_id.lookup,candidates,scores |
        rec-to tsv >got
    rec-to tsv -c query.user_id.lookup,candidates,scores lists.rms | diff - got
    # What is a list there is in a column of its own: repeated, not lost.
    rec-explode -c item=candidates,score=scores lists.rms | rec-collect |
        rec-to tsv -c ease,count | diff - <(rec-to tsv -c ease,count lists.rms)
}
