# rec-featurize adds the features, the numbers that models read.

load helper
load features

@test "adds a column for each feature behind those that are there" {
    small_files
    rec-featurize -v vocab.rms small.rms | rec-to tsv >got
    head -n 1 got | tr '\t' '\n' >columns
    printf '%s\n' user when title rating query.user.lookup \
        query.when.bucketize query.when.normalize item.title.lookup \
        item.title.tokenize label | diff - columns
    # edges 0, 25, 50, 75, 100: the bucket is how many of them are smaller
    cut -f 1,2,5,6,8-10 got | tail -n +2 >ids
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        7 0 3 0 2 '2|3' 1 \
        10 25 1 1 3 '4|5' 0 \
        7 50 3 2 2 '2|3' 1 \
        7 75 3 3 1 '6|7' 0 \
        31 99 2 4 3 '4|5' 1 \
        10 100 1 4 2 '2|3' 0 | diff - ids
}

@test "normalizes by the vocabulary's mean and deviation" {
    small_files
    rec-featurize -v vocab.rms small.rms |
        rec-to tsv --columns query.when.normalize --no-header >got
    # (x - 58.1667) / sqrt(1375.1389)
    awk '{ printf "%.5f\n", $1 }' got >rounded
    printf '%s\n' -1.56856 -0.89439 -0.22023 0.45394 1.10114 1.12810 |
        diff - rounded
}

@test "the head says how large each table is, and which feature is the key" {
    small_files
    rec-featurize -v vocab.rms small.rms | head -c 2000 | grep -a '^meta' |
        sed 's/ digest=[1-9][0-9]*//' >got
    diff - got <<'END'
meta feature.1 query user lookup dim=4 order=bytes min=1 size=4
meta feature.2 query when bucketize dim=2 bins=5 side=left size=6
meta feature.3 query when normalize
meta feature.4 item title lookup dim=32 order=bytes min=1 size=4 key
meta key item.title.lookup
meta feature.5 item title tokenize dim=32 min=1 max=10000 pool=mean size=8
meta feature.6 label rating threshold at=4
END
}

@test "what the vocabulary does not know is 0, among tokens 1" {
    small_files
    echo 'query user lookup' >u.features
    rec-vocab u.features small.rms >u.rms
    printf 'user,title\n8,Alien 3\n,\n7,Alien (1979)\n' |
        rec-from csv --types 'user:str title:str' |
        rec-featurize -v vocab.rms --part item | rec-featurize -v u.rms |
        rec-to tsv --no-header | cut -f 3- >got
    printf '%s\t%s\t%s\n' 0 '2|1' 0 0 '' 0 2 '2|3' 3 | diff - got
}

@test "a list has the ids of its values, its own or those of another lookup" {
    cat >lists.features <<'END'
item  title   lookup key dim=4
query history lookup of=title pool=mean dim=8
query genres  lookup pool=sum order=count
END
    printf '%s\n' 'title,genres,history' 'C,noir|war,' 'A,war,C' 'B,,A|X|C|A' |
        rec-from csv --types 'title:str genres:str[] history:str[]' >lists.rms
    # the column of of= need not be there yet
    rec-cut -x history lists.rms | rec-vocab lists.features >vocab.rms
    rec-to tsv -c feature vocab.rms >rows
    [ "$(grep -c history rows)" = 0 ]
    rec-featurize -v vocab.rms lists.rms >got.rms
    rec-to tsv --no-header got.rms | cut -f 4- >got
    printf '%s\t%s\t%s\n' 3 '' '2|1' 1 3 1 2 '1|0|3|1' '' | diff - got
    head -c 600 got.rms | grep -a '^meta feature.2' |
        sed 's/ digest=[1-9][0-9]*//' >got
    echo 'meta feature.2 query history lookup dim=8 pool=mean size=4 of=title' |
        diff - got
    # numbers have the same ids as their digits
    echo 'query n lookup pool=mean' >n.features
    printf 'n,m\n7|10,1\n,2\n7,3\n' |
        rec-from csv --types 'n:i32[] m:u8' >n.rms
    rec-vocab n.features n.rms >n.vocab
    rec-featurize -v n.vocab n.rms | rec-to tsv --no-header -c query.n.lookup >got
    printf '%s\n' '2|1' '' 2 | diff - got
}

