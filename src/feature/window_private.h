/* What recent.c tells windows, so that they stay right when series change. All do nothing where no windows are kept. */
#ifndef FEATURE_WINDOW_PRIVATE_H
#define FEATURE_WINDOW_PRIVATE_H

#include "feature/recent_private.h"
#include "feature/window.h"

void windows_free(struct windows **w);
uint64_t windows_bytes(const struct windows *w);

/* Before entries with a time up to kept_from_ms leave. */
void windows_before_drop(recent *r, series *s, recent_direction direction, int64_t kept_from_ms);
/* Few or no entries are left. */
void windows_after_drop(recent *r, series *s, recent_direction direction);
/* The ring has another size. */
void windows_resized(recent *r, series *s, recent_direction direction);
/* An entry was put in at `at`; `later` is the place (now) of its pair's next entry, or RECENT_NONE. */
void windows_inserted(recent *r, series *s, recent_direction direction, uint32_t at, uint32_t later);
/* An entry has other flags. */
void windows_flags_changed(recent *r, series *s, recent_direction direction, uint32_t place, uint32_t old_flags);
/* All running totals have gone up. */
void windows_raised(recent *r, series *s, recent_direction direction, uint64_t fen);

#endif
