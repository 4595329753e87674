# rec-stats adds to each row numbers of other rows of its user or item.

load helper

# Mean of all ratings: 3.
rows() {
    printf '%s\n' user,item,rating,time u,A,5,10 u,B,1,20 u,C,4,40 v,A,2,15 \
        v,B,3,15 w,C,3,90
}

stream() {
    rows | rec-from csv --types 'user:str item:str rating:f32 time:i64' -o "$1"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    stream in.rms
}

# The new columns, a row a line.
added() {
    rec-stats "$@" | rec-cut --except user,item,rating,time |
        rec-to tsv --no-header
}

@test "counts and means are of others, never of the row itself" {
    added --by user --except item --of rating --count --mean in.rms >got
    printf '%s\n' $'2\t2.5' $'2\t4.5' $'2\t3' $'1\t3' $'1\t2' $'0\t3' | diff - got
    added --by item --except user --of rating --count --mean --prior 1 in.rms >got
    # A: (2 + 3) / 2, (5 + 3) / 2; B: (3 + 3) / 2, (1 + 3) / 2; C: (3 + 3) / 2, ...
    printf '%s\n' $'1\t2.5' $'1\t3' $'1\t3' $'1\t4' $'1\t2' $'1\t3.5' | diff - got
    rec-stats --by item --except user --count in.rms | rec-info | grep -x 'column item_count f32' >/dev/null
}

@test "--from: rows of another stream, which need not have what is averaged" {
    printf '%s\n' user,item,time u,D,30 u,B,30 x,A,30 |
        rec-from csv --types 'user:str item:str time:i64' >now.rms
    rec-stats --by user --except item --of rating --count --mean --as n \
        --from in.rms now.rms | rec-to tsv --no-header -c n_count,n_mean >got
    printf '%s\n' $'3\t3.3333333' $'2\t4.5' $'0\t3' | diff - got
}

@test "--at-least gives shares, and --less what another column leaves" {
    # Two of six rows have 4 or more.
    added --by user --except item --of rating --at-least 4 --mean in.rms >got
    printf '%s\n' 0.5 1 0.5 0 0 0.33333334 | diff - got
    rec-stats --by item --except user --of rating --mean --as other in.rms >with.rms
    # rating - other_mean: u 3 -2 1, v -3 2, w -1; the mean of all is 0.
    rec-stats --by user --except item --of rating --less other_mean --mean --as n \
        with.rms | rec-to tsv --no-header -c n_mean >got
    printf '%s\n' -0.5 2 0.5 2 -3 0 | diff - got
}

@test "the nearest in time: before and around, since and until, position" {
    added --by user --except item --of rating --time time --before 1,9 --around 1 \
        in.rms >got
    sed -n 1,3p got | diff <(printf '%s\n' $'3\t3\t1' $'5\t5\t4.5' $'1\t3\t1') -
    added --by user --except item --time time --since --until --position in.rms >got
    # The times are 10 to 90: 80 where there is nothing.
    sed -n 1,3p got | diff <(printf '%s\n' $'80\t10\t0' $'10\t20\t0.5' $'20\t80\t1') -
    sed -n 6p got | diff <(echo $'80\t80\t0') -
    # Of one moment, one is before the other.
    sed -n 4,5p got | sort | diff <(printf '%s\n' $'0\t80\t1' $'80\t0\t0') -
    added --by user --except item --time time --since --log in.rms | sed -n 2p |
        diff <(echo 2.3978953) -
}

@test "a row that is not held has the place it would have" {
    rows | sed 2,4d | rec-from csv --types 'user:str item:str rating:f32 time:i64' >part.rms
    rows | sed -n '1p;2,4p' | rec-from csv --types 'user:str item:str rating:f32 time:i64' |
        rec-stats --by user --except item --of rating --time time --around 1 --count --as n \
            --from part.rms | rec-to tsv --no-header -c n_count,n_around_1 >got
    # Nothing of u's is left; the mean of the others is 8 / 3.
    printf '%s\n' $'0\t2.6666667' $'0\t2.6666667' $'0\t2.6666667' | diff - got
    # v's rows of moment 15, each from the other side of what the other sees.
    rows | sed 5d | rec-from csv --types 'user:str item:str rating:f32 time:i64' >less.rms
    rec-stats --by user --except item --time time --position --as n --from less.rms in.rms |
        rec-to tsv --no-header -c n_position >without
    rec-stats --by user --except item --time time --position --as n in.rms |
        rec-to tsv --no-header -c n_position >with
    [ "$(sed -n 4p without)" = "$(sed -n 4p with)" ]
}

