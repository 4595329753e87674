# table.awk - results.tsv as a table for people
#
# usage: awk [-v article=0] -f table.awk results.tsv
#
# A line for each metric: the article's number (left out with article=0), mean
# and standard deviation over the seeds, what a plain count gives, and the value
# of each seed.
BEGIN {
    FS = "\t"
    if (article == "")
        article = 1
    row("top_1_accuracy", "top-1 accuracy", "-", "popular_top_1_accuracy")
    row("top_5_accuracy", "top-5 accuracy", "-", "popular_top_5_accuracy")
    row("top_10_accuracy", "top-10 accuracy", "-", "popular_top_10_accuracy")
    row("top_50_accuracy", "top-50 accuracy", "-", "popular_top_50_accuracy")
    row("top_100_accuracy", "top-100 accuracy", "0.28",
        "popular_top_100_accuracy")
    row("ndcg_10_before", "nDCG@10 as retrieved", "0.005736", "popular_ndcg_10")
    row("ndcg_10_after", "nDCG@10 re-ranked", "0.007694", "popular_ndcg_10")
    row("ranking_accuracy", "ranking accuracy", "0.70", "bias_accuracy")
    row("ranking_auc", "ranking AUC", "-", "")
    row("ranking_log_loss", "ranking log loss", "-", "")
}

function row(metric, label, published, baseline) {
    metrics[++rows] = metric
    label_of[metric] = label
    article_of[metric] = published
    baseline_of[metric] = baseline
}

FNR == 1 && $1 == "seed" { next }

{
    if (!($1 in seen)) {
        seen[$1] = 1
        seed[++seeds] = $1
    }
    value[$1, $2] = $3
    sum[$2] += $3
    n[$2]++
}

# The mean of a metric over the seeds that have it.
function mean(metric) {
    return n[metric] ? sum[metric] / n[metric] : 0
}

function deviation(metric,    i, d, squares) {
    for (i = 1; i <= seeds; i++)
        if ((seed[i], metric) in value) {
            d = value[seed[i], metric] - mean(metric)
            squares += d * d
        }
    return sqrt(squares / (n[metric] - 1))
}

END {
    if (!seeds) {
        print "table.awk: no results" >"/dev/stderr"
        exit 1
    }
    line = sprintf("%-20s", "")
    if (article)
        line = line sprintf("  %8s", "article")
    line = line sprintf("  %8s  %8s  %8s", "mean", "sd", "counting")
    for (i = 1; i <= seeds; i++)
        line = line sprintf("  %8s", "seed " seed[i])
    print line
    for (m = 1; m <= rows; m++)
        if (n[metrics[m]])
            print_row(metrics[m])
    print ""
    print "counting: the most popular titles for every query, and for the" \
        " accuracy of"
    print "ranking a table of user and title biases; no model is trained."
}

function print_row(metric,    i, line, b) {
    b = baseline_of[metric]
    line = sprintf("%-20s", label_of[metric])
    if (article)
        line = line sprintf("  %8s", article_of[metric])
    line = line sprintf("  %8.5f", mean(metric))
    line = line (n[metric] > 1 ? sprintf("  %8.5f", deviation(metric)) \
                               : sprintf("  %8s", "-"))
    line = line (n[b] ? sprintf("  %8.5f", mean(b)) : sprintf("  %8s", "-"))
    for (i = 1; i <= seeds; i++)
        line = line sprintf("  %8.5f", value[seed[i], metric])
    print line
}
