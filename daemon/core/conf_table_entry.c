#include <stddef.h>

#include "core/conf.h"
#include "core/conf_table.h"
#include "core/limits.h"

const struct nw_option nw_conf_entry_options[] = {
	{"name", NW_OPT_STR, NW_OPTF_REQUIRED, NULL, 1, NW_NAME_MAX, NULL,
	    "Name in alerts, messages and the store."},
	{"owner", NW_OPT_STR, 0, "", 0, 256, NULL,
	    "Who answers for it; stands in its alerts."},
	{"sources", NW_OPT_LIST, 0, "[]", 0, 10000, NULL,
	    "Only articles of these sources; default all."},
	{"state", NW_OPT_ENUM, 0, "live", 0, 0, "live|shadow|draft",
	    "shadow: evaluated and kept, nothing sent; draft: only checked."},
	{"notify", NW_OPT_LIST, 0, NULL, 0, 16, NULL,
	    "Channels of its alerts; default delivery.notify."},
	{"severity", NW_OPT_ENUM, 0, "normal", 0, 0, "info|normal|high|critical",
	    "Highest severity of its alerts; critical passes throttles, digests and quiet hours."},
	{"group_by", NW_OPT_ENUM, 0, "none", 0, 0, "none|story|watch|number|source",
	    "Which alerts share one message."},
	{"group_wait", NW_OPT_SECONDS, 0, NULL, 0, 86400, NULL,
	    "How long an alert waits for others of its group; default delivery.group_wait."},
	{"expires", NW_OPT_STR, 0, "", 0, 10, NULL,
	    "Last day (YYYY-MM-DD, UTC) on which it alerts."},
	{"on_revision", NW_OPT_ENUM, 0, "evidence", 0, 0, "evidence|never|always",
	    "Alert again on an edit: only with new evidence, never, always."},
	{0},
};

const struct nw_conf_bind nw_conf_entry_binds[] = {
	{NW_BIND_STR, offsetof(struct nw_conf_entry, name), 0},
	{NW_BIND_STR, offsetof(struct nw_conf_entry, owner), 0},
	{NW_BIND_LIST, offsetof(struct nw_conf_entry, sources),
	    offsetof(struct nw_conf_entry, nsources)},
	{NW_BIND_U32, offsetof(struct nw_conf_entry, state), 0},
	{NW_BIND_NONE, 0, 0},
	{NW_BIND_U32, offsetof(struct nw_conf_entry, severity), 0},
	{NW_BIND_U32, offsetof(struct nw_conf_entry, group_by), 0},
	{NW_BIND_NONE, 0, 0},
	{NW_BIND_NONE, 0, 0},
	{NW_BIND_U32, offsetof(struct nw_conf_entry, on_revision), 0},
};
