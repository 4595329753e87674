# The article's configuration from text to table, over several seeds.  GNU make.
#
#   make -f pipelines/article.mk OUT=dir [SEEDS='1 2 3 4 5'] [EPOCHS=100]
#       [DATA=folder or file.csv] [-j2]
#
# Ends with $(OUT)/results.tsv, a table, and for each seed a page report.html.  DATA is a folder with MovieLens
# 100k, which is got when it is not there, or a .csv as rec-synth writes it.
#
# A step is one target and one pipe, whose last filter writes it with -o: so a
# file is complete or not there, and plain sh will do, because a stage that dies
# makes the last one fail.  Stopped and started again, it goes on where it was;
# other epochs repeat what depends on them.
OUT = article
SEEDS = 1 2 3 4 5
EPOCHS = 100
DATA = $(OUT)/ml-100k

seed = $(patsubst $(OUT)/seed-%/,%,$(dir $@))
runs = $(SEEDS:%=$(OUT)/seed-%)
key = item.movie_title.lookup

all: $(OUT)/results.tsv report
	@awk -v article=$(if $(is_csv),0,1) -f $(here)table.awk $<
	@echo; echo 'report: $(runs:%=%/report.html)'

include $(dir $(lastword $(MAKEFILE_LIST)))ratings.mk

# As in the article, the vocabulary is learned from all rows.
$(OUT)/vocab.rms: $(OUT)/ratings.rms $(here)article.features
	rec-vocab $(here)article.features $< -o $@

$(OUT)/features.rms: $(OUT)/ratings.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms $< -o $@

$(OUT)/items.rms: $(OUT)/ratings.rms $(OUT)/vocab.rms
	rec-featurize -v $(OUT)/vocab.rms --items $< -o $@

