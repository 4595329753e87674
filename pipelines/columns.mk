# What DATA and FEATURES are for makefiles that take any table, and which columns
# the feature file says are what; to be included behind both and before common.mk.
ifeq ($(and $(DATA),$(FEATURES)),)
$(error usage: make -f pipelines/$(notdir $(firstword $(MAKEFILE_LIST))) DATA=my.csv \
FEATURES=my.features OUT=dir)
endif
ifneq ($(words $(FEATURES)),1)
$(error FEATURES='$(FEATURES)': a name without blanks is needed)
endif
ifeq ($(wildcard $(FEATURES)),)
$(error $(FEATURES): there is no such file)
endif

# The column of the first line for which an awk condition holds.
column = $(shell awk '{ sub(/\043.*/, ""); sub(/\r$$/, "") } $(1) { print $$2; exit }' $(FEATURES))
user := $(call column,$$1 == "query" && $$3 == "lookup" && !/[ \t]pool=/)
item := $(call column,$$1 == "item" && /[ \t]key([ \t]|$$)/)
time := $(call column,$$1 == "query" && $$3 ~ /bucketize|normalize/)
label := $(call column,$$1 == "label")
ifneq ($(words $(user) $(item) $(label)),3)
$(error $(FEATURES): needs a lookup in query, a key in item, and a label)
endif
user_id = query.$(user).lookup
item_id = item.$(item).lookup
# A user is recommended to as of the latest row; without a time any row will do.
TIME = $(or $(time),$(label))
