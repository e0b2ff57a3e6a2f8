/* The workflows as a document, drawn from the tables of acts: docs/workflows.md and docs/workflows.zh.md. */
#ifndef DESK_WORKFLOW_H
#define DESK_WORKFLOW_H

#include "base/text.h"

/* Writes all kinds that have states: a diagram, then each act with who, when and why. Any thread. */
void workflow_write(text_writer *writer, bool chinese);

#endif
