#include <string.h>

#include "text/date_words.h"

size_t
nw_date_words_find(const char *word, const struct nw_date_word **first_r)
{
	size_t lo = 0, hi = nw_date_words_n, mid, n;

	while (lo < hi) { /* the first entry that is not below */
		mid = (lo + hi) / 2;
		if (strcmp(nw_date_words[mid].word, word) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (n = 0; lo + n < nw_date_words_n && strcmp(nw_date_words[lo + n].word, word) == 0; n++)
		;
	*first_r = &nw_date_words[lo];
	return n;
}
