# Recommendation as filters over a stream of records.  GNU make; "make help"
# lists the targets.

VERSION = 0.1.0
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
DATADIR = $(PREFIX)/share
RANKEDDIR = $(PREFIX)/libexec/recmill
MANDIR = $(DATADIR)/man
# Where each shell looks for completions.
BASHDIR = $(DATADIR)/bash-completion/completions
ZSHDIR = $(DATADIR)/zsh/site-functions
FISHDIR = $(DATADIR)/fish/vendor_completions.d
PKGCONFIGDIR = $(LIBDIR)/pkgconfig
BUILD = build

# Yours to override: "make CC=clang CFLAGS='-O3 -march=native'".
CC = cc
OBJCOPY = objcopy
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wvla -Wformat=2

# What makes a hole in a program harder to use; "make HARDEN=" leaves it out.
HARDEN = -fPIE -fstack-protector-strong -fstack-clash-protection \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
harden_link = $(if $(HARDEN),-pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
comma = ,

# Ours: what the sources need in order to compile.  libcsv has no .pc file.
# --as-needed: a filter that calls no BLAS must not start its thread pool.
PKGS = openblas zlib
cppflags = -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 \
	-DREC_VERSION='"$(VERSION)"' -Ilib \
	$(shell pkg-config --cflags $(PKGS)) $(CPPFLAGS)
cflags = -std=c11 -pthread $(loops) $(HARDEN) $(WARNINGS) $(CFLAGS)
# gcc vectorises loops of any length at -O2 only when told; the next two let it
# where errno or exception flags, which nobody asks for, would forbid it; the last
# keeps products and sums apart, so that a loop gives the same bits at any width.
loops = -ftree-vectorize -fno-math-errno -fno-trapping-math -ffp-contract=off
ldlibs = $(shell pkg-config --libs $(PKGS)) -lcsv -lm $(LDLIBS)
link = $(CC) $(cflags) $(harden_link) -Wl,--as-needed $(LDFLAGS) -o $@ $^ $(ldlibs)

# A source file in filters/ is a program; lib/ is the rest of the code.  To add
# one, add the file: nothing here needs an edit.
programs = $(patsubst $(1)/%.c,$(BUILD)/$(1)/%,$(wildcard $(1)/*.c))
FILTERS := $(call programs,filters)
TOOLS := $(call programs,tests/tools)
UNITS := $(call programs,tests/unit)
FUZZERS := $(filter-out %/replay,$(call programs,tests/fuzz))
REPLAYS := $(subst /fuzz/,/replay/,$(FUZZERS))
FAULT_LAYER := $(BUILD)/tests/faults/layer.so
BENCHES := $(call programs,tests/bench)
# The one file that needs MPI is not of the library.
LIB_SOURCES := $(filter-out %_mpi.c,$(wildcard lib/*/*.c))
LIB_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(LIB_SOURCES))
SOURCES := $(LIB_SOURCES) $(wildcard filters/*.c tests/*/*.c)
MAN := $(wildcard man/*.[1357])
COMPLETIONS := $(foreach f,$(notdir $(FILTERS)),$(addprefix \
	$(BUILD)/completions/,bash/$(f) zsh/_$(f) fish/$(f).fish))
PUBLIC := $(BUILD)/public/librecmill.a $(BUILD)/public/recmill.pc
PIC_OBJS := $(patsubst %.c,$(BUILD)/pic/%.o,\
	$(filter lib/base/% lib/stream/% lib/recmill/%,$(LIB_SOURCES)))

# Where there is Open MPI, the trainers once more, for ranks that work together: the
# same objects, and two instead of the library's.  MPI opens files and connections
# whenever it likes, so there is no sandbox around it.
MPICC := $(shell for c in mpicc mpicc.openmpi; do \
	$$c --showme:link >/dev/null 2>&1 && echo $$c && break; done)
RANKED := $(if $(MPICC),$(addprefix $(BUILD)/ranked/rec-train-,tower rank))
RANKED_OBJS = $(addprefix $(BUILD)/,lib/base/world_mpi.o ranked/lib/filter/sandbox.o)

all: $(FILTERS) $(RANKED) $(COMPLETIONS) $(PUBLIC) ## build the filters (the default)

$(RANKED): $(BUILD)/ranked/%: $(BUILD)/filters/%.o $(RANKED_OBJS) $(BUILD)/librecmill.a
	$(link) $(shell $(MPICC) --showme:link)

$(BUILD)/lib/base/world_mpi.o: cflags += $(shell $(MPICC) --showme:compile)

$(BUILD)/ranked/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(cppflags) -DREC_NO_SANDBOX $(cflags) -MMD -MP -c -o $@ $<

# Completions say what --help says.
$(BUILD)/completions/bash/% $(BUILD)/completions/zsh/_% \
$(BUILD)/completions/fish/%.fish: $(BUILD)/filters/% lib/filter/completions.awk
	@mkdir -p $(addprefix $(BUILD)/completions/,bash zsh fish)
	awk -v filter=$< -v dir=$(BUILD)/completions -f lib/filter/completions.awk

$(FILTERS) $(TOOLS) $(UNITS) $(FUZZERS) $(BENCHES): %: %.o $(BUILD)/librecmill.a
	$(link)

$(BUILD)/librecmill.a: $(LIB_OBJS)
	rm -f $@
	$(AR) rcs $@ $^

# Products of matrices and exponentials are worth fused operations.
$(BUILD)/lib/model/tile.o $(BUILD)/lib/model/power.o: cflags += -ffp-contract=fast

# The unit programs of what has a version for some processors, once more as on
# a processor that can run none of them.
PORTABLE_OBJS := $(patsubst %.c,$(BUILD)/portable/%.o,\
	$(shell grep -lE 'VECTORISED|VECTOR_CLONES|REC_PORTABLE' $(LIB_SOURCES)))
PORTABLE_UNITS := $(foreach u,vector gemm softmax pass towers ranker optimizer,\
	$(BUILD)/portable/tests/unit/test_$(u))
UNITS += $(PORTABLE_UNITS)

$(PORTABLE_UNITS): $(BUILD)/portable/%: $(BUILD)/%.o $(PORTABLE_OBJS) \
		$(BUILD)/librecmill.a
	@mkdir -p $(@D)
	$(link)

$(BUILD)/portable/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(cppflags) -DREC_PORTABLE $(cflags) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(cppflags) $(cflags) -MMD -MP -c -o $@ $<

# The library for other programs: what lib/recmill needs of the rest, and no name
# but its own, so that nothing of theirs can collide with ours.  Static alone: no
# binary interface is promised yet.
$(BUILD)/pic/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(cppflags) $(cflags) -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/pic/rest.a: $(filter-out $(BUILD)/pic/lib/recmill/%,$(PIC_OBJS))
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/public/librecmill.a: $(filter $(BUILD)/pic/lib/recmill/%,$(PIC_OBJS)) \
		$(BUILD)/pic/rest.a
	@mkdir -p $(@D)
	$(LD) -r -o $(@D)/recmill.o $^
	$(OBJCOPY) --wildcard --keep-global-symbol="recmill_*" $(@D)/recmill.o
	rm -f $@
	$(AR) rcs $@ $(@D)/recmill.o

# Folders under PREFIX are written as such, so that pkg-config can move it.
$(BUILD)/public/recmill.pc: lib/recmill/recmill.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' \
	    -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR:$(PREFIX)/%=$${prefix}/%)|' $< >$@

# Flags other than those of the last build rebuild everything.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(cppflags) $(cflags)' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# A fuzzer without libFuzzer: it is given the inputs of tests/fuzz/seeds.
$(REPLAYS): $(BUILD)/tests/replay/%: $(BUILD)/tests/fuzz/%.o \
		$(BUILD)/tests/fuzz/replay.o $(BUILD)/librecmill.a
	@mkdir -p $(@D)
	$(link)

$(FAULT_LAYER): tests/faults/layer.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) -D_XOPEN_SOURCE=700 -std=c11 -pthread $(WARNINGS) -O1 -g $(filter -Werror,$(CFLAGS)) \
	    -fPIC -shared -o $@ $< -ldl

check: all $(TOOLS) $(UNITS) $(REPLAYS) $(FAULT_LAYER) ## run the tests; T=tests/rec-head.bats runs one file
	@BUILD='$(CURDIR)/$(BUILD)' UNITS='$(UNITS) $(REPLAYS)' tests/run $(T)

# Sanitizers bring their own hardening, and open files of their own.  They touch all
# memory that they give; of more than 4 GiB they are to give none, and not to abort.
SAN = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -DREC_NO_SANDBOX
no_abort = allocator_may_return_null=1:max_allocation_size_mb=4096
check-asan: ## run the tests with the address and undefined sanitizers
	ASAN_OPTIONS="$(no_abort):$$ASAN_OPTIONS" \
	    $(MAKE) check BUILD=$(BUILD)/asan HARDEN= \
	    CFLAGS='$(SAN) -fsanitize=address,undefined'

check-tsan: ## run the tests with the thread sanitizer
	TSAN_OPTIONS="$(no_abort):$$TSAN_OPTIONS" \
	    $(MAKE) check BUILD=$(BUILD)/tsan HARDEN= \
	    CFLAGS='$(SAN) -fsanitize=thread'

check-faults: all $(TOOLS) $(FAULT_LAYER) ## let every call and every allocation of every filter fail once
	@BUILD='$(CURDIR)/$(BUILD)' tests/faults/run
	$(MAKE) check-faults-asan BUILD=$(BUILD)/asan HARDEN= \
	    CFLAGS='$(SAN) -fsanitize=address,undefined'
check-faults-asan: all $(TOOLS) $(FAULT_LAYER)
	@BUILD='$(CURDIR)/$(BUILD)' FAULTS=malloc:ENOMEM tests/faults/run

soak: all $(TOOLS) $(FAULT_LAYER) ## kill and disturb the flow at random for SECONDS (60)
	@BUILD='$(CURDIR)/$(BUILD)' tests/faults/soak.sh $(or $(SECONDS),60)

check-cluster: all ## run the flow in shards on a Slurm that is started on this host
	@BUILD='$(CURDIR)/$(BUILD)' tests/cluster/run

fuzz: ## run every fuzzer for SECONDS (60) each, keeping its corpus
	$(MAKE) run-fuzzers BUILD=$(BUILD)/fuzz CC=clang HARDEN= \
	    LDFLAGS=-fsanitize=fuzzer \
	    CFLAGS='$(SAN) -fsanitize=fuzzer-no-link,address,undefined'
run-fuzzers: $(FUZZERS)
	@set -ex; for f in $(FUZZERS); do mkdir -p "$$f.corpus"; "$$f" \
	    -max_total_time=$(or $(SECONDS),60) "$$f.corpus" tests/fuzz/seeds; done

lint: ## static analysis of the C, the shell and the manual pages
	@set -e; for c in $(LIB_SOURCES) $(wildcard filters/*.c); do \
	    clang-tidy --quiet "$$c" -- $(cppflags) -std=c11 2>/dev/null; done
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	    --library=tests/cppcheck.cfg --suppress=ctunullpointer \
	    --suppress=ctuuninitvar --error-exitcode=1 -Ilib \
	    lib filters
	shellcheck -x bootstrap tests/run tests/faults/run tests/installed tests/distcheck \
	    debian/tests/flow data/get-movielens-100k .ci/run \
	    pipelines/far pipelines/ranks tests/cluster/run tests/cluster/slurm \
	    $(wildcard pipelines/*.sh tests/*.bats tests/*.bash tests/*/*.bats tests/bench/*.sh \
	    tests/faults/*.sh)
	@set -e; for m in $(MAN); do echo "mandoc $$m"; \
	    mandoc -Tlint -Wwarning "$$m"; done
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/gcc CC=gcc \
	    CFLAGS='-O2 -g -Werror' everything
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang \
	    CFLAGS='-O2 -g -Werror' everything
everything: all $(TOOLS) $(UNITS) $(REPLAYS) $(BENCHES) $(FAULT_LAYER)

format: ## lay out the C sources as .clang-format says
	clang-format -i $(shell git ls-files '*.[ch]')

demo: all ## run the whole two-stage flow and print its result table
	FILTERS='$(CURDIR)/$(BUILD)/filters' pipelines/demo.sh $(BUILD)/demo

bench: all $(TOOLS) $(BENCHES) ## measure, as ratios, in one run
	tests/bench/run.sh

# All that is installed: a line for each mode and folder, and the files.
shared = $(DATADIR)/recmill
scripts = $(shell find pipelines -type f -perm -100)
define installed
$(call $(1),755,$(BINDIR),$(FILTERS))
$(if $(RANKED),$(call $(1),755,$(RANKEDDIR),$(RANKED)))
$(call $(1),644,$(MANDIR)/man1,$(filter %.1,$(MAN)))
$(call $(1),644,$(MANDIR)/man3,$(filter %.3,$(MAN)))
$(call $(1),644,$(MANDIR)/man5,$(filter %.5,$(MAN)))
$(call $(1),644,$(MANDIR)/man7,$(filter %.7,$(MAN)))
$(call $(1),755,$(shared)/pipelines,$(filter pipelines/%,$(scripts)))
$(call $(1),644,$(shared)/pipelines,$(filter-out $(scripts),$(wildcard pipelines/*)))
$(call $(1),755,$(shared)/data,data/get-movielens-100k)
$(call $(1),644,$(shared)/data,data/SHA256SUMS)
$(call $(1),644,$(BASHDIR),$(filter $(BUILD)/completions/bash/%,$(COMPLETIONS)))
$(call $(1),644,$(ZSHDIR),$(filter $(BUILD)/completions/zsh/%,$(COMPLETIONS)))
$(call $(1),644,$(FISHDIR),$(filter $(BUILD)/completions/fish/%,$(COMPLETIONS)))
$(call $(1),644,$(INCLUDEDIR)/recmill,lib/recmill/stream.h)
$(call $(1),644,$(LIBDIR),$(BUILD)/public/librecmill.a)
$(call $(1),644,$(PKGCONFIGDIR),$(BUILD)/public/recmill.pc)
endef
define put
	install -d "$(DESTDIR)$(2)"
	install -m $(1) $(3) "$(DESTDIR)$(2)"

endef
define remove
	cd "$(DESTDIR)$(2)" 2>/dev/null && rm -f $(notdir $(3)) || true

endef

install: all ## install under PREFIX, which DESTDIR goes before
	$(call installed,put)

uninstall: ## remove what install put there
	$(call installed,remove)
	for d in "$(shared)/pipelines" "$(shared)/data" "$(shared)" \
	    "$(INCLUDEDIR)/recmill" "$(RANKEDDIR)"; do \
	    [ ! -d "$(DESTDIR)$$d" ] || rmdir --ignore-fail-on-non-empty \
	        "$(DESTDIR)$$d"; done

# The same bytes wherever and whenever the same commit is packed.
name = recmill-$(VERSION)
packed = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct))
dist: ## pack the committed sources
	rm -rf $(BUILD)/dist && mkdir -p $(BUILD)/dist
	git archive --prefix=$(name)/ -o $(BUILD)/dist/git.tar HEAD
	tar -xf $(BUILD)/dist/git.tar -C $(BUILD)/dist
	tar -C $(BUILD)/dist --sort=name --format=ustar --mtime=@$(packed) \
	    --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
	    -I 'gzip -9n' -cf $(CURDIR)/$(name).tar.gz $(name)

distcheck: dist ## unpack that, build it, test it, install it, use it, remove it
	tests/distcheck $(name).tar.gz $(BUILD)/dist

deb: dist ## build Debian packages of that, and have lintian look at them
	rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb
	tar -xzf $(name).tar.gz -C $(BUILD)/deb
	cd $(BUILD)/deb/$(name) && dpkg-buildpackage -us -uc -b
	lintian --fail-on error,warning $(BUILD)/deb/recmill_*.changes

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /    \1: /p' Makefile

.PHONY: all everything check check-asan check-tsan check-faults check-faults-asan \
	check-cluster soak fuzz run-fuzzers lint format demo bench install uninstall \
	dist distcheck deb clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(patsubst %,%.d,$(FILTERS) $(TOOLS) $(UNITS) $(FUZZERS) $(BENCHES)) $(LIB_OBJS:.o=.d) \
	$(PORTABLE_OBJS:.o=.d) $(PIC_OBJS:.o=.d) $(RANKED_OBJS:.o=.d)
