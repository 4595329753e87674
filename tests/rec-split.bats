# rec-split writes shares of the rows to named streams.  That a split at random
# is uniform is tested in unit/test_split.c.

load helper

# numbers <n>: a stream of the rows 1 to n
numbers() {
    { echo n && seq "$1"; } | rec-from csv --types n:u32
}

# rows <file>: the rows of a stream as text
rows() {
    rec-to csv "$1" | sed 1d
}

# Five users; ann has the same time twice, cid and eve one row.
visits() {
    printf '%s\n' user,time,what ann,5,a1 bob,-9,b1 ann,5,a2 ann,1,a0 cid,5,c1 \
        bob,7,b2 ann,5,a3 eve,0,e1 |
        rec-from csv --types 'user:str time:i64 what:str'
}

# whats_n <file>: its column n in one line
whats_n() {
    rec-cut n "$1" | rec-to csv | sed 1d | paste -sd" "
}

# whats <file>: its third column in one line
whats() {
    rec-cut what "$1" | rec-to csv | sed 1d | paste -sd' '
}

@test "100,000 rows are 80,000 and 20,000, all there, in their order" {
    numbers 100000 >in.rms
    rec-split train.rms=0.8 test.rms=0.2 <in.rms
    rows train.rms >many
    rows test.rms >few
    [ "$(wc -l <many)" -eq 80000 ]
    [ "$(wc -l <few)" -eq 20000 ]
    sort -nc many
    sort -nc few
    sort -n many few | cmp - <(seq 100000)
}

@test "same seed, same bytes; other seed, other rows; the default is 1" {
    numbers 1000 >in.rms
    for seed in 1 1 2; do
        mkdir -p "$seed"
        rec-split --seed "$seed" "$seed/a.rms=.5" "$seed/b.rms=.5" <in.rms
        [ "$seed" = 2 ] || mv 1/a.rms "a.$((++n)).rms"
    done
    cmp a.1.rms a.2.rms
    rows 2/a.rms >two
    rows a.1.rms >one
    run ! cmp -s one two
    rec-split x.rms=.5 y.rms=.5 <in.rms
    rows x.rms | cmp - one
}

@test "the same bytes from a file, with -i and from a pipe" {
    numbers 1000 >in.rms
    mkdir pipe file option
    rec-split file/a.rms=.3 file/b.rms=.7 <in.rms
    rec-split -i in.rms option/a.rms=.3 option/b.rms=.7
    # shellcheck disable=SC2002 # a pipe on purpose
    cat in.rms | rec-split pipe/a.rms=.3 pipe/b.rms=.7
    cmp file/a.rms pipe/a.rms
    cmp file/b.rms pipe/b.rms
    cmp file/a.rms option/a.rms
}

@test "a file that is not at its start is read from where it is" {
    numbers 10 >in.rms
    { printf 'text\n' && cat in.rms; } >both
    { read -r text && rec-split a.rms=.5 b.rms=.5; } < <(cat both)
    [ "$text" = text ]
    { head -c 5 >/dev/null && rec-split c.rms=.5 d.rms=.5; } <both ||
        skip "head reads ahead here"
    cmp <(rows a.rms) <(rows c.rms)
}

@test "three parts, one of them to standard output" {
    numbers 10 >in.rms
    rec-split -- a.rms=.5 -=.3 b.rms=.2 <in.rms | rec-to csv | sed 1d >middle
    [ "$(rows a.rms | wc -l)" -eq 5 ]
    [ "$(wc -l <middle)" -eq 3 ]
    [ "$(rows b.rms | wc -l)" -eq 2 ]
    { rows a.rms && rows b.rms && cat middle; } | sort -n | diff - <(seq 10)
}

@test "--by time cuts at the count; equal times in the order of the rows" {
    visits | rec-split --by time --time time early.rms=.5 late.rms=.5
    [ "$(whats early.rms)" = "a1 b1 a0 e1" ]
    [ "$(whats late.rms)" = "a2 c1 b2 a3" ]
}

@test "--by user-time cuts the rows of each user" {
    visits | rec-split --by user-time --time time --user user a.rms=.5 b.rms=.5
    [ "$(whats a.rms)" = "a1 b1 a0 c1 e1" ]
    [ "$(whats b.rms)" = "a2 b2 a3" ]
}

