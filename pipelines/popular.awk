# popular.awk - the k most popular items as candidates for every row
#
# usage: awk -v item=COLUMN [-v k=100] -f popular.awk train.tsv test.tsv
#
# Reads what rec-to tsv writes, counts the ids in COLUMN of the first file and
# prints the second with one column more, candidates: most popular first, and
# of equally popular ones the lower id.  rec-from tsv makes a stream of it.
BEGIN {
    FS = OFS = "\t"
    if (k == "")
        k = 100
}

FNR == 1 {
    file++
    at = 0
    for (i = 1; i <= NF; i++)
        if ($i == item)
            at = i
    if (!at) {
        print "popular.awk: " FILENAME ": no column " item >"/dev/stderr"
        failed = 1
        exit 1
    }
    if (file == 2) {
        list = most_popular()
        print $0, "candidates"
    }
    next
}

file == 1 { count[$at]++ }
file == 2 { print $0, list }

END {
    if (!failed && file != 2) {
        print "popular.awk: two files are needed" >"/dev/stderr"
        exit 1
    }
    if (failed)
        exit 1
}

# The ids joined by "|", as lists are in text.  count is used up.
function most_popular(    n, id, best, list) {
    for (n = 0; n < k; n++) {
        best = ""
        for (id in count)
            if (best == "" || count[id] > count[best] ||
                (count[id] == count[best] && id + 0 < best + 0))
                best = id
        if (best == "")
            break
        list = list (n ? "|" : "") best
        delete count[best]
    }
    return list
}
