/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Base: what every other header stands on. Strings, errors, environment, heaps, blobs, version.
 *
 * Owns: the environment a host hands in, the error it gets back, byte heaps.   Never: knows a business word.
 *
 * Two kinds of public struct and no third. A *record* is frozen, has explicit reserved fields that are zero, and travels in
 * arrays. An *options* struct starts with struct_size and grows at the end; zeroes everywhere mean all defaults, a shorter
 * struct means defaults for the rest, a longer one is accepted only if the unknown tail is zero (else #O2C_E_ABI). Where a call fills
 * an options struct of the caller, it writes at most the struct_size it finds there (0 or less than that = the size at first release).
 *
 * Statuses stand in the order in which they are checked. Everything here is since 0.1.
 * "Thread: any" = any thread, any number at a time, as long as nobody changes or frees an argument meanwhile. "Thread: per handle" =
 * one thread at a time on that handle. Callbacks run on the calling thread: who shares an env between threads brings callbacks that may
 * be called from several.
 */
#ifndef O2C_BASE_H
#define O2C_BASE_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define O2C_BEGIN_DECLS extern "C" {
#define O2C_END_DECLS }
#else
#define O2C_BEGIN_DECLS
#define O2C_END_DECLS
#endif

#if defined(O2C_STATIC)
#define O2C_API
#elif defined(_WIN32)
#ifdef O2C_BUILDING
#define O2C_API __declspec(dllexport)
#else
#define O2C_API __declspec(dllimport)
#endif
#else
#define O2C_API __attribute__((visibility("default")))
#endif

O2C_BEGIN_DECLS

/** 0 = done; negative = this call changed nothing. Codes: <o2c/status.h>. */
typedef int32_t o2c_status;

/** A borrowed string: strict UTF-8 unless said otherwise, not NUL-terminated. {NULL, 0} is the empty string. */
typedef struct o2c_str {
    const char *ptr;
    size_t len;
} o2c_str;

/** A string in a heap that stands beside the array: bytes at … at + len; in heaps of this library a NUL follows, which len does not
 *  count. Frozen record, 8 bytes. {0, 0} is the empty string. */
typedef struct o2c_ref {
    uint32_t at;
    uint32_t len;
} o2c_ref;

/** Flag of o2c_error.flags: the same call may succeed when repeated unchanged. */
#define O2C_ERROR_RETRYABLE 1u
/** Value of o2c_error.offset and .row when there is none. */
#define O2C_NOWHERE UINT64_MAX

/**
 * What went wrong. Frozen record, 512 bytes; owned by the caller, holds no memory, needs no release. Every call that takes one
 * accepts NULL, and fills it only when it fails: after status 0 the struct is as it was before.
 */
typedef struct o2c_error {
    int32_t status;      /**< the code returned */
    int32_t native;      /**< code of a library below (zlib, libxml2, a store), 0 = none */
    uint32_t flags;      /**< O2C_ERROR_… */
    uint32_t line;       /**< 1-based line of an input, 0 = unknown */
    uint64_t offset;     /**< byte offset in an input, #O2C_NOWHERE = unknown */
    uint64_t row;        /**< 0-based row of an array, #O2C_NOWHERE = unknown */
    char sqlstate[8];    /**< five characters and NULs, or empty */
    char field[40];      /**< "open_item.currency", a limit's name, or empty; NUL-terminated */
    uint8_t reserved[32];/**< zero */
    char message[400];   /**< UTF-8, NUL-terminated, one line, cut at a code point */
} o2c_error;

/**
 * Where memory comes from. Options struct; all three callbacks are given, else #O2C_E_ABI. Blocks must be aligned for any type
 * (16 bytes). The library passes the size of a block back on release. Called only from inside a call of this library, on the
 * calling thread.
 */
typedef struct o2c_allocator {
    uint32_t struct_size;
    uint32_t reserved; /**< zero */
    void *self;
    void *(*alloc)(void *self, size_t size);                                   /**< size > 0; NULL = refused */
    /** block non-NULL, size > 0; NULL = refused, block still valid */
    void *(*resize)(void *self, void *block, size_t old_size, size_t size);
    void (*release)(void *self, void *block, size_t size);                     /**< block non-NULL */
} o2c_allocator;

/**
 * Limits of one import or solve. Options struct; 0 = the default named. A limit that is passed answers #O2C_E_LIMIT with the
 * limit's name in error.field; only alloc_bytes_max answers #O2C_E_NOMEM, like memory that is really gone.
 */
typedef struct o2c_limits {
    uint32_t struct_size;
    uint32_t depth_max;             /**< XML nesting; default 64, at most 256 */
    uint64_t input_bytes_max;       /**< after inflating; default 2^30, at most 2^40 */
    uint64_t gz_input_bytes_max;    /**< compressed bytes; default 2^28, at most 2^38 */
    uint32_t inflate_ratio_max;     /**< default 200, at most 1100; watched once 8 MiB have come out */
    uint32_t distinct_names_max;    /**< XML element and attribute names; default 1024, at most 4096 */
    uint64_t elements_max;          /**< default 50,000,000, at most 2^40 */
    uint32_t attributes_max;        /**< per element; default 32, at most 64 */
    uint32_t tag_bytes_max;         /**< default 16384, at most 65536 */
    uint32_t name_bytes_max;        /**< default 128, at most 256 */
    uint32_t text_bytes_max;        /**< one text node; default 65536, at most 2^20 */
    uint32_t comment_bytes_max;     /**< one comment or CDATA section; default 65536, at most 65536 */
    uint32_t instruction_bytes_max; /**< one processing instruction; default 1024, at most 65536 */
    uint32_t line_bytes_max;        /**< one line or cell of a text format; default 65536, at most 2^20 */
    uint32_t fields_max;            /**< fields of one line; default 1024, at most 65536 */
    uint32_t statements_max;        /**< per file; default 10,000, at most 2^24 */
    uint32_t details_max;           /**< details of one entry; default 1,000,000, at most 2^24 */
    uint64_t entries_max;           /**< per file; default 10,000,000, at most 2^32 - 1 */
    int64_t amount_max;             /**< largest amount, minor units; default 10^15, at most 9·10^18 */
    uint64_t alloc_bytes_max;       /**< memory of one call or handle; default 2^28 for readers, none for pools; at most 2^40 */
} o2c_limits;

/**
 * What a host lends a pure call. Options struct; NULL or all zero = malloc, default limits, no cancel. Borrowed: an env, and
 * what it points to, must outlive every handle made with it. The library keeps no global state and starts no thread.
 */
typedef struct o2c_env {
    uint32_t struct_size;
    uint32_t reserved;                               /**< zero */
    const o2c_allocator *allocator;                  /**< NULL = malloc, realloc, free */
    const o2c_limits *limits;                        /**< NULL = defaults */
    void *cancel_self;                               /**< handed to cancel */
    /** asked every 64 KiB or 4,096 operations; non-zero stops the call with #O2C_E_CANCELED */
    int32_t (*cancel)(void *self);
    void *entropy_self;                              /**< handed to entropy */
    /** random bytes for hash keys, 0 = done; NULL = a fixed key. Results never depend on it */
    int32_t (*entropy)(void *self, void *out, size_t size);
} o2c_env;

/** Bytes that leave the library. Opaque; NULL is the empty blob. */
typedef struct o2c_blob o2c_blob;
/** Sets @p out_bytes to the bytes of @p blob, borrowed from it and followed by a NUL that len does not count. Thread: any. @since 0.1 */
O2C_API void o2c_blob_bytes(const o2c_blob *blob, o2c_str *out_bytes);
/** Frees a blob; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_blob_free(o2c_blob *blob);

/** A growing heap of strings for a C host that builds records: the o2c_ref of a record points into it. Opaque. */
typedef struct o2c_heap o2c_heap;
/**
 * Makes an empty heap.
 * @param env       NULL = defaults; borrowed, must outlive the heap
 * @param out_heap  set on status 0; free with o2c_heap_free()
 * @return #O2C_OK; #O2C_E_MISUSE (out_heap NULL); #O2C_E_ABI (env); #O2C_E_NOMEM
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_heap_new(const o2c_env *env, o2c_heap **out_heap, o2c_error *err);
/**
 * Copies @p text to the end of the heap, followed by a NUL, and says where it stands. The empty string gives {0, 0}.
 * @param text     any bytes; borrowed for the call
 * @param out_ref  set on status 0
 * @return #O2C_OK; #O2C_E_MISUSE (heap or out_ref NULL, text NULL with a length); #O2C_E_LIMIT (heap would pass 4 GiB); #O2C_E_NOMEM
 * Cost: O(len) amortized. Thread: per handle. @since 0.1
 */
O2C_API o2c_status o2c_heap_add(o2c_heap *heap, const o2c_str *text, o2c_ref *out_ref, o2c_error *err);
/** Sets @p out_bytes to the whole heap; borrowed until the next o2c_heap_add() or o2c_heap_free(). Thread: per handle. @since 0.1 */
O2C_API void o2c_heap_bytes(const o2c_heap *heap, o2c_str *out_bytes);
/** Frees a heap; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_heap_free(o2c_heap *heap);

/** Version of the header a program was compiled with: major·10000 + minor·100 + patch. */
#define O2C_VERSION 100
/** Version of the library that is loaded, as #O2C_VERSION. Thread: any. @since 0.1 */
O2C_API int32_t o2c_version(void);
/** Version of the library that is loaded, "0.1.0"; static. Thread: any. @since 0.1 */
O2C_API const char *o2c_version_text(void);

O2C_END_DECLS
#endif
