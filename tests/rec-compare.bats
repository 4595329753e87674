# rec-compare says by how much one measurement is better than another.  That its
# intervals and p-values hold what they promise is tested in unit/test_compare.c.

load helper

# measured FILE: lines "user, ndcg@10, hit@10" on standard input as a stream
measured() {
    rec-from tsv --columns 'user:str ndcg@10:f64 hit@10:f64' >"$1"
}

# Five queries; B is better by .1 .2 -.1 .3 .1, and has one more hit.
five() {
    printf '%s\n' $'a\t.5\t1' $'b\t.4\t1' $'c\t.3\t1' $'d\t0\t0' $'e\t.2\t1' |
        measured a.rms
    printf '%s\n' $'a\t.6\t1' $'b\t.6\t1' $'c\t.2\t1' $'d\t.3\t1' $'e\t.3\t1' |
        measured b.rms
}

# field METRIC COLUMN TABLE
field() {
    awk -F '\t' -v m="$1" -v c="$2" 'NR == 1 { for (i in f) delete f[i]
            for (i = 1; i <= NF; i++) f[$i] = i }
        $1 == m { print $f[c] }' "$3"
}

# between LOW VALUE HIGH
between() {
    awk -v l="$1" -v v="$2" -v h="$3" 'BEGIN { exit !(l <= v && v <= h) }'
}

@test "means, difference, interval and p, for each metric that both have" {
    five
    rec-compare a.rms b.rms >got
    head -n 1 got | diff - <(
        printf 'metric\tk\ta\tb\tdifference\tlow\thigh\tp\trows\n'
    )
    awk -F '\t' 'NR > 1 { printf "%s %s %.4f %.4f %.4f %s\n", $1, $2, $3, $4, $5, $9 }' \
        got | diff - <(echo "ndcg 10 0.2800 0.4000 0.1200 5" &&
        echo "hit 10 0.8000 1.0000 0.2000 5")
    # p from all 32 ways to exchange the names of the five queries.
    exact=$(awk 'BEGIN {
        split(".1 .2 -.1 .3 .1", d, " ")
        for (w = 0; w < 32; w++) {
            s = 0
            for (i = 1; i <= 5; i++)
                s += int(w / 2 ^ (i - 1)) % 2 ? d[i] : -d[i]
            n += s * s > .36 - 1e-9
        }
        print n / 32 }')
    between "$(awk "BEGIN { print $exact - .02 }")" "$(field ndcg p got)" \
        "$(awk "BEGIN { print $exact + .02 }")"
    # One difference of 1 or -1: never nearer to 0.
    [ "$(field hit p got)" = 1 ]
    # Means of five of these differences.
    between -0.1 "$(field ndcg low got)" 0.05
    between 0.2 "$(field ndcg high got)" 0.3
}

@test "turned round, the signs turn" {
    five
    rec-compare a.rms b.rms >got
    rec-compare b.rms a.rms >turned
    [ "$(field ndcg p got)" = "$(field ndcg p turned)" ]
    awk -F '\t' -v a="$(field ndcg low got)" -v b="$(field ndcg high turned)" \
        'BEGIN { exit !((a + b) ^ 2 < 1e-20) }'
}

@test "a measurement compared with itself has no difference" {
    five
    rec-compare a.rms a.rms | awk -F '\t' 'NR > 1 && ($5 != 0 || $6 != 0 ||
        $7 != 0 || $8 != 1) { exit 1 }'
}

@test "the same bytes for any -j, others for another --seed or --samples" {
    five
    rec-compare -n 1000 a.rms b.rms >one
    rec-compare -n 1000 -j 3 a.rms b.rms | cmp one -
    rec-compare -n 1000 --seed 1 a.rms b.rms | cmp one -
    rec-compare -n 1000 --seed 2 a.rms b.rms >two
    run ! cmp -s one two
    rec-compare -n 7 a.rms b.rms | cut -f 8 | tail -n +2 | sort -u >p
    awk '{ exit !($1 * 8 == int($1 * 8)) }' p
}

@test "--by: rows of a user are drawn together" {
    # Two users of 50 rows, better and worse alike: rows alone are sure of it,
    # two users are not.
    for f in a b; do
        for u in ann bob; do
            for ((i = 0; i < 50; i++)); do
                printf '%s\t%s\t1\n' $u \
                    "$([ $f = b ] && { [ $u = ann ] && echo .9 || echo .4; } || echo .3)"
            done
        done | measured $f.rms
    done
    rec-compare a.rms b.rms >rows
    rec-compare --by user a.rms b.rms >users
    between 0 "$(field ndcg p rows)" 0.001
    between 0.4 "$(field ndcg p users)" 0.6
    between 0.3 "$(field ndcg low rows)" 0.33
    between 0.0999 "$(field ndcg low users)" 0.1001
    [ "$(field ndcg rows users)" = 100 ]
}

