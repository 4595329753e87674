# bias.awk - how far a table of biases gets with the rating
#
# usage: awk -v user=COLUMN -v item=COLUMN -v rating=COLUMN [-v liked=4]
#            -f bias.awk train.tsv test.tsv
#
# Reads what rec-to tsv writes.  With the mean rating mu of the first file, an
# item's bias is sum(rating - mu) / (n + 5) over its n rows, and a user's is
# sum(rating - mu - bias of the item) / (n + 5).  A row of the second file is
# taken for liked when mu and the two biases add up to half a star less than
# LIKED or more.  Prints the share of rows for which that is right.
BEGIN {
    FS = OFS = "\t"
    if (liked == "")
        liked = 4
}

function fail(why) {
    print "bias.awk: " why >"/dev/stderr"
    failed = 1
    exit 1
}

FNR == 1 {
    file++
    for (name in at)
        delete at[name]
    for (i = 1; i <= NF; i++)
        at[$i] = i
    if (!(user in at) || !(item in at) || !(rating in at))
        fail(FILENAME ": has not all of the columns " user ", " item ", " \
             rating)
    u = at[user]
    v = at[item]
    r = at[rating]
    if (file == 2)
        fit()
    next
}

# The rows are kept: item biases come first, users' from what they leave over.
file == 1 {
    rows++
    row_user[rows] = $u
    row_item[rows] = $v
    row_rating[rows] = $r
    mu += $r
}

file == 2 {
    tested++
    predicted = mu + item_bias[$v] + user_bias[$u]
    right += (predicted >= liked - 0.5) == ($r >= liked)
}

function fit(    n, id) {
    if (!rows)
        fail("no rows to fit")
    mu /= rows
    for (n = 1; n <= rows; n++) {
        item_bias[row_item[n]] += row_rating[n] - mu
        item_rows[row_item[n]]++
    }
    for (id in item_rows)
        item_bias[id] /= item_rows[id] + 5
    for (n = 1; n <= rows; n++) {
        user_bias[row_user[n]] += row_rating[n] - mu - item_bias[row_item[n]]
        user_rows[row_user[n]]++
    }
    for (id in user_rows)
        user_bias[id] /= user_rows[id] + 5
}

END {
    if (failed)
        exit 1
    if (!tested) {
        print "bias.awk: no rows to test" >"/dev/stderr"
        exit 1
    }
    print "metric", "value"
    printf "accuracy\t%.6f\n", right / tested
}
