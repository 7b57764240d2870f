#include <newswatch/plugin.h>

#include "core/severity.h"

const char *
nw_severity_name(uint32_t severity)
{
	static const char *const name[] = {"info", "normal", "high", "critical"};

	return name[severity <= NW_SEV_CRITICAL ? severity : NW_SEV_NORMAL];
}
