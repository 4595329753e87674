# The table of movielens.mk: the published split, seed 42, and mean and standard
# deviation over the others.
BEGIN {
    FS = "\t"
    models = split("popular ease als", model, " ")
    metrics = split("ndcg map precision recall", metric, " ")
}
$3 == "metric" { next }
$1 == 42 { published[$2, $3] = sprintf("%.6f", $5); next }
{
    sum[$2, $3] += $5
    square[$2, $3] += $5 * $5
    n[$2, $3]++
}
function others(k,    mean, variance) {
    if (n[k] == 0) return "-"
    mean = sum[k] / n[k]
    if (n[k] == 1) return sprintf("%.4f", mean)
    variance = (square[k] - sum[k] * mean) / (n[k] - 1)
    return sprintf("%.4f (%.4f)", mean, variance > 0 ? sqrt(variance) : 0)
}
END {
    printf "%-12s%-10s%-10s  %s\n", "@10", "", "seed 42", "other seeds"
    for (j = 1; j <= metrics; j++)
        for (i = 1; i <= models; i++)
            printf "%-12s%-10s%-10s  %s\n", metric[j], model[i],
                published[model[i], metric[j]], others(model[i] SUBSEP metric[j])
}
