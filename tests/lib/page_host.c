#include "page_host.h"

struct fake_host *fh;

int
page_host_open(void **state)
{
	(void)state;
	fh = fake_host_new(&nw_plugin_parser_page);
	return 0;
}

int
page_host_close(void **state)
{
	(void)state;
	fake_host_free(fh);
	fh = NULL;
	return 0;
}
