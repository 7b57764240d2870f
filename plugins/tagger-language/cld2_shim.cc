#include "cld2_shim.h"

#if __has_include(<cld2/public/compact_lang_det.h>)
#include <cld2/public/compact_lang_det.h>

const char *
cld2_language(const char *text, size_t len)
{
	bool reliable = false;
	CLD2::Language lang = CLD2::DetectLanguage(text, (int)len, true, &reliable);

	return reliable && lang != CLD2::UNKNOWN_LANGUAGE ? CLD2::LanguageCode(lang) : NULL;
}
#else
const char *
cld2_language(const char *, size_t)
{
	return NULL;
}
#endif
