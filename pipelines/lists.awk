# lists.awk - the table of article-lists.mk
#
# usage: awk -f lists.awk lists.tsv differences.tsv
BEGIN {
    FS = "\t"
    models = split("popular ease als article tower ranked", model, " ")
    kinds = split("removed kept", kind, " ")
}

function mean(m, k, what) {
    return sum[m, k, what] / n[m, k, what]
}

function cell(m, k, what,    squares, i, d) {
    if (!n[m, k, what])
        return sprintf("  %-16s", "-")
    if (n[m, k, what] == 1)
        return sprintf("  %-16s", sprintf("%.4f", mean(m, k, what)))
    for (i = 1; i <= n[m, k, what]; i++) {
        d = value[m, k, what, i] - mean(m, k, what)
        squares += d * d
    }
    return sprintf("  %-16s", sprintf("%.4f (%.4f)", mean(m, k, what),
        sqrt(squares / (n[m, k, what] - 1))))
}

$1 == "seed" { next }

NF == 5 {
    sum[$2, $3, $4] += $5
    value[$2, $3, $4, ++n[$2, $3, $4]] = $5
    next
}

{ difference[++differences] = sprintf("%-14s %-8s %8.4f  %8.4f to %.4f", $1, $2, $3, $4, $5) }

END {
    print "                 seen titles removed                 seen titles kept"
    print "                 nDCG@10           top-100 accuracy  nDCG@10           top-100 accuracy"
    for (i = 1; i <= models; i++) {
        if (!n[model[i], "removed", "ndcg_10"])
            continue
        line = sprintf("%-15s", model[i])
        for (j = 1; j <= kinds; j++)
            line = line cell(model[i], kind[j], "ndcg_10") cell(model[i], kind[j], "top_100")
        sub(/ +$/, "", line)
        print line
    }
    print ""
    print "nDCG@10 of the second less that of the first, with a 95 % interval"
    for (i = 1; i <= differences; i++)
        print difference[i]
}
