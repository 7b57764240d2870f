/*
 * cld2_shim.h - CLD2, which is C++, for C.
 */
#ifndef CLD2_SHIM_H
#define CLD2_SHIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
/* The BCP 47 tag of a plain text, NULL where CLD2 is not sure, or was not there when this was built. */
const char *cld2_language(const char *text, size_t len);
#ifdef __cplusplus
}
#endif
#endif
