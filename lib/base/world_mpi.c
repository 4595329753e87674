#include <mpi.h>

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/world.h"

/* Messages under way at a time.  When there are more, those before are waited
 * for: all ranks begin them in the same order, so the first one that is not
 * done always has both its ends. */
#define REQUESTS 256
/* MPI counts with an int. */
#define MOST ((size_t)1 << 30)

static int rank, size = 1;
static MPI_Request request[REQUESTS];
static int requests;
static uint64_t sent;

static void
leave(void)
{
    (void)MPI_Finalize();
}

/* Started by srun without --mpi=pmix, each rank is a world of its own and would
 * do all of the work.  mpirun, within an allocation too, says itself how many
 * there are. */
static int
check_size(struct error *e)
{
    const char *text = getenv("OMPI_COMM_WORLD_SIZE");
    uint64_t ranks;

    if (text == NULL)
        text = getenv("SLURM_STEP_NUM_TASKS");
    if (text == NULL)
        text = getenv("PMI_SIZE"); /* another MPI's mpiexec */
    if (text == NULL || !number_u64(text, strlen(text), &ranks) ||
        ranks == (uint64_t)size)
        return 0;
    return error_set(e,
                     "%s ranks were started, but they do not know each other "
                     "(srun needs --mpi=pmix)",
                     text);
}

int
world_start(struct error *e)
{
    int provided;

    (void)MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    (void)atexit(leave);
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &size);
    return check_size(e);
}

unsigned
world_rank(void)
{
    return (unsigned)rank;
}

unsigned
world_size(void)
{
    return (unsigned)size;
}

void
world_abort(int status)
{
    if (size > 1)
        (void)MPI_Abort(MPI_COMM_WORLD, status);
}

void
world_tell(unsigned from, void *data, size_t n)
{
    unsigned char *at = data;

    for (size_t some; n > 0; n -= some, at += some) {
        some = n < MOST ? n : MOST;
        (void)MPI_Bcast(at, (int)some, MPI_BYTE, (int)from, MPI_COMM_WORLD);
    }
}

int
world_most(int value)
{
    int most = value;

    (void)MPI_Allreduce(&value, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return most;
}

void
world_wait(void)
{
    (void)MPI_Waitall(requests, request, MPI_STATUSES_IGNORE);
    requests = 0;
}

static MPI_Request *
new_request(void)
{
    if (requests == REQUESTS)
        world_wait();
    return &request[requests++];
}

void
world_send(unsigned to, const void *data, size_t n)
{
    const unsigned char *at = data;

    sent += n;
    for (size_t some; n > 0; n -= some, at += some) {
        some = n < MOST ? n : MOST;
        (void)MPI_Isend(at, (int)some, MPI_BYTE, (int)to, 0, MPI_COMM_WORLD,
                        new_request());
    }
}

void
world_receive(unsigned from, void *data, size_t n)
{
    unsigned char *at = data;

    for (size_t some; n > 0; n -= some, at += some) {
        some = n < MOST ? n : MOST;
        (void)MPI_Irecv(at, (int)some, MPI_BYTE, (int)from, 0, MPI_COMM_WORLD,
                        new_request());
    }
}

uint64_t
world_sent(void)
{
    return sent;
}
