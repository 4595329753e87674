# rec-from reads delimited text: what is no table is refused with its line.

# shellcheck disable=SC2154 # stderr is set by run

load helper

# As JSON, so that names, types and every byte show.
from() {
    rec-from "$@" -o got.rms && rec-to jsonl got.rms
}

# The head's columns: "a i64, b str"
columns() {
    rec-info "$1" | sed -n 's/^column //p' | paste -sd, - | sed 's/,/, /g'
}

# complains MESSAGE [ARGUMENT...]: "rec-from csv ARGUMENT... in.csv" exits 1
# with this message, and leaves no file under the output's name.
complains() {
    local want=$1
    shift
    run -1 --separate-stderr rec-from csv "$@" -o out.rms in.csv
    [ "$stderr" = "rec-from: in.csv$want" ] || {
        echo "want: rec-from: in.csv$want" "got:  $stderr"
        return 1
    }
    [ -z "$output" ]
    [ ! -e out.rms ]
}

@test "a header line names the columns, the rows tell their types" {
    printf 'id,rating,title\n1,3.5,Heat\n-2,4,"Babe, the pig"\n' >in.csv
    from csv in.csv >got
    [ "$(columns got.rms)" = "id i64, rating f64, title str" ]
    printf '%s\n' '{"id":1,"rating":3.5,"title":"Heat"}' \
        '{"id":-2,"rating":4,"title":"Babe, the pig"}' | diff - got
}

@test "rows that end with LF, CRLF, CR or the file are the same rows" {
    printf 'a,b\n1,x\n2,y\n' >lf
    printf 'a,b\r\n1,x\r\n2,y\r\n' >crlf
    printf 'a,b\r1,x\r2,y\r' >cr
    printf 'a,b\n1,x\n2,y' >short
    printf '\n\na,b\n\r\n1,x\n\n2,y\n\n' >blank
    rec-from csv <lf >want.rms
    for f in crlf cr short blank; do
        rec-from csv <$f | cmp - want.rms
    done
}

@test "quoted fields hold delimiters, quotes and line ends, as RFC 4180 says" {
    printf 'a,"b"\n"x, y","say ""so"""\n"two\nlines",""\n"with\r\nboth",z\n' |
        from csv >got
    printf '%s\n' '{"a":"x, y","b":"say \"so\""}' \
        '{"a":"two\u000alines","b":""}' '{"a":"with\u000d\u000aboth","b":"z"}' |
        diff - got
}

@test "blanks belong to fields, and become _ in names" {
    printf 'movie title,b\n  x , y\t\n' | from csv >got
    echo '{"movie_title":"  x ","b":" y\u0009"}' | diff - got
}

@test "a byte order mark is dropped, also before a quoted name" {
    printf '\357\273\277"a"\n1\n' | from csv >got
    echo '{"a":1}' | diff - got
    printf '\357\273\277' >in.csv
    complains ": empty: not even a header line"
}

@test "a quote never closed is an error that names its row, not one long field" {
    { printf 'a,b\n1,x\n2,"y\n' && seq 1000; } >in.csv
    complains ":3: the row that begins here has a quote that is never closed"
    { printf 'a,b\n1,x\n2,"y\n' && seq 300000; } >in.csv
    complains ":3: a field longer than 1 MiB: a quote that is never closed?"
}

@test "a field of 1 MiB is read, one byte more is not" {
    head -c 1048576 /dev/zero | tr '\0' x >mib
    { echo a && cat mib; } | rec-from csv | rec-info -s | grep 'longest 1048576$' >/dev/null
    { echo a && cat mib && echo x; } >in.csv
    complains ":2: a field longer than 1 MiB: a quote that is never closed?"
}

@test "a quote in the middle of a field is refused, or kept with --no-quotes" {
    for row in '1,x"y' '1,"x"y' '1,"x" '; do
        printf 'a,b\n0,0\n%s\n' "$row" >in.csv
        complains ":3: a quote that neither opens nor closes a field (--no-quotes takes quotes as they are)"
    done
    printf 'a,b\n1,"x"y"\n' | from csv --no-quotes >got
    echo '{"a":1,"b":"\"x\"y\""}' | diff - got
    printf 'a,b\n"1,"\n' | from csv --no-quotes >got
    echo '{"a":"\"1","b":"\""}' | diff - got
}

@test "a NUL byte is refused, with quotes and without" {
    printf 'a,b\n1,2\n3,\0004\n' >in.csv
    complains ":3: a NUL byte: is this text?"
    complains ":3: a NUL byte: is this text?" --no-quotes
}

