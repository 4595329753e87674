# Data of the tests of rec-vocab, rec-featurize and rec-decode.

# Six ratings of three films, and a feature file that has every encoder.
small_ratings() {
    printf '%s\n' 'user,when,title,rating' \
        '7,0,"Alien (1979)",5' \
        '10,25,"M*A*S*H (1970)",3' \
        '7,50,"Alien (1979)",4' \
        '7,75,"8 1/2",2' \
        '31,99,"M*A*S*H (1970)",4' \
        '10,100,"Alien (1979)",1' |
        rec-from csv --types 'user:str when:i64 title:str rating:f32'
}

small_features() {
    cat <<'END'
# part column encoder
query user   lookup    dim=4
query when   bucketize bins=5 dim=2
query when   normalize
item  title  lookup    key
item  title  tokenize
label rating threshold at=4
END
}

# small.features, small.rms and vocab.rms in the test's folder.
small_files() {
    small_features >small.features
    small_ratings >small.rms
    rec-vocab small.features small.rms >vocab.rms
}

# MovieLens' ratings with their titles, and its list of films, as streams.
movielens_ratings() {
    awk 'BEGIN { FS = "|" } NR == FNR { title[$1] = $2; next }
        FNR == 1 { FS = "\t"; $0 = $0 }
        { print $1 "\t" title[$2] "\t" $3 "\t" $4 }' \
        "$ML100K/u.item" "$ML100K/u.data" |
        rec-from tsv --encoding latin1 \
            --columns 'user_id:str movie_title:str rating:f32 timestamp:i64'
}

movielens_items() {
    cut -d '|' -f 1,2 "$ML100K/u.item" |
        rec-from csv --delimiter '|' --no-quotes --encoding latin1 \
            --columns 'item_id:str movie_title:str'
}

movielens_features() {
    cat <<'END'
query user_id     lookup    dim=32
query timestamp   bucketize bins=1000 dim=32
query timestamp   normalize
item  movie_title lookup    dim=32 key
item  movie_title tokenize  max=10000 dim=32 pool=mean
label rating      threshold at=4
END
}

# A stream of lists of ids: candidates '1|2' '' '3'
candidates() {
    printf '%s\n' candidates,query "$@" |
        rec-from csv --types 'candidates:u32[] query:str'
}
