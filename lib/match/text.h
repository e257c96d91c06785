/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the text of one payment to what it may name. The text is folded and cut into atoms, stretches of letters or of digits;
 * a window is up to five neighboring atoms, and the letters and digits of a window stand in a row, so that a key is a slice of them.
 */
#ifndef O2C__MATCH_TEXT_H
#define O2C__MATCH_TEXT_H
#include "match/index.h"
#include "match/match.h"

#define O2C__WINDOW_ATOMS 5u
#define O2C__WINDOW_ATOMS_PRINTED 9u /* structured references are printed in groups: QRR in six, RF in seven */
#define O2C__LIST_MAX 64u            /* numbers of one expanded list or range */

enum { O2C__GAP_NONE, O2C__GAP_BORDER, O2C__GAP_APART };
struct o2c__atom {
    uint32_t at, end; /* bytes of the text */
    uint32_t canon;   /* first of its letters or digits in canon */
    uint16_t len;
    uint8_t digit;
    uint8_t gap;      /* what stands before it: nothing, the border of two pieces, or something else */
};

/* A hit on its way; its members stand apart until all hits of the payment are known. */
struct o2c__raw {
    struct o2c__hit hit;
    struct o2c__raw *next;
    uint32_t *members;
    uint32_t first, last;  /* atoms; O2C__NONE = a structured row of the payment */
    int32_t ln_range;      /* ln R of the number cited */
    int32_t ln_trust;      /* advice line: that the advice belongs to the payment, and that the line was read right; Q16, at most 0 */
    o2c_ref text;          /* what was cited, in the pool's heap */
    uint8_t bare;          /* the window has no letters */
    uint8_t own_token;     /* from a range: its token is its own, whatever it overlaps */
    uint8_t dropped;
    uint8_t extra;         /* stands behind the pieces: end-to-end id or structured reference */
};
/* A customer number that stands in the text. */
struct o2c__named {
    struct o2c__named *next;
    uint32_t number;       /* row of the index */
    uint32_t at, len;
};

/* Several groups of digits: looked up without their zeros if nothing else stands there. */
struct o2c__loose {
    uint32_t first, last, zeros; /* atoms, and zeros before the first group */
};
#define O2C__LOOSE_MAX 32u

/* One payment while it is read. */
struct o2c__reading {
    struct o2c__case *one;
    const char *canon;
    struct o2c__atom *atoms;
    uint32_t atoms_count;
    uint32_t pieces_end;   /* bytes of the text that are pieces; behind stand structured references and the end-to-end id */
    uint32_t pieces_atoms; /* atoms of the pieces */
    struct o2c__raw *raws, **raws_end, *last;
    uint32_t raws_count;
    struct o2c__named *named;
    struct o2c__bank_lookup bank;
    struct o2c__loose *loose; /* O2C__LOOSE_MAX of them, once there is one */
    uint32_t loose_count;
};

/* What a probe looks for. */
enum { O2C__PROBE_FULL, O2C__PROBE_DIGITS, O2C__PROBE_LOOSE, O2C__PROBE_CHECKED, O2C__PROBE_LINE };
struct o2c__probe {
    uint64_t hash;
    const char *key;
    struct o2c__reading *reading;
    uint32_t len;
    uint32_t first, last; /* atoms; O2C__NONE = span from at … end */
    uint32_t at, end;
    uint32_t kind;
};
#define O2C__PROBES 192u
/* Everything one call of o2c__retrieve shares. */
struct o2c__reader {
    struct o2c__solve *solve;
    struct o2c__probe *probes;
    uint32_t probes_count;
    bool failed; /* no memory: sticky */
};

static inline const char *
o2c__reading_text(const struct o2c__reader *reader, const struct o2c__reading *reading)
{
    const char *heap = reader->solve->solution->heap.bytes.rows;
    return heap ? heap + reading->one->text.at : "";
}