@test "rows of another length are refused, and blank lines and quoted ones counted" {
    printf 'a,b\n\n"1\n1",2\n3\n' >in.csv
    complains ":5: 1 fields, not 2"
    printf 'a,b\r\n1,2\r\n3,4,5\r\n' >in.csv
    complains ":3: 3 fields, not 2"
    printf 'a,b\r1,2\r3,4,5\r' >in.csv
    complains ":3: 3 fields, not 2"
}

@test "text that is not UTF-8 is refused with a hint, and read with --encoding latin1" {
    for bytes in '\0351' '\0300\0200' '\0355\0240\0200' '\0364\0220\0200\0200' '\0303'; do
        printf 'a,b\n1,x\n2,caf%b\n' "$bytes" >in.csv
        complains ":3: column 'b': not UTF-8; if it is Latin-1, say --encoding latin1"
    done
    printf 'a,b\n1,caf\351\n' | from csv --encoding latin1 >got
    echo '{"a":1,"b":"café"}' | diff - got
    printf 'caf\351\n1\n' | from csv --encoding latin1 >got
    echo '{"café":1}' | diff - got
}

@test "numbers that do not fit their type are refused with column and text" {
    while IFS='~' read -r type text why; do
        printf 'a,b\n1,1\n2,%b\n' "$text" >in.csv
        complains ":3: column 'b': $why" --types "b:$type"
    done <<'END'
u8~256~'256' is out of range for u8
u8~-1~'-1' is out of range for u8
i32~2147483648~'2147483648' is out of range for i32
u32~4294967296~'4294967296' is out of range for u32
i64~9223372036854775808~'9223372036854775808' is out of range for i64
i64~-9223372036854775809~'-9223372036854775809' is out of range for i64
u64~18446744073709551616~'18446744073709551616' is out of range for u64
f32~1e39~'1e39' is out of range for f32
f64~1e999~'1e999' is no f64
i32~3.5~'3.5' is no i32
i32~ 3~' 3' is no i32
u8~+3~'+3' is no u8
i64~0x10~'0x10' is no i64
f64~0x10~'0x10' is no f64
f32~four~'four' is no f32
f64~.~'.' is no f64
f64~-~'-' is no f64
f32~~empty, where f32 is wanted
u64~~empty, where u64 is wanted
i64~caf\xc3~the text is no i64
i64~1234567890123456789012345678901234567890x~'1234567890123456789012345678901234567890...' is no i64
END
}

@test "the extremes of every type are read exactly" {
    printf '%s\n' 'a,b,c,d,e,f,g' \
        '255,-2147483648,4294967295,-9223372036854775808,18446744073709551615,3.4028235e38,1.7976931348623157e308' \
        '0,2147483647,0,9223372036854775807,0,1e-45,5e-324' >in.csv
    rec-from csv --types 'a:u8 b:i32 c:u32 d:i64 e:u64 f:f32 g:f64' in.csv |
        rec-to csv >got
    sed 's/3.4028235e38/3.4028235e+38/; s/e308/e+308/; s/5e-324/4.94065645841247e-324/; s/1e-45/1.4013e-45/' \
        in.csv | diff - got
}

@test "a plus sign is for f32 and f64 alone" {
    printf 'a,b\n+1.5,+2e3\n' | rec-from csv --types 'a:f32 b:f64' | rec-to csv |
        diff - <(printf 'a,b\n1.5,2000\n')
    for type in u8 i32 u32 i64 u64; do
        printf 'a\n+1\n' >in.csv
        complains ":2: column 'a': '+1' is no $type" --types a:$type
    done
}

@test "inferred: no leading zero, no nan, nothing empty and nothing too long is a number" {
    while IFS='~' read -r one two type; do
        printf 'a,b\n%s,\n%s,\n' "$one" "$two" | rec-from csv -o got.rms
        [ "$(columns got.rms)" = "a $type, b str" ]
    done <<'END'
1~-2~i64
1~2.5~f64
1e3~2~f64
-0~1~f64
0.5~0~f64
1~007~str
+1~2~str
nan~1~str
1~~str
9223372036854775807~1~i64
9223372036854775808~1~str
1~x~str
END
}

@test "a later row that does not fit the inferred type is refused, never changed" {
    for late in x 007 2.5 ''; do
        { echo a,b && seq 5000 | sed 's/$/,x/' && echo "$late,x"; } >in.csv
        run -1 --separate-stderr rec-from csv in.csv
        [[ $stderr == "rec-from: in.csv:5002: column 'a': "*"; see --types" ]]
    done
    { echo a,b && seq 5000 | sed 's/$/,x/' && echo 007,x; } |
        rec-from csv --types a:str | rec-to tsv | tail -n 1 >got
    printf '007\tx\n' | diff - got
}