@test "a list needs pool=, and pool= a list" {
    printf 'a,b\n1|2,3\n' | rec-from csv --types 'a:u32[] b:u32' >ab.rms
    echo 'query a lookup' >a.features
    run -1 rec-vocab a.features ab.rms
    [[ $output == *"column 'a' is u32[], and lookup needs pool= for a list a row"* ]]
    echo 'query b lookup pool=mean' >b.features
    run -1 rec-vocab b.features ab.rms
    [[ $output == *"column 'b' is u32, and lookup needs a list a row when it has pool="* ]]
}

@test "values outside the range seen fall into the outermost buckets" {
    small_files
    echo 'query when bucketize bins=5' >w.features
    rec-vocab w.features small.rms >w.rms
    printf 'when\n-5\n0\n1000\n' | rec-from csv --types when:i64 |
        rec-featurize -v w.rms | rec-to tsv --no-header | cut -f 2 >got
    printf '%s\n' 0 0 5 | diff - got
}

@test "--part leaves the others' columns unneeded" {
    small_files
    printf 'title\nAlien (1979)\n' | rec-from csv --types title:str >titles.rms
    run -1 --separate-stderr rec-featurize -v vocab.rms -o out.rms titles.rms
    [ "$stderr" = "rec-featurize: titles.rms: no column 'user'; there are: title" ]
    rec-featurize -v vocab.rms --part item titles.rms | rec-to tsv >got
    printf '%s\t%s\t%s\n' title item.title.lookup item.title.tokenize \
        'Alien (1979)' 2 '2|3' | diff - got
}

@test "parts that are added one after the other make the same features" {
    small_files
    rec-featurize -v vocab.rms small.rms | rec-to jsonl >whole
    rec-featurize -v vocab.rms --part query small.rms |
        rec-featurize -v vocab.rms -p item -p label >parts.rms
    rec-to jsonl parts.rms | diff whole -
    head -c 2000 parts.rms | grep -a '^meta feature' | cut -d ' ' -f 2 >got
    printf 'feature.%s\n' 1 2 3 4 5 6 | diff - got
}

@test "features that are there already are refused" {
    small_files
    rec-featurize -v vocab.rms small.rms >features.rms
    run -1 --separate-stderr rec-featurize -v vocab.rms -o out.rms features.rms
    [[ $stderr == "rec-featurize: features.rms: "*query.user.lookup* ]]
}

@test "features that were cut away can be made again, and are described once" {
    small_files
    rec-featurize -v vocab.rms small.rms | rec-cut user,when,item.title.lookup >cut.rms
    rec-featurize -v vocab.rms --part query cut.rms | rec-info | grep '^meta' |
        sed 's/ digest=[1-9][0-9]*//' >got
    diff - got <<'END'
meta key item.title.lookup
meta feature.1 item title lookup dim=32 order=bytes min=1 size=4 key
meta feature.2 query user lookup dim=4 order=bytes min=1 size=4
meta feature.3 query when bucketize dim=2 bins=5 side=left size=6
meta feature.4 query when normalize
END
}

@test "--items gives each known item once, where it is met first" {
    small_files
    printf 'title,year\nM*A*S*H (1970),1\nnone,2\nAlien (1979),3\nM*A*S*H (1970),4\n' |
        rec-from csv --flush --types 'title:str year:u32' |
        rec-featurize -v vocab.rms --items | rec-to tsv >got
    printf '%s\t%s\t%s\t%s\n' title year item.title.lookup item.title.tokenize \
        'M*A*S*H (1970)' 1 3 '4|5' 'Alien (1979)' 3 2 '2|3' | diff - got
}

@test "--items without one known item is an error" {
    small_files
    printf 'title\nnone\n' | rec-from csv --types title:str >none.rms
    run -1 --separate-stderr rec-featurize -v vocab.rms --items -o out.rms none.rms
    [ "$stderr" = "rec-featurize: none.rms: no known items" ]
}

@test "a block in gives a block out at once" {
    small_files
    mkfifo text
    rec-from csv --flush --types 'user:str when:i64 title:str rating:f32' <text |
        rec-featurize -v vocab.rms >out.rms &
    exec 5>text
    printf 'user,when,title,rating\n7,5,Alien (1979),4\n' >&5
    # a DATA frame comes while the input is still open
    for _ in {1..100}; do
        grep -qa 'RS1D' out.rms && break
        sleep 0.1
    done
    grep -qa 'RS1D' out.rms
    exec 5>&-
    wait
    rec-to tsv --no-header out.rms | cut -f 8 >got
    echo 2 | diff - got
}

