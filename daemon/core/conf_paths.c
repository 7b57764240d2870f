#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"

int
nw_conf_index_path(const struct nw_conf_daemon *d, char *path_r, size_t size, struct nw_err *err)
{
	struct nw_str store = d->store.path, name = store;
	int n;

	for (size_t i = 0; i < store.len; i++)
		if (store.p[i] == '/')
			name = (struct nw_str){store.p + i + 1, store.len - i - 1};
	if (d->index.path.len != 0)
		n = snprintf(path_r, size, "%s", d->index.path.p);
	else if (nw_str_is(name, "news.db"))
		n = snprintf(path_r, size, "%.*ssearch.db", (int)(name.p - store.p), store.p);
	else
		n = snprintf(path_r, size, "%s.search", store.p);
	return n >= 0 && (size_t)n < size ? 0 : nw_fail(err, NW_ECONF, "index.path is too long");
}
