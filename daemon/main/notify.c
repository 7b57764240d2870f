#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "main/notify.h"

static struct sockaddr_un notify_at;
static socklen_t notify_len;
static int notify_fd = -1;
static int64_t watchdog_ms;

void
nw_notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET"), *usec = getenv("WATCHDOG_USEC");

	if (usec != NULL)
		watchdog_ms = strtoll(usec, NULL, 10) / 2000; /* twice as often as asked */
	if (path != NULL && (path[0] == '/' || path[0] == '@') && strlen(path) < sizeof(notify_at.sun_path)) {
		notify_at.sun_family = AF_UNIX;
		memcpy(notify_at.sun_path, path, strlen(path));
		if (path[0] == '@')
			notify_at.sun_path[0] = '\0';
		notify_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
		notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	}
	(void)unsetenv("NOTIFY_SOCKET"); /* these cannot fail for such names */
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
}

void
nw_notify(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	if (notify_fd == -1)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0) /* a lost message is seen by systemd itself */
		(void)sendto(notify_fd, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1, MSG_NOSIGNAL,
		    (struct sockaddr *)&notify_at, notify_len);
}

int64_t
nw_notify_watchdog_ms(void)
{
	return notify_fd != -1 ? watchdog_ms : 0;
}
