# The flow of two-stage.mk in shards, for many cores or a cluster.  GNU make, bash.
#
#   make -f pipelines/sharded.mk DATA=my.csv FEATURES=my.features OUT=dir
#       [SHARDS=4] [PARTS=2] [EPOCHS=20] [TOP=10] [-j4] [SHELL=pipelines/far]
#
# DATA and FEATURES are as in two-stage.mk, but that each line of DATA is a row,
# the first one has the names, and what READ says of types is said in TYPES.
# Rows lie in SHARDS twice: rows-N has a stretch of the lines of DATA, from which
# models are trained; users-N all rows of some users, whose lists are made and
# measured there.  Items are searched in PARTS.  A shard needs rows of each kind:
# there are not to be more of them than a small part of the users.
#
# Ends with the quality.tsv of two-stage.mk and its recommendations.tsv, sorted
# by the bytes of the user, when both have the same SPLIT, by hash.  These, the
# vocabulary and the models have the same bytes for any SHARDS, PARTS, -j and
# SHELL.
OUT = sharded
SHARDS = 4
PARTS = 2
EPOCHS = 20
TOP = 10
SEED = 1
# How DATA is read, such as READ='--delimiter ;' TYPES='user:str price:f32'.
READ =
TYPES =
# How a fifth of the rows is set aside: row by row, whatever the other rows are.
SPLIT = --by hash --column $(user),$(item) --seed $(SEED)
# How the models are trained.
TOWER = --epochs $(EPOCHS)
RANKER = --optimizer adam --learning-rate 0.001 --batch-size 512 --epochs 5

# Recipes are single commands of bash.  SHELL=far is for them alone, not for what
# make asks while it reads this file.
engine := $(if $(filter command%,$(origin SHELL)),$(SHELL),bash)
override SHELL := bash
strict = -o pipefail -ec
.SHELLFLAGS = $(strict)
.ONESHELL:

all: $(OUT)/quality.tsv $(OUT)/recommendations.tsv
	@awk -F '\t' '{ printf "%-10s  %-9s  %4s  %.8s\n", $$1, $$2, $$3, $$4 }' $<
	echo 'recommendations: $(OUT)/recommendations.tsv'

here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)columns.mk $(here)common.mk

# rec-split makes at most 256 parts, and there are SHARDS x SHARDS files.
some = $(or $(shell [ '$2' -ge 1 ] 2>&- && [ '$2' -le 256 ] && seq '$2'),\
	$(error $1=$2: a whole number from 1 to 256 is needed))
shards := $(call some,SHARDS,$(SHARDS))
parts := $(call some,PARTS,$(PARTS))
# A file of all shards: $(call rows,train.rms).
rows = $(shards:%=$(OUT)/rows-%/$(1))
users = $(shards:%=$(OUT)/users-%/$(1))
# cat and awk do not tell who reads them that they have failed; pipefail tells
# us, and only then the output gets its name.  Two nodes may write the same file
# at once, when one of them was taken for dead.
part = $@.$$HOSTNAME.$$$$
new = $(part) && mv $(part) $@
complete = >$(new)

# Names and types, as the first rows of all have them.
$(OUT)/columns: $(DATA) $(OUT)/settings.read
	head -n 4097 $< | rec-from csv $(READ) --types '$(TYPES)' | rec-info | \
	awk '$$1 == "column" { print $$2 ":" $$3 }' $(complete)

# Rows, in stretches: lines of DATA.
$(OUT)/rows-%/data.rms: $(DATA) $(OUT)/columns $(OUT)/settings.shards
	mkdir -p $(@D)
	split -n l/$*/$(SHARDS) $< | sed '$(if $(filter 1,$*),1d)' | \
	rec-from csv $(READ) --columns "$$(tr '\n' ' ' <$(OUT)/columns)" -o $(new)

# Vocabulary and items are those of the training rows, and nothing else is.
$(OUT)/rows-%/known.rms: $(OUT)/rows-%/data.rms $(OUT)/settings.split
	rec-split $(SPLIT) $@=0.8 /dev/null=0.2 <$<

$(OUT)/rows-%/vocab.rms: $(OUT)/rows-%/known.rms $(FEATURES)
	rec-vocab $(FEATURES) $< -o $@

$(OUT)/vocab.rms: $(call rows,vocab.rms)
	cat $^ | rec-vocab --merge -o $(new)

$(OUT)/rows-%/items.rms: $(OUT)/rows-%/known.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms --items $< -o $@

$(OUT)/items.rms: $(call rows,items.rms)
	cat $^ | rec-head -n 1 --by $(item_id) -o $(new)

$(OUT)/rows-%/features.rms: $(OUT)/rows-%/data.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms $< -o $@

$(OUT)/rows-%/train.rms $(OUT)/rows-%/test.rms: $(OUT)/rows-%/features.rms \
		$(OUT)/settings.split
	rec-split $(SPLIT) $(@D)/train.rms=0.8 $(@D)/test.rms=0.2 <$<

# Models: of all rows in their order, which does not depend on the shards.
$(OUT)/tower.rms: $(call rows,train.rms) $(OUT)/settings.models
	cat $(filter %.rms,$^) | rec-train-tower $(TOWER) --seed $(SEED) \
	    --checkpoint $@.checkpoint --log $(OUT)/tower.tsv -o $(new)

$(OUT)/test.rms: $(call rows,test.rms)
	cat $^ $(complete)

