# The columns of trainers' logs as curves.
#
#   gnuplot -e "logs='tower.tsv ranker.tsv'; out='curves.svg'" pipelines/curves.gp
#
# LOGS are files that --log wrote, OUT ends with .svg, .png or .pdf as gnuplot can
# write it.  A panel for each column, one line in it for each log that has the
# column; epochs that were not judged are passed over.
if (!exists("logs") || !exists("out")) {
    print "usage: gnuplot -e \"logs='LOG ...'; out='FILE.svg'\" curves.gp"
    exit status 2
}
set datafile separator "\t"

# The columns of all logs that have a number, but for the epoch, which is the first.
names = ""
do for [log in logs] {
    have = system("awk -F '\\t' 'NR == 1 { n = split($0, name); next } \
        { for (i = 2; i <= n; i++) if ($i != \"-\" && !seen[i]++) \
            print name[i] }' '".log."'")
    do for [name in have] {
        if (strstrt(" ".names." ", " ".name." ") == 0) {
            names = names." ".name
        }
    }
}
if (words(names) == 0) {
    print "curves.gp: there is no log with columns in ".logs
    exit status 1
}
across = words(names) > 1 ? 2 : 1
down = (words(names) + across - 1) / across

kind = out[strlen(out) - 2:strlen(out)]
wide = 450 * across
high = 300 * down
if (kind eq "png") {
    set terminal pngcairo size wide, high
} else {
    if (kind eq "pdf") {
        set terminal pdfcairo size wide / 100., high / 100.
    } else {
        set terminal svg size wide, high dynamic
    }
}
set output out
# Okabe and Ito's colours, which people tell apart who do not see all colours.
set linetype 1 linecolor rgb "#0072B2" linewidth 2
set linetype 2 linecolor rgb "#D55E00" linewidth 2
set linetype 3 linecolor rgb "#009E73" linewidth 2
set linetype 4 linecolor rgb "#CC79A7" linewidth 2
set linetype cycle 4
set grid
set key above noenhanced
set xlabel "epoch"
set multiplot layout down, across
do for [name in names] {
    set title name noenhanced
    plot for [log in logs] "< awk -F '\\t' -v OFS='\\t' 'NR == 1 { \
            n = split($0, name); next } \
            { for (i = 2; i <= n; i++) if (name[i] == \"".name."\" && $i != \"-\") \
            print $1, $i }' '".log."'" \
        using 1:2 with linespoints pointtype 7 pointsize 0.3 title log
}
unset multiplot
set output
