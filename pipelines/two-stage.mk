# Two-stage recommendation from a table of your own.  GNU make.
#
#   make -f pipelines/two-stage.mk DATA=my.csv FEATURES=my.features OUT=dir
#       [EPOCHS=20] [TOP=10] [-j2]
#
# DATA has a row for each time that somebody chose something, with columns named
# as you like; FEATURES, rec-features(5), says which of them are what.  It needs
# a lookup of the user among the query features, the key among those of the
# item, and a label.  Ends with
#
#   $(OUT)/recommendations.tsv  TOP new items for each user, best first
#   $(OUT)/quality.tsv          how good such lists are, for rows that the
#                               models have not seen and that are liked
#   $(OUT)/report.html          both trainings, such lists and how good they are
#   tower.rms, ranker.rms, vocab.rms, items.rms, embedded.rms  to serve with
#
# and a summary.  As in article.mk a file is complete or absent, and a run that
# was stopped goes on where it was.
OUT = two-stage
EPOCHS = 20
TOP = 10
SEED = 1
# How DATA is read, such as READ="--delimiter ';' --types 'user:str'".
READ =
# How a fifth of the rows is set aside, such as SPLIT='--by time --time when'.
SPLIT = --by random --seed $(SEED)
# How the models are trained.
TOWER = --epochs $(EPOCHS)
RANKER = --optimizer adam --learning-rate 0.001 --batch-size 512 --epochs 5

here := $(dir $(lastword $(MAKEFILE_LIST)))
include $(here)columns.mk

all: $(OUT)/quality.tsv $(OUT)/recommendations.tsv $(OUT)/report.html
	@awk -F '\t' '{ printf "%-10s  %-9s  %4s  %.8s\n", $$1, $$2, $$3, $$4 }' $<
	@echo 'recommendations: $(OUT)/recommendations.tsv'
	@echo 'report: $(OUT)/report.html'

include $(here)common.mk

$(OUT)/data.rms: $(DATA) $(OUT)/settings.read | $(OUT)
	rec-from csv $(READ) $< -o $@

$(OUT)/train.rms $(OUT)/test.rms &: $(OUT)/data.rms $(OUT)/settings.split
	rec-split $(SPLIT) $(OUT)/train.rms=0.8 $(OUT)/test.rms=0.2 <$<

# Vocabulary and models know nothing of the test rows.
$(OUT)/vocab.rms: $(OUT)/train.rms $(FEATURES)
	rec-vocab $(FEATURES) $< -o $@

$(OUT)/%.features.rms: $(OUT)/%.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms $< -o $@

$(OUT)/items.rms: $(OUT)/train.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms --items $< -o $@

$(OUT)/tower.rms: $(OUT)/train.features.rms $(OUT)/settings.models
	rec-train-tower $(TOWER) --seed $(SEED) \
	    --checkpoint $@.checkpoint --log $(OUT)/tower.tsv $< -o $@

$(OUT)/ranker.rms: $(OUT)/train.features.rms $(OUT)/test.features.rms \
		$(OUT)/settings.models
	rec-train-rank $(RANKER) --seed $(SEED) \
	    --checkpoint $@.checkpoint --log $(OUT)/ranker.tsv \
	    --validate $(OUT)/test.features.rms $< -o $@

$(OUT)/embedded.rms: $(OUT)/tower.rms $(OUT)/items.rms
	rec-embed -m $< --tower item $(OUT)/items.rms -o $@

# Quality: what was liked, in lists of what is not in the training rows.
$(OUT)/lists.rms: $(OUT)/test.features.rms $(OUT)/tower.rms \
		$(OUT)/embedded.rms $(OUT)/train.features.rms $(OUT)/settings.top
	rec-where -i $< label = 1 | \
	rec-embed -m $(OUT)/tower.rms --tower query | \
	rec-knn -k $(TOP) -i $(OUT)/embedded.rms \
	    --exclude $(OUT)/train.features.rms -o $@

