/* The basis of each share in words, with its numbers, so that the decision can be written from it and checked by hand.
 */
#include <stdio.h>

#include "base/money.h"
#include "base/text.h"
#include "trace/returns_private.h"

#define BASIS_BYTES 640

typedef struct amounts {
    char certain[MONEY_TEXT_BYTES], possible[MONEY_TEXT_BYTES], returned[MONEY_TEXT_BYTES], net[MONEY_TEXT_BYTES];
    char pool[MONEY_TEXT_BYTES], weight[MONEY_TEXT_BYTES], weights[MONEY_TEXT_BYTES];
} amounts;

static void amounts_format(const basis_facts *facts, amounts *a) {
    const sluice_return_share *share = facts->share;
    int64_t net = share->loss_fen > share->refunded_fen ? share->loss_fen - share->refunded_fen : 0;
    money_format(share->certain_fen, true, a->certain);
    money_format(share->possible_fen, true, a->possible);
    money_format(share->return_fen, true, a->returned);
    money_format(net, true, a->net);
    money_format(facts->pool_fen, true, a->pool);
    money_format(facts->weight_fen, true, a->weight);
    money_format(facts->weights_fen, true, a->weights);
}

static const char *copy(arena *texts, const char *text) {
    return arena_copy(texts, text, strlen(text) + 1);
}

const char *returns_basis(arena *texts, const basis_facts *facts) {
    char text[BASIS_BYTES];
    amounts a;
    amounts_format(facts, &a);
    const char *at_loss = facts->at_loss ? "; limited to the loss less refunds" : "";
    switch (facts->share->article_case) {
    case 1:
        (void)snprintf(text, sizeof text, "Art. 8 case 1, direct: the only money in the account, %s of it certain%s",
                       a.certain, at_loss);
        break;
    case 2:
        (void)snprintf(text, sizeof text,
                       "Art. 8 case 2, direct: told apart from the other credits by time, %s of it certain%s",
                       a.certain, at_loss);
        break;
    case 3:
        (void)snprintf(
            text, sizeof text,
            "Art. 8 case 3, proportion of loss: %s certain + of the pool of %s that cannot be told apart, %s of %s "
            "claimed%s%s; at most %s of it can still be his own in the account",
            a.certain, a.pool, a.weight, a.weights,
            facts->above_possible
                ? "; more than his own money that can be left, because the article divides by loss: have it reviewed"
                : "",
            at_loss, a.possible);
        break;
    default:
        (void)snprintf(
            text, sizeof text, "%s",
            facts->share->credited_fen > 0
                ? "none of it is left in this account: trace it onward to where it went"
                : "no credit of this party in this ledger: check its name, or the ledger of another account");
        break;
    }
    return copy(texts, text);
}

const char *returns_basis_zh(arena *texts, const basis_facts *facts) {
    char text[BASIS_BYTES];
    amounts a;
    amounts_format(facts, &a);
    const char *at_loss = facts->at_loss ? "；以损失减已退为限" : "";
    switch (facts->share->article_case) {
    case 1:
        (void)snprintf(text, sizeof text, "第八条第一种情形，直接返还：账户内仅此一笔资金，其中%s元可以确定%s",
                       a.certain, at_loss);
        break;
    case 2:
        (void)snprintf(text, sizeof text, "第八条第二种情形，直接返还：多笔资金可按时间戳区分，其中%s元可以确定%s",
                       a.certain, at_loss);
        break;
    case 3:
        (void)snprintf(text, sizeof text,
                       "第八条第三种情形，按损失比例返还：确定部分%s元，另在无法区分的%s元中按%s元占%s元的比例分配%s%"
                       "s；账户内至多可能有%s元",
                       a.certain, a.pool, a.weight, a.weights,
                       facts->above_possible ? "；按损失比例，虽多于其本人可能留存的资金" : "", at_loss, a.possible);
        break;
    default:
        (void)snprintf(text, sizeof text, "%s",
                       facts->share->credited_fen > 0 ? "该笔资金已不在本账户，应沿资金去向继续追查"
                                                      : "本账户流水中没有该方的入账：请核对名称，或提供其他账户的流水");
        break;
    }
    return copy(texts, text);
}
