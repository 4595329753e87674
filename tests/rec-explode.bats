# rec-explode makes a row of each candidate in a list.

load helper

# A stream of what is on standard input: stream COLUMNS [OPTION]...
stream() {
    local columns=$1
    shift
    rec-from tsv --list-separator ' ' --columns "$columns" "$@"
}

rows() {
    rec-to tsv --no-header "$@"
}

lists() {
    printf '%s\n' $'a\t7\t9 7 3\t3 2.5 1\tx y z' $'b\t0\t\t\t' \
        $'c\t5\t5\t9\tw' $'a\t3\t0 3\t2 2\tu v' |
        stream 'query.u.lookup:str t:u32 candidates:u32[] scores:f32[] title:str[]' \
            --meta key=t --meta 'feature.1=query u lookup size=4' >lists.rms
}

@test "a row for each candidate, with its list and its rank" {
    lists
    rec-cut --except title lists.rms | rec-explode >got.rms
    rows got.rms | diff - <(
        printf '%s\n' $'a\t7\t9\t3\t1\t1' $'a\t7\t7\t2.5\t1\t2' \
            $'a\t7\t3\t1\t1\t3' $'c\t5\t5\t9\t3\t1' $'a\t3\t0\t2\t4\t1' \
            $'a\t3\t3\t2\t4\t2'
    )
    rec-info got.rms | grep '^column' | cut -d ' ' -f 2,3 | diff - <(
        printf '%s\n' 'query.u.lookup str' 't u32' 'item u32' 'score f32' \
            'list u64' 'rank u32'
    )
    # What the rows are has changed: they are described no longer.
    rec-info got.rms | grep '^meta' | diff - <(echo 'meta key t')
}

@test "--columns: other lists, under other names, also twice" {
    lists
    rec-explode -c id=candidates,title,s=scores,z=scores --standardize z \
        lists.rms >got.rms
    rows -c id,title,s,z got.rms | head -n 3 | awk -F '\t' '{
        want = $3 - 6.5 / 3
        # the variance of 3, 2.5 and 1 is 0.7222...
        off = $4 - want / sqrt(13 / 18)
        if (off > 1e-6 || off < -1e-6) exit 1
        print $1 $2 }' | diff - <(printf '9x\n7y\n3z\n')
    # One candidate, and two that are equal.
    rows -c z got.rms | tail -n 3 | diff - <(printf '0\n0\n0\n')
    rec-explode -c candidates lists.rms | rows -c t,candidates,scores | head -n 1 |
        diff - <(printf '7\t9\t3|2.5|1\n')
}

@test "integers are standardized too" {
    printf '1 2 3\t7 8 9\n' | stream 'candidates:u32[] n:i32[]' |
        rec-explode -c candidates,n -s n | rows -c n |
        diff - <(printf '%s\n' -1.2247449 0 1.2247449)
}

@test "--truth: a label from the row, which has one id or a list" {
    lists
    rec-explode --truth t lists.rms | rows -c label | tr -d '\n' |
        diff - <(printf 010101)
    printf '%s\n' $'1 2 3 0\t3 9 1' $'1\t' $'0 4\t0 4' |
        stream 'candidates:u32[] t:u32[]' |
        rec-explode -c candidates -t t | rows -c label | tr -d '\n' |
        diff - <(printf 1010001)
}

@test "--truth-file: a label from the rows of another stream, by query" {
    lists
    printf '%s\n' $'a\t3' $'a\t0' $'b\t5' $'a\t7' $'a\t7' |
        stream 'query.u.lookup:str t:u32' >truth.rms
    rec-explode --truth-file truth.rms lists.rms | rows -c label | tr -d '\n' |
        diff - <(printf 011001)
    rec-cut who=query.u.lookup,candidates,scores lists.rms >other.rms
    rec-cut who=query.u.lookup,x=t truth.rms |
        rec-explode --truth-file - --by who --truth x other.rms |
        rows -c label | tr -d '\n' | diff - <(printf 011001)
    # Users may be integers of another type.
    printf '%s\n' $'4\t3' | stream 'who:i64 t:u32' >truth.rms
    printf '%s\n' $'4\t3 4' $'5\t3 4' | stream 'who:u32 candidates:u32[]' |
        rec-explode -c item=candidates -f truth.rms --by who -t t |
        rows -c label | tr -d '\n' | diff - <(printf 1000)
}

