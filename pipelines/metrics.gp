# What rec-ndcg printed, with its intervals: a panel for each metric, over depths.
#
#   gnuplot -e "tables='before.tsv after.tsv'; out='metrics.svg'" pipelines/metrics.gp
if (!exists("tables") || !exists("out")) {
    print "usage: gnuplot -e \"tables='TABLE ...'; out='FILE.svg'\" metrics.gp"
    exit status 2
}
set datafile separator "\t"
names = ""
do for [table in tables] {
    have = system("awk -F '\\t' 'NR > 1 && !seen[$1]++ { print $1 }' '".table."'")
    do for [name in have] {
        if (strstrt(" ".names." ", " ".name." ") == 0) {
            names = names." ".name
        }
    }
}
if (words(names) == 0) {
    print "metrics.gp: there are no figures in ".tables
    exit status 1
}
across = words(names) > 1 ? 2 : 1
down = (words(names) + across - 1) / across
set terminal svg size 450 * across, 300 * down dynamic
set output out
set linetype 1 linecolor rgb "#0072B2" linewidth 2
set linetype 2 linecolor rgb "#D55E00" linewidth 2
set linetype 3 linecolor rgb "#009E73" linewidth 2
set linetype 4 linecolor rgb "#CC79A7" linewidth 2
set linetype cycle 4
set grid
set key above noenhanced
set xlabel "depth"
set xrange [0:*]
set yrange [0:*]
set multiplot layout down, across
do for [name in names] {
    set title name noenhanced
    plot for [table in tables] table \
        using "k":(strcol("metric") eq name ? column("value") : NaN):"ci95" \
        with yerrorlines title table
}
unset multiplot
set output
