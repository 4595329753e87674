# Retrieval and a second stage on MovieLens 100k by the protocol of the Microsoft
# recommenders benchmark: what movielens.mk measures and tune.mk chooses the
# settings of.  To be included behind OUT, SEEDS and the first target, by
# makefiles that say what $(OUT)/ratings.rms is.
#
# A folder $(OUT)/seed-N has a split of these ratings, and $(OUT)/inner-N a split of
# its training half: lists made there, of which it is known what was right, are
# what the second stage learns from.
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

# Whose scores the second stage weighs, als first: ALS and EASE (als, ease), ALS
# learned from what was liked (liked), and EASE learned from sessions in place of
# users (near).  All by tune.mk: for ALS and EASE their defaults came out best, and
# ease says nothing that these three do not.
SCORES ?= als liked near
ALS =
EASE =
NEAR = --lambda 100
GAP = 300
RANKER = --optimizer adam --learning-rate 0.05 --schedule linear \
    --batch-size 1000 --epochs 10

runs = $(SEEDS:%=$(OUT)/seed-%)

# Three quarters of each film's ratings, drawn as NumPy does.
split = mkdir -p $(@D) && rec-split --by stratified --column item_id \
    --generator mt19937 -i $< $(@D)/train.rms=.75 $(@D)/test.rms=.25
