# rec-train-als makes a matrix factorisation of a stream of features.

load helper
load models

trainer=rec-train-als
# shellcheck disable=SC2034 # train() of models.bash reads it
small=() # there is no network

setup_file() {
    make_features
}

# Rows 'user item' as features of 4 users and 5 items, 0 among each.
pairs_stream() {
    rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32' \
        --meta 'feature.1=query u lookup dim=4 size=4' \
        --meta 'feature.2=item t lookup dim=4 size=5 key' \
        --meta key=item.t.lookup
}

# The table of a feature, a row of it a line: table_of FEATURE WIDTH MODEL
table_of() {
    rec-to jsonl "$3" | awk -v name="\"tensor\":\"$1\"" 'index($0, name)' |
        sed 's/.*"values":\[//; s/\].*//' | tr ',' '\n' |
        awk -v n="$2" '{ printf "%s%s", $0, NR % n ? " " : "\n" }'
}

@test "the model is a pair of towers, and says where it comes from" {
    train -d 5 -e 2 "$DATA/train.rms" -o out.rms
    head_lines out.rms | sed 's/ size=[0-9]* digest=[1-9][0-9]*//' >got
    grep -q '^step rec-train-als .* --dim 5 --epochs 2$' got
    grep -v '^step' got | diff - <(
        cat <<'END'
meta model towers
meta layers none
meta similarity dot
meta feature.1 query user_id lookup dim=5 order=bytes min=1
meta feature.2 item movie_title lookup dim=5 order=bytes min=1 key
meta key item.movie_title.lookup
END
    )
    rec-to tsv --no-header -c tensor,cols out.rms | diff - <(
        printf '%s\n' $'query.user_id.lookup\t5' $'item.movie_title.lookup\t5'
    )
}

@test "the loss falls from epoch to epoch" {
    train -v -d 8 -e 6 "$DATA/train.rms" -o out.rms 2>log
    sed -n 's/.*: epoch [0-9]*: loss //p' log >losses
    [ "$(wc -l <losses)" -eq 6 ]
    sort -gr losses | diff losses -
    [ "$(sort -u losses | wc -l)" -gt 3 ]
}

@test "what a user took comes before what none like him took" {
    # Users 1 and 2 share items 1 and 2, user 3 alone has 3 and 4.
    printf '%s\n' $'1\t1' $'1\t2' $'2\t1' $'3\t3' $'3\t4' | pairs_stream >in.rms
    train -d 2 -e 20 in.rms -o out.rms
    printf '%s\n' $'0\t1' $'0\t2' $'0\t3' $'0\t4' | pairs_stream |
        rec-embed -m out.rms --tower item -o items.rms
    rec-embed -m out.rms --tower query in.rms |
        rec-knn -k 4 -i items.rms -x in.rms |
        rec-to tsv --no-header -c query.u.lookup,candidates | sort -u >got
    # What is left for user 2 is led by item 2.
    grep -qE '^2	2\|' got
}

@test "a fixed point, worked by hand" {
    # One user, one item, d = 1: w = h / (h^2 (1 + alpha) + r) and the same for
    # h, with r = lambda (1 + alpha).  So w h = (1 - r) / (1 + alpha) in the end.
    printf '1\t1\n' | pairs_stream >in.rms
    train -d 1 -e 500 --alpha 1 --lambda 0.05 in.rms -o out.rms
    table_of query.u.lookup 1 out.rms >query
    table_of item.t.lookup 1 out.rms >item
    [ "$(wc -l <query) $(wc -l <item)" = '4 5' ]
    paste query item | awk 'NR == 2 { s = $1 * $2
        exit !(s > 0.4499 && s < 0.4501) }'
}

@test "the unknown user is the mean of all, the unknown item is nothing" {
    printf '%s\n' $'1\t1' $'1\t2' $'2\t2' $'0\t3' $'2\t0' | pairs_stream >in.rms
    train -d 3 -e 5 in.rms -o out.rms
    table_of query.u.lookup 3 out.rms | awk '{ for (i = 1; i <= 3; i++)
            x[NR, i] = $i }
        END { for (i = 1; i <= 3; i++) {
            d = (x[2, i] + x[3, i]) / 2 - x[1, i]
            if (d * d > 1e-12 || x[4, i] != x[1, i]) exit 1 } }'
    table_of item.t.lookup 3 out.rms >item
    # Nobody who is known took item 3.
    for line in 1 4 5; do
        [ "$(sed -n "${line}p" item)" = '0 0 0' ]
    done
    # And rows of unknowns are as good as none.
    printf '%s\n' $'1\t1' $'1\t2' $'2\t2' $'2\t2' | pairs_stream |
        train -d 3 -e 5 -o other.rms
    weights out.rms >want
    weights other.rms | diff want -
}

