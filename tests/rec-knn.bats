# rec-knn finds the items with the largest inner products.

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

# How many DATA frames there are.
blocks() {
    LC_ALL=C grep -aoP '\x89RS1D' | wc -l
}

# Five items; 4 and 7 are the same.
items() {
    printf '%s\n' $'7\t1 0' $'3\t0 1' $'5\t1 1' $'9\t-1 0.5' $'4\t1 0' |
        stream 'item.t.lookup:u32 embedding:f32[2]' \
            --meta key=item.t.lookup >items.rms
}

# Queries; the user 0 is one that is not known.
queries() {
    printf '%s\n' $'1\ta b\t1 0\t4' $'2\tc\t0 1\t3' $'0\t\t1 2\t9' |
        stream 'query.u.lookup:u32 name:str embedding:f32[2] item.t.lookup:u32' \
            >queries.rms
}

# What user 1 and user 2 have seen, and somebody unknown, and something that is
# no item.
seen() {
    printf '%s\n' $'1\t4' $'1\t7' $'1\t99' $'0\t5' $'2\t3' $'1\t4' $'8\t9' |
        stream 'query.u.lookup:u32 item.t.lookup:u32' >seen.rms
}

# N rows with an id and WIDTH numbers from -4 to 4, many of them equal:
# random N WIDTH SEED
random() {
    awk -v n="$1" -v width="$2" -v x="$3" 'BEGIN {
        for (i = 1; i <= n; i++) {
            printf "%d\t", i
            for (j = 0; j < width; j++) {
                x = (x * 16807) % 2147483647
                printf "%d%s", x % 9 - 4, j + 1 < width ? " " : "\n"
            }
        }
    }'
}

# The same search in awk: all inner products, sorted.  The numbers are small and
# whole, so that no sum is rounded.
brute_force() {
    awk -F '\t' 'FNR == NR { item[$1] = $2; next }
        {
            width = split($2, q, " ")
            for (id in item) {
                split(item[id], c, " ")
                sum = 0
                for (j = 1; j <= width; j++)
                    sum += q[j] * c[j]
                print $1, sum, id
            }
        }' items.txt queries.txt | sort -k1,1n -k2,2nr -k3,3n |
        awk -v k="$1" '$1 != query { query = $1; n = 0 } n++ < k' >want
}

@test "finds the best first, and of equal ones the lower id" {
    items && queries
    rec-knn -k 3 -i items.rms queries.rms | rows >got
    diff - got <<'EOF'
1	a b	4	4 5 7	1 1 1
2	c	3	3 5 9	1 1 0.5
0		9	5 3 4	3 2 1
EOF
}

@test "replaces the embedding by candidates and scores, and names the key" {
    items && queries
    rec-knn -k 1 -i items.rms queries.rms >out.rms
    rec-to tsv out.rms | head -n 1 >got
    printf '%s\t%s\t%s\t%s\t%s\n' query.u.lookup name item.t.lookup \
        candidates scores | diff - got
    head -c 600 out.rms | grep -a '^meta' | diff - <(
        echo meta key item.t.lookup
    )
}

@test "finds what brute force finds, ties and all" {
    random 700 6 5 >items.txt
    random 300 6 77 >queries.txt
    stream 'id:u32 embedding:f32[6]' <items.txt >items.rms
    stream 'id:u32 embedding:f32[6]' <queries.txt >queries.rms
    brute_force 20
    rec-knn -k 20 --id id -i items.rms queries.rms | rows |
        awk -F '\t' '{
            n = split($2, id, " "); split($3, score, " ")
            for (i = 1; i <= n; i++) print $1, score[i], id[i]
        }' >got
    [ "$(wc -l <got)" -eq 6000 ]
    diff want got
}

@test "gives the same bytes for any number of threads" {
    random 3000 5 5 | stream 'id:u32 embedding:f32[5]' >items.rms
    random 1500 5 77 | stream 'id:u32 embedding:f32[5]' >queries.rms
    rec-knn -j 1 -k 30 --id id -i items.rms queries.rms >one
    for n in 2 3 8; do
        rec-knn -j "$n" -k 30 --id id -i items.rms queries.rms | cmp - one
    done
}

@test "one block in, one block out, and blocks do not show in the rows" {
    random 500 5 5 | stream 'id:u32 embedding:f32[5]' >items.rms
    random 40 5 77 | stream 'id:u32 embedding:f32[5]' >queries.rms
    rec-knn --id id -i items.rms queries.rms | rows >want
    random 40 5 77 | stream 'id:u32 embedding:f32[5]' --flush |
        rec-knn --id id -i items.rms >got.rms
    [ "$(blocks <got.rms)" -eq 40 ]
    rows <got.rms | diff want -
}

@test "answers a block in parts when the lists are long" {
    random 3000 2 5 | stream 'id:u32 embedding:f32[2]' >items.rms
    random 600 2 77 | stream 'id:u32 embedding:f32[2]' >queries.rms
    rec-knn -k 3000 --id id -i items.rms queries.rms >got.rms
    [ "$(blocks <got.rms)" -eq 2 ]
    rows <got.rms >got
    [ "$(wc -l <got)" -eq 600 ]
    [ "$(tail -n 1 got | cut -f 2 | wc -w)" -eq 3000 ]
}

@test "--exclude leaves out pairs, and makes a list short only when it must" {
    items && queries && seen
    rec-knn -k 4 -x seen.rms -i items.rms queries.rms | rows >got
    diff - got <<'EOF'
1	a b	4	5 3 9	1 0 -1
2	c	3	5 9 4 7	1 0.5 0 0
0		9	5 3 4 7	3 2 1 1
EOF
}

