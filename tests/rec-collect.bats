# rec-collect makes lists of rows that follow each other.

load helper

# A stream of what is on standard input: stream COLUMNS [OPTION]...
stream() {
    local columns=$1
    shift
    rec-from tsv --list-separator ' ' --columns "$columns" "$@"
}

rows() {
    rec-to tsv --list-separator ' ' --no-header "$@"
}

scored() {
    printf '%s\n' $'1\ta\tp q\t4\t-1' $'1\tb\tr\t9\t0.5' $'1\tc\t\t3\t0.5' \
        $'2\td\ts\t3\t7' $'1\te\t\t8\t1' $'1\tf\t\t6\t2' |
        stream 'list:u64 name:str words:str[] item:u32 score:f64' >scored.rms
}

@test "rows with equal keys are a list, the best first, of equal ones the lower id" {
    scored
    rec-collect scored.rms >got.rms
    rows got.rms | diff - <(
        printf '%s\n' $'1\ta\tp q\t3 9 4\t0.5 0.5 -1' $'2\td\ts\t3\t7' \
            $'1\te\t\t6 8\t2 1'
    )
    rec-info got.rms | grep '^column' | cut -d ' ' -f 2,3 | diff - <(
        printf '%s\n' 'list u64' 'name str' 'words str[]' 'candidates u32[]' \
            'scores f32[]'
    )
}

@test "--by several columns, --of and --score other ones" {
    printf '%s\n' $'a\tb\t1\t3\t2' $'a\tb\t1\t4\t3' $'ab\t\t1\t5\t4' \
        $'ab\t\t2\t5\t4' |
        stream 'x:str y:str z:u8 id:u32 n:i32' >in.rms
    rec-collect --by x,y,z --of id -s n in.rms | rows | diff - <(
        printf '%s\n' $'a\tb\t1\t4 3\t3 2' $'ab\t\t1\t5\t4' $'ab\t\t2\t5\t4'
    )
    rec-collect --by z --of id -s n in.rms | rows -c candidates | diff - <(
        printf '5 4 3\n5\n'
    )
}

@test "lists that run over blocks are the same" {
    awk 'BEGIN { srand(5)
        for (i = 1; i <= 200; i++) {
            n = i == 9 ? 10000 : 1 + int(rand() * 90)
            for (j = 1; j <= n; j++)
                print i "\tq" i "\t" j "\t" int(rand() * 50) } }' >rows.txt
    stream 'list:u64 q:str item:u32 score:f32' <rows.txt >rows.rms
    sort -t "$(printf '\t')" -k 1,1n -k 4,4nr -k 3,3n rows.txt |
        awk -F '\t' -v OFS='\t' '$1 != list {
                if (NR > 1) print list, q, c, s
                list = $1; q = $2; c = s = bar = "" }
            { c = c bar $3; s = s bar $4; bar = " " }
            END { print list, q, c, s }' >want
    rec-collect rows.rms | rows | cmp - want
    # Blocks of one row, and two streams that meet within a list.
    rec-head -n 130 rows.rms >head.rms
    tail -n +131 rows.txt | stream 'list:u64 q:str item:u32 score:f32' >tail.rms
    cat head.rms tail.rms | rec-collect | rows | cmp - want
}

@test "no rows, no lists" {
    scored
    rec-head -n 0 scored.rms | rec-collect | rows | diff - /dev/null
}

@test "what does not fit is refused with a reason" {
    scored
    refuse() {
        run -1 --separate-stderr rec-collect -o out.rms "${@:2}"
        echo "$stderr"
        # shellcheck disable=SC2053 # a pattern on purpose
        [[ $stderr == rec-collect:\ $1 ]]
        [ ! -e out.rms ]
    }
    refuse "scored.rms: no column 'who'*" --by who scored.rms
    refuse "scored.rms: column 'score' is f64*" --by list,score scored.rms
    refuse "scored.rms: column 'list' is not u32, as items are" --of list \
        scored.rms
    refuse "scored.rms: column 'name' is not one number, as a score is" \
        --score name scored.rms
    printf '1\t2\t3\n1\t3\tnan\n' | stream 'list:u32 item:u32 score:f32' >nan.rms
    refuse "nan.rms: row 2: score is not a number" nan.rms
    printf '1\t2\t3\t1\n' |
        stream 'list:u32 item:u32 score:f32 candidates:u32' >there.rms
    refuse "there.rms: there are two columns 'candidates'" there.rms
}

@test "a cut or damaged stream leaves no output" {
    scored
    refuses_damage scored.rms rec-collect -o out.rms
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    scored
    fails_on_full_disk rec-collect scored.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    scored
    refuses_usage rec-collect --by list, scored.rms
    refuses_usage rec-collect --by list,list scored.rms
    refuses_usage rec-collect scored.rms more.rms
    refuses_usage rec-collect --nonsense scored.rms
}
