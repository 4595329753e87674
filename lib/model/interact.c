#include "model/interact.h"

#include <stdlib.h>
#include <string.h>

#include "model/cross.h"
#include "model/vector.h"

/* The number of x_0 among the arrays of X. */
static size_t
first_of(const struct network *net)
{
    return net->products > 0;
}

int
interact_prepare(struct interact *c, const struct network *net, size_t n,
                 bool training, size_t tile, size_t workers, struct error *e)
{
    const size_t kept = training ? net->cross : net->cross > 0;
    size_t size;

    c->net = net;
    c->training = training;
    c->tile = tile;
    c->rows = training ? n : tile * workers;
    size = c->rows * net->width[0];
    if (floats_room(&c->x, (first_of(net) + net->cross + 1) * size, e) != 0 ||
        floats_room(&c->u, kept * size, e) != 0)
        return -1;
    if (!training)
        return 0;
    if (floats_room(&c->dx, size, e) != 0)
        return -1;
    return net->cross > 0 ? floats_room(&c->direct, size, e) : 0;
}

void
interact_free(struct interact *c)
{
    free(c->x.v);
    free(c->u.v);
    free(c->dx.v);
    free(c->direct.v);
}

/* Rows from ROW on in array number L of those in V. */
static float *
rows_at(const struct interact *c, float *v, size_t l, size_t row,
        unsigned worker)
{
    const size_t at = c->training ? row : c->tile * worker;

    return v + (l * c->rows + at) * c->net->width[0];
}

float *
interact_rows(const struct interact *c, size_t row, unsigned worker)
{
    return rows_at(c, c->x.v, 0, row, worker);
}

/* x_L */
static float *
layer_rows(const struct interact *c, size_t l, size_t row, unsigned worker)
{
    return rows_at(c, c->x.v, first_of(c->net) + l, row, worker);
}

static void
multiply(const struct network *net, size_t n, const float *r, float *x0)
{
    const size_t dim = net->width[0];

    memcpy(x0, r, n * dim * sizeof *x0);
    for (size_t i = 0; i < n; i++, r += dim, x0 += dim)
        for (size_t k = 0; k < net->products; k++) {
            const struct product *p = &net->product[k];

            for (size_t d = 0; d < p->width; d++) {
                x0[p->at + d] = r[p->at + d] * r[p->by + d];
                x0[p->by + d] = 0;
            }
        }
}

/* DX by x_0 becomes that by r. */
static void
multiply_backward(const struct network *net, size_t n, const float *r,
                  float *dx)
{
    const size_t dim = net->width[0];

    for (size_t i = 0; i < n; i++, r += dim, dx += dim) {
        for (size_t k = 0; k < net->products; k++)
            memset(dx + net->product[k].by, 0,
                   net->product[k].width * sizeof *dx);
        for (size_t k = 0; k < net->products; k++) {
            const struct product *p = &net->product[k];

            for (size_t d = 0; d < p->width; d++) {
                const float g = dx[p->at + d];

                dx[p->at + d] = g * r[p->by + d];
                dx[p->by + d] += g * r[p->at + d];
            }
        }
    }
}

const float *
interact_forward(const struct interact *c, size_t row, size_t n,
                 unsigned worker)
{
    const struct network *net = c->net;
    const float *x0 = layer_rows(c, 0, row, worker);

    if (net->products > 0)
        multiply(net, n, interact_rows(c, row, worker),
                 layer_rows(c, 0, row, worker));
    for (size_t l = 0; l < net->cross; l++)
        cross_forward(n, net->width[0], network_cross_kernel(net, l),
                      network_cross_bias(net, l), x0,
                      layer_rows(c, l, row, worker),
                      rows_at(c, c->u.v, c->training ? l : 0, row, worker),
                      layer_rows(c, l + 1, row, worker));
    return layer_rows(c, net->cross, row, worker);
}

const float *
interact_output(const struct interact *c, size_t row)
{
    return layer_rows(c, c->net->cross, row, 0);
}

float *
interact_gradient(const struct interact *c, size_t row)
{
    return c->dx.v + row * c->net->width[0];
}

void
interact_backward(const struct interact *c, size_t row, size_t n,
                  const float *kernel_t, float *gradient)
{
    const struct network *net = c->net;
    const size_t dim = net->width[0];
    float *dx = interact_gradient(c, row);
    float *direct = net->cross > 0 ? c->direct.v + row * dim : NULL;

    if (direct != NULL)
        memset(direct, 0, n * dim * sizeof *direct);
    for (size_t l = net->cross; l-- > 0;) {
        const size_t kernel = network_cross_kernel_at(net, l);

        cross_backward(n, dim, kernel_t + kernel, layer_rows(c, 0, row, 0),
                       layer_rows(c, l, row, 0), rows_at(c, c->u.v, l, row, 0),
                       dx, gradient + kernel,
                       gradient + network_cross_bias_at(net, l), direct);
    }
    if (direct != NULL)
        vector_add(n * dim, direct, dx);
    multiply_backward(net, n, interact_rows(c, row, 0), dx);
}
