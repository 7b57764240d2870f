/* page_host.h - a fresh host of parser-page for each test. */
#ifndef NW_TESTS_PAGE_HOST_H
#define NW_TESTS_PAGE_HOST_H

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_page;
extern struct fake_host *fh;

/* cmocka's set-up and tear-down. */
int page_host_open(void **state);
int page_host_close(void **state);
#define PAGE_TEST(test) cmocka_unit_test_setup_teardown(test, page_host_open, page_host_close)
#endif
