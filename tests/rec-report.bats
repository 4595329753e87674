# rec-report draws logs, figures and lists as one page.

load helper

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    # Four queries, ranks 1 and 3, one that is not in its list, one unknown.
    printf '%s\n' 'ann,3,3|1|2,.9|.5|.1' 'bob,2,1|3|2,3|2|1' 'cy,4,1|2|3,3|2|1' \
        'ann,0,2|1|3,3|2|1' |
        rec-from csv --meta key=item.title.lookup --columns 'query.who.lookup:str
            item.title.lookup:u32 candidates:u32[] scores:f32[]' -o lists.rms
    printf '%b' 'epoch\tloss\trows_per_second\tauc\n1\t2.5\t1000\t-\n2\t1.5\t2000\t0.6\n3\t1\t1500\t0.7\n' >train.tsv
    printf '%b' 'metric\tk\tvalue\tci95\trows\nndcg\t10\t0.05\t0.004\t12345\nhit\t10\t0.25\tnan\t12345\n' >before.tsv
    printf '%b' 'metric\tk\tvalue\tci95\trows\nndcg\t10\t0.06\t0.004\t12345\nhit\t10\t0.25\t0.02\t12345\n' >after.tsv
    printf '%b' 'metric\tk\ta\tb\tdifference\tlow\thigh\tp\trows\nndcg\t10\t0.05\t0.06\t0.01\t0.004\t0.016\t0.0021\t12345\n' >cmp.tsv
}

# Titles that would like to be more than text.
hostile_vocabulary() {
    printf '%s\n' 'who,title,stars' 'ann,<script>alert(1)</script>,5' \
        'ann,"Tom & ""Jerry"" '\''s",5' $'ann,\x1b[31mred\x07\xe2\x80\xae,5' 'ann,plain,5' |
        rec-from csv -o titles.rms
    printf '%s\n' 'query who lookup dim=2' 'item title lookup dim=2 key' \
        'label stars threshold at=4' >f
    rec-vocab f titles.rms -o vocab.rms
}

# The page says this: says TEXT.  Tags count, ends of lines do not, and a blank
# is a blank.
says() {
    tr '\n' ' ' <page.html | sed 's/\xc2\xa0/ /g' | grep -F -- "$1" >/dev/null
}

@test "ranks of relevant items: table, bars and the sum of them" {
    rec-report lists.rms -o page.html
    # Two of four, at ranks 1 and 3; the middle one of those found is the first.
    says '<th scope="row">lists</th><td class="n">4</td><td class="n">2</td><td class="n">50.00 %</td><td class="n">1</td>'
    # A bar of 25 % on an axis up to 30 %: 25/30 of 170 units.
    [ "$(grep -c 'class="bar s0".*height="141.7"' page.html)" = 2 ]
    [ "$(grep -c 'class="bar s0".*height="0.0"' page.html)" = 1 ]
    says 'lists, rank in the list 3: 25 %'
    # The line goes up to 50 % on an axis up to 60 %.
    grep -qE 'class="line s0" d="M58.0 180.0L152.0 109.2L246.0 109.2L340.0 38.3"' page.html
}

@test "bars are told with their ranks, also where the axis has no room for them" {
    echo "9,$(seq -s '|' 40)" |
        rec-from csv --columns 'liked:u32 candidates:u32[]' -o long.rms
    rec-report --truth liked long.rms -o page.html
    says 'long, rank in the list 9–10: 100 %'
    [ "$(grep -cE '<title>long, rank in the list [0-9]+–[0-9]+: ' page.html)" = 20 ]
    # Five characters and a blank are wider than three of 20 bars.
    [ "$(grep -cE '<text [^>]*>[0-9]+–[0-9]+</text>' page.html)" = 5 ]
}

