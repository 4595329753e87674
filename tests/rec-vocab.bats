# rec-vocab learns from the data what encoders have to know.

load helper
load features

@test "learns keys, edges, moments, tokens and labels" {
    small_files
    # eight decimals of what has no end
    rec-to tsv vocab.rms | sed 's/\(\.[0-9]\{8\}\)[0-9]*/\1/' >got
    # mean (0 + 25 + 50 + 75 + 99 + 100) / 6, variance 28551 / 6 - mean^2
    diff - got <<'END'
feature	id	key	count	value
query.user.lookup	1	10	2	0
query.user.lookup	2	31	1	0
query.user.lookup	3	7	3	0
query.when.bucketize	0		0	0
query.when.bucketize	1		0	25
query.when.bucketize	2		0	50
query.when.bucketize	3		0	75
query.when.bucketize	4		0	100
query.when.normalize	0	mean	6	58.16666666
query.when.normalize	1	variance	6	1375.13888888
query.when.normalize	2	sum	6	349
query.when.normalize	3	squares	6	28551
item.title.lookup	1	8 1/2	1	0
item.title.lookup	2	Alien (1979)	3	0
item.title.lookup	3	M*A*S*H (1970)	2	0
item.title.tokenize	2	alien	3	0
item.title.tokenize	3	1979	3	0
item.title.tokenize	4	mash	2	0
item.title.tokenize	5	1970	2	0
item.title.tokenize	6	8	1	0
item.title.tokenize	7	12	1	0
label	0		3	0
label	1		3	0
END
}

@test "the head has every feature with its options written out" {
    small_files
    head -c 2000 vocab.rms | grep -a '^meta' >got
    diff - got <<'END'
meta feature.1 query user lookup dim=4 order=bytes min=1
meta feature.2 query when bucketize dim=2 bins=5 side=left
meta feature.3 query when normalize
meta feature.4 item title lookup dim=32 order=bytes min=1 key
meta key item.title.lookup
meta feature.5 item title tokenize dim=32 min=1 max=10000 pool=mean
meta feature.6 label rating threshold at=4
END
}

@test "the head keeps the steps that the data came through" {
    small_files
    head -c 2000 vocab.rms | grep -a '^step' | cut -d ' ' -f 2 >got
    printf '%s\n' rec-from rec-vocab | diff - got
}

@test "rare keys come last, without an id of their own" {
    small_files
    echo 'query user lookup min=2' >rare.features
    rec-vocab rare.features small.rms | rec-to tsv --no-header | cut -f 2-4 >got
    printf '%s\t%s\t%s\n' 1 10 2 2 7 3 0 31 1 | diff - got
}

@test "max= counts the padding and the unknown" {
    small_files
    echo 'query title tokenize max=4' >few.features
    rec-vocab few.features small.rms | rec-to tsv --no-header | cut -f 2,3 >got
    printf '%s\t%s\n' 2 alien 3 1979 1 mash 1 1970 1 8 1 12 | diff - got
}

@test "how the rows are cut into blocks does not matter" {
    small_files
    printf 'user,when,title,rating\n7,1,a,2\n8,3,b,4\n' >two.csv
    rec-from csv --types 'user:str when:i64 title:str rating:f32' two.csv |
        rec-vocab small.features | rec-to tsv >whole
    rec-from csv --flush --types 'user:str when:i64 title:str rating:f32' two.csv |
        rec-vocab small.features | rec-to tsv | diff whole -
}

@test "numbers can be looked up, by their digits" {
    printf 'id\n10\n9\n10\n-1\n' | rec-from csv --types id:i64 >in.rms
    echo 'query id lookup' >id.features
    rec-vocab id.features in.rms | rec-to tsv --no-header | cut -f 2-4 >got
    printf '%s\t%s\t%s\n' 1 -1 1 2 10 2 3 9 1 | diff - got
}

@test "a column that is missing is named, with those that are there" {
    small_files
    sed 's/rating/stars/' small.features >other.features
    run -1 --separate-stderr rec-vocab other.features small.rms
    [ "$stderr" = "rec-vocab: small.rms: no column 'stars'; there are: user, when, title, rating" ]
}

@test "a column of the wrong type is refused" {
    small_files
    echo 'query title normalize' >bad.features
    run -1 --separate-stderr rec-vocab bad.features small.rms
    [ "$stderr" = "rec-vocab: small.rms: column 'title' is str, and normalize needs numbers" ]
}

@test "no rows to learn from is an error" {
    small_features >small.features
    echo 'user,when,title,rating' |
        rec-from csv --types 'user:str when:i64 title:str rating:f32' >empty.rms
    run -1 --separate-stderr rec-vocab -o vocab.rms small.features empty.rms
    [ "$stderr" = "rec-vocab: empty.rms: no rows to learn from" ]
    [ ! -e vocab.rms ]
}