@test "--by last leaves each user's latest row, or N of them, out" {
    visits >in.rms
    rec-split --by last --time time --user user rest.rms last.rms <in.rms
    [ "$(whats rest.rms)" = "a1 b1 a2 a0" ]
    [ "$(whats last.rms)" = "c1 b2 a3 e1" ]
    rec-split --by last --last 2 --time time --user user rest.rms last.rms <in.rms
    [ "$(whats rest.rms)" = "a1 a0" ]
    [ "$(whats last.rms)" = "b1 a2 c1 b2 a3 e1" ]
}

@test "--by last with three parts leaves two rows out, the last one last" {
    visits | rec-split --by last --time time --user user a.rms b.rms c.rms
    [ "$(whats a.rms)" = "a1 a0" ]
    [ "$(whats b.rms)" = "b1 a2" ]
    [ "$(whats c.rms)" = "c1 b2 a3 e1" ]
}

# numpy.random.seed(42); numpy.random.rand(10) gives .375 .951 .732 .599 .15602
# .15599 .058 .866 .601 .708: the ten rows in the order 7 6 5 1 4 9 10 3 8 2.
@test "--by stratified with mt19937 ranks by what NumPy draws" {
    seq 10 | awk -v OFS=, '{ print $1, "one" ($1 % 2 ? "odd" : "even"), "all" }' |
        rec-from csv --columns 'n:u32 half:str whole:str' >in.rms
    numpy=(--by stratified --seed 42 --generator mt19937)
    # 7.5 is rounded to 8.
    rec-split "${numpy[@]}" -c whole -i in.rms a.rms=.75 b.rms=.25
    [ "$(whats_n a.rms)" = "1 3 4 5 6 7 9 10" ]
    [ "$(whats_n b.rms)" = "2 8" ]
    # 2.5 is rounded to 2: of 7 5 1 9 3 and of 6 4 10 8 2.
    rec-split "${numpy[@]}" -c half -i in.rms a.rms=.5 b.rms=.5
    [ "$(whats_n a.rms)" = "4 5 6 7" ]
    # The bounds are 2, 5 (as 4.99.. or 5) and 10.
    rec-split "${numpy[@]}" -c whole -i in.rms a.rms=.2 b.rms=.3 c.rms=.5
    [ "$(whats_n a.rms)" = "6 7" ]
    [ "$(whats_n b.rms)" = "1 4 5" ]
    # One row in each: all to the first part, so the second has none.
    run -1 --separate-stderr rec-split "${numpy[@]}" -c n -i in.rms a.rms=.75 b.rms=.25
    [[ $stderr == *"b.rms would get none of the 10 rows" ]]
}

@test "--by stratified takes exact shares of every value, by its own numbers too" {
    seq 3000 | awk -v OFS=, '{ print $1, int(sqrt($1)) }' |
        rec-from csv --columns 'n:u32 root:u32' >in.rms
    for generator in splitmix64 mt19937; do
        rec-split --by stratified --column root --generator "$generator" \
            -i in.rms a.rms=.75 b.rms=.25
        rec-to csv a.rms | sed 1d | sort -t, -nc -k1,1
        # Of n rows, n odd: 3n/4 is never half-way between two numbers.
        rec-to csv a.rms | sed 1d | cut -d, -f 2 | uniq -c >got
        rec-to csv in.rms | sed 1d | cut -d, -f 2 | uniq -c |
            awk '{ printf "%7d %s\n", int(.75 * $1 + .5), $2 }' | diff got -
        cp a.rms "$generator.rms"
    done
    run ! cmp -s <(rows splitmix64.rms) <(rows mt19937.rms)
    rec-split --by stratified --column root --seed 1 a.rms=.75 b.rms=.25 <in.rms
    cmp <(rows a.rms) <(rows splitmix64.rms)
}

