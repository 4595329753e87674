# rec-train-ease makes an item-item model of a stream of features.

load helper
load models

trainer=rec-train-ease
# shellcheck disable=SC2034 # train() of models.bash reads it
small=() # there is no network

setup_file() {
    make_features
}

# Rows 'user item' as features of 4 users and 3 items, 0 among each.
pairs_stream() {
    rec-from tsv --columns 'query.u.lookup:u32 item.t.lookup:u32' \
        --meta 'feature.1=query u lookup dim=4 size=4' \
        --meta 'feature.2=item t lookup dim=4 size=3 key' \
        --meta key=item.t.lookup
}

# Two users take both items, one only the first.  With lambda = 1 what the first
# says for the second is 1 / 2, and the second for the first 2 / 3: X^T X + I is
# [4 2; 2 3] and its inverse [3 -2; -2 4] / 8.
by_hand() {
    printf '%s\n' $'1\t1' $'1\t2' $'2\t1' $'2\t2' $'3\t1' | pairs_stream
}

# Histories as a stream: histories COLUMNS ROW...
histories() {
    local column=$1
    shift
    printf '%s\n' "$@" | rec-from tsv --columns "$column"
}

# fails_with of models.bash where a model may be there.
fails_with_none() {
    rm -f out.rms
    fails_with "$@"
}

@test "a model worked by hand, and what it makes of histories" {
    by_hand >in.rms
    train --lambda 1 in.rms -o out.rms
    histories 'n:u32 query.history.lookup:u32[]' $'1\t1' $'2\t2' $'3\t1|2' \
        $'4\t0' $'5\t' $'6\t1|1' |
        rec-embed -m out.rms --tower query |
        rec-to tsv --no-header -c embedding | tr '|' ' ' >got
    printf '%s\n' '0 .5' '.666667 0' '.666667 .5' '0 0' '0 0' '0 1' |
        paste -d ' ' got - | awk '{ for (i = 1; i <= 2; i++)
            if ($i - $(i + 2) > 1e-6 || $(i + 2) - $i > 1e-6) exit 1 }
            END { if (NR != 6) exit 1 }'
    printf '%s\n' $'1\t0' $'1\t1' $'1\t2' | pairs_stream |
        rec-embed -m out.rms --tower item |
        rec-to tsv --no-header -c embedding | diff - <(
        printf '%s\n' '0|0' '1|0' '0|1'
    )
}

@test "the model is a pair of towers, and says where it comes from" {
    train "$DATA/train.rms" -o out.rms
    head_lines out.rms | sed 's/ digest=[1-9][0-9]*//' >got
    grep -q '^step rec-train-ease .*' got
    items=$(sed -n 's/^meta feature.4 .* size=\([0-9]*\) .*key/\1/p' \
        <(head_lines "$DATA/train.rms"))
    grep -v '^step' got | diff - <(
        cat <<END
meta model towers
meta layers none
meta similarity dot
meta feature.1 query history lookup dim=$((items - 1)) pool=sum size=$items of=movie_title
meta feature.2 item movie_title lookup dim=$((items - 1)) order=bytes min=1 size=$items key
meta key item.movie_title.lookup
END
    )
}

@test "features that rec-featurize makes of a history go through the model" {
    printf 'query user_id lookup\nquery history lookup of=movie_title pool=mean\nitem movie_title lookup key\n' \
        >features
    rec-vocab features "$DATA/all.rms" -o vocab.rms
    train --lambda 50 "$DATA/train.rms" -o ease.rms
    # What each user took in the training rows.
    rec-to tsv --no-header -c user_id,movie_title "$DATA/train.rms" |
        awk -F '\t' -v OFS='\t' '{ h[$1] = h[$1] (h[$1] == "" ? "" : "|") $2 }
            END { for (u in h) print u, h[u] }' | sort >histories
    rec-to tsv --no-header -c user_id,movie_title "$DATA/test.rms" |
        awk -F '\t' -v OFS='\t' 'NR == FNR { h[$1] = $2; next }
            { print $1, $2, h[$1] }' histories - |
        rec-from tsv \
            --columns 'user_id:str movie_title:str history:str[]' |
        rec-featurize -v vocab.rms -o test.rms
    rec-embed -m ease.rms --tower item "$DATA/items.rms" -o items.rms
    rec-embed -m ease.rms --tower query test.rms |
        rec-knn -k 10 -i items.rms -x "$DATA/train.rms" |
        rec-ndcg --at 10 | awk '$1 == "hit" { print $3 }' >ease
    hits_of_popular >popular.hits
    paste ease popular.hits
    paste ease popular.hits | awk '{ exit !($2 > 0.1 && $1 > 1.1 * $2) }'
}

