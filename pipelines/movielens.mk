# Everything on MovieLens 100k in one table: retrieval and a second stage by the
# protocol of the Microsoft recommenders benchmark (an exact split, all 943
# users, what they have rated left out), and what PARTS say.  GNU make.
#
#   make -f pipelines/movielens.mk OUT=dir [SEEDS='42 1 2 3 4 5']
#       [DATA=folder with MovieLens 100k] [PARTS='article-lists rank-rows'] [-j2]
#
# Seed 42 is the published split; the others say how much of a figure is that
# split's.  Behind a figure of seed 42 is half its 95 % interval, behind the mean
# of the others their standard deviation, and in brackets the interval of a
# difference of the same users' values.  Settings were chosen by tune.mk, without
# the test half of seed 42; its training half is in part the others' test half.
OUT = movielens
SEEDS = 42 1 2 3 4 5
DATA = $(OUT)/ml-100k
# Other makefiles of this folder, whose tables join this one.
PARTS = article-lists rank-rows
PART_SEEDS = 1 2 3 4 5

models = popular ease als ranked
all: $(OUT)/movielens.txt $(PARTS)
	@cat $<
	+@$(foreach p,$(PARTS),echo && echo '$p' && $(call part,$p) &&) :
# A part prints its own table, which it makes in a folder of its own.
part = $(MAKE) -s --no-print-directory -f $(here)$(1).mk OUT=$(OUT)/$(1) \
    SEEDS='$(PART_SEEDS)' DATA='$(DATA)'

include $(dir $(lastword $(MAKEFILE_LIST)))movielens-stages.mk

$(DATA)/u.data: | $(OUT)
	$(here)../data/get-movielens-100k $(DATA)

$(OUT)/ratings.rms: $(DATA)/u.data $(OUT)/settings.data
	rec-from csv -d tab --no-quotes \
	    --columns 'user_id:i32 item_id:i32 rating:f32 timestamp:i64' $< -o $@

$(OUT)/%/popular.lists.rms: $(OUT)/%/users.rms $(OUT)/%/known.rms
	rec-popular -k 10 -t $(@D)/known.rms -x $(@D)/known.rms $< -o $@
$(eval $(call measured,popular))
$(eval $(call ranked,ranked,$(SCORES),$(RANKER)))

# By how much each is better than ALS: on the published split, and on the others.
published = $(filter 42,$(SEEDS))
more = $(filter-out 42,$(SEEDS))
better = $(filter-out als,$(models))
$(foreach m,$(better),$(eval $(call compared,$(m),42,$(published))))
$(foreach m,$(better),$(eval $(call compared,$(m),others,$(more))))
compared = $(if $(published),$(better:%=$(OUT)/%.42.tsv)) \
    $(if $(more),$(better:%=$(OUT)/%.others.tsv))

$(OUT)/seed-%/figures.tsv: $(foreach m,$(models),$(OUT)/seed-%/$(m).ndcg.tsv)
	awk -v OFS='\t' -v seed=$* 'FNR == 1 { n = split(FILENAME, part, /[\/.]/) } \
	    { print seed, part[n - 2], $$0 }' $^ $(complete)

$(OUT)/movielens.txt: $(runs:%=%/figures.tsv) $(compared) \
		$(here)movielens.awk $(OUT)/settings.seeds
	awk -v models='$(models)' -f $(here)movielens.awk $(filter %.tsv,$^) \
	    $(complete)

$(PARTS): FORCE | $(DATA)/u.data
	+@$(call part,$@) >/dev/null

settings.data = $(DATA)
settings.seeds = $(SEEDS)
