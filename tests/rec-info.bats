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

# The rank of a value in a sorted file: how many lines are below it, and at most.
ranks() { # <value> <file>
    awk -v v="$1" '{ below += $1 < v; to += $1 <= v } END { print below, to }' "$2"
}

@test "quartiles: exact of few values, and as near as 'off' says of many" {
    # The least value that at least a quarter of all is not above, and so on.
    printf '%s\n' 7 1 3 5 | rec-from csv -c x:f32 | rec-info -s |
        grep -x 'quartiles x q1 1 median 3 q3 5 off 0' >/dev/null
    printf '%s\n' 7 1 3 5 9 nan | rec-from csv -c x:f32 | rec-info -s |
        grep -x 'quartiles x q1 3 median 5 q3 7 off 0' >/dev/null
    # Numbers without an order, more than are kept; and ascending ones.
    seq 200000 | awk '{ printf "%.0f\n", ($1 * 7919) % 1000003 }' >mixed
    seq 200000 >ascending
    for f in mixed ascending; do
        rec-from csv -c x:f64 $f | rec-info -s >got
        read -r _ _ _ q1 _ median _ q3 _ off < <(grep '^quartiles' got)
        [ "$off" -gt 0 ] && [ "$off" -lt 100 ] # 0.05 %
        for q in "$q1 50000" "$median 100000" "$q3 150000"; do
            read -r below to < <(ranks "${q% *}" $f)
            [ $((below - off)) -le "${q#* }" ] && [ $((to + off)) -ge "${q#* }" ]
        done
        # A tenth of the range each, within twice that.
        awk -v f=$f -v off="$off" '/^histogram/ { lo = $4; hi = $6; n = split($0, w)
                for (i = 1; i <= 10; i++) got[i] = w[n - 10 + i] }
            END { while ((getline v < f) > 0) {
                      b = int((v - lo) / (hi - lo) * 10); want[b < 10 ? b + 1 : 10]++ }
                  for (i = 1; i <= 10; i++) { d = got[i] - want[i]; sum += got[i]
                      if (d > 2 * off || d < -2 * off) exit 1 }
                  exit sum != 200000 }' got
    done
}

@test "histograms: a bin for each whole number when they are few, else ten" {
    printf '%s\n' 4 5 5 5 5 5 5 5 5 7 | rec-from csv -c x:f32 | rec-info -s |
        grep -x 'histogram x from 4 to 7 ▁█_▁ 1 8 0 1' >/dev/null
    printf '%s\n' 0 0.25 1 2.5 10 inf nan | rec-from csv -c x:f32 | rec-info -s |
        grep -x 'histogram x from 0 to 10 █▄▄______▄ 2 1 1 0 0 0 0 0 0 1' >/dev/null
    # Nothing to divide.
    printf '3\n3\n' | rec-from csv -c x:u8 | rec-info -s | awk '/^histogram/ { exit 1 }'
    printf '%s\n' 1e308 -1e308 | rec-from csv -c x:f64 | rec-info -s | awk '/^histogram/ { exit 1 }'
    printf '%s\n' 1 1.0000000000000002 | rec-from csv -c x:f64 | rec-info -s | awk '/^histogram/ { exit 1 }'
    # Beyond 2^53 not every whole number is a double, of which bins are made.
    printf '%s\n' 9007199254740992 9007199254740992 9007199254741006 | rec-from csv -c x:i64 |
        rec-info -s | grep '^histogram x .* 2 0 0 0 0 0 0 0 0 1$' >/dev/null
    printf '%s\n' -9007199254741006 -9007199254740992 -9007199254740992 | rec-from csv -c x:i64 |
        rec-info -s | grep '^histogram x .* 1 0 0 0 0 0 0 0 0 2$' >/dev/null
    printf '%s\n' 9007199254740989 9007199254740991 | rec-from csv -c x:i64 |
        rec-info -s | grep '^histogram x .* 1 0 1$' >/dev/null
    printf '%s\n' 9007199254740993 9007199254740995 | rec-from csv -c x:i64 |
        rec-info -s | awk '/^histogram/ { exit 1 }'
}

@test "frequent values: exact while there are few, else between two counts" {
    printf '%s\n' b a b 'c d' b a e | rec-from csv -c s -o few.rms
    rec-info -s few.rms | grep -E '^(distinct|frequent)' | diff - <(
        printf '%s\n' 'distinct s 4' 'frequent s 3 b' 'frequent s 2 a')
    # Two that are frequent among 20,000 that are not.
    seq 20000 | awk '{ print "item" $1 } $1 % 4 == 0 { print "often" } $1 % 10 == 0 { print "less" }' |
        rec-from csv -c s | rec-info -s >got
    grep -qx 'distinct s >1024' got
    grep '^frequent' got | sed 's/\.\./ /' | awk '
        $5 == "often" { ok += $3 <= 5000 && 5000 <= $4 }
        $5 == "less" { ok += $3 <= 2000 && 2000 <= $4 }
        $4 - $3 > 27000 / 1025 { exit 1 }
        END { exit !(NR == 2 && ok == 2) }'
    # 64-bit numbers are told apart that are one as doubles; both zeros are one.
    printf '%s\n' 9007199254740993 9007199254740993 9007199254740992 |
        rec-from csv -c n:i64 | rec-info -s | grep -x 'frequent n 2 9007199254740993' >/dev/null
    printf '%s\n' 0 -0 1 | rec-from csv -c n:f32 | rec-info -s | grep -x 'frequent n 2 0' >/dev/null
    # What a terminal would take for orders, and the beginning of what is long.
    printf 's\n"\033[2J"\n"\033[2J"\n' | rec-from csv | rec-info -s | grep -xF 'frequent s 2 ?[2J' >/dev/null
    { echo s && for _ in 1 2; do head -c 61 /dev/zero | tr '\0' x && echo éàü; done; } |
        rec-from csv | rec-info -s | grep -x 'frequent s 2 x\{61\}é\.\.\.' >/dev/null
}

