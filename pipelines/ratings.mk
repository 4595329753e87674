# Ratings with titles, for the makefiles that begin with them: $(OUT)/ratings.rms
# from $(DATA), a folder with MovieLens 100k, which is got when it is not there, or
# a .csv as rec-synth writes it.  To be included behind OUT, DATA and the first
# target.
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk

settings.data = $(DATA)
is_csv = $(filter %.csv,$(DATA))
ifneq ($(is_csv),)
$(OUT)/ratings.rms: $(DATA) $(OUT)/settings.data | $(OUT)
	rec-from csv --types 'user_id:str rating:f32 timestamp:i64' $< -o $@
else
$(DATA)/u.data $(DATA)/u.item &: | $(OUT)
	$(here)../data/get-movielens-100k $(DATA)

$(OUT)/titles.rms: $(DATA)/u.item | $(OUT)
	rec-from csv -d '|' --no-quotes --encoding latin1 \
	    --columns 'movie_id movie_title ...' $< -o $@

$(OUT)/ratings.rms: $(DATA)/u.data $(OUT)/titles.rms $(OUT)/settings.data
	rec-from csv -d tab --no-quotes \
	    --columns 'user_id movie_id rating:f32 timestamp:i64' $< | \
	rec-join --on movie_id $(OUT)/titles.rms | \
	rec-cut --except movie_id -o $@
endif
