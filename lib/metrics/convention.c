#include "metrics/convention.h"

const struct convention conventions[CONVENTIONS] = {
    { .name = "trec", .gain = GAIN_LINEAR },
    { .name = "ms", .gain = GAIN_BINARY },
    { .name = "exp", .gain = GAIN_EXPONENTIAL },
    { .name = "dacrema",
      .gain = GAIN_EXPONENTIAL,
      .ideal_of_all = true,
      .precision_by_length = true,
      .map_by_depth = true },
    { .name = "liang",
      .gain = GAIN_BINARY,
      .recall_by_depth = true,
      .map_by_depth = true },
    { .name = "hit", .gain = GAIN_BINARY, .each = true },
};
