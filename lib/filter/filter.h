/*
 * filter.h - all that the main() of a filter needs
 */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "filter/cli.h"
#include "filter/input.h"
#include "filter/must.h"
#include "filter/output.h"

#endif
