#include <stdio.h>

#include "base/err.h"
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
	return nw_cli_fail(cli, err.code == NW_ECONF ? NW_EXIT_NO : NW_EXIT_BROKEN, "%s", err.msg);
}

void
nw_conf_arg_tell(struct nw_conf_diags *diags, int notes)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < diags->n; i++)
		if (notes || diags->item[i]->severity != NW_CONF_NOTE)
			diags->item[kept++] = diags->item[i];
	diags->n = kept;
	if (!notes)
		diags->nnote = 0; /* not left out, not wanted */
	nw_conf_diags_print(stderr, diags);
	nw_conf_diags_done(diags);
}