@test "NaN is an error that names the row" {
    printf 'x\n1\n2\nnan\n' | rec-from csv --flush --types x:f64 >nan.rms
    echo 'query x normalize' >x.features
    run -1 --separate-stderr rec-vocab -o vocab.rms x.features nan.rms
    [ "$stderr" = "rec-vocab: nan.rms: row 3: x is NaN" ]
}

@test "mistakes in the feature file are named by their line" {
    small_files
    sed 's/bins=5/bin=5/' small.features >bad.features
    run -1 --separate-stderr rec-vocab bad.features small.rms
    [[ $stderr == "rec-vocab: bad.features: line 3: unknown option 'bin=5'; "* ]]
    run -1 --separate-stderr rec-vocab none.features small.rms
    [[ $stderr == "rec-vocab: none.features: "* ]]
}

@test "a damaged or cut stream gives no vocabulary" {
    small_files
    refuses_damage small.rms rec-vocab small.features
    head -c -1 small.rms >cut.rms
    run -1 --separate-stderr rec-vocab -o out.rms small.features cut.rms
    [[ $stderr == "rec-vocab: cut.rms: "* ]]
    [ ! -e out.rms ]
}

@test "a file or a pipe, the vocabulary has the same bytes" {
    small_files
    rec-vocab small.features <small.rms | cmp - vocab.rms
}

@test "a full disk is an error" {
    small_files
    fails_on_full_disk rec-vocab small.features small.rms
}

@test "MovieLens: 943 users, 1,664 titles, the moments of the timestamps" {
    need_movielens
    movielens_features >ml.features
    movielens_ratings | rec-vocab ml.features | rec-to tsv --no-header >got
    cut -f 1 got | sort | uniq -c | awk '{ print $2, $1 }' >counts
    diff - counts <<'END'
item.movie_title.lookup 1664
item.movie_title.tokenize 2466
label 2
query.timestamp.bucketize 1000
query.timestamp.normalize 5
query.user_id.lookup 943
END
    # what float32 makes of them in Keras is 883528832 and 2.8556514e13
    awk -F '\t' '$1 == "query.timestamp.normalize" && $2 < 2 {
        printf "%s %s %.7e\n", $3, $4, $5 }' got >moments
    printf '%s\n' 'mean 100000 8.8352885e+08' \
        'variance 100000 2.8556513e+13' | diff - moments
    awk -F '\t' '$1 == "query.timestamp.bucketize" && ($2 == 0 || $2 == 999) {
        print $5 }' got >ends
    printf '%s\n' 874724710 893286638 | diff - ends
    awk -F '\t' '$1 == "label" { print $4 }' got >labels
    printf '%s\n' 44625 55375 | diff - labels
}

@test "MovieLens: tokens of the 1,682 titles in the order of Keras" {
    need_movielens
    printf '%s\n' 'item movie_title lookup key' 'item movie_title tokenize' >t.features
    movielens_items | rec-vocab t.features | rec-to tsv --no-header |
        awk -F '\t' '/tokenize/ { print $2, $3, $4 }' >got
    head -n 8 got >first
    printf '%s\n' '2 the 503' '3 1996 298' '4 1995 296' '5 1994 237' \
        '6 1997 235' '7 of 139' '8 1993 130' '9 a 83' | diff - first
    tail -n 1 got | grep -q '^2467 '
}

# Ratings and a feature file that has every encoder: ratings.rms, all.features.
# No two sums of the times, in halves of their digits, are rounded alike.
many_ratings() {
    rec-synth --rows 1500 --users 80 --items 120 |
        awk -F, -v OFS=, 'NR > 1 { $NF += NR / 3 } 1' |
        rec-from csv --types 'user_id:u32 rating:f32 timestamp:f64' -o ratings.rms
    cat >all.features <<'END'
query user_id     lookup    min=9 order=count
query timestamp   bucketize bins=7
query timestamp   normalize
item  movie_title lookup    key
item  movie_title tokenize  max=50 min=3
label rating      threshold at=4
END
}

@test "--merge: vocabularies of any parts, in any order, make that of the whole" {
    many_ratings
    rec-vocab all.features ratings.rms | rec-to csv >whole
    for n in 1 2 7 16; do
        rm -f part-*
        # shellcheck disable=SC2046 # several words
        rec-split --by hash -c movie_title,user_id --seed "$n" -i ratings.rms \
            $(seq -f part-%g "$n")
        for part in part-*; do
            rec-vocab all.features "$part" -o "$part.rms"
        done
        # shellcheck disable=SC2011,SC2012 # names that we have chosen
        ls -r part-*.rms | xargs cat | rec-vocab --merge -o merged.rms
        rec-to csv merged.rms | cmp - whole
    done
    # Merged from merged ones.
    cat part-*[02468].rms | rec-vocab --merge -o even.rms
    cat part-*[13579].rms | rec-vocab --merge | cat even.rms - |
        rec-vocab --merge | rec-to csv | cmp - whole
}

