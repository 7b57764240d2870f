/*
 * frame.h - frames between processes: packing, and unpacking what a hostile peer may have sent.
 * Floor 1.  A frame is a 4-byte big-endian length (0 and more than the cap are fatal), then one Nw__Frame.
 */
#ifndef NW_CORE_FRAME_H
#define NW_CORE_FRAME_H

#include <newswatch/plugin.h>

#include "wire.pb-c.h"

struct nw_arena;
struct nw_buf;
struct nw_err;

#define NW_FRAME_HEAD 4u /* bytes of the length before each frame */

/*
 * Append head and packed frame to ${buf}, a NUL behind it; -1 without memory (buf->failed).  A READ body with a length
 * and no data makes an open frame: all but the bytes of the body, which whoever writes it lets follow.
 */
int nw_frame_pack(struct nw_buf *, const Nw__Frame *);
/* The length a head announces; 0 if it is 0 or more than ${cap}: end the peer. */
size_t nw_frame_length(const uint8_t head[NW_FRAME_HEAD], size_t cap);
/*
 * nw_frame_unpack(arena, bytes, frame_r, err):
 * Unpack one frame without its head into ${arena}, whose cap bounds what it may become.
 * owns    the body of a READ job stays in ${bytes}, which must outlive the frame and be followed by a NUL.
 * errors  NW_EPLUGIN for a message that does not parse, has unknown fields or no kind; NW_ELIMIT past the arena.
 */
int nw_frame_unpack(struct nw_arena *, struct nw_bytes, Nw__Frame **frame_r, struct nw_err *);

/* An open frame of our own: its READ body has its length and no data. */
int nw_frame_unpack_open(struct nw_arena *, struct nw_bytes, Nw__Frame **frame_r, struct nw_err *);

/* One message of our own, packed before, on an arena; its texts are followed by a NUL.  NULL past the arena. */
ProtobufCMessage *nw_frame_message(struct nw_arena *, const ProtobufCMessageDescriptor *, struct nw_bytes);

/* Blocking, for children: whole frames on a descriptor.  _read: 1 a frame, 0 end of file, -1 error. */
int nw_frame_write(int fd, const Nw__Frame *, struct nw_err *);
int nw_frame_read(int fd, size_t cap, struct nw_arena *, Nw__Frame **frame_r, struct nw_err *);

/* Text as a bytes field borrows it, and back. */
static inline ProtobufCBinaryData
nw_pb(struct nw_str s)
{
	return (ProtobufCBinaryData){s.len, (uint8_t *)(uintptr_t)s.p};
}
/* Valid only after a check (batch.h), or for messages from main, which is trusted; arena-unpacked bytes are
 * followed by a NUL. */
static inline struct nw_str
nw_pb_str(ProtobufCBinaryData d)
{
	return d.data != NULL ? (struct nw_str){(const char *)d.data, d.len} : (struct nw_str){"", 0};
}
#endif
