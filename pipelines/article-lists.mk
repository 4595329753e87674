# Lists for the article's rows, by other models beside the article's tower:
# popularity, EASE, ALS, a tower that knows what somebody took last, and a second
# stage behind it.  GNU make.
#
#   make -f pipelines/article-lists.mk OUT=dir [SEEDS='1 2 3 4 5'] [INNER=1]
#       [DATA=folder or file.csv] [EPOCHS=100] [-j2]
#
# Ends with $(OUT)/lists.tsv, $(OUT)/differences.tsv and a table of both: nDCG@10
# over the liked test rows of each seed's split and how often the row's own title
# is among 100, over all of them; what the user has among the training rows is
# left out of the lists (removed) or not (kept).  The splits are those of
# article.mk, and so are the article's tower and its epochs.
#
# What a list may look at: training rows only, never the test row itself.
# The tower sees the user's 20 last titles that are not later than the row, those
# of the same second included, how long ago the row before was, and the moment.
# EASE, ALS and the second stage know all of a user's training rows, later ones
# too, as a random split allows and a live system would not; so does what is
# removed.  Popularity, EASE and ALS have one list for all rows of a user.  A seed
# takes some 800 MB.
#
# With INNER=1 the training rows are split once more and the test rows are not
# read, nor the article's tower trained.  Settings and features were chosen so,
# with seed 1, whose training rows are in part others' test rows.
OUT = article-lists
SEEDS = 1 2 3 4 5
INNER =
DATA = $(OUT)/ml-100k
EPOCHS = 100
TOWER = --layers none --negatives all --optimizer adam --learning-rate 0.01 \
    --schedule linear --batch-size 512 --epochs 4
RANKER = --layers none --optimizer adam --learning-rate 0.05 \
    --schedule linear --batch-size 4096 --epochs 10

key = item.movie_title.lookup
kinds = removed kept
prefix := $(if $(INNER),inner-)
runs = $(SEEDS:%=$(OUT)/seed-%$(if $(INNER),/inner))
# Each is split once more, for the second stage to learn from.
halves = $(runs) $(runs:%=%/inner)

all: $(OUT)/$(prefix)lists.tsv $(OUT)/$(prefix)differences.tsv
	@awk -f $(here)lists.awk $^

include $(dir $(lastword $(MAKEFILE_LIST)))ratings.mk

define seed
$(OUT)/seed-$(1)/train.rms $(OUT)/seed-$(1)/test.rms &: $(OUT)/ratings.rms
	mkdir -p $$(@D)
	rec-split --seed $(1) $$(@D)/train.rms=0.8 $$(@D)/test.rms=0.2 <$$<
endef
$(foreach s,$(SEEDS),$(eval $(call seed,$(s))))

$(OUT)/%/inner/train.rms $(OUT)/%/inner/test.rms: $(OUT)/%/train.rms
	mkdir -p $(@D)
	rec-split --seed 101 -i $< $(@D)/train.rms=0.8 $(@D)/test.rms=0.2

# What is known at each row.  Nobody reads the whole history of one to learn from.
history = rec-history --by user_id --of movie_title --from $(@D)/train.rms
$(OUT)/%.known.rms: $(OUT)/%.rms
	$(history) --time timestamp --ties --most 20 --as recent $< | \
	$(history) --most $(if $(filter train%,$(@F)),1,2000) | \
	rec-stats --by user_id --except movie_title --from $(@D)/train.rms \
	    --time timestamp --since --log --as row -o $@

$(halves:%=%/test.known.rms): %/test.known.rms: %/train.rms

# What each kind of model reads; as in the article, vocabularies are learned from
# all rows, training and test.
define features
$(OUT)/%/$(1).vocab.rms: $(OUT)/%/train.known.rms $(OUT)/%/test.known.rms \
		$(here)$(2)
	cat $$(@D)/train.known.rms $$(@D)/test.known.rms | \
	rec-vocab $(here)$(2) -o $$@

$(OUT)/%/$(1).titles.rms: $(OUT)/%/train.known.rms $(OUT)/%/test.known.rms \
		$(OUT)/%/$(1).vocab.rms
	cat $$(@D)/train.known.rms $$(@D)/test.known.rms | \
	rec-featurize -v $$(@D)/$(1).vocab.rms --items -o $$@

$(OUT)/%/$(1).train.rms: $(OUT)/%/train.known.rms $(OUT)/%/$(1).vocab.rms
	rec-featurize -v $$(@D)/$(1).vocab.rms $$< | \
	rec-cut --except recent,history -o $$@