# For each seed a split and two models trained on four fifths of the rows.
$(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms: $(OUT)/features.rms
	mkdir -p $(@D)
	rec-split --seed $* $(@D)/train.rms=0.8 $(@D)/test.rms=0.2 <$<

$(OUT)/seed-%/tower.rms: $(OUT)/seed-%/train.rms $(OUT)/settings.epochs
	rec-train-tower --no-log-q --no-mask --seed $* --epochs $(EPOCHS) \
	    --checkpoint $@.checkpoint \
	    --log $(@D)/tower.tsv $< -o $@

$(OUT)/seed-%/ranker.rms: $(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms \
		$(OUT)/settings.epochs
	rec-train-rank --seed $* --epochs $(EPOCHS) --checkpoint $@.checkpoint \
	    --validate $(@D)/test.rms --log $(@D)/ranker.tsv $< -o $@

# Retrieval: a hundred titles for each row of the test set.
$(OUT)/seed-%/embedded.rms: $(OUT)/seed-%/tower.rms $(OUT)/items.rms
	rec-embed -m $< --tower item $(OUT)/items.rms -o $@

$(OUT)/seed-%/lists.rms: $(OUT)/seed-%/test.rms $(OUT)/seed-%/tower.rms \
		$(OUT)/seed-%/embedded.rms
	rec-embed -m $(@D)/tower.rms --tower query $< | \
	rec-knn -k 100 -i $(@D)/embedded.rms -o $@

# Is the row's own title in the list?  And for rows that are liked, where: as
# retrieved, and with the first ten in the order of the ranking model.
$(OUT)/seed-%/accuracy.tsv: $(OUT)/seed-%/lists.rms
	rec-ndcg --at 1,5,10,50,100 $< -o $@

$(OUT)/seed-%/before.tsv: $(OUT)/seed-%/lists.rms
	rec-where -i $< label = 1 | rec-ndcg --at 10 -o $@

$(OUT)/seed-%/after.tsv: $(OUT)/seed-%/lists.rms $(OUT)/seed-%/ranker.rms \
		$(OUT)/items.rms
	rec-where -i $< label = 1 | \
	rec-rank -m $(@D)/ranker.rms --items $(OUT)/items.rms --depth 10 | \
	rec-ndcg --at 10 -o $@

# Both once more row by row, so that they can be compared and a page can tell
# where its figures come from: "make ... report".
$(OUT)/seed-%/retrieved.rms: $(OUT)/seed-%/lists.rms
	rec-where -i $< label = 1 | rec-ndcg --at 10 --per-row -o $@

$(OUT)/seed-%/re-ranked.rms: $(OUT)/seed-%/lists.rms $(OUT)/seed-%/ranker.rms \
		$(OUT)/items.rms
	rec-where -i $< label = 1 | \
	rec-rank -m $(@D)/ranker.rms --items $(OUT)/items.rms --depth 10 | \
	rec-ndcg --at 10 --per-row -o $@

$(OUT)/seed-%/compared.tsv: $(OUT)/seed-%/retrieved.rms $(OUT)/seed-%/re-ranked.rms
	rec-compare --by query.user_id.lookup $^ -o $@

report: $(runs:%=%/report.html)

$(OUT)/seed-%/report.html: $(OUT)/seed-%/popular-ndcg.tsv \
		$(OUT)/seed-%/retrieved.rms $(OUT)/seed-%/re-ranked.rms \
		$(OUT)/seed-%/compared.tsv $(OUT)/seed-%/tower.rms \
		$(OUT)/seed-%/ranker.rms $(OUT)/vocab.rms
	rec-report -v $(OUT)/vocab.rms --title "The article's configuration, seed $*" \
	    popular=$< $(@D)/retrieved.rms $(@D)/re-ranked.rms \
	    $(@D)/compared.tsv $(@D)/tower.tsv $(@D)/ranker.tsv \
	    $(@D)/tower.rms $(@D)/ranker.rms -o $@

# What counting gives, without any model.
$(OUT)/seed-%.text: $(OUT)/seed-%.rms
	rec-to tsv -c user_id,$(key),rating,label $< -o $@

$(OUT)/seed-%/bias.tsv: $(OUT)/seed-%/train.text $(OUT)/seed-%/test.text
	awk -v user=user_id -v item=$(key) -v rating=rating \
	    -f $(here)bias.awk $^ $(complete)

$(OUT)/seed-%/popular.rms: $(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms
	rec-popular -k 100 -t $< $(@D)/test.rms -o $@

$(OUT)/seed-%/popular-accuracy.tsv: $(OUT)/seed-%/popular.rms
	rec-ndcg --at 1,5,10,50,100 $< -o $@

$(OUT)/seed-%/popular-ndcg.tsv: $(OUT)/seed-%/popular.rms
	rec-where -i $< label = 1 | rec-ndcg --at 10 -o $@

# All of it together.
$(OUT)/seed-%/results.tsv: $(addprefix $(OUT)/seed-%/, accuracy.tsv before.tsv \
		after.tsv popular-accuracy.tsv popular-ndcg.tsv bias.tsv ranker.rms)
	awk -v seed=$* -f $(here)results.awk \
	    metric=hit name=top_%_accuracy $(@D)/accuracy.tsv \
	    metric=ndcg name=ndcg_%_before $(@D)/before.tsv \
	    name=ndcg_%_after $(@D)/after.tsv \
	    name=popular_ndcg_% $(@D)/popular-ndcg.tsv \
	    metric=hit name=popular_top_%_accuracy $(@D)/popular-accuracy.tsv \
	    metric= name=bias_% $(@D)/bias.tsv \
	    name=ranking_% $(@D)/ranker.tsv $(complete)

$(OUT)/results.tsv: $(runs:%=%/results.tsv) $(OUT)/settings.seeds
	{ printf 'seed\tmetric\tvalue\n' && cat $(runs:%=%/results.tsv); } $(complete)

settings.epochs = $(EPOCHS)
settings.seeds = $(SEEDS)

.PHONY: report
