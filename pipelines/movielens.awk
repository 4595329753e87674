# movielens.awk - the table of movielens.mk
#
# usage: awk -v models='NAME ...' -f movielens.awk figures.tsv ... NAME.42.tsv ...
#
# What rec-ndcg printed, behind a seed and a model's name, and what rec-compare
# printed of each NAME against ALS: in NAME.42.tsv for seed 42 and in
# NAME.others.tsv for all others.  A line is a metric of a model: for seed 42 the
# value, half its 95 % interval and the difference from ALS with its interval;
# for the other seeds mean, standard deviation over them, and the difference.
BEGIN {
    FS = "\t"
    models = split(models, model, " ")
    metrics = split("ndcg map precision recall", metric, " ")
}
FNR == 1 {
    n = split(FILENAME, part, /[\/.]/)
    kind = part[n - 1]
    name = part[n - 2]
}
$1 == "metric" || $3 == "metric" { next }
kind == "42" || kind == "others" {
    difference[kind, name, $1] = sprintf("%+.4f [%+.4f, %+.4f]", $5, $6, $7)
    next
}
$1 == 42 { published[$2, $3] = sprintf("%.6f %.4f", $5, $6); next }
{
    sum[$2, $3] += $5
    square[$2, $3] += $5 * $5
    n_of[$2, $3]++
}
function others(k,    mean, variance, n) {
    n = n_of[k]
    if (n == 0) return "-"
    mean = sum[k] / n
    if (n == 1) return sprintf("%.4f", mean)
    variance = (square[k] - sum[k] * mean) / (n - 1)
    return sprintf("%.4f (%.4f)", mean, variance > 0 ? sqrt(variance) : 0)
}
function or_none(text) { return text == "" ? "-" : text }
END {
    row = "%-10s%-9s%-16s%-28s%-17s%s\n"
    printf row, "@10", "", "seed 42    +-", "over als", "other seeds", "over als"
    for (j = 1; j <= metrics; j++)
        for (i = 1; i <= models; i++) {
            k = model[i] SUBSEP metric[j]
            printf row, metric[j], model[i], or_none(published[k]),
                or_none(difference["42", k]), others(k),
                or_none(difference["others", k])
        }
}
