# Retrieval on MovieLens 100k by the protocol of the Microsoft recommenders
# benchmark: an exact split, all 943 users, what they have rated left out.  GNU
# make.
#
#   make -f pipelines/movielens.mk OUT=dir [SEEDS='42 1 2 3 4 5']
#       [DATA=folder with MovieLens 100k] [-j2]
#
# Ends with $(OUT)/retrieval.tsv and a table.  Seed 42 is the published split;
# the others say how much of a figure is that split's.  Settings are those that
# the trainers have without options; of those of ALS some twenty were tried on
# a split of the training half of seed 42, where these are among the best.
OUT = movielens
SEEDS = 42 1 2 3 4 5
DATA = $(OUT)/ml-100k

models = popular ease als
runs = $(SEEDS:%=$(OUT)/seed-%)

all: $(OUT)/retrieval.tsv
	@awk -f $(here)movielens.awk $<

include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

$(DATA)/u.data: | $(OUT)
	$(here)../data/get-movielens-100k $(DATA)

$(OUT)/ratings.rms: $(DATA)/u.data $(OUT)/settings.data
	rec-from csv -d tab --no-quotes \
	    --columns 'user_id:i32 item_id:i32 rating:f32 timestamp:i64' $< -o $@

# Three quarters of each film's ratings, drawn as NumPy does.
$(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms: $(OUT)/ratings.rms
	mkdir -p $(@D)
	rec-split --by stratified --column item_id --generator mt19937 --seed $* \
	    -i $< $(@D)/train.rms=.75 $(@D)/test.rms=.25

$(OUT)/seed-%/vocab.rms: $(OUT)/seed-%/train.rms $(here)movielens.features
	rec-vocab $(here)movielens.features $< -o $@

# What everybody took, as rows to learn from and to leave out.
$(OUT)/seed-%/known.rms: $(OUT)/seed-%/train.rms $(OUT)/seed-%/vocab.rms
	rec-history --by user_id --of item_id --most 2000 --from $< $< | \
	rec-featurize -v $(@D)/vocab.rms -o $@

$(OUT)/seed-%/truth.rms: $(OUT)/seed-%/test.rms $(OUT)/seed-%/train.rms \
		$(OUT)/seed-%/vocab.rms
	rec-history --by user_id --of item_id --most 2000 \
	    --from $(@D)/train.rms $< | rec-featurize -v $(@D)/vocab.rms -o $@

$(OUT)/seed-%/items.rms: $(OUT)/seed-%/train.rms $(OUT)/seed-%/vocab.rms
	rec-featurize -v $(@D)/vocab.rms --items $< -o $@

# One row of the test half for each user asks for the user's list.
$(OUT)/seed-%/users.rms: $(OUT)/seed-%/truth.rms
	rec-split --by last --user user_id --time timestamp -i $< \
	    $(@D)/others.rms $@

$(OUT)/seed-%/als.rms: $(OUT)/seed-%/known.rms
	rec-train-als --seed 1 $< -o $@

$(OUT)/seed-%/ease.rms: $(OUT)/seed-%/known.rms
	rec-train-ease $< -o $@

# What both models have in common: embeddings of the items, and lists.
define model
$(OUT)/seed-%/$(1).items.rms: $(OUT)/seed-%/$(1).rms $(OUT)/seed-%/items.rms
	rec-embed -m $$< --tower item $$(@D)/items.rms -o $$@

$(OUT)/seed-%/$(1).lists.rms: $(OUT)/seed-%/$(1).rms \
		$(OUT)/seed-%/$(1).items.rms $(OUT)/seed-%/users.rms
	rec-embed -m $$< --tower query $$(@D)/users.rms | \
	rec-knn -k 10 -i $$(@D)/$(1).items.rms -x $$(@D)/known.rms -o $$@
endef
$(eval $(call model,als))
$(eval $(call model,ease))

$(OUT)/seed-%/popular.lists.rms: $(OUT)/seed-%/users.rms $(OUT)/seed-%/known.rms
	rec-popular -k 10 -t $(@D)/known.rms -x $(@D)/known.rms $< -o $@

# Figures of each.
$(OUT)/seed-%.ndcg.tsv: $(OUT)/seed-%.lists.rms
	rec-ndcg --convention ms --at 10 --truth-file $(@D)/truth.rms $< -o $@

$(OUT)/seed-%/figures.tsv: $(foreach m,$(models),$(OUT)/seed-%/$(m).ndcg.tsv)
	awk -v OFS='\t' -v seed=$* 'FNR == 1 { n = split(FILENAME, part, /[\/.]/) } \
	    { print seed, part[n - 2], $$0 }' $^ $(complete)

$(OUT)/retrieval.tsv: $(runs:%=%/figures.tsv) $(OUT)/settings.seeds
	cat $(filter %.tsv,$^) $(complete)

settings.data = $(DATA)
settings.seeds = $(SEEDS)
