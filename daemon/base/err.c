#include <stdio.h>
#include <string.h>

#include "base/err.h"

int
nw_vfail(struct nw_err *err, int code, const char *fmt, va_list ap)
{
	size_t cut = sizeof(err->msg) - 4;
	int n;

	if (err == NULL)
		return -1;
	err->code = code;
	n = vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	if (n >= (int)sizeof(err->msg)) {
		while (((unsigned char)err->msg[cut] & 0xc0) == 0x80 && cut > 0)
			cut--; /* not within a character */
		memcpy(err->msg + cut, "...", 4);
	}
	return -1;
}

int
nw_fail(struct nw_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	nw_vfail(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

const char *
nw_err_culprit(int code)
{
	static const char *const name[] = {"none", "input", "plugin", "configuration", "limit", "machine"};

	return code <= 0 && code >= NW_ERES ? name[-code] : "unknown";
}
