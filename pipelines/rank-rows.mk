# How well a ranking model can tell the article's rows apart: will this user
# rate this title 4 or more?  GNU make.
#
#   make -f pipelines/rank-rows.mk OUT=dir [SEEDS='1 2 3 4 5'] [INNER=1]
#       [DATA=folder or file.csv] [TRAIN='options'] [-j2]
#
# Ends with $(OUT)/rows.tsv, inner-rows.tsv with INNER=1: accuracy, AUC and log loss on the test rows of each
# seed's split, and their mean and standard deviation.  The splits are those of
# article.mk; a seed takes some 500 MB.  With INNER=1 the training rows are split
# once more and the test rows are not read: TRAIN and the features were chosen
# so, with seeds 1 and 2, whose training rows are in part others' test rows.
#
# The rows are a random part of a past that is known otherwise: so what a user
# did after a row is looked at too, as far as it is among the training rows.
# Nobody can do so when the answer is needed at once; without --around, --until
# and --position, with --before instead and with --time for rec-history it is a
# model that could.
OUT = rank-rows
SEEDS = 1 2 3 4 5
INNER =
DATA = $(OUT)/ml-100k
TRAIN = --optimizer adam --learning-rate 0.0015 --epochs 9 --dropout 0.3 \
    --penalty 1e-4 --average 0.98 --grades rating

part := $(if $(INNER),inner,seed)
rows := $(if $(INNER),inner-rows.tsv,rows.tsv)
runs = $(SEEDS:%=$(OUT)/$(part)-%)

all: $(OUT)/$(rows)
	@cat $<

$(OUT)/$(rows): $(runs:%=%/log.tsv) $(OUT)/settings.seeds
	awk -f $(here)rows.awk $(filter %.tsv,$^) $(complete)

include $(dir $(lastword $(MAKEFILE_LIST)))ratings.mk

$(OUT)/seed-%/train.rms $(OUT)/seed-%/test.rms: $(OUT)/ratings.rms
	mkdir -p $(@D)
	rec-split --seed $* $(@D)/train.rms=0.8 $(@D)/test.rms=0.2 <$<

$(OUT)/inner-%/train.rms $(OUT)/inner-%/test.rms: $(OUT)/seed-%/train.rms
	mkdir -p $(@D)
	rec-split --seed $* $(@D)/train.rms=0.85 $(@D)/test.rms=0.15 <$<

# All that follows counts training rows, and never the row itself.
$(OUT)/%/liked.rms: $(OUT)/%/train.rms
	rec-where -i $< -o $@ rating '>=' 4

$(OUT)/%/disliked.rms: $(OUT)/%/train.rms
	rec-where -i $< -o $@ rating '<' 4

# What others say of the title.
of_item = rec-stats --by movie_title --except user_id --prior 3 --of rating \
    --mean
$(OUT)/%.items.rms: $(OUT)/%.rms
	$(of_item) --count --log --as item --from $(@D)/train.rms $< | \
	$(of_item) --at-least 4 --as item_liked --from $(@D)/train.rms -o $@

$(runs:%=%/test.items.rms): %/test.items.rms: %/train.rms

# What the user says of other titles, how much more or less others like these,
# the same in the rows nearest in time, and the lists of what is multiplied.
of_user = rec-stats --by user_id --except movie_title --of rating
lists = rec-history --by user_id --of movie_title --most 100000
$(OUT)/%.lists.rms: $(OUT)/%.items.rms
	$(of_user) --count --mean --prior 5 --log --as user \
	    --from $(@D)/train.rms $< | \
	$(of_user) --at-least 4 --mean --prior 5 --as user_liked \
	    --from $(@D)/train.rms | \
	$(of_user) --at-least 4 --less item_liked_mean --mean --prior 5 \
	    --as taste_liked --from $(@D)/train.items.rms | \
	$(of_user) --less item_mean --mean --prior 5 --as taste \
	    --from $(@D)/train.items.rms | \
	$(of_user) --less item_mean --time timestamp \
	    --around 1,2,3,5,10,30,100 --prior 2 --since --until --position \
	    --log --as taste --from $(@D)/train.items.rms | \
	$(lists) --as liked --from $(@D)/liked.rms | \
	$(lists) --as disliked --from $(@D)/disliked.rms -o $@

$(runs:%=%/train.lists.rms): %/train.lists.rms: %/liked.rms %/disliked.rms
$(runs:%=%/test.lists.rms): %/test.lists.rms: %/train.items.rms %/liked.rms \
		%/disliked.rms

# The title twice more, for the tables that go with the lists.
columns = user_id,rating,timestamp,movie_title,title_liked=movie_title,$\
    title_disliked=movie_title,item_count,item_mean,item_liked_mean,$\
    user_count,user_mean,user_liked_mean,taste_mean,taste_liked_mean,$\
    taste_around_1,taste_around_2,taste_around_3,taste_around_5,$\
    taste_around_10,taste_around_30,taste_around_100,taste_since,taste_until,$\
    taste_position,liked,disliked
$(OUT)/%/vocab.rms: $(OUT)/%/train.lists.rms $(here)rank-rows.features
	rec-cut $(columns) $< | rec-vocab $(here)rank-rows.features -o $@

$(OUT)/%.features.rms: $(OUT)/%.lists.rms
	rec-cut $(columns) $< | rec-featurize -v $(@D)/vocab.rms | \
	rec-cut --except liked,disliked -o $@

$(runs:%=%/train.features.rms): %/train.features.rms: %/vocab.rms
$(runs:%=%/test.features.rms): %/test.features.rms: %/vocab.rms

seed = $(patsubst $(OUT)/$(part)-%/,%,$(dir $@))
$(OUT)/%/log.tsv: $(OUT)/%/train.features.rms $(OUT)/%/test.features.rms \
		$(OUT)/settings.train
	rec-train-rank --seed $(seed) $(TRAIN) \
	    --product query.liked.lookup,item.title_liked.lookup \
	    --product query.disliked.lookup,item.title_disliked.lookup \
	    --validate $(@D)/test.features.rms --log $@.part \
	    $< -o $(@D)/ranker.rms
	mv $@.part $@

settings.seeds = $(SEEDS)
settings.train = $(TRAIN)
