# What the makefiles here have in common; to be included behind OUT and the first
# target.
here := $(dir $(lastword $(MAKEFILE_LIST)))
# The filters of this checkout or, installed, those of the same place.
FILTERS ?= $(firstword $(wildcard $(abspath $(here)..)/build/filters \
	$(abspath $(here)../../../bin)))
export PATH := $(FILTERS:%=%:)$(PATH)

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
