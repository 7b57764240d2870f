/* netaddr: which socket addresses a transfer may reach. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "base/str.h"
#include "core/netaddr.h"

static int
allowed(const char *text, const struct nw_cidr *allow, size_t n)
{
	struct sockaddr_in a4 = {.sin_family = AF_INET};
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &a4.sin_addr) == 1)
		return nw_netaddr_allowed((struct sockaddr *)&a4, allow, n);
	assert_int_equal(inet_pton(AF_INET6, text, &a6.sin6_addr), 1);
	return nw_netaddr_allowed((struct sockaddr *)&a6, allow, n);
}

static void
a_host_that_is_an_address_is_judged_before_a_proxy_connects_to_it(void **state)
{
	static const char *const no[] = {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "127.0.0.1.", "[::1]", "::1",
	    "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "localhost", "LOCALHOST.", "a.localhost",
	    "localhost.localdomain", "10.0.0.1", "[fe80::1]"};
	static const char *const yes[] = {"example.org", "8.8.8.8", "[2606:4700::1111]", "localhost.example.org", "127.0.0.1.example.org",
	    "notlocalhost", "", "[", "[]", "1.2.3.4.5"};
	struct nw_cidr loop;
	char refused[64];

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		refused[0] = '\0';
		if (nw_netaddr_host_allowed(nw_str(no[i]), NULL, 0, refused) || refused[0] == '\0')
			fail_msg("'%s' was allowed", no[i]);
	}
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!nw_netaddr_host_allowed(nw_str(yes[i]), NULL, 0, refused))
			fail_msg("'%s' was refused", yes[i]);
	assert_int_equal(nw_cidr_parse(NW_STR("127.0.0.0/8"), &loop, NULL), 0);
	assert_int_equal(nw_netaddr_host_allowed(NW_STR("localhost"), &loop, 1, refused), 1);
	assert_int_equal(nw_netaddr_host_allowed(NW_STR("10.0.0.1"), &loop, 1, refused), 0);
}

static void
private_addresses_are_refused_in_every_family(void **state)
{
	static const char *const text[] = {"127.0.0.1", "127.255.255.255", "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255",
	    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
	    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fc00::1", "fd00:ec2::254", "fe80::1",
	    "ff02::1", "2002:7f00:1::", "2001::1", "::127.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1", "2001:db8::1", "2001:2::1",
	    "192.88.99.1", "3fff::1", "5f00::1"};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (allowed(text[i], NULL, 0))
			fail_msg("%s is allowed", text[i]);
}

static void
public_addresses_are_allowed(void **state)
{
	static const char *const text[] = {"1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.1.1",
	    "198.17.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2001:200::1", "::ffff:8.8.8.8"};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (!allowed(text[i], NULL, 0))
			fail_msg("%s is refused", text[i]);
}

static void
an_allowed_range_opens_itself_alone(void **state)
{
	struct nw_cidr c;

	(void)state;
	assert_int_equal(nw_cidr_parse(NW_STR("10.1.2.0/24"), &c, NULL), 0);
	assert_true(allowed("10.1.2.255", &c, 1));
	assert_true(allowed("::ffff:10.1.2.3", &c, 1));
	assert_false(allowed("10.1.3.0", &c, 1));
	assert_false(allowed("127.0.0.1", &c, 1));
}

static void
a_range_that_is_none_is_refused(void **state)
{
	static const char *const text[] = {"", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "10.0.0.0/8x", "localhost", "10.0.0.0/"};
	struct nw_cidr c;

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		assert_int_equal(nw_cidr_parse(nw_str(text[i]), &c, NULL), -1);
}

static void
a_socket_is_given_for_an_allowed_address_alone(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct nw_cidr own;
	char refused[64] = "";
	int fd;

	(void)state;
	assert_int_equal(nw_netaddr_socket((struct sockaddr *)&a, SOCK_STREAM, 0, NULL, 0, refused), -1);
	assert_string_equal(refused, "127.0.0.1");
	assert_int_equal(nw_cidr_parse(NW_STR("127.0.0.0/8"), &own, NULL), 0);
	fd = nw_netaddr_socket((struct sockaddr *)&a, SOCK_STREAM, 0, &own, 1, refused);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(private_addresses_are_refused_in_every_family),
	    cmocka_unit_test(a_host_that_is_an_address_is_judged_before_a_proxy_connects_to_it),
	    cmocka_unit_test(public_addresses_are_allowed),
	    cmocka_unit_test(an_allowed_range_opens_itself_alone),
	    cmocka_unit_test(a_range_that_is_none_is_refused),
	    cmocka_unit_test(a_socket_is_given_for_an_allowed_address_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
