/* Parts are kept sorted by their first sequence. New ones come at the end, because the log grows there; what was loaded
 * is sorted once. */
#include "engine/imports.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"

typedef struct loading {
    imports *imports;
    bool no_memory, has_gap;
} loading;

static bool take_import(void *context, const store_import *import) {
    loading *l = context;
    imports *i = l->imports;
    l->no_memory = !ARRAY_RESERVE(i->list, i->capacity, i->count + 1);
    l->has_gap = import->number != i->count + 1;
    if (l->no_memory || l->has_gap) {
        return false;
    }
    i->list[i->count++] = *import;
    i->newest_withdrawal = import->withdrawn > i->newest_withdrawal ? import->withdrawn : i->newest_withdrawal;
    return true;
}

static bool take_part(void *context, const store_import_part *part) {
    loading *l = context;
    imports *i = l->imports;
    l->no_memory = !ARRAY_RESERVE(i->parts, i->part_capacity, i->part_count + 1);
    l->has_gap = part->import == 0 || part->import > i->count;
    if (l->no_memory || l->has_gap) {
        return false;
    }
    i->parts[i->part_count++] = *part;
    return true;
}

static int compare_parts(const void *left, const void *right) {
    const store_import_part *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

void imports_init(imports *i) {
    *i = (imports){0};
    mutex_init(&i->lock);
}

void imports_fini(imports *i) {
    memory_free(i->list);
    memory_free(i->parts);
    mutex_fini(&i->lock);
}

static sluice_result read_all(loading *l, store *s, sluice_error *error) {
    imports *i = l->imports;
    i->count = i->part_count = 0;
    i->newest_withdrawal = 0;
    sluice_result result = store_read_imports(s, take_import, l, error);
    if (result == SLUICE_OK && !l->no_memory && !l->has_gap) {
        result = store_read_import_parts(s, false, take_part, l, error);
    }
    if (result == SLUICE_OK && l->no_memory) {
        result = error_no_memory(error, i->part_count * sizeof *i->parts);
    }
    if (result == SLUICE_OK && l->has_gap) {
        result = error_set(error, SLUICE_E_DAMAGED, "the table of imports lacks a row: restore a backup");
    }
    if (result == SLUICE_OK && i->part_count > 0) {
        qsort(i->parts, i->part_count, sizeof *i->parts, compare_parts);
    }
    return result;
}

sluice_result imports_load(imports *i, store *s, sluice_error *error) {
    loading l = {.imports = i};
    mutex_lock(&i->lock);
    sluice_result result = read_all(&l, s, error);
    mutex_unlock(&i->lock);
    return result;
}

/* Under the lock. */
static const store_import *find(const imports *i, uint64_t sequence) {
    size_t low = 0, high = i->part_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (i->parts[middle].first <= sequence) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 || i->parts[low - 1].last < sequence ? NULL : &i->list[i->parts[low - 1].import - 1];
}

bool imports_of_sequence(const imports *base, uint64_t sequence, store_import *import_out) {
    imports *i = (imports *)(uintptr_t)base; /* only its lock changes */
    mutex_lock(&i->lock);
    const store_import *found = find(i, sequence);
    if (found != NULL) {
        *import_out = *found;
    }
    mutex_unlock(&i->lock);
    return found != NULL;
}

bool imports_withdrew(const imports *i, uint64_t sequence) {
    store_import import;
    return imports_of_sequence(i, sequence, &import) && import.withdrawn > 0;
}

bool imports_know_withdrawal(const imports *i, uint64_t sequence) {
    for (size_t n = 0; n < i->count; n++) {
        if (i->list[n].withdrawn == sequence) {
            return true;
        }
    }
    return false;
}

uint64_t imports_of_source(const imports *i, const store_source *source) {
    for (size_t n = i->count; n > 0; n--) {
        const store_import *import = &i->list[n - 1];
        if (import->withdrawn == 0 && strcmp(import->content_sha256, source->content_sha256) == 0 &&
            strcmp(import->identity, source->identity) == 0) {
            return import->number;
        }
    }
    return 0;
}

sluice_result imports_reserve(imports *i, sluice_error *error) {
    mutex_lock(&i->lock);
    bool room = ARRAY_RESERVE(i->list, i->capacity, i->count + 1) &&
                ARRAY_RESERVE(i->parts, i->part_capacity, i->part_count + 1);
    mutex_unlock(&i->lock);
    return room ? SLUICE_OK : error_no_memory(error, (i->part_count + 1) * sizeof *i->parts);
}

void imports_add(imports *i, uint64_t number, const store_source *source, uint64_t sequence_first, uint64_t count) {
    SLUICE_ASSERT(number <= i->count + 1);
    mutex_lock(&i->lock);
    if (number == i->count + 1) {
        store_import *import = &i->list[i->count++];
        *import = (store_import){.number = number};
        memcpy(import->content_sha256, source->content_sha256, sizeof import->content_sha256);
        memcpy(import->identity, source->identity, sizeof import->identity);
    }
    if (count > 0) {
        i->parts[i->part_count++] = (store_import_part){number, false, sequence_first, sequence_first + count - 1};
    }
    mutex_unlock(&i->lock);
}