@test "same bytes for any number of threads" {
    train "$DATA/train.rms" -o one.rms
    for n in 1 2 3; do
        train -j $n <"$DATA/train.rms" | cmp - one.rms
    done
}

@test "--history names what the model reads" {
    by_hand >in.rms
    train --history seen in.rms -o out.rms
    histories 'query.seen.lookup:u32[]' 1 |
        rec-embed -m out.rms --tower query -o embedded.rms
    histories 'query.history.lookup:u32[]' 1 >other.rms
    run -1 --separate-stderr rec-embed -m out.rms --tower query other.rms
    [ "$stderr" = "rec-embed: other.rms: no column 'query.seen.lookup', which the model reads" ]
    for name in '' 'two words' '#' "$(printf '%0600d' 0)"; do
        refuses_usage "$trainer" --history "$name" in.rms
    done
}

@test "--query names the lookup that says whose rows they are" {
    printf '%s\n' $'1\t2\t1' $'1\t1\t2' $'2\t2\t2' $'2\t2\t1' |
        rec-from tsv --columns \
            'query.u.lookup:u32 query.v.lookup:u32 item.t.lookup:u32' \
            --meta 'feature.1=query u lookup dim=4 size=4' \
            --meta 'feature.2=query v lookup dim=4 size=3' \
            --meta 'feature.3=item t lookup dim=4 size=5 key' -o in.rms
    train in.rms -o first.rms
    train --query u in.rms | weights - | cmp - <(weights first.rms)
    for name in v query.v.lookup; do
        train --query $name in.rms | weights - >other
        run -1 cmp -s other <(weights first.rms)
    done
    fails_with_none "$trainer: in.rms: no lookup 'w' among the features of the query" \
        --query w in.rms
}

@test "a list is not taken for who asks" {
    printf '1|2\t1\t1\n' | rec-from tsv --columns \
        'query.h.lookup:u32[] query.u.lookup:u32 item.t.lookup:u32' \
        --meta 'feature.1=query h lookup dim=4 size=3 of=t pool=mean' \
        --meta 'feature.2=query u lookup dim=4 size=4' \
        --meta 'feature.3=item t lookup dim=4 size=3 key' -o in.rms
    for other in rec-train-ease rec-train-als; do
        $other in.rms -o out.rms
        fails_with_none "$trainer: in.rms: no lookup 'h' among the features of the query" \
            --query h in.rms
    done
}

@test "no rows, no features, too many items: refused with a reason" {
    rec-head -n 0 "$DATA/train.rms" -o none.rms
    fails_with "$trainer: none.rms: no row of a known query and a known item" \
        none.rms
    printf '1\t5\n' | pairs_stream >beyond.rms
    fails_with "$trainer: beyond.rms: item.t.lookup: id 5 in a table of 3 rows" \
        beyond.rms
    fails_with "$trainer: $DATA/all.rms: its head describes no features: *" \
        "$DATA/all.rms"
    fails_with "$trainer: $DATA/items.rms: no lookup among the features of the query: nobody asks" \
        "$DATA/items.rms"
    printf '1\t1\n' | rec-from tsv \
        --columns 'query.u.lookup:u32 item.t.lookup:u32' \
        --meta 'feature.1=query u lookup dim=4 size=4' \
        --meta 'feature.2=item t lookup dim=4 size=20002 key' >many.rms
    fails_with "$trainer: many.rms: 20001 items: a square matrix of more than 20000 is too large" \
        many.rms
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
    fails_on_full_disk "$trainer" "$DATA/train.rms"
}

@test "wrong usage exits 2 and says nothing on standard output" {
    for options in '--lambda 0' '--lambda -1' '--lambda nan' '--nonsense' more; do
        # shellcheck disable=SC2086 # several words on purpose
        refuses_usage "$trainer" $options "$DATA/train.rms"
    done
}

@test "the manual page has the options of --help" {
    same_options "$trainer"
}
