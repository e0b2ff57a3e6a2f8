/* The channels there are. */
#include <stddef.h>

#include "gateway/bank_private.h"
#include "gateway/gateway.h"

const channel_ops *const CHANNELS[] = {&CHANNEL_BANK, NULL};
