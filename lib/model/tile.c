#include "model/tile.h"

#include "model/vector.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(REC_PORTABLE)

#define NAME run_avx2
#define TARGET "avx2,fma"
#define LANES 8
#include "model/tile_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME run_avx512
#define TARGET "avx512f,fma"
#define LANES 16
#include "model/tile_body.h"

static const struct tile avx2 = { 16, run_avx2 };
static const struct tile avx512 = { 32, run_avx512 };

const struct tile *
tile_for_this_processor(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return &avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &avx2;
    return NULL;
}

#else

const struct tile *
tile_for_this_processor(void)
{
    return NULL;
}

#endif
