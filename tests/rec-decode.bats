# rec-decode adds the keys that ids stand for.

load helper
load features

@test "adds a list of names beside the candidates" {
    small_files
    candidates '2|3,x' ',y' '1,z' | rec-decode -v vocab.rms | rec-to tsv >got
    printf '%s\t%s\t%s\n' candidates query candidates.title \
        '2|3' x 'Alien (1979)|M*A*S*H (1970)' '' y '' 1 z '8 1/2' | diff - got
}

@test "the unknown item is [UNK]" {
    small_files
    candidates '0|2,x' | rec-decode -v vocab.rms |
        rec-to tsv --no-header | cut -f 3 >got
    echo '[UNK]|Alien (1979)' | diff - got
}

@test "an id beyond the vocabulary is an error that names the row" {
    small_files
    candidates '1,x' '2|4,y' >in.rms
    run -1 --separate-stderr rec-decode -v vocab.rms -o out.rms in.rms
    [ "$stderr" = "rec-decode: in.rms: row 2: id 4, but the ids of item.title.lookup are below 4" ]
    [ ! -e out.rms ]
}

@test "undoes rec-featurize, feature by feature" {
    small_files
    rec-featurize -v vocab.rms small.rms |
        rec-decode -v vocab.rms --column item.title.lookup --as film |
        rec-decode -v vocab.rms --column query.user.lookup --as who |
        rec-decode -v vocab.rms --column item.title.tokenize --as words |
        rec-to tsv --no-header --columns film,who,words >got
    printf '%s\t%s\t%s\n' 'Alien (1979)' 7 'alien|1979' \
        'M*A*S*H (1970)' 10 'mash|1970' 'Alien (1979)' 7 'alien|1979' \
        '8 1/2' 7 '8|12' 'M*A*S*H (1970)' 31 'mash|1970' \
        'Alien (1979)' 10 'alien|1979' | diff - got
}

@test "--feature says whose ids they are" {
    small_files
    candidates '1|2,x' | rec-decode -v vocab.rms --feature query.user.lookup |
        rec-to tsv >got
    printf '%s\t%s\t%s\n' candidates query candidates.user '1|2' x '10|31' |
        diff - got
    candidates '1,x' >in.rms
    run -1 --separate-stderr rec-decode -v vocab.rms --feature label -o o in.rms
    [ "$stderr" = "rec-decode: vocab.rms: no lookup or tokenize 'label'" ]
}

@test "vectors of ids give vectors of names" {
    small_files
    printf 'candidates\n1|2\n3|1\n' |
        rec-from csv --types 'candidates:u32[2]' >vectors.rms
    rec-decode -v vocab.rms vectors.rms | rec-to tsv --no-header | cut -f 2 >got
    printf '%s\n' '8 1/2|Alien (1979)' 'M*A*S*H (1970)|8 1/2' | diff - got
}

@test "no rows, no names" {
    small_files
    candidates | rec-decode -v vocab.rms | rec-to tsv >got
    printf 'candidates\tquery\tcandidates.title\n' | diff - got
}

@test "a column that is missing or no column of ids is refused" {
    small_files
    run -1 --separate-stderr rec-decode -v vocab.rms -o o small.rms
    [ "$stderr" = "rec-decode: small.rms: no column 'candidates'; there are: user, when, title, rating" ]
    run -1 --separate-stderr rec-decode -v vocab.rms -c when -o o small.rms
    [ "$stderr" = "rec-decode: small.rms: column 'when' is i64, and ids are u32" ]
}

@test "a damaged or cut stream gives no output" {
    small_files
    candidates '1,x' '2|3,y' >in.rms
    refuses_damage in.rms rec-decode -v vocab.rms
    head -c -1 in.rms >cut.rms
    run -1 --separate-stderr rec-decode -v vocab.rms -o out.rms cut.rms
    [[ $stderr == "rec-decode: cut.rms: "* ]]
    [ ! -e out.rms ]
}

@test "a full disk is an error" {
    small_files
    candidates '1,x' >in.rms
    fails_on_full_disk rec-decode -v vocab.rms in.rms
}

@test "wrong usage exits 2 and says nothing on standard output" {
    small_files
    refuses_usage rec-decode small.rms
    refuses_usage rec-decode -v vocab.rms a b
    refuses_usage rec-decode -v vocab.rms --no-such-option
}

@test "the manual page has the options of --help" {
    same_options rec-decode
}
