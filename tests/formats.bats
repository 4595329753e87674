# Other programs' formats: what they write is read, what we write they read.

# shellcheck disable=SC2154 # stderr is set by run

load helper

# A Python that has NumPy, as $numpy.
need_numpy() {
    for numpy in python3 /usr/bin/python3; do
        "$numpy" -c 'import numpy' 2>/dev/null && return
    done
    skip "no NumPy"
}

need() {
    command -v "$1" >/dev/null || skip "no $1"
}

# Ten rows of an id, a word, a vector of four f32, and numbers of other types.
sample() {
    seq 10 | awk 'BEGIN { print "id,word,embedding,big,half,small" }
        { printf "%d,w%d,%.9g|%.9g|%.9g|%.9g,%.0f,%.17g,%d\n", $1, $1, sin($1), cos($1),
            $1 / 3, -$1, 2^62 + $1 * 1024, $1 / 7, $1 % 3 }' |
        rec-from csv --types 'id:u32 embedding:f32[4] big:i64 half:f64 small:u8' -o s.rms
}

# Bytes as hexadecimal digits: hex <offset> <count> <file>
hex() {
    od -An -v -tx1 -j "$1" -N "$2" "$3" | tr -d ' \n'
}

# "rec-from FORMAT FILE" exits 1 with this message, and, which is looked at once in
# a test, so does the TAIL of its stream: refuses <format> <file> <message> [option...]
refuses() {
    local format=$1 file=$2 want=$3
    shift 3
    run -1 --separate-stderr rec-from "$format" "$@" -o out.rms "$file"
    [ "$stderr" = "rec-from: $file$want" ] || {
        echo "want: rec-from: $file$want" "got:  $stderr"
        return 1
    }
    [ ! -e out.rms ]
    [ ! -e told ] || return 0
    touch told
    run -1 --separate-stderr sh -c 'rec-from "$@" 2>/dev/null | rec-info' sh "$format" "$@" "$file"
    [[ $stderr == *"rec-info: standard input: incomplete: rec-from: $file"* ]]
}

# However many bytes are missing, it is noticed: refuses_cuts <format> <file>
refuses_cuts() {
    local format=$1 file=$2 n size
    size=$(wc -c <"$file")
    for ((n = 0; n < size; n += n > 20 && n < size - 8 ? 5 : 1)); do
        head -c "$n" "$file" >short
        if rec-from "$format" short -o short.rms 2>err; then
            echo "taken for whole: $n bytes"
            return 1
        fi
        [ "$(wc -l <err)" -eq 1 ]
        [ ! -e short.rms ]
    done
}

@test "npy: what NumPy saved, of every type that we have or widen" {
    need_numpy
    "$numpy" -c '
import numpy as np
for t in "u1 i4 u4 i8 u8 f4 f8 b1 i1 i2 u2 f2".split():
    k = np.dtype(t).kind
    a = np.array([0, 1, 1] if k == "b" else [0, 1, 100, 127])
    if k == "f": a = a / 3 * (-1) ** np.arange(a.size)
    if k == "i": a = -a - 1
    if t == "f2": a = np.array([0, -0.0, 6e-8, 6.1e-5, 1/3, 65504, np.inf, -np.inf])
    a = a.astype(t)
    np.save(t + ".npy", a)
    np.save(t + "-2.npy", a.reshape(2, -1) if a.size % 2 == 0 else a.reshape(1, -1))
    w = {"b1": "u1", "i1": "i4", "i2": "i4", "u2": "u4", "f2": "f4"}.get(t, t)
    np.save(t + ".want", a.astype(w))
    np.save(t + "-2.want", np.load(t + "-2.npy").astype(w))
'
    n=0
    for f in *.want.npy; do
        rec-from npy "${f%.want.npy}.npy" | rec-to npy -c embedding -o got.npy
        cmp got.npy "$f"
        n=$((n + 1))
    done
    [ "$n" -eq 24 ]
    # The header's versions differ in nothing else.
    "$numpy" -c '
import numpy as np, numpy.lib.format as f
for v in (1, 2, 3):
    with open("v%d.npy" % v, "wb") as o: f.write_array(o, np.arange(6, dtype="f4").reshape(2, 3), version=(v, 0))
np.save("column.npy", np.asfortranarray(np.zeros((1, 3), "f4")))'
    for v in 2 3; do
        rec-from npy v1.npy --columns a -o 1.rms && rec-from npy v$v.npy --columns a | rec-to csv >got
        rec-to csv 1.rms | diff - got
    done
    rec-from npy column.npy | rec-to csv --no-header | grep -x '0|0|0' >/dev/null
}