@test "--json is the same as one object, for jq" {
    command -v jq >/dev/null || skip "no jq"
    printf '%s\n' '"x ""y""",1.5,1|2' 'z,nan,' 'z,inf,3' |
        rec-from csv -c 'a b:f32 c:u8[]' --meta 'key=say "it"' -o in.rms
    rec-info --json in.rms | jq -c 'del(.steps)' | diff - <(
        echo '{"columns":[{"name":"a","type":"str"},{"name":"b","type":"f32"},{"name":"c","type":"u8[]"}],"meta":{"key":"say \"it\""},"rows":3,"blocks":1,"segments":1,"bytes":64,"stored":64}')
    rec-info --json in.rms | jq -r '.steps[0]' | diff - <(rec-info in.rms | sed -n 's/^step //p')
    rec-info --json -s in.rms >got
    jq -c '.columns[0].summary | [.count, .shortest, .longest, .q1, .median, .q3, .distinct, .frequent]' got |
        diff - <(echo '[3,1,5,1,1,5,2,[{"value":"z","at_least":2,"at_most":2}]]')
    jq -c '.columns[1].summary | [.count, .nan, .min, .max, .mean]' got |
        diff - <(echo '[3,1,1.5,null,null]')
    jq -c '.columns[2].summary | [.fewest, .most, .min, .max, .mean, .rank_error, .histogram]' got |
        diff - <(echo '[0,2,1,3,2,0,{"bins":3,"from":1,"to":3,"counts":[1,1,1]}]')
    echo a | rec-from csv --types a:f32 | rec-info --json -s | jq -c '.columns[0].summary' |
        diff - <(echo '{"count":0,"nan":0}')
    # Nothing of a stream that is not whole.
    head -c 200 in.rms >cut.rms
    run -1 --separate-stderr rec-info --json cut.rms
    [ -z "$output" ]
}

@test "--json of a head that is not UTF-8 says where" {
    echo 1 | rec-from csv -c a --meta note=xyz | rec-head -o in.rms
    while read -r text what; do
        at=$(grep -abo -m 1 "$text" in.rms | head -n 1)
        forge 0 "${at%%:*}" 1 255 <in.rms >bad.rms
        rec-info bad.rms >/dev/null
        run -1 --separate-stderr rec-info --json bad.rms
        [ "$stderr" = "rec-info: bad.rms: $what: not UTF-8, and so no JSON" ]
        [ -z "$output" ]
    done <<'END'
xyz meta 1
rec-from step 1
rec-head step 2
END
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
    rec-info bad.rms | grep -x 'rows 1' >/dev/null
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
    $limit rec-to npy --column id big.rms | wc -c | grep -x '1600128' >/dev/null
    $limit rec-info -s big.rms | grep -x 'rows 400000' >/dev/null
    # The limit is one: what holds all rows does not pass it.
    # shellcheck disable=SC2086 # a command and its option on purpose
    run ! $limit sort -S 50M --parallel=1 -o sorted big.csv
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    echo a | rec-from csv >in.rms
    run -1 --separate-stderr sh -c 'rec-info in.rms >/dev/full'
    [[ $stderr == "rec-info: standard output: "* ]]
    # More than stdio holds back: the write that fails is not the last one.
    for _ in 1 2; do seq 200 | paste -sd,; done | rec-from csv -c "$(seq -f c%g 200 | paste -sd' ')" -o wide.rms
    for options in --json '--json -s' -s; do
        run -1 --separate-stderr sh -c "rec-info $options wide.rms >/dev/full"
        [[ $stderr == "rec-info: standard output: "* ]]
    done
}

@test "wrong usage exits 2 and says nothing on standard output" {
    echo a | rec-from csv >in.rms
    refuses_usage rec-info -x in.rms
    refuses_usage rec-info in.rms in.rms
    refuses_usage rec-info --check --summary in.rms
    refuses_usage rec-info --check --json in.rms
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

@test "a step has nothing that drives a terminal, whatever a file was called" {
    local name
    for name in $'x\033[31m.csv' $'x\302\233[31m.csv' $'x\177[31m.csv' $'x\342\200\256[31m.csv'; do
        printf 'a\n1\n' >"$name"
        rec-from csv "$name" | rec-info | grep -F "'x?[31m.csv'" >/dev/null
    done
}
