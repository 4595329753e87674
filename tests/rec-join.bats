# rec-join adds the columns of a table by key.

load helper

ratings() {
    printf '%s\n' user,movie,rating ann,2,5 bob,1,3 cid,2,4 |
        rec-from csv --types 'user:str movie:u32 rating:u8' --meta of=ratings
}

films() {
    printf '%s\n' 'title,movie,tags,place' 'Alien,1,a|b,1|2' \
        '"Brazil, the film",2,,3|4' 'Contact,3,c,5|6' |
        rec-from csv \
            --types 'title:str movie:i64 tags:str[] place:u8[2]' --meta of=films
}

@test "adds the table's columns of every shape behind the row's own" {
    films >films.rms
    ratings | rec-join --on movie films.rms | rec-to csv >got
    cat >want <<'END'
user,movie,rating,title,tags,place
ann,2,5,"Brazil, the film",,3|4
bob,1,3,Alien,a|b,1|2
cid,2,4,"Brazil, the film",,3|4
END
    diff want got
}

@test "the key may have another name and another integer type in the table" {
    films | rec-cut id=movie,title >films.rms
    ratings | rec-join --on movie=id films.rms | rec-cut user,title | rec-to csv >got
    printf '%s\n' user,title 'ann,"Brazil, the film"' bob,Alien \
        'cid,"Brazil, the film"' | diff - got
}

@test "strings are found in strings" {
    printf 'who,age\nann,7\nan,8\n' | rec-from csv --types 'who:str age:u8' >ages.rms
    ratings | rec-join -k user=who -m drop ages.rms | rec-cut user,age |
        rec-to csv >got
    printf '%s\n' user,age ann,7 | diff - got
}

@test "an integer is found by its worth: -1 in an i32 is not 2^32 - 1" {
    printf 'k,v\n4294967295,big\n' | rec-from csv --types 'k:u32 v:str' >t.rms
    printf 'k\n-1\n4294967295\n' | rec-from csv --types k:i64 |
        rec-join -k k -m drop t.rms | rec-to csv >got
    printf '%s\n' k,v 4294967295,big | diff - got
}

@test "a key that is not in the table is an error that names it" {
    films | rec-where movie != 2 >films.rms
    ratings >in.rms
    run -1 --separate-stderr rec-join --on movie films.rms in.rms -o out.rms
    [ "$stderr" = "rec-join: in.rms: row 1: movie 2 is not in films.rms" ]
    [ ! -e out.rms ]
}

@test "--missing drop leaves such rows out, and -v counts them" {
    films | rec-where movie != 2 >films.rms
    ratings >in.rms
    rec-join -v -m drop --on movie films.rms in.rms 2>err |
        rec-cut user,title | rec-to csv >got
    printf '%s\n' user,title bob,Alien | diff - got
    grep '2 of 3 rows have no match' err
}

@test "every row dropped is a stream of no rows" {
    films | rec-where movie = 3 >films.rms
    ratings | rec-join -m drop --on movie films.rms | rec-to csv >got
    echo user,movie,rating,title,tags,place | diff - got
}

@test "a stream of no rows, a table of no rows" {
    films >films.rms
    ratings | rec-head -n 0 | rec-join --on movie films.rms | rec-to csv >got
    echo user,movie,rating,title,tags,place | diff - got
    rec-head -n 0 films.rms >none.rms
    ratings | rec-head -n 0 | rec-join --on movie none.rms | rec-to csv |
        diff got -
}

@test "finds what awk finds, over many blocks" {
    awk -v OFS=, 'BEGIN { for (i = 0; i < 9000; i++) print i * 7, "t" i }' >t.csv
    awk -v OFS=, 'BEGIN { x = 1; for (i = 0; i < 20000; i++) {
        x = (x * 69069 + 1) % 65536; print i, x } }' >in.csv
    awk -F, 'NR == FNR { t[$1] = $2; next } $2 in t { print $0 "," t[$2] }' \
        t.csv in.csv >want
    rec-from csv --columns 'k:u32 name:str' t.csv >t.rms
    rec-from csv --columns 'i:u32 k:u32' in.csv |
        rec-join -m drop -k k t.rms | rec-to csv | sed 1d | diff want -
}

