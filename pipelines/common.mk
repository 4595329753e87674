# What the makefiles here have in common; to be included behind OUT and the first
# target.
here := $(dir $(lastword $(MAKEFILE_LIST)))
# The filters of this checkout or, installed, those of the same place, whose path
# may have blanks.
FILTERS ?= $(shell for d in '$(here)../build/filters' '$(here)../../../bin'; do \
	[ ! -d "$$d" ] || { cd "$$d" && pwd && break; }; done)
export PATH := $(if $(FILTERS),$(FILTERS):)$(PATH)

# The names of files are words to make, and these signs have a meaning, = in
# operands of ours.
named = $(if $(filter-out 1,$(words $($1)))$(findstring %,$($1)),\
	$(error $1='$($1)': a name without blanks and % is needed))
$(foreach v,OUT DATA FEATURES HALF,$(if $(filter undefined,$(origin $v)),,$(call named,$v)))
$(if $(findstring =,$(OUT)),$(error OUT='$(OUT)': a name without = is needed))
$(if $(filter undefined,$(origin SEEDS)),,$(if $(strip $(SEEDS)),,$(error SEEDS is empty)))

# awk is no filter of ours: it cannot tell a whole input from a part of it, so it
# reads files, which are whole, and its output gets its name when it is complete.
complete = >$@.part && mv $@.part $@

# Settings as files: what depends on $(OUT)/settings.NAME is made again when the
# text of the variable settings.NAME changes.
$(OUT)/settings.%: FORCE | $(OUT)
	@echo "$(settings.$*)" | cmp -s - $@ || echo "$(settings.$*)" >$@

$(OUT):
	mkdir -p $@

.PHONY: all FORCE
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
