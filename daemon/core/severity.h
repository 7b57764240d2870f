/*
 * severity.h - the names of enum nw_severity, as configuration, messages and output write them.
 * Floor 1.  (A plugin has its own: it includes nothing of ours.)
 */
#ifndef NW_CORE_SEVERITY_H
#define NW_CORE_SEVERITY_H

#include <stdint.h>

/* "info", "normal", "high", "critical"; "normal" for what is none. */
const char *nw_severity_name(uint32_t severity);
#endif