@test "lists of a few queries, with what was relevant and where it stood" {
    hostile_vocabulary
    rec-report -v vocab.rms first=lists.rms second=lists.rms -o page.html
    [ "$(grep -c '<div class="list">' page.html)" = 3 ]
    says '<h3>query.who.lookup ann</h3>'
    says '&#39;s – rank 1 in first; rank 1 in second</p>'
    says 'Relevant: plain – not in first; not in second</p>'
    [ "$(grep -o '<td class="hit">✓' page.html | wc -l)" = 4 ]
    rec-report -n 1 lists.rms -o page.html
    [ "$(grep -c '<div class="list">' page.html)" = 1 ]
    says '<th scope="row" class="n">2</th><td>1</td>'
}

@test "several relevant items are counted" {
    printf '%s\n' '1,2|9,1|2|3' '2,,1|2' '3,4|5|6,4|5|6' | rec-from csv \
        --columns 'q:u32 liked:u32[] candidates:u32[]' -o many.rms
    rec-report --truth liked --by q many.rms -o page.html
    says '<td class="n">5</td><td class="n">4</td><td class="n">80.00 %</td><td class="n">2</td>'
    says 'Relevant: 2 items – 1 in many</p>'
    says '<h3>q 3</h3> <p class="soft">Relevant: 3 items – 3 in many</p>'
}

@test "rows without a query are called by their number, empty lists and all" {
    printf 'x,\nx,\nx,7|8\n' | rec-from csv --columns 'x candidates:u32[]' -o one.rms
    printf 'x,7|9\nx,8|9\nx,9\n' | rec-from csv --columns 'x candidates:u32[]' -o two.rms
    rec-report --text one.rms >text
    [ "$(sed -n 's/^  row //p' text)" = 3 ]
    rec-report one.rms two.rms -o page.html
    says '<h3>row 3</h3>'
    says '<tr><th scope="row" class="n">1</th><td>7</td><td>9</td></tr>'
}

@test "what is twice in a list is found where it is first" {
    printf '%s\n' '7,9|7|7' | rec-from csv --columns 'liked:u32 candidates:u32[]' -o twice.rms
    rec-report --text --truth liked twice.rms >text
    [ "$(grep -c '✓' text)" = 1 ]
    grep -q '^  ✓  2  7$' text
}

@test "figures: a table with intervals, and by how much the last is better" {
    rec-report before.tsv after.tsv -o page.html
    says '<th scope="row">nDCG@10</th><td class="n">0.0500 <small>± 0.0040</small></td><td class="n">0.0600 <small>± 0.0040</small></td><td class="n">+20.0 %</td>'
    # An interval that nobody knows is not shown.
    says '<th scope="row">hit rate@10</th><td class="n">0.2500</td>'
    says '<small>12,345 rows</small>'
    rec-report one=before.tsv -o page.html
    says '<th scope="col" class="n">one<br/>'
    run ! grep -q 'against' page.html
}

@test "figures of several lists in one file, and of seeds without depths" {
    printf '%b' 'lists\tmetric\tk\tvalue\nx\tndcg\t5\t0.5\ny\tndcg\t5\t0.25\n' >quality.tsv
    rec-report --text quality.tsv >text
    grep -E '^  metric +x +y' text
    grep -E '^  nDCG@5 +0\.5000 +0\.2500' text
    printf '%b' 'seed\tmetric\tvalue\n1\tauc\t0.7\n2\tauc\t0.8\n' >results.tsv
    rec-report --text results.tsv | grep -E '^  auc +0\.7000 +0\.8000'
}

@test "what has no number is told as such, not as one" {
    rec-report before.tsv -o page.html
    says '<desc id="d1">before: 0.05, from 0.046 to 0.054. </desc>'
    says '<desc id="d2">before: 0.25. </desc>'
    mkdir a b
    cp train.tsv a/
    sed '2,$s/[^\t]*$/-/' train.tsv >b/train.tsv
    rec-report a/train.tsv b/train.tsv -o page.html
    says 'a/train: first 0.6, last 0.7. b/train: no numbers. '
    run ! grep -w nan page.html
}

