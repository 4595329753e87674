# Published protocols from the first filter to the last: figures that others
# printed come out again.

load helper

# The ratings of MovieLens 100k, split as the benchmark of the Microsoft
# recommenders library splits them: train.rms, test.rms.
microsoft_split() {
    rec-from tsv --columns 'user_id:u32 item_id:u32 rating:u8 timestamp:i64' \
        "$ML100K/u.data" |
        rec-split --by stratified --column item_id --seed 42 \
            --generator mt19937 train.rms=.75 test.rms=.25
}

# The table of lists, to six digits: figures FILE
figures() {
    rec-ndcg --convention ms --truth-file test.rms --by user_id "$1" |
        awk 'NR > 1 && NR < 6 { printf "%s %.6f %d\n", $1, $3, $5 }'
}

# Their notebook examples/06_benchmarks/movielens.ipynb, row SAR, as of July 2025.
@test "SAR of the Microsoft benchmark, to six digits" {
    need_movielens
    microsoft_split
    rec-to tsv --no-header train.rms | sar 10 |
        rec-from tsv --columns 'user_id:u32 candidates:u32[]' \
            --meta key=item_id >lists.rms
    figures lists.rms | diff - <(
        echo "ndcg 0.393819 943"
        echo "recall 0.185377 943"
        echo "precision 0.340615 943"
        echo "map 0.114038 943"
    )
}

@test "the most popular unseen items by the same protocol" {
    need_movielens
    microsoft_split
    # A row of each user; nobody is in the training half alone.
    rec-split --by last --user user_id --time timestamp -- - users.rms \
        <test.rms >rest.rms
    rec-popular -k 10 -t train.rms --id item_id --exclude train.rms \
        --by user_id users.rms >lists.rms
    figures lists.rms | diff - <(
        echo "ndcg 0.252353 943"
        echo "recall 0.113188 943"
        echo "precision 0.228738 943"
        echo "map 0.055959 943"
    )
}