@test "same seed, same bytes for any number of threads; another seed, other bytes" {
    train -e 3 "$DATA/train.rms" -o one.rms
    for n in 1 2 3; do
        train -j $n -e 3 <"$DATA/train.rms" | cmp - one.rms
    done
    train -e 3 --seed 2 "$DATA/train.rms" -o two.rms
    weights two.rms >two
    weights one.rms >other
    run -1 cmp -s other two
}

@test "each option changes the model" {
    for option in '' '--alpha 1' '--lambda 0.1' '--nu 0' '--epochs 4' '--dim 7'; do
        # shellcheck disable=SC2086 # several words on purpose
        train --epochs 3 --dim 8 $option "$DATA/train.rms" -o one.rms
        weights one.rms | cksum >>sums
    done
    [ "$(sort -u sums | wc -l)" -eq 6 ]
}

@test "--query names the lookup that asks" {
    printf '%s\n' $'1\t2\t1' $'2\t1\t2' $'3\t1\t1' |
        rec-from tsv --columns \
            'query.u.lookup:u32 query.v.lookup:u32 item.t.lookup:u32' \
            --meta 'feature.1=query u lookup dim=4 size=4' \
            --meta 'feature.2=query v lookup dim=4 size=3' \
            --meta 'feature.3=item t lookup dim=4 size=5 key' -o in.rms
    train in.rms -o out.rms
    rec-info out.rms | grep '^meta feature.1 query u lookup'
    for name in v query.v.lookup; do
        train --query $name in.rms -o out.rms
        rec-info out.rms | grep '^meta feature.1 query v lookup dim=64'
    done
    rm out.rms
    fails_with "$trainer: in.rms: no lookup 'w' among the features of the query" \
        --query w in.rms
}

@test "better lists than those of the most popular" {
    train -d 16 --alpha 0.5 --lambda 0.05 "$DATA/train.rms" -o out.rms
    rec-embed -m out.rms --tower item "$DATA/items.rms" -o items.rms
    rec-embed -m out.rms --tower query "$DATA/test.rms" |
        rec-knn -k 10 -i items.rms -x "$DATA/train.rms" |
        rec-ndcg --at 10 | awk '$1 == "hit" { print $3 }' >als
    hits_of_popular >popular.hits
    paste als popular.hits
    paste als popular.hits | awk '{ exit !($2 > 0.1 && $1 > 1.2 * $2) }'
}

@test "no rows, no features, ids beyond the table: refused with a reason" {
    rec-head -n 0 "$DATA/train.rms" -o none.rms
    fails_with "$trainer: none.rms: no row of a known query and a known item" \
        none.rms
    printf '0\t1\n1\t0\n' | pairs_stream >unknown.rms
    fails_with "$trainer: unknown.rms: no row of a known query and a known item" \
        unknown.rms
    printf '1\t5\n' | pairs_stream >beyond.rms
    fails_with "$trainer: beyond.rms: item.t.lookup: id 5 in a table of 5 rows" \
        beyond.rms
    fails_with "$trainer: $DATA/all.rms: its head describes no features: *" \
        "$DATA/all.rms"
    fails_with "$trainer: $DATA/items.rms: no lookup among the features of the query: nobody asks" \
        "$DATA/items.rms"
    printf '1\t1\n' | rec-from tsv \
        --columns 'query.u.lookup:u32 item.t.bucketize:u32' \
        --meta 'feature.1=query u lookup dim=4 size=4' >no-key.rms
    fails_with "$trainer: no-key.rms: no feature is marked 'key': items have no names" \
        no-key.rms
    rec-cut --except item.movie_title.lookup "$DATA/train.rms" -o less.rms
    fails_with "$trainer: less.rms: no column 'item.movie_title.lookup'*" \
        less.rms
}

@test "equations without a solution are an error" {
    printf '1\t1\n' | pairs_stream >in.rms
    fails_with "$trainer: the equations of a vector are singular: it takes a larger lambda" \
        -d 4 --alpha 0 --lambda 0 in.rms
}

@test "a cut or damaged stream leaves no output" {
    cp "$DATA/train.rms" .
    damage train.rms "$(($(wc -c <train.rms) - 100))"
    fails_with "$trainer: train.rms: *" train.rms
    head -c 3000 "$DATA/train.rms" >cut.rms
    fails_with "$trainer: cut.rms: *" cut.rms
    fails_with "$trainer: standard input: *empty*" </dev/null
}

@test "a full disk is an error" {
    fails_on_full_disk "$trainer" -e 1 "$DATA/train.rms"
}

@test "wrong usage exits 2 and says nothing on standard output" {
    for options in '-d 0' '-d 2049' '-e 0' '--alpha -1' '--lambda nan' \
        '--nu -1' '--seed -1' '--nonsense' more; do
        # shellcheck disable=SC2086 # several words on purpose
        refuses_usage "$trainer" $options "$DATA/train.rms"
    done
}

@test "the manual page has the options of --help" {
    same_options "$trainer"
}
