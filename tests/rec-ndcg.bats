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

# Judgements of three queries and lists of two of them and of one that nobody
# judged: judged.rms (user, item, gain) and users.rms.
judged() {
    printf '%s\n' $'b\t10\t3' $'a\t7\t1' $'b\t20\t1' $'b\t30\t2' $'c\t7\t1' \
        $'b\t40\t0' $'a\t8\t1' $'b\t50\t1' |
        rec-from tsv --columns 'user:str item:u32 gain:u8' >judged.rms
    printf '%s\n' $'a\t1 7 2 3 8' $'b\t20 40 10 99 30' $'d\t7 8 9 10 20' |
        rec-from tsv --list-separator ' ' --meta key=item \
            --columns 'user:str candidates:u32[]' >users.rms
}

# table LINE...: METRIC K VALUE, the value to 4 digits as trec_eval has it
table() {
    awk 'NR > 1 { printf "%s %s %.4f\n", $1, $2, $3 }' | diff - <(printf '%s\n' "$@")
}

@test "--truth-file: what trec_eval -c -m ndcg_cut.3,5 and so on would say" {
    judged
    rec-ndcg --at 3,5 --truth-file judged.rms --by user --gain gain users.rms \
        >got 2>err
    # By hand, for a, b, and c, which has no list and counts as 0:
    #   ndcg@3      (1/1.58496) / (1 + 1/1.58496) = .3869,  2.5/4.76186 = .5250
    #   ndcg@5      (.63093 + .38685) / 1.63093 = .6240,  (2.5 + .77371)/5.19254 = .6305
    #   recall      1/2, 2/4;  1, 3/4        precision  1/3, 2/3;  2/5, 3/5
    #   map         .5/2, (1 + 2/3)/4;  (.5 + .4)/2, (1 + 2/3 + 3/5)/4
    table 'ndcg 3 0.3040' 'ndcg 5 0.4182' 'recall 3 0.3333' 'recall 5 0.5833' \
        'precision 3 0.3333' 'precision 5 0.3333' 'map 3 0.2222' \
        'map 5 0.3389' 'mrr 3 0.5000' 'mrr 5 0.5000' 'hit 3 0.6667' \
        'hit 5 0.6667' <got
    [ "$(cut -f 5 got | sort -u | head -n 1)" = 3 ]
    diff - err <<'EOF'
rec-ndcg: users.rms: 1 of the 3 queries of judged.rms have no list and count as 0
rec-ndcg: users.rms: 1 of 3 lists are of no query of judged.rms and were left out
EOF
}

@test "--convention says what the names mean" {
    judged
    # Query b alone; the formulas of the other conventions are in
    # unit/test_metrics.c.
    rec-where -i users.rms user = b >b.rms
    rec-where -i judged.rms user = b >b-judged.rms
    for c in 'trec 0.5250 0.5000 0.6667 0.4167' 'ms 0.7039 0.5000 0.6667 0.4167' \
        'exp 0.4791 0.5000 0.6667 0.4167' 'dacrema 0.4581 0.5000 0.6667 0.5556' \
        'liang 0.7039 0.6667 0.6667 0.5556' 'hit 0.3750 0.5000 0.1667 0.3333'; do
        read -r name ndcg recall precision map <<<"$c"
        rec-ndcg -c "$name" --at 3 -f b-judged.rms --by user -g gain b.rms |
            head -n 5 | table "ndcg 3 $ndcg" "recall 3 $recall" \
            "precision 3 $precision" "map 3 $map"
    done
    # hit: a row for each relevant item, so 4, of which 2 are found.
    rec-ndcg -c hit --at 3 -f b-judged.rms --by user -g gain b.rms |
        awk 'NR > 1 && $5 != 4 { exit 1 }'
    # The same from lists of ids in the rows, and from one row for each.
    printf '20 40 10 99 30\t10 20 30 50\n' | lists | rec-ndcg -c hit --at 3 >list
    rec-ndcg -c hit --at 3 -f b-judged.rms --by user -g gain b.rms | diff list -
    printf '20 40 10 99 30\t%s\n' 10 20 30 50 | lists u32 | rec-ndcg --at 3 >ids
    cut -f 1-3,5 ids | diff - <(cut -f 1-3,5 list)
}

