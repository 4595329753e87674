# completions.awk - completions of a filter for bash, zsh and fish, from what the filter says: the
# options of its --help, which are those of its option table, and the words that
# it names when it refuses the value of an option.
#
#   awk -v filter=FILTER -v dir=DIR -f completions.awk
#
# writes DIR/bash/NAME, DIR/zsh/_NAME and DIR/fish/NAME.fish.

# "random, time" of "--by : expected one of random, time"
function words_of(name,    command, line, words) {
    command = filter " --" name " '' </dev/null 2>&1 >/dev/null"
    while ((command | getline line) > 0)
        if (sub(/.*: expected one of /, "", line)) {
            gsub(/,/, "", line)
            words = line
        }
    close(command)
    return words
}

# TEXT between single quotes of a shell; in zsh's specifications brackets and
# colons have a meaning.
function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function specified(text) {
    gsub(/\[|\]|:|\\/, "\\\\&", text)
    return text
}

function read_help(    command, line, n, part, words) {
    command = filter " --help"
    while ((command | getline line) > 0) {
        if (line ~ /^usage: /) {
            n = split(line, words, " ")
            has_operand = n > 3
            # "csv|tsv [FILE]": the first operand is one of these.
            if (words[4] ~ /^[a-z0-9-]+(\|[a-z0-9-]+)+$/) {
                operand = words[4]
                gsub(/\|/, " ", operand)
            }
        } else if (line ~ /^  [a-z][a-z0-9-]* /) {
            # A line on a word that the first operand may be.
            split(line, part, " ")
            operand = operand (operand != "" ? " " : "") part[1]
        } else if (line ~ /^  (-.,|   ) --/) {
            options++
            letter[options] = substr(line, 3, 1) == "-" ? substr(line, 4, 1) : ""
            n = split(substr(line, 7), part, " ")
            name[options] = substr(part[1], 3)
            # Values have capital letters, what an option does begins small.
            value[options] = part[2] ~ /^(\[|[A-Z])/ ? part[2] : ""
            help[options] = substr(line, 7 + length(part[1]))
            sub(/^ +/, "", help[options])
            if (value[options] != "")
                help[options] = substr(help[options], length(value[options]) + 1)
            sub(/^ +/, "", help[options])
            is_file[options] = value[options] ~ /^(FILE|MODEL)$/
            if (value[options] != "" && !is_file[options])
                set[options] = words_of(name[options])
        }
    }
    close(command)
    if (options == 0)
        exit 1
}

# The option as a pattern of bash's case: "-k | --count"
function pattern(i) {
    return (letter[i] != "" ? "-" letter[i] " | " : "") "--" name[i]
}

function bash(out,    i, all, files, other, function_name) {
    function_name = "_" program
    gsub(/-/, "_", function_name)
    for (i = 1; i <= options; i++) {
        all = all " --" name[i]
        if (is_file[i])
            files = files (files != "" ? " | " : "") pattern(i)
        else if (value[i] != "" && set[i] == "")
            other = other (other != "" ? " | " : "") pattern(i)
    }
    print "# " program ", completed by bash" >out
    print function_name "()\n{\n    local cur=$2 prev=$3 words='' files=" >out
    print "    COMPREPLY=()" >out
    print "    # \"--name=value\" comes as three words." >out
    print "    if [ \"$prev\" = = ]; then" >out
    print "        prev=${COMP_WORDS[COMP_CWORD - 2]}" >out
    print "    elif [ \"$cur\" = = ]; then\n        cur=\n    fi" >out
    print "    case $prev in" >out
    for (i = 1; i <= options; i++)
        if (set[i] != "")
            print "    " pattern(i) ") words=" quoted(set[i]) " ;;" >out
    if (files != "")
        print "    " files ") files=yes ;;" >out
    if (other != "")
        print "    " other ") return ;;" >out
    print "    *)\n        case $cur in\n        -*) words=" quoted(substr(all, 2)) " ;;" >out
    if (has_operand)
        print "        *) files=yes words=" quoted(operand) " ;;" >out
    print "        esac\n        ;;\n    esac" >out
    print "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")" >out
    print "    if [ -n \"$files\" ]; then" >out
    print "        compopt -o filenames 2>/dev/null" >out
    print "        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")" >out
    print "    fi\n}\ncomplete -F " function_name " " program >out
    close(out)
}

function zsh(out,    i, kind, again) {
    print "#compdef " program "\n_arguments -s -S \\" >out
    for (i = 1; i <= options; i++) {
        kind = "[" specified(help[i]) "]"
        if (value[i] != "")
            kind = kind ":" specified(value[i]) ":" \
                (set[i] != "" ? "(" set[i] ")" : is_file[i] ? "_files" : " ")
        again = help[i] ~ /repeat/ ? "*" : letter[i] != "" ? "(-" letter[i] " --" name[i] ")" : ""
        if (letter[i] != "")
            print "    " quoted(again) "{-" letter[i] (value[i] != "" ? "+" : "") \
                ",--" name[i] (value[i] != "" ? "=" : "") "}" quoted(kind) " \\" >out
        else
            print "    " quoted(again "--" name[i] (value[i] != "" ? "=" : "") kind) " \\" >out
    }
    if (operand != "")
        print "    '1:what:(" operand ")' \\" >out
    print "    " (has_operand ? "'*:file:_files'" : "") >out
    close(out)
}

function fish(out,    i) {
    if (!has_operand)
        print "complete -c " program " -f" >out
    else if (operand != "")
        print "complete -c " program " -n 'test (count (commandline -opc)) -eq 1' -a " \
            quoted(operand) >out
    for (i = 1; i <= options; i++)
        print "complete -c " program (letter[i] != "" ? " -s " letter[i] : "") \
            " -l " name[i] (is_file[i] ? " -r -F" : value[i] != "" ? " -x" : "") \
            (set[i] != "" ? " -a " quoted(set[i]) : "") " -d " quoted(help[i]) >out
    close(out)
}

BEGIN {
    program = filter
    sub(/.*\//, "", program)
    read_help()
    bash(dir "/bash/" program)
    zsh(dir "/zsh/_" program)
    fish(dir "/fish/" program ".fish")
}