@test "a stream of measured rows has the mean and interval that rec-ndcg prints" {
    rec-ndcg --at 1,3 --per-row lists.rms -o rows.rms
    rec-ndcg --at 1,3 lists.rms >table
    rec-report --text rows.rms >text
    awk -F '\t' 'NR > 1 { printf "%.3f ± %.3f\n", $3, $4 }' table |
        while read -r figure; do
            grep -qF "$figure" text
        done
    grep 'rows.rms: lists, 4 rows' text
}

@test "a comparison: both, the difference, its interval and p" {
    rec-report cmp.tsv -o page.html
    says '<th scope="row">nDCG@10</th><td class="n">0.0500</td><td class="n">0.0600</td><td class="n">0.0100</td><td class="n">0.0040</td><td class="n">0.0160</td><td class="n">0.0021</td><td class="n">12,345</td>'
}

@test "curves go where the log says; a figure that was judged once is told" {
    rec-report train.tsv -o page.html
    # Epochs 1 to 3 over 58 to 340; the loss on an axis from 1 to 2.5.
    grep -qF 'd="M58.0 10.0L199.0 123.3L340.0 180.0"' page.html
    grep -qF 'd="M199.0 ' page.html
    says '<b>loss</b>, 1.000 in the end'
    says '>2,000<'
    awk -F '\t' -v OFS='\t' 'NR == 3 { $4 = "-" } { print }' train.tsv >once.tsv
    rec-report once.tsv -o page.html
    says 'once in the end: auc <b>0.7000</b>'
    run ! grep -q '<b>auc</b>' page.html
}

@test "logs of one name share their charts, others do not" {
    mkdir a b
    cp train.tsv a/
    cp train.tsv b/
    rec-report a/train.tsv b/train.tsv before.tsv -o page.html
    [ "$(grep -c '<b>loss</b>' page.html)" = 1 ]
    says '</svg>a/train</li>'
    says '</svg>b/train</li>'
    says '<h3>train.tsv <small>from <a href="#f1">a/train.tsv</a>, <a href="#f2">b/train.tsv</a></small></h3>'
    cp train.tsv other.tsv
    rec-report train.tsv other.tsv -o page.html
    [ "$(grep -c '<b>loss</b>' page.html)" = 2 ]
}

@test "provenance: the steps of every stream, and the page's own" {
    rec-head -n 3 lists.rms -o short.rms
    rec-report --title 'A <title>' short.rms before.tsv -o page.html
    says '<title>A &lt;title&gt;</title>'
    says '<h3 id="f1">short.rms <small>lists, 3 rows</small></h3>'
    rec-info short.rms | sed -n 's/^step //p' | while read -r step; do
        says "<li><code>$(sed "s/'/\\&#39;/g; s/\"/\\&quot;/g" <<<"$step")</code></li>"
    done
    says '<a href="#f2">before.tsv</a>'
    says 'rec-report 0.1.0 --title'
    # What figures are called is kept, where the files are is not.
    mkdir here
    cp lists.rms here/a.rms
    rec-report one=here/a.rms ./here/a.rms two=- <train.tsv -o page.html
    says '<code>rec-report 0.1.0 one=a.rms a.rms two=-</code>'
}

@test "nothing from data becomes a tag or drives a terminal" {
    hostile_vocabulary
    rec-report -v vocab.rms '<i>"x=lists.rms' -o page.html
    says '&lt;script&gt;alert(1)&lt;/script&gt;'
    says 'Tom &amp; &quot;Jerry&quot; &#39;s'
    says '&lt;i&gt;&quot;x'
    run ! grep -qE '<script|<i>' page.html
    run ! grep -q $'[\x01-\x08\x0b-\x1f\x7f]' page.html
    rec-report --text -v vocab.rms lists.rms >text
    grep -q '<script>alert(1)</script>' text
    run ! grep -q $'[\x01-\x09\x0b-\x1f\x7f]' text
    run ! grep -q $'\xe2\x80\xae' text
}

everything() {
    hostile_vocabulary
    rec-ndcg --at 3 --per-row lists.rms -o rows.rms
    rec-report -v vocab.rms before.tsv after.tsv cmp.tsv rows.rms lists.rms \
        train.tsv vocab.rms "$@"
}