@test "--per-query writes a row for each query of the truth, in its order" {
    judged
    rec-ndcg --at 3 -f judged.rms --by user -g gain --per-query users.rms \
        2>/dev/null >got.rms
    rec-cut user,recall@3,mrr@3 got.rms | rec-to tsv | diff - <(
        printf 'user\trecall@3\tmrr@3\nb\t0.5\t1\na\t0.5\t0.5\nc\t0\t0\n'
    )
    # They are what the table has the means of.
    rec-ndcg --at 3 -f judged.rms --by user -g gain users.rms 2>/dev/null >table
    near "$(value ndcg 3 <table)" "$(rec-cut ndcg@3 got.rms | rec-to tsv |
        awk 'NR > 1 { s += $1 } END { printf "%.17g", s / 3 }')"
    rec-info --check got.rms >/dev/null
}

@test "--per-query of lists from different vocabularies can be concatenated" {
    judged
    for size in 3 4; do
        rec-to csv users.rms | rec-from csv --meta key=item \
            --meta "feature.1=query user lookup dim=2 size=$size" \
            --types 'user:str candidates:u32[]' >lists.$size
        rec-ndcg --at 3 -f judged.rms --by user -q lists.$size 2>/dev/null \
            >values.$size
    done
    cat values.3 values.4 | rec-to tsv --no-header -c ndcg@3 >got
    [ "$(wc -l <got)" -eq 6 ]
    run ! rec-info --check <(cat lists.3 lists.4)
    run ! grep -q feature <(rec-info values.3 | grep ^meta)
}

@test "a query whose items are all worth nothing counts as 0, as in trec_eval" {
    printf 'a\t1\t0\nb\t2\t1\n' |
        rec-from tsv --columns 'user:str item:u32 gain:f32' >truth.rms
    printf 'a\t1\nb\t2\n' | rec-from tsv --meta key=item \
        --columns 'user:str candidates:u32[]' >lists.rms
    rec-ndcg --at 1 -f truth.rms --by user -g gain lists.rms | head -n 2 |
        table 'ndcg 1 0.5000'
    rec-ndcg --at 1 -c hit -f truth.rms --by user -g gain lists.rms | head -n 2 |
        table 'ndcg 1 1.0000'
}

@test "queries are told apart by value, by query.*.lookup without --by" {
    printf '7\t1\n8\t2\n' |
        rec-from tsv --columns 'query.u.lookup:i64 item:u32' >truth.rms
    printf '8\t2\n7\t5\n' | rec-from tsv --meta key=item \
        --columns 'query.u.lookup:u32 candidates:u32[]' >lists.rms
    rec-ndcg --at 1 -f truth.rms lists.rms | head -n 2 | table 'ndcg 1 0.5000'
    # The order of the lists does not matter, not even to the last bit.
    { rec-head -n 0 lists.rms && rec-where -i lists.rms query.u.lookup = 7 &&
        rec-where -i lists.rms query.u.lookup = 8; } >turned.rms
    rec-ndcg --at 1 -f truth.rms turned.rms |
        diff - <(rec-ndcg --at 1 -f truth.rms lists.rms)
}

