/* The five methods.
 *
 * FIFO, LIFO   the balance is a queue of lots, each of one owner; a debit takes lots from its old or new end. Adjacent
 *              lots of one owner are one lot when face = value, which changes no later result.
 * PRORATA      a debit takes ⌊debit · taint ÷ balance before⌋ (128 bits), all of it when it empties the account;
 *              between victims by largest remainder, ties by victim's order.
 * POISON       a debit is wholly tainted for every victim whose money ever was in the account.
 * BOUNDS       per victim an interval [certain, possible]: with balance B before a debit D of which y is the victim's,
 *              max(0, D − (B − x)) <= y <= min(D, x) for any x the account may hold, so
 *                  leaves  [max(0, certain − (B − D)), min(D, possible)]
 *                  stays   [max(0, certain − D), min(possible, B − D)]
 *              which over a whole ledger is the traceability test of docs/returns.md.
 *
 * A ledger whose data has gaps can go below zero in spite of a stated opening; what a debit takes beyond the balance is
 * clean money that the data does not show. */
#include "trace/taint.h"

#include <string.h>

#include "base/assert.h"
#include "base/money.h"

static bool has_lots(sluice_method method) {
    return method == SLUICE_METHOD_FIFO || method == SLUICE_METHOD_LIFO;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

void taint_parcel_clear(taint_parcel *parcel) {
    parcel->first = 0;
    parcel->count = 0;
}

/* Makes room for one more at the end. */
static bool parcel_reserve(taint_method *m, taint_parcel *parcel) {
    size_t capacity = parcel->pieces == NULL ? sizeof parcel->small / sizeof *parcel->small : parcel->capacity;
    if (parcel->first + parcel->count < capacity) {
        return true;
    }
    taint_piece *pieces = taint_pieces(parcel);
    if (parcel->first >= capacity / 2 && parcel->first > 0) {
        memmove(pieces - parcel->first, pieces, parcel->count * sizeof *pieces);
        parcel->first = 0;
        return true;
    }
    taint_piece *grown = arena_alloc(m->memory, 2 * capacity * sizeof *grown);
    if (grown == NULL) {
        m->failed = true;
        return false;
    }
    memcpy(grown, pieces, parcel->count * sizeof *grown);
    parcel->pieces = grown;
    parcel->first = 0;
    parcel->capacity = 2 * capacity;
    return true;
}

static bool joins(const taint_piece *a, const taint_piece *b) {
    return a->owner == b->owner &&
           (a->owner == TAINT_CLEAN || (a->face_fen == a->value_fen && b->face_fen == b->value_fen));
}

void taint_parcel_push(taint_method *m, taint_parcel *parcel, taint_piece piece) {
    if (piece.face_fen == 0 && piece.value_fen == 0) {
        return;
    }
    taint_piece *last = parcel->count == 0 ? NULL : taint_pieces(parcel) + parcel->count - 1;
    if (last != NULL && joins(last, &piece)) {
        last->face_fen += piece.face_fen;
        last->value_fen += piece.value_fen;
    } else if (parcel_reserve(m, parcel)) {
        taint_pieces(parcel)[parcel->count++] = piece;
    }
}

/* PRORATA, POISON, BOUNDS: the victim's piece, added empty if there is none. NULL when memory is exhausted. */
static taint_piece *piece_of(taint_method *m, taint_parcel *parcel, uint32_t owner) {
    size_t at = parcel->count;
    while (at > 0 && taint_pieces(parcel)[at - 1].owner > owner) {
        at--;
    }
    if (at > 0 && taint_pieces(parcel)[at - 1].owner == owner) {
        return taint_pieces(parcel) + at - 1;
    }
    if (!parcel_reserve(m, parcel)) {
        return NULL;
    }
    taint_piece *pieces = taint_pieces(parcel);
    memmove(pieces + at + 1, pieces + at, (parcel->count - at) * sizeof *pieces);
    parcel->count++;
    pieces[at] = (taint_piece){.owner = owner};
    return pieces + at;
}

static void parcel_drop_empty(taint_parcel *parcel) {
    taint_piece *pieces = taint_pieces(parcel);
    size_t kept = 0;
    for (size_t i = 0; i < parcel->count; i++) {
        if (pieces[i].face_fen != 0 || pieces[i].value_fen != 0) {
            pieces[kept++] = pieces[i];
        }
    }
    parcel->count = kept;
}

int64_t taint_value(taint_parcel *parcel) {
    const taint_piece *pieces = taint_pieces(parcel);
    int64_t value = 0;
    for (size_t i = 0; i < parcel->count; i++) {
        value += pieces[i].owner == TAINT_CLEAN ? 0 : pieces[i].value_fen;
    }
    return value;
}

void taint_begin(taint_method *m, taint_account *account, int64_t balance_fen) {
    taint_parcel_clear(&account->parcel);
    account->balance_fen = 0;
    account->tainted_fen = 0;
    taint_credit_clean(m, account, balance_fen);
}

void taint_credit_clean(taint_method *m, taint_account *account, int64_t amount_fen) {
    account->balance_fen += amount_fen;
    if (has_lots(m->method) && amount_fen > 0) {
        taint_parcel_push(m, &account->parcel, (taint_piece){.owner = TAINT_CLEAN, .face_fen = amount_fen});
    }
}

void taint_credit(taint_method *m, taint_account *account, int64_t amount_fen, const taint_parcel *parcel) {
    const taint_piece *pieces = (parcel->pieces != NULL ? parcel->pieces : parcel->small) + parcel->first;
    account->balance_fen += amount_fen;
    for (size_t i = 0; i < parcel->count; i++) {
        if (has_lots(m->method)) {
            taint_parcel_push(m, &account->parcel, pieces[i]);
            account->tainted_fen += pieces[i].owner == TAINT_CLEAN ? 0 : pieces[i].value_fen;
            continue;
        }
        taint_piece *mine = piece_of(m, &account->parcel, pieces[i].owner);
        if (mine == NULL) {
            return;
        }
        mine->face_fen += pieces[i].face_fen;
        mine->value_fen += pieces[i].value_fen;
        mine->certain_fen += pieces[i].certain_fen;
        if (m->method == SLUICE_METHOD_BOUNDS) {
            mine->face_fen = smaller(mine->face_fen, m->victim_total_fen[mine->owner - 1]);
            mine->value_fen = mine->face_fen;
        }
    }
}

/* The part of a lot's value that goes with `take` of its face. */
static int64_t value_part(const taint_piece *lot, int64_t take_fen) {
    return take_fen == lot->face_fen ? lot->value_fen : money_mul_div(lot->value_fen, take_fen, lot->face_fen);
}

static void debit_lots(taint_method *m, taint_parcel *lots, int64_t amount_fen, taint_parcel *out) {
    bool oldest = m->method == SLUICE_METHOD_FIFO;
    while (amount_fen > 0 && lots->count > 0) {
        taint_piece *lot = taint_pieces(lots) + (oldest ? 0 : lots->count - 1);
        int64_t take = smaller(lot->face_fen, amount_fen);
        taint_piece piece = {.owner = lot->owner, .face_fen = take, .value_fen = value_part(lot, take)};
        amount_fen -= take;
        if (take == lot->face_fen) {
            lots->first += oldest;
            lots->count--;
        } else {
            lot->face_fen -= take;
            lot->value_fen -= piece.value_fen;
        }
        taint_parcel_push(m, out, piece);
    }
    if (lots->count == 0) {
        lots->first = 0;
    }
    taint_parcel_push(m, out, (taint_piece){.owner = TAINT_CLEAN, .face_fen = amount_fen});
}

/* Splits the face that leaves between the victims; their own faces are the weights. */
static void debit_prorata(taint_method *m, taint_account *account, int64_t amount_fen, taint_parcel *out) {
    taint_parcel *parcel = &account->parcel;
    int64_t faces = 0;
    for (size_t i = 0; i < parcel->count; i++) {
        faces += taint_pieces(parcel)[i].face_fen;
    }
    if (amount_fen >= account->balance_fen) {
        for (size_t i = 0; i < parcel->count; i++) {
            taint_parcel_push(m, out, taint_pieces(parcel)[i]);
        }
        taint_parcel_clear(parcel);
        return;
    }
    int64_t leaving = money_mul_div(amount_fen, faces, account->balance_fen);
    size_t count = parcel->count;
    int64_t few[16];
    int64_t *faces_out = count <= 8 ? few : arena_alloc(m->memory, 2 * count * sizeof *faces_out);
    if (faces_out == NULL) {
        m->failed = true;
        return;
    }
    int64_t *weights = faces_out + count;
    for (size_t i = 0; i < count; i++) {
        weights[i] = taint_pieces(parcel)[i].face_fen;
        faces_out[i] = leaving; /* all of it, when there is one piece */
    }
    if (count > 1 && !money_split(leaving, weights, count, faces_out)) {
        m->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        taint_piece *piece = taint_pieces(parcel) + i;
        if (faces_out[i] > 0) {
            taint_piece gone = {piece->owner, faces_out[i], value_part(piece, faces_out[i]), 0};
            piece->face_fen -= gone.face_fen;
            piece->value_fen -= gone.value_fen;
            taint_parcel_push(m, out, gone);
        }
    }
    parcel_drop_empty(parcel);
}

static void debit_poison(taint_method *m, const taint_account *account, int64_t amount_fen, taint_parcel *out) {
    taint_parcel *parcel = (taint_parcel *)(uintptr_t)&account->parcel;
    for (size_t i = 0; i < parcel->count; i++) {
        taint_piece piece = {taint_pieces(parcel)[i].owner, amount_fen, amount_fen, amount_fen};
        taint_parcel_push(m, out, piece);
    }
}

static void debit_bounds(taint_method *m, taint_account *account, int64_t amount_fen, taint_parcel *out) {
    taint_parcel *parcel = &account->parcel;
    int64_t after = larger(0, account->balance_fen - amount_fen);
    for (size_t i = 0; i < parcel->count; i++) {
        taint_piece *piece = taint_pieces(parcel) + i;
        taint_piece gone = {.owner = piece->owner};
        gone.certain_fen = larger(0, piece->certain_fen - after);
        gone.face_fen = gone.value_fen = smaller(amount_fen, piece->face_fen);
        piece->certain_fen = larger(0, piece->certain_fen - amount_fen);
        piece->face_fen = piece->value_fen = smaller(piece->face_fen, after);
        taint_parcel_push(m, out, gone);
    }
    parcel_drop_empty(parcel);
}

void taint_debit(taint_method *m, taint_account *account, int64_t amount_fen, taint_parcel *out) {
    taint_parcel_clear(out);
    switch (m->method) {
    case SLUICE_METHOD_FIFO:
    case SLUICE_METHOD_LIFO:
        debit_lots(m, &account->parcel, amount_fen, out);
        account->tainted_fen -= taint_value(out);
        break;
    case SLUICE_METHOD_PRORATA:
        debit_prorata(m, account, amount_fen, out);
        break;
    case SLUICE_METHOD_POISON:
        debit_poison(m, account, amount_fen, out);
        break;
    case SLUICE_METHOD_BOUNDS:
    case SLUICE_METHOD_COUNT:
    default:
        debit_bounds(m, account, amount_fen, out);
        break;
    }
    account->balance_fen -= amount_fen;
}

/* FIFO, LIFO: gives clean lots to the victim, from the new end (an account's) or the old end (a credit's). */
static int64_t claim_lots(taint_method *m, taint_parcel *lots, uint32_t victim, int64_t amount_fen, bool newest) {
    taint_parcel claimed = {0};
    int64_t left = amount_fen;
    size_t count = lots->count;
    int64_t *takes = arena_alloc(m->memory, (count + 1) * sizeof *takes);
    if (takes == NULL) {
        m->failed = true;
        return 0;
    }
    for (size_t n = 0; n < count; n++) {
        size_t i = newest ? count - 1 - n : n;
        const taint_piece *lot = taint_pieces(lots) + i;
        takes[i] = lot->owner == TAINT_CLEAN ? smaller(left, lot->face_fen) : 0;
        left -= takes[i];
    }
    for (size_t i = 0; i < count; i++) {
        taint_piece lot = taint_pieces(lots)[i];
        taint_piece taken = {.owner = victim + 1, .face_fen = takes[i], .value_fen = takes[i]};
        lot.face_fen -= takes[i];
        if (!newest) {
            taint_parcel_push(m, &claimed, taken);
        }
        taint_parcel_push(m, &claimed, lot);
        if (newest) {
            taint_parcel_push(m, &claimed, taken);
        }
    }
    taint_parcel_clear(lots);
    for (size_t i = 0; i < claimed.count; i++) {
        taint_parcel_push(m, lots, taint_pieces(&claimed)[i]);
    }
    return amount_fen - left;
}

static int64_t claim_share(taint_method *m, taint_parcel *parcel, uint32_t victim, int64_t amount_fen,
                           int64_t total_fen) {
    int64_t room = total_fen;
    for (size_t i = 0; m->method == SLUICE_METHOD_PRORATA && i < parcel->count; i++) {
        room -= taint_pieces(parcel)[i].face_fen;
    }
    int64_t claimed = larger(0, smaller(amount_fen, room));
    taint_piece *piece = claimed == 0 ? NULL : piece_of(m, parcel, victim + 1);
    if (piece != NULL) {
        piece->face_fen += claimed;
        piece->value_fen += claimed;
        piece->certain_fen += claimed;
    }
    return claimed;
}

int64_t taint_claim(taint_method *m, taint_account *account, uint32_t victim, int64_t amount_fen) {
    if (!has_lots(m->method)) {
        return claim_share(m, &account->parcel, victim, amount_fen, account->balance_fen);
    }
    int64_t claimed = claim_lots(m, &account->parcel, victim, amount_fen, true);
    account->tainted_fen += claimed;
    return claimed;
}

bool taint_is_in(const taint_method *m, const taint_account *account) {
    return has_lots(m->method) ? account->tainted_fen > 0 : account->parcel.count > 0;
}

int64_t taint_claim_parcel(taint_method *m, taint_parcel *parcel, uint32_t victim, int64_t amount_fen,
                           int64_t total_fen) {
    return has_lots(m->method) ? claim_lots(m, parcel, victim, amount_fen, false)
                               : claim_share(m, parcel, victim, amount_fen, total_fen);
}

/* Faces are scaled cumulatively, so that a wholly tainted debit is a wholly tainted credit. */
void taint_convert(taint_method *m, taint_parcel *parcel, int64_t paid_fen, int64_t received_fen) {
    if (paid_fen == received_fen || paid_fen == 0) {
        return;
    }
    int64_t before = 0, scaled_before = 0;
    for (size_t i = 0; i < parcel->count; i++) {
        taint_piece *piece = taint_pieces(parcel) + i;
        if (m->method == SLUICE_METHOD_BOUNDS || m->method == SLUICE_METHOD_POISON) {
            continue; /* kept in the start's currency: their faces are values */
        }
        before += piece->face_fen;
        int64_t scaled = money_mul_div(received_fen, smaller(before, paid_fen), paid_fen);
        piece->face_fen = scaled - scaled_before;
        scaled_before = scaled;
    }
}