@test "--columns names and types the fields, leaves out _ and -, and stops at ..." {
    printf '1,x,y,2.5,q,q\n' >in.csv
    from csv --columns 'id:u32 _ tag - ...' in.csv >got
    [ "$(columns got.rms)" = "id u32, tag str" ]
    echo '{"id":1,"tag":"y"}' | diff - got
    complains ":1: 6 fields, not 2" --columns 'a b'
    complains ":1: 6 fields, not 7" --columns 'a b c d e f g ...'
}

@test "lists and vectors: elements between separators, strings with escapes" {
    printf '%s\n' 'l,v,s' '1|2,0.5|-1,a|b\|c|\\|' ',1|2,' '7,3|4,\e' |
        from csv --types 'l:u32[] v:f32[2] s:str[]' >got
    printf '%s\n' '{"l":[1,2],"v":[0.5,-1],"s":["a","b|c","\\",""]}' \
        '{"l":[],"v":[1,2],"s":[]}' '{"l":[7],"v":[3,4],"s":[""]}' | diff - got
    printf 'l\n1 2\n' | from csv --types 'l:u8[]' --list-separator ' ' >got
    echo '{"l":[1,2]}' | diff - got
    printf 'v\n1|2|3\n' >in.csv
    complains ":2: column 'v': 3 elements, not 2" --types 'v:f32[2]'
    printf 'v\n1|2|\n' >in.csv
    complains ":2: column 'v': empty, where u32 is wanted" --types 'v:u32[]'
}

@test "the delimiter :: of MovieLens 1M, also with lone colons and across reads" {
    printf '1::Star Wars: Episode IV::x\n2:::y::4:' |
        from csv -d :: --columns 'id:u32 title rest' >got
    printf '%s\n' '{"id":1,"title":"Star Wars: Episode IV","rest":"x"}' \
        '{"id":2,"title":":y","rest":"4:"}' | diff - got
    # 64 KiB is read at once: the colons move over that border.
    for n in 65533 65534 65535 65536 65537; do
        { head -c $n /dev/zero | tr '\0' x && printf '::y\n'; } |
            rec-from csv -d :: --columns 'a b' | rec-info -s >got
        grep -q "^summary a count 1 shortest $n " got
        grep -q "^summary b count 1 shortest 1 " got
    done
    printf 'a::b\n1::\037\n' >in.csv
    complains ":2: a byte 0x1f, which cannot be told from the delimiter '::'" -d ::
}

@test "tsv has tabs, no quotes, and undoes its escapes" {
    printf 'a\tb\n"x\\ty\\\\\t\\q\\n\\r\n' | from tsv >got
    printf '%s\n' '{"a":"\"x\u0009y\\","b":"\\q\u000a\u000d"}' | diff - got
}

@test "names that are empty, taken or not UTF-8 are refused" {
    echo 'a,,b' >in.csv
    complains ":1: field 2 of the header line is empty"
    echo 'a b,a_b' >in.csv
    complains ":1: there are two columns 'a_b'"
    printf 'a,\351\n' >in.csv
    complains ":1: field 2 of the header line is too long for a name, or not UTF-8"
    echo 'a,b' >in.csv
    complains ": no column 'c', to which --types gives a type" --types c:str
}

@test "an empty input is refused; a header line alone is a stream without rows" {
    : >in.csv
    complains ": empty: not even a header line"
    complains ": empty" --columns 'a b'
    printf '\n\n' >in.csv
    complains ": empty" --columns 'a b'
    echo 'a,b' | rec-from csv | rec-info | grep '^rows 0$' >/dev/null
}

@test "--meta is said in the head" {
    printf '1\n' | rec-from csv -c x:u8 --meta key=item.id --meta 'note=a = b' |
        rec-info >got
    grep -qx 'meta key item.id' got
    grep -qx 'meta note a = b' got
}

@test "a step is UTF-8 whatever a file is named, and so is a meta" {
    printf 'a\n1\n' >$'caf\351 \303\251\377.csv'
    rec-from csv $'caf\351 \303\251\377.csv' -o got.rms
    rec-info got.rms | grep -x "step rec-from [0-9.]* csv 'caf? é?.csv'" >/dev/null
    rec-info --json got.rms >/dev/null
    refuses_usage rec-from csv --meta $'note=caf\351' in.csv
    [[ $stderr == "rec-from: --meta note=caf?: not UTF-8"* ]]
    refuses_usage rec-from csv --meta $'caf\351=note' in.csv
}

