# Settings for movielens.mk, chosen by splits of a training half; the test half is
# not asked for.  GNU make.
#
#   make -f pipelines/tune.mk OUT=dir [HALF=training half] [SEEDS='1 2 3 4 5']
#       [ALPHA='.3 .4'] [LAMBDA=...] [DIM=...] [EPOCHS=...] [EASE_LAMBDA=...]
#       [SETS='als+liked als+ease'] [DECAY=...] [-j2]
#
# "make -f pipelines/movielens.mk movielens/seed-42/train.rms" makes the half.  Each
# seed is a split of it by the rule that made it.  Ends with
# $(OUT)/tune.tsv and a table, best first: of ALS with each alpha, lambda, width
# and number of epochs, of EASE with each lambda, and of second stages with each
# set of scores and weight decay.  The figure is nDCG@10 over all splits, and its
# difference from ALS as in movielens.mk has a 95 % interval.  Figures are lower
# than there: half as many things were right, and what is in the test half counts
# as wrong.
OUT = tune
HALF = movielens/seed-42/train.rms
SEEDS = 1 2 3 4 5
ALPHA = .2 .3 .4 .6
LAMBDA = .01 .015 .02
DIM = 64
EPOCHS = 12
EASE_LAMBDA = 200 300 500 700 1000
SETS = als als+ease als+liked als+liked+ease als+liked+near \
    als+liked+ease+near
DECAY = 0

all: $(OUT)/tune.tsv
	@cat $<

# Words of what is between signs.
parts = $(subst $(1), ,$(2))
SCORES := $(call parts,+,$(SETS))
SCORES := als $(sort $(filter-out als,$(SCORES)))
include $(dir $(lastword $(MAKEFILE_LIST)))movielens-stages.mk

# That of the published split, where it is not there yet.
movielens/seed-42/train.rms:
	$(MAKE) -f $(here)movielens.mk OUT=movielens $@

$(OUT)/ratings.rms: $(HALF) $(OUT)/settings.half
	rec-cut user_id,item_id,rating,timestamp $< -o $@
settings.half = $(HALF)

# A name for each setting: what it is and its numbers.
cross = $(foreach a,$(1),$(foreach b,$(2),$(a)_$(b)))
als.grid = $(call cross,$(call cross,$(call cross,$(call cross,als,$(ALPHA)),$\
    $(LAMBDA)),$(DIM)),$(EPOCHS))
ease.grid = $(call cross,ease,$(EASE_LAMBDA))
ranked.grid = $(call cross,$(call cross,ranked,$(SETS)),$(DECAY))

number = $(word $(1),$(call parts,_,$(2)))
$(foreach m,$(als.grid),$(eval $(call trained,$(m),known,rec-train-als --seed 1 $\
    --alpha $(call number,2,$(m)) --lambda $(call number,3,$(m)) $\
    --dim $(call number,4,$(m)) --epochs $(call number,5,$(m)))))
$(foreach m,$(ease.grid),$(eval $(call trained,$(m),known,rec-train-ease $\
    --lambda $(call number,2,$(m)))))
$(foreach m,$(ranked.grid),$(eval $(call ranked,$(m),$\
    $(call parts,+,$(call number,2,$(m))),$\
    $(RANKER) --decay $(call number,3,$(m)))))

settings = $(als.grid) $(ease.grid) $(ranked.grid)
$(foreach m,$(settings),$(eval $(call compared,$(m),tuned,$(SEEDS))))

$(OUT)/tune.tsv: $(settings:%=$(OUT)/%.tuned.tsv) $(OUT)/settings.tune \
		$(here)tune.awk
	awk -f $(here)tune.awk $(filter %.tuned.tsv,$^) >$@.rows
	{ printf 'what\tnDCG@10\tover ALS\tsetting\n' && \
	    LC_ALL=C sort -s -k1,1 -k2,2nr $@.rows; } $(complete)
	rm $@.rows
settings.tune = $(SEEDS) $(settings)
