/*
 * notify.h - sd_notify(3) by hand: what systemd is told under Type=notify.
 * Floor 4, newswatchd.  Does nothing outside systemd.  Protocol: sd_notify(3), systemd 252.
 */
#ifndef NW_MAIN_NOTIFY_H
#define NW_MAIN_NOTIFY_H

#include <stdint.h>

/* Take NOTIFY_SOCKET and WATCHDOG_USEC from the environment and clear them, so that no child inherits them. */
void nw_notify_open(void);
/* "READY=1\nSTATUS=..." */
void nw_notify(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* How often WATCHDOG=1 is to be sent, 0 = never. */
int64_t nw_notify_watchdog_ms(void);
#endif
