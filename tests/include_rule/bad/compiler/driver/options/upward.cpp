#include "driver/commands.h"
#include "driver/options/options.h"
