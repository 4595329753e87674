# How the programs are built.

load helper

ready() {
    command -v readelf >/dev/null || skip "no readelf"
    if grep -qE '__(asan|tsan)_init' "$(command -v rec-head)"; then
        skip "built with a sanitizer"
    fi
}

filters() {
    find "$(dirname "$(command -v rec-head)")" -name 'rec-*' ! -name '*.*' \
        -type f
}

@test "all filters: PIE, RELRO, no executable stack, stack protector, fortified" {
    ready
    filters | xargs readelf -hldW --dyn-syms | awk '
        function judge() {
            if (file == "") return
            for (p in wanted) if (!((file, p) in found)) {
                print file ": " p
                bad = 1 } }
        BEGIN { n = split("DYN;GNU_RELRO;GNU_STACK.* RW ;BIND_NOW;" \
                    "__stack_chk_fail;printf_chk", part, ";")
            while (n > 0) wanted[part[n--]] }
        /^File:/ { judge(); file = $2; files++ }
        { for (p in wanted) if ($0 ~ p) found[file, p] }
        END { judge(); exit bad || files < 20 }'
}

@test "hardening-check agrees" {
    ready
    command -v hardening-check >/dev/null || skip "no hardening-check (devscripts)"
    filters | xargs hardening-check --nocfprotection
}
