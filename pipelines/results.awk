# results.awk - what was measured for one seed, as lines of results.tsv
#
# usage: awk -v seed=N -f results.awk [metric=M] name=NAME FILE ...
#
# Each FILE is a table with a header line, and what goes before it says what is
# taken from it: the lines whose metric is M (all of them without), a "%" in
# NAME standing for their k or, where there is no k, for their metric.  The
# last FILE can be a log of training, with a column epoch: its last line is taken
# and "%" stands for the columns accuracy, auc and log_loss.
BEGIN { FS = OFS = "\t" }

function result(what, value,    text) {
    text = name
    sub(/%/, what, text)
    print seed, text, value
    results++
}

FNR == 1 {
    for (i in at)
        delete at[i]
    for (i = 1; i <= NF; i++)
        at[$i] = i
    next
}

"epoch" in at {
    last = $0
    next
}

metric == "" || $at["metric"] == metric {
    result(("k" in at) ? $at["k"] : $at["metric"], $at["value"])
}

END {
    if (last != "") {
        $0 = last
        result("accuracy", $at["accuracy"])
        result("auc", $at["auc"])
        result("log_loss", $at["log_loss"])
    }
    if (!results) {
        print "results.awk: nothing was measured" >"/dev/stderr"
        exit 1
    }
}
