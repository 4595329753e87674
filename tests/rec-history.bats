# rec-history adds to each row what its user took before.

load helper

# user, item, time, in the order of time
taken() {
    printf '%s\n' user,item,time 7,A,10 8,B,10 7,C,20 7,B,20 8,A,30 7,D,30 9,A,40 7,A,50
}

taken_stream() {
    taken | rec-from csv --types 'user:str item:str time:i64'
}

# The column added, a row a line.
lists() {
    rec-to tsv --no-header -c "${1:-history}"
}

@test "a row has what came before it, the latest first" {
    taken_stream | rec-history --by user --of item >got.rms
    lists <got.rms >got
    printf '%s\n' '' '' A 'C|A' B 'B|C|A' '' 'D|B|C|A' | diff - got
    rec-info got.rms | grep '^column history str\[\]' >/dev/null
    taken_stream | rec-history --by user --of item --most 2 --as last | lists last >got
    printf '%s\n' '' '' A 'C|A' B 'B|C' '' 'D|B' | diff - got
}

@test "with --time only what is earlier, and not what is of the same moment" {
    taken_stream | rec-history --by user --of item --time time | lists >got
    printf '%s\n' '' '' A A B 'B|C|A' '' 'D|B|C|A' | diff - got
    taken_stream | rec-history -b user --of item -t time -n 1 | lists >got
    printf '%s\n' '' '' A A B B '' D | diff - got
}

@test "rows that are not in the order of time are refused, and which" {
    printf '%s\n' user,item,time 7,A,10 7,B,9 | rec-from csv >in.rms
    run -1 --separate-stderr rec-history --by user --of item --time time in.rms
    [ "$stderr" = "rec-history: in.rms: row 2: time falls: the rows are not in the order of time" ]
}

@test "--from: what other rows say, in any order, before each row's time" {
    taken | (
        read -r head
        echo "$head"
        sort -t , -k 2
    ) | rec-from csv --types 'user:str item:str time:i64' -o past.rms
    printf '%s\n' user,time 7,20 7,31 9,40 9,41 3,99 |
        rec-from csv --types 'user:str time:i64' >now.rms
    rec-history --by user --of item --time time --from past.rms now.rms |
        lists >got
    printf '%s\n' A 'D|C|B|A' '' A '' | diff - got
    rec-history --by user --of item --time time --from past.rms past.rms |
        rec-to tsv --no-header -c user,item,time,history | sort >got
    # equal times in the order of the file: B before C there
    printf '%s\t%s\t%s\t%s\n' 7 A 10 '' 7 A 50 'D|C|B|A' 7 B 20 A 7 C 20 A \
        7 D 30 'C|B|A' 8 A 30 B 8 B 10 '' 9 A 40 '' | diff - got
}

@test "--ties: what is of the same moment too, but not the own item" {
    taken_stream >past.rms
    rec-history --by user --of item --time time --ties --from past.rms past.rms |
        lists >got
    # 7,A,10 has nothing beside itself; 7,C,20 has B of the same moment;
    # 7,A,50 took A before, which is its own item
    printf '%s\n' '' '' 'B|A' 'C|A' B 'B|C|A' '' 'D|B|C' | diff - got
    # A query has no item, and what it asks about need not be there.
    printf '%s\n' user,time 7,20 7,19 3,99 |
        rec-from csv --types 'user:str time:i64' |
        rec-history --by user --of item -t time --ties -n 2 --from past.rms |
        lists >got
    printf '%s\n' 'B|C' A '' | diff - got
}

@test "--from without --time: all of the user's rows but those of the own item" {
    taken_stream >past.rms
    rec-history --by user --of item --from past.rms past.rms | lists >got
    printf '%s\n' 'D|B|C' A 'A|D|B|A' 'A|D|C|A' B 'A|B|C|A' '' 'D|B|C' |
        diff - got
    # a row that has no item leaves none out
    printf 'user\n7\n' | rec-from csv --types user:str |
        rec-history --by user --of item -n 3 --from past.rms | lists >got
    printf 'A|D|B\n' | diff - got
}

@test "numbers stay numbers, and people may be integers of another type" {
    taken | tr ABCD 1234 |
        rec-from csv --types 'user:i32 item:f32 time:f64' >past.rms
    printf 'user,time\n7,50\n8,11\n' |
        rec-from csv --types 'user:u8 time:f64' |
        rec-history --by user --of item --time time --from past.rms >got.rms
    rec-info got.rms | grep '^column history f32\[\]' >/dev/null
    lists <got.rms >got
    printf '%s\n' '4|2|3|1' 2 | diff - got
}

