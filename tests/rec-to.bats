# rec-to writes a stream as text or as an array, and only a whole one.

# shellcheck disable=SC2154 # stderr and stderr_lines are set by run

load helper

# Every type and every shape, and every character that needs care.
sample() {
    printf '%s\n' 'u8,i32,u32,i64,u64,f32,f64,str,vector,list,strings' \
        '255,-7,7,-9007199254740993,18446744073709551615,0.1,0.1,"a, ""b""",1|2,1|2|3,x|y\|z' \
        '0,0,0,0,0,nan,-inf,"tab	and
line \ end",0.5|-1.5,,' \
        '1,1,1,1,1,1e+10,1e+300,,3|4,5,\e' >sample.csv
    rec-from csv --types 'u8:u8 i32:i32 u32:u32 i64:i64 u64:u64 f32:f32 f64:f64
        str:str vector:f32[2] list:u32[] strings:str[]' sample.csv -o sample.rms
}

@test "csv is written as it was read: text to stream to text" {
    sample
    rec-to csv sample.rms | diff - sample.csv
}

@test "csv quotes what needs it and nothing else" {
    printf 'a,b\n"x","y z"\n"p""q","r\ns"\n"","t,u"\n' | rec-from csv | rec-to csv >got
    printf 'a,b\nx,y z\n"p""q","r\ns"\n,"t,u"\n' | diff - got
    # Alone in its line an empty field would be no line at all.
    printf 'a\n""\nx\n' >one
    rec-from csv one | rec-to csv | diff - one
}

@test "tsv: escapes instead of quotes, and rec-from tsv reads them back" {
    sample
    rec-to tsv sample.rms >got.tsv
    grep -qF 'tab\tand\nline \\ end' got.tsv
    grep -qF 'x|y\\|z' got.tsv
    awk -F '\t' 'NF != 11 { exit 1 }' got.tsv
    rec-from tsv --types 'u8:u8 i32:i32 u32:u32 i64:i64 u64:u64 f32:f32 f64:f64
        str:str vector:f32[2] list:u32[] strings:str[]' got.tsv |
        rec-to csv | diff - sample.csv
}

@test "jsonl: an object a line, null for what JSON has no number for" {
    sample
    rec-to jsonl sample.rms >got
    cat >want <<'END'
{"u8":255,"i32":-7,"u32":7,"i64":-9007199254740993,"u64":18446744073709551615,"f32":0.1,"f64":0.1,"str":"a, \"b\"","vector":[1,2],"list":[1,2,3],"strings":["x","y|z"]}
{"u8":0,"i32":0,"u32":0,"i64":0,"u64":0,"f32":null,"f64":null,"str":"tab\u0009and\u000aline \\ end","vector":[0.5,-1.5],"list":[],"strings":[]}
{"u8":1,"i32":1,"u32":1,"i64":1,"u64":1,"f32":1e+10,"f64":1e+300,"str":"","vector":[3,4],"list":[5],"strings":[""]}
END
    diff want got
}

@test "--columns chooses and orders, --no-header leaves the names out" {
    sample
    rec-to csv --columns i32,u8 --no-header sample.rms >got
    printf '%s\n' -7,255 0,0 1,1 | diff - got
    run -1 --separate-stderr rec-to csv --columns i32,age sample.rms
    [[ $stderr == "rec-to: sample.rms: no column 'age'; there are: u8, i32"* ]]
}

@test "--explode writes a line for each element, with its rank" {
    printf '%s\n' 'user,title,score' 'ann,Heat|Babe,0.5|0.25' 'bob,,' 'cy,Heat,1' |
        rec-from csv --types 'title:str[] score:f32[]' -o top.rms
    rec-to tsv --explode top.rms >got
    printf '%s\t%s\t%s\t%s\n' user rank title score ann 1 Heat 0.5 \
        ann 2 Babe 0.25 cy 1 Heat 1 | diff - got
    rec-to csv --explode --columns score,user top.rms >got
    printf '%s\n' user,rank,score ann,1,0.5 ann,2,0.25 cy,1,1 | diff - got
    rec-to jsonl --explode --columns score top.rms >got
    printf '%s\n' '{"rank":1,"score":0.5}' '{"rank":2,"score":0.25}' \
        '{"rank":1,"score":1}' | diff - got
}

@test "--explode refuses lists of different lengths, and rows without lists" {
    printf '%s\n' 'a,b' '1|2,3|4' '1|2,3' | rec-from csv --types 'a:u8[] b:u8[]' >in.rms
    run -1 --separate-stderr rec-to csv --explode -o out.csv in.rms
    [ "$stderr" = "rec-to: in.rms: row 2: lists of 2 elements in 'a', of 1 in 'b'" ]
    [ ! -e out.csv ]
    printf 'a\n1\n' | rec-from csv >in.rms
    run -1 --separate-stderr rec-to csv --explode in.rms
    [ "$stderr" = "rec-to: in.rms: no column is a list" ]
    printf 'rank,b\n1,2\n' | rec-from csv --types 'b:u8[]' >in.rms
    run -1 --separate-stderr rec-to csv --explode in.rms
    [ "$stderr" = "rec-to: in.rms: there is a column 'rank' already" ]
}

# The numbers of a file that NumPy wrote, one a line, by od(1).
numbers() {
    tail -c +129 "$1" | od -An -v -w"$2" -t "$3" | tr -d ' '
}

