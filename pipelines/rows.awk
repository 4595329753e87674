# Logs of rec-train-rank, one of each seed's split, to the last figures of each
# and their means and standard deviations.
BEGIN {
    FS = OFS = "\t"
    split("accuracy auc log_loss", name, " ")
    print "split", "accuracy", "auc", "log_loss"
}

FNR == 1 {
    if (NR > 1)
        done()
    file = FILENAME
    sub("/[^/]*$", "", file)
    sub(".*/", "", file)
    for (i = 1; i <= NF; i++)
        at[$i] = i
    next
}

{
    for (k = 1; k <= 3; k++)
        last[k] = $at[name[k]]
}

END {
    done()
    line = "mean"
    for (k = 1; k <= 3; k++)
        line = line OFS sprintf("%.4f", sum[k] / n)
    print line
    line = "sd"
    for (k = 1; k <= 3; k++) {
        v = n > 1 ? (squares[k] - sum[k] * sum[k] / n) / (n - 1) : 0
        line = line OFS (n > 1 ? sprintf("%.4f", sqrt(v > 0 ? v : 0)) : "-")
    }
    print line
}

function done(    k, line) {
    n++
    line = file
    for (k = 1; k <= 3; k++) {
        sum[k] += last[k]
        squares[k] += last[k] * last[k]
        line = line OFS sprintf("%.4f", last[k])
    }
    print line
}
