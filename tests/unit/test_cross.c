/*
 * Cross layers by the numbers of TensorFlow Recommenders' tests of Cross and
 * MultiLayerDCN, v0.7.
 */
#include "model/cross.h"

#include "check.h"

#define DIM 3

/* LAYERS layers with kernels of WEIGHT and biases of BIAS give WANT. */
static void
check_layers(const char *what, size_t layers, float weight, float bias,
             const float x0[DIM], const float x[DIM], const double want[DIM])
{
    float kernel[DIM * DIM], biases[DIM], u[DIM], y[2][DIM];

    for (size_t i = 0; i < DIM * DIM; i++)
        kernel[i] = weight;
    for (size_t i = 0; i < DIM; i++) {
        biases[i] = bias;
        y[0][i] = x[i];
    }
    for (size_t l = 0; l < layers; l++)
        cross_forward(1, DIM, kernel, biases, x0, y[l % 2], u, y[(l + 1) % 2]);
    for (size_t i = 0; i < DIM; i++)
        check_close(what, (double)y[layers % 2][i], want[i], 1e-6);
}

int
main(void)
{
    const float x0[] = { 0.1f, 0.2f, 0.3f }, x[] = { 0.4f, 0.5f, 0.6f };

    check_layers("full", 1, 1, 0, x0, x, (double[]){ 0.55, 0.8, 1.05 });
    check_layers("bias", 1, 1, 1, x0, x, (double[]){ 0.65, 1, 1.35 });
    check_layers("one input", 1, 1, 0, x0, x0, (double[]){ 0.16, 0.32, 0.48 });
    /* A projection to three and back, all ones, is a kernel of threes. */
    check_layers("projected", 1, 3, 0, x0, x0, (double[]){ 0.28, 0.56, 0.84 });
    check_layers("three layers", 3, 1, 1, x0, x0,
                 (double[]){ 0.9256, 1.8512, 2.7768 });
    return check_status();
}