@test "it reads what rec-ndcg --per-query and --per-row write" {
    seq 60 | awk -v OFS='\t' '{ for (i = 1; i < 4; i++) print $1, ($1 * i) % 50 + 1 }' |
        rec-from tsv --columns 'user:u32 item:u32' >truth.rms
    for f in 1 2; do
        seq 60 | awk -v OFS='\t' -v f=$f '{
            print $1, ($1 * f + 7) % 50 + 1 "|" ($1 * 2) % 50 + 1 "|" $1 % 9 + 1 }' |
            rec-from tsv --meta key=item --columns 'user:u32 candidates:u32[]' |
            rec-ndcg --at 1,3 -f truth.rms --by user --per-query >$f.rms
    done
    rec-compare 1.rms 2.rms >got
    [ "$(wc -l <got)" -eq 13 ]
    awk -F '\t' 'NR > 1 && !($6 <= $5 && $5 <= $7) { exit 1 }' got
    # Rows, of which some have nothing relevant.
    printf '1|2\t2\n3|4\t\n5|6\t5\n' | rec-from tsv --meta key=seen \
        --columns 'candidates:u32[] seen:u32[]' | rec-ndcg --at 2 -r >rows.rms 2>err
    run -0 --separate-stderr rec-compare rows.rms rows.rms
    [ "$stderr" = "rec-compare: 1 rows were not measured and are left out" ]
    [ "$(echo "$output" | cut -f 9 | tail -n 1)" = 2 ]
}

@test "measurements of other queries are refused" {
    five
    printf '%s\n' $'a\t.6\t1' $'x\t.6\t1' $'c\t.2\t1' $'d\t.3\t1' $'e\t.3\t1' |
        measured x.rms
    run -1 --separate-stderr rec-compare a.rms x.rms
    [ "$stderr" = "rec-compare: x.rms: row 2: user is another than in that row of a.rms: not the same queries" ]
    rec-head -n 4 b.rms >fewer.rms
    run -1 --separate-stderr rec-compare a.rms fewer.rms
    [ "$stderr" = "rec-compare: fewer.rms: has fewer rows than a.rms" ]
    run -1 --separate-stderr rec-compare fewer.rms a.rms
    [ "$stderr" = "rec-compare: a.rms: has more rows than fewer.rms" ]
    rec-cut user a.rms >bare.rms
    run -1 --separate-stderr rec-compare a.rms bare.rms
    [[ $stderr == "rec-compare: bare.rms: has no column like ndcg@10 that a.rms has, too"* ]]
    rec-head -n 0 a.rms >none.rms
    run -1 --separate-stderr rec-compare none.rms none.rms
    [ "$stderr" = "rec-compare: none.rms: no rows to compare" ]
    printf '%s\n' $'a\tnan\tnan' $'b\t.6\t1' $'c\t.2\t1' $'d\t.3\t1' $'e\t.3\t1' |
        measured nan.rms
    run -1 --separate-stderr rec-compare a.rms nan.rms
    [ "$stderr" = "rec-compare: nan.rms: row 1: was measured only here or only in a.rms" ]
    printf '%s\n' $'a\tinf\t1' $'b\t.6\t1' $'c\t.2\t1' $'d\t.3\t1' $'e\t.3\t1' |
        measured inf.rms
    run -1 --separate-stderr rec-compare a.rms inf.rms
    [ "$stderr" = "rec-compare: inf.rms: row 1: a value is not finite" ]
    run -1 --separate-stderr rec-compare --by ndcg@10 a.rms b.rms
    [[ $stderr == "rec-compare: a.rms: column 'ndcg@10' is f64"* ]]
}

@test "blocks of one stream need not be those of the other" {
    five
    for i in 1 2 3 4 5; do
        rec-head -n "$i" b.rms | rec-to tsv --no-header | tail -n 1 |
            measured "one-$i.rms"
    done
    cat one-?.rms >blocks.rms
    rec-compare a.rms blocks.rms | diff - <(rec-compare a.rms b.rms)
}

@test "refuses a stream that is cut or damaged anywhere" {
    five
    refuses_damage b.rms rec-compare -n 2 a.rms -
    [ ! -s refused.out ]
}

@test "a full disk is an error" {
    five
    fails_on_full_disk rec-compare a.rms b.rms
}

@test "refuses wrong usage" {
    five
    refuses_usage rec-compare a.rms
    refuses_usage rec-compare a.rms b.rms a.rms
    refuses_usage rec-compare - -
    refuses_usage rec-compare -n 0 a.rms b.rms
    refuses_usage rec-compare -n many a.rms b.rms
    refuses_usage rec-compare --seed -1 a.rms b.rms
}

@test "the manual page has the options of --help" {
    same_options rec-compare
}