@test "npy is byte for byte the file that NumPy writes" {
    # i8, f8 and i4 of one dimension, i4 and f4 of two.
    while read -r file type width od shape; do
        golden="$BATS_TEST_DIRNAME/golden/$file.npy"
        numbers "$golden" "$width" "$od" >values
        if [ -n "$shape" ]; then
            paste -sd "$(printf '|%.0s' $(seq 2 "$shape"))\n" values >rows
        else
            cp values rows
        fi
        rec-from csv -c "v:$type" rows | rec-to npy --column v -o got.npy
        cmp got.npy "$golden"
        # Through a pipe, where the header cannot be written again.
        rec-from csv -c "v:$type" rows | rec-to npy --column v | cat | cmp - "$golden"
        # Behind what is there already, and appended.
        printf before >got
        rec-from csv -c "v:$type" rows >v.rms
        { printf before && rec-to npy --column v v.rms; } >got
        tail -c +7 got | cmp - "$golden"
        rec-to npy --column v v.rms >>got
        tail -c "$(wc -c <"$golden")" got | cmp - "$golden"
    done <<'END'
features/timestamp i64 8 d8
features/edges f64 8 f8
features/bucket i32 4 d4
knn/top25 i32[25] 4 d4 25
knn/item f32[16] 4 f4 16
END
}

@test "npy holds one column of numbers" {
    sample
    for column in str list; do
        run -1 --separate-stderr rec-to npy --column $column -o out.npy sample.rms
        [[ $stderr == "rec-to: sample.rms: column '$column' is "*", and npy holds numbers of one shape only" ]]
    done
    run -2 --separate-stderr rec-to npy sample.rms
    [ "${stderr_lines[0]}" = "rec-to: npy holds one column of numbers: choose with --columns" ]
    rec-to npy --column vector sample.rms >v.npy
    head -c 80 v.npy | grep -aq "'shape': (3, 2), }"
}

@test "an incomplete input: exit 1, and no file under the output's name" {
    seq 30000 | rec-from csv -c a:u32 >in.rms
    head -c 70000 in.rms >cut.rms
    for format in csv tsv jsonl npy; do
        run -1 --separate-stderr rec-to $format -o out cut.rms
        [ "$stderr" = "rec-to: cut.rms: truncated after 16384 rows: rec-from did not finish" ]
        [ ! -e out ]
        [ -z "$(find . -name '.out*')" ]
    done
}

@test "a producer that is killed fails the pipe under plain sh, and no file is left" {
    run -1 --separate-stderr sh -c \
        '{ seq 5000; sleep 1; } | timeout -s KILL 0.3 rec-from csv -c a:u32 |
            rec-to tsv -o out.tsv'
    [[ $stderr == *"rec-to: standard input: truncated after 4096 rows: rec-from did not finish"* ]]
    [ ! -e out.tsv ]
}

@test "any damage to a stream is refused, wherever it is" {
    sample
    rec-from csv --types 'list:u32[] strings:str[]' -z sample.csv -o packed.rms
    for f in sample.rms packed.rms; do
        size=$(wc -c <$f)
        for ((at = 0; at < size; at += 41)); do
            cp $f bad.rms
            damage bad.rms $at
            cmp -s $f bad.rms && continue
            run -1 --separate-stderr rec-to csv -o out bad.rms
            [[ $stderr == "rec-to: bad.rms: "* ]]
            head -c $at $f >cut.rms
            run -1 --separate-stderr rec-to csv -o out cut.rms
            [[ $stderr == "rec-to: cut.rms: "* ]]
            [ ! -e out ]
        done
    done
}

@test "a stream without rows is a header line, or an array of none" {
    echo a,b | rec-from csv >none.rms
    rec-to csv none.rms >got
    echo a,b | diff - got
    rec-to jsonl none.rms | cmp - /dev/null
    echo a | rec-from csv --types a:f32 | rec-to npy --column a -o none.npy
    [ "$(wc -c <none.npy)" -eq 128 ]
    grep -aq "'shape': (0,), }" none.npy
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    sample
    for format in csv tsv jsonl 'npy --column u8'; do
        run -1 --separate-stderr sh -c "rec-to $format sample.rms >/dev/full"
        [[ $stderr == "rec-to: standard output: "* ]]
    done
}

@test "shortest text that reads back as the same number" {
    printf '%s\n' 0.1 3.4028235e+38 16777216 0.33333334 1e-05 -0 >values
    rec-from csv -c v:f32 values | rec-to csv --no-header | diff - values
    printf '%s\n' 0.1 0.30000000000000004 1e+22 9007199254740993.5 >values
    rec-from csv -c v:f64 values | rec-to csv --no-header >got
    sed 's/9007199254740993.5/9007199254740994/' values | diff - got
}

@test "wrong usage exits 2 and says nothing on standard output" {
    sample
    refuses_usage rec-to
    refuses_usage rec-to xml sample.rms
    refuses_usage rec-to csv sample.rms sample.rms
    refuses_usage rec-to csv --list-separator ab sample.rms
    refuses_usage rec-to csv -n sample.rms
    refuses_usage rec-to npy --explode sample.rms
    for columns in u8,u8 u8,,f32 ,u8 'u8,' ''; do
        refuses_usage rec-to safetensors --columns "$columns" sample.rms
    done
    # Not the column of the first 255 letters.
    name=$(printf '%0255d' 0)
    echo 1 | rec-from csv -c "$name" -o long.rms
    run -1 --separate-stderr rec-to csv -c "${name}1" long.rms
    [[ $stderr == "rec-to: long.rms: no column '"* ]]
}

@test "the manual page has the options of --help" {
    same_options rec-to
}