@test "without --except nothing is left out of the rows of another file" {
    added --by user --of rating --count --mean --from in.rms in.rms | sed -n '1p;6p' |
        diff <(printf '%s\n' $'3\t3.3333333' $'1\t3') -
}

@test "columns that are missing or of another type, and numbers that are none" {
    run -1 rec-stats --by nothing --count in.rms
    run -1 rec-stats --by rating --count in.rms
    run -1 rec-stats --by user --of item --mean in.rms
    [[ $output == *"column 'item' is no number a row"* ]]
    run -1 rec-stats --by user --time item --since in.rms
    printf '%s\n' user,rating u,nan | rec-from csv --types 'user:str rating:f32' >nan.rms
    run -1 rec-stats --by user --of rating --mean nan.rms
    [[ $output == *'rating is not finite'* ]]
    printf '%s\n' user 1 | rec-from csv --types 'user:u32' >number.rms
    run -1 rec-stats --by user --count --from in.rms number.rms
    [[ $output == *"column 'user' is u32, and str in the other rows"* ]]
    rec-stats --by user --count -o twice.rms in.rms
    run -1 rec-stats --by user --count twice.rms
}

@test "no rows are no rows" {
    printf '%s\n' user,rating | rec-from csv --types 'user:str rating:f32' >none.rms
    [ "$(rec-stats --by user --of rating --mean none.rms | rec-to tsv --no-header | wc -l)" = 0 ]
    rec-stats --by user --of rating --mean --count --as n --from none.rms in.rms |
        rec-to tsv --no-header -c n_count,n_mean | sort -u | diff <(echo $'0\t0') -
}

@test "damaged and cut streams, and a full disk" {
    refuses_damage in.rms rec-stats --by user --count --from in.rms
    fails_on_full_disk rec-stats --by user --count in.rms
}

@test "without --except a row of the input is still not counted for itself" {
    printf '%s\n' u,x,t 1,1,1 1,2,2 1,3,3 2,9,1 |
        rec-from csv --types 'u:u32 x:f64 t:u32' -o in.rms
    rec-stats --by u --of x --count --mean --around 1 --time t --until in.rms |
        rec-to tsv --no-header -c u_count,u_mean,u_around_1,u_until >got
    # alone, the mean of all is what is left: 15 / 4
    printf '%s\t%s\t%s\t%s\n' 2 2.5 2 1 2 2 2 1 2 1.5 2 2 0 3.75 3.75 2 |
        diff - got
    # of another file nothing is left out
    rec-stats --by u --of x --mean --from in.rms in.rms |
        rec-to tsv --no-header -c u_mean >got
    printf '%s\n' 2 2 2 9 | diff - got
}

@test "a sum that is too large for a number is an error, not a mean" {
    printf '%s\n' u,x 1,1e308 1,1e308 2,5 | rec-from csv --types 'u:u32 x:f64' -o in.rms
    run -1 --separate-stderr rec-stats --by u --of x --mean in.rms
    [ "$stderr" = "rec-stats: in.rms: row 2: the sum of x is not finite" ]
}

@test "the standard input can be the rows and what they are compared with" {
    rec-synth --rows 500 --users 20 --items 60 |
        rec-from csv --types 'user_id:u32 rating:f32 timestamp:i64' -o in.rms
    rec-stats --by user_id --except movie_title --of rating --mean in.rms -o want.rms
    rec-stats --by user_id --except movie_title --of rating --mean <in.rms | cmp - want.rms
    # shellcheck disable=SC2002 # a pipe on purpose
    cat in.rms | rec-stats --by user_id --except movie_title --of rating --mean |
        cmp - want.rms
}

@test "wrong usage" {
    for words in '' '--by user' '--by user --mean' '--by user --of rating' \
        '--by user --of rating --since --time time' '--by user --since' \
        '--by user --count --time time' '--by user --count --prior 2' \
        '--by user --of rating --mean --log' '--by user --count --less rating' \
        '--by user --count --at-least 3' '--by user --count --before 0'; do
        # shellcheck disable=SC2086
        refuses_usage rec-stats $words in.rms
    done
    refuses_usage rec-stats --by user --count --from - -
}

@test "the manual page has the options of --help" {
    same_options rec-stats
}
