# shellcheck disable=SC2154 # run sets stderr
load helper

# The fields of a CSV file, separated by tabs, with the quoting undone.  Fails
# when a quote is out of place or a line has not four fields.
fields() {
    LC_ALL=C awk '
    {
        rest = $0 ","
        count = 0
        line = ""
        while (rest != "") {
            if (match(rest, /^"([^"]|"")*",/)) {
                field = substr(rest, 2, RLENGTH - 3)
                gsub(/""/, "\"", field)
            } else if (match(rest, /^[^",]*,/)) {
                field = substr(rest, 1, RLENGTH - 1)
            } else {
                exit 1
            }
            rest = substr(rest, RLENGTH + 1)
            line = line (count++ ? "\t" : "") field
        }
        if (count != 4)
            exit 1
        print line
    }' "$1"
}

@test "writes a header and as many rows as asked for" {
    rec-synth --rows 5000 >csv
    [ "$(head -n 1 csv)" = "user_id,movie_title,rating,timestamp" ]
    [ "$(wc -l <csv)" -eq 5001 ]
    for n in 1 2 19 400; do
        [ "$(rec-synth --rows $n | wc -l)" -eq $((n + 1)) ]
    done
}

@test "every line is CSV with four fields; quotes only where needed" {
    rec-synth --rows 5000 | tail -n +2 >csv
    fields csv >table
    [ "$(wc -l <table)" -eq 5000 ]
    # Commas and quotes occur, so that reading them is put to the test.
    cut -f 2 table >titles
    grep -q ',' titles
    grep -q '"' titles
    # Between quotes is a comma or another quote.
    run ! grep -E ',"[^",]*",' csv
}

@test "titles are UTF-8, and some are not ASCII" {
    rec-synth --rows 5000 >csv
    iconv -f UTF-8 -t UTF-8 csv >/dev/null
    LC_ALL=C grep -q '[^ -~]' csv
}

@test "ratings are 1 to 5 in the shares of MovieLens" {
    rec-synth --rows 100000 --seed 7 | tail -n +2 >csv
    fields csv | awk -F '\t' '
        $3 !~ /^[1-5]$/ { exit 1 }
        { n[$3]++ }
        END {
            liked = (n[4] + n[5]) / NR
            exit !(NR == 100000 && liked > .50 && liked < .60 &&
                   n[1] / NR > .04 && n[5] / NR < .28)
        }'
}

@test "nobody rates a title twice or goes back in time" {
    rec-synth --rows 20000 --items 200 --users 250 | tail -n +2 >csv
    fields csv >table
    [ "$(cut -f 1,2 table | sort | uniq -d | wc -l)" -eq 0 ]
    awk -F '\t' '
        $1 == user && $4 < time { exit 1 }
        $4 < 874724710 || $4 > 893286638 { exit 1 }
        { user = $1; time = $4 }' table
}

@test "users, items and the least per user are as asked for" {
    rec-synth --rows 30000 --users 300 --items 400 | tail -n +2 >csv
    fields csv >table
    [ "$(cut -f 1 table | sort -u | wc -l)" -eq 300 ]
    [ "$(cut -f 2 table | sort -u | wc -l)" -eq 400 ]
    cut -f 1 table | sort | uniq -c |
        awk '$1 < 20 || $1 > 200 { exit 1 }'
}

@test "half of all pairs is the most, and is reached" {
    rec-synth --rows 500 --users 10 --items 100 | tail -n +2 >csv
    [ "$(fields csv | cut -f 1,2 | sort -u | wc -l)" -eq 500 ]
    refuses_usage rec-synth --rows 501 --users 10 --items 100
    [[ $stderr == *"501 rows are too many"* ]]
    [ "$(rec-synth --rows 1 --users 1 --items 1 | wc -l)" -eq 2 ]
}

@test "what is popular is watched more, and a title is watched by its own kind" {
    rec-synth | tail -n +2 >csv
    fields csv >table
    # A hundred titles of 1,682 have a fifth to a third of all ratings.
    cut -f 2 table | sort | uniq -c | sort -rn |
        awk 'NR <= 100 { n += $1 } END { exit !(n > 20000 && n < 33000) }'
    # A user's films share the words of the titles: of these eight, the one that
    # a user has most often is in .034 of the films, and in .022 where affinity
    # is taken out of the generator.
    awk -F '\t' '
        function close_user(w) {
            most = 0
            for (w in n) {
                if (n[w] > most)
                    most = n[w]
                delete n[w]
            }
            if (rows >= 50) {
                share += most / rows
                users++
            }
            rows = 0
        }
        $1 != user { close_user(); user = $1 }
        { rows++ }
        match($2, /Haunted|Tender|Galactic|Lawless|Guilty|Foolish|Royal|Magic/) {
            n[substr($2, RSTART, RLENGTH)]++
        }
        END { close_user(); exit !(share / users > .028) }
    ' table
}

@test "the same seed gives the same bytes, another seed others" {
    rec-synth --rows 3000 >one
    rec-synth --rows 3000 --seed 1 -o two
    cmp one two
    rec-synth --rows 3000 --seed 2 >three
    run -1 cmp -s one three
}

@test "memory does not grow with the rows" {
    # The least room, in kB, in which a short run succeeds: 16 MB or so with the
    # libraries, terabytes with a sanitizer.
    local room
    for ((room = 3000; room < 64000; room += 250)); do
        (ulimit -v $room && rec-synth -r 10 -i 1000) >/dev/null 2>&1 && break
    done
    [ $room -lt 64000 ] || skip "this build needs too much room to tell"
    # One byte more for each row would not fit.
    (ulimit -v $((room + 250)) && rec-synth -r 300000 -i 1000 >/dev/null)
}

@test "a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    run -1 --separate-stderr bash -c 'rec-synth --rows 10 >/dev/full'
    [[ $stderr == "rec-synth: standard output: "* ]]
    run -1 --separate-stderr rec-synth --rows 100000 -o /dev/full
    [[ $stderr == "rec-synth: /dev/full: "* ]]
}

@test "-o leaves nothing behind when it fails" {
    mkdir here
    run -1 --separate-stderr bash -c 'ulimit -f 100; trap "" XFSZ
        rec-synth -o here/ratings.csv'
    [[ $stderr == "rec-synth: here/ratings.csv: "* ]]
    [ -z "$(ls -A here)" ]
}

@test "wrong usage is refused" {
    refuses_usage rec-synth --rows 0
    refuses_usage rec-synth --rows 10x
    refuses_usage rec-synth --rows -1
    refuses_usage rec-synth --items 24010001
    refuses_usage rec-synth --rows 10 --users 11
    refuses_usage rec-synth --seed 1.5
    refuses_usage rec-synth --unknown
    refuses_usage rec-synth operand
}

@test "help and manual page have the same options" {
    same_options rec-synth
}
