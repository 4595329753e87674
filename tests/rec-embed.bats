# rec-embed adds the embedding that a tower gives to each row.

load helper
load models

setup_file() {
    make_features
    for similarity in dot cosine; do
        rec-train-tower --layers 16,8 --batch-size 64 --epochs 3 \
            --similarity $similarity train.rms -o $similarity.rms
    done
    rec-train-rank --layers 4 --epochs 1 train.rms -o ranker.rms
}

# How many DATA frames there are.
blocks() {
    LC_ALL=C grep -aoP '\x89RS1D' | wc -l
}

# A model made by hand: the embedding of user u is (2 x + 1, 0.5) where x is
# u / 4, that of item t is (t, -1).
made_by_hand() {
    {
        printf 'tensor\trows\tcols\tfirst\tvalues\n'
        printf '%s\t%d\t%d\t0\t%s\n' \
            query.u.lookup 3 1 '0|0.25|0.5' \
            query.0.kernel 1 2 '2|0' \
            query.0.bias 1 2 '1|0.5' \
            item.t.lookup 3 1 '0|1|2' \
            item.0.kernel 1 2 '1|0' \
            item.0.bias 1 2 '0|-1'
    } | rec-from tsv \
        --types 'tensor:str rows:u64 cols:u64 first:u64 values:f32[]' \
        --meta model=towers --meta layers=2 --meta "similarity=${1-dot}" \
        --meta 'feature.1=query u lookup dim=1 size=3' \
        --meta 'feature.2=item t lookup dim=1 size=3 key' -o hand.rms
    printf '2\t1\n1\t2\n0\t0\n' |
        rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32' -o in.rms
}

@test "a tower is a table, kernels and biases" {
    made_by_hand
    rec-embed -m hand.rms --tower query in.rms |
        rec-to tsv -c embedding --no-header >got
    printf '2|0.5\n1.5|0.5\n1|0.5\n' | diff - got
    rec-embed -m hand.rms --tower item in.rms |
        rec-to tsv -c embedding --no-header >got
    printf '1|-1\n2|-1\n0|-1\n' | diff - got
}

@test "adds one column, and keeps the others and the head" {
    rec-embed -m "$DATA/dot.rms" --tower query "$DATA/test.rms" -o out.rms
    rec-info out.rms | grep '^column' >got
    { rec-info "$DATA/test.rms" | grep '^column' &&
        echo 'column embedding f32[8]'; } | diff - got
    rec-cut --except embedding out.rms | rec-to tsv >got
    rec-to tsv "$DATA/test.rms" | diff - got
    head_lines out.rms | grep -v '^step rec-embed' >got
    head_lines "$DATA/test.rms" | diff - got
}

@test "one row at a time gives the same embedding, block for block" {
    for tower in query item; do
        rec-embed -m "$DATA/dot.rms" --tower $tower "$DATA/test.rms" |
            rec-to tsv -c embedding --no-header | tr '|' '\t' >want
        rec-to tsv "$DATA/test.rms" | rec-from tsv --flush --types "$(
            rec-info "$DATA/test.rms" | awk '$1 == "column" { print $2 ":" $3 }'
        )" >rows.rms
        rec-embed -m "$DATA/dot.rms" --tower $tower rows.rms >got.rms
        [ "$(blocks <got.rms)" -eq 400 ]
        rec-to tsv -c embedding --no-header got.rms | tr '|' '\t' |
            paste want - | awk '{ for (i = 1; i <= 8; i++)
                if ($i - $(i + 8) > 1e-6 || $(i + 8) - $i > 1e-6) bad++ }
                END { exit bad || NR != 400 }'
    done
}

@test "gives the same bytes for any number of threads" {
    rec-embed -j 1 -m "$DATA/dot.rms" --tower item "$DATA/train.rms" -o one
    for n in 2 3; do
        rec-embed -j $n -m "$DATA/dot.rms" --tower item "$DATA/train.rms" |
            cmp - one
    done
}

@test "with cosine every embedding has length 1" {
    for tower in query item; do
        rec-embed -m "$DATA/cosine.rms" --tower $tower "$DATA/test.rms" |
            rec-to tsv -c embedding --no-header | tr '|' '\t' |
            awk '{ s = 0; for (i = 1; i <= NF; i++) s += $i * $i
                if (s < 1 - 1e-5 || s > 1 + 1e-5) bad++ }
                END { exit bad || NR != 400 }'
    done
    made_by_hand cosine
    rec-embed -m hand.rms --tower item in.rms |
        rec-to tsv -c embedding --no-header >got
    printf '0.70710677|-0.70710677\n0.8944272|-0.4472136\n0|-1\n' | diff - got
}