@test "npy: what NumPy saves in other ways is refused, and how to save it said" {
    need_numpy
    "$numpy" -c '
import numpy as np
a = np.arange(6, dtype="f4").reshape(2, 3)
np.save("big", a.astype(">f4"))
np.save("fortran", np.asfortranarray(a))
np.save("text", np.array(["a", "b"]))
np.save("object", np.array([{}], dtype=object), allow_pickle=True)
np.save("fields", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.save("zero", np.array(1.0))
np.save("three", np.zeros((2, 2, 2), "f4"))
np.save("none", np.zeros((2, 0), "f4"))
with open("two.npy", "wb") as f: np.save(f, a); np.save(f, a)
'
    refuses npy big.npy ": its numbers are big-endian ('>f4'): save it with astype('<f4')"
    refuses npy fortran.npy ": the array is stored column by column (Fortran order): save it with numpy.ascontiguousarray()"
    refuses npy text.npy ": elements of type '<U1', which is none of ours"
    refuses npy object.npy ": elements of type '|O', which is none of ours"
    refuses npy fields.npy ": its header is not that of an array of numbers"
    refuses npy zero.npy ": an array of 0 dimensions: rows of one or of several numbers have 1 or 2"
    refuses npy three.npy ": an array of 3 dimensions: rows of one or of several numbers have 1 or 2"
    refuses npy none.npy ": rows of no numbers"
    refuses npy two.npy ": more behind the last row"
}

# npy <header> <data>: a file with that header, which is not padded.
npy() {
    printf '\223NUMPY\1\0%b' "\\0$(printf %o "${#1}")\\0$1$2"
}

@test "npy: headers that lie" {
    npy "{'descr':'<f4','fortran_order':False,'shape':(2,)}" '\0\0\200?\0\0\0@' >in.npy
    rec-from npy in.npy | rec-to csv --no-header | tr '\n' ' ' | grep -x '1 2 ' >/dev/null
    refuses_cuts npy in.npy
    # Python 2 wrote long integers, and any order of the keys is a dictionary.
    npy '{"shape": (1L, 2L), "fortran_order": True, "descr": "<f4"}' '\0\0\200?\0\0\0@' >in.npy
    rec-from npy in.npy | rec-to csv --no-header | grep -x '1|2' >/dev/null
    for shape in '(2)' '2' '(-1,)' '(2,' '(2,)(' '("a",)' '(99999999999999999999,)' '(2,),"shape":(2,)'; do
        npy "{'descr':'<f4','fortran_order':False,'shape':$shape}" '\0\0\200?\0\0\0@' >in.npy
        refuses npy in.npy ": its header is not that of an array of numbers"
    done
    npy "{'descr':'<f4','fortran_order':False,'shape':(18446744073709551600,)}" '\0\0\200?' >in.npy
    refuses npy in.npy ": cut short: 1 rows, not 18446744073709551600"
    npy "{'descr':'<f4','fortran_order':False,'shape':(2,4294967297)}" '\0\0\200?' >in.npy
    refuses npy in.npy ": rows of 4294967297 numbers, which is more than 65536"
    npy "{'descr':'<f4','fortran_order':False,'shape':(1,)}" '\0\0\200?x' >in.npy
    refuses npy in.npy ": more behind the last row"
    npy "{'descr':'<f4','fortran_order':False}" '' >in.npy
    refuses npy in.npy ": its header is not that of an array of numbers"
    printf '\223NUMPY\4\0' >in.npy
    refuses npy in.npy ": .npy version 4.0: known are 1.0, 2.0, 3.0"
    printf '\223NUMPY\2\0\377\377\377\377' >in.npy
    refuses npy in.npy ": a header of 4294967295 bytes"
    echo 'a,b' >in.npy
    refuses npy in.npy ": cut short"
    seq 9 >in.npy
    refuses npy in.npy ": no .npy file"
}

@test "npy: doubles are rounded where --columns says f32, and only there" {
    printf '0.1\n1e-300\n-2.5\n' | rec-from csv -c v:f64 | rec-to npy -c v -o d.npy
    rec-from npy d.npy -c x | rec-to csv | diff - <(printf 'x\n0.1\n1e-300\n-2.5\n')
    rec-from npy d.npy -c x:f32 | rec-to csv | diff - <(printf 'x\n0.1\n0\n-2.5\n')
    echo 1e300 | rec-from csv -c v:f64 | rec-to npy -c v -o d.npy
    refuses npy d.npy ": row 1: 1e+300 is out of range for f32" -c x:f32
    refuses npy d.npy ": its numbers are f64, which cannot be taken for i32" -c x:i32
}

@test "another program's embeddings go straight into rec-knn" {
    # Eight items; the queries are the first three of them, moved a little.
    seq 8 | awk '{ printf "%.9g|%.9g|%.9g\n", sin($1), cos($1), sin($1 * $1) }' >items.txt
    head -n 3 items.txt | sed 's/|/1|/' >queries.txt
    for format in npy fvecs safetensors word2vec; do
        for f in items queries; do
            rec-from csv -c 'embedding:f32[3]' $f.txt | {
                if [ $format = word2vec ]; then
                    rec-to csv --no-header | awk '{ print "w" NR "," $0 }' |
                        rec-from csv -c 'word embedding:f32[3]'
                else
                    cat
                fi
            } | rec-to $format -o $f.$format
        done
        rec-from $format --number item items.$format -o items.rms
        rec-from $format queries.$format | rec-knn -k 8 -i items.rms |
            rec-to tsv --no-header --explode -c candidates,scores >$format.got
    done
    # In awk, from the texts.
    awk -F '|' 'NR == FNR { for (i = 1; i <= 3; i++) v[FNR, i] = $i; next }
        { for (j = 1; j <= 8; j++)
              printf "%d %d %.4f\n", FNR, j, $1 * v[j, 1] + $2 * v[j, 2] + $3 * v[j, 3] }' \
        items.txt queries.txt | sort -k1,1n -k3,3gr | awk '{ print ++n[$1], $2, $3 }' >want
    for format in npy fvecs safetensors word2vec; do
        awk '{ printf "%d %d %.4f\n", $1, $2, $3 }' $format.got | diff want -
    done
}

@test "--number numbers the rows of any format from 1, as the key of items" {
    seq 5000 5099 | rec-from csv --flush -c a:u32 --number n | rec-to csv >got
    paste -d, <(seq 5000 5099) <(seq 100) | { echo a,n && cat; } | diff - got
    seq 5000 | rec-from csv -c a --number n | rec-info | grep -x 'meta key n' >/dev/null
    seq 5 | rec-from csv -c a --number n --meta key=a | rec-info | grep -x 'meta key a' >/dev/null
    seq 5 >in
    run -1 --separate-stderr rec-from csv in -c a --number a
    [ "$stderr" = "rec-from: there are two columns 'a'" ]
}

@test "fvecs and ivecs are what their authors say: a length and its numbers" {
    printf '1|-2\n0.5|3\n' | rec-from csv -c 'v:f32[2]' | rec-to fvecs >v.fvecs
    [ "$(hex 0 24 v.fvecs)" = 020000000000803f000000c0020000000000003f00004040 ]
    rec-from fvecs v.fvecs | rec-to csv | diff - <(printf 'embedding\n1|-2\n0.5|3\n')
    printf 'l\n1|2|3\n""\n7\n' | rec-from csv --types 'l:u32[]' | rec-to ivecs >l.ivecs
    [ "$(hex 0 28 l.ivecs)" = 03000000010000000200000003000000000000000100000007000000 ]
    rec-from ivecs -c 'l:u32[]' l.ivecs | rec-to csv | diff - <(printf 'l\n1|2|3\n""\n7\n')
    refuses ivecs l.ivecs ": row 2: 0 elements, the first row has 3"
    refuses ivecs v.fvecs ": row 1: -1073741824 is out of range for u32" -c 'l:u32[]'
    refuses fvecs l.ivecs ": column 'l' is f32[3], not f32[4]" -c 'l:f32[4]'
    # A vector with as many elements as there are bytes in this file.
    printf '\377\377\377\177' >huge
    refuses fvecs huge ": row 1: 2147483647 elements: is this such a file?"
    printf '\0\0\20\0' >short
    refuses fvecs short ": rows of 1048576 numbers, which is more than 65536"
    refuses fvecs short ": row 1: cut short" -c 'l:f32[]'
    head -c 2 v.fvecs >short
    refuses fvecs short ": row 1: cut short"
    head -c 14 v.fvecs >short
    refuses fvecs short ": row 2: cut short"
    head -c 20 v.fvecs >short
    refuses fvecs short ": row 2: cut short"
    echo 4294967295 | rec-from csv -c v:u32 >in.rms
    run -1 --separate-stderr rec-to ivecs in.rms
    [ "$stderr" = "rec-to: in.rms: column 'v' is u32, and ivecs holds vectors or lists of i32 or u32" ]
    echo 4294967295 | rec-from csv -c 'v:u32[]' >in.rms
    run -1 --separate-stderr rec-to ivecs in.rms
    [ "$stderr" = "rec-to: in.rms: row 1: column 'v': 4294967295 is no i32" ]
}

@test "fvecs: NumPy sees the same numbers" {
    need_numpy
    sample
    rec-to fvecs -c embedding s.rms -o s.fvecs
    rec-to npy -c embedding s.rms -o s.npy
    "$numpy" -c '
import numpy as np
a = np.fromfile("s.fvecs", "<i4").reshape(-1, 5)
assert (a[:, 0] == 4).all()
assert (a[:, 1:].view("<f4") == np.load("s.npy")).all()'
}

@test "word2vec: a line of counts, then a word and its numbers" {
    sample
    rec-to word2vec -c word,embedding s.rms -o s.w2v
    awk 'NR == 1 { if ($0 != "10 4") exit 1; next }
        NF != 5 || $1 != "w" NR - 1 || ($5 != -(NR - 1)) { exit 1 }' s.w2v
    rec-from word2vec s.w2v | rec-to csv >got
    rec-cut word,embedding s.rms | rec-to csv | diff - got
    # word2vec itself writes a blank behind the last number; ids are words, too.
    sed 's/$/ /' s.w2v | rec-from word2vec | rec-to csv | diff - got
    rec-to word2vec -c id,embedding s.rms | rec-from word2vec -c 'id:u32 embedding' |
        rec-to csv >got
    rec-cut id,embedding s.rms | rec-to csv | diff - got

    printf '2 2\na 1 2\nb 3 4\n' >in
    refuses_cuts word2vec in
    printf '2 2\na 1 2\nb 3\n' >in
    refuses word2vec in ":3: 1 numbers, not 2"
    printf '1 2\na 1 2\nb 3 4\n' >in
    refuses word2vec in ": more behind the last row"
    printf '3 2\na 1 2\nb 3 4\n' >in
    refuses word2vec in ": cut short: 2 rows, not 3"
    printf '2 2' >in
    refuses word2vec in ":1: cut short: the last line has no line end"
    printf '2 2\na 1 2' >in
    refuses word2vec in ":2: cut short: the last line has no line end"
    printf '1 2\na 1 x\n' >in
    refuses word2vec in ":2: column 'embedding': 'x' is no f32"
    printf 'a 1 2\n' >in
    refuses word2vec in ":1: the first line is not the numbers of rows and of numbers in a row"
    printf '1 99999999999\na 1 2\n' >in
    refuses word2vec in ":1: the first line is not the numbers of rows and of numbers in a row"
    printf 'Heat (1995),1|2\n' | rec-from csv -c 'title v:f32[2]' >in.rms
    run -1 --separate-stderr rec-to word2vec in.rms
    [ "$stderr" = "rec-to: in.rms: row 1: column 'title': a text that is empty, no UTF-8, or has blanks cannot be a word of a line" ]
}

@test "jsonl: types and shapes are inferred, names may come in any order" {
    cat >in.jsonl <<'END'
{"id": 7, "title": "caf\u00e9 \ud83d\ude00\n", "x": 1.5, "ids": [1, 2], "yes": true}

{"yes": false, "ids": [], "x": -2, "title": "", "id": -3}
END
    rec-from jsonl in.jsonl -o got.rms
    rec-info got.rms | grep '^column' | paste -sd, | diff - <(
        echo 'column id i64,column title str,column x f64,column ids i64[],column yes u8')
    rec-to csv got.rms | diff - <(printf 'id,title,x,ids,yes\n7,"café 😀\n",1.5,1|2,1\n-3,,-2,,0\n')
    rec-from jsonl --types 'id:i32 title:str x:f32 ids:u32[] yes:u8' in.jsonl | rec-info |
        grep -x 'column ids u32\[\]' >/dev/null
    # Numbers and strings are strings, as in CSV.
    printf '{"a":1.50}\n{"a":"x"}\n' | rec-from jsonl | rec-to csv | diff - <(printf 'a\n1.50\nx\n')
    # A vector is one that is said to be.
    echo '{"v": [1, 2, 3]}' >v.jsonl
    rec-from jsonl --types 'v:f32[3]' v.jsonl | rec-to csv | grep -x '1|2|3' >/dev/null
    refuses jsonl v.jsonl ":1: column 'v': 3 elements, not 2" --types 'v:f32[2]'
}

@test "jsonl: what rec-to wrote is read back as it was, every digit of it" {
    printf '%s\n' 'u8,i32,u32,i64,u64,f32,f64,str,vector,list,strings' \
        '255,-7,7,-9007199254740993,18446744073709551615,0.1,0.1,"a, ""b""",1|2,1|2|3,x|y\|z' \
        '0,0,0,0,0,nan,1e-300,"tab	and
line \ end",0.5|-1.5,,' \
        '1,1,1,1,1,1e+10,1e+300,,3|4,5,\e' >sample.csv
    types='u8:u8 i32:i32 u32:u32 i64:i64 u64:u64 f32:f32 f64:f64
        str:str vector:f32[2] list:u32[] strings:str[]'
    rec-from csv --types "$types" sample.csv | rec-to jsonl >sample.jsonl
    rec-from jsonl --types "$types" sample.jsonl | rec-to csv | diff - sample.csv
}

@test "jsonl: jq reads what we write, and we what it writes" {
    need jq
    sample
    rec-to jsonl s.rms | jq -c '[.id, .word, (.embedding | length), .small]' >got
    seq 10 | awk '{ printf "[%d,\"w%d\",4,%d]\n", $1, $1, $1 % 3 }' | diff - got
    rec-to jsonl s.rms | jq -c '{word, small, embedding, id}' |
        rec-from jsonl --types 'id:u32 embedding:f32[4] small:u8' |
        rec-cut id,word,embedding,small | rec-to csv >got
    rec-cut id,word,embedding,small s.rms | rec-to csv | diff - got
    jq -cn '{s: "\u0000\u001f\"\\/é€😀"}' | rec-from jsonl | rec-to jsonl | jq -c . >got
    jq -cn '{s: "\u0000\u001f\"\\/é€😀"}' | diff - got
}

@test "jsonl: refused with the line" {
    while IFS='~' read -r text message; do
        printf '%b' "$text" >in.jsonl
        refuses jsonl in.jsonl "$message"
    done <<'END'
~: empty: not even one row
\n \n~: empty: not even one row
[1]\n~:1: no JSON object
{}\n~:1: an object without names
{"a":1}\n{"b":1}\n~:2: 'b' is no name of the first row
{"a":1,"b":2}\n{"b":1}\n~:2: no 'a', which the first row has
{"a":1,"a":2}\n~:1: 'a' twice
{"a":1}\n{"a":1,"a":2}\n~:2: 'a' twice
{"a":1}\n{"a":2\n~:2: a ',' or a '}' is missing
{"a":1}\n{"a":2} x\n~:2: not JSON: neither a value nor punctuation
{"a":1}\n{"a":2},\n~:2: more behind the end of the value
{"a":1,}\n~:1: a name is missing
{a:1}\n~:1: not JSON: neither a value nor punctuation
{"a" 1}\n~:1: a ':' is missing
{"a":}\n~:1: column 'a': a value is missing
{"a":[1,]}\n~:1: column 'a': a value is missing
{"a":[[1]]}\n~:1: column 'a': values in values in values are no column
{"a":{"b":1}}\n~:1: column 'a': values in values in values are no column
{"a":01}\n~:1: a ',' or a '}' is missing
{"a":NaN}\n~:1: not JSON: neither a value nor punctuation
{"a":1.}\n~:1: not JSON: neither a value nor punctuation
{"a":"\\x"}\n~:1: not JSON: a wrong escape in a string
{"a":"\\ud800"}\n~:1: not JSON: half a surrogate pair
{"a":"\\udc00"}\n~:1: not JSON: half a surrogate pair
{"a":"b\n~:1: not JSON: a string without an end
{"a":"\0377"}\n~:1: not JSON: a string that is not UTF-8
{"a":18446744073709551615}\n~:1: column 'a': '18446744073709551615' is neither i64 nor f64: say its type with --types
{"a":1}\n{"a":[1]}\n~:2: column 'a': a list in one row, none in another
{"a":null}\n~: column 'a': the first rows have only null or empty lists: say its type with --types
{"a":1}\n{"a":null}\n~:2: column 'a': null, where i64 is wanted; see --types
{"a\\u0000":1}\n~:1: a name with a NUL in it
END
}

@test "trec-run: a line for each candidate, and back" {
    printf 'u,candidates,scores\n5,3|1|2,0.5|0.25|-1\n7,9,1e-7\n9,,\n' |
        rec-from csv --types 'u:u32 candidates:u32[] scores:f32[]' -o top.rms
    rec-to trec-run -c u,candidates,scores top.rms >got
    printf '%s\n' '5 Q0 3 1 0.5 recmill' '5 Q0 1 2 0.25 recmill' '5 Q0 2 3 -1 recmill' \
        '7 Q0 9 1 1e-07 recmill' | diff - got
    rec-to trec-run --rank-scores --run best top.rms >got
    printf '%s\n' '1 Q0 3 1 -1 best' '1 Q0 1 2 -2 best' '1 Q0 2 3 -3 best' \
        '2 Q0 9 1 -1 best' | diff - got
    rec-to trec-run -c u,candidates,scores top.rms >run
    rec-from trec-run -c 'u:u32 candidates:u32 scores' run | rec-to csv |
        diff - <(rec-head -n 2 top.rms | rec-to csv)
    # The names of queries are not lost on the way.
    rec-from trec-run run | rec-to trec-run | diff run -
    printf 'a,5|6,2|1\nb,1,1\na,5|7,2|1\n' |
        rec-from csv -c 'query candidates:u32[] scores:f32[]' >twice.rms
    run -1 --separate-stderr rec-to trec-run twice.rms
    [ "$stderr" = "rec-to: twice.rms: row 3: query a has a list already (with --columns candidates,scores rows are numbered)" ]
    rec-to trec-run -c candidates,scores twice.rms | awk '{ print $1 }' | uniq |
        diff <(seq 3) -
    # What is no query of one value is none of ours.
    rec-from csv -c 'query:f32[2] candidates:u32[] scores:f32[]' \
        <<<'1|2,5,1' | rec-to trec-run | diff <(echo '1 Q0 5 1 1 recmill') -
    # Blanks and tabs of any number, documents that are no numbers.
    printf 'q1\tQ0  FT-1   1 2.5 x\nq1 Q0 FT-2 2 1.5 x\r\nq2 Q0 FT-1 1 0 x\n' |
        rec-from trec-run | rec-to csv |
        diff - <(printf 'query,candidates,scores\nq1,FT-1|FT-2,2.5|1.5\nq2,FT-1,0\n')
    printf '1 Q0 a 1 1 x\n2 Q0 a 1 1 x\n1 Q0 b 2 0 x\n' >in
    refuses trec-run in ":3: query '1' once more: its lines have to follow each other"
    printf '1 Q0 a 1 1\n' >in
    refuses trec-run in ":1: not 6 words with blanks between them"
    printf '1 Q0 a 1 1 x y\n' >in
    refuses trec-run in ":1: more than 6 words"
    printf '1 Q0 a 1 1 x\n1 Q0 b 2 0 x' >in
    refuses trec-run in ":2: cut short: the last line has no line end"
    printf '1 Q0 a 1 high x\n' >in
    refuses trec-run in ":1: column 'scores': 'high' is no f32"
    echo '1|2,1' | rec-from csv -c 'candidates:u32[] scores:f32[]' >in.rms
    run -1 --separate-stderr rec-to trec-run in.rms
    [ "$stderr" = "rec-to: in.rms: row 1: 2 candidates, 1 scores" ]
}

@test "trec-qrels and trec-run measure as trec_eval's definition says" {
    printf '%s\n' '1 0 a 1' '1 0 b 0' '1 0 c 2' '2 0 a 1' '2	0	d	-1' >qrels
    rec-from trec-qrels qrels -o qrels.rms
    rec-to csv qrels.rms | diff - <(printf 'query,item,relevance\n1,a,1\n1,b,0\n1,c,2\n2,a,1\n2,d,-1\n')
    rec-to trec-qrels qrels.rms | diff - <(tr '\t' ' ' <qrels)
    printf '1 0 a 1.5\n' >in
    refuses trec-qrels in ":1: column 'relevance': '1.5' is no i32"
    printf '1 0 a 1' >in
    refuses trec-qrels in ":1: cut short: the last line has no line end"

    # Numbers for names, gains not below 0, and nDCG@3 by hand:
    # query 1 has grades 0 2 1 in its list, query 2 has 1 at rank 2.
    printf '%s\n' '1 0 11 1' '1 0 12 0' '1 0 13 2' '2 0 11 1' >qrels
    printf '%s\n' '1 Q0 12 1 3 x' '1 Q0 13 2 2 x' '1 Q0 11 3 1 x' \
        '2 Q0 13 1 2 x' '2 Q0 11 2 1 x' '2 Q0 12 3 0 x' >run
    rec-from trec-qrels -c 'q:u32 item:u32 gain:f32' qrels -o qrels.rms
    awk 'BEGIN { l = log(2); a = (2 * l / log(3) + 1 * l / log(4)) / (2 + l / log(3))
        printf "%.6f\n", (a + l / log(3)) / 2 }' >want
    rec-from trec-run -c 'q:u32 candidates:u32 scores' run --meta key=item |
        rec-ndcg --at 3 --truth-file qrels.rms --by q --truth item --gain gain |
        awk '$1 == "ndcg" { printf "%.6f\n", $3 }' | diff - want
}

@test "safetensors: NumPy finds each tensor where the head says, aligned" {
    need_numpy
    sample
    rec-to safetensors -c small,embedding,half,id,big s.rms -o s.safetensors
    for c in small embedding half id big; do rec-to npy -c $c s.rms -o $c.npy; done
    "$numpy" -c '
import json, struct, numpy as np
raw = open("s.safetensors", "rb").read()
n, = struct.unpack("<Q", raw[:8])
assert n % 8 == 0
head, data, at = json.loads(raw[8:8 + n]), raw[8 + n:], 0
types = {"U8": "u1", "F32": "<f4", "F64": "<f8", "U32": "<u4", "I64": "<i8"}
assert sorted(head) == ["big", "embedding", "half", "id", "small"]
for name, t in sorted(head.items(), key=lambda x: x[1]["data_offsets"]):
    begin, end = t["data_offsets"]
    assert begin == at and begin % np.dtype(types[t["dtype"]]).itemsize == 0
    at = end
    a = np.frombuffer(data[begin:end], types[t["dtype"]]).reshape(t["shape"])
    assert (a == np.load(name + ".npy")).all() and a.shape == np.load(name + ".npy").shape
assert at == len(data)'
    # Through a pipe, both ways.
    rec-to safetensors -c small,embedding,half,id,big <s.rms | cmp - s.safetensors
    rec-from safetensors s.safetensors | rec-cut id,embedding,big,half,small | rec-to csv >got
    rec-cut id,embedding,big,half,small s.rms | rec-to csv | diff - got
    # shellcheck disable=SC2002 # a pipe on purpose
    cat s.safetensors | rec-from safetensors -c 'small half:f32' | rec-info |
        grep '^column' | paste -sd, | diff - <(echo 'column small u8,column half f32')
}

# safetensors <head> <data>
safetensors() {
    printf '%b' "\\0$(printf %o "${#1}")\\0\\0\\0\\0\\0\\0\\0" && printf '%s' "$1" && printf '%b' "$2"
}

@test "safetensors: heads that lie" {
    # bfloat16, half precision and booleans; a scalar that is not chosen.
    safetensors '{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"h":{"dtype":"F16","shape":[1],"data_offsets":[2,4]},"t":{"dtype":"BOOL","shape":[1],"data_offsets":[4,5]}}  ' \
        '\300\077\0\264\1' >in
    rec-from safetensors in | rec-to csv | diff - <(printf 'b,h,t\n1.5,-0.25,1\n')
    safetensors '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}' '\1\2' >in
    refuses_cuts safetensors in
    a='"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'
    while IFS='~' read -r head message; do
        safetensors "$head" '\1\2\3' >in
        refuses safetensors in "$message"
    done <<END
{$a}~: more behind the last one: the tensors need 2 bytes, there are 3
{$a,$a}~: the name 'a' twice, or with a NUL in it
{$a,"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}~: cut short: the tensors need 4 bytes, there are 3
{$a,"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}~: tensor 'b': 1 rows, 'a' has 2: choose tensors with --columns
{$a,"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}~: tensor 'b' does not begin where the one before it ends
{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}~: tensor 'a' does not begin where the one before it ends
{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}~: tensor 'a': its bytes are not what its shape needs
{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,3]}}~: tensor 'a': a shape beyond all files
{"a":{"dtype":"U8","shape":[-3],"data_offsets":[0,3]}}~: tensor 'a': a shape that is not whole numbers
{"a":{"dtype":"U8","shape":[3],"data_offsets":[3,0]}}~: tensor 'a': offsets that are not whole numbers, going up
{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,18446744073709551616]}}~: tensor 'a': offsets that are not whole numbers, going up
{"a":{"dtype":"U8","shape":[3]}}~: tensor 'a': dtype, shape or data_offsets is missing
{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3],"more":1}}~: tensor 'a': members other than dtype, shape and data_offsets
{"a":{"dtype":"C64","shape":[3],"data_offsets":[0,3]}}~: tensor 'a': its type is none of ours
{"a":{"dtype":"U8","shape":[3,1,1],"data_offsets":[0,3]}}~: tensor 'a': 3 dimensions: rows of one or of several numbers have 1 or 2; choose tensors with --columns
{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}~: tensor 'a': 0 dimensions: rows of one or of several numbers have 1 or 2; choose tensors with --columns
{"__metadata__":{"a":1}}~: a string is missing
{}~: more behind the last one: the tensors need 0 bytes, there are 3
[1]~: a '{' is missing
END
    printf '\377\377\377\377\377\377\377\377{}' >in
    refuses safetensors in ": no safetensors file, or cut short in its head"
    { printf '\0\0\0\2\0\0\0\0' && head -c 40000000 /dev/zero; } >in
    refuses safetensors in ": a head of 33554432 bytes"
    rm in
}

@test "safetensors: a block is 1 MiB as it is in the stream, not as in the file" {
    # 1,024 rows of 512 numbers: 1 MiB of bfloat16, 2 MiB of f32.
    safetensors '{"a":{"dtype":"BF16","shape":[1024,512],"data_offsets":[0,1048576]}}' '' >in
    head -c 1048576 /dev/zero >>in
    rec-from safetensors in | rec-info | grep -x 'blocks 2' >/dev/null
}

@test "a line of 16 MiB is read, one byte more is not, in whatever pieces it comes" {
    head -c 16777212 /dev/zero | tr '\0' x >long
    { echo '1 1:2' && printf '# ' && cat long && printf 'xx\n'; } >in
    rec-from svmlight in | rec-info | grep -x 'rows 1' >/dev/null
    sed 's/xx$/xxx/' in >longer
    refuses svmlight longer ":2: a line longer than 16 MiB"
    run -1 --separate-stderr sh -c 'dd if=longer bs=1000 status=none | rec-from svmlight'
    [ "$stderr" = "rec-from: standard input:2: a line longer than 16 MiB" ]
}

@test "--columns with another shape than the file's is refused; a scalar is the element's type" {
    printf '1|2\n' | rec-from csv -c 'v:f32[2]' | rec-to npy -o in
    rec-from npy -c v:f32 in | rec-info | grep -x 'column v f32\[2\]' >/dev/null
    rec-from npy -c 'v:f32[2]' in | rec-info | grep -x 'column v f32\[2\]' >/dev/null
    refuses npy in ": column 'v' is f32[2], not f32[3]" -c 'v:f32[3]'
    refuses npy in ": column 'v' is f32[2], not f32[]" -c 'v:f32[]'
    echo 1 | rec-from csv -c v:f32 | rec-to npy -o in
    refuses npy in ": column 'v' is f32, not f32[1]" -c 'v:f32[1]'
    safetensors '{"a":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]}}' '\1\2' >in
    rec-from safetensors -c 'a:u8[2]' in | rec-info | grep -x 'column a u8\[2\]' >/dev/null
    refuses safetensors in ": column 'a' is u8[2], not u8[3]" -c 'a:u8[3]'
    refuses safetensors in ": column 'a' is u8[2], not u8[]" -c 'a:u8[]'
    safetensors '{"a":{"dtype":"U8","shape":[1,0],"data_offsets":[0,0]}}' '' >in
    refuses safetensors in ": rows of no numbers"
    printf '1 2\nx 1 2\n' >in
    rec-from word2vec -c 'w v:f32[2]' in | rec-info | grep -x 'column v f32\[2\]' >/dev/null
    refuses word2vec in ": column 'v' is f32[2], not f32[3]" -c 'w v:f32[3]'
    refuses word2vec in ": column 'w' is str, not str[]" -c 'w:str[] v'
    printf 'q 0 a 1\n' >in
    refuses trec-qrels in ": column 'r' is i32, not i32[]" -c 'q i r:i32[]'
    printf '1 Q0 a 1 0.5 x\n' >in
    rec-from trec-run -c 'q c:str[] s:f32[]' in | rec-info | grep -x 'column c str\[\]' >/dev/null
    refuses trec-run in ": column 'c' is str[], not str[2]" -c 'q c:str[2] s'
    refuses trec-run in ": column 'q' is u32, not u32[]" -c 'q:u32[] c s'
}

@test "svmlight: dense columns are written sparse, and read as lists" {
    printf '%s\n' 'y,q,a,v,b' '1,3,0,0.5|0,2' '-1,3,0,0|0,0' '0.5,4,7,1|-1,1e-3' |
        rec-from csv --types 'y:f32 q:i64 a:i64 v:f32[2] b:f64' -o in.rms
    rec-to svmlight --qid q in.rms >got
    printf '%s\n' '1 qid:3 2:0.5 4:2' '-1 qid:3' '0.5 qid:4 1:7 2:1 3:-1 4:0.001' | diff - got
    rec-from svmlight got | rec-to csv | diff - <(printf '%s\n' 'label,qid,index,value' \
        '1,3,2|4,0.5|2' '-1,3,,' '0.5,4,1|2|3|4,7|1|-1|0.001')
    rec-from svmlight got | rec-to svmlight --qid qid | diff got -
    # Named, it is a feature, too.
    rec-to svmlight --qid q -c y,q in.rms | diff - <(printf '%s\n' '1 qid:3 1:3' '-1 qid:3 1:3' '0.5 qid:4 1:4')
    printf '# a comment\n+1 3:1 5:0.25 # more\n\n-1 1:2\n' | rec-from svmlight | rec-to csv |
        diff - <(printf 'label,index,value\n1,3|5,1|0.25\n-1,1,2\n')
    while IFS='~' read -r text message; do
        printf '%b' "$text" >in
        refuses svmlight in "$message"
    done <<'END'
~: empty: not even one row
1 2:1 2:2\n~:1: the indices do not go up
1 2:1\n1 2\n~:2: '2' is no INDEX:VALUE
1 2:1~:1: cut short: the last line has no line end
1 2:1\n1 2:2~:2: cut short: the last line has no line end
1 -1:1\n~:1: column 'index': '-1' is out of range for u32
1 1:x\n~:1: column 'value': 'x' is no f32
1 qid:1 1:1\n1 1:1\n~:2: no qid, which the first row has
a 1:1\n~:1: column 'label': 'a' is no f32
END
    sample
    run -1 --separate-stderr rec-to svmlight -c id,word s.rms
    [ "$stderr" = "rec-to: s.rms: column 'word' is str, and features are numbers and vectors, or u32[] of indices and a list of their values" ]
}

@test "svmlight: libsvm reads what we write, and we what it writes" {
    need svm-scale
    sample
    rec-to svmlight -c small,embedding,half s.rms -o s.svm
    # Which is a program of a Python that may not be there by that name.
    if command -v svm-checkdata && command -v python; then svm-checkdata s.svm; fi
    # Scaled by each feature's own extremes, which are awk's to find.
    svm-scale -l 0 -u 1 s.svm >scaled
    rec-from svmlight scaled | rec-to csv --explode | awk -F, 'NR > 1 { print $1, $3, $4 }' >got
    awk '{ for (i = 2; i <= NF; i++) { split($i, p, ":"); v[NR, p[1]] = p[2]
              if (NR == 1 || p[2] < lo[p[1]]) lo[p[1]] = p[2]
              if (NR == 1 || p[2] > hi[p[1]]) hi[p[1]] = p[2] }
           label[NR] = $1 }
        END { for (r = 1; r <= NR; r++) for (i = 1; i <= 5; i++) {
                  s = (v[r, i] - lo[i]) / (hi[i] - lo[i]); if (s != 0) print label[r], i, s } }' s.svm >want
    [ "$(wc -l <got)" -eq 45 ]
    paste -d ' ' got want | awk '{ d = $3 - $6; if ($1 != $4 || $2 != $5 || d > 1e-5 || d < -1e-5) exit 1 }'
}