$(OUT)/%/$(1).test.rms: $(OUT)/%/test.known.rms $(OUT)/%/$(1).vocab.rms
	$(if $(3),rec-featurize -v $$(@D)/$(3).vocab.rms --part query $$< |) \
	rec-featurize -v $$(@D)/$(1).vocab.rms $(if $(3),,$$<) | \
	rec-cut --except recent,history -o $$@
endef
$(eval $(call features,known,lists-known.features))
$(eval $(call features,article,article.features))
# The second stage asks EASE and ALS about the tower's lists.
$(eval $(call features,tower,lists-tower.features,known))
$(halves:%=%/tower.test.rms): %/tower.test.rms: %/known.vocab.rms

$(OUT)/%/ease.rms: $(OUT)/%/known.train.rms
	rec-train-ease --lambda 300 $< -o $@

$(OUT)/%/als.rms: $(OUT)/%/known.train.rms
	rec-train-als $< -o $@

$(OUT)/%/tower.rms: $(OUT)/%/tower.train.rms $(OUT)/settings.tower
	rec-train-tower $(TOWER) $< -o $@

$(OUT)/%/article.rms: $(OUT)/%/article.train.rms $(OUT)/settings.epochs
	rec-train-tower --no-log-q --no-mask --seed $(*:seed-%=%) \
	    --epochs $(EPOCHS) $< -o $@

define items
$(OUT)/%/$(1).items.rms: $(OUT)/%/$(1).rms $(OUT)/%/$(2).titles.rms
	rec-embed -m $$< --tower item $$(@D)/$(2).titles.rms -o $$@
endef
$(foreach m,ease=known als=known tower=tower article=article,$(eval \
    $(call items,$(firstword $(subst =, ,$(m))),$(lastword $(subst =, ,$(m))))))

# Lists of a hundred for each test row: of the towers as of the row, of the others
# one for each user.
remove.removed = -x $(@D)/known.train.rms
remove.kept =
define towers
$(OUT)/%/$(1).$(2).lists.rms: $(OUT)/%/$(1).rms $(OUT)/%/$(1).items.rms \
		$(OUT)/%/$(1).test.rms $(OUT)/%/known.train.rms
	rec-embed -m $$< --tower query $$(@D)/$(1).test.rms | \
	rec-knn -k 100 -i $$(@D)/$(1).items.rms $$(remove.$(2)) -o $$@
endef
$(foreach m,tower article,$(foreach k,$(kinds),$(eval $(call towers,$(m),$(k)))))

$(OUT)/%/users.rms: $(OUT)/%/known.test.rms
	rec-split --by last --user user_id --time timestamp -i $< \
	    /dev/null $@

define of_users
$(OUT)/%/$(1).$(2).users.rms: $(OUT)/%/$(1).rms $(OUT)/%/$(1).items.rms \
		$(OUT)/%/users.rms $(OUT)/%/known.train.rms
	rec-embed -m $$< --tower query $$(@D)/users.rms | \
	rec-knn -k 100 -i $$(@D)/$(1).items.rms $$(remove.$(2)) | \
	rec-cut user_id,candidates,scores -o $$@
endef
$(foreach m,ease als,$(foreach k,$(kinds),$(eval $(call of_users,$(m),$(k)))))

define popular
$(OUT)/%/popular.$(1).users.rms: $(OUT)/%/known.train.rms $(OUT)/%/users.rms
	rec-popular -k 100 -t $$< $$(remove.$(1)) $$(@D)/users.rms | \
	rec-cut user_id,candidates,scores -o $$@
endef
$(foreach k,$(kinds),$(eval $(call popular,$(k))))

$(OUT)/%.lists.rms: $(OUT)/%.users.rms
	rec-cut user_id,rating,$(key) $(@D)/known.test.rms | \
	rec-join --on user_id $< -o $@

# How good each row's list is.
$(OUT)/%.rows.rms: $(OUT)/%.lists.rms
	rec-cut user_id,rating,$(key),candidates,scores $< | \
	rec-ndcg --at 10,100 --per-row | \
	rec-cut user_id,rating,ndcg@10,hit@100 -o $@

# The second stage: candidates of liked rows with what all models and counts say
# of them, a linear model of lists that is learned from the inner halves, and lists
# in its order.
$(OUT)/%/titles-rated.rms: $(OUT)/%/known.train.rms
	rec-cut item=$(key),user_id,rating $< -o $@

