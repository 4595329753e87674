#include "filter/drop.h"

#include <stdlib.h>
#include <string.h>

#include "filter/must.h"

void
drop_add(struct drop_options *d, int letter, const char *value)
{
    const char *equals = strrchr(value, '=');
    const size_t name = equals != NULL ? (size_t)(equals - value) : 0;
    struct drop *drop;

    if (name == 0)
        usage_error("--%s %s: expected FEATURE=P", cli_option_name(letter),
                    value);
    d->drop = must_grow(d->drop, &d->cap, d->n + 1, sizeof *d->drop);
    drop = &d->drop[d->n++];
    drop->value = value;
    drop->name = name;
    drop->rate = (float)cli_f64(letter, value + name + 1, 0, 0.99);
}

static size_t
find_feature(const struct drop *d, const struct spec *s)
{
    for (size_t f = 0; f < s->features; f++) {
        const char *name = s->feature[f].name;

        if (strlen(name) != d->name || memcmp(name, d->value, d->name) != 0)
            continue;
        if (s->feature[f].encoder != ENCODER_LOOKUP &&
            !feature_is_list(&s->feature[f]))
            die("--drop %s: only ids of lookups and lists can be dropped",
                d->value);
        return f;
    }
    die("--drop %s: the model has no such feature", d->value);
}

float *
drop_rates(const struct drop_options *d, const struct spec *s)
{
    float *rate;

    if (d->n == 0)
        return NULL;
    rate = must_new(s->features, sizeof *rate);
    for (size_t i = 0; i < d->n; i++)
        rate[find_feature(&d->drop[i], s)] = d->drop[i].rate;
    return rate;
}

void
drop_free(struct drop_options *d)
{
    free(d->drop);
    *d = (struct drop_options){ 0 };
}
