# tune.awk - what rec-compare printed of each setting, a line each
BEGIN { FS = OFS = "\t" }
$1 == "ndcg" {
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.tuned\.tsv$/, "", name)
    kind = name
    sub(/_.*/, "", kind)
    sub(/[^_]*_/, "", name)
    gsub(/_/, " ", name)
    printf "%s\t%.4f\t%+.4f [%+.4f, %+.4f]\t%s\n", kind, $4, $5, $6, $7, name
}