@test "the page is whole in itself, well-formed and told in words, too" {
    everything -o page.html
    run ! grep -qiE '(src|href)="?[^#"]|url\(|@import|<script|<link|http' page.html
    [ "$(grep -c '<svg.*role="img" aria-labelledby' page.html)" = \
        "$(grep -c '<desc id' page.html)" ]
    says '<html lang="en">'
    run ! grep -qE '<th[ >]' <(grep -oE '<th[^>]*>' page.html | grep -v scope=)
    run ! grep -qE '[^a-z](nan|inf)[^a-z]' <(grep -oE '(x|y|d|cx|cy|x1|x2|y1|y2|height|width)="[^"]*"' page.html)
    command -v xmllint >/dev/null || skip "no xmllint: not parsed"
    xmllint --noout --nonet page.html
}

@test "a browser shows it without a complaint" {
    command -v chromium >/dev/null || skip "no chromium"
    everything -o page.html
    browse() {
        timeout 60 chromium --headless --no-sandbox --disable-gpu \
            --user-data-dir="$PWD/profile" --enable-logging=stderr \
            --dump-dom "$1" 2>err
    }
    browse "file://$PWD/page.html" >dom || ! browse about:blank >blank ||
        return 1
    [ ! -e blank ] || skip "chromium does not start here"
    grep -q '<small>12,345 rows</small>' dom
    [ "$(grep -c '<figure>' dom)" = "$(grep -c '<figure>' page.html)" ]
    run ! grep -q CONSOLE err
}

@test "--text: tables, bars, curves, lists and steps as lines" {
    export LC_ALL=C.UTF-8 # for grep
    everything --text >text
    grep -E '^  nDCG@10 +0\.050 ± 0\.004 +0\.060 ± 0\.004' text
    grep -F 'lists: 2 of 4 relevant items are in the lists (50.00 %), median rank 1' text
    grep -E '^ +1 +25\.00 % █{40}$' text
    grep -E '^ +2 +0\.00 % $' text
    grep -E '^    loss +█▃▁  2\.5 to 1$' text
    grep -E '^    auc +  ▁█  0\.6 to 0\.7$' text
    grep -E '^  ✓  1  ' text
    grep -F '    rec-ndcg 0.1.0 --at 3 --per-row' text
}

@test "standard input and pipes, a stream or text; the same bytes each time" {
    rec-report lists.rms -o page.html
    rec-report lists=- <lists.rms | grep -c 'class="bar' | grep -x 3
    head -n 2 train.tsv | rec-report --text train=- | grep '^  train, 1 epoch$'
    rec-report --text train=<(cat train.tsv) - < <(cat before.tsv) >text
    grep -q '^  train, 3 epochs' text
    grep -q 'standard input' text
    # A file that somebody has read a line of.
    for file in train.tsv lists.rms; do
        { echo read before; cat "$file"; } >begun
        { read -r _; rec-report --text -; } <begun >text
        grep -qE '^  standard input: (training log|lists), [34] rows$' text
    done
    everything >one.html
    everything -o two.html
    cmp one.html two.html
    fails_on_full_disk rec-report lists.rms
}

# What is wrong is said in one line, and no page appears: refuses PATTERN
# ARGUMENT...
refuses() {
    local pattern=$1
    shift
    run -1 --separate-stderr rec-report "$@" -o page.html
    echo "$stderr"
    # shellcheck disable=SC2053 # a pattern on purpose
    [[ $stderr == $pattern ]]
    [ "$(wc -l <<<"$stderr")" = 1 ]
    [ ! -e page.html ]
}