@test "gnuplot reads TSV" {
    need gnuplot
    sample
    rec-to tsv -c id,half s.rms >s.tsv
    gnuplot -e 'set datafile separator "\t"; stats "s.tsv" using 1:2 skip 1 nooutput;
        set print "got"; print sprintf("%.6f %.6f", STATS_sum_x, STATS_sum_y)'
    awk 'BEGIN { printf "%.6f %.6f\n", 55, 55 / 7 }' | diff got -
}

@test "every format that is written from a pipe is the same from a file, and only whole" {
    sample
    while read -r format options; do
        # shellcheck disable=SC2086 # several options
        rec-to $format $options s.rms -o file
        # shellcheck disable=SC2086,SC2002 # and a pipe on purpose
        cat s.rms | rec-to $format $options | cmp - file
        head -c 600 s.rms >cut.rms
        # shellcheck disable=SC2086
        run -1 --separate-stderr rec-to $format $options -o out cut.rms
        [[ $stderr == "rec-to: cut.rms: "* ]]
        [ ! -e out ]
        # shellcheck disable=SC2086
        fails_on_full_disk rec-to $format $options s.rms
    done <<'END'
csv
tsv
jsonl
npy -c embedding
fvecs -c embedding
word2vec -c word,embedding
trec-qrels -c id,word,small
safetensors -c id,embedding
svmlight -c small,embedding
END
}