$(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms: $(OUT)/ratings.rms
	$(split) --seed $*

$(OUT)/inner-%/train.rms $(OUT)/inner-%/test.rms: $(OUT)/seed-%/train.rms
	$(split) --seed 1$*

# A user's ratings fall into sessions: no two that follow each other are more
# than GAP seconds apart.
$(OUT)/%/sessions.tsv: $(OUT)/%/train.rms $(here)sessions.awk \
		$(OUT)/settings.gap
	rec-to tsv --no-header -c user_id,item_id,rating,timestamp $< -o $@.rows
	LC_ALL=C sort -k1,1n -k4,4n -o $@.rows $@.rows
	awk -v gap=$(GAP) -f $(here)sessions.awk $@.rows $(complete) && rm $@.rows

$(OUT)/%/sessions.rms: $(OUT)/%/sessions.tsv
	rec-from tsv -o $@ $< --columns \
	    'user_id:i32 item_id:i32 rating:f32 timestamp:i64 session:i32'
settings.gap = $(GAP)

$(OUT)/%/vocab.rms: $(OUT)/%/sessions.rms $(here)movielens.features
	rec-vocab $(here)movielens.features $< -o $@

# What everybody took, as rows to learn from and to leave out, and what of it
# was liked.
history = rec-history --by user_id --of item_id --most 2000
$(OUT)/%/known.rms: $(OUT)/%/sessions.rms $(OUT)/%/vocab.rms
	$(history) --from $< $< | rec-featurize -v $(@D)/vocab.rms | \
	rec-cut --except history,query.history.lookup -o $@

$(OUT)/%/known-liked.rms: $(OUT)/%/known.rms
	rec-where -i $< -o $@ rating '>=' 4

$(OUT)/%/items.rms: $(OUT)/%/sessions.rms $(OUT)/%/vocab.rms
	rec-featurize -v $(@D)/vocab.rms --items $< -o $@

$(OUT)/%/truth.rms: $(OUT)/%/test.rms $(OUT)/%/vocab.rms
	rec-featurize -v $(@D)/vocab.rms --part item $< -o $@

# One row for each user who has test rows asks for the user's list; without an
# item, for a row with an item is one that has not happened yet.
$(OUT)/%/users.rms: $(OUT)/%/sessions.rms $(OUT)/%/test.rms \
		$(OUT)/%/vocab.rms
	rec-split --by last --user user_id --time timestamp -i $< \
	    /dev/null $@.last
	rec-stats --by user_id --count --from $(@D)/test.rms $@.last | \
	rec-where user_id_count '>' 0 | \
	rec-cut user_id,session | $(history) --from $< | \
	rec-featurize -v $(@D)/vocab.rms --part query -o $@
	rm $@.last

# Models, each with the embeddings of the items, lists of ten and figures.
# trained NAME,ROWS,PROGRAM: $(OUT)/%/NAME.rms, learned from $(OUT)/%/ROWS.rms.
define trained
$(OUT)/%/$(1).rms: $(OUT)/%/$(2).rms $(OUT)/settings.$(1)
	$(3) $$< -o $$@
settings.$(1) = $(3)

$(OUT)/%/$(1).items.rms: $(OUT)/%/$(1).rms $(OUT)/%/items.rms
	rec-embed -m $$< --tower item $$(@D)/items.rms -o $$@

$(OUT)/%/$(1).lists.rms: $(OUT)/%/$(1).rms $(OUT)/%/$(1).items.rms \
		$(OUT)/%/users.rms $(OUT)/%/known.rms
	rec-embed -m $$< --tower query $$(@D)/users.rms | \
	rec-knn -k 10 -i $$(@D)/$(1).items.rms -x $$(@D)/known.rms -o $$@
$$(eval $$(call measured,$(1)))
endef

# Values of each user, and means.
measure = rec-ndcg --convention ms --at 10 --by user_id \
    --truth-file $(@D)/truth.rms
define measured
$(OUT)/%/$(1).users.rms: $(OUT)/%/$(1).lists.rms $(OUT)/%/truth.rms
	$$(measure) --per-query $$< -o $$@

$(OUT)/%/$(1).ndcg.tsv: $(OUT)/%/$(1).lists.rms $(OUT)/%/truth.rms
	$$(measure) $$< -o $$@
endef
$(eval $(call trained,als,known,rec-train-als --seed 1 $(ALS)))
$(eval $(call trained,liked,known-liked,rec-train-als --seed 1 $(ALS)))
$(eval $(call trained,ease,known,rec-train-ease $(EASE)))
$(eval $(call trained,near,known,rec-train-ease --query session $(NEAR)))

# The second stage: what else finds of a hundred candidates that ALS found.
comma = ,
listed = $(subst $() $(),$(comma),$(strip $(1)))
others = $(filter-out als,$(SCORES))
$(OUT)/%/candidates.rms: $(OUT)/%/users.rms $(OUT)/%/known.rms $(foreach \
		m,$(SCORES),$(OUT)/%/$(m).rms $(OUT)/%/$(m).items.rms) \
		$(OUT)/settings.scores
	rec-embed -m $(@D)/als.rms --tower query $< | \
	rec-knn -k 100 -i $(@D)/als.items.rms -x $(@D)/known.rms | \
	$(foreach m,$(others),rec-embed -m $(@D)/$(m).rms --tower query | \
	    rec-score -i $(@D)/$(m).items.rms --as $(m) |) \
	rec-cut $(call listed,user_id candidates als=scores $(others)) -o $@

settings.scores = $(SCORES)

# As rows, in which each score is standardized within its list.
explode = rec-explode -c $(call listed,item=candidates $(SCORES)) \
    -s $(call listed,$(SCORES))
$(OUT)/%/rows.rms: $(OUT)/%/candidates.rms
	$(explode) $< -o $@

$(OUT)/%/labelled.rms: $(OUT)/%/candidates.rms $(OUT)/%/truth.rms
	$(explode) --by user_id --truth-file $(@D)/truth.rms $< -o $@

# ranked NAME,SCORES,OPTIONS: lists of a linear model of these scores.
define ranked
$(OUT)/$(1).features: $(OUT)/settings.$(1)
	printf 'query %s normalize\n' $(2) >$$@
settings.$(1) = $(2) $(3)

$(OUT)/seed-%/$(1).vocab.rms: $(OUT)/inner-%/labelled.rms $(OUT)/$(1).features
	rec-vocab $(OUT)/$(1).features $$< -o $$@

$(OUT)/seed-%/$(1).rms: $(OUT)/inner-%/labelled.rms $(OUT)/seed-%/$(1).vocab.rms
	rec-featurize -v $$(@D)/$(1).vocab.rms $$< | \
	rec-train-rank --seed 1 --group list --layers none $(3) -o $$@

$(OUT)/seed-%/$(1).lists.rms: $(OUT)/seed-%/rows.rms $(OUT)/seed-%/$(1).rms
	rec-featurize -v $$(@D)/$(1).vocab.rms $$< | \
	rec-predict -m $$(@D)/$(1).rms | rec-collect -s logit -o $$@
$$(eval $$(call measured,$(1)))
endef

# compared NAME,WHAT,SEEDS: $(OUT)/NAME.WHAT.tsv, by how much the lists are better
# than those of ALS, in all of these splits together; a user's are one sample.
values = $(patsubst %,$(OUT)/seed-%/$(1).users.rms,$(2))
define compared
$(OUT)/$(1).$(2).tsv: $(call values,als,$(3)) $(call values,$(1),$(3))
	cat $(call values,als,$(3)) >$$@.als
	cat $(call values,$(1),$(3)) | rec-compare --by user_id $$@.als - -o $$@
	rm $$@.als
endef
