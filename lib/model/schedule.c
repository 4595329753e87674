#include "model/schedule.h"

#include <math.h>

#define PI 3.14159265358979323846

double
schedule_factor(const struct schedule *s, uint64_t step)
{
    double p = 1;

    if (step <= s->warmup)
        return (double)step / (double)s->warmup;
    if (step <= s->steps)
        p = (double)(step - 1 - s->warmup) / (double)(s->steps - s->warmup);
    switch (s->kind) {
    case SCHEDULE_CONSTANT: break;
    case SCHEDULE_LINEAR: return s->end + (1 - s->end) * (1 - p);
    case SCHEDULE_COSINE: return s->end + (1 - s->end) * (1 + cos(PI * p)) / 2;
    }
    return 1;
}
