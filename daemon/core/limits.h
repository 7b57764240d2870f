/*
 * limits.h - every bound of newswatchd, with its unit and reason.  Reaching one shows: an error, a note, a gauge.
 * Floor 1.  Only numbers.
 */
#ifndef NW_CORE_LIMITS_H
#define NW_CORE_LIMITS_H

/* --- documents and articles (a hostile page may not cost more than a large honest one) */
#define NW_BODY_MAX	       (8u << 20) /* decoded bytes of a document; `max_bytes` may raise it to NW_BODY_CEILING */
#define NW_BODY_CEILING	       (64u << 20)
#define NW_ITEMS_MAX	       2000	  /* articles a document; the rest is left out with a note */
#define NW_FOLLOW_MAX	       2000
#define NW_TITLE_MAX	       4096	  /* bytes stored */
#define NW_URL_MAX	       4096	  /* bytes; longer ones are no URL */
#define NW_KEY_MAX	       1024	  /* bytes of a guid or key; longer ones are hashed */
#define NW_TEXT_MAX	       (2u << 20) /* bytes of a body's text; cut with a note */
#define NW_SUMMARY_MAX	       (64u << 10)
#define NW_LIST_FIELD_MAX      64	  /* categories, enclosures of an article */
#define NW_TAGS_MAX	       256	  /* of an article */
#define NW_ALERTS_MAX	       4096	  /* of an article, all rules together */
#define NW_HITS_MAX	       64	  /* evidence of one tag or alert; the first ones in text order */
#define NW_CLAUSES_MAX	       (2 * NW_HITS_MAX) /* texts that evidence and blockers name */
#define NW_CLAUSE_MAX	       4096	  /* bytes of one; longer ones are cut */
#define NW_TAG_NAME_MAX	       256	  /* bytes; names of persons and places */
#define NW_HTML_MAX	       (4u << 20) /* bytes of an article's sanitised HTML; longer is left out with a note */
#define NW_SEEN_MAX	       4096	  /* items a target's `seen` blob remembers */
#define NW_SEEN_PAIR	       16u	  /* bytes of one: hash of the key, hash of the raw item */
#define NW_NOTES_MAX	       64	  /* of a document */
#define NW_NOTE_MAX	       512	  /* bytes */
#define NW_HINTS_MAX	       64	  /* options a parser suggests for a document of no source */
#define NW_CHARSET_SCAN_MAX    (64u << 10) /* bytes searched for a late <meta charset>; heads are shorter */
#define NW_DATE_TEXT_MAX       (16u << 10) /* bytes of a text a date is searched in; what stands later is not the date */
#define NW_LANG_TEXT_MAX       4096	  /* bytes of a text that its language is told from */
#define NW_XML_DEPTH_MAX       512	  /* elements; the push parser has no limit of its own */
#define NW_HTML_DEPTH_MAX      10000	  /* elements; XPath and serialising recurse */
#define NW_FRAGMENT_DEPTH_MAX  1024	  /* elements of a body; libxml2 searches all open ones at an end tag */
#define NW_ATTRS_MAX	       512	  /* of one tag; libxml2 is quadratic in them */

/* --- messages between processes */
#define NW_WIRE_VERSION	       2u
#define NW_FRAME_MAX	       (80u << 20)  /* a READ job with NW_BODY_CEILING and its seen blob */
#define NW_JOB_HELD_MAX	       (1u << 20)   /* bytes of a READ body kept in memory; longer ones wait in a file */
#define NW_FRAME_CONFIG_MAX    (512u << 20) /* 100,000 watches, 50,000-entry lists */
#define NW_FRAME_BATCH_MAX     (48u << 20)
#define NW_BATCH_ARENA_MAX     (96u << 20)  /* memory of an unpacked batch */
#define NW_SLICE_BYTES	       (256u << 10) /* articles of a large document that a worker gathers before it sends them ahead */
#define NW_PARTS_BYTES	       (192u << 20) /* an answer in parts: text and HTML of a document of NW_BODY_CEILING, and its marks */
#define NW_MESSAGES_MAX	       64	  /* rendered in one job */
#define NW_PART_MAX	       (1u << 20) /* bytes of one rendered part: text, html or json */
#define NW_FRAME_SENDER_MAX    (4u << 20)