@test "the split of the Microsoft recommenders benchmark" {
    need_movielens
    rec-from tsv --columns 'user_id:u32 item_id:u32 rating:u8 timestamp:i64' \
        "$ML100K/u.data" |
        rec-split --by stratified --column item_id --seed 42 \
            --generator mt19937 train.rms=.75 test.rms=.25
    rec-to tsv --no-header train.rms | sha256sum >got
    rec-to tsv --no-header test.rms | sha256sum >>got
    diff - got <<'EOF'
921a435e3c2bce5e531e16cb93d9a0a42bc3801da4b0517e760549d0905a1202  -
9e204300bacd1208de0d3d7f897e05a1b5c3ee02cb76566930664fd1f7245897  -
EOF
}

@test "--by hash keeps equal values together, whatever comes before them" {
    seq 2000 | awk -v OFS=, '{ print $1, "u" $1 % 300 }' |
        rec-from csv --columns 'n:u32 user:str' >in.rms
    rec-split --by hash --column user a.rms=.7 b.rms=.3 <in.rms
    rec-cut user a.rms | rec-to csv | sed 1d | sort -u >a
    rec-cut user b.rms | rec-to csv | sed 1d | sort -u >b
    [ -z "$(comm -12 a b)" ]
    [ "$(wc -l <a)" -gt 170 ]
    [ "$(wc -l <b)" -gt 60 ]
    rec-where -i in.rms n '>' 1000 |
        rec-split --by hash --column user c.rms=.7 d.rms=.3
    rec-cut user d.rms | rec-to csv | sed 1d | sort -u | diff b -
}

@test "--by hash of several columns: shards of the rows are split as all rows are" {
    seq 2000 | awk '{ print $1 "," $1 % 50 ",i" int($1 / 50) % 9 }' |
        rec-from csv --columns 'n:u32 user:u32 item:str' >in.rms
    rec-split --by hash -c user,item a.rms=.7 b.rms=.3 <in.rms
    # No pair is in both, many users and all items are.
    rec-cut user,item a.rms | rec-to csv --no-header | sort -u >a
    rec-cut user,item b.rms | rec-to csv --no-header | sort -u >b
    [ -z "$(comm -12 a b)" ]
    [ "$(wc -l <b)" -gt 100 ]
    [ "$(cut -d, -f2 a | sort -u | wc -l)" -eq 9 ]
    for n in 1 2 7 16; do
        rm -f part-* one-* two-*
        rec-split --by time --time n -i in.rms $(seq -f part-%02g $n)
        for part in part-*; do
            rec-split --by hash -c user,item one-"$part"=.7 two-"$part"=.3 <"$part"
        done
        cat one-* | rec-to csv | cmp - <(rec-to csv a.rms)
        cat two-* | rec-to csv | cmp - <(rec-to csv b.rms)
    done
}

@test "--empty: a part may get no row" {
    visits | rec-where what = c1 >in.rms
    run -1 --separate-stderr rec-split --by hash -c what -i in.rms a.rms b.rms
    [[ $stderr == "rec-split: in.rms: "*" would get none of the 1 rows" ]]
    rec-split --empty --by hash -c what -i in.rms a.rms b.rms
    cat a.rms b.rms | rec-to csv | cmp - <(rec-to csv in.rms)
}

@test "without shares the parts are equal, of any number up to 256" {
    numbers 1000 >in.rms
    rec-split a.rms b.rms c.rms <in.rms
    [ "$(rows a.rms | wc -l) $(rows b.rms | wc -l) $(rows c.rms | wc -l)" = "334 333 333" ]
    rec-split one.rms <in.rms
    cmp <(rows one.rms) <(rows in.rms)

    rec-split --by time --time n $(seq -f part-%03g 256) <in.rms
    cat part-* | rec-to csv | cmp - <(rec-to csv in.rms)

    refuses_usage rec-split $(seq -f part-%03g 257)
    refuses_usage rec-split a.rms=0,5 b.rms=0,5
    refuses_usage rec-split a.rms b.rms=1
    refuses_usage rec-split --by stratified -c a,b a.rms b.rms -i in.rms
    refuses_usage rec-split --by hash -c a,a a.rms b.rms -i in.rms
}