@test "each tower reads its own features only" {
    rec-embed -m "$DATA/dot.rms" --tower item "$DATA/items.rms" >/dev/null
    run -1 --separate-stderr rec-embed -m "$DATA/dot.rms" --tower query \
        "$DATA/items.rms" -o out.rms
    [ "$stderr" = "rec-embed: $DATA/items.rms: no column 'query.user_id.lookup', which the model reads" ]
    [ ! -e out.rms ]
}

@test "refuses features of another vocabulary" {
    rec-head -n 500 "$DATA/all.rms" -o some.rms
    rec-vocab "$DATA/features" some.rms -o vocab.rms
    rec-featurize -v vocab.rms some.rms -o other.rms
    run -1 --separate-stderr rec-embed -m "$DATA/dot.rms" --tower item other.rms \
        -o out.rms
    [[ $stderr == "rec-embed: other.rms: made with another vocabulary or feature file: "* ]]
    [ ! -e out.rms ]
}

@test "how wide embeddings are is the model's affair, not the vocabulary's" {
    sed 's/dim=8/dim=3/' "$DATA/features" >features
    rec-vocab features "$DATA/all.rms" -o vocab.rms
    rec-featurize -v vocab.rms "$DATA/all.rms" | rec-head -n 50 |
        rec-embed -m "$DATA/dot.rms" --tower item |
        rec-to tsv -c embedding >got
    rec-featurize -v "$DATA/vocab.rms" "$DATA/all.rms" | rec-head -n 50 |
        rec-embed -m "$DATA/dot.rms" --tower item |
        rec-to tsv -c embedding | diff - got
}

@test "refuses a column of another type, and ids beyond the table" {
    made_by_hand
    printf '1\t1\n' |
        rec-from tsv --columns 'query.u.lookup:f32 item.t.lookup:u32' -o in.rms
    run -1 --separate-stderr rec-embed -m hand.rms --tower query in.rms
    [ "$stderr" = "rec-embed: in.rms: column 'query.u.lookup' is f32, not u32" ]
    printf '1\t3\n' |
        rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32' -o in.rms
    run -1 --separate-stderr rec-embed -m hand.rms --tower item in.rms
    [[ $stderr == "rec-embed: in.rms: item.t.lookup: "* ]]
}

@test "refuses a stream that has an embedding already" {
    rec-embed -m "$DATA/dot.rms" --tower item "$DATA/items.rms" -o out.rms
    run -1 --separate-stderr rec-embed -m "$DATA/dot.rms" --tower item out.rms
    [[ $stderr == "rec-embed: out.rms: "*embedding* ]]
}

@test "refuses what is no model of two towers" {
    run -1 --separate-stderr rec-embed -m "$DATA/ranker.rms" --tower item \
        "$DATA/items.rms"
    [ "$stderr" = "rec-embed: $DATA/ranker.rms: a model of kind 'ranker', not 'towers'" ]
    run -1 --separate-stderr rec-embed -m "$DATA/items.rms" --tower item \
        "$DATA/items.rms"
    [ "$stderr" = "rec-embed: $DATA/items.rms: not a model" ]
    made_by_hand l2
    run -1 --separate-stderr rec-embed -m hand.rms --tower item in.rms
    [ "$stderr" = "rec-embed: hand.rms: its meta 'similarity' is neither dot nor cosine" ]
}

@test "refuses a model that is cut, damaged, or lacks a tensor" {
    made_by_hand
    refuses_damage hand.rms rec-embed --tower item in.rms -m - -o out.rms
    [ ! -e out.rms ]
    rec-head -n 11 "$DATA/dot.rms" -o less.rms
    run -1 --separate-stderr rec-embed -m less.rms --tower item "$DATA/items.rms"
    [ "$stderr" = "rec-embed: less.rms: tensor 'item.1.bias' is missing or incomplete" ]
}

@test "a cut or damaged stream leaves no output" {
    made_by_hand
    refuses_damage in.rms rec-embed -m hand.rms --tower item -o out.rms
    [ ! -e out.rms ]
}

@test "no rows are an error" {
    rec-head -n 0 "$DATA/test.rms" -o none.rms
    run -1 --separate-stderr rec-embed -m "$DATA/dot.rms" --tower item none.rms \
        -o out.rms
    [ "$stderr" = "rec-embed: none.rms: no rows" ]
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    fails_on_full_disk rec-embed -m "$DATA/dot.rms" --tower item \
        "$DATA/items.rms"
}

@test "wrong usage exits 2 and says nothing on standard output" {
    refuses_usage rec-embed "$DATA/items.rms"
    refuses_usage rec-embed -m "$DATA/dot.rms" "$DATA/items.rms"
    refuses_usage rec-embed --tower item "$DATA/items.rms"
    refuses_usage rec-embed -m "$DATA/dot.rms" --tower user "$DATA/items.rms"
    refuses_usage rec-embed -m "$DATA/dot.rms" --tower item a.rms b.rms
}

@test "the manual page has the options of --help" {
    same_options rec-embed
}
