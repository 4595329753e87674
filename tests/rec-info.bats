# rec-info explains a stream, and fails on what is none.

# shellcheck disable=SC2154 # stderr is set by run

load helper

@test "prints the head as it is in the stream, then the counts" {
    seq 5000 | rec-from csv -c id:u32 --meta key=id >in.rms
    rec-info in.rms >got
    cat >want <<'END'
recmill 1
column id u32
meta key id
END
    head -n 3 got | diff want -
    sed -n 4p got | grep -qE '^step rec-from [0-9.]+ --columns id:u32 --meta key=id csv$'
    printf '%s\n' 'rows 5000' 'blocks 2' 'segments 1' 'bytes 20000' 'stored 20000' >want
    tail -n 5 got | diff want -
}

@test "segments of a concatenation are counted, deflated bytes are told apart" {
    seq 5000 | rec-from csv -c id:u32 -z >in.rms
    cat in.rms in.rms | rec-info >got
    grep -qx 'segments 2' got
    grep -qx 'rows 10000' got
    grep -qx 'bytes 40000' got
    stored=$(sed -n 's/^stored //p' got)
    [ "$stored" -gt 0 ] && [ "$stored" -lt 20000 ]
}

@test "--summary says what is in columns of every kind" {
    printf '%s\n' 'n,big,x,s,l' \
        '-3,18446744073709551615,1.5,abc,1|2|3' '4,18446744073709551614,nan,,' \
        '8,0,2.5,naïve,7' |
        rec-from csv --types 'n:i64 big:u64 x:f32 s:str l:u32[]' | rec-info -s |
        grep '^summary' >got
    cat >want <<'END'
summary n count 3 nan 0 min -3 max 8 mean 3
summary big count 3 nan 0 min 0 max 18446744073709551615 mean 1.2297829382473e+19
summary x count 3 nan 1 min 1.5 max 2.5 mean 2
summary s count 3 shortest 0 longest 6
summary l count 4 nan 0 min 1 max 7 mean 3.25 fewest 0 most 3
END
    sed -i 's/mean 1.2297829382473[0-9]*e/mean 1.2297829382473e/' got
    diff want got
}

@test "--summary of no rows has no extremes" {
    echo a,b,c | rec-from csv --types 'a:f32 c:u8[]' | rec-info --summary |
        grep '^summary' >got
    cat >want <<'END'
summary a count 0 nan 0 min - max - mean -
summary b count 0 shortest - longest -
summary c count 0 nan 0 min - max - mean - fewest - most -
END
    diff want got
}

@test "--check is silent about a good stream, and sees text that is not UTF-8" {
    printf 'a\nna\303\257ve\n' | rec-from csv >good.rms
    run -0 rec-info --check good.rms
    [ -z "$output" ]
    # A stream with right checksums and wrong text, made by hand: its only
    # block holds the string ff, its CRCs are those of gzip(1).
    crc() { gzip -c | tail -c 8 | head -c 4; }
    frame() { # TYPE SEQ ROWS FILE
        local n
        n=$(printf '\\0%03o' "$(wc -c <"$4")")'\0\0\0'
        {
            printf '\211RS1%s\0\0\0' "$1"
            printf '%b' "\\00$2\\0\\0\\0\\00$3\\0\\0\\0$n$n"
            crc <"$4"
        } >header
        crc <header >header.crc
        cat header header.crc "$4"
    }
    printf 'recmill 1\ncolumn a str\n' >head.part
    printf '\0\0\0\0\1\0\0\0\377\0\0\0\0\0\0\0' >data
    {
        printf '\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0'
        crc <data | crc
        printf '\0\0\0\0'
    } >tail.part
    { frame H 0 0 head.part && frame D 1 1 data && frame T 2 0 tail.part; } >bad.rms
    rec-info bad.rms | grep -qx 'rows 1'
    run -1 --separate-stderr rec-info --check bad.rms
    [ "$stderr" = "rec-info: bad.rms: block 1: column 'a' is not UTF-8" ]
    run -1 --separate-stderr rec-to jsonl bad.rms
    [ "$stderr" = "rec-to: bad.rms: row 1: column 'a': not UTF-8, and so no JSON" ]
}

