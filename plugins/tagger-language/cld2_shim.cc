#include "cld2_shim.h"

#if __has_include(<cld2/public/compact_lang_det.h>)
#include <cstdio> // the header below uses FILE without saying so
#include <cld2/public/compact_lang_det.h>

const char *
cld2_language(const char *text, size_t len)
{
	bool reliable = false;
	CLD2::Language lang = CLD2::DetectLanguage(text, (int)len, true, &reliable);

	if (!reliable || lang == CLD2::UNKNOWN_LANGUAGE)
		return NULL;
	/* codes retired since */
	return lang == CLD2::HEBREW ? "he" : lang == CLD2::JAVANESE ? "jv" : CLD2::LanguageCode(lang);
}
#else
const char *
cld2_language(const char *, size_t)
{
	return NULL;
}
#endif
