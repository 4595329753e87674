# Streams made to do harm: checksums are right, and what they vouch for is not.

load helper

# Memory in KiB that the last command run by "measured" took.
peak() {
    cut -f 4 peak
}

# Run a command and require that it takes less than 64 MiB.  Sanitizers take
# more than that themselves.
measured() {
    rm -f peak
    measure peak . "$@" || status=$?
    grep -qE '__(asan|tsan)_init' "$(command -v "$1")" ||
        [ "$(peak)" -lt 65536 ]
}

# A stream that is refused with one line, in little memory: refused FILE
refused() {
    status=0
    measured rec-info --check "$1" >out 2>err
    if [ "$status" -ne 1 ] || [ "$(wc -l <err)" -ne 1 ]; then
        echo "status $status: $(cat err)"
        return 1
    fi
}

# tests/unit/test_hostile.c has every field of every frame.
@test "lengths and counts at their maximum: one line, in little memory" {
    printf 'n,s,l,t\n1,ab,1|2,x|yz\n2,,,\n3,c,7,q\n' |
        rec-from csv --types 'n:i64 s:str l:u32[] t:str[]' >one.rms
    rec-head -z one.rms >deflated.rms
    for file in one.rms deflated.rms; do
        for field in '12 4 1048576' '16 4 67108864' '20 4 67108864'; do
            # shellcheck disable=SC2086 # three words
            forge 1 $field <$file >bad.rms
            refused bad.rms
        done
    done
}

@test "rows of no columns are refused, however many there are" {
    rec-head none.rms >bare.rms 2>/dev/null || true
    forge 1 32 4 0 <bare.rms >bad.rms
    run -1 --separate-stderr rec-head bad.rms
    [ "$stderr" = "rec-head: bad.rms: a stream without columns" ]
    forge 1 4 1 68 <bare.rms | forge 1 12 4 1048576 >bad.rms
    refused bad.rms
}

# A model file of this head and no tensors: model_of LAYERS FEATURE...
model_of() {
    local layers=$1 metas=() n=0 feature
    shift
    for feature in "$@"; do
        n=$((n + 1))
        metas+=(--meta "feature.$n=$feature")
    done
    echo 'x	1	1	0	0' | rec-from tsv --columns \
        'tensor:str rows:u64 cols:u64 first:u64 values:f32[]' \
        --meta model=towers --meta "layers=$layers" --meta similarity=dot \
        --meta key=item.t.lookup "${metas[@]}" -o model.rms
}

@test "the head of a model asks for more than there is: an error, in little memory" {
    printf 'query.u.lookup\n1\n' | rec-from csv --types query.u.lookup:u32 \
        --meta 'feature.1=query u lookup dim=4 size=9' -o rows.rms
    for shape in '4 65536 4294967295' '65536,65536 4 10' '65536 65536 65536' \
        'none 65536 4294967295' '1,1,1,1,1,1,1,65536 1 2147483647'; do
        read -r layers dim size <<<"$shape"
        model_of "$layers" "query u lookup dim=$dim size=$size" \
            "item t lookup dim=$dim size=$size key"
        status=0
        measured rec-embed -m model.rms --tower query rows.rms >out 2>err
        cat err
        [ "$status" -eq 1 ]
        # A line of the address sanitizer's own is none of the filter's.
        [ "$(grep -cvE '^==[0-9]+==WARNING: AddressSanitizer failed to allocate 0x' err)" -eq 1 ]
    done
}

@test "bytes that are no UTF-8 do not come out as JSON" {
    printf 's\nabcd\n' | rec-from csv --types s:str >one.rms
    # The offsets of one string take 8 bytes.
    forge 1 40 1 255 <one.rms >bad.rms
    run -1 --separate-stderr rec-to jsonl bad.rms
    [[ $stderr == "rec-to: bad.rms: "*UTF-8* ]]
}

@test "what drives a terminal is shown as ?, in names and in messages of others" {
    name=$(printf '\033[31m\302\233\342\200\256\377x')
    run -1 --separate-stderr rec-head "$name"
    [ "$stderr" = "rec-head: ?[31m??????x: No such file or directory" ]
    run -2 --separate-stderr rec-head "--$name"
    [ "$(head -n 1 <<<"$stderr")" = \
        "rec-head: --?[31m??????x: no such option, or short for several" ]
    # Marks of direction and ends of lines that are no control characters.
    # In bytes: what \u gives in bash is the locale's.
    marks=$(printf '\342\200\216\342\200\217\330\234\342\200\250\342\200\251x')
    run -1 --separate-stderr rec-head "$marks"
    [ "$stderr" = "rec-head: ??????????????x: No such file or directory" ]
    rec-head "$name" 2>/dev/null >bad.rms || true
    run -1 --separate-stderr rec-to tsv bad.rms
    [[ $stderr == *'incomplete: rec-head: ?[31m??????x: No such file'* ]]
    # A column of that name is refused before there is a message.
    run -1 --separate-stderr bash -c 'printf "a\\033[31m\\n1\\n" | rec-from csv'
    [ "$(grep -c "$(printf '\033')" <<<"$stderr")" -eq 0 ]
    # Letters of all languages are letters.
    run -1 --separate-stderr rec-head 'Amélie 映画'
    [ "$stderr" = 'rec-head: Amélie 映画: No such file or directory' ]
}