/* --- workers */
#define NW_JOB_MS	       5000	  /* wall deadline of a job; a stall is not CPU time */
#define NW_CONFIG_MS	       60000	  /* until HELLO: plugins, lists, examples */
#define NW_JOBS_MAX	       1024	  /* waiting in the pool */
#define NW_READS_MAX	       (NW_JOBS_MAX / 2) /* documents asked for or waiting to be read; matches and messages still find room in the pool */
#define NW_WORKER_AS	       (768u << 20) /* RLIMIT_AS floor; grows with the configuration */
#define NW_WORKER_JOBS	       20000	  /* then a worker is recycled: leaks of foreign code stay small */
#define NW_WORKER_GROWTH       (192u << 20) /* resident bytes gained since its start: recycled too */
#define NW_WORKER_LOOK	       32	  /* jobs between two looks at them */
#define NW_WORKER_STARTS       3	  /* workers that die in a row before HELLO; then jobs fail instead of waiting */
#define NW_SUSPECT_S	       3600	  /* a source whose document killed a worker is suspect for so long */
#define NW_WORKER_SOURCES      256	  /* open parser sources a worker keeps */
#define NW_SCRATCH_MAX	       (160u << 20) /* scratch memory of one operation */
#define NW_STDERR_LINES	       50	  /* lines a minute that are logged, of a helper and of all workers */

/* --- fetching */
#define NW_FETCH_MAX	       256	  /* transfers at once; a TLS connection costs 70 kB */
#define NW_HOST_CONN_MAX       2
#define NW_BODIES_MAX	       (32u << 20) /* decoded bodies waiting for workers; above it transfers pause */
#define NW_REDIRECTS_MAX       5
#define NW_FETCH_MS	       60000	  /* a whole transfer */
#define NW_CONNECT_MS	       15000
#define NW_ROBOTS_MAX	       (500u << 10) /* RFC 9309 asks for at least 500 KiB */
#define NW_ROBOTS_RULES	       1024	  /* of one file; large sites have some hundred */
#define NW_ROBOTS_PATTERN      1024	  /* bytes of one */
#define NW_ROBOTS_STARS	       8	  /* of one: each is a search through the path */
#define NW_ROBOTS_HOSTS	       4096	  /* files kept in memory */
#define NW_ROBOTS_KEEP_S       86400	  /* RFC 9309, 2.4 */
#define NW_ROBOTS_AGAIN_S      900	  /* a file that could not be had is asked for again after this */
#define NW_RETRY_AFTER_MAX_S   86400	  /* a server may not silence us for longer by one header */
#define NW_BACKOFF_MAX_S       21600	  /* never for ever */
#define NW_POLLED_MAX	       1024	  /* sources whose options are kept unpacked, of those that are asked often */
#define NW_POLLED_RARE	       64	  /* and of the others: their pages are asked for together */
#define NW_POLLED_OFTEN_S      60	  /* `every` of a source that is asked often */
#define NW_POLLED_BYTES	       5120	  /* of one, as a rule */
#define NW_CLAIM_MAX	       50	  /* targets claimed in one group commit */
#define NW_SILENCE_GAPS	       6	  /* usual gaps between new items, then a source is silent */
#define NW_SILENCE_MIN_S       345600	  /* but never told before four days: a long weekend */
#define NW_SILENCE_MAX_S       5184000	  /* and after two months at the latest */
#define NW_CLAIM_GAP_MS	       1000	  /* at most between two claims: one query, one lease, for what falls due meanwhile */
#define NW_CLAIM_GAP_EACH_MS   20	  /* for each target that the last claim found */
#define NW_GATHERED_MIN	       8	  /* targets claimed at once that go apart afterwards, if they were new or overdue */
#define NW_LEASE_S	       300	  /* a claimed target's lease */

