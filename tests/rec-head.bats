# rec-head copies the first rows of a stream and checks the rest of it.

load helper

# numbers <n>: a stream of the rows 1 to n
numbers() {
    { echo n && seq "$1"; } | rec-from csv --types n:u32
}

# The rows of a stream of numbers.
rows() {
    rec-to csv | sed 1d
}

@test "copies ten rows unless told otherwise" {
    numbers 25 | rec-head | rows >got
    seq 10 | diff - got
}

@test "-n copies that many, across blocks" {
    numbers 3 >three.rms
    cat three.rms three.rms three.rms | rec-head -n 7 | rows >got
    printf '%s\n' 1 2 3 1 2 3 1 | diff - got
}

@test "-n 0 copies nothing, and what comes out is still a stream" {
    numbers 3 | rec-head -n 0 | rows >got
    [ ! -s got ]
}

@test "a stream of no rows and a stream of one row are copied" {
    numbers 0 | rec-head | rows >got
    [ ! -s got ]
    numbers 1 | rec-head | rows >got
    seq 1 | diff - got
}

@test "a shorter stream is copied whole" {
    numbers 3 | rec-head -n 99 | rows >got
    seq 3 | diff - got
}

@test "its own output is read back" {
    numbers 25 | rec-head -n 9 | rec-head -n 4 | rows >got
    seq 4 | diff - got
}

@test "cuts strings, lists and vectors between rows" {
    printf '%s\n' 'one|two,1|2' ',' 'three,3|4|5' |
        rec-from csv --columns 's:str[] n:u32[]' >lists.rms
    rec-head -n 2 lists.rms | rec-to csv | sed 1d >got
    printf '%s\n' 'one|two,1|2' ',' | diff - got
}

@test "keeps columns and metas and adds its step" {
    numbers 25 | rec-head -n 3 >out.rms
    head -c 400 out.rms | grep -a '^column n u32$'
    head -c 400 out.rms | grep -a '^step rec-head [0-9.]* --rows 3$'
}

@test "refuses a stream that is cut or damaged anywhere" {
    numbers 3 >in.rms
    refuses_damage in.rms rec-head -n 1
}

@test "notices damage after the rows it was asked for" {
    numbers 3 >three.rms
    cat three.rms three.rms >in.rms
    damage in.rms $((2 * $(wc -c <three.rms) - 80))
    run -1 --separate-stderr rec-head -n 1 -o out.rms in.rms
    [[ $stderr == "rec-head: in.rms: block 2: checksum mismatch" ]]
    [ ! -e out.rms ]
}

@test "-q leaves early and so accepts what is cut later" {
    numbers 3 >three.rms
    cat three.rms three.rms | head -c $((2 * $(wc -c <three.rms) - 40)) >cut.rms
    rec-head -q -n 2 cut.rms | rows >got
    seq 2 | diff - got
    run -1 rec-head -n 2 cut.rms
}

@test "lets the filter before it finish, so pipefail stays quiet" {
    numbers 300000 | rec-head -n 1 >one.rms
}

@test "fails when the filter before it dies, under plain sh too" {
    run -1 sh -c 'rec-from csv missing.csv | rec-head >out.rms'
    [[ $output == *"rec-head: standard input: "* ]]
}

@test "a full disk is an error" {
    numbers 3 >in.rms
    fails_on_full_disk rec-head in.rms
}

@test "a file that is not there is an error" {
    run -1 --separate-stderr rec-head missing.rms
    [[ $stderr == "rec-head: missing.rms: "* ]]
}

@test "two million rows take less than 32 MB" {
    numbers 50000 >part.rms
    for ((i = 0; i < 40; i++)); do cat part.rms; done >long.rms
    within_memory 32 rec-head -n 1999999 long.rms >/dev/null
}

@test "--by: the first rows of each value, in the order in which they come" {
    printf '%s\n' k,n b,1 a,2 b,3 c,4 a,5 b,6 a,7 |
        rec-from csv --flush --types 'k:str n:u8' >in.rms
    rec-head -n 1 --by k in.rms | rec-to csv --no-header | tr '\n' ' ' >got
    [ "$(<got)" = "b,1 a,2 c,4 " ]
    rec-head -n 2 --by k in.rms | rec-to csv --no-header | tr '\n' ' ' >got
    [ "$(<got)" = "b,1 a,2 b,3 c,4 a,5 " ]
    rec-head -n 0 --by k in.rms | rec-info --check -
    run -1 --separate-stderr rec-head --by none in.rms
    [[ $stderr == "rec-head: in.rms: no column 'none'; there are: k, n" ]]
    rec-from csv --columns 'x:f32' -o numbers.rms <<<1
    run -1 --separate-stderr rec-head --by x numbers.rms
    [[ $stderr == "rec-head: numbers.rms: "* ]]
    refuses_damage in.rms rec-head -n 1 --by k
}

@test "--by: the first of the firsts of parts that keep their order" {
    seq 4000 | awk '{ print $1 "," $1 * 7919 % 311 }' |
        rec-from csv --columns 'n:u32 k:u32' >in.rms
    rec-head -n 3 --by k in.rms -o whole.rms
    for n in 1 2 7 16; do
        rm -f part-*
        rec-split --by time --time n -i in.rms $(seq -f 'part-%02g' $n)
        for part in part-*; do
            rec-head -n 3 --by k "$part" -o "$part.rms"
        done
        cat part-*.rms | rec-head -n 3 --by k | cmp <(rec-to csv whole.rms) <(rec-to csv)
    done
}

@test "refuses wrong usage" {
    refuses_usage rec-head --by k --quick
    refuses_usage rec-head -n
    refuses_usage rec-head -n -1
    refuses_usage rec-head -n 1x
    refuses_usage rec-head -n 99999999999999999999
    refuses_usage rec-head --no-such-option
    refuses_usage rec-head a b
}

@test "help and manual page name the same options" {
    same_options rec-head
}

@test "-o to a symbolic link writes its target, and the link stays" {
    numbers 3 >three.rms
    echo old >target
    ln -s target link
    rec-head -n 1 three.rms -o link
    [ -L link ]
    [ "$(rows <target)" -eq 1 ]
}
