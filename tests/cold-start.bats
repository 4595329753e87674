# Cold start: titles and users that training has not seen get better lists than the
# most popular, by a title's words and by a user's history.

load helper

# Everybody likes one kind of film, which the first word of a title tells, and
# takes others one time in five; some titles are popular.  Titles 121 to 160 are
# new, and so are users 301 to 360.
setup_file() {
    set -o pipefail
    export DATA=$BATS_FILE_TMPDIR
    cd "$DATA" || return
    awk 'BEGIN {
        split("space love war ghost west heist dance crime", kind, " ")
        srand(3)
        print "number\ttitle" >"items.tsv"
        for (i = 1; i <= 160; i++) {
            title[i] = kind[(i - 1) % 8 + 1] " film" i
            print i "\t" title[i] >"items.tsv"
        }
        print "user\ttitle\tnumber\ttime" >"old.tsv"
        print "user\ttitle\tnumber\ttime" >"new-titles.tsv"
        print "user\ttitle\tnumber\ttime" >"new-users.tsv"
        for (u = 1; u <= 360; u++) {
            split("", taken)
            for (t = 1; t <= 12; t++) {
                do {
                    i = int(120 * rand() ^ 1.5) + 1
                    other = (i - 1) % 8 != u % 8 && rand() > .04
                } while (other || i in taken)
                taken[i]
                print u "\t" title[i] "\t" i "\t" t >(u <= 300 ? "old.tsv" : "new-users.tsv")
            }
            i = 121 + u % 8 + 8 * int(5 * rand())
            if (u <= 300) print u "\t" title[i] "\t" i "\t" 13 >"new-titles.tsv"
        }
    }'
    cat >features <<'END'
query user    lookup   dim=8
query history lookup   of=title pool=weighted positions=5 dim=16
item  title   lookup   dim=16 key
item  title   tokenize dim=16
END
    for f in old new-titles new-users; do
        rec-from tsv --types 'user:str number:u32 time:i64' $f.tsv -o $f.rms
        from=old
        [ "$f" != new-users ] || from=new-users
        rec-history --by user --of title --time time --from $from.rms $f.rms -o $f.lists.rms
    done
    rec-vocab features old.rms -o vocab.rms
    rec-featurize -v vocab.rms old.lists.rms -o train.rms
    rec-train-tower --layers 16 --negatives all --optimizer adam --learning-rate .01 \
        --batch-size 200 --epochs 15 --drop query.user.lookup=.3 \
        --drop item.title.lookup=.3 train.rms -o tower.rms
    # All titles, new ones with the unknown id and their words, by a number.
    rec-from tsv --types number:u32 items.tsv |
        rec-featurize -v vocab.rms --part item |
        rec-embed -m tower.rms --tower item -o items.rms
}

# nDCG at 10 of lists of numbers, which FILE has: ndcg FILE
ndcg() {
    rec-ndcg --at 10 --truth number "$1" | awk '$1 == "ndcg" { print $3 }'
}

# Lists of the tower and of popularity for the rows ROWS, without what is in
# training rows: lists ROWS
lists() {
    rec-featurize -v "$DATA/vocab.rms" "$1" -o rows.rms
    rec-embed -m "$DATA/tower.rms" --tower query rows.rms |
        rec-knn -k 20 -i "$DATA/items.rms" --id number -x "$DATA/train.rms" -o tower.rms
    rec-popular -k 20 -t "$DATA/train.rms" --id number -x "$DATA/train.rms" rows.rms \
        -o popular.rms
    ndcg tower.rms >tower
    ndcg popular.rms >popular
    paste tower popular
}

@test "a new title is found by its words" {
    rec-featurize -v "$DATA/vocab.rms" "$DATA/new-titles.lists.rms" |
        rec-to tsv --no-header -c item.title.lookup | sort -u | diff - <(echo 0)
    lists "$DATA/new-titles.lists.rms"
    paste tower popular | awk '{ exit !($1 > 0.1 && $2 == 0) }'
}

@test "a new user gets a list by the history" {
    rec-where -i "$DATA/new-users.lists.rms" -o asked.rms time '>' 5
    rec-featurize -v "$DATA/vocab.rms" asked.rms |
        rec-to tsv --no-header -c query.user.lookup | sort -u | diff - <(echo 0)
    lists asked.rms
    paste tower popular | awk '{ exit !($1 > 1.5 * $2 && $2 > 0.01) }'
}
