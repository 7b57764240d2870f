/* newswatchd: a clean process, its parts, the loop. */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "main/daemon.h"
#include "main/fetch_once.h"
#include "main/notify.h"

/* Clean what a caller could have left in the environment: nobody configures us by it. */
static void
clean_process(void)
{
	static const char *const unwanted[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
	    "no_proxy", "NO_PROXY", "SSLKEYLOGFILE", "CURL_HOME", "CURL_SSL_BACKEND"};
	struct rlimit core = {0, 0};

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		(void)unsetenv(unwanted[i]); /* cannot fail for such names */
	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* libcurl's IDN needs it */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* then a write fails, and is handled */
	(void)setrlimit(RLIMIT_CORE, &core); /* secrets stay out of core files */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)umask(0077);
}

int
main(int argc, char **argv)
{
	struct nw_options options;
	struct nw_daemon d = {.options = &options, .status = 0};
	int rc = nw_options_read(argc, argv, &options);

	if (rc != 0)
		return rc - 1;
	clean_process();
	nw_log_open("newswatchd", options.debug ? NW_LOG_DEBUG : NW_LOG_INFO);
	nw_log_never_wait();
	if (options.fetch_url != NULL)
		return nw_fetch_once(&options);
	nw_notify_open();
	if (nw_daemon_open(&d) == 0)
		nw_daemon_run(&d);
	nw_notify("STOPPING=1\n");
	nw_daemon_close(&d);
	return d.status;
}
