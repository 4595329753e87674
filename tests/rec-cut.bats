# rec-cut chooses, orders and renames columns.

load helper

ratings() {
    printf '%s\n' 'user,title,tags,rating' 'ann,"Alien, 1979",a|b,5' \
        'bob,Brazil,,3' |
        rec-from csv --types 'user:str title:str tags:str[] rating:u8' \
            --meta note=kept
}

@test "columns come out in the order that was asked for" {
    ratings | rec-cut rating,user | rec-to csv >got
    printf '%s\n' rating,user 5,ann 3,bob | diff - got
}

@test "new=old renames, and a column can be there under two names" {
    ratings | rec-cut film=title,user,who=user | rec-to csv >got
    printf '%s\n' film,user,who '"Alien, 1979",ann,ann' Brazil,bob,bob |
        diff - got
}

@test "names can be exchanged" {
    ratings | rec-cut user=title,title=user | rec-to csv >got
    printf '%s\n' user,title '"Alien, 1979",ann' Brazil,bob | diff - got
}

@test "--except copies the others, in the input's order" {
    ratings | rec-cut --except title,user | rec-to csv >got
    printf '%s\n' tags,rating 'a|b,5' ,3 | diff - got
}

@test "a stream of no rows keeps the chosen columns" {
    printf 'a,b\n' | rec-from csv --types 'a:u8 b:str' | rec-cut b | rec-to csv >got
    echo b | diff - got
}

@test "one row" {
    printf 'a,b\n1,x\n' | rec-from csv | rec-cut b | rec-to csv >got
    printf 'b\nx\n' | diff - got
}

@test "types and metas stay, and the step is added" {
    ratings | rec-cut tags,r=rating >out.rms
    head -c 600 out.rms >text
    grep -a '^column tags str\[\]$' text
    grep -a '^column r u8$' text
    grep -a '^meta note kept$' text
    grep -a '^step rec-cut [0-9.]* tags,r=rating$' text
    run ! grep -a '^column title' text
}

@test "the same bytes from a file and from a pipe" {
    ratings >in.rms
    rec-cut user,rating in.rms >a.rms
    ratings | rec-cut user,rating -o b.rms
    cmp a.rms b.rms
}

@test "its own output is read back" {
    ratings | rec-cut title,rating | rec-cut rating | rec-to csv >got
    printf '%s\n' rating 5 3 | diff - got
}

@test "one block in, one block out" {
    ratings >in.rms
    cat in.rms in.rms in.rms | rec-cut user >out.rms
    [ "$(LC_ALL=C grep -aoF $'\x89RS1D' out.rms | wc -l)" -eq 3 ]
}

@test "an unknown column is named with those that are there" {
    ratings >in.rms
    run -1 --separate-stderr rec-cut user,movie in.rms -o out.rms
    [ "$stderr" = "rec-cut: in.rms: no column 'movie'; there are: user, title, tags, rating" ]
    [ ! -e out.rms ]
    run -1 --separate-stderr rec-cut -x movie in.rms
    [[ $stderr == *"no column 'movie'"* ]]
}

@test "refuses a stream that is cut or damaged anywhere" {
    ratings >in.rms
    refuses_damage in.rms rec-cut user
}

@test "fails when the filter before it dies, under plain sh too" {
    run -1 sh -c 'rec-from csv missing.csv | rec-cut a >out.rms'
    [[ $output == *"rec-cut: standard input: "* ]]
}

@test "a full disk is an error" {
    ratings >in.rms
    fails_on_full_disk rec-cut user in.rms
}

@test "two million rows take less than 32 MB" {
    seq 50000 | rec-from csv --columns n:u32 >part.rms
    for ((i = 0; i < 40; i++)); do cat part.rms; done >long.rms
    within_memory 32 rec-cut m=n long.rms >/dev/null
}

@test "refuses wrong usage" {
    ratings >in.rms
    refuses_usage rec-cut
    refuses_usage rec-cut user in.rms more
    refuses_usage rec-cut user,user in.rms
    refuses_usage rec-cut a=user,a=title in.rms
    refuses_usage rec-cut -x user,user in.rms
    refuses_usage rec-cut -x a=user in.rms
    refuses_usage rec-cut -x user,title,tags,rating in.rms
    refuses_usage rec-cut user,,title in.rms
    refuses_usage rec-cut '' in.rms
    refuses_usage rec-cut =user in.rms
    refuses_usage rec-cut user= in.rms
    refuses_usage rec-cut --no-such-option user in.rms
}

@test "help and manual page name the same options" {
    same_options rec-cut
}