@test "the hash is the same on every machine and in every version" {
    printf '%s\n' 1 2 3 4 5 6 7 8 9 10 11 12 | rec-from csv --columns n:u32 |
        rec-split --by hash --column n a.rms=.5 b.rms=.5
    rows b.rms | paste -sd' ' >got
    echo 1 2 4 6 11 12 | diff - got # from an implementation of hash.h in Python
}

@test "columns and metas stay; the step has the shares" {
    printf 'a,b\n1,x|y\n2,\n' |
        rec-from csv --types 'a:u8 b:str[]' --meta note=kept >in.rms
    rec-split one.rms=.5 two.rms=.5 <in.rms
    for f in one.rms two.rms; do
        head -c 600 "$f" >text
        grep -a '^column b str\[\]$' text
        grep -a '^meta note kept$' text
        grep -a '^step rec-split [0-9.]* one.rms=.5 two.rms=.5$' text
    done
    cat one.rms two.rms | rec-to csv | sort >got
    rec-to csv in.rms | sort | diff - got
}

@test "its own output is read back" {
    numbers 100 | rec-split a.rms=.5 b.rms=.5
    rec-split c.rms=.5 d.rms=.5 <a.rms
    [ "$(rows d.rms | wc -l)" -eq 25 ]
}

@test "a part that would get no row is an error, and no file appears" {
    numbers 2 >in.rms
    run -1 --separate-stderr rec-split a.rms=.9 b.rms=.1 <in.rms
    [ "$stderr" = "rec-split: standard input: b.rms would get none of the 2 rows" ]
    [ "$(echo *.rms)" = in.rms ]
}

@test "a stream of no rows and a stream of one row cannot be split" {
    for n in 0 1; do
        numbers "$n" >in.rms
        run -1 --separate-stderr rec-split a.rms=.5 b.rms=.5 <in.rms
        [[ $stderr == *"would get none of the $n rows" ]]
    done
}

@test "when one part cannot be written no part appears" {
    numbers 10 >in.rms
    run -1 rec-split a.rms=.5 missing/b.rms=.5 <in.rms
    [ "$(echo *.rms)" = in.rms ]
    [ -c /dev/full ] || skip "no /dev/full"
    run -1 rec-split a.rms=.5 /dev/full=.5 <in.rms
    [[ $output == "rec-split: /dev/full: "* ]]
    [ "$(echo *.rms)" = in.rms ]
}

