/* Telling the service manager (systemd) how we are, by its datagram socket ($NOTIFY_SOCKET; sd_notify(3)). Without one
 * nothing happens. */
#ifndef SYS_NOTIFY_H
#define SYS_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "RELOADING=1", "WATCHDOG=1", "STATUS=…"; lines. */
void notify_service(const char *state);
/* How often the manager wants a WATCHDOG=1, or 0: never. */
int64_t notify_watchdog_ms(void);

#endif