@test "lists longer than a block, and many of them" {
    awk 'BEGIN { srand(3)
        for (i = 0; i < 300; i++) {
            n = i == 7 ? 9000 : int(rand() * 60)
            printf "%d\t", i
            for (j = 0; j < n; j++) printf "%s%d", j ? " " : "", 1 + j * 7 % 9001
            printf "\t"
            for (j = 0; j < n; j++) printf "%s%d", j ? " " : "", n - j
            printf "\n" } }' >lists.txt
    stream 'q:u32 candidates:u32[] scores:f32[]' <lists.txt >lists.rms
    rec-explode lists.rms -o got.rms
    rec-info --check got.rms
    awk -F '\t' -v OFS='\t' '{ n = split($2, c, " "); split($3, s, " ")
        for (j = 1; j <= n; j++) print $1, c[j], s[j], NR, j }' lists.txt |
        diff - <(rows got.rms)
    # and back
    rec-collect got.rms | rec-cut q,candidates,scores |
        rec-to tsv --list-separator ' ' --no-header |
        diff - <(awk -F '\t' '$2 != ""' lists.txt)
}

@test "what does not fit is refused with a reason" {
    lists
    refuse() {
        run -1 --separate-stderr rec-explode -o out.rms "${@:2}"
        echo "$stderr"
        # shellcheck disable=SC2053 # a pattern on purpose
        [[ $stderr == rec-explode:\ $1 ]]
        [ ! -e out.rms ]
    }
    refuse "lists.rms: column 't' is no list" -c t lists.rms
    refuse "lists.rms: no column 'nothing'*" -c nothing lists.rms
    refuse "lists.rms: column 'title' has no numbers to standardize" \
        -c title -s title lists.rms
    refuse "lists.rms: there are two columns 't'" -c t=candidates lists.rms
    refuse "lists.rms: column 'title' is not u32 or u32\[\]" -t title lists.rms
    printf '%s\n' $'1 2\t3 4' $'1 2\t3' |
        stream 'candidates:u32[] scores:f32[]' >short.rms
    refuse "short.rms: row 2: candidates has 2 elements, scores has 1" short.rms
    printf '%s\n' $'1 2\t3 inf' |
        stream 'candidates:u32[] scores:f32[]' >inf.rms
    refuse "inf.rms: row 1: scores: a number is not finite, or too large" \
        -s score inf.rms
    refuse "lists.rms: no column 'who'*" -f lists.rms --by who lists.rms
    printf '1\t2\n' | stream 'query.u.lookup:u32 t:u32' >truth.rms
    refuse "truth.rms: column 'query.u.lookup' has other values *" \
        -f truth.rms lists.rms
    printf '1\t1\n' | stream 'candidates:u32[] label:u8' >labelled.rms
    refuse "labelled.rms: there are two columns 'label'" -c candidates \
        --truth candidates labelled.rms
}

@test "a cut or damaged stream leaves no output" {
    lists
    refuses_damage lists.rms rec-explode -o out.rms
    [ ! -e out.rms ]
}

@test "a list whose numbers are all the same is standardized to 0, whatever its length" {
    for n in 3 10 49 100; do
        for x in 7 0.1 5 12; do
            seq "$n" | awk -v x=$x 'BEGIN { print "candidates,scores" }
                { c = c bar $1; s = s bar x; bar = "|" } END { print c "," s }' |
                rec-from csv --types 'candidates:u32[] scores:f64[]' |
                rec-explode -s score | rec-to tsv --no-header -c score | sort -u >got
            echo 0 | diff - got
        done
    done
}

@test "a full disk is an error" {
    lists
    fails_on_full_disk rec-explode lists.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    lists
    refuses_usage rec-explode --by t lists.rms
    refuses_usage rec-explode -c candidates, lists.rms
    refuses_usage rec-explode -c =candidates lists.rms
    refuses_usage rec-explode -c a=candidates,a=scores lists.rms
    refuses_usage rec-explode --standardize scores lists.rms
    refuses_usage rec-explode -c scores --truth t lists.rms
    refuses_usage rec-explode -f - -
    refuses_usage rec-explode lists.rms more.rms
}
