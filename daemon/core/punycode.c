#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/punycode.h"

/* The parameters of RFC 3492, 5 */
enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };
#define LABEL_MAX 63u

static uint32_t
adapt(uint32_t delta, uint32_t points, int first)
{
	uint32_t k;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (k = 0; delta > (BASE - TMIN) * TMAX / 2; k += BASE)
		delta /= BASE - TMIN;
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static char
digit(uint32_t d)
{
	return (char)(d < 26 ? 'a' + d : '0' + d - 26);
}

static void
add_integer(struct nw_buf *b, uint32_t q, uint32_t bias)
{
	uint32_t k, t;

	for (k = BASE;; k += BASE) {
		t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (q < t)
			break;
		nw_buf_addc(b, digit(t + (q - t) % (BASE - t)));
		q = (q - t) / (BASE - t);
	}
	nw_buf_addc(b, digit(q));
}

static uint32_t
least_from(const uint32_t *cp, size_t n, uint32_t from)
{
	uint32_t m = UINT32_MAX;
	size_t i;

	for (i = 0; i < n; i++) {
		if (cp[i] >= from && cp[i] < m)
			m = cp[i];
	}
	return m;
}

static void
encode(struct nw_buf *b, const uint32_t *cp, size_t n)
{
	uint32_t code = INITIAL_N, delta = 0, bias = INITIAL_BIAS, done = 0, basic, m;
	size_t i;

	for (i = 0; i < n; i++) {
		if (cp[i] < 0x80) {
			nw_buf_addc(b, (char)cp[i]);
			done++;
		}
	}
	basic = done;
	if (basic > 0)
		nw_buf_addc(b, '-');
	while (done < n) { /* at most 63 points below 0x110000: no overflow */
		m = least_from(cp, n, code);
		delta += (m - code) * (done + 1);
		code = m;
		for (i = 0; i < n; i++) {
			delta += cp[i] < code;
			if (cp[i] == code) {
				add_integer(b, delta, bias);
				bias = adapt(delta, done + 1, done == basic);
				delta = 0;
				done++;
			}
		}
		delta++;
		code++;
	}
}

static int
add_label(struct nw_buf *b, struct nw_str label)
{
	const char *p = label.p, *end = p + label.len;
	uint32_t cp[LABEL_MAX];
	size_t n = 0, len, start = b->len;
	int ascii = 1;

	for (; p < end; p += len, n++) {
		int32_t c = nw_utf8_next(p, end, &len);

		if (c <= 0 || n == LABEL_MAX)
			return -1;
		ascii &= c < 0x80;
		cp[n] = c >= 'A' && c <= 'Z' ? (uint32_t)c + 32 : (uint32_t)c;
	}
	if (!ascii)
		nw_buf_adds(b, "xn--");
	if (ascii)
		nw_buf_addstr(b, label);
	else
		encode(b, cp, n);
	return b->len - start <= LABEL_MAX ? 0 : -1;
}

int
nw_punycode_host(struct nw_str host, struct nw_buf *b)
{
	size_t start = 0, i;

	for (i = 0; i <= host.len; i++) {
		if (i < host.len && host.p[i] != '.')
			continue;
		if (add_label(b, (struct nw_str){host.p + start, i - start}) == -1)
			return -1;
		if (i < host.len)
			nw_buf_addc(b, '.');
		start = i + 1;
	}
	return 0;
}
