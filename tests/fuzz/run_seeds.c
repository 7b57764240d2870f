/* Runs a fuzz target once over every file of the folders named, or of tests/fuzz/seed/NAME for a program seed_NAME. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
run_file(const char *path)
{
	struct nw_buf b = {0};
	struct nw_err err;
	struct nw_str s;

	if (nw_io_read_file(path, 64u << 20, &b, &err) == -1) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	s = nw_buf_str(&b);
	(void)LLVMFuzzerTestOneInput((const uint8_t *)s.p, s.len);
	nw_buf_done(&b);
	return 0;
}

/* The number of files read; a finding ends the program. */
static unsigned
run_folder(const char *folder, unsigned *failed)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	char path[4096];
	unsigned n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) >= (int)sizeof(path))
			continue;
		if (run_file(path) == -1)
			(*failed)++;
		else
			n++;
	}
	(void)closedir(d);
	return n;
}

int
main(int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/');
	unsigned passed = 0, failed = 0;
	char folder[4096];
	int i;

	base = base != NULL ? base + 1 : argv[0];
	if (argc < 2) {
		(void)snprintf(folder, sizeof(folder), "%s/tests/fuzz/seed/%s", NW_TOP,
		    strncmp(base, "seed_", 5) == 0 ? base + 5 : base);
		passed = run_folder(folder, &failed);
	}
	for (i = 1; i < argc; i++)
		passed += run_folder(argv[i], &failed);
	if (passed + failed == 0) {
		printf("%s: no seeds found\n", base);
		failed = 1;
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
