# The files that examples speak of, small and generated, in the folder where one
# stands: what is called train.rms in a manual page is called so here.
world() {
    local part
    rec-synth -r 4000 -u 80 -i 150 -o ratings.csv
    cp ratings.csv my.csv
    # As MovieLens has it: numbers for titles, and the titles in a file of their own.
    rec-from csv ratings.csv | rec-to tsv --no-header >raw.tsv
    cut -f 2 raw.tsv | sort -u | awk '{ print NR "|" $0 "|01-Jan-1995" }' >u.item
    awk -F '\t' -v OFS='\t' 'NR == FNR { split($0, f, "|"); id[f[2]] = f[1]; next }
        { print $1, id[$2], $3, $4 }' u.item raw.tsv >u.data
    rec-from csv -d '|' --no-quotes --columns 'movie_id movie_title:str ...' u.item -o movies.rms
    rec-cut id=movie_id,movie_title movies.rms -o films.rms
    rec-from csv -d tab --columns 'user_id:str item_id rating:f32 timestamp:i64' \
        u.data -o u.data.rms
    rec-join --on item_id=movie_id movies.rms u.data.rms -o ratings.rms

    cat >my.features <<'END'
query  user_id     lookup     dim=8
query  timestamp   bucketize  bins=10 dim=4
item   movie_title lookup     dim=8 key
item   movie_title tokenize   dim=4
label  rating      threshold  at=4
END
    rec-vocab my.features ratings.rms -o vocab.rms
    rec-featurize -v vocab.rms ratings.rms -o features.rms
    rec-featurize -v vocab.rms --items ratings.rms -o items.rms
    rec-split --by user-time --user user_id --time timestamp \
        train.rms=0.7 inner.rms=0.1 test.rms=0.2 <features.rms
    rec-train-tower -e 2 --log tower.tsv train.rms -o tower.rms
    rec-train-als -d 8 -e 2 train.rms -o als.rms
    rec-train-rank -e 2 --log ranker.tsv train.rms -o ranker.rms
    rec-embed -m tower.rms --tower item items.rms -o embedded.rms
    rec-embed -m als.rms --tower item items.rms -o als-items.rms

    # Queries, one a user, and lists for them.
    rec-split --by last --user user_id --time timestamp -- - queries.rms \
        <train.rms >/dev/null
    rec-embed -m tower.rms --tower query queries.rms |
        rec-knn -k 100 -i embedded.rms --exclude train.rms |
        rec-embed -m als.rms --tower query |
        rec-score -i als-items.rms --as als -o lists.rms
    cp lists.rms top.rms
    cp lists.rms new-lists.rms
    rec-popular -t train.rms queries.rms -o old-lists.rms
    cp embedded.rms tower-items.rms
    rec-ndcg -r old-lists.rms -o a.rms
    rec-ndcg -r new-lists.rms -o b.rms
    rec-stats --by movie_title --except user_id --count --as pop ratings.rms |
        rec-featurize -v vocab.rms --items -o popular.rms

    # What other programs, and other machines, have left.
    printf 'candidates\tscores\n1|2\t0.5|0.25\n' >mine.tsv
    printf '%s\n' '1 Q0 7 1 0.5 mine' '1 Q0 8 2 0.25 mine' >run
    printf '%s\n' '1 0 7 1' '2 0 9 1' >qrels
    rec-to npy -c embedding embedded.rms -o items.npy
    rec-embed -m tower.rms --tower query queries.rms -o asked.rms
    rec-to npy -c embedding asked.rms -o queries.npy
    rec-split --by hash --column movie_title part-1.items part-2.items <embedded.rms
    for part in 1 2; do
        mkdir "shard-$part"
        cp items.rms vocab.rms "shard-$part"
        rec-knn -p -k 10 -i "part-$part.items" asked.rms -o "part-$part.rms"
    done
}

# Where a page, or the --help of a filter, means something else by a name:
# prepare rec-knn.1, prepare rec-knn
prepare() {
    case $1 in
    rec-join*) rec-cut user_id,movie_id=item_id,rating u.data.rms -o ratings.rms ;;
    rec-featurize.1 | recmill.7)
        for part in train queries; do
            rec-cut user_id,movie_title,rating,timestamp $part.rms -o raw.rms
            mv raw.rms $part.rms
        done
        mv queries.rms users.rms
        ;;
    # The linear model of lists that is trained there.
    rec-collect* | rec-predict*)
        example rec-train-rank.1 3 | sh -e
        case $1 in *.1) return ;; esac
        rec-featurize -v rank-vocab.rms rows.rms -o raw.rms
        mv raw.rms rows.rms
        ;;
    rec-knn | rec-ndcg | rec-merge.1) mv asked.rms queries.rms ;;
    rec-score)
        rec-cut --except als lists.rms -o raw.rms
        mv raw.rms lists.rms
        ;;
    rec-explode)
        rec-cut --except label lists.rms -o raw.rms
        mv raw.rms lists.rms
        ;;
    esac
}