of_title = rec-stats --by item --except user_id --from $(@D)/titles-rated.rms \
    --of rating --mean --prior 5
define second

$(OUT)/%/$(1).candidates.rms: $(OUT)/%/tower.$(1).lists.rms \
		$(OUT)/%/ease.items.rms $(OUT)/%/als.items.rms $(OUT)/%/titles-rated.rms
	rec-where -i $$< rating '>=' 4 | \
	rec-embed -m $$(@D)/ease.rms --tower query | \
	rec-score -i $$(@D)/ease.items.rms --as ease | \
	rec-embed -m $$(@D)/als.rms --tower query | \
	rec-score -i $$(@D)/als.items.rms --as als | \
	rec-cut user_id,rating,$(key),candidates,scores,ease,als | \
	rec-explode -c item=candidates,tower=scores,ease,als \
	    -s ease,als --truth $(key) | \
	$$(of_title) --count --log --as item | \
	$$(of_title) --at-least 4 --as liked -o $$@

$(OUT)/%/$(1).ranker.rms: $(OUT)/%/inner/$(1).candidates.rms \
		$(here)lists-rank.features $(OUT)/settings.ranker
	rec-vocab $(here)lists-rank.features $$< -o $$(@D)/$(1).vocab.rms
	rec-featurize -v $$(@D)/$(1).vocab.rms $$< | \
	rec-train-rank --group list $(RANKER) -o $$@

$(OUT)/%/ranked.$(1).lists.rms: $(OUT)/%/$(1).candidates.rms \
		$(OUT)/%/$(1).ranker.rms
	rec-featurize -v $$(@D)/$(1).vocab.rms $$< | \
	rec-predict -m $$(@D)/$(1).ranker.rms | rec-collect -s logit -o $$@
endef
$(foreach k,$(kinds),$(eval $(call second,$(k))))

# Figures of each seed, and by how much one model is better than another over all
# of them; rows of a user depend on one another.
models = popular ease als $(if $(INNER),,article) tower ranked
pairs = popular-ease ease-tower $(if $(INNER),,article-tower) tower-ranked
measured = $(foreach m,$(models),$(foreach k,$(kinds),$(m).$(k)))

$(OUT)/%.rows.tsv: $(OUT)/%.rows.rms
	rec-to tsv -c user_id,rating,ndcg@10,hit@100 $< -o $@

$(OUT)/$(prefix)lists.tsv: $(foreach r,$(runs),$(measured:%=$(r)/%.rows.tsv)) \
		$(OUT)/settings.seeds
	awk -f $(here)lists-figures.awk $(filter %.tsv,$^) $(complete)

$(measured:%=$(OUT)/$(prefix)%.liked.tsv): $(OUT)/$(prefix)%.liked.tsv: \
		$(runs:=/%.rows.tsv) $(OUT)/settings.seeds
	awk -F '\t' 'FNR > 1 && $$2 >= 4 { print $$1 FS $$3 }' \
	    $(filter %.tsv,$^) $(complete)

$(OUT)/$(prefix)%.liked.rms: $(OUT)/$(prefix)%.liked.tsv
	rec-from tsv --columns 'user_id:str ndcg@10:f64' $< -o $@

define difference
$(OUT)/$(prefix)$(1)-$(2).$(3).tsv: $(OUT)/$(prefix)$(1).$(3).liked.rms \
		$(OUT)/$(prefix)$(2).$(3).liked.rms
	rec-compare --by user_id $$^ -o $$@
endef
$(foreach k,$(kinds),$(foreach p,$(pairs),$(eval $(call difference,$\
    $(firstword $(subst -, ,$(p))),$(lastword $(subst -, ,$(p))),$(k)))))

differences = $(foreach p,$(pairs),$(kinds:%=$(p).%))
$(OUT)/$(prefix)differences.tsv: $(differences:%=$(OUT)/$(prefix)%.tsv)
	for d in $(differences); do \
	    awk -v OFS='\t' -v name=$$d 'BEGIN { split(name, part, ".") } \
	        FNR > 1 { print part[1], part[2], $$5, $$6, $$7, $$8 }' \
	        $(OUT)/$(prefix)$$d.tsv || exit; \
	done $(complete)

settings.data = $(DATA)
settings.seeds = $(SEEDS)
settings.epochs = $(EPOCHS)
settings.tower = $(TOWER)
settings.ranker = $(RANKER)