@test "a disk that is full at the very end leaves no part either" {
    # File sizes are limited to 1 KiB: among these counts there are some where
    # only the trailer of the last part does not fit.
    trap '' XFSZ
    for ((n = 180; n < 300; n += 8)); do
        numbers "$n" >in
        rm -f ./*.rms
        if (ulimit -f 1 && exec rec-split a.rms=.1 b.rms=.9 <in); then
            fits=yes
        else
            full=yes
            [ "$(echo *.rms)" = "*.rms" ]
        fi
    done
    [ "$fits$full" = yesyes ]
}

@test "a reader that goes away leaves nothing behind" {
    numbers 50000 >in
    run sh -c 'rec-split -- a.rms=.1 -=.9 <in | true'
    [ -z "$(find . -name '*a.rms*')" ]
}

@test "a time that is not a number is an error that names the row" {
    printf 't\n1\nnan\n3\n' | rec-from csv --types t:f64 >in.rms
    run -1 --separate-stderr rec-split --by time --time t a.rms=.5 b.rms=.5 <in.rms
    [ "$stderr" = "rec-split: standard input: row 2: NaN has no place in an order" ]
}

@test "columns that cannot be used are refused" {
    visits >in.rms
    run -1 --separate-stderr rec-split --by time --time user a.rms=.5 b.rms=.5 <in.rms
    [[ $stderr == *"column 'user' is str; a time is one number" ]]
    run -1 --separate-stderr rec-split --by hash --column when a.rms=.5 b.rms=.5 <in.rms
    [[ $stderr == *"no column 'when'; there are: user, time, what" ]]
}

@test "refuses a stream that is cut or damaged anywhere" {
    numbers 4 >in.rms
    refuses_damage in.rms rec-split a.rms=.5 b.rms=.5
    refuses_damage in.rms rec-split --by hash --column n a.rms=.5 b.rms=.5
    [ ! -e a.rms ]
    [ ! -e b.rms ]
}

@test "fails when the filter before it dies, under plain sh too" {
    run -1 sh -c 'rec-from csv missing.csv | rec-split a.rms=.5 b.rms=.5'
    [[ $output == *"rec-split: standard input: "* ]]
    [ ! -e a.rms ]
}

@test "what has been split at a pipe leaves nothing in TMPDIR" {
    mkdir tmp
    numbers 100 | TMPDIR=$PWD/tmp rec-split a.rms=.5 b.rms=.5
    [ -z "$(ls -A tmp)" ]
    numbers 100 >in.rms
    run -1 --separate-stderr bash -c 'cat in.rms | TMPDIR=/missing rec-split a.rms=.5 b.rms=.5'
    [[ $stderr == *"/missing/"* ]]
}

@test "two million rows at random and by hash take less than 32 MB" {
    numbers 50000 >part.rms
    for ((i = 0; i < 40; i++)); do cat part.rms; done >long.rms
    within_memory 32 rec-split -i long.rms a.rms=.8 b.rms=.2
    [ "$(rec-to csv b.rms | sed 1d | wc -l)" -eq 400000 ]
    within_memory 32 rec-split -i long.rms --by hash --column n a.rms=.8 b.rms=.2
}

@test "refuses wrong usage" {
    refuses_usage rec-split
    refuses_usage rec-split a.rms=1
    refuses_usage rec-split a.rms=.5 b.rms=.4
    refuses_usage rec-split a.rms=.5 b.rms=.51
    refuses_usage rec-split a.rms=1 b.rms=0
    refuses_usage rec-split a.rms=1.5 b.rms=-.5
    refuses_usage rec-split a.rms=.5 b.rms
    refuses_usage rec-split a.rms=.5 b.rms=half
    refuses_usage rec-split a.rms=.5 a.rms=.5
    refuses_usage rec-split -- -=.5 -=.5
    refuses_usage rec-split =.5 b.rms=.5
    refuses_usage rec-split --by chance a.rms=.5 b.rms=.5
    refuses_usage rec-split --by time a.rms=.5 b.rms=.5
    refuses_usage rec-split --by user-time --time t a.rms=.5 b.rms=.5
    refuses_usage rec-split --by hash a.rms=.5 b.rms=.5
    refuses_usage rec-split --by last --time t --user u a.rms=.5 b.rms=.5
    refuses_usage rec-split --by last --last 0 --time t --user u a.rms b.rms
    refuses_usage rec-split --by stratified a.rms=.5 b.rms=.5
    refuses_usage rec-split --generator mt19937 a.rms=.5 b.rms=.5
    refuses_usage rec-split --by stratified -c c -g dice a.rms=.5 b.rms=.5
    refuses_usage rec-split --by stratified -c c -g mt19937 -s 4294967296 a.rms=.5 b.rms=.5
    refuses_usage rec-split --time t a.rms=.5 b.rms=.5
    refuses_usage rec-split --last 2 a.rms=.5 b.rms=.5
    refuses_usage rec-split --seed -1 a.rms=.5 b.rms=.5
    refuses_usage rec-split --no-such-option a.rms=.5 b.rms=.5
    [ "$(echo *.rms)" = "*.rms" ]
}

@test "help and manual page name the same options" {
    same_options rec-split
}

@test "two parts that are the same file by another path are refused" {
    { echo n && seq 10; } | rec-from csv -o ten.rms
    refuses_usage rec-split -i ten.rms a.rms=.5 ./a.rms=.5
    [ ! -e a.rms ]
}

@test "a share is looked for in the name of a file, not of its folder" {
    mkdir a a=b c=0.5
    rec-synth -r 100 -o all.csv
    rec-from csv all.csv >all.rms
    rec-split -i all.rms a=b/1.rms a=b/2.rms
    rec-split -i all.rms c=0.5/1.rms=.25 c=0.5/2.rms=.75
    [ -s a=b/2.rms ]
    [ -s c=0.5/2.rms ]
}

@test "there are at most 256 parts" {
    run -2 --separate-stderr rec-split -i none.rms {1..300}
    [[ $stderr == "rec-split: 257: unexpected operand: expected at most 256"* ]]
}