@test "an empty stream gives an empty stream with the columns" {
    small_files
    rec-head -n 0 small.rms | rec-featurize -v vocab.rms | rec-to tsv | wc -l >got
    echo 1 | diff -b - got
}

@test "NaN is an error that names the row" {
    printf 'x\n1\n2\n' | rec-from csv --types x:f64 >x.rms
    echo 'query x normalize' >x.features
    rec-vocab x.features x.rms >v.rms
    printf 'x\n1\nnan\n' | rec-from csv --types x:f64 >nan.rms
    run -1 --separate-stderr rec-featurize -v v.rms -o out.rms nan.rms
    [ "$stderr" = "rec-featurize: nan.rms: row 2: x is NaN" ]
}

@test "what is no vocabulary is refused, and so is a damaged one" {
    small_files
    run -1 --separate-stderr rec-featurize -v small.rms -o out.rms small.rms
    [ "$stderr" = "rec-featurize: small.rms: no vocabulary: it has no column 'feature' of str" ]
    head -c -1 vocab.rms >cut.rms
    run -1 --separate-stderr rec-featurize -v cut.rms -o out.rms small.rms
    [[ $stderr == "rec-featurize: cut.rms: "* ]]
    cat vocab.rms vocab.rms >twice.rms
    run -1 --separate-stderr rec-featurize -v twice.rms -o out.rms small.rms
    [ "$stderr" = "rec-featurize: twice.rms: row 24: query.user.lookup: id 1 where 4 was due" ]
    [ ! -e out.rms ]
}

@test "a damaged or cut stream gives no features" {
    small_files
    refuses_damage small.rms rec-featurize -v vocab.rms
    refuses_damage vocab.rms rec-featurize --items -v - small.rms
    head -c -1 small.rms >cut.rms
    run -1 --separate-stderr rec-featurize -v vocab.rms -o out.rms cut.rms
    [[ $stderr == "rec-featurize: cut.rms: "* ]]
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    small_files
    fails_on_full_disk rec-featurize -v vocab.rms small.rms
}

@test "memory does not grow with the rows" {
    small_files
    # a million rows, 40 MB of them
    for _ in {1..10}; do
        awk 'BEGIN { for (i = 0; i < 100000; i++)
            print "7\t" i "\tM*A*S*H, and some more of it\t3" }' |
            rec-from tsv --columns 'user:str when:i64 title:str rating:f32'
    done >large.rms
    within_memory 48 rec-featurize -v vocab.rms -o out.rms large.rms
}

@test "MovieLens: all of it, and each title once" {
    need_movielens
    movielens_features >ml.features
    movielens_ratings >ml.rms
    rec-vocab ml.features ml.rms >v.rms
    rec-featurize -v v.rms --items ml.rms | rec-to tsv --no-header | wc -l >got
    echo 1664 | diff -b - got
    rec-featurize -v v.rms ml.rms | rec-to tsv --no-header >got
    awk -F '\t' '{ ones += $10; n++ } END { print n, ones }' got >labels
    echo 100000 55375 | diff - labels
    # buckets 0 to 999 are used, 844 of them; z reaches from -1.6475 to 1.8260
    cut -f 6 got | sort -n | uniq >buckets
    [ "$(sed -n '1p;$p' buckets | tr '\n' ' ')" = "0 999 " ]
    [ "$(wc -l <buckets)" -eq 844 ]
    cut -f 7 got | sort -g | sed -n '1p;$p' | awk '{ printf "%.4f\n", $1 }' >z
    printf '%s\n' -1.6475 1.8260 | diff - z
}

@test "wrong usage exits 2 and says nothing on standard output" {
    small_files
    refuses_usage rec-featurize small.rms
    refuses_usage rec-featurize -v vocab.rms --part user small.rms
    refuses_usage rec-featurize -v vocab.rms --items --part item small.rms
    refuses_usage rec-featurize -v vocab.rms a b
}

@test "the manual page has the options of --help" {
    same_options rec-featurize
}
