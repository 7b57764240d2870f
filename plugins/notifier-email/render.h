/* render.h - the two parts of a mail. */
#ifndef NOTIFIER_EMAIL_RENDER_H
#define NOTIFIER_EMAIL_RENDER_H

#include <newswatch/plugin.h>

struct out;

#define ALERTS_MAX 50 /* shown whole in one mail; the rest by title */

const char *render_severity(uint32_t severity);
/* A word of the daemon itself to its operator: no address and no evidence, its body is what it says. */
int render_is_own(const struct nw_notice *);
void render_text(struct out *, const struct nw_notice *const *, uint32_t n);
void render_html(struct out *, const struct nw_notice *const *, uint32_t n);
#endif