@test "a truth file that cannot be used is refused" {
    judged
    run -1 --separate-stderr rec-ndcg --at 1 -f judged.rms --by user --truth gain users.rms
    [ "$stderr" = "rec-ndcg: judged.rms: column 'gain' is u8, not u32" ]
    run -1 --separate-stderr rec-ndcg --at 1 -f judged.rms --by item users.rms
    [[ $stderr == "rec-ndcg: users.rms: no column 'item'"* ]]
    run -1 --separate-stderr rec-ndcg --at 1 -f judged.rms users.rms
    [[ $stderr == *"no column query.*.lookup of one id a row: which one is meant? See --by" ]]
    run -1 --separate-stderr rec-ndcg --at 1 -f judged.rms --by user -g user users.rms
    [ "$stderr" = "rec-ndcg: judged.rms: column 'user' is not one number, as a gain is" ]
    cat users.rms users.rms >twice.rms
    run -1 --separate-stderr rec-ndcg --at 1 -f judged.rms --by user twice.rms
    [ "$stderr" = "rec-ndcg: twice.rms: row 4: user 'a': a second list of the same query" ]
    rec-head -n 0 judged.rms >none.rms
    run -1 --separate-stderr rec-ndcg --at 1 -f none.rms --by user users.rms
    [ "$stderr" = "rec-ndcg: none.rms: no rows, so nothing is relevant" ]
    for gain in -1 nan inf; do
        printf 'a\t7\t%s\n' "$gain" |
            rec-from tsv --columns 'user:str item:u32 gain:f64' >gain.rms
        run -1 --separate-stderr rec-ndcg --at 1 -f gain.rms --by user -g gain users.rms
        [[ $stderr == "rec-ndcg: gain.rms: row 1: "*" is no gain: it is below 0 or not finite" ]]
    done
    printf '1\t7\n' | rec-from tsv --columns 'user:u32 item:u32' >numbers.rms
    run -1 --separate-stderr rec-ndcg --at 1 -f numbers.rms --by user users.rms
    [ "$stderr" = "rec-ndcg: users.rms: column 'user' has other values than that of numbers.rms" ]
    head -c 300 judged.rms >cut.rms
    run -1 --separate-stderr rec-ndcg --at 1 -f cut.rms --by user users.rms
    [[ $stderr == "rec-ndcg: cut.rms: "* ]]
    [ -z "$output" ]
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

@test "gains that 2 to their power cannot be taken of are refused, tiny ones are not" {
    printf '%s\n' 'q,candidates' '1,5|6' |
        rec-from csv --types 'q:u32 candidates:u32[]' -o lists.rms
    options=(-k 2 -c exp --by q -t item -g gain)
    gains() {
        printf '%s\n' q,item,gain "$@" | rec-from csv --types 'q:u32 item:u32 gain:f64'
    }
    gains 1,5,1e-17 1,6,1e-20 >tiny.rms
    rec-ndcg "${options[@]}" -f tiny.rms lists.rms |
        awk '$1 == "ndcg" { print $3 }' >got
    echo 1 | diff - got
    gains 1,5,2000 >huge.rms
    run -1 --separate-stderr rec-ndcg "${options[@]}" -f huge.rms lists.rms
    [ "$stderr" = "rec-ndcg: huge.rms: row 1: a gain of 2000: 2^gain is taken, of 900 at most" ]
}

# 600 lists of twelve of 40 items, each with the one that is relevant.
many_lists() {
    awk 'BEGIN { x = 1
        for (i = 0; i < 600; i++) {
            list = ""
            for (j = 0; j < 12; j++) {
                x = x * 16807 % 2147483647
                list = list (j ? " " : "") 1 + x % 40
            }
            x = x * 16807 % 2147483647
            print list "\t" 1 + x % 40 "\t" i
        }
    }' | rec-from tsv --list-separator ' ' --meta key=seen \
        --columns 'candidates:u32[] seen:u32 n:u32' >lists.rms
}

@test "--merge: sums of any parts, in any order, make the table of all lists" {
    many_lists
    rec-ndcg --at 3,10 lists.rms >whole
    for n in 1 2 7 16; do
        rm -f part-*
        rec-split --by hash -c n --seed $n -i lists.rms $(seq -f part-%g $n)
        for part in part-*; do
            rec-ndcg --sums --at 3,10 "$part" -o "$part.rms"
        done
        # shellcheck disable=SC2011,SC2012 # names that we have chosen
        ls -r part-*.rms | xargs cat >sums.rms
        rec-ndcg --merge sums.rms | cmp - whole
    done
    cat part-*[02468].rms | rec-ndcg --merge --sums -o even.rms
    cat part-*[13579].rms | rec-ndcg --merge --sums | cat - even.rms |
        rec-ndcg --merge | cmp - whole
    # What --sums says does not depend on the parts either.
    rec-ndcg --sums --at 3,10 lists.rms | rec-to csv |
        cmp - <(rec-ndcg --merge --sums sums.rms | rec-to csv)
}

