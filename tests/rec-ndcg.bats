# rec-ndcg measures lists of candidates.

load helper

# Rows "candidates, relevant", the second a list or with "u32" one id:
# lists [TYPE] [OPTION]...
lists() {
    rec-from tsv --list-separator ' ' \
        --columns "candidates:u32[] seen:${1-u32[]}" --meta key=seen \
        "${@:2}"
}

# The item at rank 2, not there, and two of three found.
three() {
    printf '%s\n' $'8 3 5 4\t3' $'1 2 3 4\t9' $'6 7 8 9\t9 6 55' |
        lists >lists.rms
}

rows() {
    rec-to tsv --list-separator ' ' "$@"
}

# The value of one line of the table: value METRIC K <TABLE
value() {
    awk -F '\t' -v m="$1" -v k="$2" '$1 == m && $2 == k { print $3 }'
}

# Two numbers that differ by rounding at most: near GOT WANT
near() {
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d * d < 1e-24) }'
}

@test "prints a line for each metric and depth" {
    three
    rec-ndcg --at 1,4 lists.rms >got
    head -n 1 got | diff - <(printf 'metric\tk\tvalue\tci95\trows\n')
    tail -n +2 got | cut -f 1,2,5 | diff - <(
        for m in ndcg recall precision map mrr hit; do
            printf '%s\t1\t3\n%s\t4\t3\n' $m $m
        done
    )
}

@test "metrics and intervals are those worked by hand" {
    three
    rec-ndcg --at 1,4 lists.rms >got
    # Third row: gains at ranks 1 and 4 of at most 1 + 1/log2(3) + 1/2.
    near "$(value ndcg 4 <got)" \
        "$(awk 'BEGIN { a = log(2) / log(3); b = log(2) / log(5)
            printf "%.17g", (a + (1 + b) / (1.5 + a)) / 3 }')"
    near "$(value ndcg 1 <got)" 0.33333333333333333
    near "$(value recall 4 <got)" 0.55555555555555555
    near "$(value precision 4 <got)" 0.25
    near "$(value map 4 <got)" 0.33333333333333333
    near "$(value mrr 4 <got)" 0.5
    near "$(value hit 4 <got)" 0.66666666666666667
    near "$(value hit 1 <got)" 0.33333333333333333
    # mrr: 1/2, 0, 1 have the standard deviation 1/2.
    near "$(awk -F '\t' '$1 == "mrr" && $2 == 4 { print $4 }' got)" \
        "$(awk 'BEGIN { printf "%.17g", 1.96 * 0.5 / sqrt(3) }')"
}

@test "--per-row writes the rows with their metrics behind them" {
    three
    rec-ndcg --at 1,4 --per-row lists.rms >got.rms
    rows got.rms | head -n 1 | tr '\t' '\n' >got
    printf '%s\n' candidates seen {ndcg,recall,precision,map,mrr,hit}@{1,4} |
        diff - got
    rows --no-header --columns candidates,seen,recall@1,recall@4,precision@4 \
        got.rms >got
    diff - got <<'EOF'
8 3 5 4	3	0	1	0.25
1 2 3 4	9	0	0	0
6 7 8 9	9 6 55	0.3333333333333333	0.6666666666666666	0.5
EOF
}

@test "rows with nothing relevant are left out, and that is said" {
    three
    printf '8 3\t\n' | lists >none.rms
    cat lists.rms none.rms >both.rms
    rec-ndcg --at 4 lists.rms >want
    run -0 --separate-stderr rec-ndcg --at 4 both.rms
    echo "$output" | diff want -
    [ "$stderr" = "rec-ndcg: both.rms: 1 of 4 rows have nothing relevant and were left out" ]
    rec-ndcg --at 4 -r both.rms 2>/dev/null | rows | tail -n 1 >got
    printf '8 3\t\tnan\tnan\tnan\tnan\tnan\tnan\n' | diff - got
}

@test "relevant is one id or a list" {
    printf '5 7\t7\n2 9\t4\n' | lists u32 | rec-ndcg --at 2 >one
    printf '5 7\t7\n2 9\t4\n' | lists 'u32[]' | rec-ndcg --at 2 >list
    diff one list
    near "$(value mrr 2 <one)" 0.25
}

@test "an unknown item is relevant and never found" {
    printf '0 2\t0\n1 2\t2\n' | lists u32 | rec-ndcg --at 2 >got
    near "$(value hit 2 <got)" 0.5
    near "$(value recall 2 <got)" 0.5
}

@test "short lists are measured as they are when others are long enough" {
    printf '7\t7\n1 2\t2\n\t5\n' | lists u32 | rec-ndcg --at 2 >got
    near "$(value precision 2 <got)" 0.33333333333333333
    near "$(value mrr 2 <got)" 0.5
}

@test "refuses a depth that no list has" {
    three
    for args in "" "-r"; do
        # shellcheck disable=SC2086 # no argument or one
        run -1 --separate-stderr rec-ndcg --at 1,5 $args -o out lists.rms
        [ "$stderr" = "rec-ndcg: lists.rms: --at 5: the longest list has 4 candidates" ]
        [ ! -e out ]
    done
}

@test "nothing to measure is an error" {
    three
    rec-head -n 0 lists.rms >none.rms
    run -1 --separate-stderr rec-ndcg none.rms
    [ "$stderr" = "rec-ndcg: none.rms: no rows to measure" ]
    [ -z "$output" ]
}

@test "one row has no confidence interval" {
    printf '7\t7\n' | lists u32 | rec-ndcg --at 1 >got
    [ "$(cut -f 3- got | sort -u | head -n 1)" = $'1\tnan\t1' ]
}

@test "--truth names the column, which must hold ids" {
    printf '7 2\t1.5\t2\n' | rec-from tsv --list-separator ' ' \
        --columns 'candidates:u32[] scores:f32[] id:u32' >lists.rms
    rec-ndcg --at 2 --truth id lists.rms >got
    near "$(value mrr 2 <got)" 0.5
    run -1 --separate-stderr rec-ndcg --at 1 lists.rms
    [ "$stderr" = "rec-ndcg: lists.rms: its head has no meta 'key'" ]
    run -1 --separate-stderr rec-ndcg --at 1 --truth scores lists.rms
    [ "$stderr" = "rec-ndcg: lists.rms: column 'scores' is f32[], not u32 or u32[]" ]
    run -1 --separate-stderr rec-ndcg --at 1 --truth title lists.rms
    [[ $stderr == "rec-ndcg: lists.rms: no column 'title'"* ]]
}

@test "refuses a stream cut at any byte" {
    three
    size=$(wc -c <lists.rms)
    for ((n = 0; n < size; n += 7)); do
        head -c "$n" lists.rms >cut.rms
        run -1 --separate-stderr rec-ndcg --at 1 cut.rms
        [ -z "$output" ]
        [[ $stderr == "rec-ndcg: cut.rms: "* ]]
    done
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    three
    run -1 --separate-stderr bash -c 'rec-ndcg --at 1 lists.rms >/dev/full'
    [[ $stderr == "rec-ndcg: standard output: "* ]]
}

@test "wrong usage exits 2 and says nothing on standard output" {
    three
    for at in 0 '1,' x 5,1 3,3 -1 1.5; do
        refuses_usage rec-ndcg --at "$at" lists.rms
    done
    refuses_usage rec-ndcg -z --at 1 lists.rms
    refuses_usage rec-ndcg lists.rms lists.rms
    refuses_usage rec-ndcg --nonsense
}

@test "the manual page has the options of --help" {
    same_options rec-ndcg
}