$(OUT)/ranker.rms: $(OUT)/test.rms $(call rows,train.rms) $(OUT)/settings.models
	cat $(filter %/train.rms,$^) | rec-train-rank $(RANKER) --seed $(SEED) \
	    --checkpoint $@.checkpoint --log $(OUT)/ranker.tsv \
	    --validate $< -o $(new)

# Items, in parts.
$(parts:%=$(OUT)/items-%.rms) &: $(OUT)/items.rms $(OUT)/settings.parts
	rec-split --by hash --column $(item_id) $(parts:%=$(OUT)/items-%.rms) <$<

$(OUT)/embedded-%.rms: $(OUT)/tower.rms $(OUT)/items-%.rms
	rec-embed -m $< --tower item $(OUT)/items-$*.rms -o $@

# Users: each shard of the rows gives each shard of the users what it has.
$(foreach n,$(shards),$(OUT)/rows-%/users-$(n).rms): $(OUT)/rows-%/features.rms
	rec-split --empty --by hash --column $(user) --seed 0 \
	    $(shards:%=$(@D)/users-%.rms) <$<

$(OUT)/users-%/rows.rms: $(foreach n,$(shards),$(OUT)/rows-$(n)/users-%.rms)
	mkdir -p $(@D)
	cat $^ $(complete)

$(OUT)/users-%/train.rms $(OUT)/users-%/test.rms: $(OUT)/users-%/rows.rms \
		$(OUT)/settings.split
	rec-split $(SPLIT) $(@D)/train.rms=0.8 $(@D)/test.rms=0.2 <$<

# Two kinds of queries: what was liked, to be found among what is not in the
# training rows; and each user as of the latest row, for whom all is new that is
# in no row.
$(OUT)/users-%/liked.rms: $(OUT)/users-%/test.rms
	rec-where -i $< -o $@ label = 1

$(OUT)/users-%/latest.rms: $(OUT)/users-%/rows.rms
	rec-split --empty --by last --user $(user) --time $(TIME) /dev/null $@ <$<

$(OUT)/users-%.queries.rms: $(OUT)/users-%.rms $(OUT)/tower.rms
	rec-embed -m $(OUT)/tower.rms --tower query $< -o $@

# search QUERIES,KNOWN,PART
define search
$(OUT)/users-%/$(1)-$(3).rms: $(OUT)/users-%/$(1).queries.rms \
		$(OUT)/users-%/$(2).rms $(OUT)/embedded-$(3).rms $(OUT)/settings.top
	rec-knn --part -k $(TOP) -i $(OUT)/embedded-$(3).rms \
	    --exclude $$(@D)/$(2).rms $$< -o $$@
endef
$(foreach p,$(parts),$(eval $(call search,liked,train,$(p))))
$(foreach p,$(parts),$(eval $(call search,latest,rows,$(p))))

$(OUT)/users-%.lists.rms: $(foreach p,$(parts),$(OUT)/users-%-$(p).rms)
	rec-merge -k $(TOP) $^ -o $@

# Quality, by sums of the shards.
$(OUT)/users-%/retrieved.rms: $(OUT)/users-%/liked.lists.rms
	rec-ndcg --sums --at $(TOP) $< -o $@

$(OUT)/users-%/re-ranked.rms: $(OUT)/users-%/liked.lists.rms \
		$(OUT)/ranker.rms $(OUT)/items.rms
	rec-rank -m $(OUT)/ranker.rms -i $(OUT)/items.rms $< | \
	rec-ndcg --sums --at $(TOP) -o $@

$(OUT)/taken.rms: $(call rows,train.rms)
	cat $^ | rec-cut $(item_id) -o $(new)

$(OUT)/users-%/popular.rms: $(OUT)/users-%/liked.rms $(OUT)/users-%/train.rms \
		$(OUT)/taken.rms $(OUT)/settings.top
	rec-popular -k $(TOP) -t $(OUT)/taken.rms --exclude $(@D)/train.rms $< | \
	rec-ndcg --sums --at $(TOP) -o $@

lists = popular retrieved re-ranked
$(lists:%=$(OUT)/%.tsv): $(OUT)/%.tsv: $(call users,%.rms)
	cat $^ | rec-ndcg --merge -o $(new)

$(OUT)/quality.tsv: $(lists:%=$(OUT)/%.tsv)
	awk '{ name = FILENAME; sub(/.*\//, "", name); sub(/\.tsv$$/, "", name) } \
	    FNR > 1 || NR == 1 { print (NR == 1 ? "lists" : name) "\t" $$0 }' \
	    $^ $(complete)

# Recommendations: in the order of the users' bytes, in which shards can be merged.
by_user = LC_ALL=C sort -s -t $$'\t' -k 1,1

$(OUT)/users-%/recommendations.tsv: $(OUT)/users-%/latest.lists.rms \
		$(OUT)/ranker.rms $(OUT)/items.rms
	rec-rank -m $(OUT)/ranker.rms -i $(OUT)/items.rms $< | \
	rec-decode -v $(OUT)/vocab.rms | \
	rec-to tsv --no-header --explode \
	    -c $(user),candidates.$(item),scores | \
	$(by_user) $(complete)

$(OUT)/recommendations.tsv: $(call users,recommendations.tsv)
	{ printf '$(user)\trank\tcandidates.$(item)\tscores\n' && \
	    $(by_user) -m $^; } $(complete)

settings.read = $(DATA) $(READ) $(TYPES)
settings.shards = $(SHARDS)
settings.split = $(SPLIT)
settings.models = $(SEED) $(TOWER) $(RANKER)
settings.parts = $(PARTS)
settings.top = $(TOP)
$(OUT)/settings.%: private override SHELL := bash
override SHELL := $(engine)
