# rec-score adds what another model says of the candidates in lists.

load helper

# A stream of what is on standard input: stream COLUMNS [OPTION]...
stream() {
    local columns=$1
    shift
    rec-from tsv --list-separator ' ' --columns "$columns" "$@"
}

rows() {
    rec-to tsv --list-separator ' ' --no-header
}

items() {
    printf '%s\n' $'7\t1 0\t2.5' $'3\t0 1\t-1' $'5\t1 1\t0' $'9\t-1 0.5\t1e10' |
        stream 'item.t.lookup:u32 embedding:f32[2] count:f64' \
            --meta key=item.t.lookup >items.rms
}

lists() {
    printf '%s\n' $'a\t9 7 3\t1 2\t3 2 1' $'b\t\t5 5\t' $'c\t5\t0 -1\t9' |
        stream 'name:str candidates:u32[] embedding:f32[2] scores:f32[]' \
            >lists.rms
}

# Model and lists of 60 users' ratings, made at random.
synthetic() {
    cat >features <<'END2'
query user_id     lookup dim=12
item  movie_title lookup dim=12 key
END2
    rec-synth --rows 2000 --users 60 --items 150 |
        rec-from csv --types 'user_id:str' -o all.rms
    rec-vocab features all.rms -o vocab.rms
    rec-featurize -v vocab.rms all.rms -o train.rms
    rec-featurize -v vocab.rms --items all.rms -o items.rms
    rec-train-als -d 12 train.rms -o als.rms
    rec-embed -m als.rms --tower item items.rms -o embedded.rms
    rec-head -n 500 train.rms |
        rec-embed -m als.rms --tower query -o queries.rms
}

@test "the inner product with each candidate, in the place of the embedding" {
    items
    lists
    rec-score -i items.rms lists.rms >got.rms
    rows <got.rms | diff - <(
        printf '%s\n' $'a\t9 7 3\t3 2 1\t0 1 2' $'b\t\t\t' $'c\t5\t9\t-1'
    )
    rec-info got.rms | grep '^column score f32\[\]'
    rec-score -i items.rms --as other lists.rms | rec-info |
        grep '^column other f32\[\]'
}

@test "--column: a number of each candidate, and the embedding stays" {
    items
    lists
    rec-score -i items.rms --column count lists.rms | rows | diff - <(
        printf '%s\n' $'a\t9 7 3\t1 2\t3 2 1\t1e+10 2.5 -1' \
            $'b\t\t5 5\t\t' $'c\t5\t0 -1\t9\t0'
    )
    rec-cut name,candidates lists.rms |
        rec-score -i items.rms --column count --as n | rows | cut -f 3 |
        diff - <(printf '1e+10 2.5 -1\n\n0\n')
    rec-score -i items.rms --column item.t.lookup lists.rms | rows | cut -f 5 |
        diff - <(printf '9 7 3\n\n5\n')
}

@test "the numbers are those of rec-knn, and the same bytes for any -j" {
    synthetic
    rec-knn -k 40 -i embedded.rms queries.rms -o found.rms
    rec-embed -m als.rms --tower query found.rms |
        rec-score -i embedded.rms --as again -o one.rms
    rec-to tsv -c scores one.rms | tail -n +2 >want
    rec-to tsv -c again one.rms | tail -n +2 | diff want -
    for n in 2 3; do
        rec-embed -m als.rms --tower query found.rms |
            rec-score -j $n -i embedded.rms --as again | cmp - one.rms
    done
}

@test "a candidate that is none of the items is an error that names the row" {
    items
    printf '%s\n' $'9 7\t1 2' $'7 4\t1 1' |
        stream 'candidates:u32[] embedding:f32[2]' >lists.rms
    run -1 --separate-stderr rec-score -i items.rms lists.rms -o out.rms
    [ "$stderr" = "rec-score: lists.rms: row 2: candidate 4 is none of the items" ]
    run -1 --separate-stderr rec-score -i items.rms -c count lists.rms -o out.rms
    [ "$stderr" = "rec-score: lists.rms: row 2: candidate 4 is none of the items" ]
    [ ! -e out.rms ]
}

@test "what does not fit is refused with a reason" {
    items
    lists
    refuse() {
        run -1 --separate-stderr rec-score -o out.rms "${@:2}"
        echo "$stderr"
        # shellcheck disable=SC2053 # a pattern on purpose
        [[ $stderr == rec-score:\ $1 ]]
        [ ! -e out.rms ]
    }
    rec-cut --except embedding lists.rms -o less.rms
    refuse "less.rms: no column 'embedding'*" -i items.rms less.rms
    rec-cut --except candidates lists.rms -o less.rms
    refuse "less.rms: no column 'candidates'*" -i items.rms less.rms
    refuse "items.rms: column 'embedding' is not one number" -i items.rms \
        -c embedding lists.rms
    refuse "items.rms: no column 'nothing'*" -i items.rms -c nothing lists.rms
    refuse "lists.rms: there are two columns 'scores'" -i items.rms --as scores lists.rms
    printf '5\t1 2 3\n' | stream 'candidates:u32[] embedding:f32[3]' >wide.rms
    refuse "wide.rms: embeddings have 3 numbers, those of items.rms have 2" \
        -i items.rms wide.rms
    printf '5\t1 nan\n' | stream 'candidates:u32[] embedding:f32[2]' >nan.rms
    refuse "nan.rms: row 1: embedding is not finite" -i items.rms nan.rms
    printf '5\tinf\n' | stream 'id:u32 n:f32' >inf.rms
    refuse "inf.rms: item 1: n is not finite" -i inf.rms --id id -c n lists.rms
    printf '5\t1\n5\t2\n' | stream 'id:u32 n:f32' >twice.rms
    refuse "twice.rms: item id 5 is there twice" -i twice.rms --id id -c n \
        lists.rms
    rec-head -n 0 lists.rms -o none.rms
    refuse "none.rms: no rows" -i items.rms none.rms
}

@test "a cut or damaged stream leaves no output" {
    items
    lists
    refuses_damage lists.rms rec-score -i items.rms -o out.rms
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    items
    lists
    fails_on_full_disk rec-score -i items.rms lists.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    items
    lists
    refuses_usage rec-score lists.rms
    refuses_usage rec-score -i items.rms lists.rms more.rms
    refuses_usage rec-score -i - -
    refuses_usage rec-score -i items.rms --nonsense lists.rms
}