@test "memory does not grow with the rows, nor with what a file claims" {
    # 10 MB in and out; the limit is that of the whole address space.
    seq 150000 | awk '{ print $1 "," $1 % 7 "|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16" }' |
        rec-from csv -c 'id:u32 v:f32[16]' -o big.rms
    while read -r format options; do
        # shellcheck disable=SC2086
        within_memory 12 rec-to $format $options big.rms -o file
        within_memory 12 rec-from "$format" file -o got.rms
        rec-info got.rms | grep -x 'rows 150000' >/dev/null
    done <<'END'
npy -c v
fvecs -c v
safetensors -c id,v
svmlight -c id,v
word2vec -c id,v
END
    rec-to jsonl big.rms -o file
    within_memory 12 rec-from jsonl file -o got.rms
    printf '\223NUMPY\2\0\0\0\377\177' >file
    refuses npy file ": a header of 2147418112 bytes"
}

@test "an option that is not for a format is named" {
    while IFS='~' read -r program format options named; do
        # shellcheck disable=SC2086 # options and their values on purpose
        refuses_usage "$program" "$format" $options in
        [ "${stderr%%$'\n'*}" = "$program: --$named: not for $format" ]
    done <<'END'
rec-to~fvecs~--explode --list-separator x~explode
rec-to~npy~--list-separator x --no-header~list-separator
rec-to~csv~--qid a~qid
rec-to~tsv~--rank-scores --run a~rank-scores
rec-from~npy~--list-separator x~list-separator
rec-from~npy~--encoding latin1 --list-separator x~encoding
rec-from~tsv~-d ,~delimiter
rec-from~tsv~--no-quotes~no-quotes
rec-from~jsonl~-c a~columns
rec-from~svmlight~--types a:u8~types
END
}

@test "the manual pages list the formats of --help, in its words" {
    for program in rec-from rec-to; do
        page="$BATS_TEST_DIRNAME/../man/$program.1"
        "$program" --help | awk '/^$/ { part++ } part == 2 && NF { print $1 }' >in-help
        [ "$(wc -l <in-help)" -eq 11 ]
        awk '/^\.Sh DESCRIPTION/ { on = 1 } /^The options are/ { on = 0 }
            on && $1 == ".It" && $2 == "Cm" { print $3 }' "$page" | diff in-help -
        [ "$("$program" --help | wc -l)" -le 40 ]
    done
}