$(OUT)/retrieved.tsv: $(OUT)/lists.rms
	rec-ndcg --at $(TOP) $< -o $@

$(OUT)/re-ranked.rms: $(OUT)/lists.rms $(OUT)/ranker.rms $(OUT)/items.rms
	rec-rank -m $(OUT)/ranker.rms -i $(OUT)/items.rms $< -o $@

# The same for the most popular items.
$(OUT)/popular.rms: $(OUT)/test.features.rms $(OUT)/train.features.rms \
		$(OUT)/settings.top
	rec-where -i $< label = 1 | \
	rec-popular -k $(TOP) -t $(OUT)/train.features.rms \
	    --exclude $(OUT)/train.features.rms -o $@

$(OUT)/re-ranked.tsv $(OUT)/popular.tsv: %.tsv: %.rms
	rec-ndcg --at $(TOP) $< -o $@

$(OUT)/quality.tsv: $(OUT)/popular.tsv $(OUT)/retrieved.tsv $(OUT)/re-ranked.tsv
	awk '{ name = FILENAME; sub(/.*\//, "", name); sub(/\.tsv$$/, "", name) } \
	    FNR > 1 || NR == 1 { print (NR == 1 ? "lists" : name) "\t" $$0 }' \
	    $^ $(complete)

# All of it on one page: "make ... report".  The lists are measured row by row, so
# that the page can tell where its figures come from, and the two orders of one
# list are compared row by row.
$(OUT)/measured.%.rms: $(OUT)/%.rms
	rec-ndcg --at $(TOP) --per-row $< -o $@

$(OUT)/compared.tsv: $(OUT)/measured.lists.rms $(OUT)/measured.re-ranked.rms
	rec-compare --by $(user_id) $^ -o $@

report: $(OUT)/report.html
	@echo 'report: $<'

$(OUT)/report.html: $(OUT)/measured.popular.rms $(OUT)/measured.lists.rms \
		$(OUT)/measured.re-ranked.rms $(OUT)/compared.tsv \
		$(OUT)/tower.rms $(OUT)/ranker.rms $(OUT)/vocab.rms
	rec-report -v $(OUT)/vocab.rms --title 'Recommendations from $(notdir $(DATA))' \
	    popular=$< retrieved=$(OUT)/measured.lists.rms \
	    re-ranked=$(OUT)/measured.re-ranked.rms $(OUT)/compared.tsv \
	    $(OUT)/tower.tsv $(OUT)/ranker.tsv $(OUT)/tower.rms \
	    $(OUT)/ranker.rms -o $@

# Recommendations: for each user as of the latest row, nothing known already.
$(OUT)/queries.rms: $(OUT)/data.rms
	rec-split --by last --user $(user) --time $(TIME) /dev/null $@ <$<

$(OUT)/seen.rms: $(OUT)/train.features.rms $(OUT)/test.features.rms
	cat $^ | rec-cut $(user_id),$(item_id) -o $@

$(OUT)/recommendations.tsv: $(OUT)/queries.rms $(OUT)/seen.rms \
		$(OUT)/ranker.rms $(OUT)/embedded.rms $(OUT)/settings.top
	rec-featurize -v $(OUT)/vocab.rms --part query $< | \
	rec-embed -m $(OUT)/tower.rms --tower query | \
	rec-knn -k $(TOP) -i $(OUT)/embedded.rms --exclude $(OUT)/seen.rms | \
	rec-rank -m $(OUT)/ranker.rms -i $(OUT)/items.rms | \
	rec-decode -v $(OUT)/vocab.rms | \
	rec-to tsv --explode -c $(user),candidates.$(item),scores -o $@

settings.read = $(DATA) $(READ)
settings.split = $(SPLIT)
settings.models = $(SEED) $(TOWER) $(RANKER)
settings.top = $(TOP)

.PHONY: report
