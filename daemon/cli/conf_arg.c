#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "core/frame.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"

int
nw_conf_arg_load(const struct nw_cli *cli, const char *config, const char *watches, struct nw_config **conf_r,
    struct nw_conf_diags *diags)
{
	struct nw_conf_from from = {
	    .path = watches != NULL ? watches : config,
	    .flags = watches != NULL ? NW_CONF_ALONE | NW_CONF_RULES : 0,
	};
	struct nw_err err;

	if (nw_conf_load(&from, conf_r, diags, &err) == 0)
		return 0;
	return nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", err.msg); /* a file that cannot be read, or memory */
}

void
nw_conf_arg_tell(struct nw_conf_diags *diags, uint32_t notes)
{
	uint32_t kept = 0, shown = 0, left = 0;

	nw_conf_diags_sort(diags);
	for (uint32_t i = 0; i < diags->n; i++) {
		if (diags->item[i]->severity == NW_CONF_NOTE && shown++ >= notes)
			left++;
		else
			diags->item[kept++] = diags->item[i];
	}
	diags->n = kept;
	diags->nnote -= notes == 0 ? diags->nnote : left; /* not lost, not wanted */
	nw_conf_diags_print(stderr, diags);
	nw_conf_diags_done(diags);
	if (notes != 0 && left != 0)
		(void)fprintf(stderr, "and %u more notes: newswatch check --notes shows them all\n", left);
}

struct nw_str *
nw_conf_arg_list(const struct nw_conf_list *l, uint32_t *n_r)
{
	struct nw_str *entry = calloc(l->nvalues + l->nfile_values + 1, sizeof(*entry));

	*n_r = 0;
	for (size_t i = 0; entry != NULL && i < l->nvalues; i++)
		entry[(*n_r)++] = nw_pb_str(l->values[i]->text);
	for (size_t i = 0; entry != NULL && i < l->nfile_values; i++)
		entry[(*n_r)++] = nw_pb_str(l->file_values[i]->text);
	return entry;
}