@test "awk finds the same in ratings made at random" {
    rec-synth --rows 2000 --users 40 --items 200 >ratings.csv
    rec-from csv --types 'user_id:str rating:f32 timestamp:i64' ratings.csv |
        rec-cut user_id,movie_title,timestamp >ratings.rms
    rec-to tsv --no-header ratings.rms >rows
    awk -F '\t' '{
        who[NR] = $1; what[NR] = $2; when[NR] = $3 }
        END { for (i = 1; i <= NR; i++) {
            n = 0
            for (j = 1; j <= NR; j++)
                if (who[j] == who[i] && when[j] < when[i]) {
                    # by time, equal ones as they come
                    for (k = n++; k > 0 && when[best[k]] > when[j]; k--)
                        best[k + 1] = best[k]
                    best[k + 1] = j
                }
            line = bar = ""
            for (k = n; k > 0 && k > n - 5; k--) {
                line = line bar what[best[k]]; bar = "|" }
            print line } }' rows >want
    rec-history --by user_id --of movie_title --time timestamp -n 5 \
        --from ratings.rms ratings.rms | lists >got
    diff want got
    # With ties: not later, and another title.
    awk -F '\t' '{
        who[NR] = $1; what[NR] = $2; when[NR] = $3 + 0 }
        END { for (i = 1; i <= NR; i++) {
            n = 0
            for (j = 1; j <= NR; j++)
                if (who[j] == who[i] && when[j] <= when[i] && what[j] != what[i]) {
                    for (k = n++; k > 0 && when[best[k]] > when[j]; k--)
                        best[k + 1] = best[k]
                    best[k + 1] = j
                }
            line = bar = ""
            for (k = n; k > 0 && k > n - 5; k--) {
                line = line bar what[best[k]]; bar = "|" }
            print line } }' rows >want
    rec-history --by user_id --of movie_title --time timestamp -n 5 --ties \
        --from ratings.rms ratings.rms | lists >got
    diff want got
}

@test "memory does not grow with the rows" {
    awk 'BEGIN { print "u,i,t"
        for (i = 0; i < 400000; i++) print i % 50 "," i % 1000 "," int(i / 50) }' |
        rec-from csv --types 'u:u32 i:u32 t:u32' >many.rms
    within_memory 40 rec-history --by u --of i --time t -n 10 many.rms >out.rms
    rec-info --check out.rms >/dev/null
}

@test "columns that are not there or of the wrong kind are told" {
    taken_stream >past.rms
    for wrong in '--by nobody --of item' '--by user --of nothing' \
        '--by user --of item --time item' '--by user --of item --as user' \
        '--by user --of item --time when'; do
        # shellcheck disable=SC2086 # several words on purpose
        run -1 --separate-stderr rec-history $wrong past.rms
        [[ $stderr == "rec-history: past.rms: "* ]]
    done
    printf 'user,item\n7,1\n' | rec-from csv --types 'user:u32 item:str' >now.rms
    run -1 --separate-stderr rec-history --by user --of item --from past.rms now.rms
    [[ $stderr == *"column 'user' is u32, and str in the history" ]]
}

@test "with --time the item of a row that is looked up is of no interest" {
    taken_stream >past.rms
    printf '%s\n' user,time,item 7,20,1 |
        rec-from csv --types 'user:str time:i64 item:u64' -o now.rms
    rec-history --by user --of item --time time --from past.rms now.rms | lists >got
    echo A | diff - got
    # With --ties it is left out, and so must be of the same type.
    run -1 --separate-stderr rec-history --by user --of item --time time --ties \
        --from past.rms now.rms
    [[ $stderr == *"column 'item' is of another type in the history" ]]
}

@test "a damaged or cut stream gives no lists" {
    taken_stream >past.rms
    refuses_damage past.rms rec-history --by user --of item
    refuses_damage past.rms rec-history --by user --of item --from - past.rms
}

@test "an empty stream gives an empty stream with the columns" {
    taken | head -n 1 | rec-from csv --types 'user:str item:str time:i64' |
        rec-history --by user --of item | rec-to tsv >got
    printf 'user\titem\ttime\thistory\n' | diff - got
}

@test "wrong usage exits 2 and says nothing on standard output" {
    taken_stream >past.rms
    refuses_usage rec-history past.rms
    refuses_usage rec-history --by user past.rms
    refuses_usage rec-history --by user --of item -n 0 past.rms
    refuses_usage rec-history --by user --of item --from - -
    refuses_usage rec-history --by user --of item --ties --from past.rms past.rms
    refuses_usage rec-history --by user --of item --time time --ties past.rms
    refuses_usage rec-history --by user --of item past.rms past.rms
}

@test "the manual page has the options of --help" {
    same_options rec-history
}
