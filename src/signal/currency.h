/* Names of currencies, as published data and banks write them. */
#ifndef SIGNAL_CURRENCY_H
#define SIGNAL_CURRENCY_H

#include <stdbool.h>

#include <sluice/signal.h>

#define CURRENCY_INVALID UINT16_MAX

/* "USD", "US Dollar", "人民币", … → the packed currency; false for an unknown name. An empty text is CNY. */
bool currency_of_name(sluice_text name, sluice_currency *currency_out);

#endif