/* ---- text.c: joins pieces and extras into the solution's heap; one->text spans all of it until the hits are known */
bool o2c__text_join(struct o2c__reader *reader, struct o2c__reading *reading);
/* text_atoms.c */
bool o2c__text_atoms(struct o2c__solve *solve, o2c_str text, struct o2c__reading *reading);
/* text_windows.c: a probe for every window that could be a live key */
void o2c__text_windows(struct o2c__reader *reader, struct o2c__reading *reading);
/* The same for groups of digits that may have lost zeros, once the other probes are answered. */
void o2c__text_loose(struct o2c__reader *reader, struct o2c__reading *reading);
/* text_context.c: what makes an accident likelier: 10 after "tel", "iban" …, inside dates, amounts and bank accounts; else 1 */
uint32_t o2c__text_accident(o2c_str text, const struct o2c__reading *reading, uint32_t first, uint32_t last);
bool o2c__text_in_date(o2c_str text, const struct o2c__reading *reading, uint32_t at);
/* text_weight.c: ln L of a hit, Q16 */
int32_t o2c__text_weight(int32_t ln_range, uint8_t error, bool bare, int32_t scheme, uint32_t accident);
#define O2C__LN_OWN_KIND (-6905)     /* ln .90: as it is printed, or as this customer always writes it, Q16 */
#define O2C__LN_NORMALIZED (-184380) /* ln .06: written otherwise, nothing wrong, Q16 */
#define O2C__LN_TAU_BARE (-105476) /* ln .2: accidental tokens of bare digits in a text, Q16 */
/* damage.c: the digits behind the last separator of our number; all of them without one */
o2c_str o2c__last_group(const struct o2c__forms *forms);
/* ln m ÷ (V·D) of the error that makes the digits seen out of ours, Q16; 0 = none that is known */
int32_t o2c__damage(o2c_str seen, o2c_str ours);
/* The same where letters stood for digits: seen are the digits they are read for. */
int32_t o2c__damage_read(o2c_str seen, o2c_str ours);
/* The same where the series before the last group of our number was left out; whole: nothing else is wrong. Sets both. */
int32_t o2c__damage_prefix(o2c_str seen, const struct o2c__forms *forms, bool *out_whole, int32_t *out_ln_range);
#define O2C__GLUED_MIN 5u
/* The same where several numbers stand in one stretch of digits. */
int32_t o2c__damage_glued(o2c_str seen, o2c_str ours, uint32_t *out_at);
/* text_list.c: lists and ranges behind the hits that stand */
void o2c__text_lists(struct o2c__reader *reader, struct o2c__reading *reading);
/* text_hits.c: longer ones dominate, tokens are counted, the case gets its hits */
int32_t o2c__text_ln_trust(const struct o2c__solve *solve, const o2c_payment *payment); /* that its texts were read right, Q16, at most 0 */
bool o2c__text_hits(struct o2c__reader *reader, struct o2c__reading *reading);

/* ---- probe.c */
void o2c__probes_run(struct o2c__reader *reader);
/* The next probe to fill; looks up all that wait when there is no room. */
static inline struct o2c__probe *
o2c__probe_room(struct o2c__reader *reader)
{
    if (reader->probes_count == O2C__PROBES)
        o2c__probes_run(reader);
    return &reader->probes[reader->probes_count++];
}
/* Asks memory for its slot. */
static inline void
o2c__probe_ask(const struct o2c__reader *reader, const struct o2c__probe *probe)
{
    o2c__slots_ask(&reader->solve->pool->index->references, probe->hash);
}
/* Looks one up at once. */
void o2c__probe_now(struct o2c__reader *reader, const struct o2c__probe *probe);
/* Is this the full form of a document number of ours? */
bool o2c__probe_is_live(const o2c_match_pool *pool, o2c_str full);
/* A raw hit with its text span, weight still to come; NULL = no memory (the reader remembers). */
struct o2c__raw *o2c__raw_add(struct o2c__reader *reader, struct o2c__reading *reading, const struct o2c__raw *raw);

