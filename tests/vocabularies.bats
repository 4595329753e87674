# Ids mean something only with the vocabulary that gave them.  Two vocabularies of
# the same sizes, of the same data but for one title and one user, must not meet.

load helper

setup_file() {
    set -o pipefail
    cd "$BATS_FILE_TMPDIR" || return
    cat >towers.features <<'END'
query user  lookup dim=2
item  title lookup dim=2 key
END
    printf '%s\n' user,title a,Alien a,Brazil b,Alien b,Cube c,Brazil >one.csv
    sed 's/Cube/Dune/; s/^c/d/' one.csv >other.csv
    for which in one other; do
        rec-from csv --types 'user:str' $which.csv -o $which.rows.rms
        rec-vocab towers.features $which.rows.rms -o $which.vocab.rms
        rec-featurize -v $which.vocab.rms $which.rows.rms -o $which.rms
        rec-featurize -v $which.vocab.rms --items $which.rows.rms -o $which.items.rms
        rec-train-als -d 2 $which.rms -o $which.als.rms
        rec-embed -m $which.als.rms --tower item $which.items.rms -o $which.index.rms
        rec-embed -m $which.als.rms --tower query $which.rms -o $which.queries.rms
        rec-knn -k 2 -i $which.index.rms $which.queries.rms -o $which.lists.rms
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# refused FILE COMMAND...: what FILE says does not fit, and nothing is left
refused() {
    local file=$1 command=$2

    shift
    run -1 --separate-stderr "$@" -o out.rms
    echo "$stderr"
    [[ $stderr == "$command: $file: "*".lookup: ids of another vocabulary of the same size"* ]]
    [ "${#stderr_lines[@]}" = 1 ]
    [ ! -e out.rms ]
}

@test "features of another vocabulary are none of the model's" {
    refused other.rms rec-embed -m one.als.rms --tower query other.rms
    refused other.items.rms rec-embed -m one.als.rms --tower item other.items.rms
}

@test "queries, items and rows to leave out have one vocabulary" {
    refused other.queries.rms rec-knn -k 2 -i one.index.rms other.queries.rms
    refused other.rms rec-knn -k 1 -i one.index.rms -x other.rms one.queries.rms
    refused other.rms rec-popular -k 1 -t one.rms -x other.rms one.rms
}

@test "lists and what they are judged by, scored by and decoded by have one" {
    refused other.lists.rms rec-score -i one.index.rms --column item.title.lookup \
        --as same other.lists.rms
    refused other.lists.rms rec-decode -v one.vocab.rms other.lists.rms
    refused other.rms rec-ndcg --truth-file other.rms one.lists.rms
    refused other.rms rec-explode --truth-file other.rms one.lists.rms
}

@test "where more than the ids differs, both are told" {
    local is='query user lookup order=bytes min=1 size'

    sed /^c/d one.csv | rec-from csv --types 'user:str' -o less.rows.rms
    rec-vocab towers.features less.rows.rms -o less.vocab.rms
    rec-featurize -v less.vocab.rms less.rows.rms -o less.rms
    run -1 --separate-stderr rec-embed -m one.als.rms --tower query less.rms -o out.rms
    [ "$stderr" = "rec-embed: less.rms: made with another vocabulary or feature file: it has '$is=3', not '$is=4'" ]
    [ ! -e out.rms ]
}

@test "the same keys have the same digest, whatever they were learned from" {
    { cat one.csv && echo b,Brazil; } | rec-from csv --types 'user:str' >more.rms
    rec-vocab towers.features more.rms -o more.vocab.rms
    rec-featurize -v more.vocab.rms more.rms |
        rec-embed -m one.als.rms --tower query >got.rms
    rec-info --check got.rms
}