/* --- the store */
#define NW_STORE_GROUP_MS      50	  /* a group commit waits at most this long for company */
#define NW_STORE_GROUP_N       50	  /* calls in one group */
#define NW_STORE_LAZY_MS       1000	  /* a group of claims and unchanged polls alone: losing it costs a poll each */
#define NW_STORE_LAZY_N	       2000
#define NW_STORE_READ_MS       2000	  /* a reader's call; a longer one would keep the log from shrinking */
#define NW_STORE_BUSY_MS       1000	  /* a writer's wait for a lock somebody else holds */
#define NW_STORE_CACHE_KB      8192	  /* page cache while there is much to do */
#define NW_STORE_PAGE_KB       4
#define NW_STORE_CALM_KB       512	  /* page cache in between */
#define NW_STORE_CALM_MISSES   20000	  /* pages read between two looks at it, 60 ms; more, and it is not calm */
#define NW_STORE_IDLE_BYTES    (256 << 10) /* pages a reader keeps where nothing is to be done */
#define NW_STORE_SHRINK_MS     10000	  /* between two times that more is given back */
#define NW_STORE_WAL_PAGES     500	  /* a checkpoint of these takes 7 ms: it waits for an idle moment */
#define NW_STORE_WAL_MAX_PAGES 2000	  /* where none comes */
#define NW_LEAP_S	       300   /* the wall clock leapt if it differs so much from the time that passed */
#define NW_AWAY_MIN_S	       3600	  /* s that nobody polled what was due, from which on a start tells it: less is a restart */
#define NW_LEAP_SPREAD_S       600   /* overdue targets are then spread over so long */
#define NW_SPACE_LOW	       (INT64_C(32) << 20) /* bytes left on the store's disk: told before nothing can be written */
#define NW_SPACE_ROOM	       (INT64_C(1) << 20)  /* bytes left from which a disk counts as full no longer: a small write may fit before */
#define NW_SPACE_WAL	       (INT64_C(64) << 20) /* of the write-ahead log: eight times what it grows to by itself */
#define NW_STORE_MOVED_N       3	  /* polls that must say so before a permanent redirect is adopted */
#define NW_STORE_PENDING_S     900	  /* an article waits so long for its page before its summary is matched */
#define NW_STORE_RHYTHM_MIN    4	  /* dated items from which a first contact tells a rhythm */
#define NW_STORE_GAP_MAX       20	  /* announcement numbers one may miss; further back it is another series */
#define NW_STORE_PAGE_TRIES    8	  /* failures in a row, then a page is lost and its summary final */
#define NW_STORE_FOLLOW_DEPTH  3	  /* listings named by listings named by listings */
#define NW_STORE_CHURN_MIN     4	  /* items a document needs before "more than half" means something */
#define NW_STORE_STORY_S       (14 * 86400) /* stories join articles seen within these */
#define NW_STORE_STORY_BITS    6	  /* differing bits of 64 in the fingerprints of one story */
#define NW_STORE_MATCH_BYTES   (8u << 20) /* text handed out in one claim of articles to match */
#define NW_STORE_MESSAGE_ALERTS 1000	  /* alerts of one message; the rest makes the next */
#define NW_STORE_CHANNELS_MAX  1024	  /* channels with deliveries waiting */
#define NW_STORE_OLD_MAX       8	  /* sentences of the revision before that an edit's mail shows */
#define NW_STORE_OLD_SCAN      (256u << 10) /* bytes of the revision before that are searched for each of them */
#define NW_STORE_RENDER_TRIES  3	  /* then a message cannot be rendered and its deliveries failed */
#define NW_STORE_ROWS_MAX      1000	  /* rows of one reading call that says no limit */
#define NW_STORE_AHEAD_N       1024	  /* revisions told to the disk in advance in one call: no disk takes more at once */
#define NW_STORE_AHEAD_GAP     4	  /* pages between two needed ones that are read along: one request costs more */
#define NW_STORE_AHEAD_TEXT    64	  /* further pages of a long text that are told in advance */
#define NW_STORE_HEADERS_MAX   (16u << 10) /* bytes of a document's headers that are kept */
#define NW_STORE_RETRY_MAX_S   86400	  /* the longest Retry-After that is honoured */

/* --- the archive's index */
#define NW_INDEX_BATCH_N       1000	  /* revisions of one transaction */
#define NW_INDEX_BATCH_BYTES   (8u << 20) /* of their texts, whichever comes first */
#define NW_INDEX_HASH_BYTES    16777216	  /* words waiting for their transaction's end; a batch fits */
#define NW_INDEX_CACHE_KB      4096	  /* page cache */
#define NW_INDEX_MERGE_PAGES   256	  /* one step of tidying up, when idle */
#define NW_INDEX_KNOWN_MAX     (1u << 20) /* slots of 8 bytes: words known to stand in the dictionary */
#define NW_INDEX_REACH_MAX     512	  /* words of the archive that one pattern is looked up as; above it, as a prefix or not */
#define NW_INDEX_TERMS_MAX     4096	  /* words and phrases of one look-up: more cost more than they sift */
#define NW_INDEX_READ_MS       10000	  /* the indexer's own deadline of a reading call: a page of it waits for FTS5 */
#define NW_INDEX_POLL_MS       1000	  /* between two looks for new revisions */
#define NW_INDEX_WAIT_MS       300000	  /* the longest wait before a failed indexer is started again */
#define NW_INDEX_AS	       (256u << 20) /* the indexer's address space beyond what it has at the start */
#define NW_INDEX_FRAME_MAX     (64u << 10) /* bytes of a frame to or from the indexer */
#define NW_SEARCH_SCAN_MAX     20000	  /* revisions that a search reads without the index's help, about a second */
#define NW_SEARCH_HITS	       50	  /* a page */