/* ---- payer.c */
bool o2c__payers(struct o2c__reader *reader, struct o2c__reading *reading);
/* payer_name.c: the account whose name is alike, and how alike in ppm */
struct o2c__alike {
    uint32_t account; /* O2C__NONE = none, or not clearly one */
    uint32_t ppm;
    uint64_t row;     /* the host's learned row of the name, 0 = none */
    uint64_t visited; /* entries of name lists that were read */
    bool failed;      /* no memory */
};
struct o2c__alike o2c__payer_by_name(struct o2c__solve *solve, o2c_str name);

/* ---- link.c */
enum {
    O2C__LINK_WHOLE = 0, /* the payment pays all of the advice */
    O2C__LINK_TOGETHER,  /* it does, and other advices beside it */
    O2C__LINK_SHARE,     /* one of several payments of the advice: its lines are known */
    O2C__LINK_REST,      /* it pays what earlier payments left of the advice */
    O2C__LINK_SOME,      /* one of several payments; only lines that are its own however they are divided */
    O2C__LINK_PART,      /* lines that add up to it; the rest of the advice is not paid yet */
    O2C__LINK_UNCLEAR    /* one of several payments, and no line is known to be its own */
};
struct o2c__link {
    uint32_t remittance, next; /* next link of the same payment, O2C__NONE = last */
    uint32_t chance_ppm;       /* that the advice belongs to the payment */
    uint32_t lines_at, lines_count; /* from O2C__LINK_SHARE on: rows of the lines of remitted */
    bool named;                /* by the payment's key or a trace, not by its total */
    bool stale;                /* of another time than the payment */
    uint8_t part;              /* O2C__LINK_… */
    uint8_t place, of;         /* second of three payments, or advices; place 0 = not known */
};
struct o2c__link_line {
    uint32_t row; /* of the request's remittance lines */
    bool twin;    /* a line that says the same went to another payment: which of them is whose, nobody can tell */
};
struct o2c__remitted {
    uint32_t *first;   /* payment row → its first link, O2C__NONE = none */
    o2c__vector rows;  /* struct o2c__link */
    o2c__vector lines; /* struct o2c__link_line, of links to a part of an advice */
};
/* The first advice of a payment, the next one; NULL = no more. */
static inline const struct o2c__link *
o2c__link_at(const struct o2c__remitted *links, uint32_t at)
{
    return at == O2C__NONE ? NULL : &O2C__AT(&links->rows, struct o2c__link, at);
}
/* Lines of the advice that are this payment's, and each of them in the order of the advice. */
static inline uint32_t
o2c__link_lines(const struct o2c__link *link, const o2c_remittance *row)
{
    return link->part >= O2C__LINK_SHARE ? link->lines_count : row->lines_count;
}
static inline struct o2c__link_line
o2c__link_line(const struct o2c__remitted *links, const struct o2c__link *link, const o2c_remittance *row, uint32_t i)
{
    if (link->part >= O2C__LINK_SHARE)
        return O2C__AT(&links->lines, struct o2c__link_line, (size_t)link->lines_at + i);
    return (struct o2c__link_line){ row->lines_at + i, false };
}
/* retrieve_lines.c: hits of the remittance lines that belong to the payment */
bool o2c__retrieve_lines(struct o2c__reader *reader, struct o2c__reading *reading);
/* What one line names, as raw hits; number counts the lines of the payment from 1. */
bool o2c__retrieve_line(struct o2c__reader *reader, struct o2c__reading *reading, uint32_t number, uint32_t row);

/* Gives back the tail of the last block that the arena handed out. */
static inline void
o2c__arena_trim(o2c__arena *arena, size_t from, size_t to)
{
    arena->used -= (from + 15) / 16 * 16 - (to + 15) / 16 * 16;
}
#endif