@test "files that are missing, cut, damaged or none of these are refused" {
    refuses 'rec-report: none.tsv: No such file*' none.tsv
    refuses 'rec-report: .: *' .
    : >empty
    refuses 'rec-report: empty: the file is empty' empty
    head -c 400 lists.rms >cut.rms
    refuses 'rec-report: cut.rms: *' train.tsv cut.rms
    cp lists.rms damaged.rms
    damage damaged.rms 500
    refuses 'rec-report: damaged.rms: *' damaged.rms
    echo hello >hello
    refuses 'rec-report: hello: neither a record stream nor *' hello
    printf 'a\tb\n1\t2\n' >other.tsv
    refuses 'rec-report: other.tsv: line 1: the columns are those of no log*' other.tsv
    head -n 1 train.tsv >x.tsv
    refuses 'rec-report: x.tsv: a log without an epoch' x.tsv
    { cat train.tsv; printf '4\t1\n'; } >x.tsv
    refuses 'rec-report: x.tsv: line 5: 2 fields, and the header has 4' x.tsv
    sed 's/1\.5/1,5/' train.tsv >x.tsv
    refuses "rec-report: x.tsv: line 3: loss '1,5' is no number" x.tsv
    { cat train.tsv; tail -n 1 train.tsv; } >x.tsv
    refuses 'rec-report: x.tsv: line 5: epochs go up' x.tsv
    sed 's/0\.05\t/1e99\t/' before.tsv >x.tsv
    refuses 'rec-report: x.tsv: line 2: value *' x.tsv
    sed '3s/hit/ndcg/' before.tsv >x.tsv
    refuses 'rec-report: x.tsv: line 3: a second figure of *' x.tsv
    head -n 1 cmp.tsv >x.tsv
    refuses 'rec-report: x.tsv: a comparison without a line' x.tsv
    rec-cut candidates=query.who.lookup lists.rms -o x.rms
    refuses "rec-report: x.rms: column 'candidates' is str, not u32*" x.rms
    refuses "rec-report: lists.rms: no column 'liked'*" --truth liked lists.rms
    hostile_vocabulary
    sed 's/^item.*//; s/^query who.*/query title lookup dim=2/' f >g
    rec-vocab g titles.rms -o keyless.rms
    refuses '*key*' -v keyless.rms lists.rms
    sed 's/plain/flat/' <(rec-to csv titles.rms) | rec-from csv -o others.rms
    rec-vocab f others.rms -o other.rms
    rec-featurize -v vocab.rms titles.rms -o rows.rms
    rec-popular -k 2 -t rows.rms rows.rms -o x.rms
    refuses 'rec-report: x.rms: * (compared with the vocabulary)' -v other.rms x.rms
    printf '9,1|7777\n' | rec-from csv --columns 'q:u32 candidates:u32[]' -o x.rms
    refuses "rec-report: x.rms: item 7777, but *" -v vocab.rms x.rms
}

@test "curves.gp and metrics.gp draw what the files say" {
    command -v gnuplot >/dev/null || skip "no gnuplot"
    local pipelines="$BATS_TEST_DIRNAME/../pipelines"
    printf '%b' 'epoch\tloss\n1\t3\n2\t2\n' >short.tsv
    gnuplot -e "logs='train.tsv short.tsv'; out='curves.svg'" \
        "$pipelines/curves.gp"
    for name in loss rows_per_second auc train.tsv short.tsv; do
        grep -q ">$name<" curves.svg
    done
    gnuplot -e "tables='before.tsv after.tsv'; out='metrics.svg'" \
        "$pipelines/metrics.gp"
    for name in ndcg hit before.tsv after.tsv; do
        grep -q ">$name<" metrics.svg
    done
    run -2 gnuplot "$pipelines/curves.gp"
    [[ $output == *"usage: "* ]]
    run -1 gnuplot -e "logs='none.tsv'; out='x.svg'" "$pipelines/curves.gp"
}

@test "wrong usage exits 2" {
    refuses_usage rec-report
    refuses_usage rec-report -n x lists.rms
    refuses_usage rec-report - - <lists.rms
    refuses_usage rec-report --lists 1001 lists.rms
}

@test "a page is not for a terminal, text is" {
    command -v script >/dev/null || skip "no script(1)"
    script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
        skip "no terminal to be had"
    run -2 script -qec 'rec-report lists.rms' /dev/null </dev/null
    [[ $output == *"a page is not for a terminal"* ]]
    script -qec 'rec-report --text lists.rms' /dev/null </dev/null | grep 'median rank 1'
}
