# Example number N of a manual page, as one would type it; without N, how many
# there are.  An example is a .Dl line or a .Bd block of the section EXAMPLES, or
# SECTION.
#
#   awk [-v n=N] [-v section=TOUR] -f examples.awk PAGE

# What mdoc writes otherwise.
function plain(line) {
    gsub(/\\&/, "", line)
    gsub(/\\\(dq/, "\"", line)
    gsub(/\\-/, "-", line)
    gsub(/\\e/, "\\", line)
    sub(/^\$ /, "", line)
    return line
}

BEGIN { if (section == "") section = "EXAMPLES" }
/^\.Sh / { on = substr($0, 5) == section; next }
!on { next }
/^\.Dl / { if (++examples == n) print plain(substr($0, 5)) }
/^\.Bd / { block = 1; examples++; next }
/^\.Ed/ { block = 0 }
block && examples == n { print plain($0) }
END { if (n == "") print examples + 0 }
