#include <fcntl.h>
#include <unistd.h>

#include "base/world.h"
#include "filter/must.h"
#include "filter/training.h"
#include "model/team.h"

void
training_start(const char *program)
{
    struct error e;
    int nowhere;

    message_init(program);
    must(world_start(&e), &e);
    if (world_size() > TEAM_MAX)
        die("%u ranks: there is work for %u", world_size(), TEAM_MAX);
    if (world_rank() == 0)
        return;
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        die_errno("/dev/null");
    (void)close(nowhere);
}

void
training_say_sent(uint64_t steps)
{
    if (world_size() > 1 && steps > 0)
        notice("%u ranks: the first one sent %.0f bytes a step", world_size(),
               (double)world_sent() / (double)steps);
}