/* --- delivering */
#define NW_SENDERS_MAX	       16
#define NW_SENDER_IDLE_MS      10000
#define NW_SENDER_JOBS	       200
#define NW_ACCEPTED_MAX	       4	  /* deliveries accepted and not on disk yet: as many a crash repeats, under the same ids */
#define NW_SENDER_HEIR	       20	  /* deliveries before its last, its successor is started: nobody waits for one */
#define NW_SENDER_MS	       660000	  /* deadline of a delivery: 600 s after the dot (RFC 5321, 4.5.3.2.6) and the rest */
#define NW_MAIL_ALERTS_MAX     50	  /* alerts shown whole in one mail; the rest by title and address */
#define NW_WEBHOOK_ALERTS_MAX  20	  /* alerts of one webhook, so that none is left out for its size */
#define NW_WEBHOOK_BODY_MAX    (20u << 10) /* Standard Webhooks asks for less than 20 kB */
#define NW_DELIVERY_AGE_S      (5 * 86400) /* then it stands as failed, and the operator is told */
#define NW_FLOOD_S	       3600	  /* alerts of one watch are counted over so long */
#define NW_FLOOD_WAIT_S	       300	  /* a flood is gathered for at most so long before its digest goes */
#define NW_OUTBOX_REST_MS      10000	  /* nothing leaves for so long after the store took nothing */
#define NW_CHANNEL_REST_MS     60000	  /* a channel that cannot be used is tried again after this */
#define NW_CHANNEL_FAILS       4	  /* attempts of one delivery; then its channel counts as failing */
#define NW_ESCALATE_MAX	       1000	  /* alerts looked at in one step of escalation */
#define NW_STATEMENT_LINES     50	  /* watches and sources named in a statement */

/* --- configuration */
#define NW_CONF_FILE_MAX       (64u << 20) /* a file of watches may be generated */
#define NW_CONF_DEPTH_MAX      32
#define NW_CONF_ERRORS_MAX     200	  /* shown in one run */
#define NW_NAME_MAX	       64	  /* bytes of a name of source, watch, topic, list, channel */
#define NW_LIST_ENTRIES_MAX    200000
#define NW_ZONE_FILE_MAX       (64u << 10) /* bytes of a time zone file; the longest of tzdata has 3,600 */
#define NW_ZONE_CHANGES_MAX    4096	  /* transitions of a zone; the most of tzdata are 243 */

/* --- the watch language */
#define NW_QUERY_TEXT_MAX      (256u << 10)
#define NW_LACK_PARTS	       64	  /* parts of an expression that explain asks one by one */
#define NW_LACK_WATCHES	       10000	  /* watches that explain ranks where none is named: some seconds, some 100 MB */
#define NW_QUERY_DEPTH_MAX     64	  /* brackets, functions, watch() within watch(): trees are walked by recursion */
#define NW_QUERY_NODES_MAX     (1u << 18) /* of one expression with the contents of watch(); a list counts as one */
#define NW_QUERY_COUNT_MAX     10000	  /* n of ATLEAST and ANYOF */
#define NW_QUERY_POINTS_MAX    1000000	  /* weight, cap and threshold of a score */
#define NW_QUERY_WORD_MAX      256	  /* bytes of a word that the normaliser sees; longer ones are folded by tables alone */
#define NW_QUERY_CHAIN_MAX     10	  /* operands of one NEAR, PRE, SENT, PARA: any order costs 2 to the power of them */
#define NW_QUERY_KEYS_MAX      (1u << 21) /* distinct words and patterns of all rules; a vocabulary slot has 22 bits */
#define NW_QUERY_ARENA_MAX     (128u << 20) /* memory of one article: spans and evidence */
#define NW_QUERY_EXPRS_MAX     (1u << 20) /* expressions of all plugins */
#define NW_QUERY_PHRASES_MAX   (1u << 21) /* distinct terms of all rules, list entries included */
#define NW_QUERY_LEARNT_MAX    (1u << 17) /* words of texts a vocabulary remembers; then it forgets them all */
#define NW_QUERY_REACH_MAX     1024	  /* patterns that one word may reach */
#define NW_QUERY_REACH_WORD_MAX 1024	  /* bytes; a longer word reaches no pattern */
#define NW_QUERY_FUZZY_MAX     64	  /* characters of a word that FUZZY compares */
#define NW_TERM_WORDS_MAX      64	  /* positions of a term; no name is longer */
#define NW_TEXT_POSITIONS_MAX  (1u << 20) /* of one field; two million bytes hardly hold more */
#define NW_QUERY_DISTANCE_MAX  10000	  /* n of NEAR, PRE, FIRST */
#define NW_REGEX_MS	       50	  /* of one regex on one field */
#define NW_REGEX_STACK	       (1 << 20)  /* bytes of backtracking of one regex */

#endif
