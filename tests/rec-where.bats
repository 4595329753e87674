# rec-where keeps the rows that meet conditions.  How single values compare is
# tested in unit/test_predicate.c.

load helper

ratings() {
    printf '%s\n' user,title,rating,score,tags ann,Alien,5,-0.5,a \
        bob,Brazil,3,0.1,b cid,Contact,4,2.5,a\|b dan,Alien,1,1e3, |
        rec-from csv \
            --types 'user:str title:str rating:u8 score:f32 tags:str[]'
}

# users <condition>...: the users of the rows that are kept, in one line
users() {
    ratings | rec-where "$@" | rec-cut user | rec-to csv | sed 1d | paste -sd' '
}

@test "every operator" {
    [ "$(users rating = 4)" = "cid" ]
    [ "$(users rating == 4)" = "cid" ]
    [ "$(users rating != 4)" = "ann bob dan" ]
    [ "$(users rating '<' 4)" = "bob dan" ]
    [ "$(users rating '<=' 4)" = "bob cid dan" ]
    [ "$(users rating '>' 4)" = "ann" ]
    [ "$(users rating '>=' 4)" = "ann cid" ]
}

@test "all conditions must hold, with --any one of them" {
    [ "$(users rating '>=' 3 title = Alien)" = "ann" ]
    [ "$(users --any rating '>=' 4 title = Alien)" = "ann cid dan" ]
}

@test "strings are compared as bytes, numbers as numbers" {
    [ "$(users title '>' Alien)" = "bob cid" ]
    [ "$(users score '>' 20)" = "dan" ]
    [ "$(users rating '<' 3.5)" = "bob dan" ]
}

@test "the number that is printed for an f32 is found by =" {
    [ "$(users score = 0.1)" = "bob" ]
}

@test "a negative number is a value, not an option" {
    [ "$(users score '>=' -0.5)" = "ann bob cid dan" ]
    [ "$(users score '<' -0.25)" = "ann" ]
}

@test "rows are kept whole: strings, lists and all" {
    ratings | rec-where rating '>=' 4 | rec-to csv >got
    printf '%s\n' user,title,rating,score,tags ann,Alien,5,-0.5,a \
        'cid,Contact,4,2.5,a|b' | diff - got
}

@test "no row kept is a stream of no rows" {
    ratings | rec-where rating '>' 5 | rec-to csv >got
    echo user,title,rating,score,tags | diff - got
}

@test "one block in, one block out, also when nothing is kept of it" {
    ratings >in.rms
    cat in.rms in.rms in.rms | rec-where rating '>' 5 >out.rms
    [ "$(LC_ALL=C grep -aoF $'\x89RS1D' out.rms | wc -l)" -eq 3 ]
}

@test "a stream of no rows and a stream of one row" {
    printf 'a\n' | rec-from csv --types a:u8 | rec-where a = 1 | rec-to csv >got
    echo a | diff - got
    printf 'a\n1\n' | rec-from csv | rec-where a = 1 | rec-to csv >got
    printf 'a\n1\n' | diff - got
}

@test "keeps every row that awk keeps, over many blocks" {
    awk -v OFS=, 'BEGIN { x = 1; for (i = 0; i < 30000; i++) {
        x = (x * 69069 + 1) % 65536; print i, x % 1000 } }' >in.csv
    awk -F, '$2 < 300 && $1 != 17' in.csv >want
    rec-from csv --columns 'i:u32 x:i32' in.csv |
        rec-where x '<' 300 i != 17 | rec-to csv | sed 1d | diff want -
}

@test "the same bytes with -i and from a pipe; metas stay; the step is added" {
    ratings >in.rms
    rec-where -i in.rms rating '>=' 4 >a.rms
    ratings | rec-where -o b.rms rating '>=' 4
    cmp a.rms b.rms
    head -c 600 a.rms | grep -a '^step rec-where [0-9.]* rating >= 4$'
    [ "$(head -c 600 a.rms | grep -ac '^column')" -eq 5 ]
}

@test "its own output is read back" {
    [ "$(ratings | rec-where rating '>=' 3 | rec-where rating '<=' 4 |
        rec-cut user | rec-to csv | paste -sd' ')" = "user bob cid" ]
}

@test "an unknown column is named with those that are there" {
    ratings >in.rms
    run -1 --separate-stderr rec-where -i in.rms stars = 1
    [ "$stderr" = "rec-where: in.rms: no column 'stars'; there are: user, title, rating, score, tags" ]
}

@test "refuses a stream that is cut or damaged anywhere" {
    ratings >in.rms
    refuses_damage in.rms rec-where rating '>=' 4
}

@test "fails when the filter before it dies, under plain sh too" {
    run -1 sh -c 'rec-from csv missing.csv | rec-where a = 1 >out.rms'
    [[ $output == *"rec-where: standard input: "* ]]
}

@test "a full disk is an error" {
    ratings >in.rms
    fails_on_full_disk rec-where -i in.rms rating '>=' 4
}

@test "two million rows take less than 32 MB" {
    seq 50000 | rec-from csv --columns n:u32 >part.rms
    for ((i = 0; i < 40; i++)); do cat part.rms; done >long.rms
    within_memory 32 rec-where -i long.rms n '>' 50 >/dev/null
}

@test "refuses wrong usage" {
    ratings >in.rms
    refuses_usage rec-where
    refuses_usage rec-where rating
    refuses_usage rec-where rating '>='
    refuses_usage rec-where rating '>=' 4 user
    refuses_usage rec-where rating '=>' 4
    refuses_usage rec-where rating '>=' 4 -i in.rms
    refuses_usage rec-where -i in.rms rating '>=' 4x
    refuses_usage rec-where -i in.rms rating '>=' ''
    refuses_usage rec-where -i in.rms rating '>=' four
    refuses_usage rec-where -i in.rms score '>=' nan
    refuses_usage rec-where -i in.rms tags = a
    refuses_usage rec-where --no-such-option rating '>=' 4
}

@test "help and manual page name the same options" {
    same_options rec-where
}