@test "--merge of one vocabulary is that vocabulary" {
    small_files
    rec-to csv vocab.rms >want
    rec-vocab --merge <vocab.rms | rec-to csv | cmp - want
    rec-featurize -v <(rec-vocab --merge vocab.rms) small.rms | rec-to csv >got
    rec-featurize -v vocab.rms small.rms | rec-to csv | cmp - got
}

@test "--merge refuses what is no vocabulary, or one of other features" {
    small_files
    run -1 --separate-stderr rec-vocab --merge small.rms -o no.rms
    [ "$stderr" = "rec-vocab: small.rms: no vocabulary: it has no column 'feature' of str" ]
    rec-to csv vocab.rms | rec-from csv -o bare.rms \
        --types 'id:u32 count:u64 value:f64'
    run -1 --separate-stderr rec-vocab --merge bare.rms -o no.rms
    [ "$stderr" = "rec-vocab: bare.rms: its head has no features (meta feature.1)" ]
    echo 'query title tokenize' >other.features
    rec-vocab other.features small.rms >other.rms
    cat vocab.rms other.rms >both.rms
    run -1 --separate-stderr rec-vocab --merge both.rms -o no.rms
    [[ $stderr == "rec-vocab: both.rms: segment 2 has other metas: "* ]]
    rec-where feature = none <vocab.rms >empty.rms
    run -1 --separate-stderr rec-vocab --merge empty.rms -o no.rms
    [ "$stderr" = "rec-vocab: empty.rms: no rows to learn from" ]
    [ ! -e no.rms ]
    refuses_damage vocab.rms rec-vocab --merge
}

@test "--merge refuses moments that have no sums beside them" {
    printf 'x\n1\n3\n' | rec-from csv --types x:f64 >in.rms
    echo 'query x normalize' >x.features
    rec-vocab x.features in.rms -o new.rms
    rec-where --any feature '!=' query.x.normalize id '<' 2 <new.rms >old.rms
    for parts in old.rms 'old.rms new.rms' 'new.rms old.rms'; do
        # shellcheck disable=SC2086 # several words
        cat $parts >parts.rms
        run -1 --separate-stderr rec-vocab --merge parts.rms -o no.rms
        [[ $stderr == "rec-vocab: "*"query.x.normalize: no sums beside the mean: learn it again from the data" ]]
        [ ! -e no.rms ]
    done
    rec-where id '!=' 3 <new.rms >half.rms
    run -1 --separate-stderr rec-vocab --merge half.rms
    [[ $stderr == *"no sums beside the mean"* ]]
}

@test "--merge of numbers that add up to 0, or are all 0" {
    echo 'query x normalize' >x.features
    for numbers in '-1\n1\n' '0\n0\n'; do
        # shellcheck disable=SC2059 # what is in it is ours
        printf "x\n$numbers" | rec-from csv --types x:f64 >in.rms
        rec-vocab x.features in.rms -o one.rms
        cat in.rms in.rms | rec-vocab x.features | rec-to csv >want
        cat one.rms one.rms | rec-vocab --merge | rec-to csv | diff want -
    done
}

@test "--merge refuses a vocabulary without the rows of a feature" {
    small_files
    rec-where feature '!=' query.when.bucketize <vocab.rms >edges.rms
    rec-where feature '!=' query.when.normalize <vocab.rms >moments.rms
    run -1 --separate-stderr rec-vocab --merge edges.rms -o no.rms
    [ "$stderr" = "rec-vocab: edges.rms: vocabulary 1: query.when.bucketize: 0 edges, not 5" ]
    cat vocab.rms moments.rms vocab.rms >parts.rms
    run -1 --separate-stderr rec-vocab --merge parts.rms -o no.rms
    [ "$stderr" = "rec-vocab: parts.rms: vocabulary 2: query.when.normalize: mean or variance is missing" ]
    rec-head -n 0 <vocab.rms >empty.rms
    cat vocab.rms empty.rms >parts.rms
    run -1 --separate-stderr rec-vocab --merge parts.rms -o no.rms
    [ "$stderr" = "rec-vocab: parts.rms: vocabulary 2: query.when.bucketize: 0 edges, not 5" ]
    [ ! -e no.rms ]
}

@test "values whose squares are beyond all doubles have no variance" {
    printf 'x\n1e200\n-1e200\n' | rec-from csv --types x:f64 >big.rms
    echo 'query x normalize' >x.features
    run -1 --separate-stderr rec-vocab -o vocab.rms x.features big.rms
    [ "$stderr" = "rec-vocab: query.x.normalize: values are too large to have a variance" ]
}

@test "wrong usage exits 2 and says nothing on standard output" {
    refuses_usage rec-vocab
    refuses_usage rec-vocab a b c
    refuses_usage rec-vocab --no-such-option a
    refuses_usage rec-vocab --merge a b
}

@test "the manual page has the options of --help" {
    same_options rec-vocab
}
