/* What is played to a victim: steps in a table (scripts.c), walked by fraud.c. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "sim/sim_private.h"

typedef enum step_kind {
    STEP_PAY_YUAN,
    STEP_PAY_WEALTH_PERCENT,  /* of what is in all accounts of the victim */
    STEP_PAY_BALANCE_PERCENT, /* of what is in the account that pays */
    STEP_PAY_PAID_PERCENT,    /* of what has been paid so far */
    STEP_REBATE_PERCENT,      /* the crew gives back, of the last payment */
    STEP_CREDIT_YUAN,         /* the crew pays in (刷流水) */
    STEP_GATHER_OWN,          /* the victim's other accounts are emptied into the one that will pay */
    STEP_GATHER_RELATIVE,     /* a relative or friend lends: percent of what that one has */
    STEP_LOAN_YUAN,           /* a lender's money comes in */
} step_kind;

typedef struct script_step {
    step_kind kind;
    int64_t low, high;                 /* yuan or percent */
    int64_t gap_low_min, gap_high_min; /* after the step before, or the start */
    uint32_t leave_percent;            /* chance that the victim stops before it */
    uint32_t skip_percent;             /* chance that this one step is left out */
} script_step;

typedef enum script_victim {
    VICTIM_ADULT,
    VICTIM_YOUNG,    /* 16 to 32 */
    VICTIM_EMPLOYER, /* a company's account; its owner or treasurer is deceived */
    VICTIM_SHOP,
} script_victim;

typedef enum script_hours {
    HOURS_AWAKE,   /* nobody pays at four in the morning */
    HOURS_OFFICE,  /* working days, 9 to 17 */
    HOURS_SITTING, /* begins between 9 and 21, and goes on until it is done */
} script_hours;

typedef enum script_payee {
    PAYEE_NEW,    /* ever new cards */
    PAYEE_STEADY, /* the same as long as it can be paid */
} script_payee;

#define SCRIPT_STEPS_MAX 12
typedef struct script {
    const char *fraud_type;
    uint32_t weight; /* statements of this type (domain.md §6); 0: chosen by hand */
    script_victim victim;
    script_hours hours;
    script_payee payee;
    int64_t wealth_min_yuan;
    int64_t duration_max_min; /* so that most of it fits in before the end */
    int64_t report_low_min, report_high_min;
    uint32_t remote_percent; /* chance that the crew itself works the victim's account, on its own phone */
    bool is_demo;
    size_t step_count;
    script_step steps[SCRIPT_STEPS_MAX];
} script;

enum { SCRIPT_LARGE, SCRIPT_DEMO, SCRIPT_COMMON /* the first that is drawn */, SCRIPT_COUNT = SCRIPT_COMMON + 14 };
extern const script sim_scripts[SCRIPT_COUNT];

#endif
