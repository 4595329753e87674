/* The binary cross-entropy, far out too, against numbers worked out by hand. */
#include "model/bce.h"

#include <math.h>

#include "check.h"

static void
test_bce(void)
{
    const float logit[] = { 0, 100, -100, 1e4f };
    const uint8_t label[] = { 1, 1, 1, 0 };
    float g[4];
    const double loss = bce_loss(4, logit, label, 0.25, g);

    check_close("loss", loss, log(2) + 0 + 100 + 1e4, 1e-6);
    CHECK(g[0] == -0.125f && g[1] == 0 && g[2] == -0.25f && g[3] == 0.25f,
          "gradients %g %g %g %g", (double)g[0], (double)g[1], (double)g[2],
          (double)g[3]);
    check_close("p(0)", bce_probability(0), 0.5, 0);
    check_close("p(-1000)", bce_probability(-1000), 0, 0);
}

int
main(void)
{
    test_bce();
    return check_status();
}
