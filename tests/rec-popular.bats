# rec-popular lists the most popular items for each query.

load helper

# stream COLUMNS [OPTION]...
stream() {
    local columns=$1
    shift
    rec-from tsv --list-separator ' ' --columns "$columns" "$@"
}

rows() {
    rec-to tsv --list-separator ' ' --no-header "$@"
}

# Item 5 three times, 3 and 9 twice, 4 once; 0 is no item.
train() {
    printf '%s\n' $'1\t9' $'1\t5' $'2\t3' $'2\t5' $'3\t0' $'3\t0' $'4\t5' \
        $'4\t9' $'0\t3' $'5\t4' |
        stream 'query.u.lookup:u32 item.t.lookup:u32' \
            --meta key=item.t.lookup >train.rms
}

queries() {
    printf '%s\n' $'1\ta b' $'2\tc' $'0\t' |
        stream 'query.u.lookup:u32 words:str[]' >queries.rms
}

@test "by count, then by id, behind what is there" {
    train
    queries
    rec-popular -t train.rms -k 3 queries.rms >got.rms
    rows got.rms | diff - <(
        printf '1\ta b\t5 3 9\t3 2 2\n2\tc\t5 3 9\t3 2 2\n0\t\t5 3 9\t3 2 2\n'
    )
    head -c 1000 got.rms | grep -a '^meta key item.t.lookup$'
    head -c 1000 got.rms | grep -a '^column scores f32\[\]$'
}

@test "--exclude leaves out what is in a row with the query, and lists go on" {
    train
    queries
    rec-popular -t train.rms -k 2 --exclude train.rms queries.rms |
        rows | cut -f 1,3,4 >got
    diff - got <<'EOF'
1	3 4	2 1
2	9 4	2 1
0	5 3	3 2
EOF
    # Lists are shorter only when nothing is left.
    rec-popular -t train.rms -k 4 --exclude train.rms queries.rms |
        rows | cut -f 3 | diff - <(printf '3 4\n9 4\n5 3 9 4\n')
}

@test "the lists are those of rec-knn with counts for embeddings" {
    seq 4000 | awk 'BEGIN { srand(7) }
        { print 1 + int(rand() * 300) "\t" 1 + int(40 * rand() * rand()) }' |
        stream 'query.u.lookup:u32 item:u32' --meta key=item >train.rms
    rows train.rms | awk -v OFS='\t' '{ n[$2]++ }
        END { for (i in n) print i, n[i] }' |
        stream 'item:u32 embedding:f32[1]' --meta key=item >items.rms
    seq 0 300 | awk -v OFS='\t' '{ print $1, 1 }' |
        stream 'query.u.lookup:u32 embedding:f32[1]' >queries.rms
    rec-knn -k 10 -i items.rms --exclude train.rms queries.rms | rows >want
    rec-cut query.u.lookup queries.rms |
        rec-popular -k 10 -t train.rms --exclude train.rms | rows | diff want -
}

@test "--by and --id name other columns" {
    printf '1\t8\n2\t8\n2\t6\n' | stream 'user:u32 film:u32' >seen.rms
    printf '2\n1\n' | stream user:u32 >queries.rms
    rec-popular -t seen.rms --id film -k 2 -x seen.rms --by user queries.rms |
        rows | cut -f 1,2 | diff - <(printf '2\t\n1\t6\n')
}

@test "large lists are written in parts, with the same rows" {
    seq 20000 | stream item:u32 --meta key=item >train.rms
    seq 100 | stream n:u32 >queries.rms
    rec-popular -t train.rms -k 20000 queries.rms >got.rms
    [ "$(rec-to tsv --no-header -c n got.rms | paste -sd' ')" = "$(seq 100 | paste -sd' ')" ]
    [ "$(rec-cut candidates got.rms | rec-head -n 1 | rows | wc -w)" -eq 20000 ]
}

@test "more than there are, no queries and columns of other types are refused" {
    train
    queries
    run -1 --separate-stderr rec-popular -t train.rms -k 5 queries.rms
    [ "$stderr" = "rec-popular: train.rms: cannot list 5 items, there are 4" ]
    rec-head -n 0 queries.rms >none.rms
    run -1 --separate-stderr rec-popular -t train.rms -k 1 none.rms
    [ "$stderr" = "rec-popular: none.rms: no queries" ]
    run -1 --separate-stderr rec-popular -t queries.rms --id words -k 1 queries.rms
    [ "$stderr" = "rec-popular: queries.rms: column 'words' is str[], not u32" ]
    run -1 --separate-stderr rec-popular -t queries.rms -k 1 queries.rms
    [ "$stderr" = "rec-popular: queries.rms: its head has no meta 'key'" ]
    rec-popular -t train.rms -k 1 queries.rms >lists.rms
    run -1 --separate-stderr rec-popular -t train.rms -k 1 lists.rms
    [[ $stderr == "rec-popular: lists.rms: "*candidates* ]]
}

@test "refuses a stream that is cut or damaged anywhere" {
    train
    queries
    refuses_damage queries.rms rec-popular -t train.rms -k 1
    head -c 200 train.rms >cut.rms
    run -1 --separate-stderr rec-popular -t cut.rms -k 1 -o out.rms queries.rms
    [[ $stderr == "rec-popular: cut.rms: "* ]]
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    train
    queries
    fails_on_full_disk rec-popular -t train.rms -k 1 queries.rms
}

@test "refuses wrong usage" {
    train
    refuses_usage rec-popular train.rms
    refuses_usage rec-popular -t train.rms -k 0 train.rms
    refuses_usage rec-popular -t train.rms --by item.t.lookup train.rms
    refuses_usage rec-popular -t train.rms train.rms train.rms
}

@test "the manual page has the options of --help" {
    same_options rec-popular
}