@test "a key that is twice in the table is an error that names both rows" {
    films >films.rms
    cat films.rms films.rms >twice.rms
    ratings >in.rms
    run -1 --separate-stderr rec-join --on movie twice.rms in.rms
    [ "$stderr" = "rec-join: twice.rms: rows 1 and 4 both have movie 1" ]
}

@test "a name that is taken is an error that says what to do" {
    films | rec-cut movie,user=title >films.rms
    ratings >in.rms
    run -1 --separate-stderr rec-join --on movie films.rms in.rms
    [[ $stderr == "rec-join: films.rms: column 'user' is in the stream already: "*rec-cut* ]]
}

@test "keys of different kinds are refused, and columns that are no keys" {
    films >films.rms
    ratings >in.rms
    run -1 --separate-stderr rec-join --on user=movie films.rms in.rms
    [[ $stderr == *"column 'user' is str, but the table's 'movie' is i64" ]]
    run -1 --separate-stderr rec-join --on movie=tags films.rms in.rms
    [[ $stderr == *"column 'tags' is str[]; a key is a str or an integer" ]]
    run -1 --separate-stderr rec-join --on stars=movie films.rms in.rms
    [[ $stderr == *"no column 'stars'; there are: user, movie, rating" ]]
}

@test "metas are those of the stream; the step names the table" {
    mkdir sub
    films >sub/films.rms
    ratings | rec-join --on movie sub/films.rms >out.rms
    head -c 600 out.rms >text
    grep -a '^meta of ratings$' text
    grep -a '^step rec-join [0-9.]* --on movie films.rms$' text
}

@test "the table can come through the pipe; the bytes are the same" {
    films >films.rms
    ratings >in.rms
    rec-join --on movie films.rms in.rms >a.rms
    rec-join --on movie films.rms <in.rms >b.rms
    cmp a.rms b.rms
    rec-join --on movie - in.rms <films.rms | rec-to csv >c
    rec-to csv a.rms | diff - c
}

@test "its own output is read back" {
    films >films.rms
    ratings | rec-join -k movie films.rms | rec-cut user,movie |
        rec-join -k movie films.rms | rec-cut title | rec-to csv | sed 1d >got
    [ "$(wc -l <got)" -eq 3 ]
}

@test "refuses a stream and a table that are cut or damaged anywhere" {
    films >films.rms
    ratings >in.rms
    refuses_damage in.rms rec-join --on movie films.rms
    refuses_damage films.rms rec-join --on movie - in.rms
}

@test "fails when the filter before it dies, under plain sh too" {
    films >films.rms
    run -1 sh -c 'rec-from csv missing.csv | rec-join --on movie films.rms >out.rms'
    [[ $output == *"rec-join: standard input: "* ]]
}

@test "a full disk is an error" {
    films >films.rms
    ratings >in.rms
    fails_on_full_disk rec-join --on movie films.rms in.rms
}

@test "two million rows take less than 32 MB" {
    seq 50000 | rec-from csv --columns n:u32 >part.rms
    seq 50000 | sed 's/.*/&,title &/' | rec-from csv --columns 'n:u32 t:str' >t.rms
    for ((i = 0; i < 40; i++)); do cat part.rms; done >long.rms
    within_memory 32 rec-join -k n t.rms long.rms >/dev/null
}

@test "refuses wrong usage" {
    films >films.rms
    refuses_usage rec-join
    refuses_usage rec-join films.rms
    refuses_usage rec-join --on movie
    refuses_usage rec-join --on movie films.rms in.rms more
    refuses_usage rec-join --on movie -
    refuses_usage rec-join --on '' films.rms
    refuses_usage rec-join --on movie= films.rms
    refuses_usage rec-join --on =movie films.rms
    refuses_usage rec-join --on movie --missing maybe films.rms
    refuses_usage rec-join --on movie --no-such-option films.rms
}

@test "help and manual page name the same options" {
    same_options rec-join
}

@test "rows that become more than a block may hold go out in several" {
    { echo key,text && printf 'k,%020000d\n' 0; } | rec-from csv -o long.rms
    { echo key,n && seq -f 'k,%.0f' 4000; } | rec-from csv |
        rec-join --on key long.rms -o out.rms
    rec-info --check out.rms
    rec-cut n out.rms | rec-to csv --no-header | diff - <(seq 4000)
}