@test "--flush gives each row a block at once, and the first row decides the types" {
    mkfifo in
    rec-from csv --flush <in | rec-to tsv --no-header >out 3>&- &
    exec 4>in
    printf 'a,b\n1,x\n' >&4
    for ((i = 0; i < 100; i++)); do
        [ ! -s out ] || break
        sleep 0.05
    done
    printf '1\tx\n' | diff - out
    printf '2,y\n' >&4
    exec 4>&-
    wait
    printf '1\tx\n2\ty\n' | diff - out
    printf 'a\n1\n2\n3\n' | rec-from csv --flush | rec-info | grep '^blocks 3$' >/dev/null
}

@test "an error in the text travels to the end of the pipe, under plain sh" {
    { echo a && seq 5000 && echo x; } >in.csv
    run -1 --separate-stderr sh -c 'rec-from csv in.csv | rec-head | rec-to tsv -o out.tsv'
    [[ $stderr == *"rec-to: standard input: incomplete: rec-from: in.csv:5002: column 'a': 'x' is no i64"* ]]
    [ ! -e out.tsv ]
}

@test "MovieLens 100k: u.data comes out as it went in" {
    need_movielens
    rec-from csv -d tab -c 'user_id movie_id rating:f32 timestamp:i64' \
        "$ML100K/u.data" -o u.rms
    rec-to tsv --no-header u.rms | cmp - "$ML100K/u.data"
    rec-info -s u.rms >info
    grep -qx 'rows 100000' info
    grep -qx 'summary rating count 100000 nan 0 min 1 max 5 mean 3.52986' info
    grep -qx 'summary timestamp count 100000 nan 0 min 874724710 max 893286638 mean 883528851.48862' info
}

@test "MovieLens 100k: u.item has 1,682 rows, 9 of them with letters beyond ASCII" {
    need_movielens
    rec-from csv -d '|' --encoding latin1 -c 'movie_id movie_title date ...' \
        "$ML100K/u.item" | rec-to tsv --no-header >items
    [ "$(wc -l <items)" -eq 1682 ]
    [ "$(LC_ALL=C grep -c '[^ -~	]' items)" -eq 9 ]
    grep -q '^543	Misérables, Les (1995)	' items
    grep -qx '267	unknown	' items
    run -1 --separate-stderr rec-from csv -d '|' -c 'id title ...' "$ML100K/u.item"
    [[ $stderr == *"/u.item:543: column 'title': not UTF-8; if it is Latin-1, say --encoding latin1" ]]
}

@test "the same bytes whether from a file or in small pieces through a pipe" {
    { echo a,b && seq 3000 | sed 's/.*/&,"x\r\ny &"/'; } >in.csv
    rec-from csv <in.csv >want.rms
    dd if=in.csv bs=7 status=none | rec-from csv | cmp - want.rms
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    printf 'a\n1\n' >in.csv
    run -1 --separate-stderr bash -c 'rec-from csv in.csv >/dev/full'
    [[ $stderr == "rec-from: standard output: "* ]]
}

@test "a file that is not there, and a folder, are errors" {
    run -1 --separate-stderr rec-from csv missing.csv
    [ "$stderr" = "rec-from: missing.csv: No such file or directory" ]
    run -1 --separate-stderr rec-from csv .
    [ "$stderr" = "rec-from: .: read failed: Is a directory" ]
}

@test "wrong usage exits 2 and says nothing on standard output" {
    echo a >in.csv
    refuses_usage rec-from
    refuses_usage rec-from xml
    refuses_usage rec-from csv in.csv in.csv
    refuses_usage rec-from csv -x in.csv
    for bad in '--delimiter ab' '--delimiter é' '--encoding utf8' \
        '--columns a:int' '--columns ...' '--columns _' '--types a' '--meta key' \
        '--list-separator ab' '--columns a --types a:u8'; do
        # shellcheck disable=SC2086 # an option and its value on purpose
        refuses_usage rec-from csv $bad in.csv
    done
    refuses_usage rec-from csv --columns 'a b a' in.csv
    refuses_usage rec-from csv --columns 'a ... b' in.csv
    refuses_usage rec-from csv --delimiter '"' in.csv
    refuses_usage rec-from tsv --delimiter , in.csv
}

@test "the manual page has the options of --help" {
    same_options rec-from
}

@test "what fails before the first row is named by the last stage of the pipe" {
    run -1 --separate-stderr sh -c 'printf "a,b\n1\n" | rec-from csv | rec-head | rec-to tsv'
    [[ $stderr == *"rec-to: standard input: incomplete: rec-from: standard input:2: "* ]]
}
