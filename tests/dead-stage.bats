# Whatever stage of the recommendation pipe dies, wherever: under plain sh, which
# looks at the last status only, the pipe fails, says who died, and leaves no
# file under its final name.

load helper

# Models of two epochs on a few hundred rows: what they recommend is no matter.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    cat >flow.features <<'END'
query user_id     lookup   dim=4
item  movie_title lookup   dim=4 key
label rating      threshold at=4
END
    rec-synth --rows 600 | rec-from csv -o ratings.rms
    rec-vocab flow.features ratings.rms -o vocab.rms
    rec-featurize -v vocab.rms ratings.rms -o train.rms
    rec-featurize -v vocab.rms --items ratings.rms -o items.rms
    rec-train-tower -e 2 -l 4 train.rms -o tower.rms
    rec-train-rank -e 2 -l 4 train.rms -o ranker.rms
    rec-embed -m tower.rms --tower item items.rms -o embedded.rms
    # Many small blocks, so that there is a middle to die in.
    for _ in 1 2 3 4 5 6 7 8; do
        rec-head -n 40 ratings.rms
    done >queries.rms
    cat >stages <<'END'
rec-featurize -v vocab.rms --part query queries.rms
rec-embed -m tower.rms --tower query
rec-knn -k 5 -i embedded.rms
rec-rank -m ranker.rms -i items.rms
rec-decode -v vocab.rms
END
}

# The pipe of all stages, stage number $1 begun with the words $2.
pipe_with() {
    awk -v n="$1" -v words="$2" '
        { printf "%s%s | ", NR == n ? words " " : "", $0 }
        END { print "rec-to tsv -o out.tsv" }' stages
}

@test "the pipe works when nobody dies" {
    cd "$BATS_FILE_TMPDIR"
    rm -f out.tsv
    sh -c "$(pipe_with 0 '')"
    [ "$(wc -l <out.tsv)" -eq 321 ]
}

@test "each stage killed at some fifty places: the last one fails and names it" {
    cd "$BATS_FILE_TMPDIR"
    stages=$(wc -l <stages)
    for ((stage = 1; stage <= stages; stage++)); do
        name=$(sed -n "${stage}s/ .*//p" stages)
        next=$(sed -n "$((stage + 1))s/ .*//p" stages)
        sh -c "$(head -n "$stage" stages | paste -sd '|')" >whole.rms
        size=$(wc -c <whole.rms)
        for ((n = 0; n < size; n += size / 50 + 1)); do
            rm -f out.tsv
            run -1 --separate-stderr sh -c "$(pipe_with "$stage" "killed-after $n")"
            [ ! -e out.tsv ]
            # Who dies before its first byte is known by who waited for it.
            last=$(grep '^rec-to: ' <<<"$stderr")
            if [ "$n" -ge 32 ] && [[ $last == *"$name did not finish"* ]]; then
                continue
            fi
            [[ $last == *"${next:-rec-to}: standard input: "* ]]
        done
    done
}

@test "a stage that cannot start is named by the last one" {
    cd "$BATS_FILE_TMPDIR"
    rm -f out.tsv
    run -1 --separate-stderr sh -c "$(pipe_with 0 '' | sed s/ranker.rms/none.rms/)"
    [[ $stderr == *"rec-to: standard input: incomplete: rec-rank: none.rms: "* ]]
    [ ! -e out.tsv ]
}

@test "the last stage killed leaves no file under its final name" {
    cd "$BATS_FILE_TMPDIR"
    rm -f out.tsv
    run -137 sh -c "$(pipe_with 0 '' | sed 's/rec-to tsv/killed-after 0 &/')"
    [ ! -e out.tsv ]
}

@test "a damaged model file fails the whole pipe" {
    cd "$BATS_FILE_TMPDIR"
    rm -f out.tsv
    cp tower.rms good.rms
    damage tower.rms 600
    run -1 --separate-stderr sh -c "$(pipe_with 0 '')"
    mv good.rms tower.rms
    [[ $stderr == *"rec-to: standard input: incomplete: rec-embed: tower.rms: "* ]]
    [ ! -e out.tsv ]
}
