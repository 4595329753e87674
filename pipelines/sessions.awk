# sessions.awk - rows with the number of the session that they are in
#
# usage: awk -v gap=SECONDS -f sessions.awk sorted.tsv
#
# The rows are sorted by user, in the first column, and by time, in the fourth.
# A session ends where the user's next row is more than GAP later.
BEGIN { FS = OFS = "\t" }
{
    if ($1 != user || $4 - time > gap)
        session++
    user = $1
    time = $4
    print $0, session
}
