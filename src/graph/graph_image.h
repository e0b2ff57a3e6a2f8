/* The graph as one image in a file, and back: what a snapshot holds. */
#ifndef GRAPH_GRAPH_IMAGE_H
#define GRAPH_GRAPH_IMAGE_H

#include <sluice/result.h>

#include "graph/graph.h"
#include "sys/file.h"

/* Writer thread. Writes the published state. Errors: IO, FULL, NO_MEMORY. Cost: the speed of the disk. */
SLUICE_MUST_USE sluice_result graph_image_write(const graph *g, file_writer *writer, sluice_error *error);

/* Reads into a graph that is not initialised; on an error nothing of it is left. `bytes` is what the file still has.
 * Every section is checked against its checksum. Errors: DAMAGED, NEWER, NO_MEMORY, IO. */
SLUICE_MUST_USE sluice_result graph_image_read(graph *g, file_reader *reader, uint64_t bytes, sluice_error *error);

#endif
