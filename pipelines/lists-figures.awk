# lists-figures.awk - files of measured rows as lines of figures
#
# usage: awk -f lists-figures.awk .../seed-N/MODEL.KIND.rows.tsv ...
#
# Of each file the mean of ndcg@10 over its liked rows, and that of hit@100 over
# all; what was ranked has liked rows only, and its 100 are the tower's.
BEGIN {
    FS = OFS = "\t"
    print "seed", "model", "seen", "metric", "value"
}

function mean(sum, n) {
    return sprintf("%.6f", n ? sum / n : 0)
}

function put(    part, n, seed) {
    if (file == "")
        return
    n = split(file, part, "/")
    seed = file
    sub(/.*seed-/, "", seed)
    sub(/\/.*/, "", seed)
    split(part[n], part, ".")
    print seed, part[1], part[2], "ndcg_10", mean(ndcg, liked)
    if (part[1] != "ranked")
        print seed, part[1], part[2], "top_100", mean(hit, rows)
}

FNR == 1 {
    put()
    file = FILENAME
    liked = ndcg = rows = hit = 0
    next
}

{
    rows++
    hit += $4
    if ($2 >= 4) {
        liked++
        ndcg += $3
    }
}

END { put() }