@test "--exclude holds where all items are equal, however often it says so" {
    seq 40 | sed 's/$/\t2/' | stream 'id:u32 embedding:f32[1]' >items.rms
    printf '6\t3\n' | stream 'user:u32 embedding:f32[1]' >queries.rms
    printf '6\t1\n6\t3\n6\t1\n6\t3\n' | stream 'user:u32 id:u32' >seen.rms
    rec-knn -k 4 --id id --by user -x seen.rms -i items.rms queries.rms |
        rows >got
    printf '6\t2 4 5 6\t6 6 6 6\n' | diff - got
}

@test "--by and --id name the columns" {
    printf '1\t3\n2\t2\n' | stream 'title:u32 embedding:f32[1]' >items.rms
    printf '5\t6\t1\n' |
        stream 'query.a.lookup:u32 user:u32 embedding:f32[1]' >queries.rms
    printf '6\t1\n' | stream 'user:u32 title:u32' >seen.rms
    rec-knn -k 1 --id title --by user -x seen.rms -i items.rms queries.rms |
        rows >got
    printf '5\t6\t2\t2\n' | diff - got
    run -1 --separate-stderr rec-knn -k 1 --id title -x seen.rms -i items.rms \
        queries.rms
    [[ $stderr == "rec-knn: seen.rms: no column 'query.a.lookup'"* ]]
    run -1 --separate-stderr rec-knn -k 1 -i items.rms queries.rms
    [ "$stderr" = "rec-knn: items.rms: its head has no meta 'key'" ]
}

@test "refuses more candidates than there are items" {
    items && queries
    run -1 --separate-stderr rec-knn -k 6 -i items.rms -o out queries.rms
    [ "$stderr" = "rec-knn: items.rms: cannot find 6 items, there are 5" ]
    [ ! -e out ]
}

@test "refuses ids that are 0 or there twice" {
    for id in 0 7; do
        printf '7\t3\n6\t3\n%d\t2\n' $id |
            stream 'id:u32 embedding:f32[1]' >items.rms
        echo 1 | stream 'embedding:f32[1]' >queries.rms
        run -1 --separate-stderr rec-knn -k 1 --id id -i items.rms queries.rms
        echo "$stderr" >>got
    done
    diff - got <<'EOF'
rec-knn: items.rms: item 3 has id 0, which no item can have
rec-knn: items.rms: item id 7 is there twice
EOF
}

@test "refuses embeddings of another length" {
    items
    random 3 4 5 | stream 'id:u32 embedding:f32[4]' >queries.rms
    run -1 --separate-stderr rec-knn -k 1 -i items.rms queries.rms
    [ "$stderr" = "rec-knn: queries.rms: embeddings have 4 numbers, those of items.rms have 2" ]
}

@test "refuses numbers that are not finite, and names the row" {
    items
    printf '1 2\n3 4\n5 inf\n' | stream 'embedding:f32[2]' >queries.rms
    run -1 --separate-stderr rec-knn -k 1 -i items.rms queries.rms -o out
    [ "$stderr" = "rec-knn: queries.rms: row 3: embedding is not finite" ]
    [ ! -e out ]
    printf '7\t1 nan\n' | stream 'id:u32 embedding:f32[2]' >items.rms
    run -1 --separate-stderr rec-knn -k 1 --id id -i items.rms queries.rms
    [ "$stderr" = "rec-knn: items.rms: item id 7: embedding is not finite" ]
}

@test "no queries are an error" {
    items && queries
    rec-head -n 0 queries.rms >none.rms
    run -1 --separate-stderr rec-knn -k 1 -i items.rms none.rms -o out
    [ "$stderr" = "rec-knn: none.rms: no queries" ]
    [ ! -e out ]
}

@test "damage in the items, the pairs or the queries leaves no output" {
    items && queries && seen
    for f in items seen queries; do
        cp "$f.rms" whole
        damage "$f.rms" "$(($(wc -c <whole) - 70))"
        run -1 --separate-stderr rec-knn -k 1 -x seen.rms -i items.rms -o out \
            queries.rms
        [[ $stderr == "rec-knn: $f.rms: "* ]]
        [ ! -e out ]
        mv whole "$f.rms"
    done
}

@test "refuses a stream that has candidates already" {
    items
    printf '1 0\t4\n' |
        stream 'embedding:f32[2] candidates:u32[]' >queries.rms
    run -1 --separate-stderr rec-knn -k 1 -i items.rms queries.rms
    [[ $stderr == "rec-knn: queries.rms: "*candidates* ]]
}

@test "wrong usage exits 2 and says nothing on standard output" {
    items && queries
    refuses_usage rec-knn queries.rms
    refuses_usage rec-knn -i items.rms -k 0 queries.rms
    refuses_usage rec-knn -i items.rms -k 3x queries.rms
    refuses_usage rec-knn -i items.rms -k -1 queries.rms
    refuses_usage rec-knn -i items.rms --by name queries.rms
    refuses_usage rec-knn -i items.rms queries.rms queries.rms
    refuses_usage rec-knn -i items.rms --nonsense queries.rms
}

@test "--part: fewer items than K are no error, and the lists shorter" {
    items
    queries
    rec-knn -k 5 -i items.rms queries.rms | rows >whole
    rec-knn --part -k 9 -i items.rms queries.rms | rows | cmp - whole
    run -1 --separate-stderr rec-knn -k 9 -i items.rms queries.rms
    [[ $stderr == "rec-knn: items.rms: cannot find 9 items, there are 5" ]]
    rec-where -i items.rms -o none.rms item.t.lookup = 77
    run -1 --separate-stderr rec-knn --part -k 9 -i none.rms queries.rms
    [[ $stderr == "rec-knn: none.rms: "* ]]
}

@test "the manual page has the options of --help" {
    same_options rec-knn
}