@test "--sums of a part may be of nothing, the merged ones not" {
    three
    rec-ndcg --at 1,4 lists.rms >whole
    rec-ndcg --sums --at 1,4 lists.rms >sums.rms
    printf '1 2\t\n' | lists | rec-ndcg --sums --at 1,4 >none.rms
    cat none.rms sums.rms none.rms | rec-ndcg --merge | cmp - whole
    run -1 --separate-stderr rec-ndcg --merge none.rms
    [ "$stderr" = "rec-ndcg: none.rms: no rows to measure" ]
    rec-ndcg --sums --at 9 lists.rms >deep.rms
    run -1 --separate-stderr rec-ndcg --merge deep.rms
    [ "$stderr" = "rec-ndcg: deep.rms: --at 9: the longest list has 4 candidates" ]
}

@test "--merge refuses sums that are not of the same measures" {
    three
    rec-ndcg --sums --at 1,4 lists.rms >sums.rms
    rec-ndcg --sums --at 4 lists.rms | cat sums.rms - >depths.rms
    run -1 --separate-stderr rec-ndcg --merge depths.rms
    [ "$stderr" = "rec-ndcg: depths.rms: parts were measured at different depths" ]
    # As many rows at each depth, but of different lists.
    rec-ndcg --sums --at 1 lists.rms >one.rms
    rec-ndcg --sums --at 4 lists.rms | cat one.rms - >depths.rms
    run -1 --separate-stderr rec-ndcg --merge depths.rms
    [ "$stderr" = "rec-ndcg: depths.rms: parts were measured at different depths" ]
    rec-head -n 3 sums.rms | cat sums.rms - >short.rms
    run -1 --separate-stderr rec-ndcg --merge short.rms
    [ "$stderr" = "rec-ndcg: short.rms: the sums of a part are not whole" ]
    rec-ndcg --sums --at 1,4 --convention liang lists.rms | cat sums.rms - >both.rms
    run -1 --separate-stderr rec-ndcg --merge both.rms
    [ "$stderr" = "rec-ndcg: both.rms: sums of different conventions" ]
    echo later,ndcg,4,1,4,.5,.25 | rec-from csv --columns 'convention metric k:u32
        rows:u64 longest:u32 sum:f64[] squares:f64[]' -o later.rms
    run -1 --separate-stderr rec-ndcg --merge later.rms
    [ "$stderr" = "rec-ndcg: later.rms: convention 'later' is none of ours" ]
    run -1 --separate-stderr rec-ndcg --merge lists.rms
    [[ $stderr == "rec-ndcg: lists.rms: no column 'convention'"* ]]
    rec-where metric = none <sums.rms >none.rms
    run -1 --separate-stderr rec-ndcg --merge none.rms
    [ "$stderr" = "rec-ndcg: none.rms: no sums" ]
    refuses_damage sums.rms rec-ndcg --merge
    refuses_usage rec-ndcg --merge --at 4 sums.rms
    refuses_usage rec-ndcg --sums --per-row lists.rms
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
    refuses_usage rec-ndcg --convention mine lists.rms
    refuses_usage rec-ndcg --by seen lists.rms
    refuses_usage rec-ndcg --gain seen lists.rms
    refuses_usage rec-ndcg --per-query lists.rms
    refuses_usage rec-ndcg --per-row --truth-file lists.rms lists.rms
    refuses_usage rec-ndcg lists.rms lists.rms
    refuses_usage rec-ndcg --nonsense
}

@test "the manual page has the options of --help" {
    same_options rec-ndcg
}