@test "what is no stream, is cut or damaged: exit 1, and what is known is printed" {
    seq 5000 | rec-from csv -c id:u32 >in.rms
    head -c 20000 in.rms >cut.rms
    run -1 --separate-stderr rec-info cut.rms
    [ "$stderr" = "rec-info: cut.rms: truncated after 4096 rows: rec-from did not finish" ]
    [ "${lines[1]}" = "column id u32" ]
    damage in.rms 300
    run -1 --separate-stderr rec-info --check in.rms
    [ "$stderr" = "rec-info: in.rms: block 1: checksum mismatch" ]
    [ -z "$output" ]
    echo 'user,item' >in.csv
    run -1 --separate-stderr rec-info in.csv
    [[ $stderr == "rec-info: in.csv: not a record stream"* ]]
    : >empty
    run -1 --separate-stderr rec-info empty
    [[ $stderr == "rec-info: empty: empty: "* ]]
}

@test "a failure told by the producer is told on, under plain sh" {
    run -1 --separate-stderr sh -c '{ echo a; seq 5000; echo x; } | rec-from csv | rec-info'
    [[ $stderr == *"rec-info: standard input: incomplete: rec-from: standard input:5002: "* ]]
}

@test "reading, writing and explaining take the memory of a block, not of the file" {
    # Sanitizers have memory of their own.
    case $(command -v rec-info) in */asan/* | */tsan/*) skip "sanitizers" ;; esac
    command -v prlimit >/dev/null || skip "no prlimit"
    seq 400000 | sed 's/.*/&,a title of some length &/' >big.csv
    [ "$(wc -c <big.csv)" -gt 12000000 ]
    limit="prlimit --data=6000000"
    $limit rec-from csv -c 'id:u32 title' -o big.rms big.csv
    $limit rec-to csv --no-header big.rms | cmp - big.csv
    $limit rec-to npy --column id big.rms | wc -c | grep -qx '1600128'
    $limit rec-info -s big.rms | grep -qx 'rows 400000'
    # The limit is one: what holds all rows does not pass it.
    # shellcheck disable=SC2086 # a command and its option on purpose
    run ! $limit sort -S 50M --parallel=1 -o sorted big.csv
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    echo a | rec-from csv >in.rms
    run -1 --separate-stderr sh -c 'rec-info in.rms >/dev/full'
    [[ $stderr == "rec-info: standard output: "* ]]
}

@test "wrong usage exits 2 and says nothing on standard output" {
    echo a | rec-from csv >in.rms
    refuses_usage rec-info -x in.rms
    refuses_usage rec-info in.rms in.rms
    refuses_usage rec-info --check --summary in.rms
}

@test "the example of rec-stream(5) is a stream" {
    sed -n '/^\.Bd/,/^\.Ed/{/^\./!p;}' "$BATS_TEST_DIRNAME/../man/rec-stream.5" |
        tr ' ' '\n' >bytes
    # shellcheck disable=SC2059 # the format is what is wanted
    printf "$(sed 's/^/\\x/' bytes | tr -d '\n')" >example.rms
    rec-to csv example.rms >got
    printf 'a\n7\n' | diff - got
}

@test "the manual page has the options of --help" {
    same_options rec-info
}

@test "segments whose metas contradict each other are no stream" {
    printf 'a\n1\n' | rec-from csv --meta key=one -o one.rms
    printf 'a\n1\n' | rec-from csv --meta key=two -o two.rms
    printf 'a\n1\n' | rec-from csv -o none.rms
    cat one.rms none.rms one.rms | rec-info --check
    run -1 --separate-stderr rec-info --check <(cat one.rms two.rms)
    [[ $stderr == *"segment 2 has other metas: meta key is 'two', not 'one'" ]]
}
