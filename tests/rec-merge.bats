# rec-merge makes one list of those that parts of the items gave a query.

load helper

# Lists "id:score id:score ..." of the queries 1, 2, ...: lists <LINES
lists() {
    awk -v OFS='\t' '{ ids = scores = ""
        for (i = 1; i <= NF; i++) {
            split($i, f, ":")
            ids = ids (i > 1 ? " " : "") f[1]
            scores = scores (i > 1 ? " " : "") f[2]
        }
        print NR, "q" NR, ids, scores }' |
        rec-from tsv --list-separator ' ' --meta key=item.t.lookup \
            --columns 'user:u32 name:str candidates:u32[] scores:f32[]'
}

rows() {
    rec-to tsv --list-separator ' ' --no-header -c candidates,scores
}

@test "the best come first, of equal ones the lower id" {
    printf '%s\n' '7:3 2:1' '4:2' '' | lists >a.rms
    printf '%s\n' '5:3 9:2 1:-1' '' '' | lists >b.rms
    rec-merge -k 3 a.rms b.rms | rows >got
    printf '%s\t%s\n' '5 7 9' '3 3 2' 4 2 '' '' | diff - got
    rec-merge b.rms a.rms | rows >got
    printf '%s\t%s\n' '5 7 9 2 1' '3 3 2 1 -1' 4 2 '' '' | diff - got
}

# 300 items of which many are as good as others, 40 queries, 20 known pairs each.
search() {
    awk -v n=300 -v w=4 'BEGIN { x = 1
        for (i = 1; i <= n; i++) {
            v = ""
            for (j = 0; j < w; j++) {
                x = x * 16807 % 2147483647
                v = v (j ? " " : "") x % 7 / 4 - 1
            }
            print i "\t" v
        } }' >vectors
    rec-from tsv --list-separator ' ' --meta key=i \
        --columns 'i:u32 embedding:f32[4]' vectors -o items.rms
    head -n 40 vectors | rec-from tsv --list-separator ' ' \
        --columns 'u:u32 embedding:f32[4]' -o queries.rms
    awk 'BEGIN { for (u = 1; u <= 40; u++) for (j = 0; j < 20; j++)
        print u "," 1 + (u * 97 + j * j * 31) % 300 }' |
        rec-from csv --columns 'u:u32 i:u32' -o known.rms
}

knn() {
    rec-knn --exclude known.rms --by u "$@" queries.rms
}

@test "the lists of any parts of the items make those of all items" {
    search
    for k in 1 10 200; do
        knn -k "$k" -i items.rms | rec-to csv >whole
        for n in 1 2 7 16; do
            rm -f part-*
            rec-split --by hash -c i --seed "$n" -i items.rms $(seq -f part-%g $n)
            for part in part-*; do
                knn --part -k "$k" -i "$part" -o "$part.rms"
            done
            # shellcheck disable=SC2046,SC2012 # names that we have chosen
            rec-merge -k "$k" $(ls -r part-*.rms) | rec-to csv | cmp - whole
        done
        # Merged from merged ones; one of them comes in single rows.
        rec-merge -k "$k" part-*[13579].rms |
            rec-merge -k "$k" part-*[02468].rms - | rec-to csv | cmp - whole
    done
}

@test "how the streams are cut into blocks does not matter" {
    printf '%s\n' '7:3 2:1' '4:2' '6:1' | lists >a.rms
    printf '%s\n' '5:3 9:2' '1:0' '8:1' | lists >b.rms
    rec-merge a.rms b.rms >whole.rms
    for n in 1 2 3; do
        rec-where -i b.rms user = "$n"
    done >single.rms
    rec-merge a.rms single.rms | cmp <(rows) <(rows <whole.rms)
    rec-merge single.rms a.rms | cmp <(rows) <(rows <whole.rms)
}

@test "columns, metas and steps are those of the first part" {
    printf '%s\n' '7:3' | lists >a.rms
    rec-cut candidates,scores,name,user a.rms | rec-where name = q1 >b.rms
    run -1 --separate-stderr rec-merge -k 1 a.rms - <<<""
    [[ $stderr == "rec-merge: standard input: "* ]]
    printf '%s\n' '5:3' | lists | rec-cut candidates,scores,name,user >b.rms
    rec-merge -k 1 a.rms b.rms | rec-info - | grep -vE '^(bytes|stored)' >got
    diff - got <<'END'
recmill 1
column user u32
column name str
column candidates u32[]
column scores f32[]
meta key item.t.lookup
step rec-from 0.1.0 --list-separator ' ' --meta key=item.t.lookup --columns 'user:u32 name:str candidates:u32[] scores:f32[]' tsv
step rec-merge 0.1.0 --count 1 a.rms b.rms
rows 1
blocks 1
segments 1
END
}

@test "parts that are not of the same queries are refused" {
    printf '%s\n' '7:3' '4:2' | lists >a.rms
    printf '%s\n' '5:3' | lists >short.rms
    run -1 --separate-stderr rec-merge a.rms short.rms -o no.rms
    [ "$stderr" = "rec-merge: short.rms: has fewer rows than a.rms" ]
    run -1 --separate-stderr rec-merge short.rms a.rms -o no.rms
    [ "$stderr" = "rec-merge: short.rms: has fewer rows than a.rms" ]
    printf '%s\n' '5:3' '6:1' '8:1' | lists | rec-where user '>' 1 >other.rms
    run -1 --separate-stderr rec-merge a.rms other.rms -o no.rms
    [ "$stderr" = "rec-merge: other.rms: row 1: user differs from that of a.rms" ]
    rec-cut user,candidates,scores a.rms >cut.rms
    run -1 --separate-stderr rec-merge a.rms cut.rms -o no.rms
    [ "$stderr" = "rec-merge: cut.rms: has no column 'name' of keys, as the first part" ]
    [ ! -e no.rms ]
}

@test "lists with an item in common, or with NaN, are refused" {
    printf '%s\n' '7:3 4:2' | lists >a.rms
    run -1 --separate-stderr rec-merge a.rms a.rms -o no.rms
    [ "$stderr" = "rec-merge: a.rms: row 1: item 7 is there twice" ]
    printf '%s\n' '1:9 7:2' | lists >b.rms
    run -1 --separate-stderr rec-merge -k 1 a.rms b.rms -o no.rms
    [ "$stderr" = "rec-merge: b.rms: row 1: item 7 is there twice" ]
    printf '%s\n' '5:nan' | lists >nan.rms
    run -1 --separate-stderr rec-merge a.rms nan.rms -o no.rms
    [ "$stderr" = "rec-merge: nan.rms: row 1: a score is not a number" ]
    [ ! -e no.rms ]
}

@test "what has no lists, or a damaged stream, is refused" {
    printf '%s\n' '7:3 4:2' | lists >a.rms
    rec-cut user,name a.rms >none.rms
    run -1 --separate-stderr rec-merge a.rms none.rms
    [[ $stderr == "rec-merge: none.rms: no column 'candidates'"* ]]
    printf '%s\n' '5:3' | lists >b.rms
    refuses_damage b.rms rec-merge a.rms -
}

@test "a full disk is an error" {
    printf '%s\n' '7:3 4:2' | lists >a.rms
    fails_on_full_disk rec-merge a.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    printf '%s\n' '7:3 4:2' | lists >a.rms
    refuses_usage rec-merge
    refuses_usage rec-merge - -
    refuses_usage rec-merge -k 0 a.rms
    refuses_usage rec-merge -k many a.rms
    refuses_usage rec-merge --nonsense a.rms
}
